//! One publication: reads it, makes its editions one after the other, and reports what it found.
//!
//! Editions of one publication are made in turn, so that a later one can use what Typst remembers of an earlier one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edition::{Made, make_edition};
use super::freshness::Findings;
use super::images::ImageStore;
use super::store::StoredDiagnostic;
use super::{Context, Rebuild, Rules};
use crate::diagnostic::{Diagnostics, Sources};
use crate::disk::Digest;
use crate::manifest::EditionManifest;
use crate::workspace::{Home, Index, Layout, Publication};

/// A publication whose editions are made.
pub struct PublicationJob<'a> {
    /// The publication as it was read.
    pub publication: &'a Publication,
    /// Its texts, and those of the workspace.
    pub sources: &'a Sources,
    /// Digest of its texts.
    pub texts: Digest,
    /// Its layout.
    pub layout: &'a Layout,
    /// Its own index, and those of the publications that it names.
    pub index: &'a Index,
    /// Its images.
    pub images: &'a ImageStore,
    /// What it decides about findings.
    pub rules: &'a Rules,
}

/// What a job sends while it runs.
pub enum Message {
    /// An edition was made.
    Edition(Box<Made>),
    /// The publication is done.
    Publication(Box<Done>),
}

/// What is known of a publication once its editions are made.
#[derive(Default)]
pub struct Done {
    /// What was found in its texts, after the project's policy.
    pub diagnostics: Diagnostics,
    /// Numbers of the allowances that were of use there.
    pub allowed: Vec<usize>,
    /// Its texts.
    pub sources: Sources,
    /// What it decides about findings; none if it could not be read or is up to date.
    pub rules: Option<Rules>,
    /// Ids of its editions; none if it could not be read or is up to date.
    pub declared: Vec<String>,
    /// Artefacts that are up to date and need not be made.
    pub current: usize,
    /// It is up to date.
    pub fresh: bool,
    /// What its record needs; none if there is none to write.
    pub record: Option<(Digest, Findings)>,
}

/// Makes the editions of a publication, unless it is up to date.
pub fn run(context: &Context, home: &Home, send: &dyn Fn(Message)) {
    let done = fresh(context, home).unwrap_or_else(|| Reading::of(context, home).finish(send));
    context.progress.finish_job(&home.slug);
    send(Message::Publication(Box::new(done)));
    context.memo.evict();
}

/// Decides by digests of files whether the publication is up to date.
fn fresh(context: &Context, home: &Home) -> Option<Done> {
    let freshness = context.freshness.as_ref()?;
    let fresh = freshness.check(&context.workspace, &context.output, home, &context.request)?;
    let (diagnostics, sources) = (fresh.diagnostics, fresh.sources);
    Some(Done { diagnostics, sources, current: fresh.artefacts, fresh: true, ..Done::default() })
}

/// A publication that was read.
struct Reading<'a> {
    context: &'a Context,
    home: &'a Home,
    images: ImageStore,
    publication: Option<Publication>,
    sources: Sources,
    found: Diagnostics,
}

impl<'a> Reading<'a> {
    fn of(context: &'a Context, home: &'a Home) -> Self {
        let images =
            ImageStore::new(Arc::clone(&context.workspace), home).with_cache(context.freshness.clone(), context.request.rebuild);
        // Images of a publication that will certainly be made are kept when they are digested: none is read twice.
        if let Some(freshness) = &context.freshness
            && (context.request.rebuild == Rebuild::All || freshness.is_unknown(&home.slug))
        {
            freshness.digest_folder(&context.workspace, home, &|path| images.held(path));
        }
        let read = context.workspace.read(home, context.request.strictness);
        images.add_sidecars(read.sidecars);
        let mut sources = context.workspace.sources.clone();
        sources.extend(&read.sources);
        Self { context, home, images, publication: read.publication, sources, found: read.found }
    }

    fn finish(mut self, send: &dyn Fn(Message)) -> Done {
        let Some(publication) = self.publication.take() else {
            let rules = Rules { levels: self.context.levels.clone(), ..Rules::default() };
            let diagnostics = rules.policy(&self.context.request).apply(self.found, &mut Vec::new());
            return Done { diagnostics, sources: self.sources, ..Done::default() };
        };
        let rules = Rules::read(&self.context.levels, &publication, &self.sources, &mut self.found);
        let layout = self.layout(&publication);
        let index = self.context.index.of(&self.context.workspace, &publication);
        let mut allowed = Vec::new();
        let mut diagnostics = rules.policy(&self.context.request).apply(std::mem::take(&mut self.found), &mut allowed);
        if let (Some(layout), false) = (&layout, diagnostics.has_errors()) {
            let job = PublicationJob {
                publication: &publication,
                sources: &self.sources,
                texts: Digest::of_list(self.sources.iter().map(|source| source.text.as_ref())),
                layout,
                index: &index,
                images: &self.images,
                rules: &rules,
            };
            make_editions(self.context, &job, send);
        }
        let record = self.record(&index, &publication, &diagnostics);
        let (late, late_found) = self.images.take_late();
        self.sources.extend(&late);
        diagnostics.extend(rules.policy(&self.context.request).apply(late_found, &mut allowed));
        let declared = publication.manifest.value.editions.iter().map(|edition| edition.id.get_ref().clone()).collect();
        Done { diagnostics, allowed, sources: self.sources, rules: Some(rules), declared, record, ..Done::default() }
    }

    fn layout(&mut self, publication: &Publication) -> Option<Layout> {
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

    /// Prepares the record of the publication; its editions are added once they are written.
    fn record(&self, index: &Index, publication: &Publication, found: &Diagnostics) -> Option<(Digest, Findings)> {
        let freshness = self.context.freshness.as_ref()?;
        let names = index.publication(&publication.slug).map(|own| own.names.clone()).unwrap_or_default();
        let (outside, images) = (self.images.outside(), self.images.versions());
        let inputs = freshness.inputs(&self.context.workspace, self.home, &names, &outside);
        let declared = publication.manifest.value.editions.iter().map(|edition| edition.id.get_ref().clone()).collect();
        let reading = StoredDiagnostic::all(found, &self.sources)?;
        Some((inputs, Findings { names, outside, declared, reading, idle: None, editions: BTreeMap::default(), images }))
    }
}

fn make_editions(context: &Context, job: &PublicationJob<'_>, send: &dyn Fn(Message)) {
    let editions = job.publication.manifest.value.editions.iter();
    let asked = |edition: &&EditionManifest| context.request.edition.as_ref().is_none_or(|id| id == edition.id.get_ref());
    for edition in editions.filter(asked) {
        if context.interrupt.is_raised() {
            return;
        }
        send(Message::Edition(Box::new(make_edition(context, job, edition))));
    }
}
