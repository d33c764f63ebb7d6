//! Builds one edition: runs the stages from the sources to the bytes of its products.

mod epub_parts;
mod kept;
mod keys;
mod page_list;
mod press_pages;

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use self::epub_parts::heavy_font;
use super::artefacts::Output;
use super::preflight::{Preflight, PrintSheet};
use super::press::{self, Extent};
use super::publication::PublicationJob;
use super::records::Described;
use super::release::EditionParts;
use super::site::{KnownPages, SitePart};
use super::store::{ArtefactStore, StoreEntry, StoredDiagnostic};
use super::{Context, Plan, Purpose, Rebuild, Rules};
use crate::accessibility::AccessibilityFacts;
use crate::check::{self, AllowedFinding, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::disk;
use crate::disk::{Digest, Staged};
use crate::inspection::{EditionInspection, inspected_epub, inspection};
use crate::manifest::EditionManifest;
use crate::output::{epub, pdf};
use crate::paginate::{PageImage, PageMap, PageStart, Paginated, Setting, page_starts, paginate};
use crate::product::Product;
use crate::records::{self, Extents, Work};
use crate::resolve::{Brand, EditionSource, ExternalAddress, Resolved, external_addresses, resolve};
use crate::site::{SiteCover, SiteEdition};
use crate::typography::{self, Change};
use crate::workspace::damaged_face;

/// The result of building one edition. Stages after an error have not run.
#[derive(Default)]
pub struct EditionResult {
    /// Id of the edition.
    pub id: String,
    /// Diagnostics, after the severity levels and allowances are applied.
    pub diagnostics: Diagnostics,
    /// The findings that allowances of the sources suppressed.
    pub allowed: Vec<AllowedFinding>,
    /// Products that were built or taken from the store, as temporary files beside their final paths.
    pub staged: Vec<StagedProduct>,
    /// Digests of the products whose files are up to date, including those that this build wrote.
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
    /// Number of the products in `current` that this build has written.
    pub written: usize,
    /// Requested records that cannot be written.
    pub left_out: Vec<MissingRecord>,
    /// Its part of the site, if a site is requested.
    pub site: Option<Box<SitePart>>,
}

/// A record that cannot be written.
pub struct MissingRecord {
    /// The record.
    pub record: Product,
    /// The missing fact that its format requires.
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
    let made = made
        .unwrap_or_else(|_| EditionResult { diagnostics: panicked(context, job, edition).into(), ..EditionResult::default() });
    EditionResult { id: edition.id.get_ref().clone(), ..made }
}

/// Returns the error for a panic: a font that the shaper cannot use, otherwise a defect of the tool.
fn panicked(context: &Context, job: &PublicationJob<'_>, edition: &EditionManifest) -> Diagnostic {
    let texts: Vec<&str> = job.sources.iter().map(|source| &*source.text).collect();
    if let Some(face) = damaged_face(&context.workspace.fonts().faces, &texts) {
        let message = format!("the font \"{}\" ({}) is damaged: its glyphs cannot be chosen", face.name, face.family);
        return Diagnostic::new(code::BRAND, message)
            .hint("get the file of the font again, or remove it from the folder of fonts");
    }
    let name = job.publication.stem(edition);
    let broken = Diagnostic::new(code::INTERNAL, format!("internal error while building \"{name}\""));
    broken.hint("please report it with these sources")
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
    /// Summary of the page list of an EPUB.
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
    /// The start of each page, if the pages differ from those of the PDF for screens.
    starts: Option<Vec<PageStart>>,
}

impl Stages<'_> {
    /// Runs the stages in order until one fails.
    fn run(&mut self) -> Result<(), Diagnostics> {
        self.step("texts");
        let (mut edition, warnings) = self.resolved()?;
        self.found.extend(warnings);
        self.found.extend(check::content(&self.subject(&edition)));
        let layout = self.job.layout;
        let presentation = epub::presentation(&edition, &layout.common_css, &layout.css);
        let mut facts = AccessibilityFacts::of(&edition, check::barriers(&self.found), presentation);
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
        let products = self.products(&mut edition, &facts, &plan)?;
        if self.context.purpose == Purpose::Write {
            for made in products {
                self.stage(made, &keys)?;
            }
        }
        self.step("summary");
        Ok(())
    }

    /// Builds the products of a plan, each with the findings of its pages. Inserts the page breaks of the EPUB into the edition.
    fn products(
        &mut self,
        edition: &mut Resolved,
        facts: &AccessibilityFacts,
        plan: &Plan,
    ) -> Result<Vec<BuiltProduct>, Diagnostics> {
        if let Some(fault) = press::cover_fault(edition).filter(|_| plan.makes(Product::Cover)) {
            return Err(fault.into());
        }
        let _working = self.context.memo.work();
        let counted = self.described.as_ref().is_some_and(|known| known.needs_pages(plan) || known.needs_print(plan));
        let mut pages = None;
        if plan.pages || counted {
            pages = Some(self.paged(edition, plan)?);
        }
        let mut own_cover = None;
        if plan.cover {
            self.step("cover");
            own_cover = self.own_cover(edition)?;
            // An EPUB needs the pages only if the layout has no separate cover.
            if own_cover.is_none() && pages.is_none() {
                pages = Some(self.paged(edition, plan)?);
            }
        }
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
        // If the print PDF is built too, its page starts are available only later.
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
            self.intact_images(edition, plan)?;
            if let Some(starts) = &starts {
                epub::break_pages(edition, starts);
            }
            let epub::WrittenEpub { bytes, pages: listed, whole_fonts } = self.epub(edition, facts, &cover, starts.as_deref())?;
            let whole_fonts: Diagnostics = whole_fonts.iter().map(heavy_font).collect();
            if let Some(inspection) = &mut self.made.inspection {
                inspection.epub = inspected_epub(&bytes, epub::files(&bytes));
            }
            let mut pages = cover_findings.clone().or(page_findings.clone()).unwrap_or_default();
            self.found.extend(whole_fonts.clone());
            pages.diagnostics.extend(whole_fonts);
            products.push(BuiltProduct { product: Product::Epub, bytes, pages, extent: None, listed });
        }
        products.extend(self.described.iter().flat_map(|described| described.records(plan)));
        // The findings of the pages include the findings of the cover.
        let found = page_findings.or(cover_findings).unwrap_or_default();
        self.made.pages_checked |= found.checked;
        self.made.print_checked |= plan.makes(Product::PrintPdf);
        self.found.extend(found.diagnostics);
        Ok(products)
    }

    /// Lays the edition out for a plan.
    fn paged(&mut self, edition: &Resolved, plan: &Plan) -> Result<(Paginated, PageFindings), Diagnostics> {
        self.step("pages");
        self.laid_out(edition, plan.makes(Product::ScreenPdf) || !plan.press)
    }

    /// Collects the pictures of the pages, the cover and the press profile for a release, if one is requested.
    fn collect_pictures(
        &mut self,
        edition: &Resolved,
        plan: &Plan,
        cover: Option<&PageImage>,
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
        let found = rules.policy(&context.request).apply(found, &mut made.allowed);
        made.diagnostics = check::without_repeated(found);
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

    /// Lays the pages out and checks them. `for_screens` states whether products other than print products use them.
    fn laid_out(&mut self, edition: &Resolved, for_screens: bool) -> Result<(Paginated, PageFindings), Diagnostics> {
        let (pages, mut diagnostics) = paginate(self.setting(), edition)?;
        if let Some(described) = &mut self.described {
            described.extents.pages = Some(pages.document.pages().len());
        }
        let map = PageMap::of(&pages);
        diagnostics.extend(check::pages(&self.subject(edition), &map, for_screens));
        if pages.lacks_glyphs {
            return Err(diagnostics);
        }
        let starts = page_starts(&pages, &map, edition);
        drop(map);
        Ok((pages, PageFindings { diagnostics, starts, checked: true }))
    }

    /// Writes the PDFs. The pages use most of the memory, so they are dropped before the exported files are finished.
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

    /// Describes the edition for the site. The newest edition shows its cover.
    fn site_part(&mut self, edition: &Resolved, facts: &AccessibilityFacts) -> Result<SitePart, Diagnostics> {
        let work = Work::of(edition, facts, self.job.usual);
        let mut set = edition.clone();
        typography::set(&mut set, false);
        let fonts = self.context.workspace.fonts();
        let families: Vec<String> = fonts.typefaces.iter().map(|typeface| typeface.family.clone()).collect();
        let series_brand = Brand::of_series(self.job.publication, &families);
        let mut shown = SiteEdition::of(&set, series_brand, work, &fonts.faces);
        let editions = &self.job.publication.manifest.value.editions;
        if editions.last().is_some_and(|last| last.id.get_ref() == self.edition.id.get_ref()) {
            self.step("cover");
            let _working = self.context.memo.work();
            let picture = match self.own_cover(&set)? {
                Some((cover, _)) => cover,
                None => paginate(self.setting(), &set)?.0.cover()?,
            };
            shown.cover = Some(SiteCover::of(&picture));
        }
        Ok(SitePart { shown, series_folder: self.job.publication.series_folder.clone(), stem: self.stem.clone() })
    }

    /// Returns the requested products without the records that cannot be written. Stores the description of the edition for the
    /// other records.
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

    /// Sets the page counts that records state, if the store has the PDFs of this edition.
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

    fn path(&self, product: Product) -> PathBuf {
        let output: &Output = &self.context.output;
        output.folder_of(self.job.publication.series_folder.as_deref()).join(product.file_name(&self.stem))
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

/// Reports a file that cannot be written.
pub fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("\"{}\" cannot be written: {error}", path.display());
    Diagnostic::new(code::FILE, message).hint(match disk::system_hint(error) {
        "check its permissions" => "check the permissions of the folder and the free space",
        other => other,
    })
}
