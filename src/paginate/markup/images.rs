//! Images as calls of Typst functions.

use super::super::pictures;
use super::block::{content, content_or_none};
use super::inline::address;
use super::text::{array, string, string_or_none};
use super::{MarkupWriter, NodeForm};
use crate::images::NaturalWidth;
use crate::model::{Block, BlockKind, Image, Linked, Target, row_columns};
use crate::resolve::{Asset, Resolved};

/// Writes an image as a figure.
pub fn figure(w: &mut MarkupWriter, image: &Image, edition: &Resolved, scope: &str) {
    let width = image.width.map(|percent| format!("{percent}%"));
    illustration(w, image, width.as_deref(), edition, scope);
}

/// Writes a figure. Without a width, the layout limits it to its natural width.
fn illustration(w: &mut MarkupWriter, image: &Image, width: Option<&str>, edition: &Resolved, scope: &str) {
    let width = width.map(|width| format!("width: {width}, ")).unwrap_or_default();
    let (path, alt) = (path(image, edition), string_or_none(image.alt.as_deref()));
    w.push(&format!(
        "#b.illustration({}, path: {path}, alt: {alt}, {width}caption: ",
        context(image, None, natural(image, edition, |asset| asset.natural))
    ));
    content_or_none(w, &image.caption, edition, scope);
    w.push(&format!(", credit: {})", string_or_none(image.credit.as_deref())));
}

/// Writes figures side by side.
pub fn row(w: &mut MarkupWriter, figures: &[Block<Linked>], edition: &Resolved, scope: &str) {
    w.push(&format!("#figure-row({}, ", array(columns(figures))));
    for figure in figures {
        content(w, |w| {
            w.node(figure.span, NodeForm::Block, |w| {
                if let BlockKind::Figure(image) = &figure.kind {
                    illustration(w, image, image.width.map(|_| "100%"), edition, scope);
                }
            });
        });
        w.push(", ");
    }
    w.push(")");
}

/// Returns the widths of the columns of a row. If the declared widths leave no space between the figures, they are used as
/// proportions.
fn columns(figures: &[Block<Linked>]) -> Vec<String> {
    let count = row_columns(figures.len());
    let width = |figure: &Block<Linked>| match &figure.kind {
        BlockKind::Figure(image) => image.width,
        _ => None,
    };
    let widths: Vec<Option<u8>> = figures.iter().map(width).collect();
    let sum: u32 = widths.iter().flatten().copied().map(u32::from).sum();
    let fits = sum + GUTTER * u32::try_from(count.saturating_sub(1)).unwrap_or_default() <= 100;
    let known = widths.iter().all(Option::is_some);
    let column = |width: &Option<u8>| match width {
        _ if figures.len() > count => "1fr".to_owned(),
        Some(percent) if fits => format!("{percent}%"),
        Some(percent) if known => format!("{percent}fr"),
        _ => "1fr".to_owned(),
    };
    widths.iter().take(count).map(column).collect()
}

/// Space between the figures of a row, in percent of its width, as in `layouts/common/elements.typ`.
const GUTTER: u32 = 4;

/// Writes an image in running text.
pub fn inline(w: &mut MarkupWriter, image: &Image, edition: &Resolved) {
    let (path, alt) = (path(image, edition), string_or_none(image.alt.as_deref()));
    w.push(&format!(
        "#b.inline-image({}, path: {path}, alt: {alt});",
        context(image, image.width, natural(image, edition, Asset::natural_in_text))
    ));
}

fn path(image: &Image, edition: &Resolved) -> String {
    string(&edition.assets.get(image.asset).map_or_else(|| "/assets/".to_owned(), pictures::path))
}

fn natural(image: &Image, edition: &Resolved, of: impl Fn(&Asset) -> Option<NaturalWidth>) -> Option<NaturalWidth> {
    edition.assets.get(image.asset).and_then(of)
}

/// Returns the context argument for an image: its natural width, its width in running text, and the target of the link around it.
fn context(image: &Image, width: Option<u8>, natural: Option<NaturalWidth>) -> String {
    let entries = [
        natural.map(|width| format!("natural: {}pt", width.points())),
        width.map(|percent| format!("width: {percent}%")),
        image.link.as_ref().map(|target| format!("link: {}", destination(target))),
    ];
    let entries: Vec<String> = entries.into_iter().flatten().collect();
    if entries.is_empty() { "ctx".to_owned() } else { format!("(..ctx, image: ({}))", entries.join(", ")) }
}

/// Returns the destination of a link: a label of this document, or an address.
fn destination(target: &Target) -> String {
    match target {
        Target::Internal { id, .. } => format!("label({})", string(id)),
        Target::External(_) | Target::Publication(_) => string(&address(target)),
    }
}
