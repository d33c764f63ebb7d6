//! Text output: diagnostics with excerpts, and the list of written files.

use std::collections::BTreeMap;
use std::io::{self, Write};

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::term::termcolor::{Ansi, NoColor};
use codespan_reporting::term::{self, Config};

use super::excerpt::{Excerpts, LineIndex, SourceRange};
use super::{count, visible};
use crate::build::{Extent, LeftOut};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, Sources};
use crate::output::epub::ListedPages;
use crate::product::Product;

/// Whether to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalColour {
    /// Plain text.
    Plain,
    /// ANSI escape sequences.
    Ansi,
}

/// The format of a report.
#[derive(Clone, Copy, Debug)]
pub struct ReportFormat {
    /// Whether to use colour.
    pub colour: TerminalColour,
    /// Width of the terminal in columns. Longer source lines are shortened around the error.
    pub width: usize,
    /// Whether to write all diagnostics instead of only the first ones of each code.
    pub all: bool,
}

/// Maximum number of diagnostics shown per code.
const MAX_PER_CODE: usize = 20;

/// Maximum length of a message in characters. Messages may quote a source.
const MAX_MESSAGE_LENGTH: usize = 1000;

/// Writes diagnostics in order of location, each with an excerpt and followed by an empty line.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn diagnostics(out: &mut dyn Write, format: ReportFormat, sources: &Sources, found: &Diagnostics) -> io::Result<()> {
    let mut lines = LineIndex::new(sources);
    let mut shown: BTreeMap<Code, usize> = BTreeMap::new();
    for diagnostic in found.sorted() {
        let number = shown.entry(diagnostic.code).or_default();
        *number += 1;
        if *number > MAX_PER_CODE && !format.all {
            continue;
        }
        // Written in one call, so that the output of two processes on a terminal is not interleaved.
        out.write_all(&render(format, &mut lines, diagnostic)?)?;
    }
    for (code, number) in shown.into_iter().filter(|(_, number)| *number > MAX_PER_CODE && !format.all) {
        writeln!(out, "{} more diagnostics with the code {code} are not shown: --verbose shows all\n", number - MAX_PER_CODE)?;
    }
    Ok(())
}

fn render(format: ReportFormat, lines: &mut LineIndex<'_>, diagnostic: &Diagnostic) -> io::Result<Vec<u8>> {
    let mut places: Vec<SourceRange> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut hints: Vec<String> = diagnostic.hints.iter().map(|hint| format!("hint: {}", text(hint))).collect();
    let primary = diagnostic.span.and_then(|span| lines.place(span));
    places.extend(primary);
    words.extend(primary.map(|_| String::new()));
    for (span, word) in &diagnostic.related {
        match lines.place(*span) {
            Some(place) => {
                places.push(place);
                words.push(text(word));
            }
            None => hints.push(format!("see also: {}", text(word))),
        }
    }
    // The margin of an excerpt contains a line number, a border, and a space on each side.
    let (excerpts, marks) = Excerpts::cut(lines, &places, format.width.saturating_sub(10).max(40));
    let labels = marks.into_iter().zip(words).enumerate().map(|(number, ((file, range), word))| {
        let first = number == 0 && primary.is_some();
        let style = if first { codespan::LabelStyle::Primary } else { codespan::LabelStyle::Secondary };
        codespan::Label::new(style, file, range).with_message(word)
    });
    let severity = match diagnostic.severity() {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
    };
    let shown = codespan::Diagnostic::new(severity)
        .with_code(diagnostic.code.to_string())
        .with_message(text(&diagnostic.message))
        .with_labels(labels.collect())
        .with_notes(hints);
    emit(format.colour, &excerpts, &shown).or_else(|_| {
        let mut bare = shown.clone();
        bare.labels.clear();
        emit(format.colour, &excerpts, &bare).map_err(io::Error::other)
    })
}

fn emit(
    colour: TerminalColour,
    excerpts: &Excerpts,
    shown: &codespan::Diagnostic<usize>,
) -> Result<Vec<u8>, codespan_reporting::files::Error> {
    let config = Config::default();
    match colour {
        TerminalColour::Plain => {
            let mut out = NoColor::new(Vec::new());
            term::emit_to_write_style(&mut out, &config, excerpts, shown)?;
            Ok(out.into_inner())
        }
        TerminalColour::Ansi => {
            let mut out = Ansi::new(Vec::new());
            term::emit_to_write_style(&mut out, &config, excerpts, shown)?;
            Ok(out.into_inner())
        }
    }
}

/// Makes a message safe to print, and limits its length.
fn text(message: &str) -> String {
    let cut = message.char_indices().nth(MAX_MESSAGE_LENGTH).map_or(message.len(), |(at, _)| at);
    let (shown, rest) = message.split_at(cut);
    let lines: Vec<String> = shown.lines().map(visible).collect();
    lines.join("\n") + if rest.is_empty() { "" } else { "…" }
}

/// A file in a list of files.
#[derive(Clone, Debug, Default)]
pub struct ListedFile {
    /// Name as shown.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// The pages of a print product.
    pub extent: Option<Extent>,
    /// The page list of an EPUB.
    pub listed: Option<ListedPages>,
}

impl ListedFile {
    /// Returns the remark about its pages.
    fn remark(&self) -> Option<String> {
        self.extent.map(pages).or_else(|| self.listed.as_ref().and_then(unlisted))
    }
}

/// Writes one line per file, with its name and its size in two columns, and a remark about its pages.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn files(out: &mut dyn Write, list: &[ListedFile]) -> io::Result<()> {
    let names: Vec<String> = list.iter().map(|file| visible(&file.name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (name, file) in names.iter().zip(list) {
        let remark = file.remark().map(|remark| format!("  ({remark})")).unwrap_or_default();
        writeln!(out, "{name:width$}  {}{remark}", size(file.bytes))?;
    }
    Ok(())
}

/// Maximum number of names in a line.
const MAX_NAMES: usize = 3;

/// Lists the records that were left out: one line for each record and missing fact.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn left_out(out: &mut dyn Write, records: &[LeftOut]) -> io::Result<()> {
    let mut groups: BTreeMap<(Product, &str), Vec<&str>> = BTreeMap::new();
    for left in records {
        groups.entry((left.record, &left.reason)).or_default().push(&left.stem);
    }
    for ((record, reason), stems) in groups {
        let names: Vec<String> = stems.iter().take(MAX_NAMES).map(|stem| visible(stem)).collect();
        // The site belongs to the workspace, not to an edition, and its reason names the missing setting.
        if record == Product::Site {
            writeln!(out, "left out: {reason}")?;
            continue;
        }
        let more = stems.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(out, "left out: {} of {}{more}: {reason}", record.name(), names.join(", "))?;
    }
    Ok(())
}

/// Describes the pages of a print product: `8 pages, 3 blank before the back cover`, `12.45 mm spine for 200 pages`.
fn pages(extent: Extent) -> String {
    let Extent { pages, blanks, ends_blank, spine, .. } = extent;
    let pages = count(pages, "page");
    match (spine, blanks, ends_blank) {
        (Some(spine), ..) => format!("{}.{:02} mm spine for {pages}", spine / 100, spine % 100),
        (None, 0, _) => pages,
        (None, 1, true) => format!("{pages}, the last blank"),
        (None, blanks, true) => format!("{pages}, the last {blanks} blank"),
        (None, blanks, false) => format!("{pages}, {blanks} blank before the back cover"),
    }
}

/// Describes the pages that a page list leaves out: `page list without page 320`.
fn unlisted(listed: &ListedPages) -> Option<String> {
    let word = if listed.left_out.len() == 1 { "page" } else { "pages" };
    (!listed.left_out.is_empty()).then(|| format!("page list without {word} {}", listed.left_out.join(", ")))
}

/// Formats a size: `512 B`, `412 KiB`, `1.4 MiB`.
pub fn size(bytes: u64) -> String {
    let kib = bytes.saturating_add(512) / 1024;
    match (bytes, kib) {
        (0..1024, _) => format!("{bytes} B"),
        (_, 0..1024) => format!("{kib} KiB"),
        _ => {
            let tenths = bytes.saturating_mul(10).saturating_add(1 << 19) >> 20;
            format!("{}.{} MiB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::PrintedInks;
    use crate::diagnostic::{SourceId, Span, code};

    const PLAIN: ReportFormat = ReportFormat { colour: TerminalColour::Plain, width: 100, all: false };

    fn rendered(sources: &Sources, diagnostic: Diagnostic) -> String {
        let mut out = Vec::new();
        diagnostics(&mut out, PLAIN, sources, &diagnostic.into()).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn source(text: &str) -> (Sources, SourceId) {
        let mut sources = Sources::default();
        let id = sources.add("sources/reve/a.md", text);
        (sources, id)
    }

    #[test]
    fn shows_location_related_locations_and_hints() {
        let (mut sources, id) = source("+++\ntitle = \"x\"\n+++\n\nVoir [là](#prefase) et [ici](#y).\n");
        let other = sources.add("sources/reve/b.md", "## Préface {#preface}\n");
        let error = Diagnostic::new(code::DEAD_LINK, "no section is named \"prefase\"")
            .at(Span::new(id, 27..40))
            .related(Span::new(other, 0..22), "the nearest name is here")
            .hint("did you mean \"preface\"?");
        let expected = "\
error[R301]: no section is named \"prefase\"
  ┌─ sources/reve/a.md:5:7
  │
5 │ Voir [là](#prefase) et [ici](#y).
  │       ^^^^^^^^^^^^
  │
  ┌─ sources/reve/b.md:1:1
  │
1 │ ## Préface {#preface}
  │ --------------------- the nearest name is here
  │
  = hint: did you mean \"preface\"?

";
        assert_eq!(rendered(&sources, error), expected);
    }

    #[test]
    fn limits_the_diagnostics_of_each_code() {
        let (sources, id) = source(&"x\n".repeat(50));
        let found: Diagnostics =
            (0..50).map(|line| Diagnostic::new(code::UNCALLED_NOTE, "lost").at(Span::new(id, line * 2..line * 2 + 1))).collect();
        let written = |format: ReportFormat| {
            let mut out = Vec::new();
            diagnostics(&mut out, format, &sources, &found).unwrap();
            String::from_utf8(out).unwrap()
        };
        let short = written(PLAIN);
        assert_eq!(short.matches("warning[R212]").count(), 20);
        assert!(short.ends_with("\n30 more diagnostics with the code R212 are not shown: --verbose shows all\n\n"), "{short}");
        assert_eq!(written(ReportFormat { all: true, ..PLAIN }).matches("warning[R212]").count(), 50);
    }

    #[test]
    fn shows_diagnostics_without_a_location() {
        let error = Diagnostic::new(code::UNLISTED_FILE, "no publication was found").hint("add sources/<name>/publication.toml");
        let expected = "warning[R109]: no publication was found\n = hint: add sources/<name>/publication.toml\n\n";
        assert_eq!(rendered(&Sources::default(), error), expected);
    }

    #[test]
    fn distant_lines_keep_their_numbers() {
        let (sources, id) = source("a = 1\n\n\n\n\n\n\n\n\n\n\na = 2\n");
        let error = Diagnostic::new(code::DUPLICATE, "the key \"a\" is given twice")
            .at(Span::new(id, 16..17))
            .related(Span::new(id, 0..1), "given here first");
        let expected = "\
error[R107]: the key \"a\" is given twice
   ┌─ sources/reve/a.md:12:1
   │
 1 │ a = 1
   │ - given here first
   ·
12 │ a = 2
   │ ^

";
        assert_eq!(rendered(&sources, error), expected);
    }

    #[test]
    fn shows_a_single_line_between_shown_lines() {
        let (sources, id) = source("un\ndeux\ntrois\n");
        let error = Diagnostic::new(code::DUPLICATE, "twice").at(Span::new(id, 8..13)).related(Span::new(id, 0..2), "first");
        let shown = rendered(&sources, error);
        assert!(shown.contains("1 │ un\n") && shown.contains("2 │ deux\n") && shown.contains("3 │ trois\n"), "{shown}");
    }

    #[test]
    fn shortens_long_lines_around_the_error() {
        let text = format!("{} [là](#x) {}", "é".repeat(500), "ù".repeat(5_000_000));
        let (sources, id) = source(&text);
        let shown = rendered(&sources, Diagnostic::new(code::DEAD_LINK, "dead").at(Span::new(id, 1001..1010)));
        let expected = format!(
            "error[R301]: dead\n  ┌─ sources/reve/a.md:1:502\n  │\n1 │ …{} [là](#x) {}…\n  │ {}^^^^^^^^\n\n",
            "é".repeat(35),
            "ù".repeat(45),
            " ".repeat(37),
        );
        assert_eq!(shown, expected);
        let paragraph = rendered(&sources, Diagnostic::new(code::NESTING, "deep").at(Span::new(id, 0..text.len())));
        assert!(paragraph.len() < 1000, "{}", paragraph.len());
    }

    #[test]
    fn shows_two_distant_errors_on_a_long_line() {
        let text = format!("#a{}#a", "x".repeat(10_000));
        let (sources, id) = source(&text);
        let error =
            Diagnostic::new(code::DUPLICATE_ID, "twice").at(Span::new(id, 10_002..10_004)).related(Span::new(id, 0..2), "first");
        let shown = rendered(&sources, error);
        assert!(
            shown.contains("a.md:1:10003") && shown.contains("1 │ #axxx") && shown.contains("x…x") && shown.contains("x#a\n"),
            "{shown}"
        );
        assert!(shown.len() < 1000);
    }

    #[test]
    fn clamps_invalid_spans() {
        for text in ["", "é", "a\n", "a\r\nœ", "\n\n", "ab\u{202e}\u{1b}[2J\u{301}\n日本"] {
            let (sources, id) = source(text);
            for start in 0..12 {
                for end in 0..12 {
                    let error = Diagnostic::new(code::TYPST, "x").at(Span { source: id, start, end });
                    let error = error.related(Span { source: id, start: end, end: start }, "y");
                    let shown = rendered(&sources, error);
                    assert!(shown.contains("a.md:") && !shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
                }
            }
        }
        let (_, foreign) = source("x");
        let shown = rendered(&Sources::default(), Diagnostic::new(code::TYPST, "x").at(Span::new(foreign, 0..1)));
        assert_eq!(shown, "error[R502]: x\n\n");
    }

    #[test]
    fn replaces_hidden_characters_above_the_carets() {
        let (sources, id) = source("ab\u{202e}cd\r\nx");
        let shown = rendered(&sources, Diagnostic::new(code::CHARACTER, "bad \u{1b}[2J").at(Span::new(id, 2..5)));
        let expected = "\
error[R207]: bad <U+001B>[2J
  ┌─ sources/reve/a.md:1:3
  │
1 │ ab<U+202E>cd
  │   ^^^^^^^^

";
        assert_eq!(shown, expected);
    }

    #[test]
    fn marks_only_the_first_line_of_a_block() {
        let (sources, id) = source("::: note\na\nb\n:::\n");
        let shown = rendered(&sources, Diagnostic::new(code::CONTAINER, "x").at(Span::new(id, 0..16)));
        assert!(shown.ends_with("1 │ ::: note\n  │ ^^^^^^^^\n\n"), "{shown}");
    }

    #[test]
    fn uses_colour_if_requested() {
        let (sources, id) = source("abc");
        let mut out = Vec::new();
        let found = Diagnostic::new(code::FILE, "x").at(Span::new(id, 0..1)).into();
        diagnostics(&mut out, ReportFormat { colour: TerminalColour::Ansi, width: 80, all: false }, &sources, &found).unwrap();
        assert!(out.contains(&0x1b));
    }

    #[test]
    fn formats_sizes() {
        let sizes = [0, 1023, 1024, 421_888, 1_048_063, 1_048_064, 1_500_000, u64::MAX].map(size);
        assert_eq!(sizes[..7], ["0 B", "1023 B", "1 KiB", "412 KiB", "1023 KiB", "1.0 MiB", "1.4 MiB"]);
    }

    #[test]
    fn writes_files_in_columns() {
        let mut out = Vec::new();
        let pdf = ListedFile { name: "build/réve.pdf".into(), bytes: 421_888, ..ListedFile::default() };
        let listed = ListedPages { listed: 7, shared: vec!["2".into()], left_out: vec!["8".into(), "9".into()] };
        let epub = ListedFile { name: "build/reve-2.epub".into(), bytes: 9, extent: None, listed: Some(listed) };
        files(&mut out, &[pdf, epub]).unwrap();
        let expected = "build/réve.pdf     412 KiB\nbuild/reve-2.epub  9 B  (page list without pages 8, 9)\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn shows_blank_pages_and_the_spine() {
        let interior =
            |blanks, ends_blank| pages(Extent { pages: 8, blanks, ends_blank, spine: None, inks: PrintedInks::default() });
        let shown = [interior(0, true), interior(1, true), interior(3, false)];
        assert_eq!(shown, ["8 pages", "8 pages, the last blank", "8 pages, 3 blank before the back cover"]);
        assert_eq!(
            pages(Extent { pages: 200, blanks: 0, ends_blank: false, spine: Some(1205), inks: PrintedInks::default() }),
            "12.05 mm spine for 200 pages"
        );
    }
}
