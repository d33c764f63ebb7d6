//! The editions of a publication: the content of each, and validation of their declarations.

use std::collections::BTreeMap;

use toml::Spanned;

use super::conditions::ConditionFilter;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{EditionManifest, Lineage, Manifest, PublicationManifest, name_fault};
use crate::model::AuthoredSection;
use crate::workspace::Publication;

/// Returns the publication reduced to one edition: with the overrides of the edition, its sections in order with conditions
/// applied, and the declarations that apply to it.
pub fn of_edition(publication: &Publication, edition: &EditionManifest, found: &mut Diagnostics) -> Publication {
    let whole = &publication.manifest.value;
    let lineage = Lineage::of(whole, edition);
    let mut manifest = publication.manifest.clone();
    apply_overrides(&mut manifest.value, &lineage, edition);
    manifest.value.sections = lineage.sections().to_vec();
    retain_declarations(&mut manifest.value, edition);

    let known: Vec<&str> = whole.editions.iter().map(|edition| edition.id.get_ref().as_str()).collect();
    let here = |id: &str| manifest.value.resources.iter().any(|resource| resource.id.get_ref() == id);
    let absent = whole.resources.iter().map(|resource| resource.id.get_ref().as_str()).filter(|id| !here(id));
    let absent: Vec<&str> = absent.collect();
    let changes = edition.based_on.is_some() && !edition.changes.is_empty();
    let mut filter = ConditionFilter { lineage: &lineage, known: &known, absent: &absent, changes, found };
    let files = manifest.value.sections.iter().map(|name| name.get_ref());
    let by_file: BTreeMap<&str, &AuthoredSection> =
        publication.sections.iter().map(|section| (section.file.as_str(), section)).collect();
    let sections = files.filter_map(|name| by_file.get(name.as_str()).copied());
    let sections = sections.map(|section| filter.section(section.clone())).collect();
    Publication {
        slug: publication.slug.clone(),
        folder: publication.folder.clone(),
        series_folder: publication.series_folder.clone(),
        series: publication.series.clone(),
        manifest,
        sections,
    }
}

/// Replaces the values that the edition overrides.
fn apply_overrides(value: &mut PublicationManifest, lineage: &Lineage<'_>, edition: &EditionManifest) {
    if let Some(title) = lineage.pick(|edition| edition.title.clone()) {
        value.title = title;
    }
    let texts = [
        (&mut value.subtitle, lineage.pick(|edition| edition.subtitle.clone())),
        (&mut value.description, lineage.pick(|edition| edition.description.clone())),
        (&mut value.period, lineage.pick(|edition| edition.period.clone())),
    ];
    for (text, set) in texts {
        if let Some(set) = set {
            *text = Some(set).filter(|set| !set.trim().is_empty());
        }
    }
    if let Some(doi) = lineage.pick(|edition| edition.doi.clone()) {
        value.doi = Some(doi).filter(|doi| !doi.get_ref().trim().is_empty());
    }
    if let Some(keywords) = lineage.pick(|edition| edition.keywords.clone()) {
        value.keywords = keywords;
    }
    if let Some(isbn) = lineage.pick(|edition| edition.isbn.clone()) {
        value.isbn = isbn;
    }
    for edition in lineage.editions().iter().rev() {
        value.options.extend(edition.options.clone());
    }
    let updated = lineage.pick(|edition| edition.updated).or(value.licence.updated);
    value.licence.updated = updated.or(edition.modified.as_ref().map(|modified| *modified.get_ref()));
}

/// Removes the declarations that apply only to other editions.
fn retain_declarations(value: &mut PublicationManifest, edition: &EditionManifest) {
    let here =
        |editions: &[Spanned<String>]| editions.is_empty() || editions.iter().any(|id| id.get_ref() == edition.id.get_ref());
    value.credits.retain(|credit| here(&credit.editions));
    value.sources.retain(|work| here(&work.editions));
    value.licence.exceptions.retain(|exception| here(&exception.editions));
    value.resources.retain(|resource| here(&resource.editions));
}

/// Validates the declarations of editions, and the references to them.
pub fn validate(manifest: &Manifest<PublicationManifest>, found: &mut Diagnostics) {
    let editions = &manifest.value.editions;
    if editions.is_empty() {
        let span = manifest.span(&manifest.value.title);
        let missing = Diagnostic::new(code::TOML_VALUE, "this publication has no edition");
        found.push(missing.at(span).hint("add:  [[editions]]  id = \"2026-01\"  date = \"2026-01\""));
    }
    for (at, edition) in editions.iter().enumerate() {
        validate_id(manifest, edition, &editions[..at], found);
        validate_base(manifest, edition, found);
        validate_erratum(manifest, edition, found);
        if let Some(before) = at.checked_sub(1).and_then(|before| editions.get(before)) {
            validate_order(manifest, before, edition, found);
        }
    }
    validate_named(manifest, found);
}

/// Returns whether an id can be part of a file name on every system, and name the folder of a release.
pub fn is_edition_id(id: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_plain = !id.is_empty() && id.chars().all(plain) && !id.starts_with('.') && !id.ends_with('.');
    is_plain && !id.contains(REPLACED) && name_fault(id).is_none()
}

/// Start of the suffix in the folder name of a replaced release: `2024-05.replaced-1`.
pub const REPLACED: &str = ".replaced-";

/// Returns the error for an id that cannot be part of a file name.
pub fn refused_id(id: &str, span: Span) -> Diagnostic {
    let message = format!("\"{id}\" cannot be the id of an edition");
    let hint = "use letters, digits and hyphens: it is part of file names";
    Diagnostic::new(code::TOML_VALUE, message).at(span).hint(hint)
}

fn validate_id(
    manifest: &Manifest<PublicationManifest>,
    edition: &EditionManifest,
    before: &[EditionManifest],
    found: &mut Diagnostics,
) {
    let (id, span) = (edition.id.get_ref(), manifest.span(&edition.id));
    if !is_edition_id(id) {
        found.push(refused_id(id, span));
    }
    if let Some(first) = before.iter().find(|other| other.id.get_ref().eq_ignore_ascii_case(id)) {
        let message = match first.id.get_ref() == id {
            true => format!("two editions have the id \"{id}\""),
            false => format!("the ids \"{}\" and \"{id}\" name the same files on some systems", first.id.get_ref()),
        };
        let first = manifest.span(&first.id);
        found.push(Diagnostic::new(code::DUPLICATE, message).at(span).related(first, "first given here").hint("rename one"));
    }
}

fn validate_base(manifest: &Manifest<PublicationManifest>, edition: &EditionManifest, found: &mut Diagnostics) {
    let id = edition.id.get_ref();
    let Some(written) = &edition.based_on else {
        if !edition.changes.is_empty() {
            let message = format!("the changes of the edition \"{id}\" are not printed: it is not based on another edition");
            let lost = Diagnostic::new(code::UNUSED_VALUE, message).at(manifest.span(&edition.id));
            found.push(lost.hint("give based-on = \"…\", or remove changes"));
        }
        return;
    };
    let (name, span) = (written.get_ref(), manifest.span(written));
    let lineage = Lineage::of(&manifest.value, edition);
    let Some(older) = lineage.base() else {
        let known = manifest.value.editions.iter().map(|other| other.id.get_ref().as_str()).filter(|other| other != id);
        let message = format!("no edition has the id \"{name}\"");
        found.push(Diagnostic::new(code::UNKNOWN_NAME, message).at(span).suggest(name, known));
        return;
    };
    if lineage.is_circular() {
        // A cycle is reported once, at its first edition in the file.
        let first = manifest.value.editions.iter().find(|other| lineage.has(other.id.get_ref()));
        if first.is_some_and(|first| lineage.is(first.id.get_ref())) {
            let chain: Vec<String> = lineage.editions().iter().map(|edition| format!("\"{}\"", edition.id.get_ref())).collect();
            let message = format!("the edition \"{id}\" is based on itself: {} → \"{id}\"", chain.join(" → "));
            let wrong = Diagnostic::new(code::TOML_VALUE, message).at(span);
            found.push(wrong.hint("base it on an older edition, or remove based-on"));
        }
    } else if older.date.get_ref() > edition.date.get_ref() {
        let message = format!("the edition \"{id}\" cannot be based on \"{name}\", which is not older");
        let dated = manifest.span(&older.date);
        let wrong = Diagnostic::new(code::TOML_VALUE, message).at(span).related(dated, "its date");
        found.push(wrong.hint("check both dates"));
    }
}

fn validate_order(
    manifest: &Manifest<PublicationManifest>,
    before: &EditionManifest,
    edition: &EditionManifest,
    found: &mut Diagnostics,
) {
    if edition.date.get_ref() < before.date.get_ref() {
        let message =
            format!("dates out of order: the edition \"{}\" is dated before the one listed above it", edition.id.get_ref());
        let wrong = Diagnostic::new(code::TOML_VALUE, message).at(manifest.span(&edition.date));
        found.push(
            wrong.related(manifest.span(&before.date), "the date above").hint("list editions from the oldest to the newest"),
        );
    }
}

fn validate_erratum(manifest: &Manifest<PublicationManifest>, edition: &EditionManifest, found: &mut Diagnostics) {
    let id = edition.id.get_ref();
    match (&edition.modified, edition.errata.first()) {
        (Some(modified), _) if modified.get_ref() < edition.date.get_ref() => {
            let message = format!("the edition \"{id}\" cannot be corrected before it is published");
            let wrong = Diagnostic::new(code::TOML_VALUE, message).at(manifest.span(modified));
            found.push(wrong.related(manifest.span(&edition.date), "its date").hint("check both dates"));
        }
        (None, Some(first)) => {
            let message = format!("the errata of the edition \"{id}\" have no date");
            let wrong = Diagnostic::new(code::TOML_VALUE, message).at(manifest.span(first));
            found.push(wrong.hint("add the date of the corrected version: modified = \"2026-01-31\""));
        }
        (Some(_), _) | (None, None) => {}
    }
}

/// Validates the `editions` keys of declarations.
fn validate_named(manifest: &Manifest<PublicationManifest>, found: &mut Diagnostics) {
    let value = &manifest.value;
    let credits = value.credits.iter().map(|credit| &credit.editions);
    let sources = value.sources.iter().map(|work| &work.editions);
    let exceptions = value.licence.exceptions.iter().map(|exception| &exception.editions);
    let resources = value.resources.iter().map(|resource| &resource.editions);
    for written in credits.chain(sources).chain(exceptions).chain(resources).flatten() {
        let known = value.editions.iter().map(|edition| edition.id.get_ref().as_str());
        let id = written.get_ref();
        if !known.clone().any(|known| known == id) {
            let message = format!("no edition has the id \"{id}\"");
            found.push(Diagnostic::new(code::UNKNOWN_NAME, message).at(manifest.span(written)).suggest(id, known));
        }
    }
}
