//! Assembly of an edition from its resolved parts, with the brand and the options of the layout.

mod addresses;
mod brand;
pub mod code;
mod credited;
mod items;
mod languages;
mod options;
mod page_list;
mod print;

pub use addresses::{ExternalAddress, external_addresses};
pub use brand::{Accent, Brand, ENHANCED, Fonts, PrintColour, TEXT};
pub use credited::CreditedParty;
pub use options::OptionValue;
pub use print::{CoverSettings, PrintLimits, PrintSettings, usual_products};

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use toml::Spanned;

use uuid::Uuid;

use crate::diagnostic::{Diagnostics, Strictness};
use crate::manifest::{AccentOrder, GuillemetSpace, LayoutManifest, Manifest, PageManifest, PublicationKind, WorkspaceManifest};
use crate::model::{Block, BlockKind, Inline, Linked, PageBreak, TypstLanguages, walk_blocks};
use crate::product::{PerProduct, Product};
use crate::resolve::identifiers::hyphenated;
use crate::resolve::language::Language;
use crate::resolve::link::{Asset, LinkedSection, LinkedText};
use crate::resolve::rights::{Credit, Exception, Ledger, Notice, Rights, Words};
use crate::resolve::scope::{Certification, Edition, Party, Scope, layers};
use crate::workspace::{Publication, Typeface};

/// A resolved edition of a publication, the input of the writers.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Folder name of the publication.
    pub slug: String,
    /// File name of its artefacts, without extension: `brochure-2023-05`.
    pub stem: String,
    /// UUID of this edition, from which [`Resolved::identifier`] derives the identifiers of the formats.
    pub uuid: Uuid,
    /// Language, with the texts of the interface.
    pub language: Language,
    /// The Typst languages of its texts. They are derived from the sections, and are not hashed.
    pub typst_languages: TypstLanguages,
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: Option<String>,
    /// Description for catalogues, one or two sentences.
    pub description: Option<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Period that the publication covers.
    pub period: Option<String>,
    /// Kind of publication, for catalogues.
    pub kind: PublicationKind,
    /// Number in its series.
    pub number: Option<String>,
    /// Title of the series.
    pub series: Option<String>,
    /// The publisher.
    pub publisher: Option<Party>,
    /// The edition.
    pub edition: Edition,
    /// DOI, without the address of the resolver.
    pub doi: Option<String>,
    /// ISBN of each product, with hyphens.
    pub isbns: PerProduct<String>,
    /// The licence notice.
    pub notice: Notice,
    /// Every item with rights.
    pub ledger: Ledger,
    /// Credits, in the order of the sources.
    pub credits: Vec<Credit>,
    /// Works that it draws on, one sentence each.
    pub sources: Vec<Vec<Words>>,
    /// Sections in reading order.
    pub sections: Vec<Section>,
    /// Images that the sections and the credits use.
    pub assets: Vec<Asset>,
    /// Colours and fonts.
    pub brand: Brand,
    /// Space inside « ».
    pub guillemet_space: GuillemetSpace,
    /// Whether the text may be unfinished. Only a finished text claims conformance.
    pub strictness: Strictness,
    /// Options of the layout, with defaults.
    pub options: Vec<(String, OptionValue)>,
    /// Trim size of the pages.
    pub page: PageManifest,
    /// Settings of print products.
    pub print: PrintSettings,
    /// The PDF whose pages the EPUB lists.
    pub page_list: Option<Product>,
    /// Whether images in its EPUB are scaled down to the size that screens need.
    pub fit_images: bool,
    /// The certification of its accessibility, as declared. [`AccessibilityFacts`](crate::accessibility::AccessibilityFacts)
    /// decides whether it is claimed.
    pub certification: Option<Certification>,
}

/// A section of an edition.
#[derive(Clone, Debug, Hash)]
pub struct Section {
    /// Id for links, unique in the publication.
    pub id: String,
    /// Number in reading order, from 1.
    pub number: usize,
    /// Title.
    pub title: Vec<Inline<Linked>>,
    /// Short label for navigation and the table of contents, without links, notes and images.
    pub nav: Vec<Inline<Linked>>,
    /// Lead.
    pub lead: Vec<Inline<Linked>>,
    /// Language, if it differs from that of the publication.
    pub lang: Option<String>,
    /// Index into the accents of the brand. The sections of a group share one accent.
    pub accent: usize,
    /// The body.
    pub body: Vec<Block<Linked>>,
    /// The page of a PDF that begins at the title. Only the copy of the edition for the EPUB contains it.
    pub page_break: Option<PageBreak>,
}

/// Brand and layout options of an edition.
pub struct Design {
    /// Colours and fonts.
    pub brand: Brand,
    /// Options of the layout, with defaults.
    pub options: Vec<(String, OptionValue)>,
    /// Trim size of the pages.
    pub page: PageManifest,
    /// Order in which sections take the accents of the brand.
    pub accents: AccentOrder,
    /// Settings of print products.
    pub print: PrintSettings,
    /// The PDF whose pages the EPUB lists.
    pub page_list: Option<Product>,
    /// Whether images in EPUBs are scaled down to the size that screens need.
    pub fit_images: bool,
}

/// Determines the brand, the options and the print settings of an edition. `typefaces` are the available font families.
pub fn design(
    scope: &Scope<'_>,
    sections: &[LinkedSection],
    layout: &LayoutManifest,
    typefaces: &[Typeface],
    workspace: Option<&Manifest<WorkspaceManifest>>,
    found: &mut Diagnostics,
) -> Design {
    let ids: Vec<String> = sections.iter().map(|section| section.id.clone()).collect();
    let options = options::options(&scope.publication.manifest, layout, &ids, found);
    let families: Vec<String> = typefaces.iter().map(|typeface| typeface.family.clone()).collect();
    let print = print::print(&scope.publication, workspace, found);
    let page_list = page_list::page_list(&scope.publication, workspace, (layout, &print), found);
    let series = scope.publication.series.as_ref().and_then(|(series, _)| series.value.fit_images);
    let fit_images = scope.publication.manifest.value.fit_images.or(series);
    let fit_images = fit_images.or_else(|| workspace.and_then(|workspace| workspace.value.fit_images)).unwrap_or(true);
    Design {
        fit_images,
        brand: brand::brand(&layers(&scope.publication), &families, found),
        page: options::page(layout, &options),
        options,
        accents: layout.accents,
        print,
        page_list,
    }
}

/// Removes the credits of figures that the table of credits states once for all images, if a section contains this table.
fn without_shared_credits(mut linked: Vec<LinkedSection>, rights: &Rights) -> Vec<LinkedSection> {
    let mut is_shown = false;
    let bodies = linked.iter_mut().map(|section| &mut section.body);
    bodies.for_each(|body| walk_blocks(body, &mut |block| is_shown |= matches!(block.kind, BlockKind::ImageCredits)));
    let once = if is_shown { rights.ledger.credited_once() } else { BTreeSet::new() };
    for section in linked.iter_mut().filter(|_| !once.is_empty()) {
        walk_blocks(&mut section.body, &mut |block| match &mut block.kind {
            BlockKind::Figure(image) if once.contains(&image.asset) => image.credit = None,
            _ => {}
        });
    }
    linked
}

/// Assembles an edition.
pub fn assemble(scope: Scope<'_>, linked: LinkedText, design: Design, rights: Rights) -> Resolved {
    let edition = Edition::of(&scope.publication.manifest.value, scope.edition, scope.language);
    let stem = scope.publication.stem(scope.edition);
    let guillemet_space = guillemet_space(&scope.publication);
    let sections = sections(without_shared_credits(linked.sections, &rights), &design);
    let Publication { slug, series, manifest, .. } = scope.publication;
    let value = manifest.value;
    Resolved {
        slug,
        stem,
        uuid: scope.uuid,
        language: scope.language,
        typst_languages: languages::typst_languages(&sections, scope.language),
        title: value.title.into_inner(),
        subtitle: value.subtitle,
        description: value.description,
        keywords: value.keywords,
        period: value.period,
        kind: value.kind.or(series.as_ref().and_then(|(series, _)| series.value.kind)).unwrap_or_default(),
        number: value.number,
        series: series.map(|(series, _)| series.value.title),
        publisher: rights.publisher,
        edition,
        doi: value.doi.map(Spanned::into_inner),
        isbns: PerProduct(value.isbn.0.into_iter().map(|(product, isbn)| (product, hyphenated(&isbn.into_inner()))).collect()),
        notice: rights.notice,
        ledger: rights.ledger,
        credits: rights.credits,
        sources: rights.sources,
        sections,
        assets: linked.assets,
        brand: design.brand,
        guillemet_space,
        strictness: scope.strictness,
        options: design.options,
        page: design.page,
        print: design.print,
        page_list: design.page_list,
        fit_images: design.fit_images,
        certification: scope.certification,
    }
}

/// Numbers the sections and assigns the accents. Sections of a group have the same accent.
fn sections(linked: Vec<LinkedSection>, design: &Design) -> Vec<Section> {
    let groups = design.options.iter().find_map(|(_, value)| match value {
        OptionValue::SectionGroups(groups) if !groups.is_empty() => Some(groups),
        _ => None,
    });
    let count = groups.map_or(linked.len(), Vec::len);
    let numbered = linked.into_iter().enumerate().map(|(index, section)| {
        let group = groups.and_then(|groups| groups.iter().position(|group| group.contains(&section.id))).unwrap_or(index);
        let accent = accent(design.accents, group, count, design.brand.accents.len());
        let LinkedSection { id, title, nav, lead, lang, body } = section;
        Section { id, number: index + 1, title, nav, lead, lang, accent, body, page_break: None }
    });
    numbered.collect()
}

/// Returns the accent index of a group of sections, in the order that the layout declares.
fn accent(order: AccentOrder, group: usize, groups: usize, accents: usize) -> usize {
    let accents = accents.max(1);
    let index = group % accents;
    let meets_first = order == AccentOrder::Ring && group > 0 && group + 1 == groups;
    if meets_first && index == 0 { 1 % accents } else { index }
}

fn guillemet_space(publication: &Publication) -> GuillemetSpace {
    let series = publication.series.as_ref().and_then(|(series, _)| series.value.typography.guillemet_space);
    publication.manifest.value.typography.guillemet_space.or(series).unwrap_or_default()
}

/// The hash covers everything that affects the bytes of products for screens, except the ISBNs, because each product has its own.
/// Print products add [`PrintSettings`] and the inks of the brand. EPUBs add the accessibility with the certification, the inputs
/// of their page list, and whether images are scaled down. Records add the kind and the number.
impl Hash for Resolved {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Self {
            slug, stem, uuid, language, title, subtitle, description, keywords, period, series, publisher, edition, ..
        } = self;
        (slug, stem, uuid, language.tag, title, subtitle, description, keywords, period, series, publisher, edition).hash(hasher);
        let Self { doi, isbns: _, notice, ledger, credits, sources, sections, assets, brand, guillemet_space, .. } = self;
        (doi, notice, ledger, credits, sources, sections, assets, brand, guillemet_space).hash(hasher);
        let Self { strictness, options, .. } = self;
        (strictness, options).hash(hasher);
    }
}

impl Resolved {
    /// MARC relator codes of authoring roles, in order of precedence: authors, coordinators, researchers.
    pub const AUTHORING: [&str; 3] = ["aut", "pdr", "res"];

    /// Returns the identifier of a product of this edition: a UUID v5 derived from the UUID of the edition.
    pub fn identifier(&self, product: Product) -> Uuid {
        Uuid::new_v5(&self.uuid, product.id().as_bytes())
    }

    /// Returns the ISBN of a product.
    pub fn isbn(&self, product: Product) -> Option<&str> {
        self.isbns.get(product).map(String::as_str)
    }

    /// Returns the exceptions of the licence notice, one line each.
    pub fn exceptions(&self) -> Vec<Exception> {
        self.ledger.exceptions(self.language)
    }

    /// Returns the names of the authors for metadata: the parties with the first of the [`Self::AUTHORING`] roles that is
    /// credited, otherwise the publisher.
    pub fn authors(&self) -> Vec<&str> {
        for wanted in Self::AUTHORING {
            let names: Vec<&str> = self
                .credits
                .iter()
                .filter(|credit| credit.marc == wanted)
                .flat_map(|credit| credit.parties.iter().map(|party| party.name.as_str()))
                .collect();
            if !names.is_empty() {
                return names;
            }
        }
        self.publisher.iter().map(|party| party.name.as_str()).collect()
    }
}
