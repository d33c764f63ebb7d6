//! Diagnostics: the fact, its location and the action that resolves it. This module depends only on the module `product`.

pub mod code;
mod strictness;

pub use strictness::Strictness;

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::product::Product;

/// Identifies one text: a TOML file, a Markdown file or a layout file.
///
/// The workspace, each series, each publication and the layouts have a group of texts. Groups are numbered: the workspace first,
/// then series and publications in order of folder, then the layouts. Ids are ordered by group, then by reading order, so they do
/// not depend on the order in which groups are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId {
    group: u32,
    file: u32,
}

impl SourceId {
    /// Returns the number of the group.
    pub fn group(self) -> u32 {
        self.group
    }
}

/// A byte range of one source.
///
/// Its hash ignores every field, so that the hash of an edition does not depend on the position of its parts in the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The text that contains the range.
    pub source: SourceId,
    /// Offset of the first byte, from 0.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Hash for Span {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Span {
    /// Creates the span of `range` in `source`.
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        Self { source, start: range.start, end: range.end }
    }
}

/// One text and the name that messages show for it.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path from the project's root, with forward slashes.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
    /// The byte offset of each line, computed on first use.
    lines: OnceLock<Vec<usize>>,
}

/// A collection of texts, by id.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Number of the group that [`Sources::add`] adds to.
    group: u32,
    files: BTreeMap<SourceId, Arc<Source>>,
    /// The ids of the texts that were added to this group, by name.
    by_name: BTreeMap<String, Vec<SourceId>>,
}

impl Sources {
    /// Creates an empty group of texts.
    pub fn of_group(group: u32) -> Self {
        Self { group, ..Self::default() }
    }

    /// Adds a text under a name and returns its id. The same text under the same name keeps its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let name = name.into();
        let text = text.into();
        let known = self.by_name.entry(name.clone()).or_default();
        let same = |id: &&SourceId| self.files.get(*id).is_some_and(|file| file.text == text);
        if let Some(id) = known.iter().find(same) {
            return *id;
        }
        let file = self.files.keys().rfind(|id| id.group == self.group).map_or(0, |last| last.file + 1);
        let id = SourceId { group: self.group, file };
        known.push(id);
        self.files.insert(id, Arc::new(Source { name, text, lines: OnceLock::new() }));
        id
    }

    /// Adds the texts of other groups. They are shared, not copied.
    pub fn extend(&mut self, others: &Self) {
        self.files.extend(others.files.iter().map(|(id, file)| (*id, Arc::clone(file))));
    }

    /// Returns the texts in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.values().map(AsRef::as_ref)
    }

    /// Returns the text with an id.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.files.get(&id).map(AsRef::as_ref)
    }

    /// Returns whether it contains a text of a group.
    pub fn has_group(&self, group: u32) -> bool {
        self.files.range(SourceId { group, file: 0 }..=SourceId { group, file: u32::MAX }).next().is_some()
    }

    /// Returns the id of the first text with a name.
    pub fn find(&self, name: &str) -> Option<SourceId> {
        self.files.iter().find(|(_, file)| file.name == name).map(|(id, _)| *id)
    }

    /// Returns the line and the column of a byte, both from 1; the column counts characters.
    pub fn position(&self, id: SourceId, byte: usize) -> Option<(usize, usize)> {
        let Source { text, lines, .. } = self.get(id)?;
        let at = floor_char_boundary(text, byte);
        let starts = lines.get_or_init(|| line_starts(text));
        let line = starts.partition_point(|start| *start <= at);
        let start = starts.get(line.checked_sub(1)?)?;
        Some((line, text.get(*start..at)?.chars().count() + 1))
    }
}

/// Returns the byte offset of each line of a text.
pub fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// Returns the start of the character that contains `byte`, at most the length of the text.
pub fn floor_char_boundary(text: &str, byte: usize) -> usize {
    let mut at = byte.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The effect of a diagnostic on the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The edition is not written.
    Error,
    /// The edition is written.
    Warning,
}

impl Severity {
    /// Returns its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// The part of the tool that a code belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The project, its files and its TOML: R1xx.
    Project,
    /// Markdown: R2xx.
    Markdown,
    /// Ids and links: R3xx.
    Links,
    /// Images, credits and licences: R4xx.
    Rights,
    /// Layouts and PDF standards: R5xx.
    Layout,
    /// Editorial checks: R6xx.
    Check,
    /// Print checks: R7xx.
    Print,
    /// Releases: R8xx.
    Release,
    /// The tool itself: R9xx.
    Tool,
}

impl Group {
    /// All groups, in the order of the reference page.
    pub const ALL: [Self; 9] = [
        Self::Project,
        Self::Markdown,
        Self::Links,
        Self::Rights,
        Self::Layout,
        Self::Check,
        Self::Print,
        Self::Release,
        Self::Tool,
    ];

    /// Returns its heading in the reference page.
    pub fn title(self) -> &'static str {
        match self {
            Self::Project => "Project and TOML",
            Self::Markdown => "Markdown",
            Self::Links => "Ids and links",
            Self::Rights => "Images, credits and licences",
            Self::Layout => "Layouts and PDF standards",
            Self::Check => "Editorial checks",
            Self::Print => "Print checks",
            Self::Release => "Releases",
            Self::Tool => "The tool",
        }
    }
}

/// A stable code such as `R301`, with its group and its default severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    id: &'static str,
    group: Group,
    severity: Severity,
}

impl Code {
    /// Creates a code.
    pub const fn new(id: &'static str, group: Group, severity: Severity) -> Self {
        Self { id, group, severity }
    }

    /// Returns the code as text.
    pub fn id(self) -> &'static str {
        self.id
    }

    /// Returns its group.
    pub fn group(self) -> Group {
        self.group
    }

    /// Returns the default severity of its diagnostics. The levels of a project and lenient builds can change it.
    pub fn severity(self) -> Severity {
        self.severity
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// The documentation of a code, for `reliure explain` and the reference page.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    /// The code.
    pub code: Code,
    /// One line of text.
    pub title: &'static str,
    /// Paragraphs of Markdown: the cause, the consequence and the correction.
    pub explanation: &'static str,
}

impl Meaning {
    /// Creates a diagnostic of this code.
    pub fn diagnostic(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.code, message)
    }
}

/// A position on the pages of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct PagePlace {
    /// The product.
    pub product: Product,
    /// The page, from 1.
    pub page: usize,
    /// Left, top, right and bottom in points from the top left corner of the trimmed page, if they are known.
    pub bounds: Option<[i32; 4]>,
}

/// A finding of a stage or check.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// The severity of the code, unless [`Diagnostic::with_severity`] replaced it.
    severity: Severity,
    /// The fact, starting in lower case.
    pub message: String,
    /// The location, if there is one.
    pub span: Option<Span>,
    /// Other locations that explain the finding, each with a label.
    pub related: Vec<(Span, String)>,
    /// Actions that resolve it.
    pub hints: Vec<String>,
    /// The pages that show it, for print checks.
    pub pages: Vec<PagePlace>,
    /// The fact in French, for print checks: printers read the report in the language of the publication.
    pub french: Option<String>,
}

impl Diagnostic {
    /// Returns the message with its place: `sources/note/text.md:4: message`.
    pub fn located(&self, sources: &Sources) -> String {
        let place = self.span.and_then(|span| {
            let (line, _) = sources.position(span.source, span.start)?;
            Some(format!("{}:{line}: ", sources.get(span.source)?.name))
        });
        format!("{}{}", place.unwrap_or_default(), self.message)
    }

    /// Creates a diagnostic with the severity of its code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let (span, french, related, hints, pages) = (None, None, Vec::new(), Vec::new(), Vec::new());
        Self { code, severity: code.severity, message: message.into(), span, related, hints, pages, french }
    }

    /// Returns its severity.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Replaces its severity. Only lenient builds, the levels of a project and `--strict` use it.
    #[must_use]
    pub fn with_severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// Replaces its code, and its severity with the default of the new code.
    #[must_use]
    pub fn with_code(self, code: Code) -> Self {
        Self { code, severity: code.severity, ..self }
    }

    /// Sets its location; `None` keeps the current one.
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.span = span.into().or(self.span);
        self
    }

    /// Adds an action that resolves it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a "did you mean" hint if one of `known` is similar to `typed`, otherwise a hint that lists the known names: all, or
    /// the first 12 and the number of the others.
    pub fn suggest<'a>(self, typed: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.suggest_listed(typed, known, "")
    }

    /// Adds the same hint as [`Diagnostic::suggest`], and names the command that lists all names.
    pub fn suggest_listed<'a>(self, typed: &str, known: impl IntoIterator<Item = &'a str>, command: &str) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        match closest(typed, &known) {
            Some(near) => self.hint(format!("did you mean \"{near}\"?")),
            None if known.is_empty() => self,
            None if known.len() == 1 => self.hint(format!("the only known name is \"{}\"", known.concat())),
            None => {
                let shown = if known.len() > MAX_LISTED { 12 } else { MAX_LISTED };
                let list: Vec<String> = known.iter().take(shown).map(|name| format!("\"{name}\"")).collect();
                let more = match (known.len().saturating_sub(shown), command) {
                    (0, _) => String::new(),
                    (more, "") => format!(" … and {more} more"),
                    (more, command) => format!(" … and {more} more: `{command}`"),
                };
                self.hint(format!("use one of {}{more}", list.join(", ")))
            }
        }
    }

    /// Sets the fact in French.
    pub fn in_french(mut self, message: impl Into<String>) -> Self {
        self.french = Some(message.into());
        self
    }

    /// Adds pages that show it.
    pub fn on_pages(mut self, pages: impl IntoIterator<Item = PagePlace>) -> Self {
        self.pages.extend(pages);
        self
    }

    /// Adds a related location with a label.
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }
}

/// Number of names up to which a hint lists all of them.
const MAX_LISTED: usize = 16;

/// Returns the name that is most similar to `typed`, or `None` if all have a Jaro–Winkler similarity below 0.8.
pub fn closest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    let lower = typed.to_lowercase();
    known
        .iter()
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), *name))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// The diagnostics of a stage, collected so that all of them can be shown together.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds the diagnostics of another stage.
    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// Replaces every location with `span`, for a text whose parts have no separate locations.
    pub fn relocate(&mut self, span: Span) {
        for diagnostic in &mut self.list {
            diagnostic.span = Some(span);
            diagnostic.related.iter_mut().for_each(|(location, _)| *location = span);
        }
    }

    /// Returns the diagnostics in the order in which they were added.
    pub fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }

    /// Returns the diagnostics in the order in which they were added.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Returns them in order of location, without duplicates. Diagnostics without a location come last.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut list: Vec<&Diagnostic> = self.list.iter().collect();
        list.sort_by_key(|d| (d.span.is_none(), d.span, d.code));
        list.dedup_by(|a, b| a.code == b.code && a.span == b.span && a.message == b.message);
        list
    }

    /// Returns the value and the warnings.
    ///
    /// # Errors
    ///
    /// Returns all diagnostics if one of them is an error.
    pub fn finish<T>(self, value: T) -> Result<(T, Diagnostics), Diagnostics> {
        if self.has_errors() { Err(self) } else { Ok((value, self)) }
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<T: IntoIterator<Item = Diagnostic>>(list: T) -> Self {
        Self { list: list.into_iter().collect() }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { list: vec![diagnostic] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let mut sources = Sources::default();
        let id = sources.add("a.md", "é\nœuvre x");
        assert_eq!(sources.position(id, 10), Some((2, 7)));
        assert_eq!(sources.position(id, 1), Some((1, 1)), "the middle of a character is its start");
    }

    #[test]
    fn suggests_only_similar_names() {
        assert_eq!(closest("titel", &["title", "lang"]), Some("title"));
        assert_eq!(closest("zzz", &["title", "lang"]), None);
    }
}
