//! Micro-typography: what was typed becomes what a compositor would have set, once for all outputs.
//!
//! Rules work on a *run*: the characters of a paragraph, a cell or a string, whatever the markup between them. A language is
//! one file with a table of [`Rule`]s; to add one, write that file and name it in [`LANGUAGES`].

mod address;
mod bind;
mod edition;
mod english;
mod french;
mod held;
mod maths;
mod run;
mod signs;
#[cfg(test)]
mod tests;

pub use edition::set;

use crate::diagnostic::Span;
use crate::manifest::GuillemetSpace;
use run::{Edits, Line, Run};

/// A rule of a language.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// Where it comes from: [`IMPRIMERIE_NATIONALE`] or [`HOUSE`].
    pub source: &'static str,
    /// What it does.
    pub explanation: &'static str,
    /// It sets the names of people and organisations too.
    names: bool,
    /// It has nothing to do in a line without one of these characters; `0` is any digit. Empty: it looks at every line.
    wakes: &'static str,
    apply: fn(&Line<'_>, &Style, &mut Edits),
}

/// Lexique des règles typographiques en usage à l’Imprimerie nationale.
pub const IMPRIMERIE_NATIONALE: &str = "Imprimerie nationale";

/// A choice of our own.
pub const HOUSE: &str = "house";

/// What a house may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Space inside « »: U+00A0 or U+202F.
    pub guillemet_space: char,
}

impl Style {
    /// The style that a house asks for.
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

/// What a rule changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Name of the rule.
    pub rule: &'static str,
    /// Where the text stands, when it is known.
    pub span: Option<Span>,
    /// The text with a few characters around it.
    pub before: String,
    /// The same, set.
    pub after: String,
}

/// What rules changed, where somebody wants to be told.
#[derive(Debug, Default)]
pub struct Log(Option<Vec<Change>>);

impl Log {
    /// A log that keeps what it is told, or not.
    pub fn new(kept: bool) -> Self {
        Self(kept.then(Vec::new))
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

/// Gives the rules of a language (BCP 47); none when the language is left as typed.
pub fn rules(language: &str) -> Option<&'static [Rule]> {
    let primary = primary(language);
    LANGUAGES.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(primary)).map(|(_, rules)| *rules)
}

fn primary(language: &str) -> &str {
    language.split('-').next().unwrap_or_default()
}

/// Sets a plain string. Ordinals keep their letters on the line: there is no superscript in it.
pub fn set_text(text: &str, language: &str) -> String {
    string(text, language, &Style::default(), false, None, &mut Log::default()).unwrap_or_else(|| text.to_owned())
}

/// Sets a plain string, or gives none when nothing changes.
fn string(text: &str, language: &str, style: &Style, name: bool, span: Option<Span>, log: &mut Log) -> Option<String> {
    let rules = rules(language)?;
    let mut run = Run::of_text(text, span);
    run.apply(rules.iter().filter(|rule| rule.names || !name), style, log).then(|| run.text())
}
