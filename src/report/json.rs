//! JSON output: one object per line, with keys in a fixed order. Keys may be added, but are never renamed or removed.

use std::io::{self, Write};

use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde_json::{Value, json};

use super::excerpt::LineIndex;
use super::{explain, typography};
use crate::build::{Extent, PrintedInks};
use crate::diagnostic::{Diagnostic, Diagnostics, PagePlace, Sources, Span};
use crate::inspection::Inspection;
use crate::output::epub::ListedPages;
use crate::third_party::ThirdParty;

/// One line of the report. `reason` contains its type.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Record<'a> {
    /// A file was written.
    Artefact(File<'a>),
    /// A file of an earlier build was removed.
    Removed(File<'a>),
    /// A record was not written, because its format requires a fact that the sources do not declare.
    LeftOut {
        /// Slug of the publication.
        publication: &'a str,
        /// Id of the edition.
        edition: &'a str,
        /// Name of the format.
        format: &'a str,
        /// The missing fact.
        why: &'a str,
    },
    /// A file of a new project was written.
    Created {
        /// Path as given.
        path: &'a str,
    },
    /// The report of print products was written.
    Report {
        /// Path as given.
        path: &'a str,
    },
    /// A release was written.
    Released(ReleasedRecord<'a>),
    /// The replacement of a release, which was interrupted in an earlier run, was finished.
    Finished {
        /// Path of its folder as given.
        path: &'a str,
    },
    /// A check of a release was passed.
    Confirmed {
        /// What was confirmed.
        message: &'a str,
    },
    /// A part of a release was not checked.
    Unchecked {
        /// What was not checked, and why.
        message: &'a str,
    },
    /// The changes between two releases.
    Changes {
        /// The changes; `reliure schema changes` describes them.
        value: &'a serde_json::Value,
    },
    /// A schema that can be printed.
    Schema {
        /// Name of the schema.
        name: &'a str,
        /// Name or description of the files that it describes.
        file: &'a str,
    },
    /// The editions of the workspace.
    Inspection {
        /// The editions; `reliure schema inspection` describes them.
        value: &'a Inspection,
    },
    /// The third-party material of this version.
    Licences {
        /// The list; `reliure schema third-party` describes it.
        value: &'a ThirdParty,
    },
    /// The summary at the end of the report.
    Summary {
        /// Number of errors.
        errors: usize,
        /// Number of warnings.
        warnings: usize,
        /// Editions, or whole publications, that were not written because of errors.
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        unwritten: &'a [String],
        /// Whether the work was interrupted. The report then contains the results up to the interruption.
        #[serde(skip_serializing_if = "is_false")]
        interrupted: bool,
    },
}

fn is_false(value: &bool) -> bool {
    !value
}

/// A file of an edition.
#[derive(Debug, JsonSchema, Serialize)]
pub struct File<'a> {
    /// Slug of the publication.
    pub publication: &'a str,
    /// Id of the edition.
    pub edition: &'a str,
    /// Name of the format.
    pub format: &'a str,
    /// Path as given.
    pub path: &'a str,
    /// Size.
    pub bytes: u64,
    /// Pages of a print product.
    #[serde(flatten)]
    pub extent: Option<PageCount>,
    /// The page list of an EPUB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_list: Option<PageListRecord<'a>>,
}

/// The page list of an EPUB.
#[derive(Debug, JsonSchema, Serialize)]
pub struct PageListRecord<'a> {
    /// Number of pages in the list.
    pub listed: usize,
    /// Printed numbers of the pages that are listed at the start of the next page, because no body text begins on them.
    pub shared: &'a [String],
    /// Printed numbers of the pages that are not listed, because no body text begins on them or after them.
    pub left_out: &'a [String],
}

impl<'a> PageListRecord<'a> {
    /// Describes a page list.
    pub fn of(pages: &'a ListedPages) -> Self {
        Self { listed: pages.listed, shared: &pages.shared, left_out: &pages.left_out }
    }
}

/// A release.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ReleasedRecord<'a> {
    /// Slug of the publication.
    pub publication: &'a str,
    /// Id of the edition.
    pub edition: &'a str,
    /// Path of its folder as given.
    pub path: &'a str,
    /// Number of files.
    pub files: usize,
    /// Size of all files.
    pub bytes: u64,
    /// Id of the edition that it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<&'a str>,
    /// Path of the release that it replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced: Option<&'a str>,
}

/// The pages of a print product.
#[derive(Debug, JsonSchema, Serialize)]
pub struct PageCount {
    /// Number of pages; for a cover, of its book.
    pub pages: usize,
    /// Number of blank pages that were added for the binding.
    pub blank_pages: usize,
    /// Width of the spine in millimetres; only for a cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spine_mm: Option<f64>,
    /// Number of pages that use black ink only, or no ink; printers charge the others as colour pages. Missing for a cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub black_only_pages: Option<usize>,
    /// Maximum sum of all inks at one point, in percent.
    pub peak_ink: u32,
}

impl PageCount {
    /// Describes an extent.
    pub fn of(extent: Extent) -> Self {
        let Extent { pages, blanks, spine, inks: PrintedInks { black_only, peak }, .. } = extent;
        let spine_mm = spine.map(|hundredths| f64::from(hundredths) / 100.0);
        let black_only_pages = spine.is_none().then_some(black_only);
        Self { pages, blank_pages: blanks, spine_mm, black_only_pages, peak_ink: peak }
    }
}

/// An error or a warning, with its location and hints.
#[derive(JsonSchema, Serialize)]
struct DiagnosticRecord<'a> {
    #[schemars(extend("const" = "diagnostic"))]
    reason: &'static str,
    /// Stable code, which `reliure explain CODE` explains.
    code: &'a str,
    #[schemars(extend("enum" = ["error", "warning"]))]
    severity: &'static str,
    /// Message, which starts in lower case.
    message: &'a str,
    /// Path relative to the root of the project, with forward slashes.
    file: Option<&'a str>,
    /// From 1.
    line: Option<usize>,
    /// In characters, from 1.
    column: Option<usize>,
    /// Line of the first character after the range.
    end_line: Option<usize>,
    /// Column of the first character after the range.
    end_column: Option<usize>,
    /// Actions that may fix it.
    hints: &'a [String],
    /// Other locations that explain it.
    related: Vec<RelatedRecord<'a>>,
    /// The pages that show it, for print checks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pages: Vec<PageRecord>,
}

/// A place on a page of a print product.
#[derive(JsonSchema, Serialize)]
struct PageRecord {
    /// Name of the format.
    format: &'static str,
    /// Position of the page in the file, from 1.
    page: usize,
    /// Left, top, right and bottom in points from the top left corner of the trimmed page; null if they are not known.
    bounds: Option<[i32; 4]>,
}

/// A location that explains a diagnostic.
#[derive(JsonSchema, Serialize)]
struct RelatedRecord<'a> {
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    /// Label of the location.
    message: &'a str,
}

/// Returns the schema of a line: one of the records, distinguished by `reason`.
pub fn messages() -> Schema {
    let shapes = [
        schema_for!(DiagnosticRecord<'_>),
        schema_for!(Record<'_>),
        schema_for!(typography::ChangeRecord<'_>),
        schema_for!(explain::ExplanationRecord<'_>),
    ];
    let mut definitions = serde_json::Map::new();
    let mut lines: Vec<Value> = Vec::new();
    for mut shape in shapes {
        if let Some(Value::Object(inner)) = shape.remove("$defs") {
            definitions.extend(inner);
        }
        shape.remove("$schema");
        lines.push(shape.to_value());
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Message",
        "description": "A line that reliure writes with --message-format json. Keys are added over time, never renamed or removed.",
        "anyOf": lines,
        "$defs": definitions,
    })
    .try_into()
    .unwrap_or_default()
}

/// A location. Lines and columns start at 1, and columns count characters.
struct Position<'a> {
    file: &'a str,
    start: (usize, usize),
    end: (usize, usize),
}

/// Writes a record on a line.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn record(out: &mut dyn Write, record: &Record<'_>) -> io::Result<()> {
    line(out, record)
}

/// Writes one line per diagnostic, in order of location.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn json_diagnostics(out: &mut dyn Write, sources: &Sources, found: &Diagnostics) -> io::Result<()> {
    let mut lines = LineIndex::new(sources);
    found.sorted().into_iter().try_for_each(|diagnostic| line(out, &diagnostic_record(&mut lines, diagnostic)))
}

fn line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(value)?;
    text.push(b'\n');
    out.write_all(&text)
}

fn diagnostic_record<'a>(lines: &mut LineIndex<'a>, diagnostic: &'a Diagnostic) -> DiagnosticRecord<'a> {
    let place = diagnostic.span.and_then(|span| position(lines, span));
    let related = diagnostic.related.iter().map(|(span, message)| {
        let place = position(lines, *span);
        RelatedRecord {
            file: place.as_ref().map(|place| place.file),
            line: place.as_ref().map(|place| place.start.0),
            column: place.as_ref().map(|place| place.start.1),
            message,
        }
    });
    DiagnosticRecord {
        reason: "diagnostic",
        code: diagnostic.code.id(),
        severity: diagnostic.severity().name(),
        message: &diagnostic.message,
        related: related.collect(),
        file: place.as_ref().map(|place| place.file),
        line: place.as_ref().map(|place| place.start.0),
        column: place.as_ref().map(|place| place.start.1),
        end_line: place.as_ref().map(|place| place.end.0),
        end_column: place.as_ref().map(|place| place.end.1),
        hints: &diagnostic.hints,
        pages: diagnostic.pages.iter().map(page_record).collect(),
    }
}

fn page_record(place: &PagePlace) -> PageRecord {
    PageRecord { format: place.product.id(), page: place.page, bounds: place.bounds }
}

fn position<'a>(lines: &mut LineIndex<'a>, span: Span) -> Option<Position<'a>> {
    let place = lines.place(span)?;
    let start = lines.position(place.source, place.start);
    let end = lines.position(place.source, place.end);
    Some(Position { file: lines.name(place.source), start, end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::code;

    #[test]
    fn writes_each_diagnostic_on_one_line() {
        let mut sources = Sources::default();
        let id = sources.add("a.md", "é\nœuvre x");
        let mut found = Diagnostics::default();
        found.push(
            Diagnostic::new(code::DEAD_LINK, "no section is named \"x\"\u{1b}")
                .at(Span::new(id, 10..99))
                .hint("a")
                .related(Span::new(id, 0..2), "here"),
        );
        found.push(Diagnostic::new(code::UNLISTED_FILE, "w"));
        let mut out = Vec::new();
        json_diagnostics(&mut out, &sources, &found).unwrap();
        let expected = concat!(
            r#"{"reason":"diagnostic","code":"R301","severity":"error","message":"no section is named \"x\"\u001b","file":"a.md","#,
            r#""line":2,"column":7,"end_line":2,"end_column":8,"hints":["a"],"related":[{"file":"a.md","line":1,"column":1,"message":"here"}]}"#,
            "\n",
            r#"{"reason":"diagnostic","code":"R109","severity":"warning","message":"w","file":null,"#,
            r#""line":null,"column":null,"end_line":null,"end_column":null,"hints":[],"related":[]}"#,
            "\n",
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn records_have_a_reason() {
        let mut out = Vec::new();
        let file = File {
            publication: "brochure",
            edition: "2023-05",
            format: "pdf",
            path: "build/a.pdf",
            bytes: 7,
            extent: None,
            page_list: None,
        };
        record(&mut out, &Record::Artefact(file)).unwrap();
        record(&mut out, &Record::Summary { errors: 2, warnings: 1, unwritten: &[], interrupted: false }).unwrap();
        let expected = concat!(
            r#"{"reason":"artefact","publication":"brochure","edition":"2023-05","format":"pdf","path":"build/a.pdf","bytes":7}"#,
            "\n",
            r#"{"reason":"summary","errors":2,"warnings":1}"#,
            "\n",
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
