//! Builds one edition: runs the stages from the sources to the bytes of its products.

mod page_list;

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use rayon::prelude::*;

use super::artefacts::Output;
use super::preflight::{Extra, Preflight, Preflighted, PrintSheet};
use super::press::{self, Extent};
use super::publication::PublicationJob;
use super::records::Described;
use super::release::EditionParts;
use super::site::{KnownPages, SitePart};
use super::store::{ArtefactStore, StoreEntry, StoredDiagnostic};
use super::{Context, Plan, Purpose, Rebuild, Rules};
use crate::accessibility::AccessibilityFacts;
use crate::check::{self, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, SourceId, code};
use crate::disk::{Digest, Staged, digest_file};
use crate::inspection::{EditionInspection, inspected_epub, inspection};
use crate::manifest::{Binding, EditionManifest};
use crate::output::{embedded_fonts, epub, pdf};
use crate::paginate::{
    Blanks, Cover, PageMap, PageStart, Paginated, PrintPages, Setting, cover, cover_sheet, half_title, page_starts, paginate,
};
use crate::product::{Needs, Product};
use crate::records::{self, Extents, Work};
use crate::resolve::{Asset, EditionSource, ExternalAddress, Resolved, external_addresses, resolve};
use crate::site::{SiteCover, SiteEdition};
use crate::typography::{self, Change};
use typst_layout::PagedDocument;

/// The result of building one edition. Stages after an error have not run.
#[derive(Default)]
pub struct EditionResult {
    /// Id of the edition.
    pub id: String,
    /// Diagnostics, after the policy of the project.
    pub diagnostics: Diagnostics,
    /// Indices of the allowances that were used.
    pub used_allowances: Vec<usize>,
    /// Products that were built or taken from the store, as temporary files beside their final paths.
    pub staged: Vec<StagedProduct>,
    /// Digests of the products that were up to date.
    pub current: BTreeMap<Product, Digest>,
    /// Keys and digests of the products that the store already has.
    pub known: Vec<(Product, Digest, Digest)>,
    /// Changes of micro-typography, if requested.
    pub typography: Vec<Change>,
    /// External links, if they will be checked.
    pub links: Vec<ExternalAddress>,
    /// Description of the edition, if requested.
    pub inspection: Option<EditionInspection>,
    /// Whether the pages were laid out and checked, by this build or by the one that stored the products.
    pub pages_checked: bool,
    /// Whether the print PDF was checked, by this build or by the one that stored it.
    pub print_checked: bool,
    /// The print products that were made, if a report is requested.
    pub sheets: Vec<PrintSheet>,
    /// The parts of its release, if requested.
    pub release: Option<Box<EditionParts>>,
    /// Whether a file could not be written, which is not an error of the sources.
    pub failed: bool,
    /// The diagnostics in the form of the build record; `None` if a location has no path.
    pub stored: Option<Vec<StoredDiagnostic>>,
    /// Number of the current products that this build has written.
    pub written: usize,
    /// Requested records that cannot be written.
    pub left_out: Vec<MissingRecord>,
    /// What the site shows of it, if a site is requested.
    pub site: Option<Box<SitePart>>,
}

/// A record that cannot be written.
pub struct MissingRecord {
    /// The record.
    pub record: Product,
    /// The fact that it requires.
    pub reason: &'static str,
    /// Its path, where an earlier build may have written it.
    pub path: PathBuf,
}

/// A product in a temporary file beside its final path.
pub struct StagedProduct {
    /// The product.
    pub product: Product,
    /// Its final path.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// The temporary file.
    pub file: Staged,
    /// Its key in the store.
    pub key: Digest,
    /// Its entry in the store.
    pub entry: StoreEntry,
}

/// Builds an edition. A panic is reported as a defect of the tool, and other editions are still built.
pub fn build_edition(context: &Context, job: &PublicationJob<'_>, edition: &EditionManifest) -> EditionResult {
    let made = catch_unwind(AssertUnwindSafe(|| {
        let stem = job.publication.stem(edition);
        let (made, found) = (EditionResult::default(), Diagnostics::default());
        let mut stages = Stages { context, job, edition, stem, listed_key: None, made, found, described: None };
        if let Err(errors) = stages.run() {
            stages.found.extend(errors);
        }
        stages.finish(job.rules)
    }));
    let made = made.unwrap_or_else(|_| {
        let name = job.publication.stem(edition);
        let broken = Diagnostic::new(code::INTERNAL, format!("internal error while building \"{name}\""));
        let diagnostics = broken.hint("please report it with these sources").into();
        EditionResult { diagnostics, ..EditionResult::default() }
    });
    EditionResult { id: edition.id.get_ref().clone(), ..made }
}

/// The state of an edition between the stages.
struct Stages<'a> {
    context: &'a Context,
    job: &'a PublicationJob<'a>,
    edition: &'a EditionManifest,
    stem: String,
    /// Key of the PDF whose pages the EPUB lists.
    listed_key: Option<Digest>,
    made: EditionResult,
    found: Diagnostics,
    /// The description for records, if any is requested.
    described: Option<Described>,
}

/// Results of laying out and checking the pages, for the store entries of the products.
#[derive(Clone, Default)]
pub struct PageFindings {
    diagnostics: Diagnostics,
    starts: Vec<PageStart>,
    checked: bool,
}

/// A product that was built.
pub struct BuiltProduct {
    /// The product.
    pub product: Product,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The findings of its pages.
    pub pages: PageFindings,
    /// The pages of a print product.
    pub extent: Option<Extent>,
    /// How an EPUB lists the pages of a PDF.
    pub listed: Option<epub::ListedPages>,
}

/// The pages of a print product as Typst exports them.
struct PressExport {
    product: Product,
    exported: pdf::ExportedPrint,
    extent: Extent,
    /// The findings of this product only.
    found: Diagnostics,
    preflight: Preflight,
    /// The start of each page, if they are not those of the PDF for screens.
    starts: Option<Vec<PageStart>>,
}

impl Stages<'_> {
    /// Runs the stages in order until one fails.
    fn run(&mut self) -> Result<(), Diagnostics> {
        self.step("texts");
        let (mut edition, warnings) = self.resolved()?;
        self.found.extend(warnings);
        self.found.extend(check::content(&self.subject(&edition)));
        let mut facts = AccessibilityFacts::of(&edition, check::barriers(&self.found));
        if edition.page_list.is_some() {
            facts = facts.with_page_list();
        }
        let withheld = check::withheld(&self.subject(&edition), &facts, &self.found);
        self.found.extend(withheld.into_iter().collect());
        if self.context.options.links {
            self.made.links = external_addresses(self.job.publication, &edition);
        }
        let requested = self.writable(&edition, &facts);
        let keys = self.keys(&edition, &facts, &requested);
        self.listed_key = edition.page_list.and_then(|source| self.keys(&edition, &facts, &[source]).remove(&source));
        let plan = match self.context.purpose {
            Purpose::Write => Plan::for_products(&self.take_known(&keys)),
            Purpose::Check | Purpose::Inspect => Plan::for_products(&requested),
        };
        self.count_known(&edition, &facts, &plan);
        if self.context.request.makes_site() && self.context.purpose == Purpose::Write {
            self.made.site = Some(Box::new(self.site_part(&edition, &facts)?));
        }
        if plan.products.is_empty() {
            return Ok(());
        }
        if self.context.request.release {
            self.made.release = Some(Box::new(EditionParts::of(&edition, &facts, self.context)));
        }
        self.made.typography = typography::set(&mut edition, self.context.options.typography);
        let products = self.products(&edition, &facts, &plan)?;
        if self.context.purpose == Purpose::Write {
            for made in products {
                self.stage(made, &keys)?;
            }
        }
        Ok(())
    }

    /// Builds the products of a plan, each with the findings of its pages.
    fn products(
        &mut self,
        edition: &Resolved,
        facts: &AccessibilityFacts,
        plan: &Plan,
    ) -> Result<Vec<BuiltProduct>, Diagnostics> {
        if let Some(fault) = press::cover_fault(edition).filter(|_| plan.makes(Product::Cover)) {
            return Err(fault.into());
        }
        let _working = self.context.memo.work();
        let own_cover = match plan.cover {
            true => {
                self.step("cover");
                cover(self.setting(), edition)?
            }
            false => None,
        };
        let counted = self.described.as_ref().is_some_and(|known| known.needs_pages(plan) || known.needs_print(plan));
        // An EPUB needs the pages only if the layout has no separate cover.
        let pages = match plan.pages || counted || plan.cover && own_cover.is_none() {
            true => {
                self.step("pages");
                Some(self.laid_out(edition)?)
            }
            false => None,
        };
        let (cover, cover_findings) = match (own_cover, &pages) {
            (Some((cover, diagnostics)), _) => (Some(cover), Some(PageFindings { diagnostics, ..PageFindings::default() })),
            (None, Some((pages, _))) if plan.cover => (Some(pages.cover()?), None),
            (None, _) => (None, None),
        };
        self.collect_pictures(edition, plan, cover.as_ref(), pages.as_ref())?;
        if self.context.purpose == Purpose::Inspect {
            self.made.inspection =
                Some(inspection(edition, facts, pages.as_ref().map_or(0, |(pages, _)| pages.document.pages().len())));
        }
        // The pages of a print PDF that is built are known later.
        let listed = edition.page_list.filter(|_| plan.makes(Product::Epub));
        let mut starts = match listed {
            Some(source) if source == Product::ScreenPdf || !plan.makes(source) => {
                self.listed_starts(edition, pages.as_ref().map(|(pages, findings)| (pages, findings.starts.as_slice())))?
            }
            Some(_) | None => None,
        };
        let mut products: Vec<BuiltProduct> = Vec::new();
        let mut page_findings = None;
        if let Some((pages, findings)) = pages {
            products = self.pdfs(edition, plan, pages, &findings)?;
            page_findings = Some(findings);
        }
        starts = starts.or_else(|| page_list::built_starts(&products, listed?));
        if let (true, Some(cover)) = (plan.makes(Product::Epub), cover) {
            self.step("EPUB");
            let epub::WrittenEpub { bytes, pages: listed } = self.epub(edition, facts, &cover, starts.as_deref())?;
            if let Some(inspection) = &mut self.made.inspection {
                inspection.epub = inspected_epub(&bytes, epub::files(&bytes));
            }
            let pages = cover_findings.clone().or(page_findings.clone()).unwrap_or_default();
            products.push(BuiltProduct { product: Product::Epub, bytes, pages, extent: None, listed });
        }
        products.extend(self.described.iter().flat_map(|described| described.records(plan)));
        // The findings of the pages include those of the cover.
        let found = page_findings.or(cover_findings).unwrap_or_default();
        self.made.pages_checked |= found.checked;
        self.made.print_checked |= plan.makes(Product::PrintPdf);
        self.found.extend(found.diagnostics);
        Ok(products)
    }

    /// Draws the pages for a release, if one is requested.
    fn collect_pictures(
        &mut self,
        edition: &Resolved,
        plan: &Plan,
        cover: Option<&Cover>,
        pages: Option<&(Paginated, PageFindings)>,
    ) -> Result<(), Diagnostics> {
        let Some(mut parts) = self.made.release.take() else { return Ok(()) };
        if let Some((pages, findings)) = pages {
            self.step("pictures of the pages");
            parts.add_pages(&findings.starts, pages.thumbnails()?);
        }
        parts.cover = match (cover, pages) {
            (Some(cover), _) => Some(cover.clone()),
            (None, Some((pages, _))) => Some(pages.cover()?),
            (None, None) => None,
        };
        if plan.press {
            let layouts = self.context.workspace.layouts();
            let profile = self.context.profiles.of(&edition.print, self.job.images, layouts)?;
            parts.add_profile(&profile, &press::bytes(&edition.print, self.job.images, layouts)?);
        }
        self.made.release = Some(parts);
        Ok(())
    }

    fn finish(self, rules: &Rules) -> EditionResult {
        let Self { context, job, mut made, found, .. } = self;
        made.diagnostics = rules.policy(&context.request).apply(found, &mut made.used_allowances);
        made.sheets.iter_mut().for_each(|sheet| sheet.take_findings(&made.diagnostics));
        if context.purpose == Purpose::Write {
            let mut sources = job.sources.clone();
            sources.extend(&context.workspace.layouts().sources);
            made.stored = StoredDiagnostic::all(&made.diagnostics, &sources);
        }
        let pages = |product: Product| known_pages(context, &made, product);
        let known = KnownPages { screen: pages(Product::ScreenPdf), print: pages(Product::PrintPdf) };
        made.site.iter_mut().for_each(|part| part.add_files(known));
        // If one product fails, none is written.
        if made.diagnostics.has_errors() {
            made.staged.clear();
            made.current.clear();
            made.release = None;
        }
        made
    }

    fn step(&self, stage: &str) {
        self.context.progress.step(&format!("{}: {stage}", self.stem));
    }

    fn setting(&self) -> Setting<'_> {
        Setting {
            layouts: self.context.workspace.layouts(),
            fonts: self.context.workspace.fonts(),
            layout: self.job.layout,
            publication: self.job.publication,
            sources: self.job.sources,
            gutter: 0.0,
        }
    }

    fn subject<'a>(&'a self, edition: &'a Resolved) -> Subject<'a> {
        Subject::new(self.job.publication, edition, self.job.sources)
    }

    fn resolved(&self) -> Result<(Resolved, Diagnostics), Diagnostics> {
        resolve(&EditionSource {
            publication: self.job.publication,
            edition: self.edition,
            layout: &self.job.layout.manifest,
            index: self.job.index,
            images: self.job.images,
            typefaces: &self.context.workspace.fonts().typefaces,
            workspace: self.context.workspace.manifest.as_ref(),
            strictness: self.context.request.strictness,
        })
    }

    /// Lays the pages out and checks them.
    fn laid_out(&mut self, edition: &Resolved) -> Result<(Paginated, PageFindings), Diagnostics> {
        let (pages, mut diagnostics) = paginate(self.setting(), edition)?;
        if let Some(described) = &mut self.described {
            described.extents.pages = Some(pages.document.pages().len());
        }
        let map = PageMap::of(&pages);
        diagnostics.extend(check::pages(&self.subject(edition), &map));
        let starts = page_starts(&pages, &map, edition);
        drop(map);
        Ok((pages, PageFindings { diagnostics, starts, checked: true }))
    }

    /// Writes the PDFs. The pages are dropped before they are finished: they take most of the memory.
    fn pdfs(
        &mut self,
        edition: &Resolved,
        plan: &Plan,
        pages: Paginated,
        findings: &PageFindings,
    ) -> Result<Vec<BuiltProduct>, Diagnostics> {
        let mut finished = Vec::new();
        let screen = match plan.makes(Product::ScreenPdf) {
            true => {
                self.step("PDF");
                Some(pdf::export(self.setting(), edition, &pages)?)
            }
            false => None,
        };
        let counted = self.described.as_ref().is_some_and(|described| described.needs_print(plan));
        let printed = match plan.press || counted {
            true => {
                let (count, exports) = self.press_exports(edition, plan, pages)?;
                self.described.iter_mut().for_each(|described| described.set_print(count));
                exports
            }
            false => {
                drop(pages);
                Vec::new()
            }
        };
        if let Some(screen) = screen {
            let bytes = pdf::finish(edition, &screen)?;
            finished.push(BuiltProduct {
                product: Product::ScreenPdf,
                bytes,
                pages: findings.clone(),
                extent: None,
                listed: None,
            });
        }
        for export in printed {
            let (product, mut found, extent) = (export.product, export.found.clone(), export.extent);
            let starts = export.starts.clone();
            let (bytes, preflighted) = self.print_finish(edition, export)?;
            found.extend(preflighted.diagnostics);
            self.made.sheets.extend(preflighted.sheet.map(|sheet| *sheet));
            let mut pages = findings.clone();
            pages.diagnostics.extend(found.clone());
            pages.starts = starts.unwrap_or(pages.starts);
            self.found.extend(found);
            let extent = Some(extent.with_inks(preflighted.inks));
            finished.push(BuiltProduct { product, bytes, pages, extent, listed: None });
        }
        Ok(finished)
    }

    /// Exports the pages of the print products. Returns the number of printed pages too.
    fn press_exports(&self, edition: &Resolved, plan: &Plan, pages: Paginated) -> Result<(usize, Vec<PressExport>), Diagnostics> {
        let front = pages.document.pages().first().filter(|_| plan.makes(Product::Cover)).cloned();
        let (setting, pages, mut found) = self.bound(edition, pages)?;
        let printed = self.bound_pages(setting, edition, &pages, &mut found)?;
        let mut exports = Vec::new();
        let count = printed.document.pages().len();
        if plan.makes(Product::PrintPdf) {
            let preflight = self.preflight(edition, Product::PrintPdf, (&pages, &printed.document), printed.blanks)?;
            self.step("print PDF");
            let exported = pdf::export_print(setting, edition, &pages, &printed.document)?;
            let extent = Extent::of_pages(count, printed.blanks);
            let starts = (setting.gutter > 0.0).then(|| self.starts(edition, &pages));
            exports.push(PressExport { product: Product::PrintPdf, exported, extent, found, preflight, starts });
        }
        if let (Some(front), Some(spine)) = (front, edition.print.cover.spine_width(count)) {
            self.step("cover sheet");
            let (sheet, mut found) = cover_sheet(self.setting(), edition, &front, spine)?;
            found.extend(self.page_errors(edition, &sheet));
            found
                .extend([press::bar_code_warning(edition), press::spine_warning(edition, count)].into_iter().flatten().collect());
            let exported = pdf::export_print(self.setting(), edition, &sheet, &sheet.document)?;
            let extent = Extent::of_cover(count, spine);
            let preflight = self.preflight(edition, Product::Cover, (&sheet, &sheet.document), Blanks::default())?;
            exports.push(PressExport { product: Product::Cover, exported, extent, found, preflight, starts: None });
        }
        Ok((count, exports))
    }

    /// Returns the pages with the gutter of the binding: with a gutter, the pages are laid out again.
    fn bound(&self, edition: &Resolved, pages: Paginated) -> Result<(Setting<'_>, Paginated, Diagnostics), Diagnostics> {
        let gutter = press::gutter(&edition.print, pages.document.pages().len());
        let found = press::gutter_warning(&edition.print, self.job.layout, gutter).into_iter().collect();
        let gutter = self.added_gutter(edition, &pages);
        match gutter > 0.0 {
            true => {
                drop(pages);
                self.step("pages with gutter");
                let setting = Setting { gutter, ..self.setting() };
                Ok((setting, paginate(setting, edition)?.0, found))
            }
            false => Ok((self.setting(), pages, found)),
        }
    }

    /// Returns the pages that are printed and bound.
    fn bound_pages(
        &self,
        setting: Setting<'_>,
        edition: &Resolved,
        pages: &Paginated,
        found: &mut Diagnostics,
    ) -> Result<PrintPages, Diagnostics> {
        let settings = &edition.print;
        if settings.binding != Binding::Perfect {
            return Ok(pages.print(settings.bleed, settings.binding));
        }
        let (half_title, warnings) = half_title(setting, edition, setting.gutter)?;
        found.extend(warnings);
        found.extend(self.page_errors(edition, &half_title));
        Ok(pages.interior(settings.bleed, &half_title))
    }

    /// Checks a cover sheet or a half title. Small text and empty space on it are intended; text that is cut off is not.
    fn page_errors(&self, edition: &Resolved, pages: &Paginated) -> Diagnostics {
        let found = check::pages(&self.subject(edition), &PageMap::of(pages)).into_list();
        found.into_iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).collect()
    }

    /// Checks the pages of a print product, and keeps from them what the checks of its file need.
    fn preflight(
        &self,
        edition: &Resolved,
        product: Product,
        pages: (&Paginated, &PagedDocument),
        blanks: Blanks,
    ) -> Result<Preflight, Diagnostics> {
        self.step("print checks");
        Preflight::of_pages(&self.subject(edition), product, pages, Extra { blanks, pictures: self.context.request.report })
    }

    /// Turns an export for print into PDF/X-4, and checks it.
    fn print_finish(&self, edition: &Resolved, export: PressExport) -> Result<(Vec<u8>, Preflighted), Diagnostics> {
        let workspace = &self.context.workspace;
        let profile = self.context.profiles.of(&edition.print, self.job.images, workspace.layouts())?;
        let family = edition.brand.fonts.interface.first();
        let faces = workspace.fonts().faces.iter().filter(|face| Some(&face.family) == family && !face.italic);
        let face = faces.min_by_key(|face| face.weight.abs_diff(400));
        let slug_font = face.map(|face| face.bytes.as_ref()).unwrap_or_default();
        let drawing = |page: usize| export.preflight.drawing_on(page);
        let parts =
            pdf::PrintParts { product: export.product, profile: &profile, slug_font, images: self.job.images, drawing: &drawing };
        self.step("colours for print");
        let (bytes, report) = pdf::finish_print(edition, &export.exported, parts)?;
        Ok((bytes, export.preflight.of_file(&self.subject(edition), edition, &profile, report)))
    }

    /// Describes the edition for the site. The newest edition shows its cover.
    fn site_part(&mut self, edition: &Resolved, facts: &AccessibilityFacts) -> Result<SitePart, Diagnostics> {
        let work = Work::of(edition, facts, self.job.usual);
        let mut set = edition.clone();
        typography::set(&mut set, false);
        let mut shown = SiteEdition::of(&set, work, &self.context.workspace.fonts().faces);
        let editions = &self.job.publication.manifest.value.editions;
        if editions.last().is_some_and(|last| last.id.get_ref() == self.edition.id.get_ref()) {
            self.step("cover");
            let _working = self.context.memo.work();
            let picture = match cover(self.setting(), &set)? {
                Some((cover, _)) => cover,
                None => paginate(self.setting(), &set)?.0.cover()?,
            };
            shown.cover = Some(SiteCover::of(&picture));
        }
        Ok(SitePart { shown, series_folder: self.job.publication.series_folder.clone(), stem: self.stem.clone() })
    }

    /// Returns the versions of images for the EPUB, by the index of the asset.
    fn fitted_images(&self, edition: &Resolved) -> BTreeMap<usize, Bytes> {
        if !edition.fit_images {
            return BTreeMap::new();
        }
        let fitted = |(index, asset): (usize, &Asset)| Some((index, self.job.images.fitted(&asset.bytes)?));
        edition.assets.par_iter().enumerate().filter_map(fitted).collect()
    }

    fn epub(
        &self,
        edition: &Resolved,
        facts: &AccessibilityFacts,
        cover: &Cover,
        starts: Option<&[PageStart]>,
    ) -> Result<epub::WrittenEpub, Diagnostics> {
        let fonts = embedded_fonts(&edition.brand.fonts, &self.context.workspace.fonts().faces);
        let layout = self.job.layout;
        let images = self.fitted_images(edition);
        let parts = epub::Parts {
            images: &images,
            cover,
            accessibility: facts,
            common_css: &layout.common_css,
            layout_css: &layout.css,
            title_page_links: layout.manifest.title_page_links.as_deref(),
            fonts: &fonts,
            pages: edition.page_list.zip(starts).map(|(product, starts)| epub::PageSource { product, starts }),
        };
        epub::write(edition, &parts)
    }

    /// Returns the requested products without the records that cannot be written, and keeps the description of the edition for the others.
    fn writable(&mut self, edition: &Resolved, facts: &AccessibilityFacts) -> Vec<Product> {
        let requested = self.job.products.to_vec();
        if !requested.iter().any(|product| product.is_record()) {
            return requested;
        }
        let work = Work::of(edition, facts, self.job.usual);
        let missing = requested.iter().filter_map(|record| Some((*record, records::missing(*record, &work)?)));
        self.made.left_out = missing.map(|(record, reason)| MissingRecord { record, reason, path: self.path(record) }).collect();
        self.described = Some(Described { work, extents: Extents::default() });
        let left_out = &self.made.left_out;
        requested.into_iter().filter(|product| !left_out.iter().any(|left| left.record == *product)).collect()
    }

    /// Takes the number of pages for records from the store, if it has the PDFs of this edition.
    fn count_known(&mut self, edition: &Resolved, facts: &AccessibilityFacts, plan: &Plan) {
        let Some(freshness) = self.context.freshness.as_ref().filter(|_| self.context.request.rebuild == Rebuild::Stale) else {
            return;
        };
        if !plan.page_count || self.described.is_none() {
            return;
        }
        let keys = self.keys(edition, facts, &[Product::ScreenPdf, Product::PrintPdf]);
        let entry = |product: Product| freshness.store().entry(keys.get(&product)?);
        let pages = entry(Product::ScreenPdf).map(|entry| entry.page_starts.len()).filter(|pages| *pages > 0);
        let print = entry(Product::PrintPdf).and_then(|entry| entry.extent).map(|extent| extent.pages);
        if let Some(described) = &mut self.described {
            described.extents.pages = pages;
            print.into_iter().for_each(|count| described.set_print(count));
        }
    }

    /// Returns the key of each of these products: the digest of everything that determines its bytes.
    fn keys(&self, edition: &Resolved, facts: &AccessibilityFacts, products: &[Product]) -> BTreeMap<Product, Digest> {
        if self.context.purpose != Purpose::Write {
            return BTreeMap::new();
        }
        let mut hasher = DigestHasher::default();
        edition.hash(&mut hasher);
        let edition_digest = hasher.digest();
        let mut hasher = DigestHasher::default();
        facts.hash(&mut hasher);
        let digests = [edition_digest, hasher.digest()];
        products.iter().map(|product| (*product, self.key(edition, *product, digests))).collect()
    }

    /// Digests the inputs of a product: the edition, its ISBN, the tool, the layouts, the fonts, any style sheets and the accessibility.
    /// The digests are those of the edition and of its accessibility.
    fn key(&self, edition: &Resolved, product: Product, digests: [Digest; 2]) -> Digest {
        let (layouts, fonts) =
            (self.context.workspace.layouts().digest.to_string(), self.context.workspace.fonts().digest.to_string());
        let ([edition_digest, facts_digest], layout) = (digests.map(|digest| digest.to_string()), self.job.layout);
        let facts = if product.needs().accessibility { format!("{facts_digest} {}", edition.fit_images) } else { String::new() };
        let styles = if product.needs().styles { [layout.common_css.as_str(), layout.css.as_str()] } else { [""; 2] };
        let isbn = edition.isbn(product).unwrap_or_default();
        let press = match product.needs() {
            Needs { press: true, .. } => self.press_key(edition),
            Needs { page_count: true, .. } => self.record_key(edition),
            _ => String::new(),
        };
        let listed = if product == Product::Epub { listed_key(edition) } else { String::new() };
        Digest::of_list(
            [
                super::freshness::TOOL,
                product.id(),
                &edition_digest,
                isbn,
                &layouts,
                &layout.name,
                &fonts,
                &press,
                &facts,
                &listed,
            ]
            .into_iter()
            .chain(styles),
        )
    }

    /// Digests what only products for print read: their settings with the thresholds of their checks, the inks of the brand, the press
    /// profile, and the ISBN on the cover.
    fn press_key(&self, edition: &Resolved) -> String {
        let mut hasher = DigestHasher::default();
        (&edition.print, &edition.brand.inks, edition.isbn(Product::PrintPdf)).hash(&mut hasher);
        let profile = press::bytes(&edition.print, self.job.images, self.context.workspace.layouts());
        let profile = profile.map(|bytes| Digest::of(&bytes).to_string()).unwrap_or_default();
        format!("{} {profile} {:?}", hasher.digest(), edition.print.limits)
    }

    /// Digests what only records read: the formats and their ISBNs, and the print settings, on which the number of printed pages depends.
    fn record_key(&self, edition: &Resolved) -> String {
        let mut hasher = DigestHasher::default();
        (&edition.print, self.described.as_ref().map(|described| &described.work)).hash(&mut hasher);
        hasher.digest().to_string()
    }

    /// Takes the products that the store has, and returns those that must be made.
    fn take_known(&mut self, keys: &BTreeMap<Product, Digest>) -> Vec<Product> {
        let known = keys.iter().map(|(product, key)| (*product, self.take(*product, *key)));
        known.collect::<Vec<_>>().into_iter().filter(|(_, taken)| !taken).map(|(product, _)| product).collect()
    }

    /// Takes a product from its final path or from the store, with its diagnostics. Returns whether it was available.
    fn take(&mut self, product: Product, key: Digest) -> bool {
        let Some(freshness) = self.context.freshness.as_ref().filter(|_| self.context.request.rebuild == Rebuild::Stale) else {
            return false;
        };
        // Nothing keeps what a report shows.
        if self.context.request.report && product.needs().press {
            return false;
        }
        let store = freshness.store();
        let Some(entry) = store.entry(&key) else { return false };
        // Spans are byte offsets, so they are valid only for the same texts.
        if !entry.diagnostics.is_empty() && entry.texts != self.job.texts {
            return false;
        }
        let Some(found) = StoredDiagnostic::restore(&entry.diagnostics, &mut |path| self.find(path)) else { return false };
        let path = self.path(product);
        if digest_file(&path) == Some(entry.bytes) {
            self.made.current.insert(product, entry.bytes);
        } else {
            let Some(bytes) = store.bytes(&entry.bytes) else { return false };
            let Ok(file) = Staged::write(&path, &bytes) else { return false };
            self.made.staged.push(StagedProduct { product, path, size: bytes.len() as u64, file, key, entry: entry.clone() });
        }
        self.made.known.push((product, key, entry.bytes));
        self.made.pages_checked |= entry.pages_checked;
        self.made.print_checked |= product == Product::PrintPdf;
        self.found.extend(found);
        true
    }

    fn find(&self, path: &str) -> Option<SourceId> {
        self.job.sources.find(path).or_else(|| self.context.workspace.layouts().ids.get(path).copied())
    }

    fn path(&self, product: Product) -> PathBuf {
        let output: &Output = &self.context.output;
        output.folder_of(self.job.publication.series_folder.as_deref()).join(product.file_name(&self.stem))
    }

    /// Writes a product to a temporary file beside its final path.
    fn stage(&mut self, made: BuiltProduct, keys: &BTreeMap<Product, Digest>) -> Result<(), Diagnostics> {
        let BuiltProduct { product, bytes, pages, extent, listed } = made;
        let path = self.path(product);
        self.context.progress.step(&format!("writing {}", product.file_name(&self.stem)));
        let file = Staged::write(&path, &bytes).map_err(|error| {
            self.made.failed = true;
            Diagnostics::from(unwritable(&path, &error))
        })?;
        let mut sources = self.job.sources.clone();
        sources.extend(&self.context.workspace.layouts().sources);
        let entry = StoreEntry {
            bytes: Digest::of(&bytes),
            texts: self.job.texts,
            // Every span of a page finding is in these texts.
            diagnostics: StoredDiagnostic::all(&pages.diagnostics, &sources).unwrap_or_default(),
            pages_checked: pages.checked,
            page_starts: pages.starts,
            extent,
            listed,
        };
        let key = keys.get(&product).copied().unwrap_or(entry.bytes);
        self.made.staged.push(StagedProduct { product, path, size: bytes.len() as u64, file, key, entry });
        Ok(())
    }
}

/// Returns the number of pages of a product that was made, or that the store has.
fn known_pages(context: &Context, made: &EditionResult, product: Product) -> Option<usize> {
    let pages = |entry: &StoreEntry| entry.extent.map_or(entry.page_starts.len(), |extent| extent.pages);
    let staged = made.staged.iter().find(|staged| staged.product == product).map(|staged| pages(&staged.entry));
    let stored = || {
        let (_, key, _) = made.known.iter().find(|(known, ..)| *known == product)?;
        context.freshness.as_ref()?.store().entry(key).as_ref().map(pages)
    };
    staged.or_else(stored).filter(|pages| *pages > 0)
}

/// Digests what determines the page list of an EPUB apart from the edition: the PDF whose pages it lists, the identifier of that PDF, and
/// the gutter of print pages.
fn listed_key(edition: &Resolved) -> String {
    let Some(source) = edition.page_list else { return String::new() };
    let isbn = edition.isbn(source).unwrap_or_default();
    let gutter = edition.print.gutter.filter(|_| source == Product::PrintPdf);
    format!("{source} {isbn} {gutter:?}")
}

/// Reports a file that cannot be written.
pub fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("\"{}\" cannot be written: {error}", path.display());
    Diagnostic::new(code::FILE, message).hint("check the permissions of the folder and the free space")
}

/// Digests a value through its `Hash` implementation, whose output is stable for one platform. Buffers small writes, of which a
/// book has millions.
#[derive(Default)]
struct DigestHasher {
    whole: blake3::Hasher,
    buffer: Vec<u8>,
}

const BUFFER_SIZE: usize = 1 << 14;

impl DigestHasher {
    fn digest(mut self) -> Digest {
        self.flush();
        Digest::from(&self.whole)
    }

    fn flush(&mut self) {
        self.whole.update(&self.buffer);
        self.buffer.clear();
    }
}

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.buffer.len() + bytes.len() > BUFFER_SIZE {
            self.flush();
        }
        if bytes.len() > BUFFER_SIZE {
            self.whole.update(bytes);
        } else {
            self.buffer.extend_from_slice(bytes);
        }
    }
}
