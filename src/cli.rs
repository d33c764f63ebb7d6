//! The types of the command line; `commands` implements them.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use reliure::Product;
use reliure::schema::SCHEMAS;

const EXIT_CODES: &str = "\
Exit codes:
  0  success
  1  the sources have errors; nothing is written for the editions concerned
  2  wrong usage of the command line
  3  the tool itself failed
  130  interrupted by Ctrl-C or SIGTERM; finished editions are written";

/// Builds accessible PDFs and EPUBs from TOML and Markdown.
///
/// Reads the sources of a project and writes to its output folder. Never changes the sources, and uses the network only for `check --links`.
#[derive(Debug, Parser)]
#[command(name = "reliure", version, after_help = EXIT_CODES, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Folder of the project [default: the nearest parent folder with reliure.toml or a folder "sources"]
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Format of diagnostics and results: text, or one JSON object per line on standard output
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub message_format: MessageFormat,
    /// Write only diagnostics: no progress, no list of files, no summary
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Write each step as it starts, instead of a progress bar, and all diagnostics of each code
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// When to use colour; "auto" uses it on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
}

/// Format of diagnostics and results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// Text
    Human,
    /// One JSON object per line
    Json,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal only
    Auto,
    /// Always, also in a pipe or a file
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    New(New),
    Build(BuildArguments),
    Check(CheckArguments),
    Release(ReleaseArguments),
    Verify(Verify),
    Changes(ChangesArguments),
    /// Remove the files of earlier builds
    ///
    /// Removes from the output folder the PDF, EPUB and print files of the declared editions and the records of builds (`.reliure`), and
    /// the temporary files of interrupted processes there and in the folder of releases. Keeps releases, and the files of editions that
    /// no longer exist.
    Clean,
    Explain(Explain),
    Inspect(Inspect),
    Licences(Licences),
    Schema(Schema),
    Completions(Completions),
}

/// Create a project, or a publication in a project
///
/// Writes a publication of three sections that teach the format by example, the schemas with which editors complete and validate
/// TOML, and a README. In a project, adds only a publication, with a UUID of its own. The result builds without
/// changes. Fails if the folder already contains files. Does not create a git repository.
#[derive(Args, Debug)]
pub struct New {
    /// Folder to create, relative to the current folder; in a project, a name without a path is created in its folder of sources
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// In a project: folder name of the series of the publication; a missing series is created
    #[arg(long, value_name = "ID")]
    pub series: Option<String>,
    /// Title of the publication [default: derived from the name of the folder]
    #[arg(long, value_parser = title)]
    pub title: Option<String>,
    /// Language of the publication and of the explanations in it
    #[arg(long, default_value = "fr")]
    pub lang: Lang,
    /// Layout of the publication: "simple", "etude", "bulletin", "brochure" or one of the project
    #[arg(long, value_name = "NAME", default_value = "simple")]
    pub layout: String,
}

/// A language of publications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// French
    Fr,
    /// English
    En,
}

/// Write the PDF and the EPUB of each edition, and its print PDF
///
/// Checks the sources and reports all errors of a stage together. Does not write an edition with errors: the files of its last
/// successful build are kept. If a format or a record is no longer declared, removes the files of earlier builds, but keeps the files of
/// editions that no longer exist.
#[derive(Args, Debug)]
pub struct BuildArguments {
    /// Publications to build: names or paths of their folders, or the folder of a series [default: all]
    #[arg(value_name = "PUBLICATION")]
    pub publications: Vec<String>,
    /// Build only this edition [default: all editions]
    #[arg(long, value_name = "ID")]
    pub edition: Option<String>,
    /// Build only this format; can be repeated [default: pdf and epub; print with `[print]`; cover with perfect binding; and the
    /// records listed under `records` in TOML]
    #[arg(long = "format", value_name = "FORMAT", value_parser = format_parser())]
    pub formats: Vec<Formats>,
    /// Folder to write to, relative to the current folder [default: "output" of reliure.toml, or "build" in the project]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Treat warnings as errors: do not write editions with warnings
    #[arg(long)]
    pub strict: bool,
    /// Also write a report of the print products: one HTML page with their pages, findings, inks, fonts and images if the name ends in
    /// `.html`, or the data without pictures if it ends in `.json`
    ///
    /// The page is for the editor and for the printer, in the language of the publication, and needs no other file. Print products that
    /// are up to date are made again for it.
    #[arg(long, value_name = "FILE", value_parser = report_parser())]
    pub report: Option<PathBuf>,
    /// Also build editions that are up to date: those whose sources, layout, fonts and files did not change
    #[arg(long)]
    pub force: bool,
    /// Accept unfinished texts: missing images, alternative texts and licences, dead links, skipped heading levels and unsupported
    /// tags are warnings, and the files claim no conformance
    #[arg(long, conflicts_with = "strict")]
    pub lenient: bool,
}

/// A format, or all records.
#[derive(Clone, Debug)]
pub struct Formats(pub Vec<Product>);

/// Value of `--format` that selects all records.
const RECORDS: &str = "records";

/// Returns the parser of `--format`, which accepts the id of a product or `records`.
fn format_parser() -> impl TypedValueParser<Value = Formats> {
    let products = Product::ALL.map(|product| PossibleValue::new(product.id()).help(product.help()));
    let records = PossibleValue::new(RECORDS).help("All records: onix, cff, bibtex, ris, datacite and json-ld");
    PossibleValuesParser::new(products.into_iter().chain([records])).try_map(|id| match id.as_str() {
        RECORDS => Ok(Formats(Product::RECORDS.to_vec())),
        id => Product::from_id(id).map(|product| Formats(vec![product])).ok_or("not a format"),
    })
}

/// Returns the parser of `--report`, which accepts files with the extension `.html` or `.json` in upper or lower case.
fn report_parser() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        let is = |wanted: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted));
        match is("html") || is("json") {
            true => Ok(path),
            false => Err("the name must end in .html, for a page, or in .json, for the figures alone"),
        }
    })
}

/// Check the sources without writing files
///
/// Runs every stage of a build, for all editions and formats, but writes no file. Uses the network only with --links.
#[derive(Args, Debug)]
pub struct CheckArguments {
    /// Publications to check: names or paths of their folders, or the folder of a series [default: all]
    #[arg(value_name = "PUBLICATION")]
    pub publications: Vec<String>,
    /// Check only this format; can be repeated [default: those that `build` makes]
    #[arg(long = "format", value_name = "FORMAT", value_parser = format_parser())]
    pub formats: Vec<Formats>,
    /// Also write a report of the print products: one HTML page with their pages, findings, inks, fonts and images if the name ends in
    /// `.html`, or the data without pictures if it ends in `.json`
    ///
    /// The page is for the editor and for the printer, in the language of the publication, and needs no other file.
    #[arg(long, value_name = "FILE", value_parser = report_parser())]
    pub report: Option<PathBuf>,
    /// Also list the changes of micro-typography, with the rule of each change; the sources are not changed
    #[arg(long)]
    pub typography_report: bool,
    /// Also request external addresses to find dead links
    ///
    /// Requests each address once, from four sites concurrently and with one request at a time for each site, and follows redirects.
    /// The user agent names reliure; no other data is sent. A page that does not exist is an error; a page that has moved or requires
    /// authentication is a warning. Skips mail addresses and editions with errors. Ignores the content of the pages.
    #[arg(long)]
    pub links: bool,
    /// Treat warnings as errors: exit with code 1 if there are any
    #[arg(long)]
    pub strict: bool,
    /// Accept unfinished texts: missing images, alternative texts and licences, dead links, skipped heading levels and unsupported
    /// tags are warnings
    #[arg(long, conflicts_with = "strict")]
    pub lenient: bool,
}

/// Archive editions with checksums, a manifest and a report
///
/// Builds all products of each edition again; an error or a warning stops the release. Writes a folder for each edition,
/// `build/releases/PUBLICATION/EDITION`, with the products, pictures of the pages, checksums, a manifest, a report and the changes since the
/// previous release. Never changes an existing release. Writes the folder in one step: an interrupted release leaves no partial folder.
#[derive(Args, Debug)]
pub struct ReleaseArguments {
    /// Publications to release: names or paths of their folders, or the folder of a series [default: all]
    #[arg(value_name = "PUBLICATION")]
    pub publications: Vec<String>,
    /// Release only this edition [default: all editions that have no release]
    #[arg(long, value_name = "ID")]
    pub edition: Option<String>,
    /// Release although there are findings with this code; needs --reason, and can be repeated together with it
    #[arg(long, value_name = "CODE", requires = "reason")]
    pub allow: Vec<String>,
    /// The reason for the preceding --allow; published with the release
    #[arg(long, value_name = "TEXT", requires = "allow")]
    pub reason: Vec<String>,
    /// Replace existing releases; each old one is kept beside the new one as EDITION.replaced-1
    #[arg(long)]
    pub replace: bool,
    /// Sign the checksums with this minisign secret key; its password is read from RELIURE_SIGN_PASSWORD
    ///
    /// The signature is the only file of a release that differs from run to run, because minisign adds random bytes to it. The time in its
    /// comment is the date of the edition.
    #[arg(long, value_name = "KEY")]
    pub sign: Option<PathBuf>,
}

/// Verify a release, and rebuild it from its sources
///
/// Verifies the checksum of each file. With --sources, compares the sources with those of the release, builds the edition again with the same
/// build of the tool, and compares all bytes. Names the first file, page or chapter that differs. Changes no file.
#[derive(Args, Debug)]
pub struct Verify {
    /// Folder of the release
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Root folder of the project that the release was made from
    #[arg(long, value_name = "ROOT")]
    pub sources: Option<PathBuf>,
    /// minisign public key with which the signature of the checksums is verified
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

/// List the changes between two releases
///
/// Compares texts by section and block, links, credits, rights, resources and the pictures of the pages. Writes Markdown, in the language
/// of the publication. Does not need the sources.
#[derive(Args, Debug)]
pub struct ChangesArguments {
    /// Folder of the earlier release
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// Folder of the later release
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Write JSON on standard output, as `reliure schema changes` describes it
    #[arg(long)]
    pub json: bool,
}

/// Explain a diagnostic code and its fix
///
/// Without a code, lists all codes. Does not need a project.
#[derive(Args, Debug)]
pub struct Explain {
    /// A code such as R301; "roles" lists the roles of credits, "containers" the containers
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
    /// Write the reference page of all codes as Markdown
    #[arg(long, conflicts_with = "code")]
    pub markdown: bool,
}

/// Describe publications, editions and sections
///
/// Resolves the sources and lays out the pages to count them. Omits editions with errors. Writes no file.
#[derive(Args, Debug)]
pub struct Inspect {
    /// Publications to show: names or paths of their folders, or the folder of a series [default: all]
    #[arg(value_name = "PUBLICATION")]
    pub publications: Vec<String>,
    /// Write JSON on standard output, as `reliure schema inspection` describes it
    #[arg(long)]
    pub json: bool,
}

/// List third-party material: crates, fonts, colour profiles and data, with their licences
///
/// Lists the material in PDF, EPUB and print files first, then the material in the executable. Does not need a project.
#[derive(Args, Debug)]
pub struct Licences {
    /// Also print the texts of the licences, which must be distributed with the material
    #[arg(long)]
    pub texts: bool,
    /// Print everything as JSON, with the texts, as `reliure schema third-party` describes it
    #[arg(long, conflicts_with = "texts")]
    pub json: bool,
    /// Write the page THIRD-PARTY.md of the repository
    #[arg(long, conflicts_with_all = ["texts", "json"])]
    pub markdown: bool,
}

/// Print the JSON Schema of a file format
///
/// Editors use schemas to complete and validate TOML files. Without a name, lists the schemas. Does not need a project.
#[derive(Args, Debug)]
pub struct Schema {
    /// Name of the schema to print
    #[arg(value_parser = PossibleValuesParser::new(SCHEMAS.iter().map(|schema| schema.name)))]
    pub name: Option<String>,
    /// Write every schema to this folder as NAME.schema.json, replacing existing files
    #[arg(long, value_name = "DIR", conflicts_with = "name")]
    pub all: Option<PathBuf>,
}

/// Print a completion script for a shell
///
/// Does not install it: save the script where your shell looks for completions.
#[derive(Args, Debug)]
pub struct Completions {
    /// Shell to complete commands in
    pub shell: Shell,
}

/// Rejects titles that cannot be printed.
fn title(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("the title is empty"),
        text if text.contains(char::is_control) => Err("the title contains control characters or line ends"),
        text => Ok(text.to_owned()),
    }
}
