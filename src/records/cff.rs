//! Citation File Format 1.2.0 (<https://github.com/citation-file-format/citation-file-format>).
//!
//! A file can only describe software or data, so an edition is a `dataset` whose `preferred-citation` is a book, a report or an
//! issue of a series.

use super::language::primary;
use super::name::PersonName;
use super::yaml::Yaml;
use super::{Extents, Work};
use crate::manifest::{PublicationKind, localized};
use crate::output::epub::address;
use crate::product::Product;
use crate::resolve::Party;

/// Licence ids that the schema of version 1.2.0 does not contain. The address of the licence is written instead.
const UNLISTED: [&str; 25] = [
    "etalab-1.0",
    "CC-BY-2.5-AU",
    "CC-BY-3.0-AU",
    "CC-BY-3.0-DE",
    "CC-BY-3.0-IGO",
    "CC-BY-3.0-NL",
    "CC-BY-NC-3.0-DE",
    "CC-BY-NC-3.0-IGO",
    "CC-BY-NC-ND-3.0-DE",
    "CC-BY-NC-SA-2.0-DE",
    "CC-BY-NC-SA-2.0-FR",
    "CC-BY-NC-SA-2.0-UK",
    "CC-BY-NC-SA-3.0-DE",
    "CC-BY-NC-SA-3.0-IGO",
    "CC-BY-ND-3.0-DE",
    "CC-BY-SA-3.0-DE",
    "CC-BY-SA-3.0-IGO",
    "CC-PDM-1.0",
    "CC-SA-1.0",
    "GFDL-1.1-invariants",
    "GFDL-1.1-no-invariants",
    "GFDL-1.2-invariants",
    "GFDL-1.2-no-invariants",
    "GFDL-1.3-invariants",
    "GFDL-1.3-no-invariants",
];

/// Writes the file of an edition.
pub fn write(work: &Work, extents: Extents) -> String {
    let message = localized(
        [
            "Pour citer cette publication, utilisez la référence « preferred-citation ».",
            "To cite this publication, use the preferred citation.",
        ],
        work.language.0.tag,
    );
    let mut map = Fields::default();
    map.word("cff-version", "1.2.0");
    map.text("message", Some(message));
    map.word("type", "dataset");
    map.text("title", Some(&work.full_title()));
    map.list("authors", people(&work.responsible()));
    map.text("abstract", work.description.as_deref());
    map.list("keywords", texts(&work.keywords));
    map.text("version", Some(&work.edition));
    map.text("date-released", work.date.day.map(|_| work.date.iso()).as_deref());
    map.text("doi", doi(work));
    licence(&mut map, work);
    map.map("preferred-citation", citation(work, extents));
    Yaml::Map(map.0).document()
}

fn citation(work: &Work, extents: Extents) -> Fields {
    let mut map = Fields::default();
    let (kind, number) = match work.kind {
        PublicationKind::Book => ("book", "volume"),
        // A report has no field for its number.
        PublicationKind::Report => ("report", ""),
        PublicationKind::Issue => ("serial", "issue"),
    };
    map.word("type", kind);
    map.text("title", Some(&work.full_title()));
    map.list("authors", people(&work.responsible()));
    map.list("editors", people(&work.editors()));
    map.list("translators", people(&work.translators()));
    if let Some(publisher) = work.publishers.first() {
        map.map(if work.kind == PublicationKind::Report { "institution" } else { "publisher" }, entity(publisher));
    }
    map.number("year", Some(usize::from(work.date.year)));
    map.number("month", Some(usize::from(work.date.month)));
    map.text("date-published", work.date.day.map(|_| work.date.iso()).as_deref());
    map.text("edition", work.label.as_deref());
    map.text("collection-title", work.series.as_deref());
    map.text(number, work.number.as_deref().filter(|_| !number.is_empty()));
    map.number("pages", extents.pages.filter(|pages| *pages > 0 && work.forms.contains(&Product::ScreenPdf)));
    map.list("languages", languages(work));
    map.text("isbn", work.hyphenated_isbns().first().copied());
    map.text("doi", doi(work));
    map.text("url", work.doi_address().as_deref());
    map.text("abstract", work.description.as_deref());
    map.list("keywords", texts(&work.keywords));
    licence(&mut map, work);
    map
}

/// Returns the DOI if it has only the characters that the schema allows. The URL contains the DOI in any case.
fn doi(work: &Work) -> Option<&str> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ":/_;-.()[]\\".contains(c);
    work.doi.as_deref().filter(|doi| doi.chars().all(allowed))
}

fn licence(map: &mut Fields, work: &Work) {
    if UNLISTED.contains(&work.licence) {
        map.text("license-url", Some(&work.licence_url));
    } else {
        map.text("license", Some(work.licence));
    }
}

/// Returns the languages with a code of two or three letters, each once.
fn languages(work: &Work) -> Vec<Yaml> {
    let mut codes: Vec<&str> = Vec::new();
    for code in work.languages.iter().map(|tag| primary(tag)) {
        if matches!(code.len(), 2 | 3) && !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.into_iter().map(Yaml::text).collect()
}

fn people(parties: &[&Party]) -> Vec<Yaml> {
    let one = |party: &&Party| if party.organisation { entity(party) } else { person(party) };
    parties.iter().map(one).map(|fields| Yaml::Map(fields.0)).collect()
}

fn person(party: &Party) -> Fields {
    let name = PersonName::of(party);
    let set = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut map = Fields::default();
    map.text("given-names", set(&name.given).as_deref());
    map.text("name-particle", set(&name.particle).as_deref());
    map.text("family-names", set(&name.family).as_deref());
    map.text("name-suffix", set(&name.suffix).as_deref());
    map.text("affiliation", party.affiliation.as_deref());
    map.text("orcid", party.orcid());
    map.text("website", party.url.as_deref().map(address).as_deref());
    map
}

fn entity(party: &Party) -> Fields {
    let mut map = Fields::default();
    map.text("name", Some(&party.name));
    map.text("website", party.page().map(address).as_deref());
    map
}

fn texts(list: &[String]) -> Vec<Yaml> {
    let mut texts: Vec<&str> = Vec::new();
    for text in list {
        if !texts.contains(&text.as_str()) {
            texts.push(text);
        }
    }
    texts.into_iter().map(Yaml::text).collect()
}

/// The entries of a map; those without a value are left out.
#[derive(Default)]
struct Fields(Vec<(&'static str, Yaml)>);

impl Fields {
    fn text(&mut self, key: &'static str, text: Option<&str>) {
        self.0.extend(text.map(|text| (key, Yaml::text(text))));
    }

    fn word(&mut self, key: &'static str, word: &str) {
        self.0.push((key, Yaml::Word(word.to_owned())));
    }

    fn number(&mut self, key: &'static str, number: Option<usize>) {
        self.0.extend(number.map(|number| (key, Yaml::Number(number))));
    }

    fn list(&mut self, key: &'static str, items: Vec<Yaml>) {
        if !items.is_empty() {
            self.0.push((key, Yaml::List(items)));
        }
    }

    fn map(&mut self, key: &'static str, map: Fields) {
        self.0.push((key, Yaml::Map(map.0)));
    }
}
