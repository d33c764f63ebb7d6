//! Writes an edition as EPUB 3.3 (<https://www.w3.org/TR/epub-33/>) that conforms to EPUB Accessibility 1.1.
//!
//! [`write()`] is a pure function: equal editions and parts produce equal bytes.

mod container;
mod cover;
mod faces;
mod fonts;
mod names;
mod nav;
mod package;
mod page_breaks;
mod page_list;
mod presentation;
#[cfg(test)]
pub(crate) mod sample;
mod style;
mod symbols;
mod xhtml;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use bytes::Bytes;
use rayon::prelude::*;

use typst::text::Coverage;
use zip::ZipArchive;

pub use self::cover::CoverImage;
pub use self::fonts::{FontFile, NeededFonts, WholeFont, WholeReason, files as font_files};
use self::names::Names;
use self::package::PackageItem;
pub use self::page_breaks::insert as break_pages;
pub use self::page_list::{ListedPages, PageSource};
pub use self::presentation::presentation;
pub use self::style::{font_stack, quoted};
pub use self::xhtml::{Document, Xml, address};
use crate::accessibility::AccessibilityFacts;
use crate::characters::non_ascii;
use crate::css::StyleSheet;
use crate::diagnostic::Diagnostics;
use crate::paginate::PageImage;
use crate::product::Product;
use crate::resolve::{Asset, ItemKind, Resolved};

/// The inputs of an EPUB apart from the edition.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The cover image.
    pub cover: &'a PageImage,
    /// Replacements of images, by the index of the asset. They have the same format.
    pub images: &'a BTreeMap<usize, Bytes>,
    /// The accessibility of the content, for the metadata.
    pub accessibility: &'a AccessibilityFacts,
    /// Style sheet shared by all layouts.
    pub common_css: &'a StyleSheet,
    /// Style sheet of the layout.
    pub layout_css: &'a StyleSheet,
    /// Class of the list of section links on the title page; without it, there is no list.
    pub title_page_links: Option<&'a str>,
    /// Fonts that can be embedded, in order.
    pub fonts: &'a [EmbeddedFont<'a>],
    /// Fonts of symbols and emoji, in order of preference, for characters that the families of the brand lack.
    pub symbols: &'a [EmbeddedFont<'a>],
    /// The pages for the page list.
    pub pages: Option<PageSource<'a>>,
}

/// A finished EPUB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenEpub {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// Summary of the page list, if pages were given.
    pub pages: Option<ListedPages>,
    /// The large fonts that it contains whole.
    pub whole_fonts: Vec<WholeFont>,
}

/// A font that can be embedded.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedFont<'a> {
    /// Family, as in the brand tokens.
    pub family: &'a str,
    /// Weight, 100 to 900.
    pub weight: u16,
    /// Italic or oblique.
    pub italic: bool,
    /// File name.
    pub name: &'a str,
    /// `font/otf` or `font/ttf`.
    pub media_type: &'static str,
    /// The bytes of the file, unchanged.
    pub bytes: &'a [u8],
    /// The characters of the font, if known.
    pub coverage: Option<&'a Coverage>,
    /// Whether the font is a fallback, which is embedded only if it has a character of the text that no regular font has.
    pub fallback: bool,
}

const XHTML: &str = "application/xhtml+xml";
const CSS: &str = "text/css";

/// Writes the EPUB of an edition. If it has a page list, [`break_pages`] must have inserted its page breaks.
///
/// # Errors
///
/// Returns all faults that the sections contain, as [`chapters`] does, or an internal error if the container cannot be
/// assembled.
pub fn write(edition: &Resolved, parts: &Parts<'_>) -> Result<WrittenEpub, Diagnostics> {
    let sections = chapters(edition)?;
    let names = Names::new(&edition.sections);
    let title_break = parts.pages.and_then(|pages| page_breaks::title_page(pages.starts));
    let title_page = xhtml::title_page(edition, &names, parts.title_page_links, title_break.as_ref());
    let picture = CoverImage::of(parts.cover);
    let front = [xhtml::cover(edition, picture.href, parts.cover), title_page];
    let listed = parts.pages.map(|pages| page_list::entries(pages.starts, front.iter().chain(&sections)));
    let (page_entries, pages) = listed.unzip();
    let page_entries = page_entries.unwrap_or_default();
    let contents = nav::contents(edition, &names, &sections);
    let nav = nav::document(edition, &names, &contents, &page_entries);
    let texts = front.iter().chain(&sections).map(|document| document.text.as_str()).chain([nav.as_str()]).collect::<Vec<_>>();
    let sheets = [parts.common_css, parts.layout_css].map(StyleSheet::text);
    let (fonts, whole_fonts) = fonts::files(NeededFonts {
        fonts: needed(edition, parts, &texts),
        documents: &texts,
        sheets: &sheets,
        changeable: changeable(edition),
    });
    let symbols = symbols::files(parts, &edition.brand.fonts, &texts);
    let shown: BTreeSet<usize> = sections.iter().flat_map(|document| document.images.iter().copied()).collect();
    let images: Vec<(usize, &Asset)> = shown.into_iter().filter_map(|index| Some((index, edition.assets.get(index)?))).collect();
    let mut items: Vec<PackageItem<'_>> = front.into_iter().map(|document| page(document, None)).collect();
    items.push(PackageItem { properties: Some("nav"), ..text("nav", nav::NAV, XHTML, nav) });
    items.extend(sections.into_iter().enumerate().map(|(index, document)| page(document, Some(index + 1))));
    items.push(PackageItem {
        in_spine: false,
        ..text("ncx", nav::NCX, "application/x-dtbncx+xml", nav::ncx(edition, &contents, &page_entries))
    });
    items.extend(styles_and_fonts(edition, parts, fonts, symbols));
    items.extend(pictures(edition, parts, picture, &images));
    let page_source = parts.pages.filter(|_| !page_entries.is_empty()).map(|pages| pages.product);
    let accessibility = match page_source {
        Some(_) => Cow::Borrowed(parts.accessibility),
        None => Cow::Owned(parts.accessibility.clone().without_page_list()),
    };
    let package = package::document(edition, &items, &accessibility, page_source);
    let bytes = container::assemble(&items, &package, edition.identifier(Product::Epub))?;
    Ok(WrittenEpub { bytes, pages, whole_fonts })
}

/// Returns the paths of the files in an EPUB, with their compressed sizes in bytes.
pub fn files(epub: &[u8]) -> Vec<(String, usize)> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(epub)) else { return Vec::new() };
    let count = archive.len();
    let file = |index| {
        let entry = archive.by_index_raw(index).ok()?;
        Some((entry.name().ok()?.into_owned(), usize::try_from(entry.compressed_size()).ok()?))
    };
    (0..count).filter_map(file).collect()
}

/// Writes the sections of an edition as XHTML, in order.
///
/// # Errors
///
/// Returns an internal error for each link, image and note that resolution should have rejected.
pub fn chapters(edition: &Resolved) -> Result<Vec<Document>, Diagnostics> {
    let names = Names::new(&edition.sections);
    let written = edition.sections.par_iter().map(|section| {
        let mut found = Diagnostics::default();
        let document = xhtml::section(edition, &names, section, &mut found);
        (document, found)
    });
    let (sections, each): (Vec<_>, Vec<_>) = written.collect::<Vec<_>>().into_iter().unzip();
    let mut found = Diagnostics::default();
    each.into_iter().for_each(|own| found.extend(own));
    Ok(found.finish(sections)?.0)
}

fn text<'a>(id: &str, href: &str, media_type: &'a str, text: String) -> PackageItem<'a> {
    let bytes = Cow::Owned(text.into_bytes());
    PackageItem { id: id.into(), href: href.into(), media_type, properties: None, in_spine: true, rights: None, bytes }
}

fn page<'a>(document: Document, number: Option<usize>) -> PackageItem<'a> {
    let id = match number {
        Some(number) => format!("section-{number}"),
        None => document.href.replace(".xhtml", "-page"),
    };
    text(&id, &document.href, XHTML, document.text)
}

/// Returns the font families whose licence allows changed fonts, if these have another name (OFL 1.1, §3).
fn changeable(edition: &Resolved) -> BTreeSet<&str> {
    let fonts = edition.ledger.items.iter().filter(|item| item.kind == ItemKind::Font);
    let open = fonts.filter(|item| item.terms.as_ref().is_some_and(|terms| terms.code() == "OFL-1.1"));
    open.map(|item| item.what.as_str()).collect()
}

/// Returns the fonts that the documents need: the regular faces that they show, and the fallbacks for characters that the regular
/// fonts do not have.
fn needed<'a>(edition: &Resolved, parts: &Parts<'a>, documents: &[&str]) -> Vec<&'a EmbeddedFont<'a>> {
    let fonts = parts.fonts;
    let shown = faces::shown(fonts, documents, &[parts.common_css, parts.layout_css], &edition.brand.fonts);
    let mut missing = BTreeSet::new();
    documents.iter().for_each(|document| missing.extend(non_ascii(document)));
    let has = |font: &EmbeddedFont<'_>, c: char| font.coverage.is_some_and(|coverage| coverage.contains(u32::from(c)));
    missing.retain(|c: &char| !c.is_whitespace() && !c.is_control());
    missing.retain(|c| !fonts.iter().any(|font| !font.fallback && has(font, *c)));
    let shown = fonts.iter().zip(shown).filter(|(_, shown)| *shown).map(|(font, _)| font);
    shown.filter(|font| !font.fallback || missing.iter().any(|c| has(font, *c))).collect()
}

fn styles_and_fonts<'a>(
    edition: &'a Resolved,
    parts: &Parts<'a>,
    fonts: Vec<FontFile<'a>>,
    symbols: Vec<FontFile<'a>>,
) -> Vec<PackageItem<'a>> {
    let [brand, common, layout] = xhtml::STYLES;
    let mut items = vec![
        text("brand-css", brand, CSS, style::brand(edition, &fonts, &symbols)),
        text("common-css", common, CSS, parts.common_css.text().to_owned()),
        text("layout-css", layout, CSS, parts.layout_css.text().to_owned()),
    ];
    items.extend(fonts.into_iter().chain(symbols).enumerate().map(|(index, file)| PackageItem {
        id: format!("font-{}", index + 1),
        href: format!("{}{}", style::FONTS, file.name),
        media_type: file.media_type,
        properties: None,
        in_spine: false,
        rights: edition.ledger.items.iter().find(|item| item.kind == ItemKind::Font && item.what == file.font.family),
        bytes: file.bytes,
    }));
    items.iter_mut().for_each(|item| item.in_spine = false);
    items
}

fn pictures<'a>(
    edition: &'a Resolved,
    parts: &Parts<'a>,
    cover: CoverImage<'a>,
    images: &[(usize, &'a Asset)],
) -> Vec<PackageItem<'a>> {
    let cover = PackageItem {
        id: "cover-image".into(),
        href: cover.href.into(),
        media_type: cover.media_type,
        properties: Some("cover-image"),
        in_spine: false,
        rights: None,
        bytes: cover.bytes,
    };
    let mut rights = BTreeMap::new();
    for item in &edition.ledger.items {
        if let Some(place) = item.asset {
            rights.entry(place).or_insert(item);
        }
    }
    let images = images.iter().enumerate().map(|(index, (place, asset))| PackageItem {
        id: format!("image-{}", index + 1),
        href: format!("{}{}", xhtml::IMAGES, asset.name),
        media_type: asset.media_type,
        properties: None,
        in_spine: false,
        rights: rights.get(place).copied(),
        bytes: Cow::Borrowed(parts.images.get(place).map_or(&*asset.bytes, |version| version)),
    });
    std::iter::once(cover).chain(images).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::model::{BlockKind, Image, InlineKind, Target};
    use rbook::Epub;
    use zip::{CompressionMethod, DateTime};

    fn written(edition: &Resolved) -> Result<Vec<u8>, Diagnostics> {
        let cover = PageImage { png: b"\x89PNG\r\n\x1a\n".to_vec(), width: 1, height: 1 };
        let font = EmbeddedFont {
            family: "Spectral",
            weight: 400,
            italic: false,
            name: "S é.ttf",
            media_type: "font/ttf",
            bytes: b"font",
            coverage: None,
            fallback: false,
        };
        write(
            edition,
            &Parts {
                cover: &cover,
                images: &BTreeMap::new(),
                accessibility: &AccessibilityFacts::of(edition, BTreeSet::new(), sample::presentation()),
                common_css: &StyleSheet::new("p { margin: 0 }".to_owned()),
                layout_css: &StyleSheet::new("h1 { font-family: var(--font-headings) }".to_owned()),
                title_page_links: Some("wheel"),
                fonts: &[font, font],
                symbols: &[],
                pages: None,
            },
        )
        .map(|epub| epub.bytes)
    }

    #[test]
    fn equal_editions_produce_equal_bytes() {
        let edition = sample::edition();
        assert_eq!(written(&edition).unwrap(), written(&edition).unwrap());
    }

    #[test]
    fn archive_starts_with_mimetype_and_has_no_dates() {
        let mut archive = ZipArchive::new(Cursor::new(written(&sample::edition()).unwrap())).unwrap();
        let mut names = Vec::new();
        for index in 0..archive.len() {
            let entry = archive.by_index(index).unwrap();
            assert_eq!(entry.last_modified(), Some(DateTime::default()));
            names.push((entry.name().unwrap().into_owned(), entry.compression()));
        }
        assert_eq!(names[0], ("mimetype".to_owned(), CompressionMethod::Stored));
        let files: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        for file in ["OEBPS/releve.xhtml", "OEBPS/fonts/01-S--.ttf", "OEBPS/layout.css", "OEBPS/toc.ncx"] {
            assert_eq!(files.iter().filter(|name| **name == file).count(), 1, "{file} in {files:?}");
        }
        assert!(!files.contains(&"OEBPS/stylesheet.css"), "it is unused");
        let mut nav = String::new();
        archive.by_name("OEBPS/nav.xhtml").unwrap().read_to_string(&mut nav).unwrap();
        assert!(nav.contains("role=\"doc-toc\""), "the navigation is not replaced: {nav}");
    }

    #[test]
    fn reading_systems_find_title_spine_and_contents() {
        let epub = Epub::read(Cursor::new(written(&sample::edition()).unwrap())).unwrap();
        assert_eq!(epub.metadata().title().unwrap().value(), "Carnet");
        let order: Vec<String> =
            epub.spine().iter().map(|entry| entry.manifest_entry().unwrap().href().name().decode().into_owned()).collect();
        assert_eq!(order, ["cover.xhtml", "title.xhtml", "nav.xhtml", "releve.xhtml", "courbe.xhtml"]);
        assert_eq!(
            epub.toc().contents().unwrap().iter().map(|entry| entry.label().to_owned()).collect::<Vec<_>>(),
            ["Le relevé", "La courbe"]
        );
        assert!(epub.manifest().cover_image().is_some());
    }

    #[test]
    fn embeds_and_describes_only_used_images() {
        let mut edition = sample::edition();
        let package = |edition: &Resolved| {
            let mut archive = ZipArchive::new(Cursor::new(written(edition).unwrap())).unwrap();
            let mut text = String::new();
            archive.by_name("OEBPS/content.opf").unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let bare = package(&edition);
        assert!(!bare.contains("001-anime.gif") && !bare.contains("alternativeText"), "{bare}");
        let image = Image { asset: 0, alt: Some("Une vague".into()), caption: vec![], credit: None, width: Some(50), link: None };
        edition.sections[0].body = vec![sample::block(BlockKind::Figure(image))];
        let shown = package(&edition);
        assert!(
            shown.contains("images/001-anime.gif") && shown.contains("alternativeText") && shown.contains(">unknown<"),
            "{shown}"
        );
    }

    #[test]
    fn reports_invalid_links_notes_and_images() {
        let mut edition = sample::edition();
        let target = Target::Internal { section: "nulle-part".into(), id: "x".into(), title: sample::title("X") };
        let link = InlineKind::Link(target, None, sample::inlines(vec![InlineKind::Text("x".into())]));
        let text = sample::inlines(vec![link, sample::note(7, 2, "")]);
        let image = Image { asset: 99, alt: None, caption: vec![], credit: None, width: None, link: None };
        edition.sections[0].body = vec![sample::block(BlockKind::Paragraph(text)), sample::block(BlockKind::Figure(image))];
        assert_eq!(written(&edition).unwrap_err().sorted().len(), 3);
    }
}
