//! Describes the contents of a workspace for `reliure inspect`.

use std::sync::Arc;

use super::{CheckOptions, Outcome, Progress, Purpose, Request, run};
use crate::inspection::Inspection;
use crate::product::Product;

/// Describes the editions of the workspace as they would be built.
pub fn inspect(request: &Request, progress: Arc<dyn Progress>) -> (Outcome, Inspection) {
    let request = Request { products: vec![Product::ScreenPdf, Product::Epub], ..request.clone() };
    let (outcome, publications) = run(&request, CheckOptions::default(), progress, Purpose::Inspect);
    (outcome, Inspection { publications })
}
