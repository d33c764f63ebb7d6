//! One edition of one publication, from its manifests and sections to [`Resolved`].

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::brand::{self, Layer};
use super::credits::{self, Directory, Party};
use super::editions;
use super::identifiers;
use super::ids;
use super::index;
use super::ledger::Ledger;
use super::links::Reach;
use super::logos;
use super::notes;
use super::notice::{self, Notice};
use super::options;
use super::resources::Shelf;
use super::rigour::Rigour;
use super::terms::Language;
use super::tree::{self, Images, Linker};
use super::typefaces::{self, Typeface};
use super::works;
use super::{OptionValue, Resolved, Section};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{EditionManifest, GuillemetSpace, LayoutManifest, Manifest, PublicationManifest};
use crate::model::{Authored, AuthoredSection, Block};
use crate::workspace::{Anchors, Index, Publication};

/// What one edition is resolved from.
pub struct Source<'a> {
    /// The publication.
    pub publication: &'a Publication,
    /// Which of its editions.
    pub edition: &'a EditionManifest,
    /// The layout that it names.
    pub layout: &'a LayoutManifest,
    /// What links need of the other publications; those that this one names are read, and this one too.
    pub index: &'a Index,
    /// Where the bytes of images come from.
    pub images: &'a dyn Images,
    /// Font families that can be used.
    pub typefaces: &'a [Typeface],
    /// How far the text may be unfinished.
    pub rigour: Rigour,
}

/// Decides an edition. The diagnostics that come with it are warnings.
pub fn resolve(source: &Source<'_>) -> Result<(Resolved, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::default();
    editions::check(&source.publication.manifest, &mut found);
    // From here on the publication is what this edition has of it.
    let mut entry = editions::of_edition(source.publication, source.edition, &mut found);
    let (sections, anchors) = numbered(std::mem::take(&mut entry.sections), source.rigour, &mut found);
    let entry = &entry;
    let source = &Source { publication: entry, ..*source };
    let manifest = &entry.manifest;
    let language = language(entry, &mut found);
    check_resources(manifest, &mut found);
    identifiers::check(manifest, &mut found);
    let uuid = identity(manifest, source.edition, &mut found);

    let section_ids: Vec<String> = sections.iter().map(|section| section.id.clone()).collect();
    let options = options::options(manifest, source.layout, &section_ids, &mut found);
    index::check_numbered(&anchors, &sections, &mut found);
    let edition = source.edition.id.get_ref();
    let reach =
        Reach { publication: entry, lang: language.tag, anchors: &anchors, edition, index: source.index, rigour: source.rigour };

    let families: Vec<String> = source.typefaces.iter().map(|typeface| typeface.family.clone()).collect();
    let brand = brand::brand(&layers(entry), &families, &mut found);
    let mut directory = directory(entry, &mut found);
    let licence = notice::licence(entry, language.tag, &mut found);
    let empty_shelf = Directory::default();
    let shelf = Shelf { manifest, directory: &empty_shelf, reach: &reach, language };
    let mut linker = Linker {
        manifest,
        folder: &entry.folder,
        listed: tree::listed(manifest, &entry.folder, &mut found),
        images: source.images,
        reach: &reach,
        shelf: &shelf,
        licence: &licence,
        section_lang: language.tag.into(),
        lang: language.tag.into(),
        assets: Vec::new(),
        placed: BTreeMap::new(),
        entered: BTreeSet::new(),
        items: Vec::new(),
        found: Diagnostics::default(),
    };
    logos::read(entry, &mut linker, &mut directory);
    let shelf = Shelf { manifest, directory: &directory, reach: &reach, language };
    linker.shelf = &shelf;
    let mut linked = link_sections(sections, &mut linker, &options, brand.accents.len());
    let (assets, mut items, link_found) = (linker.assets, linker.items, linker.found);
    found.extend(link_found);
    let (works, sources) = works::sources(manifest, &licence, language, &mut found);
    items.extend(works);
    let mut unsaid = Diagnostics::default();
    items.extend(typefaces::items(&brand.fonts, source.typefaces, &layers(entry), &licence, language.tag, &mut unsaid));
    found.extend(source.rigour.soften_all(unsaid, "the notice does not name it"));
    items.extend(works::exceptions(manifest, &licence, language.tag, &mut found));
    let ledger = Ledger::new(items);

    let credits = credits::credits(manifest, &directory, language.tag, &mut found);
    let publisher = publisher(entry, &directory, &mut found);
    let edition = editions::edition(&manifest.value, source.edition, language);
    let title = manifest.span(&manifest.value.title);
    let whole = notice::shown(&mut linked, &ledger, &licence, title, &mut found);
    let notice = notice::notice(source, licence, publisher.as_ref(), &directory, language, &mut found);
    let value = &manifest.value;
    found.finish(Resolved {
        slug: entry.slug.clone(),
        stem: entry.stem(source.edition),
        uuid,
        language,
        title: value.title.get_ref().clone(),
        subtitle: value.subtitle.clone(),
        description: value.description.clone(),
        keywords: value.keywords.clone(),
        period: value.period.clone(),
        series: entry.series.as_ref().map(|(series, _)| series.value.title.clone()),
        publisher,
        edition,
        doi: value.doi.as_ref().map(|doi| doi.get_ref().clone()),
        isbn_epub: value.isbn.epub.as_ref().map(|isbn| isbn.get_ref().clone()),
        isbn_pdf: value.isbn.pdf.as_ref().map(|isbn| isbn.get_ref().clone()),
        notice: Notice { whole, ..notice },
        ledger,
        credits,
        sources,
        sections: linked,
        assets,
        brand,
        rigour: source.rigour,
        guillemet_space: guillemet_space(entry),
        options,
    })
}

fn guillemet_space(entry: &Publication) -> GuillemetSpace {
    let series = entry.series.as_ref().and_then(|(series, _)| series.value.typography.guillemet_space);
    entry.manifest.value.typography.guillemet_space.or(series).unwrap_or_default()
}

pub fn language(entry: &Publication, found: &mut Diagnostics) -> Language {
    let own = entry.manifest.value.lang.as_ref().map(|lang| (lang.get_ref().as_str(), entry.manifest.span(lang)));
    let series =
        entry.series.as_ref().and_then(|(series, _)| series.value.lang.as_ref().map(|l| (l.get_ref().as_str(), series.span(l))));
    let french = Language::find("fr");
    let wanted = own.or(series);
    let language = wanted.map_or(french, |(tag, _)| Language::find(tag));
    if let (None, Some((tag, span))) = (language, wanted) {
        let message = format!("there are no words for the language \"{tag}\"");
        found.push(Diagnostic::error(code::UNKNOWN_NAME, message).at(span).suggest(tag, Language::tags()));
    }
    language.unwrap_or(Language::FRENCH)
}

fn identity(manifest: &Manifest<PublicationManifest>, edition: &EditionManifest, found: &mut Diagnostics) -> Uuid {
    let written = &manifest.value.uuid;
    let base = Uuid::parse_str(written.get_ref()).unwrap_or_else(|_| {
        let message = format!("\"{}\" is not a UUID", written.get_ref());
        found.push(
            Diagnostic::error(code::TOML_VALUE, message).at(manifest.span(written)).hint("`reliure new` writes a fresh one"),
        );
        Uuid::nil()
    });
    Uuid::new_v5(&base, edition.id.get_ref().as_bytes())
}

/// A resource id stands for one resource.
fn check_resources(manifest: &Manifest<PublicationManifest>, found: &mut Diagnostics) {
    let resources = &manifest.value.resources;
    let mut known: BTreeMap<&str, Span> = BTreeMap::new();
    for resource in resources {
        let (id, span) = (resource.id.get_ref().as_str(), manifest.span(&resource.id));
        let first = *known.entry(id).or_insert(span);
        if first != span {
            let message = format!("two resources have the id \"{id}\"");
            found
                .push(Diagnostic::error(code::DUPLICATE, message).at(span).related(first, "first given here").hint("rename one"));
        }
    }
}

/// Numbers the notes of an edition and gives its headings ids; returns the sections and their anchors.
pub fn numbered(mut sections: Vec<AuthoredSection>, rigour: Rigour, found: &mut Diagnostics) -> (Vec<AuthoredSection>, Anchors) {
    sections.iter_mut().for_each(|section| notes::number(&mut section.body));
    let anchors = ids::assign(&mut sections, rigour, found);
    (sections, anchors)
}

fn directory(entry: &Publication, found: &mut Diagnostics) -> Directory {
    let mut directory = Directory::default();
    let value = &entry.manifest.value;
    for id in value.people.keys().filter(|id| value.organisations.contains_key(*id)) {
        let message = format!("a person and an organisation have the id \"{id}\"");
        found.push(
            Diagnostic::error(code::DUPLICATE, message).at(entry.manifest.span(&value.title)).hint("give one of them another id"),
        );
    }
    if let Some((series, _)) = &entry.series {
        directory.add(&series.value.people, &series.value.organisations);
    }
    directory.add(&entry.manifest.value.people, &entry.manifest.value.organisations);
    if let Some((series, _)) = &entry.series {
        directory.check(series, &series.value.people, &series.value.organisations, found);
    }
    directory.check(&entry.manifest, &value.people, &value.organisations, found);
    directory
}

fn link_sections(
    sections: Vec<AuthoredSection>,
    linker: &mut Linker<'_>,
    options: &[(String, OptionValue)],
    accents: usize,
) -> Vec<Section> {
    let groups = options.iter().find_map(|(_, value)| match value {
        OptionValue::SectionGroups(groups) if !groups.is_empty() => Some(groups),
        _ => None,
    });
    let count = groups.map_or(sections.len(), Vec::len);
    let mut linked = Vec::with_capacity(sections.len());
    for (index, section) in sections.into_iter().enumerate() {
        // Sections of one group share their colour.
        let group = groups.and_then(|groups| groups.iter().position(|group| group.contains(&section.id))).unwrap_or(index);
        linked.push(link_section(section, index, accent(group, count, accents), linker));
    }
    linked
}

/// Cycles through the accents; the last group, which meets the first on a wheel, does not take its colour.
fn accent(group: usize, groups: usize, accents: usize) -> usize {
    let accents = accents.max(1);
    let index = group % accents;
    if index == 0 && group > 0 && group + 1 == groups { 1 % accents } else { index }
}

fn link_section(section: AuthoredSection, index: usize, accent: usize, linker: &mut Linker<'_>) -> Section {
    linker.section_lang = section.lang.clone().unwrap_or_else(|| linker.reach.lang.to_owned());
    linker.lang.clone_from(&linker.section_lang);
    let body: Vec<Block<Authored>> = section.body;
    Section {
        id: section.id,
        number: index + 1,
        nav: section.nav.unwrap_or_else(|| section.title.clone()),
        title: section.title,
        lead: linker.inlines(section.lead),
        lang: section.lang,
        accent,
        body: linker.blocks(body),
    }
}

fn publisher(entry: &Publication, directory: &Directory, found: &mut Diagnostics) -> Option<Party> {
    if let Some(publisher) = &entry.manifest.value.publisher {
        return directory.find(publisher.get_ref(), entry.manifest.span(publisher), found);
    }
    let (series, _) = entry.series.as_ref()?;
    let publisher = series.value.publisher.as_ref()?;
    directory.find(publisher.get_ref(), series.span(publisher), found)
}

/// The brand's layers: the publication's own, then its series'.
pub fn layers(entry: &Publication) -> Vec<Layer<'_>> {
    let own = Layer::new(&entry.manifest, &entry.manifest.value.brand);
    let series = entry.series.as_ref().map(|(series, _)| Layer::new(series, &series.value.brand));
    std::iter::once(own).chain(series).collect()
}
