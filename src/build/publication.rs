//! Reads one publication, builds its editions in turn and returns its diagnostics.
//!
//! Editions of one publication are not built in parallel, so that later ones reuse cached results of Typst.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::clock::latest_day;
use super::edition::{EditionResult, build_edition};
use super::freshness::{Findings, Fresh};
use super::identifiers;
use super::images::ImageStore;
use super::release::input_files;
use super::store::StoredDiagnostic;
use super::{Context, LeftOut, Rebuild, Reporting, Rules};
use crate::check::{self, AllowedFinding};
use crate::diagnostic::{Diagnostics, Sources};
use crate::disk::Digest;
use crate::manifest::EditionManifest;
use crate::product::Product;
use crate::resolve::{shared_by_editions, usual_products};
use crate::workspace::{Home, Index, Layout, Publication};

/// The inputs for building the editions of a publication.
pub struct PublicationJob<'a> {
    /// The publication before resolution.
    pub publication: &'a Publication,
    /// Its texts and the texts of the workspace.
    pub sources: &'a Sources,
    /// Digest of its texts.
    pub texts: Digest,
    /// Its layout.
    pub layout: &'a Layout,
    /// Index entries of the publication and of the publications that it refers to.
    pub index: &'a Index,
    /// Its images.
    pub images: &'a ImageStore,
    /// Its severity levels and allowances.
    pub rules: &'a Rules,
    /// The requested products.
    pub products: &'a [Product],
    /// The products that are built by default.
    pub usual: &'a [Product],
}

/// A message from a job to the collector.
pub enum Message {
    /// An edition was built.
    Edition(Box<EditionResult>),
    /// The publication is done.
    Publication(Box<PublicationResult>),
}

/// The result of a publication after its editions are built.
#[derive(Default)]
pub struct PublicationResult {
    /// Diagnostics of its texts, with its severity levels and allowances applied.
    pub diagnostics: Diagnostics,
    /// The findings that allowances of the sources suppressed.
    pub allowed: Vec<AllowedFinding>,
    /// Its texts.
    pub sources: Sources,
    /// Its severity levels and allowances; `None` if it could not be read or is up to date.
    pub rules: Option<Rules>,
    /// Ids of its editions; empty if it could not be read or is up to date.
    pub declared: Vec<String>,
    /// Number of artefacts that are up to date.
    pub current: usize,
    /// Records that the last build left out, if the publication is up to date.
    pub left_out: Vec<LeftOut>,
    /// Whether covers of the whole workspace are requested and this publication has none.
    pub lacks_cover: bool,
    /// Whether it is up to date.
    pub fresh: bool,
    /// The files that its build may read, for a release.
    pub inputs: BTreeSet<String>,
    /// Digest of its inputs, and findings for its record; `None` if no record is written.
    pub record: Option<(Digest, Findings)>,
}

/// Builds the editions of a publication.
pub fn run(context: &Context, home: &Home, send: &dyn Fn(Message)) {
    let done = PublicationReading::of(context, home).finish(send);
    context.progress.finish_job(&home.slug);
    send(Message::Publication(Box::new(done)));
    context.memo.evict();
}

/// Returns the result of the last build if the digests of files show that the publication is up to date. Returns `None` after an
/// interruption.
pub fn fresh(context: &Context, home: &Home) -> Option<PublicationResult> {
    if context.interrupt.is_raised() {
        return None;
    }
    // The site describes every edition, so all of them are resolved.
    let freshness = context.freshness.as_ref().filter(|_| !context.request.makes_site());
    let freshness = freshness.filter(|_| context.request.reporting == Reporting::None)?;
    let fresh = freshness.check(&context.workspace, &context.output, home, &context.request)?;
    let Fresh { artefacts: current, left_out, lacks_cover, diagnostics, sources } = fresh;
    Some(PublicationResult { diagnostics, sources, current, left_out, lacks_cover, fresh: true, ..PublicationResult::default() })
}

/// A publication that was read, and its diagnostics.
struct PublicationReading<'a> {
    context: &'a Context,
    home: &'a Home,
    images: ImageStore,
    publication: Option<Publication>,
    sources: Sources,
    found: Diagnostics,
}

impl<'a> PublicationReading<'a> {
    fn of(context: &'a Context, home: &'a Home) -> Self {
        let images =
            ImageStore::new(Arc::clone(&context.workspace), home).with_cache(context.freshness.clone(), context.request.rebuild);
        // Caches the images while digesting them if the publication must be built, to avoid reading them twice.
        if let Some(freshness) = &context.freshness
            && (context.request.rebuild == Rebuild::All || freshness.is_unknown(&home.slug))
        {
            freshness.digest_folder(&context.workspace, home, &|path| images.cached(path));
        }
        let read = context.workspace.read(home, context.request.strictness);
        images.add_sidecars(read.sidecars);
        let mut sources = context.workspace.sources.clone();
        sources.extend(&read.sources);
        Self { context, home, images, publication: read.publication, sources, found: read.found }
    }

    fn finish(mut self, send: &dyn Fn(Message)) -> PublicationResult {
        let Some(publication) = self.publication.take() else {
            let rules = Rules { levels: self.context.levels.clone(), ..Rules::default() };
            let diagnostics = rules.policy(&self.context.request).apply(self.found, &mut Vec::new());
            return PublicationResult { diagnostics, sources: self.sources, ..PublicationResult::default() };
        };
        self.found.extend(check::future_assessments(&publication.manifest, latest_day()));
        self.found.extend(shared_by_editions(&publication.manifest));
        let rules = Rules::read(&self.context.levels, &publication, &self.sources, &mut self.found);
        let layout = self.layout(&publication);
        let usual = usual_products(&publication, self.context.workspace.manifest.as_ref());
        let index = self.context.index.of(&self.context.workspace, &publication);
        let mut allowed = Vec::new();
        let mut diagnostics = rules.policy(&self.context.request).apply(std::mem::take(&mut self.found), &mut allowed);
        if let (Some(layout), false) = (layout.as_deref(), diagnostics.has_errors()) {
            let job = PublicationJob {
                publication: &publication,
                sources: &self.sources,
                texts: Digest::of_list(self.sources.iter().map(|source| source.text.as_ref())),
                layout,
                index: &index,
                images: &self.images,
                rules: &rules,
                products: &self.context.request.products(&usual),
                usual: &usual,
            };
            build_editions(self.context, &job, send);
        }
        let lacks_cover = self.context.request.lacks_cover(&usual);
        let record = self.record(&index, &publication, usual, &diagnostics);
        let inputs = if self.context.request.release { self.inputs(&index, &publication) } else { BTreeSet::new() };
        let (late, late_found) = self.images.take_late();
        self.sources.extend(&late);
        diagnostics.extend(rules.policy(&self.context.request).apply(late_found, &mut allowed));
        let declared = publication.manifest.value.editions.iter().map(|edition| edition.id.get_ref().clone()).collect();
        PublicationResult {
            diagnostics,
            allowed,
            sources: self.sources,
            rules: Some(rules),
            declared,
            inputs,
            lacks_cover,
            record,
            ..PublicationResult::default()
        }
    }

    fn layout(&mut self, publication: &Publication) -> Option<Arc<Layout>> {
        let layouts = self.context.workspace.layouts();
        let (name, place) = publication.layout();
        match layouts.layout(&name, place) {
            Ok(layout) => Some(layout),
            Err(errors) => {
                self.found.extend(errors);
                None
            }
        }
    }

    /// Returns the files that the build may read.
    fn inputs(&self, index: &Index, publication: &Publication) -> BTreeSet<String> {
        let own = index.publication(&publication.slug);
        let names = own.iter().flat_map(|own| own.names.iter().map(String::as_str));
        let outside = self.images.outside();
        input_files(&self.context.workspace, self.home, names, outside.keys())
    }

    /// Prepares the record of the publication; its editions are added once they are written.
    fn record(
        &self,
        index: &Index,
        publication: &Publication,
        usual: Vec<Product>,
        found: &Diagnostics,
    ) -> Option<(Digest, Findings)> {
        let freshness = self.context.freshness.as_ref()?;
        let names = index.publication(&publication.slug).map(|own| own.names.clone()).unwrap_or_default();
        let (outside, images) = (self.images.outside(), self.images.versions());
        let inputs = freshness.inputs(&self.context.workspace, self.home, &names, &outside);
        let declared = publication.manifest.value.editions.iter().map(|edition| edition.id.get_ref().clone()).collect();
        let reading = StoredDiagnostic::all(found, &self.sources)?;
        let identifiers = identifiers::keys(&publication.manifest);
        let editions = BTreeMap::default();
        Some((inputs, Findings { names, outside, declared, usual, identifiers, reading, unused: None, editions, images }))
    }
}

fn build_editions(context: &Context, job: &PublicationJob<'_>, send: &dyn Fn(Message)) {
    let editions = job.publication.manifest.value.editions.iter();
    let is_requested = |edition: &&EditionManifest| context.request.edition.as_ref().is_none_or(|id| id == edition.id.get_ref());
    for edition in editions.filter(is_requested) {
        if context.interrupt.is_raised() {
            return;
        }
        send(Message::Edition(Box::new(build_edition(context, job, edition))));
    }
}
