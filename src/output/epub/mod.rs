//! The EPUB 3.3 of an edition (<https://www.w3.org/TR/epub-33/>), with EPUB Accessibility 1.1.
//!
//! [`write()`] is a pure function: equal editions and parts give equal bytes.

mod container;
mod names;
mod nav;
mod package;
#[cfg(test)]
pub(crate) mod sample;
mod style;
mod xhtml;

use std::borrow::Cow;
use std::collections::BTreeSet;

use self::names::Names;
use self::package::{Item, Traits};
use self::xhtml::Document;
use crate::diagnostic::Diagnostics;
use crate::resolve::{Asset, Resolved};

/// The cover picture: the first page of the PDF, rendered.
#[derive(Clone, Debug)]
pub struct Cover {
    /// The picture as PNG.
    pub png: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// What an EPUB takes beside the edition.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The cover picture.
    pub cover: &'a Cover,
    /// Style sheet that layouts share.
    pub common_css: &'a str,
    /// Style sheet of the layout.
    pub layout_css: &'a str,
    /// Fonts to embed.
    pub fonts: &'a [EmbeddedFont<'a>],
}

/// A font to embed, whole.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedFont<'a> {
    /// Family, as brand tokens name it.
    pub family: &'a str,
    /// Weight, 100 to 900.
    pub weight: u16,
    /// Italic or oblique.
    pub italic: bool,
    /// File name.
    pub name: &'a str,
    /// `font/otf` or `font/ttf`.
    pub media_type: &'static str,
    /// Its bytes, untouched.
    pub bytes: &'a [u8],
}

const XHTML: &str = "application/xhtml+xml";
const CSS: &str = "text/css";
const COVER: &str = "images/cover.png";

/// Writes the EPUB of an edition. Every fault that the tree hides is reported at once.
pub fn write(edition: &Resolved, parts: &Parts<'_>) -> Result<Vec<u8>, Diagnostics> {
    let mut found = Diagnostics::default();
    let names = Names::new(&edition.sections);
    let front = [xhtml::cover(edition, COVER), xhtml::title_page(edition, &names)];
    let sections: Vec<Document> =
        edition.sections.iter().map(|section| xhtml::section(edition, &names, section, &mut found)).collect();
    if found.has_errors() {
        return Err(found);
    }
    let contents = nav::contents(edition, &names, &sections);
    let shown: BTreeSet<usize> = sections.iter().flat_map(|document| document.images.iter().copied()).collect();
    let images: Vec<&Asset> = shown.into_iter().filter_map(|index| edition.assets.get(index)).collect();
    let traits = Traits {
        described_images: sections.iter().any(|document| document.described),
        moving_images: images.iter().any(|asset| may_move(asset)),
    };
    let mut items = Vec::new();
    let mut pages = front.into_iter();
    items.extend(pages.by_ref().map(|document| page(document, None)));
    items.push(Item { properties: Some("nav"), ..text("nav", nav::NAV, XHTML, nav::document(edition, &names, &contents)) });
    items.extend(sections.into_iter().enumerate().map(|(index, document)| page(document, Some(index + 1))));
    items.push(Item { in_spine: false, ..text("ncx", nav::NCX, "application/x-dtbncx+xml", nav::ncx(edition, &contents)) });
    items.extend(styles_and_fonts(edition, parts));
    items.extend(pictures(parts, &images));
    let package = package::document(edition, &items, traits);
    container::assemble(&items, &package, edition.identifier("epub"))
}

fn text<'a>(id: &str, href: &str, media_type: &'a str, text: String) -> Item<'a> {
    let bytes = Cow::Owned(text.into_bytes());
    Item { id: id.into(), href: href.into(), media_type, properties: None, in_spine: true, bytes }
}

fn page<'a>(document: Document, number: Option<usize>) -> Item<'a> {
    let id = match number {
        Some(number) => format!("section-{number}"),
        None => document.href.replace(".xhtml", "-page"),
    };
    text(&id, &document.href, XHTML, document.text)
}

fn styles_and_fonts<'a>(edition: &Resolved, parts: &Parts<'a>) -> Vec<Item<'a>> {
    let fonts: Vec<(String, &EmbeddedFont<'a>)> =
        parts.fonts.iter().enumerate().map(|(index, font)| (font_file(index + 1, font), font)).collect();
    let [brand, common, layout] = xhtml::STYLES;
    let mut items = vec![
        text("brand-css", brand, CSS, style::brand(edition, &fonts)),
        text("common-css", common, CSS, parts.common_css.to_owned()),
        text("layout-css", layout, CSS, parts.layout_css.to_owned()),
    ];
    items.extend(fonts.into_iter().enumerate().map(|(index, (file, font))| Item {
        id: format!("font-{}", index + 1),
        href: format!("{}{file}", style::FONTS),
        media_type: font.media_type,
        properties: None,
        in_spine: false,
        bytes: Cow::Borrowed(font.bytes),
    }));
    items.iter_mut().for_each(|item| item.in_spine = false);
    items
}

/// Names a font file: its own name where no other system trips over it, with a number that keeps it apart.
fn font_file(number: usize, font: &EmbeddedFont<'_>) -> String {
    let name: String = font.name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' }).collect();
    format!("{number:02}-{name}")
}

fn pictures<'a>(parts: &Parts<'a>, images: &[&'a Asset]) -> Vec<Item<'a>> {
    let cover = Item {
        id: "cover-image".into(),
        href: COVER.into(),
        media_type: "image/png",
        properties: Some("cover-image"),
        in_spine: false,
        bytes: Cow::Borrowed(&parts.cover.png),
    };
    let images = images.iter().enumerate().map(|(index, asset)| Item {
        id: format!("image-{}", index + 1),
        href: format!("{}{}", xhtml::IMAGES, asset.name),
        media_type: asset.media_type,
        properties: None,
        in_spine: false,
        bytes: Cow::Borrowed(&*asset.bytes),
    });
    std::iter::once(cover).chain(images).collect()
}

/// Tells whether an image may be animated: a GIF always may; PNG and WebP name the chunk that says so.
fn may_move(asset: &Asset) -> bool {
    let names = |chunk: &[u8; 4]| asset.bytes.windows(4).any(|bytes| bytes == chunk);
    match asset.media_type {
        "image/gif" => true,
        "image/png" => names(b"acTL"),
        "image/webp" => names(b"ANIM"),
        _ => false,
    }
}
