//! What a workspace contains, as it would be built.

use super::{Format, Outcome, Progress, Purpose, Request, run};
use crate::inspection::Inspection;

/// Describes the editions of the workspace as they would be built.
pub fn inspect(request: &Request, progress: &dyn Progress) -> (Outcome, Inspection) {
    let quiet = Request { formats: vec![Format::Pdf], links: false, ..request.clone() };
    let mut publications = Vec::new();
    let outcome = run(&quiet, progress, &mut Purpose::Tell(&mut publications));
    (outcome, Inspection { publications })
}
