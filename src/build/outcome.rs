//! Collects the results of the jobs, writes the artefacts and reports the outcome in the order of the sources.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::edition::{EditionResult, unwritable};
use super::freshness::{EditionState, Recorder, artefact_id};
use super::leftover::Leftover;
use super::links;
use super::preflight::PrintSheet;
use super::press::Extent;
use super::publication::{Message, PublicationResult};
use super::release::EditionParts;
use super::site::{self, SitePart};
use super::store::{ArtefactStore, StoredDiagnostic};
use super::{Context, LeftOut, OptionalChecks};
use crate::check::AllowedFinding;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, PagePlace, Sources, Span, code};
use crate::inspection::EditionInspection;
use crate::output::epub::ListedPages;
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
    /// Output format.
    pub product: Product,
    /// Path of the file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its page count, spine and inks, if it is a print product that was written.
    pub extent: Option<Extent>,
    /// Summary of its page list, if it is an EPUB that was written.
    pub listed: Option<ListedPages>,
}

/// The outcome of a request.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The sources that diagnostics refer to.
    pub sources: Sources,
    /// All diagnostics, after the severity levels and allowances are applied.
    pub diagnostics: Diagnostics,
    /// Files that were written or removed, in the order of the sources.
    pub artefacts: Vec<Artefact>,
    /// Files of earlier builds that were removed, because their products are no longer declared.
    pub removed: Vec<Artefact>,
    /// Changes of micro-typography, if requested.
    pub typography: Vec<Change>,
    /// The print products that were made, if a report is requested.
    pub sheets: Vec<PrintSheet>,
    /// The parts of the releases of the editions without errors, if requested.
    pub releases: Vec<EditionParts>,
    /// Number of artefacts that were up to date and not written again.
    pub current: usize,
    /// Requested records and parts of the site that were not written.
    pub left_out: Vec<LeftOut>,
    /// Names of the editions, and of whole publications, that were not written because of errors.
    pub unwritten: Vec<String>,
    /// Number of publications that have no cover sheet, if covers of the whole workspace are requested.
    pub without_cover: usize,
    /// Whether the work was interrupted. The outcome then contains the results up to the interruption.
    pub interrupted: bool,
    /// Whether the request names publications that do not exist.
    pub misused: bool,
    /// Whether the tool failed for a reason other than the sources, such as a file that cannot be written.
    pub failed: bool,
}

/// The results of one publication so far.
pub struct Collected {
    /// The publication.
    pub home: Home,
    /// Its editions, in order.
    pub editions: Vec<EditionResult>,
    /// The result of the publication; `None` until all its editions are built.
    pub done: Option<PublicationResult>,
    artefacts: Vec<Artefact>,
    removed: Vec<Artefact>,
}

/// Collects the messages of jobs, and writes the artefacts.
pub struct Collector {
    context: Arc<Context>,
    publications: Vec<Collected>,
    recorder: Option<Recorder>,
    failed: bool,
}

impl Collector {
    /// Creates a collector without results.
    pub fn new(context: Arc<Context>, homes: &[Home], recorder: Option<Recorder>) -> Self {
        let collected = |home: &Home| Collected {
            home: home.clone(),
            editions: Vec::new(),
            done: None,
            artefacts: Vec::new(),
            removed: Vec::new(),
        };
        Self { context, publications: homes.iter().map(collected).collect(), recorder, failed: false }
    }

    /// Handles a message of the job with this number.
    pub fn receive(&mut self, number: usize, message: Message) {
        match message {
            Message::Edition(made) => self.edition(number, *made),
            Message::Publication(done) => self.publication(number, *done),
        }
    }

    /// Moves the products of an edition to their final paths and stores them.
    fn edition(&mut self, number: usize, mut made: EditionResult) {
        let Some(collected) = self.publications.get_mut(number) else { return };
        self.failed |= made.failed;
        if let Some(recorder) = &mut self.recorder {
            for (product, key, bytes) in &made.known {
                recorder.record_stored(&artefact_id(&collected.home.slug, &made.id, *product), *key, *bytes);
            }
        }
        // A record of an earlier build would state a fact that is no longer declared.
        for left in made.left_out.iter().filter(|_| !made.diagnostics.has_errors()) {
            let file = Leftover { slug: &collected.home.slug, edition: &made.id, product: left.record, path: left.path.clone() };
            collected.removed.extend(self.recorder.as_mut().and_then(|recorder| file.remove(recorder)));
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
                    recorder.record_stored(&id, staged.key, staged.entry.bytes);
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
                listed: staged.entry.listed,
            });
        }
        collected.editions.push(made);
    }

    /// Stores the result of a publication and records it.
    fn publication(&mut self, number: usize, mut done: PublicationResult) {
        let Some(collected) = self.publications.get_mut(number) else { return };
        if let (Some((inputs, mut findings)), Some(recorder)) = (done.record.take(), &mut self.recorder) {
            let mut known = true;
            if collected.editions.len() == done.declared.len() {
                let unused = unused(&done, &collected.editions, &self.context);
                findings.unused = StoredDiagnostic::all(&unused, &done.sources);
            }
            for made in collected.editions.iter().filter(|made| !made.diagnostics.has_errors()) {
                let stored = made.stored.clone();
                known &= stored.is_some();
                let left_out = made.left_out.iter().map(|left| (left.record, left.reason.to_owned())).collect();
                let record = EditionState { diagnostics: stored.unwrap_or_default(), artefacts: made.current.clone(), left_out };
                findings.editions.insert(made.id.clone(), record);
            }
            match known && !done.diagnostics.has_errors() {
                true => {
                    let pending = remove_undeclared(collected, &done.declared, &findings.usual, recorder, &self.context);
                    recorder.publication(&collected.home.slug, inputs, findings);
                    recorder.keep_undeclared(&collected.home.slug, pending);
                }
                false => recorder.invalidate(&collected.home.slug),
            }
        }
        // To limit memory, the texts of a publication are dropped unless a diagnostic or a change refers to them.
        let quiet = |made: &EditionResult| made.diagnostics.is_empty() && made.typography.is_empty();
        if !self.context.options.links && !self.context.request.release {
            let unused = unused(&done, &collected.editions, &self.context);
            if done.diagnostics.is_empty() && unused.is_empty() && collected.editions.iter().all(quiet) {
                done.sources = Sources::default();
                done.rules = None;
            }
        }
        collected.done = Some(done);
    }

    /// Takes the parts of the site of each publication, if a site is requested.
    fn site_parts(&mut self) -> Option<Vec<Vec<SitePart>>> {
        let wanted = self.context.request.makes_site() && self.recorder.is_some();
        let of = |collected: &mut Collected| collected.editions.iter_mut().filter_map(|made| Some(*made.site.take()?)).collect();
        wanted.then(|| self.publications.iter_mut().map(of).collect())
    }

    /// Returns the outcome and the descriptions of the editions, in the order of the sources.
    pub fn finish(mut self, found: Diagnostics, finished: bool) -> (Outcome, Vec<EditionInspection>) {
        let mut outcome = Outcome { diagnostics: found, interrupted: !finished, failed: self.failed, ..Outcome::default() };
        outcome.sources = self.context.workspace.sources.clone();
        if self.context.options.links && finished {
            outcome.diagnostics.extend(links::check_links(&mut self.publications, &self.context));
        }
        if finished {
            unknown_edition(&self.publications, &self.context, &mut outcome.diagnostics);
        }
        let homes: Vec<Home> = self.publications.iter().map(|collected| collected.home.clone()).collect();
        let site = self.site_parts();
        let mut inspections = Vec::new();
        for collected in self.publications {
            report(collected, &self.context, &mut outcome, &mut inspections);
        }
        if let Some(parts) = site {
            site::write(parts, &self.context, &mut outcome);
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

/// Removes the files of former default products that are not requested. Keeps the files of editions with errors, and then returns
/// the products.
fn remove_undeclared(
    collected: &mut Collected,
    declared: &[String],
    usual: &[Product],
    recorder: &mut Recorder,
    context: &Context,
) -> Vec<Product> {
    let slug = collected.home.slug.as_str();
    let requested = context.request.products(usual);
    let mut gone = recorder.undeclared(slug, usual);
    gone.retain(|product| !requested.contains(product));
    let folder = context.output.folder_of(context.workspace.series_folder(&collected.home).as_deref());
    let has_errors = |id: &str| collected.editions.iter().any(|made| made.id == id && made.diagnostics.has_errors());
    let (failed, built): (Vec<&String>, Vec<&String>) = declared.iter().partition(|id| has_errors(id));
    for edition in built {
        for product in &gone {
            let path = folder.join(product.file_name(&format!("{slug}-{edition}")));
            collected.removed.extend(Leftover { slug, edition, product: *product, path }.remove(recorder));
        }
    }
    if failed.is_empty() { Vec::new() } else { gone }
}

/// Returns the outcome of a request that fails before any job because of errors of the workspace.
pub fn stopped(context: &Context, diagnostics: Diagnostics) -> Outcome {
    let mut outcome = Outcome { sources: context.workspace.sources.clone(), diagnostics, ..Outcome::default() };
    add_missing_sources(context, &mut outcome);
    outcome
}

/// Returns diagnostics for allowances that no edition used, if all editions were built and checked.
fn unused(done: &PublicationResult, editions: &[EditionResult], context: &Context) -> Diagnostics {
    let Some(rules) = &done.rules else { return Diagnostics::default() };
    let checked = editions.iter().all(|made| made.pages_checked && !made.diagnostics.has_errors());
    if editions.is_empty() || editions.len() != done.declared.len() || !checked {
        return Diagnostics::default();
    }
    let used: Vec<AllowedFinding> = done.allowed.iter().chain(editions.iter().flat_map(|made| &made.allowed)).cloned().collect();
    let ran = OptionalChecks { links: context.options.links, print: editions.iter().all(|made| made.print_checked) };
    rules.unused(&used, ran, &context.request)
}

/// The parts of a finding that are the same in all editions that have it.
type EditionFinding = (Option<Span>, Code, String, Vec<PagePlace>);

/// Returns the parts of a finding that do not depend on the edition. Removes the id of the edition and digits, which may be page
/// numbers, from the message. Includes the pages of print checks, because reports show them.
fn edition_finding(finding: &Diagnostic, edition: &str) -> EditionFinding {
    let message = finding.message.replace(&format!("\"{edition}\""), "");
    let message = message.chars().filter(|c| !c.is_ascii_digit()).collect();
    (finding.span, finding.code, message, finding.pages.clone())
}

fn report(collected: Collected, context: &Context, outcome: &mut Outcome, inspections: &mut Vec<EditionInspection>) {
    let Collected { home, editions, done, artefacts, removed } = collected;
    outcome.artefacts.extend(artefacts);
    outcome.removed.extend(removed);
    if let Some(done) = &done {
        outcome.diagnostics.extend(unused(done, &editions, context));
        if done.diagnostics.has_errors() {
            outcome.unwritten.push(home.slug.clone());
        }
        outcome.current += done.current;
        outcome.left_out.extend(done.left_out.iter().cloned());
        outcome.without_cover += usize::from(done.lacks_cover);
    }
    let mut needs_sources = done.as_ref().is_some_and(|done| !done.diagnostics.is_empty());
    let mut reported = BTreeSet::new();
    for mut made in editions {
        if let (Some(mut parts), Some(done)) = (made.release.take(), &done) {
            let used: Vec<AllowedFinding> = done.allowed.iter().chain(&made.allowed).cloned().collect();
            done.rules.iter().for_each(|rules| parts.add_rules(rules, &used, &done.sources));
            parts.inputs.clone_from(&done.inputs);
            outcome.releases.push(*parts);
        }
        needs_sources |= !made.diagnostics.is_empty() || !made.typography.is_empty();
        if made.diagnostics.has_errors() {
            outcome.unwritten.push(format!("{}-{}", home.slug, made.id));
        }
        outcome.current += made.current.len() - made.written;
        if !made.diagnostics.has_errors() {
            outcome.left_out.extend(made.left_out.iter().map(|left| LeftOut {
                stem: format!("{}-{}", home.slug, made.id),
                publication: home.slug.clone(),
                edition: made.id.clone(),
                record: left.record,
                reason: left.reason.to_owned(),
            }));
        }
        let keys: Vec<EditionFinding> = made.diagnostics.iter().map(|finding| edition_finding(finding, &made.id)).collect();
        let new = made.diagnostics.into_list().into_iter().zip(&keys).filter(|(_, key)| !reported.contains(*key));
        outcome.diagnostics.extend(new.map(|(finding, _)| finding).collect());
        reported.extend(keys);
        outcome.typography.extend(made.typography);
        outcome.sheets.extend(made.sheets);
        inspections.extend(made.inspection);
    }
    if let Some(done) = done {
        if needs_sources || context.options.links {
            outcome.sources.extend(&done.sources);
        }
        outcome.diagnostics.extend(done.diagnostics);
    }
}

/// Reports a requested edition that no publication declares.
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

/// Adds the sources that diagnostics refer to but that their publications did not read, such as layouts and other publications.
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
