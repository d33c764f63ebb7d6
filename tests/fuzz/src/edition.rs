//! Creates an edition for generated sections with the stages of the library.

use std::sync::{Arc, LazyLock};

use reliure::diagnostic::{Sources, Strictness};
use reliure::manifest::{AssetManifest, LayoutManifest, Manifest, PublicationManifest, parse};
use reliure::stages::{
    Asset, EditionSource, FontSet, Images, Index, Layout, Publication, ReadImage, Resolved, Section, Slugs, StyleSheet,
    TransparentBackground, index, resolve,
};

use super::draw::{Draw, SECTIONS, words};

/// A publication of two sections that uses every kind of front matter and colophon entry.
pub const PUBLICATION: &str = r#"title = "A note"
subtitle = "On <locks>"
description = "A note & no more."
keywords = ["canal", "lock"]
period = "2020-2024"
lang = "en"
uuid = "4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10"
sections = ["one", "two"]
publisher = "us"

[organisations.us]
name = "Us"
url = "https://example.org"

[people.ann]
name = "Ann Other"
orcid = "0000-0002-1825-0097"
affiliation = "us"

[[credits]]
role = "author"
names = ["ann"]

[[sources]]
title = "The older note"
kind = "text"

[[editions]]
id = "1"
date = "2024-05-17"
"#;

/// A project without image files.
pub struct NoImages;

impl Images for NoImages {
    fn image(&self, _: &str) -> ReadImage {
        Ok(None)
    }

    fn sidecar(&self, _: &str) -> Option<Manifest<AssetManifest>> {
        None
    }

    fn images_in(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

/// Returns a layout without style sheets.
pub fn layout() -> &'static Layout {
    static LAYOUT: LazyLock<Layout> = LazyLock::new(read_layout);
    &LAYOUT
}

/// Returns the fonts of the tool.
pub fn fonts() -> &'static FontSet {
    static FONTS: LazyLock<FontSet> = LazyLock::new(FontSet::built_in);
    &FONTS
}

fn read_layout() -> Layout {
    let text = "description = \"none\"\n[page]\nwidth = \"210mm\"\nheight = \"297mm\"\n";
    let manifest = parse::<LayoutManifest>(Sources::default().add("layout.toml", text), text).expect("the layout is read").value;
    Layout { name: "simple".into(), manifest, common_css: StyleSheet::new(String::new()), css: StyleSheet::new(String::new()) }
}

/// Returns a publication after reading, without sections.
pub fn entry(manifest: Manifest<PublicationManifest>) -> Publication {
    Publication {
        slug: "note".into(),
        folder: "sources/note".into(),
        series_folder: None,
        series: None,
        manifest,
        sections: Vec::new(),
    }
}

/// Returns [`PUBLICATION`] after reading.
pub fn publication() -> Publication {
    static READ: LazyLock<Publication> = LazyLock::new(|| {
        let source = Sources::default().add("publication.toml", PUBLICATION);
        entry(parse::<PublicationManifest>(source, PUBLICATION).expect("the publication is read"))
    });
    READ.clone()
}

/// Resolves the first edition of a publication as a lenient build does.
pub fn resolved(entry: Publication) -> Option<Resolved> {
    let slugs: Slugs = [entry.slug.clone()].into_iter().collect();
    let publications = [(entry.slug.clone(), Arc::new(index(&entry, &slugs)))].into();
    let index = Index { slugs: Arc::new(slugs), published_url: None, publications };
    let layout = layout();
    let edition = entry.manifest.value.editions.first()?;
    let source = EditionSource {
        publication: &entry,
        edition,
        layout: &layout.manifest,
        index: &index,
        images: &NoImages,
        typefaces: &[],
        workspace: None,
        strictness: Strictness::Lenient,
    };
    resolve(&source).ok().map(|(edition, _)| edition)
}

/// Returns the edition for generated sections. It has two images.
fn bare() -> Resolved {
    static BARE: LazyLock<Resolved> = LazyLock::new(resolve_bare);
    BARE.clone()
}

fn resolve_bare() -> Resolved {
    let mut edition = resolved(publication()).expect("the publication is resolved");
    edition.assets = ["001-a.png", "002-b.gif"].map(asset).into();
    edition
}

fn asset(name: &str) -> Asset {
    let media_type = if name.ends_with("gif") { "image/gif" } else { "image/png" };
    let (path, bytes) = (name.into(), b"none"[..].into());
    Asset {
        path,
        name: name.into(),
        media_type,
        bytes,
        width: 1,
        height: 1,
        natural: None,
        background: TransparentBackground::default(),
        is_moving_drawing: false,
        is_plain: true,
        is_repeated: false,
        original: None,
        inner: Vec::new(),
    }
}

/// Returns an edition with generated titles, sections and languages.
pub fn drawn(bytes: &[u8]) -> Resolved {
    let mut draw = Draw::new(bytes);
    let mut edition = bare();
    for (at, id) in SECTIONS.into_iter().enumerate() {
        let title = if draw.rarely(2) { draw.title() } else { "Title".into() };
        let nav = if draw.rarely(4) { draw.title() } else { title.clone() };
        let lang = draw.rarely(4).then(|| draw.language());
        let (lead, body) = draw.section(id);
        edition.sections.push(Section {
            id: id.into(),
            number: at + 1,
            title: words(title),
            nav: words(nav),
            lead,
            lang,
            accent: at,
            body,
            page_break: None,
        });
    }
    if draw.rarely(4) {
        edition.title = draw.title();
        edition.subtitle = Some(draw.words());
        edition.description = Some(draw.words());
    }
    edition
}
