//! Declarations of a publication, some of which can come from its series.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{EditionManifest, Manifest, PublicationManifest};
use crate::resolve::language::Language;
use crate::resolve::licence::{CONTENT, Licence};
use crate::workspace::Publication;

/// Returns the language of a publication: declared by it, otherwise by its series, otherwise French.
pub fn language(publication: &Publication, found: &mut Diagnostics) -> Language {
    let own = publication.manifest.value.lang.as_ref().map(|lang| (lang.get_ref().as_str(), publication.manifest.span(lang)));
    let series = publication
        .series
        .as_ref()
        .and_then(|(series, _)| series.value.lang.as_ref().map(|l| (l.get_ref().as_str(), series.span(l))));
    let french = Language::find("fr");
    let wanted = own.or(series);
    let language = wanted.map_or(french, |(tag, _)| Language::find(tag));
    if let (None, Some((tag, span))) = (language, wanted) {
        let message = format!("the language \"{tag}\" is not supported");
        found.push(Diagnostic::new(code::UNKNOWN_NAME, message).at(span).suggest(tag, Language::tags()));
    }
    language.unwrap_or(Language::FRENCH)
}

/// Returns the licence of a publication: declared by it, otherwise by its series, otherwise Licence Ouverte 2.0.
pub fn licence(publication: &Publication, lang: &str, found: &mut Diagnostics) -> Licence {
    let own = publication.manifest.value.licence.id.as_ref().map(|id| (id.get_ref(), publication.manifest.span(id)));
    let series = publication.series.as_ref().and_then(|(s, _)| s.value.licence.as_ref().map(|id| (id.get_ref(), s.span(id))));
    let Some((id, span)) = own.or(series) else { return Licence::default_for(lang) };
    let known = Licence::find(id, lang);
    if let Some(licence) = known.clone().filter(|licence| licence.content) {
        return licence;
    }
    let unfit = match known {
        Some(licence) => Diagnostic::new(code::LICENCE, format!("{} is not a licence for publications", licence.id)),
        None => Diagnostic::new(code::LICENCE, format!("no licence for publications has the id \"{id}\"")),
    };
    found.push(unfit.at(span).suggest(id, CONTENT.iter().copied()));
    Licence::default_for(lang)
}

/// Derives the UUID of an edition from the UUID of the publication.
pub fn identity(manifest: &Manifest<PublicationManifest>, edition: &EditionManifest, found: &mut Diagnostics) -> Uuid {
    let written = &manifest.value.uuid;
    let base = Uuid::parse_str(written.get_ref()).unwrap_or_else(|_| {
        let message = format!("\"{}\" is not a UUID", written.get_ref());
        found.push(Diagnostic::new(code::TOML_VALUE, message).at(manifest.span(written)).hint("`reliure new` generates one"));
        Uuid::nil()
    });
    Uuid::new_v5(&base, edition.id.get_ref().as_bytes())
}

/// Reports resources with duplicate ids.
pub fn validate_resources(manifest: &Manifest<PublicationManifest>, found: &mut Diagnostics) {
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
