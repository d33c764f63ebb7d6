//! Diagnostics, results and progress, as text or as JSON. Callers pass the streams to write to.

mod excerpt;
mod explain;
mod html;
mod human;
mod json;
mod licences;
mod outline;
mod preflight;
mod progress;
mod typography;

use std::fmt;

use crate::diagnostic::{Diagnostics, Severity};

pub use explain::{codes, explanation, reference};
pub(crate) use html::Html;
pub use human::{ListedFile, ReportFormat, TerminalColour, diagnostics, files, left_out, size};
pub use json::{File, PageCount, PageListRecord, Record, ReleasedRecord, json_diagnostics, messages, record};
pub use licences::{licence_page, licence_texts, licences};
pub use outline::outline;
pub use preflight::{is_figures, preflight, preflight_json, preflight_schema, write_preflight};
pub use progress::{ProgressDisplay, ProgressLines, Silent};
pub use typography::typography;

/// The number of errors and warnings, without duplicates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Tally {
    /// Counts the errors and warnings of `diagnostics`.
    pub fn of(diagnostics: &Diagnostics) -> Self {
        let list = diagnostics.sorted();
        let errors = list.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count();
        Self { errors, warnings: list.len() - errors }
    }

    /// Returns whether there are neither errors nor warnings.
    pub fn is_clean(self) -> bool {
        self == Self::default()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.errors, self.warnings) {
            (0, 0) => f.write_str("no errors"),
            (errors, 0) => f.write_str(&count(errors, "error")),
            (0, warnings) => f.write_str(&count(warnings, "warning")),
            (errors, warnings) => write!(f, "{}, {}", count(errors, "error"), count(warnings, "warning")),
        }
    }
}

/// Formats a number and its noun: `1 error`, `2 errors`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Makes a text safe to print on a terminal: replaces control characters, bidirectional overrides and zero-width characters by
/// their code points, such as `<U+202E>`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_visible(&mut out, c));
    out
}

fn push_visible(out: &mut String, c: char) {
    if is_hidden(c) {
        out.push_str(&format!("<U+{:04X}>", u32::from(c)));
    } else {
        out.push(c);
    }
}

/// Returns whether a character controls a terminal or is invisible. Tabs and joiners (U+200C, U+200D) are permitted.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, code};

    #[test]
    fn tally_formats_singular_and_plural() {
        let mut found = Diagnostics::default();
        assert_eq!(Tally::of(&found).to_string(), "no errors");
        found.push(Diagnostic::new(code::UNLISTED_FILE, "a"));
        assert_eq!(Tally::of(&found).to_string(), "1 warning");
        found.push(Diagnostic::new(code::FILE, "b"));
        assert_eq!(Tally::of(&found).to_string(), "1 error, 1 warning");
        found.push(Diagnostic::new(code::FILE, "c"));
        found.push(Diagnostic::new(code::FILE, "c"));
        assert_eq!(Tally::of(&found).to_string(), "2 errors, 1 warning", "duplicates count once");
    }

    #[test]
    fn replaces_control_characters() {
        assert_eq!(visible("a\u{1b}[31mé\u{202e}\u{9b}\t\u{202f};"), "a<U+001B>[31mé<U+202E><U+009B>\t\u{202f};");
    }
}
