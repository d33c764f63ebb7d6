//! Where the text of each page starts: what a page list is made of.

use serde::{Deserialize, Serialize};
use typst::model::Numbering;

use super::{PageMap, Paginated, What};
use crate::diagnostic::Sources;

/// Where the text of a page starts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct PageStart {
    /// Number of the page in the document, from 1.
    pub page: usize,
    /// The number that the layout prints on it; none if it numbers no pages.
    pub label: Option<String>,
    /// File of the first text on the page that an author wrote, and its first byte there; none for a page without such text. Running
    /// heads, folios and notes are left out.
    pub text: Option<(String, usize)>,
}

/// Finds the start of each page.
pub fn page_starts(pages: &Paginated, map: &PageMap<'_>, sources: &Sources) -> Vec<PageStart> {
    let texts = map.pages.iter().map(|page| {
        let body = page.pieces.iter().filter(|piece| piece.artifact.is_none() && !piece.note);
        let texts = body.filter_map(|piece| match piece.what {
            What::Text(text) => Some(text),
            What::Image(..) | What::Shape(_) => None,
        });
        let mut places = texts.filter_map(|text| map.origin(text).author);
        places.find_map(|span| Some((sources.get(span.source)?.name.clone(), span.start)))
    });
    let labels = pages.document.pages().iter().map(|page| match &page.numbering {
        Some(Numbering::Pattern(pattern)) => pattern.apply(None, &[page.number]).ok().map(|label| label.to_string()),
        Some(Numbering::Func(_)) => Some(page.number.to_string()),
        None => None,
    });
    labels.zip(texts).enumerate().map(|(index, (label, text))| PageStart { page: index + 1, label, text }).collect()
}
