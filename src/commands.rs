//! The commands: each calls the library and passes the result to the console.

mod console;
mod new;
mod release;

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::CommandFactory;
use reliure::diagnostic::Strictness;
use reliure::manifest::ROLES;
use reliure::report::{self, Record, count};
use reliure::schema::SCHEMAS;
use reliure::{Artefact, CheckOptions, Interrupt, Outcome, Product, Rebuild, Reporting, Request};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::cli::{BuildArguments, CheckArguments, Cli, Command, Explain, Formats, Inspect, Licences, Schema};
use console::{Console, FileAction, Status};

/// Runs a command and returns its exit code.
pub fn run(arguments: &Cli) -> ExitCode {
    let console = Console::new(&arguments.global);
    let root = || arguments.global.root.clone().unwrap_or_else(nearest_root);
    // A panic is a defect of the tool: exit with code 3 instead of 101.
    let done = panic::catch_unwind(AssertUnwindSafe(|| match &arguments.command {
        Command::New(options) => new::run(&console, arguments.global.root.as_deref(), options),
        Command::Build(options) => build(&console, root(), options),
        Command::Check(options) => check(&console, root(), options),
        Command::Release(options) => release::release(&console, root(), options),
        Command::Verify(options) => release::verify(&console, options),
        Command::Changes(options) => release::changes(&console, options),
        Command::Clean => clean(&console, root()),
        Command::Explain(options) => explain(&console, options),
        Command::Inspect(options) => inspect(&console, root(), options),
        Command::Licences(options) => licences(&console, options),
        Command::Schema(options) => schema(&console, options),
        Command::Completions(options) => completions(&console, options.shell),
    }));
    match done {
        Ok(Ok(status)) => status.into(),
        Ok(Err(error)) => {
            console.failure(&error.to_string());
            Status::Failed.into()
        }
        Err(_) => {
            console.failure("this is a defect of reliure: please report it with the sources that cause it");
            Status::Failed.into()
        }
    }
}

/// Returns the nearest parent folder that is a project, or the current folder.
fn nearest_root() -> PathBuf {
    let here = current_folder();
    let is_project = |folder: &&Path| folder.join("reliure.toml").is_file() || folder.join("sources").is_dir();
    here.ancestors().find(is_project).unwrap_or(&here).to_path_buf()
}

fn current_folder() -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
}

/// Returns a request for all publications of a project, with the default options.
fn default_request(root: PathBuf) -> Request {
    Request { root, ..Request::default() }
}

fn build(console: &Console, root: PathBuf, options: &BuildArguments) -> io::Result<Status> {
    let wanted = products(&options.formats);
    if wanted.contains(&Product::Site) && (!options.publications.is_empty() || options.edition.is_some()) {
        console.misuse("the site describes every edition of every publication: build it without PUBLICATION and --edition");
        return Ok(Status::Misused);
    }
    let request = Request {
        publications: reliure::publication_names(&root, &current_folder(), &options.publications),
        edition: options.edition.clone(),
        products: wanted,
        output: options.output.as_ref().map(|folder| current_folder().join(folder)),
        strictness: strictness(options.lenient),
        deny_warnings: options.strict,
        rebuild: if options.force { Rebuild::All } else { Rebuild::Stale },
        reporting: reporting(options.report.as_deref()),
        interrupt: interrupt_on_signals()?,
        ..default_request(root)
    };
    let outcome = reliure::build(&request, console.progress());
    console.diagnostics(&outcome)?;
    console.artefacts(&outcome.artefacts, FileAction::Written)?;
    console.left_out(&outcome.left_out)?;
    console.removed(&outcome.removed)?;
    if let Some(path) = &options.report
        && !print_report(console, path, &outcome)?
    {
        return Ok(Status::Misused);
    }
    let written = match (outcome.artefacts.len(), outcome.current) {
        (0, current) if current > 0 && outcome.unwritten.is_empty() => {
            format!("nothing to do: {} up to date", count(current, "file"))
        }
        (written, 0) => format!("{} written", count(written, "file")),
        (written, current) => format!("{} written, {current} up to date", count(written, "file")),
    };
    let claims = if options.lenient { ", which claim no conformance" } else { "" };
    console.summary(&outcome, &format!("{written}{claims}{}{}", without_cover(&outcome), unwritten(&outcome)))
}

fn products(formats: &[Formats]) -> Vec<Product> {
    formats.iter().flat_map(|formats| &formats.0).copied().collect()
}

fn strictness(lenient: bool) -> Strictness {
    if lenient { Strictness::Lenient } else { Strictness::Full }
}

/// Maximum number of names in the summary.
const MAX_NAMES: usize = 20;

/// Lists the editions and publications that were not written because of errors.
fn unwritten(outcome: &Outcome) -> String {
    let names = &outcome.unwritten;
    match names.as_slice() {
        [] => String::new(),
        names if names.len() <= MAX_NAMES => format!("; not written: {}", names.join(", ")),
        names => format!("; not written: {} and {} more", names[..MAX_NAMES].join(", "), names.len() - MAX_NAMES),
    }
}

/// Returns an interrupt that Ctrl-C and SIGTERM raise. A second signal ends the process at once.
fn interrupt_on_signals() -> io::Result<Interrupt> {
    let interrupt = Interrupt::default();
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_default(signal, interrupt.flag())?;
        flag::register(signal, interrupt.flag())?;
    }
    Ok(interrupt)
}

fn check(console: &Console, root: PathBuf, options: &CheckArguments) -> io::Result<Status> {
    let request = Request {
        publications: reliure::publication_names(&root, &current_folder(), &options.publications),
        products: products(&options.formats),
        strictness: strictness(options.lenient),
        deny_warnings: options.strict,
        reporting: reporting(options.report.as_deref()),
        interrupt: interrupt_on_signals()?,
        ..default_request(root)
    };
    let what = CheckOptions { links: options.links, typography: options.typography_report };
    let outcome = reliure::check(&request, what, console.progress());
    console.diagnostics(&outcome)?;
    if options.typography_report {
        console.print(|out| report::typography(out, &outcome.sources, &outcome.typography, console.is_json()))?;
    }
    if let Some(path) = &options.report
        && !print_report(console, path, &outcome)?
    {
        return Ok(Status::Misused);
    }
    console.summary(&outcome, without_cover(&outcome).trim_start_matches("; "))
}

/// Describes the number of publications without a cover sheet, if covers of the whole workspace were requested.
fn without_cover(outcome: &Outcome) -> String {
    match outcome.without_cover {
        0 => String::new(),
        1 => "; 1 publication has no cover sheet: its binding is not \"perfect\"".to_owned(),
        more => format!("; {more} publications have no cover sheet: their binding is not \"perfect\""),
    }
}

/// Returns the data to collect for the report of print products at `path`. A report in JSON needs no pictures.
fn reporting(path: Option<&Path>) -> Reporting {
    match path {
        None => Reporting::None,
        Some(path) if report::is_figures(path) => Reporting::Figures,
        Some(_) => Reporting::Pictures,
    }
}

/// Writes the report of print products. Returns false if there are none and no error explains it.
fn print_report(console: &Console, path: &Path, outcome: &Outcome) -> io::Result<bool> {
    if outcome.sheets.is_empty() {
        let explained =
            outcome.failed || outcome.interrupted || !outcome.unwritten.is_empty() || outcome.diagnostics.has_errors();
        if !explained {
            console.misuse("there is no print product to report: use --format print, or add [print] to publication.toml");
        }
        return Ok(explained);
    }
    report::write_preflight(&current_folder().join(path), &outcome.sheets, &outcome.sources)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    console.report(path)?;
    Ok(true)
}

fn clean(console: &Console, root: PathBuf) -> io::Result<Status> {
    let outcome = reliure::clean(&default_request(root));
    console.diagnostics(&outcome)?;
    console.artefacts(&outcome.artefacts, FileAction::Removed)?;
    let removed = match outcome.artefacts.as_slice() {
        [] => "nothing to remove".to_owned(),
        list => format!("{} removed", count(list.len(), "file")),
    };
    console.summary(&outcome, &removed)
}

fn inspect(console: &Console, root: PathBuf, options: &Inspect) -> io::Result<Status> {
    let request = Request {
        publications: reliure::publication_names(&root, &current_folder(), &options.publications),
        ..default_request(root)
    };
    let (outcome, inspection) = reliure::inspect(&request, console.progress());
    console.diagnostics(&outcome)?;
    console.print(|out| match (console.is_json(), options.json) {
        (true, _) => report::record(out, &Record::Inspection { value: &inspection }),
        (false, true) => writeln!(out, "{}", serde_json::to_string_pretty(&inspection)?),
        (false, false) => report::outline(out, &inspection),
    })?;
    console.summary(&outcome, "")
}

fn explain(console: &Console, options: &Explain) -> io::Result<Status> {
    let all = reliure::check::meanings();
    if let Some(list) = options.code.as_deref().and_then(names) {
        console.print(|out| list.iter().try_for_each(|name| writeln!(out, "{name}")))?;
        return Ok(Status::Done);
    }
    let Some(code) = &options.code else {
        console.print(|out| match options.markdown {
            true => report::reference(out, &all),
            false => report::codes(out, &all, console.is_json()),
        })?;
        return Ok(Status::Done);
    };
    match reliure::check::meaning(code) {
        Some(meaning) => {
            console.print(|out| report::explanation(out, &meaning, console.is_json()))?;
            Ok(Status::Done)
        }
        None => {
            console.misuse(&format!("no diagnostic has the code \"{code}\"; `reliure explain` lists all codes, `reliure explain roles` the roles of credits"));
            Ok(Status::Misused)
        }
    }
}

/// Returns the lines that `reliure explain` prints for the list `roles` or `containers`.
fn names(list: &str) -> Option<Vec<String>> {
    match list {
        "roles" => {
            Some(ROLES.iter().map(|role| format!("{:28}{:5}{} / {}", role.name, role.marc, role.fr[0], role.en[0])).collect())
        }
        "containers" => Some(reliure::container_names().map(|name| format!("::: {name}")).collect()),
        _ => None,
    }
}

fn licences(console: &Console, options: &Licences) -> io::Result<Status> {
    let list = reliure::third_party::third_party();
    console.print(|out| match options {
        _ if console.is_json() => report::record(out, &Record::Licences { value: &list }),
        Licences { json: true, .. } => writeln!(out, "{}", serde_json::to_string_pretty(&list)?),
        Licences { texts: true, .. } => report::licence_texts(out, &list),
        Licences { markdown: true, .. } => report::licence_page(out, &list),
        Licences { .. } => report::licences(out, &list),
    })?;
    Ok(Status::Done)
}

fn schema(console: &Console, options: &Schema) -> io::Result<Status> {
    if let Some(folder) = &options.all {
        for path in reliure::schema::write_all(folder)? {
            console.created(&path)?;
        }
        return Ok(Status::Done);
    }
    match &options.name {
        Some(name) => {
            let found = SCHEMAS.iter().find(|schema| schema.name == name);
            console.print(|out| out.write_all(found.map(|schema| schema.json()).unwrap_or_default().as_bytes()))?;
        }
        None => console.print(|out| {
            SCHEMAS.iter().try_for_each(|schema| match console.is_json() {
                true => report::record(out, &Record::Schema { name: schema.name, file: schema.file }),
                false => writeln!(out, "{:14}{}", schema.name, schema.file),
            })
        })?,
    }
    Ok(Status::Done)
}

fn completions(console: &Console, shell: clap_complete::Shell) -> io::Result<Status> {
    // Written to memory first, because the generator panics on a closed pipe.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "reliure", &mut script);
    console.print(|out| out.write_all(&script))?;
    Ok(Status::Done)
}

/// Formats the path of an artefact.
fn shown_path(artefact: &Artefact) -> String {
    shown(&artefact.path)
}

/// Formats a path, relative to the current folder if it is inside it.
fn shown(path: &Path) -> String {
    let here = current_folder();
    path.strip_prefix(&here).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
