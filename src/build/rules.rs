//! What one publication decides about findings.

use crate::check::{Allowances, Levels, Policy, Ran};
use crate::diagnostic::{Diagnostics, Sources};
use crate::workspace::Publication;

use super::Request;

/// How much findings matter to a publication, and which ones it allows.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// How much each code matters.
    pub levels: Levels,
    /// Findings that are allowed where they stand.
    pub allowances: Allowances,
}

impl Rules {
    /// Reads what a publication decides: its own setting wins over its series', and that over the workspace's.
    pub fn read(workspace: &Levels, publication: &Publication, sources: &Sources, found: &mut Diagnostics) -> Self {
        let mut levels = workspace.clone();
        if let Some((series, _)) = &publication.series {
            levels = levels.under(&Levels::read(series, &series.value.checks, found));
        }
        levels = levels.under(&Levels::read(&publication.manifest, &publication.manifest.value.checks, found));
        Self { levels, allowances: Allowances::read(publication, sources, found) }
    }

    /// Returns them as a policy for a request.
    pub fn policy(&self, request: &Request) -> Policy<'_> {
        Policy { levels: &self.levels, allowances: &self.allowances, strict: request.deny_warnings }
    }

    /// Reports allowances that nothing used. Those for checks that did not run may be of use another time.
    pub fn idle(&self, used: &[usize], ran: Ran, request: &Request) -> Diagnostics {
        self.policy(request).apply(self.allowances.unused(used, ran), &mut Vec::new())
    }
}
