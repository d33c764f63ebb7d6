//! The treatment of unfinished texts.

use super::{Diagnostic, Diagnostics, Severity};

/// How a build treats an unfinished text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// Everything that conformance requires is an error.
    #[default]
    Full,
    /// Missing alternative texts and licences, missing images, dead links, misplaced headings and tags without an equivalent are
    /// warnings. A visible placeholder replaces each of them, and the outputs claim no conformance.
    Lenient,
}

impl Strictness {
    /// Lowers an error to a warning in a lenient build; `meanwhile` is the hint that describes the placeholder.
    pub fn soften(self, told: Diagnostic, meanwhile: &str) -> Diagnostic {
        match self {
            Self::Full => told,
            Self::Lenient => told.with_severity(Severity::Warning).hint(format!("until then {meanwhile}")),
        }
    }

    /// Lowers all errors among the diagnostics to warnings in a lenient build.
    pub fn soften_all(self, told: Diagnostics, meanwhile: &str) -> Diagnostics {
        let soften = |told: Diagnostic| match told.severity() {
            Severity::Error => self.soften(told, meanwhile),
            Severity::Warning => told,
        };
        told.into_list().into_iter().map(soften).collect()
    }

    /// Returns whether placeholders may replace what is missing.
    pub fn is_lenient(self) -> bool {
        self == Self::Lenient
    }
}
