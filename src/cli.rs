//! The types of the command line; `commands` implements them.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
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
    /// Remove the files of earlier builds
    ///
    /// Removes the PDF, EPUB and print files of the declared editions, and the folder `.reliure` with what builds remember, from the output
    /// folder, and nothing else. Keeps the files of editions that no longer exist.
    Clean,
    Explain(Explain),
    Inspect(Inspect),
    Schema(Schema),
    Completions(Completions),
}

/// Create a project that builds without changes
///
/// Writes a publication of three sections that teach the format by example, the schemas with which editors complete and validate
/// TOML, and a README. Fails if the folder already contains files. Does not create a git repository.
#[derive(Args, Debug)]
pub struct New {
    /// Folder to create, relative to the current folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Title of the publication [default: derived from the name of the folder]
    #[arg(long, value_parser = title)]
    pub title: Option<String>,
    /// Language of the publication and of the explanations in it
    #[arg(long, default_value = "fr")]
    pub lang: Lang,
    /// Layout of the publication
    #[arg(long, default_value = "simple", value_parser = layouts())]
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

/// Accepts the layouts that come with the tool.
fn layouts() -> PossibleValuesParser {
    let described = reliure::built_in_layouts().into_iter();
    PossibleValuesParser::new(described.map(|(name, description)| PossibleValue::new(name).help(description)))
}

/// Write the PDF and the EPUB of each edition, and its print PDF
///
/// Checks the sources and reports all errors of a stage together. Does not write an edition with errors: the files of its last
/// successful build are kept. Does not remove files of editions that no longer exist.
#[derive(Args, Debug)]
pub struct BuildArguments {
    /// Folder names of the publications to build [default: all]
    #[arg(value_name = "PUBLICATION")]
    pub publications: Vec<String>,
    /// Build only this edition [default: all editions]
    #[arg(long, value_name = "ID")]
    pub edition: Option<String>,
    /// Build only this format; can be repeated [default: pdf and epub, with `[print]` also print, for perfect binding also cover]
    #[arg(long = "format", value_name = "FORMAT", value_parser = product_parser())]
    pub products: Vec<Product>,
    /// Folder to write to, relative to the current folder [default: "output" of reliure.toml, or "build" in the project]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Treat warnings as errors: do not write editions with warnings
    #[arg(long)]
    pub strict: bool,
    /// Also write a report of the print products: one HTML page with their pages, findings, inks, fonts and images, or the
    /// figures alone if the name ends in `.json`
    ///
    /// The page is for the editor and for the printer, in the language of the publication, and needs no other file. Print products that
    /// are up to date are made again for it.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Also build editions that are up to date: those whose sources, layout, fonts and files did not change
    #[arg(long)]
    pub force: bool,
    /// Accept unfinished texts: missing images, alternative texts and licences, dead links, skipped heading levels and unsupported
    /// tags are warnings, and the files claim no conformance
    #[arg(long, conflicts_with = "strict")]
    pub lenient: bool,
}

/// Reads the id of a product.
fn product_parser() -> impl TypedValueParser<Value = Product> {
    let values = Product::ALL.map(|product| PossibleValue::new(product.id()).help(product.help()));
    PossibleValuesParser::new(values).try_map(|id| Product::from_id(&id).ok_or("not a format"))
}

/// Check the sources without writing files
///
/// Runs every stage of a build, for all editions and formats, but writes no file. Uses the network only with --links.
#[derive(Args, Debug)]
pub struct CheckArguments {
    /// Folder names of the publications to check [default: all]
    #[arg(value_name = "PUBLICATION")]
    pub publications: Vec<String>,
    /// Check only this format; can be repeated [default: those that `build` makes]
    #[arg(long = "format", value_name = "FORMAT", value_parser = product_parser())]
    pub products: Vec<Product>,
    /// Also write a report of the print products: one HTML page with their pages, findings, inks, fonts and images, or the
    /// figures alone if the name ends in `.json`
    ///
    /// The page is for the editor and for the printer, in the language of the publication, and needs no other file.
    #[arg(long, value_name = "FILE")]
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

/// Explain the code of a diagnostic, and how to fix it
///
/// Without a code, lists all codes. Does not need a project.
#[derive(Args, Debug)]
pub struct Explain {
    /// A code such as R301
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
    /// Folder names of the publications to show [default: all]
    #[arg(value_name = "PUBLICATION")]
    pub publications: Vec<String>,
    /// Write JSON on standard output, as `reliure schema inspection` describes it
    #[arg(long)]
    pub json: bool,
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
