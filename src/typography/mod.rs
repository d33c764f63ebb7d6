//! Micro-typography: corrects spaces, quotation marks, apostrophes, ordinals and dashes, before any output is written.
//!
//! Rules apply to a *run*: the characters of a paragraph, a cell or a string, across its markup. To add a language, write a file
//! with a table of [`Rule`]s and add the table to [`LANGUAGES`].

mod address;
mod bind;
mod edition;
mod english;
mod filter;
mod french;
mod maths;
mod run;
mod signs;
#[cfg(test)]
mod tests;

pub use edition::set;

use crate::diagnostic::Span;
use crate::manifest::GuillemetSpace;
use run::{Edits, Run, RunText};

/// A rule of a language.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// Source of the rule: [`IMPRIMERIE_NATIONALE`] or [`HOUSE`].
    pub source: &'static str,
    /// A sentence that describes its effect.
    pub explanation: &'static str,
    /// Whether it also applies to the names of people and organisations.
    names: bool,
    /// The rule is skipped for runs that contain none of these characters; `0` matches any digit. If empty, it is never skipped.
    triggers: &'static str,
    apply: fn(&RunText<'_>, &Style, &mut Edits),
}

/// Source of a rule: *Lexique des règles typographiques en usage à l’Imprimerie nationale*.
pub const IMPRIMERIE_NATIONALE: &str = "Imprimerie nationale";

/// Source of a rule: the house style of reliure.
pub const HOUSE: &str = "house";

/// The settings of `[typography]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Space inside « »: U+00A0 or U+202F.
    pub guillemet_space: char,
}

impl Style {
    /// Returns the style for a setting.
    pub fn of(guillemet_space: GuillemetSpace) -> Self {
        Self {
            guillemet_space: match guillemet_space {
                GuillemetSpace::NoBreak => run::NO_BREAK,
                GuillemetSpace::Narrow => run::NARROW,
            },
        }
    }
}

impl Default for Style {
    fn default() -> Self {
        Self { guillemet_space: run::NO_BREAK }
    }
}

/// A change that a rule made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Name of the rule.
    pub rule: &'static str,
    /// Location of the text, if known.
    pub span: Option<Span>,
    /// The text before the change, with a few characters around it.
    pub before: String,
    /// The same text after the change.
    pub after: String,
}

/// The changes that rules made, if they are recorded.
#[derive(Debug, Default)]
pub struct Log(Option<Vec<Change>>);

impl Log {
    /// Creates a log that records changes if `enabled` is set.
    pub fn new(enabled: bool) -> Self {
        Self(enabled.then(Vec::new))
    }

    fn add(&mut self, change: impl FnOnce() -> Change) {
        if let Some(changes) = &mut self.0 {
            changes.push(change());
        }
    }

    fn changes(self) -> Vec<Change> {
        self.0.unwrap_or_default()
    }
}

/// The rules of each language by its primary subtag, in the order in which they apply.
pub const LANGUAGES: &[(&str, &[Rule])] = &[("fr", french::RULES), ("en", english::RULES)];

/// Returns the rules of a language (BCP 47), or `None` if the language has no rules.
pub fn rules(language: &str) -> Option<&'static [Rule]> {
    let primary = primary(language);
    LANGUAGES.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(primary)).map(|(_, rules)| *rules)
}

fn primary(language: &str) -> &str {
    language.split('-').next().unwrap_or_default()
}

/// Applies the rules of a language to a string. Ordinals get no superscript.
pub fn set_text(text: &str, language: &str) -> String {
    string(text, language, &Style::default(), false, None, &mut Log::default()).unwrap_or_else(|| text.to_owned())
}

/// Applies the rules to a string; returns `None` if nothing changes.
fn string(text: &str, language: &str, style: &Style, name: bool, span: Option<Span>, log: &mut Log) -> Option<String> {
    let rules = rules(language)?;
    let mut run = Run::of_text(text, span);
    run.apply(rules.iter().filter(|rule| rule.names || !name), style, log).then(|| run.text())
}
