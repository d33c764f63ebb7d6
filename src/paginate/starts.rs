//! The start of the text on each page, for page lists.

use serde::{Deserialize, Serialize};
use typst::model::Numbering;

use super::{PageMap, Paginated, What};
use crate::diagnostic::Sources;

/// The start of the text on a page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct PageStart {
    /// Position of the page in the document, from 1.
    pub page: usize,
    /// The printed page number; `None` if the layout does not number the page.
    pub label: Option<String>,
    /// Name of the source file and byte offset of the first text on the page that an author wrote; `None` if there is none.
    /// Running heads, folios and notes do not count.
    pub text: Option<(String, usize)>,
}

/// Returns the start of each page, in order.
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
