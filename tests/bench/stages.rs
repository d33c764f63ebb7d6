//! Measures each stage: `cargo bench --locked`, or `cargo bench --locked -- xhtml` for one.
//!
//! The input is the first publication of a workspace: the fixture `carnet`, or the workspace that `RELIURE_BENCH` names,
//! such as a book that `tests/bench/run` generated.

#![allow(clippy::expect_used, clippy::panic, reason = "a bench reports errors by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use reliure::diagnostic::{SourceId, Strictness};
use reliure::stages::{
    AccessibilityFacts, EditionSource, FontSet, ImageStore, Index, Layout, PageImage, Parts, Presentation, Publication, Resolved,
    SharedIndex, Workspace, embedded_fonts, epub, markup, parse, resolve, typeset, xhtml,
};

fn main() {
    divan::main();
}

/// The first publication of a workspace after reading.
struct Bench {
    publication: Publication,
    index: Index,
    images: ImageStore,
    fonts: FontSet,
    layout: Arc<Layout>,
    texts: Vec<(SourceId, String)>,
}

static BENCH: LazyLock<Bench> = LazyLock::new(|| {
    let fixture = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/carnet");
    let root = std::env::var_os("RELIURE_BENCH").map_or_else(fixture, PathBuf::from);
    let workspace = Arc::new(Workspace::open(&root).0);
    let home = workspace.homes()[0].clone();
    let read = workspace.read(&home, Strictness::Full);
    let publication = read.publication.unwrap_or_else(|| panic!("{} cannot be read", root.display()));
    let index = SharedIndex::new(&workspace, None).of(&workspace, &publication);
    let images = ImageStore::new(Arc::clone(&workspace), &home);
    images.add_sidecars(read.sidecars);
    let (name, span) = publication.layout();
    let layout = workspace.layouts().layout(&name, span).unwrap_or_else(|_| panic!("no layout {name}"));
    let ids = publication.sections.iter().map(|section| section.title_span.source);
    let texts = ids.filter_map(|id| Some((id, read.sources.get(id)?.text.to_string()))).collect();
    let fonts = FontSet::read(&workspace.root, &workspace.config.fonts);
    Bench { publication, index, images, fonts, layout, texts }
});

impl Bench {
    fn resolved(&self) -> Resolved {
        let source = EditionSource {
            publication: &self.publication,
            edition: &self.publication.manifest.value.editions[0],
            layout: &self.layout.manifest,
            index: &self.index,
            images: &self.images,
            typefaces: &self.fonts.typefaces,
            workspace: None,
            strictness: Strictness::Full,
        };
        resolve(&source).map(|(edition, _)| edition).unwrap_or_else(|_| panic!("{} does not resolve", self.publication.slug))
    }

    fn set(&self) -> Resolved {
        let mut edition = self.resolved();
        typeset(&mut edition, false);
        edition
    }
}

/// Parses the Markdown of every section.
#[divan::bench]
fn stage_1_parse(bencher: Bencher) {
    bencher.bench(|| {
        for (source, text) in &BENCH.texts {
            let _ = black_box(parse(*source, "section", text, Strictness::Full));
        }
    });
}

/// Resolves ids, links, images, credits and rights.
#[divan::bench]
fn stage_2_resolve(bencher: Bencher) {
    bencher.bench(|| BENCH.resolved());
}

/// Applies the typography of the language to every text.
#[divan::bench]
fn stage_3_typography(bencher: Bencher) {
    bencher.with_inputs(|| BENCH.resolved()).bench_values(|mut edition| {
        typeset(&mut edition, false);
        edition
    });
}

/// Writes the Typst sources.
#[divan::bench]
fn stage_4_markup(bencher: Bencher) {
    bencher.with_inputs(|| BENCH.set()).bench_refs(|edition| markup(&BENCH.layout, &BENCH.fonts, edition, 0.0));
}

/// Writes the XHTML documents of the EPUB.
#[divan::bench]
fn stage_5_xhtml(bencher: Bencher) {
    bencher.with_inputs(|| BENCH.set()).bench_refs(|edition| xhtml(edition).is_ok());
}

/// Writes the whole EPUB: XHTML documents, package document, navigation and container.
#[divan::bench]
fn stage_6_container(bencher: Bencher) {
    let cover = PageImage { png: vec![0; 60_000], width: 1131, height: 1600 };
    bencher.with_inputs(|| BENCH.set()).bench_refs(|edition| {
        let fonts = embedded_fonts(&edition.brand.fonts, &BENCH.fonts.faces);
        let (common_css, layout_css) = (&BENCH.layout.common_css, &BENCH.layout.css);
        let title_page_links = BENCH.layout.manifest.title_page_links.as_deref();
        let accessibility = &AccessibilityFacts::of(edition, BTreeSet::new(), Presentation::default());
        let images = &BTreeMap::new();
        let parts = Parts {
            cover: &cover,
            images,
            accessibility,
            common_css,
            layout_css,
            title_page_links,
            fonts: &fonts,
            symbols: &[],
            pages: None,
        };
        epub(edition, &parts).is_ok()
    });
}
