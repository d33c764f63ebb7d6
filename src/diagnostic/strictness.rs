//! How a build treats unfinished texts.

use super::{Diagnostic, Diagnostics, Severity};

/// How a build treats an unfinished text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// Missing content that conformance requires is an error.
    #[default]
    Full,
    /// Missing alternative texts and licences, missing images, dead links, misplaced headings and tags without an equivalent are
    /// warnings. A visible placeholder replaces each of them, and the outputs claim no conformance.
    Lenient,
}

impl Strictness {
    /// Lowers an error to a warning in a lenient build; `fallback` describes the placeholder for the hint.
    pub fn soften(self, diagnostic: Diagnostic, fallback: &str) -> Diagnostic {
        match self {
            Self::Full => diagnostic,
            Self::Lenient => diagnostic.with_severity(Severity::Warning).hint(format!("until then {fallback}")),
        }
    }

    /// Lowers all errors among the diagnostics to warnings in a lenient build.
    pub fn soften_all(self, found: Diagnostics, fallback: &str) -> Diagnostics {
        let soften = |diagnostic: Diagnostic| match diagnostic.severity() {
            Severity::Error => self.soften(diagnostic, fallback),
            Severity::Warning => diagnostic,
        };
        found.into_list().into_iter().map(soften).collect()
    }

    /// Returns whether missing content may be replaced by placeholders.
    pub fn is_lenient(self) -> bool {
        self == Self::Lenient
    }
}
