//! The severity levels and allowances of one publication.

use crate::check::{Allowances, AllowedFinding, Levels, OptionalChecks, Policy};
use crate::diagnostic::{Diagnostics, Sources};
use crate::workspace::Publication;

use super::Request;

/// The severity levels and allowances of a publication.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Severity level of each code.
    pub levels: Levels,
    /// Exemptions for single passages.
    pub allowances: Allowances,
}

impl Rules {
    /// Reads the rules of a publication. Its own levels override those of its series, which override those of the workspace.
    pub fn read(workspace: &Levels, publication: &Publication, sources: &Sources, found: &mut Diagnostics) -> Self {
        let mut levels = workspace.clone();
        if let Some((series, _)) = &publication.series {
            levels = levels.overridden_by(&Levels::read(series, &series.value.checks, found));
        }
        levels = levels.overridden_by(&Levels::read(&publication.manifest, &publication.manifest.value.checks, found));
        Self { levels, allowances: Allowances::read(publication, sources, found) }
    }

    /// Returns the policy for a request.
    pub fn policy<'a>(&'a self, request: &'a Request) -> Policy<'a> {
        let (levels, allowances, allowed) = (&self.levels, &self.allowances, request.allowed.as_slice());
        Policy { levels, allowances, allowed, strict: request.deny_warnings }
    }

    /// Returns diagnostics for unused allowances. Omits those for checks that did not run.
    pub fn unused(&self, used: &[AllowedFinding], ran: OptionalChecks, request: &Request) -> Diagnostics {
        self.policy(request).apply(self.allowances.unused(used, ran), &mut Vec::new())
    }
}
