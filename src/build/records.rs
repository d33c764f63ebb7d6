//! The records of an edition: which can be written, and the page counts that they state.

use super::edition::{BuiltProduct, PageFindings};
use super::plan::Plan;
use crate::product::Product;
use crate::records::{self, Extents, Work};

/// A record or a part of the site that was not written. A record is left out if a fact that its format requires is not declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// File name of the artefacts of the edition, without extension; empty for the site.
    pub stem: String,
    /// Folder name of the publication; empty for the site.
    pub publication: String,
    /// Id of the edition; empty for the site.
    pub edition: String,
    /// The record, or the site.
    pub record: Product,
    /// The missing fact, such as "there is no DOI"; for the site, the missing part and the reason.
    pub reason: String,
}

/// The description of an edition, with the known page counts.
pub struct Described {
    /// The description.
    pub work: Work,
    /// Known page counts. The others are computed if the plan needs them.
    pub extents: Extents,
}

impl Described {
    /// Returns whether the plan needs the number of pages and it is unknown.
    pub fn needs_pages(&self, plan: &Plan) -> bool {
        plan.page_count && self.extents.pages.is_none()
    }

    /// Returns whether the plan needs the number of printed pages and it is unknown. The number differs from the pages of the PDF
    /// if the binding needs a gutter or blank pages.
    pub fn needs_print(&self, plan: &Plan) -> bool {
        plan.page_count && self.extents.print.is_none() && self.work.forms.contains(&Product::PrintPdf)
    }

    /// Sets the number of printed pages, if the publication declares a printed format.
    pub fn set_print(&mut self, count: usize) {
        self.extents.print = Some(count).filter(|_| self.work.forms.contains(&Product::PrintPdf));
    }

    /// Writes the records of a plan.
    pub fn records(&self, plan: &Plan) -> Vec<BuiltProduct> {
        let records = plan.products.iter().copied().filter(|product| product.is_record());
        let written = records.filter_map(|record| Some((record, records::write(record, &self.work, self.extents)?)));
        let built = written.map(|(product, text)| BuiltProduct {
            product,
            bytes: text.into_bytes(),
            pages: PageFindings::default(),
            extent: None,
            listed: None,
        });
        built.collect()
    }
}
