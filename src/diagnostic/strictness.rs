//! How far a text may be unfinished.

use super::{Diagnostic, Diagnostics, Severity};

/// How far a text may be unfinished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// Not at all: what conformance needs is an error.
    #[default]
    Full,
    /// A missing alternative text or licence, an image that is not there, a dead link, a heading that does not fit and a tag that
    /// cannot be carried are warnings, something stated stands in for them, and the outputs claim no conformance.
    Lenient,
}

impl Strictness {
    /// Makes a warning of an error that an unfinished text may have; `meanwhile` says what stands in until it is mended.
    pub fn soften(self, told: Diagnostic, meanwhile: &str) -> Diagnostic {
        match self {
            Self::Full => told,
            Self::Lenient => told.with_severity(Severity::Warning).hint(format!("until then {meanwhile}")),
        }
    }

    /// Makes warnings of all errors among diagnostics.
    pub fn soften_all(self, told: Diagnostics, meanwhile: &str) -> Diagnostics {
        let soften = |told: Diagnostic| match told.severity() {
            Severity::Error => self.soften(told, meanwhile),
            Severity::Warning => told,
        };
        told.into_list().into_iter().map(soften).collect()
    }

    /// Tells whether something may stand in for what is missing.
    pub fn is_lenient(self) -> bool {
        self == Self::Lenient
    }
}
