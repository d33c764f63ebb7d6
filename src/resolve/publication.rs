//! One edition of one publication, from its manifests and sections to [`Resolved`].

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::brand::{self, Layer};
use super::credits::{self, Directory, Party};
use super::editions;
use super::identifiers;
use super::ids::{self, Anchors};
use super::ledger::Ledger;
use super::links::{self, Neighbour, Reach};
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
use crate::diagnostic::{Diagnostic, Diagnostics, Sources, Span, code};
use crate::manifest::{
    AccentOrder, EditionManifest, GuillemetSpace, LayoutManifest, Manifest, PublicationManifest, SeriesManifest, strings,
};
use crate::model::{Authored, AuthoredSection, Block};

/// A publication as the project read it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Folder name.
    pub slug: String,
    /// Folder, from the project's root.
    pub folder: String,
    /// Folder of its artefacts in the output folder: that of its series; none when it stands alone.
    pub shelf: Option<String>,
    /// Its series, and the series' folder.
    pub series: Option<(Manifest<SeriesManifest>, String)>,
    /// What it declares.
    pub manifest: Manifest<PublicationManifest>,
    /// The sections that its editions name.
    pub sections: Vec<AuthoredSection>,
}

/// Every publication of the workspace: links may reach them all.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The publications, by folder.
    pub entries: Vec<Entry>,
    /// Address of the output folder online, with a slash at its end.
    pub published_at: Option<String>,
}

/// What one edition is resolved from.
pub struct Source<'a> {
    /// The publication.
    pub entry: &'a Entry,
    /// Which of its editions.
    pub edition: &'a EditionManifest,
    /// The layout that it names.
    pub layout: &'a LayoutManifest,
    /// All publications.
    pub catalogue: &'a Catalogue,
    /// Where the bytes of images come from.
    pub images: &'a dyn Images,
    /// Font families that can be used.
    pub typefaces: &'a [Typeface],
    /// How far the text may be unfinished.
    pub rigour: Rigour,
}

impl Entry {
    /// Where the titles of its sections stand, then the texts of its TOML.
    pub fn declared(&self, sources: &Sources) -> Vec<Span> {
        let series = self.series.as_ref().map(|(series, _)| series.source);
        let files = std::iter::once(self.manifest.source).chain(series);
        let texts = files.filter_map(|id| Some(strings(id, &sources.get(id)?.text))).flatten().map(|(_, span)| span);
        self.sections.iter().map(|section| section.title_span).chain(texts).collect()
    }

    /// The layout that it names: its own, its series', else `simple`; and where it is named.
    pub fn layout(&self) -> (String, Option<Span>) {
        if let Some(layout) = &self.manifest.value.layout {
            return (layout.get_ref().clone(), Some(self.manifest.span(layout)));
        }
        let series = self.series.as_ref().map(|(series, _)| series);
        match series.and_then(|series| series.value.layout.as_ref().map(|layout| (series, layout))) {
            Some((series, layout)) => (layout.get_ref().clone(), Some(series.span(layout))),
            None => ("simple".into(), None),
        }
    }

    /// File name of an edition's artefacts, without extension.
    pub fn stem(&self, edition: &EditionManifest) -> String {
        format!("{}-{}", self.slug, edition.id.get_ref())
    }
}

/// Decides an edition. The diagnostics that come with it are warnings.
pub fn resolve(source: &Source<'_>) -> Result<(Resolved, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::default();
    editions::check(&source.entry.manifest, &mut found);
    let elsewhere = elsewhere(source);
    // From here on the publication is what this edition has of it.
    let mut entry = editions::entry(source.entry, source.edition, &mut found);
    let (sections, anchors) = numbered(std::mem::take(&mut entry.sections), source.rigour, &mut found);
    let entry = &entry;
    let source = &Source { entry, ..*source };
    let manifest = &entry.manifest;
    let language = language(entry, &mut found);
    check_resources(manifest, &mut found);
    identifiers::check(manifest, &mut found);
    let uuid = identity(manifest, source.edition, &mut found);

    let section_ids: Vec<String> = sections.iter().map(|section| section.id.clone()).collect();
    let options = options::options(manifest, source.layout, &section_ids, &mut found);
    links::ambiguous(&anchors, &sections, source.catalogue, &entry.slug, &mut found);
    let neighbours = neighbours(source);
    let edition = source.edition.id.get_ref();
    let reach = Reach {
        lang: language.tag,
        anchors: &anchors,
        edition,
        elsewhere: &elsewhere,
        neighbours: &neighbours,
        rigour: source.rigour,
    };

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
    let mut linked = link_sections(sections, &mut linker, &options, source.layout.accents, brand.accents.len());
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

fn guillemet_space(entry: &Entry) -> GuillemetSpace {
    let series = entry.series.as_ref().and_then(|(series, _)| series.value.typography.guillemet_space);
    entry.manifest.value.typography.guillemet_space.or(series).unwrap_or_default()
}

fn language(entry: &Entry, found: &mut Diagnostics) -> Language {
    let own = entry.manifest.value.lang.as_ref().map(|lang| (lang.get_ref().as_str(), entry.manifest.span(lang)));
    let series =
        entry.series.as_ref().and_then(|(series, _)| series.value.lang.as_ref().map(|l| (l.get_ref().as_str(), series.span(l))));
    let french = Language::find("fr");
    let wanted = own.or(series);
    let language = wanted.map_or(french, |(tag, _)| Language::find(tag));
    if let (None, Some((tag, span))) = (language, wanted) {
        let message = format!("there are no words for the language \"{tag}\"");
        found.push(Diagnostic::new(code::UNKNOWN_NAME, message).at(span).suggest(tag, Language::tags()));
    }
    language.unwrap_or(Language::FRENCH)
}

fn identity(manifest: &Manifest<PublicationManifest>, edition: &EditionManifest, found: &mut Diagnostics) -> Uuid {
    let written = &manifest.value.uuid;
    let base = Uuid::parse_str(written.get_ref()).unwrap_or_else(|_| {
        let message = format!("\"{}\" is not a UUID", written.get_ref());
        found
            .push(Diagnostic::new(code::TOML_VALUE, message).at(manifest.span(written)).hint("`reliure new` writes a fresh one"));
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
            found.push(Diagnostic::new(code::DUPLICATE, message).at(span).related(first, "first given here").hint("rename one"));
        }
    }
}

/// The sections of an edition with its notes numbered, and its anchors.
fn numbered(mut sections: Vec<AuthoredSection>, rigour: Rigour, found: &mut Diagnostics) -> (Vec<AuthoredSection>, Anchors) {
    sections.iter_mut().for_each(|section| notes::number(&mut section.body));
    let anchors = ids::assign(&mut sections, rigour, found);
    (sections, anchors)
}

/// The anchors of an edition.
fn anchors_of(entry: &Entry, edition: &EditionManifest) -> Anchors {
    let unheard = &mut Diagnostics::default();
    let entry = editions::entry(entry, edition, unheard);
    numbered(entry.sections, Rigour::Full, unheard).1
}

/// Ids of the places that the other editions have.
fn elsewhere(source: &Source<'_>) -> BTreeSet<String> {
    let editions = source.entry.manifest.value.editions.iter();
    let others = editions.filter(|edition| edition.id.get_ref() != source.edition.id.get_ref());
    others.flat_map(|edition| anchors_of(source.entry, edition).into_keys()).collect()
}

/// The other publications as links see them: the edition of the same id, else the latest.
fn neighbours(source: &Source<'_>) -> Vec<Neighbour> {
    let published_at = source.catalogue.published_at.as_deref();
    let others = source.catalogue.entries.iter().filter(|entry| entry.slug != source.entry.slug);
    others
        .filter_map(|entry| {
            let editions = &entry.manifest.value.editions;
            let same = editions.iter().find(|edition| edition.id.get_ref() == source.edition.id.get_ref());
            let edition = same.or_else(|| editions.iter().max_by_key(|edition| *edition.date.get_ref()))?;
            let artefact = artefact(entry.shelf.as_deref(), &entry.stem(edition));
            Some(Neighbour {
                slug: entry.slug.clone(),
                file: relative(source.entry.shelf.as_deref(), entry.shelf.as_deref(), &entry.stem(edition)),
                published: published_at.map(|address| format!("{address}{artefact}")),
                title: editions::title(&entry.manifest.value, edition).to_owned(),
                lang: self::language(entry, &mut Diagnostics::default()).tag,
                anchors: anchors_of(entry, edition),
            })
        })
        .collect()
}

/// Address of an artefact in the output folder.
fn artefact(shelf: Option<&str>, stem: &str) -> String {
    let parts: Vec<String> = shelf.into_iter().chain([stem]).map(segment).collect();
    parts.join("/")
}

/// Address of an artefact that stands on the shelf `to`, from one that stands on the shelf `from`.
fn relative(from: Option<&str>, to: Option<&str>, stem: &str) -> String {
    if from == to {
        return segment(stem);
    }
    let up = if from.is_some() { "../" } else { "" };
    format!("{up}{}", artefact(to, stem))
}

/// Writes a file name as a segment of an address (RFC 3986 §3.3).
fn segment(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn directory(entry: &Entry, found: &mut Diagnostics) -> Directory {
    let mut directory = Directory::default();
    let value = &entry.manifest.value;
    for id in value.people.keys().filter(|id| value.organisations.contains_key(*id)) {
        let message = format!("a person and an organisation have the id \"{id}\"");
        found.push(
            Diagnostic::new(code::DUPLICATE, message).at(entry.manifest.span(&value.title)).hint("give one of them another id"),
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
    order: AccentOrder,
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
        linked.push(link_section(section, index, accent(order, group, count, accents), linker));
    }
    linked
}

/// Returns the index of the accent of a group of sections, in the order that the layout declares.
fn accent(order: AccentOrder, group: usize, groups: usize, accents: usize) -> usize {
    let accents = accents.max(1);
    let index = group % accents;
    let meets_first = order == AccentOrder::Ring && group > 0 && group + 1 == groups;
    if meets_first && index == 0 { 1 % accents } else { index }
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

fn publisher(entry: &Entry, directory: &Directory, found: &mut Diagnostics) -> Option<Party> {
    if let Some(publisher) = &entry.manifest.value.publisher {
        return directory.find(publisher.get_ref(), entry.manifest.span(publisher), found);
    }
    let (series, _) = entry.series.as_ref()?;
    let publisher = series.value.publisher.as_ref()?;
    directory.find(publisher.get_ref(), series.span(publisher), found)
}

/// The brand's layers: the publication's own, then its series'.
pub fn layers(entry: &Entry) -> Vec<Layer<'_>> {
    let own = Layer::new(&entry.manifest, &entry.manifest.value.brand);
    let series = entry.series.as_ref().map(|(series, _)| Layer::new(series, &series.value.brand));
    std::iter::once(own).chain(series).collect()
}
