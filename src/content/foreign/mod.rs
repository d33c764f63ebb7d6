//! Markup of other tools, which is printed as typed or has no effect (R218).
//!
//! Each kind is reported once per file, at its first location, with the number of locations. Markup in running text is found by
//! [`patterns`]; code fences, lists and blocks have separate rules.

mod fence;
mod lists;
mod patterns;

pub use fence::read as fence;
pub use lists::typed_lists;
pub use patterns::normalised;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::typed::TypedText;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};

/// A kind of markup of another tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Construct {
    /// Its name, with an article.
    pub name: &'static str,
    /// The tools that support it.
    pub tool: &'static str,
    /// The equivalent in reliure.
    pub hint: &'static str,
    /// How it appears in the outputs.
    pub fate: MarkupFate,
}

/// How unsupported markup appears in the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkupFate {
    /// It is printed as typed.
    Printed,
    /// It is left out.
    LeftOut,
    /// It is the title of code, which is printed as a line above the code.
    Above,
}

/// The markup of other tools in a file.
#[derive(Debug, Default)]
pub struct ForeignMarkup {
    kinds: BTreeMap<Construct, MarkupPlaces>,
    /// Locations of bracketed words that do not match a heading.
    remarks: BTreeSet<Span>,
}

/// The locations of a kind of markup.
#[derive(Debug)]
struct MarkupPlaces {
    /// The markup at the first location.
    excerpt: String,
    /// All locations, each once, because a note that is referenced twice is read twice.
    spans: BTreeSet<Span>,
}

/// Maximum length of an excerpt in a message, in characters.
const MAX_EXCERPT: usize = 40;

impl ForeignMarkup {
    /// Adds a location.
    pub fn add(&mut self, construct: Construct, markup: &str, span: Span) {
        let places =
            self.kinds.entry(construct).or_insert_with(|| MarkupPlaces { excerpt: String::new(), spans: BTreeSet::new() });
        if places.spans.first().is_none_or(|first| span < *first) {
            places.excerpt = excerpt(markup);
        }
        places.spans.insert(span);
    }

    /// Adds the locations in another text of the file.
    pub fn extend(&mut self, other: Self) {
        for (construct, places) in other.kinds {
            for span in &places.spans {
                self.add(construct, &places.excerpt, *span);
            }
        }
        self.remarks.extend(other.remarks);
    }

    /// Adds the markup in the running text of a paragraph, heading or cell. `headings` are the words of the headings of the file.
    pub fn search(&mut self, typed: &TypedText, headings: &BTreeSet<String>) {
        let brackets = patterns::in_brackets(&typed.text, headings);
        for (construct, range) in patterns::find(&typed.text, &brackets) {
            self.add_range(construct, typed, range);
        }
        self.remarks.extend(brackets.remarks.iter().filter_map(|range| typed.span(range)));
    }

    /// Adds a range of a text.
    pub fn add_range(&mut self, construct: Construct, typed: &TypedText, range: Range<usize>) {
        if let Some(span) = typed.span(&range) {
            let markup: String = typed.text[range].chars().filter_map(super::typed::written).collect();
            self.add(construct, &markup, span);
        }
    }

    /// Reports each kind once.
    pub fn report(self, found: &mut Diagnostics) {
        for (construct, MarkupPlaces { excerpt, spans }) in self.kinds {
            // If most brackets do not match a heading, they mark terms or remarks rather than links.
            if construct == patterns::HEADING_LINK && spans.len() < self.remarks.len() {
                continue;
            }
            let Construct { name, tool, hint, fate } = construct;
            let fate = match fate {
                MarkupFate::Printed => "is printed as typed",
                MarkupFate::LeftOut => "is left out",
                MarkupFate::Above => "is printed above the code",
            };
            let times = match spans.len() {
                1 => String::new(),
                times => format!(", {times} times in this file"),
            };
            let message = format!("{name} of {tool} {fate}: {excerpt}{times}");
            found.push(Diagnostic::new(code::FOREIGN_MARKUP, message).at(spans.first().copied()).hint(hint));
        }
    }
}

/// Returns the first line of the markup, cut to [`MAX_EXCERPT`] characters.
fn excerpt(markup: &str) -> String {
    let line = markup.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(MAX_EXCERPT) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests;
