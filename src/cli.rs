//! The command line: types only. What each command does is in `commands`.

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
  130  interrupted by Ctrl-C or SIGTERM; what was finished is written";

/// Turns TOML and Markdown into accessible editions: a PDF and an EPUB of the same text.
///
/// Reads the sources of a project and writes to its output folder. Never changes the sources, and never uses the network, except for `check --links`.
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
    /// Folder of the project [default: the nearest one upwards that holds reliure.toml or a folder "sources"]
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// How diagnostics and results are written: for people, or as one JSON object per line on standard output
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub message_format: MessageFormat,
    /// Write diagnostics only: no progress, no list of files, no summary
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Write each step as it starts, in place of the progress bar, and every diagnostic, however many of a kind
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// When to write in colour; "auto" is on a terminal only, and honours NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
}

/// How diagnostics and results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// For people
    Human,
    /// One JSON object per line
    Json,
}

/// When to write in colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal only
    Auto,
    /// Also in a pipe or a file
    Always,
    /// Not at all
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    New(New),
    Build(Build),
    Check(Check),
    /// Remove what earlier builds wrote
    ///
    /// Removes the PDF and EPUB files of the declared editions from the output folder, and nothing else: files of editions that no
    /// longer exist stay.
    Clean,
    Explain(Explain),
    Inspect(Inspect),
    Schema(Schema),
    Completions(Completions),
}

/// Start a project that builds at once
///
/// Writes a publication of three sections that teach the format by example, the schema files that let an editor complete and check
/// the TOML, and a page on how to go on. Refuses a folder that holds files already. Does not start a git repository.
#[derive(Args, Debug)]
pub struct New {
    /// Folder to create, from the current folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Title of the publication [default: made from the name of the folder]
    #[arg(long, value_parser = title)]
    pub title: Option<String>,
    /// Language of the publication and of its explanations
    #[arg(long, default_value = "fr")]
    pub lang: Lang,
    /// Layout of the publication
    #[arg(long, default_value = "simple", value_parser = layouts())]
    pub layout: String,
}

/// A language that the tool has words for.
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

/// Write the PDF and the EPUB of each edition
///
/// Checks everything first and shows all errors together. An edition with errors is not written: its last good files stay in place.
/// Does not remove files of editions that no longer exist.
#[derive(Args, Debug)]
pub struct Build {
    /// Folder names of the publications to build [default: all]
    #[arg(value_name = "PUBLICATION")]
    pub publications: Vec<String>,
    /// Build this edition only [default: all editions]
    #[arg(long, value_name = "ID")]
    pub edition: Option<String>,
    /// Write this format only; may be given more than once [default: all formats]
    #[arg(long = "format", value_name = "FORMAT", value_parser = product_parser())]
    pub products: Vec<Product>,
    /// Folder to write to, from the current folder [default: "output" of reliure.toml, else "build" in the project]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Treat warnings as errors: an edition that has one is not written
    #[arg(long)]
    pub strict: bool,
    /// Make also what is up to date [default: editions whose sources, layout, fonts and files did not change are left as they are]
    #[arg(long)]
    pub force: bool,
    /// Accept an unfinished text: a missing image, alternative text or licence, a dead link, a heading or tag that does not fit is a
    /// warning, and what is made claims no conformance
    #[arg(long, conflicts_with = "strict")]
    pub lenient: bool,
}

/// Reads the id of a product.
fn product_parser() -> impl TypedValueParser<Value = Product> {
    let values = Product::ALL.map(|product| PossibleValue::new(product.id()).help(product.help()));
    PossibleValuesParser::new(values).try_map(|id| Product::from_id(&id).ok_or("not a format"))
}

/// Look for errors without writing anything
///
/// Goes through every stage of a build, for all editions and formats, but writes no file. Does not use the network unless --links is
/// given.
#[derive(Args, Debug)]
pub struct Check {
    /// Folder names of the publications to check [default: all]
    #[arg(value_name = "PUBLICATION")]
    pub publications: Vec<String>,
    /// Also list what micro-typography changes, with the rule of each change; the sources stay as they are
    #[arg(long)]
    pub typography_report: bool,
    /// Also ask the network whether each external address leads somewhere
    ///
    /// Asks each address once, four sites at a time and no site twice at once, and follows redirects. Sends no more than the request for
    /// the page, and says that reliure asks. A page that is not there is an error; one that has moved, or that the site does not show to
    /// strangers, is a warning. Skips mail addresses and editions with errors. Does not look at what the page says.
    #[arg(long)]
    pub links: bool,
    /// Treat warnings as errors: the exit code is 1 when there is one
    #[arg(long)]
    pub strict: bool,
    /// Accept an unfinished text: a missing image, alternative text or licence, a dead link, a heading or tag that does not fit is a
    /// warning
    #[arg(long, conflicts_with = "strict")]
    pub lenient: bool,
}

/// Say what a diagnostic's code means, and what to do
///
/// Without a code, lists them all. Does not need a project.
#[derive(Args, Debug)]
pub struct Explain {
    /// A code such as R301
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
    /// Write the reference page of all codes, as Markdown
    #[arg(long, conflicts_with = "code")]
    pub markdown: bool,
}

/// Show what the sources say: publications, editions, sections
///
/// Resolves the sources and lays out the pages to count them. Says nothing of editions with errors, and writes no file.
#[derive(Args, Debug)]
pub struct Inspect {
    /// Folder names of the publications to show [default: all]
    #[arg(value_name = "PUBLICATION")]
    pub publications: Vec<String>,
    /// Write JSON on standard output, for other tools
    #[arg(long)]
    pub json: bool,
}

/// Print the JSON Schema of a file format
///
/// Editors use it to complete and check TOML files. Without a name, lists the schemas. Does not need a project.
#[derive(Args, Debug)]
pub struct Schema {
    /// Name of the schema to print
    #[arg(value_parser = PossibleValuesParser::new(SCHEMAS.iter().map(|schema| schema.name)))]
    pub name: Option<String>,
    /// Write every schema to this folder as NAME.schema.json, over those that are there
    #[arg(long, value_name = "DIR", conflicts_with = "name")]
    pub all: Option<PathBuf>,
}

/// Print a script that lets the shell complete commands
///
/// Does not install it: save the script where your shell looks for completions.
#[derive(Args, Debug)]
pub struct Completions {
    /// Shell that will read the script
    pub shell: Shell,
}

/// Refuses a title that nothing could print.
fn title(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("a title has words"),
        text if text.contains(char::is_control) => Err("a title stands on one line, without control characters"),
        text => Ok(text.to_owned()),
    }
}
