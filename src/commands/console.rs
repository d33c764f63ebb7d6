//! The streams of the process: results on standard output, everything else on standard error.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use reliure::report::{
    self, File, ListedFile, PageCount, PageListRecord, ProgressDisplay, ProgressLines, Record, ReportFormat, Silent, Tally,
    TerminalColour,
};
use reliure::{Artefact, LeftOut, Outcome, Progress};

use super::{shown, shown_path};
use crate::cli::{ColorWhen, Global, MessageFormat};

/// The outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It succeeded.
    Done,
    /// The sources have errors.
    Errors,
    /// The command line is invalid.
    Misused,
    /// The tool failed.
    Failed,
    /// A signal interrupted it.
    Interrupted,
}

/// The action that was applied to an artefact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAction {
    /// It was written.
    Written,
    /// It was removed.
    Removed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Done => ExitCode::SUCCESS,
            Status::Errors => ExitCode::from(1),
            Status::Misused => ExitCode::from(2),
            Status::Failed => ExitCode::from(3),
            // Shell convention for SIGINT: 128 + 2.
            Status::Interrupted => ExitCode::from(130),
        }
    }
}

/// Writes output in the format that the user chose.
pub struct Console {
    format: MessageFormat,
    quiet: bool,
    verbose: bool,
    report_format: ReportFormat,
}

impl Console {
    /// Creates a console from the arguments and the environment.
    pub fn new(global: &Global) -> Self {
        let report_format = ReportFormat { colour: colour(global.color), width: width(), all: global.verbose };
        Self { format: global.message_format, quiet: global.quiet, verbose: global.verbose, report_format }
    }

    /// Returns whether the output is JSON.
    pub fn is_json(&self) -> bool {
        self.format == MessageFormat::Json
    }

    /// Returns whether only diagnostics are written.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Returns the display for the progress of this run.
    pub fn progress(&self) -> Arc<dyn Progress> {
        match (self.quiet, self.verbose, self.is_json()) {
            (true, _, _) => Arc::new(Silent),
            (_, true, _) => Arc::new(ProgressLines::new(Box::new(io::stderr()))),
            (_, _, true) => Arc::new(Silent),
            _ if is_dumb() => Arc::new(Silent),
            _ => Arc::new(ProgressDisplay::on_terminal()),
        }
    }

    /// Writes results to standard output.
    ///
    /// # Errors
    ///
    /// Fails if standard output cannot be written to; a closed pipe is not an error.
    pub fn print(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        emit(io::stdout().lock(), write)
    }

    fn print_error(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        emit(io::stderr().lock(), write)
    }

    /// Writes the diagnostics.
    ///
    /// # Errors
    ///
    /// Fails if the stream cannot be written to.
    pub fn diagnostics(&self, outcome: &Outcome) -> io::Result<()> {
        let (sources, found) = (&outcome.sources, &outcome.diagnostics);
        match self.format {
            MessageFormat::Human => self.print_error(|out| report::diagnostics(out, self.report_format, sources, found)),
            MessageFormat::Json => self.print(|out| report::json_diagnostics(out, sources, found)),
        }
    }

    /// Writes one line per artefact.
    ///
    /// # Errors
    ///
    /// Fails if standard output cannot be written to.
    pub fn artefacts(&self, artefacts: &[Artefact], action: FileAction) -> io::Result<()> {
        let list: Vec<ListedFile> = artefacts.iter().map(listed).collect();
        match self.format {
            MessageFormat::Human if self.quiet => Ok(()),
            MessageFormat::Human => self.print(|out| report::files(out, &list)),
            MessageFormat::Json => self.print(|out| {
                artefacts.iter().zip(&list).try_for_each(|(artefact, file)| {
                    let Artefact { publication, edition, product, .. } = artefact;
                    let file = File {
                        publication,
                        edition,
                        format: product.id(),
                        path: &file.name,
                        bytes: file.bytes,
                        extent: file.extent.map(PageCount::of),
                        page_list: file.listed.as_ref().map(PageListRecord::of),
                    };
                    report::record(
                        out,
                        &match action {
                            FileAction::Written => Record::Artefact(file),
                            FileAction::Removed => Record::Removed(file),
                        },
                    )
                })
            }),
        }
    }

    /// Writes the paths of the removed files of earlier builds.
    ///
    /// # Errors
    ///
    /// Fails if standard output cannot be written to.
    pub fn removed(&self, artefacts: &[Artefact]) -> io::Result<()> {
        match self.format {
            MessageFormat::Json => self.artefacts(artefacts, FileAction::Removed),
            MessageFormat::Human if self.quiet => Ok(()),
            MessageFormat::Human => self.print(|out| {
                artefacts.iter().try_for_each(|artefact| {
                    let path = shown_path(artefact);
                    writeln!(out, "{} (removed: no longer declared)", report::visible(&path))
                })
            }),
        }
    }

    /// Lists the records that were not written, with the reasons.
    ///
    /// # Errors
    ///
    /// Fails if the stream cannot be written to.
    pub fn left_out(&self, records: &[LeftOut]) -> io::Result<()> {
        match self.format {
            MessageFormat::Human if self.quiet => Ok(()),
            MessageFormat::Human => self.print_error(|out| report::left_out(out, records)),
            MessageFormat::Json => self.print(|out| {
                records.iter().try_for_each(|left| {
                    let LeftOut { publication, edition, record, reason: why, .. } = left;
                    report::record(out, &Record::LeftOut { publication, edition, format: record.id(), why })
                })
            }),
        }
    }

    /// Writes the path of a created file.
    ///
    /// # Errors
    ///
    /// Fails if standard output cannot be written to.
    pub fn created(&self, path: &Path) -> io::Result<()> {
        let path = shown(path);
        match self.format {
            MessageFormat::Human if self.quiet => Ok(()),
            MessageFormat::Human => self.print(|out| writeln!(out, "{}", report::visible(&path))),
            MessageFormat::Json => self.print(|out| report::record(out, &Record::Created { path: &path })),
        }
    }

    /// Writes the path of a report.
    ///
    /// # Errors
    ///
    /// Fails if standard output cannot be written to.
    pub fn report(&self, path: &Path) -> io::Result<()> {
        let path = path.to_string_lossy();
        match self.format {
            MessageFormat::Human if self.quiet => Ok(()),
            MessageFormat::Human => self.print(|out| writeln!(out, "{}", report::visible(&path))),
            MessageFormat::Json => self.print(|out| report::record(out, &Record::Report { path: &path })),
        }
    }

    /// Writes a summary and returns the status. `done` describes the result, and may be empty.
    ///
    /// # Errors
    ///
    /// Fails if the stream cannot be written to.
    pub fn summary(&self, outcome: &Outcome, done: &str) -> io::Result<Status> {
        let tally = Tally::of(&outcome.diagnostics);
        let interrupted = if outcome.interrupted { "interrupted; " } else { "" };
        match self.format {
            MessageFormat::Human if self.quiet => {}
            MessageFormat::Human => {
                let parts: Vec<String> = match (done, tally.is_clean()) {
                    ("", _) => vec![tally.to_string()],
                    (done, true) => vec![done.to_owned()],
                    (done, false) => vec![tally.to_string(), done.to_owned()],
                };
                self.print_error(|out| writeln!(out, "{interrupted}{}", parts.join("; ")))?;
            }
            MessageFormat::Json => {
                let Tally { errors, warnings } = tally;
                let (interrupted, unwritten) = (outcome.interrupted, outcome.unwritten.as_slice());
                self.print(|out| report::record(out, &Record::Summary { errors, warnings, unwritten, interrupted }))?;
            }
        }
        Ok(match (outcome.failed, tally.errors) {
            _ if outcome.interrupted => Status::Interrupted,
            _ if outcome.misused => Status::Misused,
            (true, _) => Status::Failed,
            (false, 0) => Status::Done,
            (false, _) => Status::Errors,
        })
    }

    /// Writes a line of text, unless the output is quiet or JSON.
    ///
    /// # Errors
    ///
    /// Fails if standard error cannot be written to.
    pub fn note(&self, text: &str) -> io::Result<()> {
        match self.quiet || self.is_json() {
            true => Ok(()),
            false => self.print_error(|out| writeln!(out, "{text}")),
        }
    }

    /// Writes the reason why the tool failed; ignores write errors.
    pub fn failure(&self, why: &str) {
        let _ = self.print_error(|out| writeln!(out, "reliure failed: {}", report::visible(why)));
    }

    /// Writes an error of the command line in the format of clap; ignores write errors.
    pub fn misuse(&self, why: &str) {
        let _ = self.print_error(|out| writeln!(out, "error: {}", report::visible(why)));
    }
}

/// Writes to a stream. A closed pipe, as in `reliure check | head`, is not an error.
fn emit(stream: impl Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(stream);
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            // Prevents another write when the buffer is dropped.
            let _ = out.into_parts();
            Ok(())
        }
        done => done,
    }
}

/// Decides whether diagnostics are in colour; see <https://no-color.org>.
fn colour(when: ColorWhen) -> TerminalColour {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || is_dumb();
    match when {
        ColorWhen::Always => TerminalColour::Ansi,
        ColorWhen::Auto if !refused && io::stderr().is_terminal() => TerminalColour::Ansi,
        ColorWhen::Auto | ColorWhen::Never => TerminalColour::Plain,
    }
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Returns the width of the output in columns.
fn width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .filter(|columns| (40..=400).contains(columns))
        .unwrap_or(100)
}

/// Returns the displayed data of an artefact.
fn listed(artefact: &Artefact) -> ListedFile {
    let Artefact { bytes, extent, listed, .. } = artefact;
    ListedFile { name: shown_path(artefact), bytes: *bytes, extent: *extent, listed: listed.clone() }
}
