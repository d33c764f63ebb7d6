//! Times the stages one by one: `cargo bench --locked`, or `cargo bench --locked -- xhtml` for one.
//!
//! Measured is the first publication of a workspace: the notebook of the tests, or the one that `RELIURE_BENCH` names, such as
//! a book that `tests/bench/run` made.

#![allow(clippy::expect_used, clippy::panic, reason = "a bench that cannot start has nobody to tell but its own output")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use reliure::diagnostic::SourceId;
use reliure::stages::{
    Cover, Index, Layout, Parts, Project, Publication, Resolved, Rigour, Source, embedded_fonts, epub, index, markup, open,
    parse, resolve, typeset, xhtml,
};

fn main() {
    divan::main();
}

/// A workspace, read, with the names that its first publication goes by.
struct Bench {
    project: Project,
    index: Index,
    layout: Layout,
    texts: Vec<(SourceId, String)>,
}

static BENCH: LazyLock<Bench> = LazyLock::new(|| {
    let notebook = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/carnet");
    let root = std::env::var_os("RELIURE_BENCH").map_or_else(notebook, PathBuf::from);
    let (project, found) = open(&root, &[], Rigour::Full);
    assert!(!found.has_errors(), "{} cannot be read", root.display());
    let entry = project.catalogue.entries.first().expect("a publication");
    let (name, span) = entry.layout();
    let layout = project.layout(&name, span).unwrap_or_else(|_| panic!("no layout {name}"));
    let ids = entry.sections.iter().map(|section| section.title_span.source);
    let texts = ids.filter_map(|id| Some((id, project.sources.get(id)?.text.to_string()))).collect();
    let slugs = project.catalogue.slugs.clone();
    let entries = project.catalogue.entries.iter();
    let publications = entries.map(|entry| (entry.slug.clone(), Arc::new(index(entry, &slugs)))).collect();
    let index = Index { slugs, published_at: project.catalogue.published_at.clone(), publications };
    Bench { project, index, layout, texts }
});

impl Bench {
    fn entry(&self) -> &Publication {
        &self.project.catalogue.entries[0]
    }

    fn resolved(&self) -> Resolved {
        let entry = self.entry();
        let source = Source {
            publication: entry,
            edition: &entry.manifest.value.editions[0],
            layout: &self.layout.manifest,
            index: &self.index,
            images: &self.project,
            typefaces: &self.project.typefaces(),
            rigour: Rigour::Full,
        };
        resolve(&source).map(|(edition, _)| edition).unwrap_or_else(|_| panic!("{} does not resolve", entry.slug))
    }

    fn set(&self) -> Resolved {
        let mut edition = self.resolved();
        typeset(&mut edition, false);
        edition
    }
}

/// Markdown to the model, every section.
#[divan::bench]
fn stage_1_parse(bencher: Bencher) {
    bencher.bench(|| {
        for (source, text) in &BENCH.texts {
            let _ = black_box(parse(*source, "section", text, Rigour::Full));
        }
    });
}

/// Ids, links, images, credits, rights.
#[divan::bench]
fn stage_2_resolve(bencher: Bencher) {
    bencher.bench(|| BENCH.resolved());
}

/// The language's rules, over every text.
#[divan::bench]
fn stage_3_typography(bencher: Bencher) {
    bencher.with_inputs(|| BENCH.resolved()).bench_values(|mut edition| {
        typeset(&mut edition, false);
        edition
    });
}

/// The model to Typst sources.
#[divan::bench]
fn stage_4_markup(bencher: Bencher) {
    bencher.with_inputs(|| BENCH.set()).bench_refs(|edition| markup(&BENCH.layout, edition));
}

/// The model to the documents of the EPUB.
#[divan::bench]
fn stage_5_xhtml(bencher: Bencher) {
    bencher.with_inputs(|| BENCH.set()).bench_refs(|edition| xhtml(edition).is_ok());
}

/// The whole EPUB, with its package document, its navigation and its container; the documents are written again.
#[divan::bench]
fn stage_6_container(bencher: Bencher) {
    let cover = Cover { png: vec![0; 60_000], width: 1131, height: 1600 };
    bencher.with_inputs(|| BENCH.set()).bench_refs(|edition| {
        let fonts = embedded_fonts(&edition.brand.fonts, &BENCH.project.fonts);
        let (common_css, layout_css) = (BENCH.layout.common_css.as_str(), BENCH.layout.css.as_str());
        epub(edition, &Parts { cover: &cover, common_css, layout_css, fonts: &fonts }).is_ok()
    });
}
