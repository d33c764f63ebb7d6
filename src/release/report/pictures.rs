//! The pictures of the report: changed pages beside their earlier versions, and the pages of the edition.

use super::{ReportView, heading};
use crate::release::terms::filled;
use crate::report::Html;
use crate::terms::ReleaseTerms;

/// Maximum number of pages and of pairs of pages, so that the report of a long book can be sent by mail.
const MAX_SHOWN: usize = 24;

/// Writes a picture with its size.
pub fn picture(html: &mut Html, png: &[u8], alt: &str) {
    // The header chunk of a PNG starts after its signature, length and name (PNG 3rd edition §11.2.1).
    let side = |at: usize| png.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes);
    html.raw("<img alt=\"").text(alt).raw(&format!("\" width=\"{}\" height=\"{}\" src=\"", side(16), side(20))).png(png);
    html.raw("\">\n");
}

/// Writes the pages that differ from an earlier release, each beside its earlier version. Uses the first of the compared releases
/// whose pages differ.
pub fn side_by_side(html: &mut Html, view: &ReportView<'_>, t: &ReleaseTerms) {
    let Some((previous, changes)) = view.comparisons.iter().find(|(_, changes)| !changes.pages.changed.is_empty()) else {
        return;
    };
    heading(html, "before-after", t.before_after);
    html.raw("<p>").text(&t.between(&changes.old, &changes.new)).raw("</p>\n");
    let pairs = &changes.pages.changed;
    if pairs.len() > MAX_SHOWN {
        let counts = [MAX_SHOWN.to_string(), pairs.len().to_string()];
        html.raw("<p>").text(&filled(t.more_changes, &[&counts[0], &counts[1]])).raw("</p>\n");
    }
    html.raw("<ul class=\"pairs\">\n");
    for [old, new] in pairs.iter().take(MAX_SHOWN) {
        let before = previous.manifest.pages.get(old - 1).and_then(|page| previous.file(&page.picture));
        let after = view.manifest.pages.get(new - 1).and_then(|page| view.files.get(&page.picture));
        html.raw("<li>\n");
        for (bytes, text, number) in [(before.as_ref(), t.before, old), (after, t.after, new)] {
            let caption = filled(text, &[&number.to_string()]);
            html.raw("<figure>\n<div class=\"sheet\">");
            bytes.iter().for_each(|bytes| picture(html, bytes, &filled(t.view, &[&caption])));
            html.raw("</div>\n<figcaption>").text(&caption).raw("</figcaption>\n</figure>\n");
        }
        html.raw("</li>\n");
    }
    html.raw("</ul>\n");
}

/// Writes the first pages of the edition.
pub fn pages(html: &mut Html, view: &ReportView<'_>, t: &ReleaseTerms) {
    let pages = &view.manifest.pages;
    if pages.is_empty() {
        return;
    }
    heading(html, "pages", t.pictures);
    if pages.len() > MAX_SHOWN {
        let counts = [MAX_SHOWN.to_string(), pages.len().to_string()];
        html.raw("<p>").text(&filled(t.more_pages, &[&counts[0], &counts[1]])).raw("</p>\n");
    }
    html.raw("<ul class=\"pages\">\n");
    for (index, page) in pages.iter().enumerate().take(MAX_SHOWN) {
        let Some(bytes) = view.files.get(&page.picture) else { continue };
        let name = filled(t.page, &[&page.label.clone().unwrap_or_else(|| (index + 1).to_string())]);
        html.raw("<li><figure>\n<div class=\"sheet\">");
        picture(html, bytes, &filled(t.view, &[&name]));
        html.raw("</div>\n<figcaption>").text(&name).raw("</figcaption>\n</figure></li>\n");
    }
    html.raw("</ul>\n");
}
