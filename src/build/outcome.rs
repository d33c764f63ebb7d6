//! What comes of a request: collected from the jobs as they end, reported in the order of the sources.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::Context;
use super::edition::{Made, unwritable};
use super::freshness::{EditionState, Recorder, artefact_id};
use super::links;
use super::press::Extent;
use super::publication::{Done, Message};
use super::store::{ArtefactStore, StoredDiagnostic};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources, code};
use crate::inspection::EditionInspection;
use crate::product::Product;
use crate::typography::Change;
use crate::workspace::Home;

/// A file that was written, or removed.
#[derive(Clone, Debug)]
pub struct Artefact {
    /// Folder name of the publication.
    pub publication: String,
    /// Id of the edition.
    pub edition: String,
    /// What it is.
    pub product: Product,
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many pages it has, if it is a print product that was written.
    pub extent: Option<Extent>,
}

/// What came of a request.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// What was found.
    pub diagnostics: Diagnostics,
    /// What was written or removed, in the order of the sources.
    pub artefacts: Vec<Artefact>,
    /// What micro-typography changed.
    pub typography: Vec<Change>,
    /// How many artefacts were up to date, and not written again.
    pub current: usize,
    /// Editions that were not written because of errors, and publications none of whose editions could be made.
    pub unwritten: Vec<String>,
    /// The work was interrupted: what is reported is what was finished.
    pub interrupted: bool,
    /// The tool failed: the sources are not to blame.
    pub failed: bool,
}

/// What one publication has come to so far.
pub struct Collected {
    /// The publication.
    pub home: Home,
    /// Its editions, in order.
    pub editions: Vec<Made>,
    /// What is known of it when all are made; none before.
    pub done: Option<Done>,
    artefacts: Vec<Artefact>,
}

/// Collects what jobs send, and writes what they made.
pub struct Collector {
    context: Arc<Context>,
    publications: Vec<Collected>,
    recorder: Option<Recorder>,
    failed: bool,
}

impl Collector {
    /// Starts with nothing done.
    pub fn new(context: Arc<Context>, homes: &[Home], recorder: Option<Recorder>) -> Self {
        let collected = |home: &Home| Collected { home: home.clone(), editions: Vec::new(), done: None, artefacts: Vec::new() };
        Self { context, publications: homes.iter().map(collected).collect(), recorder, failed: false }
    }

    /// Takes a message of a job.
    pub fn receive(&mut self, number: usize, message: Message) {
        match message {
            Message::Edition(made) => self.edition(number, *made),
            Message::Publication(done) => self.publication(number, *done),
        }
    }

    /// Moves the products of an edition to their places, all of them one after the other.
    fn edition(&mut self, number: usize, mut made: Made) {
        let Some(collected) = self.publications.get_mut(number) else { return };
        self.failed |= made.failed;
        if let Some(recorder) = &mut self.recorder {
            for (product, key, bytes) in &made.known {
                recorder.kept(&artefact_id(&collected.home.slug, &made.id, *product), *key, *bytes);
            }
        }
        for staged in std::mem::take(&mut made.staged) {
            if let Err(error) = staged.file.commit() {
                made.diagnostics.push(unwritable(&staged.path, &error));
                self.failed = true;
                continue;
            }
            made.current.insert(staged.product, staged.entry.bytes);
            if let (Some(recorder), Some(freshness)) = (&mut self.recorder, &self.context.freshness) {
                let store = freshness.store();
                let kept =
                    store.put_bytes(&staged.entry.bytes, &staged.path).and_then(|()| store.put_entry(&staged.key, &staged.entry));
                if kept.is_ok() {
                    let id = artefact_id(&collected.home.slug, &made.id, staged.product);
                    recorder.kept(&id, staged.key, staged.entry.bytes);
                }
            }
            made.written += 1;
            collected.artefacts.push(Artefact {
                publication: collected.home.slug.clone(),
                edition: made.id.clone(),
                product: staged.product,
                path: staged.path,
                bytes: staged.size,
                extent: staged.entry.extent,
            });
        }
        collected.editions.push(made);
    }

    /// Takes what is known of a publication whose editions are all made, and records it.
    fn publication(&mut self, number: usize, mut done: Done) {
        let Some(collected) = self.publications.get_mut(number) else { return };
        if let (Some((inputs, mut findings)), Some(recorder)) = (done.record.take(), &mut self.recorder) {
            let mut known = true;
            if collected.editions.len() == done.declared.len() {
                let idle = idle(&done, &collected.editions, &self.context);
                findings.idle = StoredDiagnostic::all(&idle, &done.sources);
            }
            for made in collected.editions.iter().filter(|made| !made.diagnostics.has_errors()) {
                let stored = made.stored.clone();
                known &= stored.is_some();
                let record = EditionState { diagnostics: stored.unwrap_or_default(), artefacts: made.current.clone() };
                findings.editions.insert(made.id.clone(), record);
            }
            match known && !done.diagnostics.has_errors() {
                true => recorder.publication(&collected.home.slug, inputs, findings),
                false => recorder.forget(&collected.home.slug),
            }
        }
        // A catalogue is not held in memory: the texts of a publication are kept only if something will point into them.
        let quiet = |made: &Made| made.diagnostics.is_empty() && made.typography.is_empty();
        if !self.context.options.links {
            let idle = idle(&done, &collected.editions, &self.context);
            if done.diagnostics.is_empty() && idle.is_empty() && collected.editions.iter().all(quiet) {
                done.sources = Sources::default();
                done.rules = None;
            }
        }
        collected.done = Some(done);
    }

    /// Reports everything, in the order of the sources.
    pub fn finish(mut self, found: Diagnostics, finished: bool) -> (Outcome, Vec<EditionInspection>) {
        let mut outcome = Outcome { diagnostics: found, interrupted: !finished, failed: self.failed, ..Outcome::default() };
        outcome.sources = self.context.workspace.sources.clone();
        if self.context.options.links && finished {
            outcome.diagnostics.extend(links::ask(&mut self.publications, &self.context));
        }
        if finished {
            unknown_edition(&self.publications, &self.context, &mut outcome.diagnostics);
        }
        let homes: Vec<Home> = self.publications.iter().map(|collected| collected.home.clone()).collect();
        let mut inspections = Vec::new();
        for collected in self.publications {
            report(collected, &self.context, &mut outcome, &mut inspections);
        }
        if let Some(recorder) = self.recorder {
            recorder.close(&self.context.workspace);
            if !finished {
                self.context.output.sweep_own(&self.context.workspace, homes.iter());
            }
        }
        add_missing_sources(&self.context, &mut outcome);
        outcome.failed |= outcome.diagnostics.sorted().iter().any(|diagnostic| diagnostic.code == code::INTERNAL);
        (outcome, inspections)
    }
}

/// Reports allowances that no edition had a use for, if all editions were made and checked.
fn idle(done: &Done, editions: &[Made], context: &Context) -> Diagnostics {
    let Some(rules) = &done.rules else { return Diagnostics::default() };
    let checked = editions.iter().all(|made| made.pages_checked && !made.diagnostics.has_errors());
    if editions.is_empty() || editions.len() != done.declared.len() || !checked {
        return Diagnostics::default();
    }
    let used: Vec<usize> = done.allowed.iter().chain(editions.iter().flat_map(|made| &made.allowed)).copied().collect();
    rules.idle(&used, context.options.links, &context.request)
}

fn report(collected: Collected, context: &Context, outcome: &mut Outcome, inspections: &mut Vec<EditionInspection>) {
    let Collected { home, editions, done, artefacts } = collected;
    outcome.artefacts.extend(artefacts);
    if let Some(done) = &done {
        outcome.diagnostics.extend(idle(done, &editions, context));
        if done.diagnostics.has_errors() {
            outcome.unwritten.push(home.slug.clone());
        }
        outcome.current += done.current;
    }
    let mut told = done.as_ref().is_some_and(|done| !done.diagnostics.is_empty());
    for made in editions {
        told |= !made.diagnostics.is_empty() || !made.typography.is_empty();
        if made.diagnostics.has_errors() {
            outcome.unwritten.push(format!("{}-{}", home.slug, made.id));
        }
        outcome.current += made.current.len() - made.written;
        outcome.diagnostics.extend(made.diagnostics);
        outcome.typography.extend(made.typography);
        inspections.extend(made.inspection);
    }
    if let Some(done) = done {
        if told || context.options.links {
            outcome.sources.extend(&done.sources);
        }
        outcome.diagnostics.extend(done.diagnostics);
    }
}

/// Reports an edition that no publication has.
fn unknown_edition(publications: &[Collected], context: &Context, found: &mut Diagnostics) {
    let Some(id) = &context.request.edition else { return };
    let done = || publications.iter().filter_map(|collected| collected.done.as_ref());
    let errors = done().any(|done| done.diagnostics.has_errors());
    let made = publications.iter().any(|collected| !collected.editions.is_empty()) || done().any(|done| done.fresh);
    if !errors && !made {
        let known = done().flat_map(|done| done.declared.iter().map(String::as_str));
        found.push(Diagnostic::new(code::UNKNOWN_NAME, format!("no edition has the id \"{id}\"")).suggest(id, known));
    }
}

/// Adds the texts that diagnostics point into but that their publications did not read.
fn add_missing_sources(context: &Context, outcome: &mut Outcome) {
    let mut groups = BTreeSet::new();
    for diagnostic in outcome.diagnostics.sorted() {
        let places = diagnostic.span.iter().chain(diagnostic.related.iter().map(|(span, _)| span));
        groups.extend(places.filter(|span| outcome.sources.get(span.source).is_none()).map(|span| span.source.group()));
    }
    for group in groups {
        let layouts = &context.workspace.layouts().sources;
        match layouts.has_group(group) {
            true => outcome.sources.extend(layouts),
            false => outcome.sources.extend(&context.workspace.sources_of(group)),
        }
    }
}
