//! Editions: the dated states of a publication.

use super::Edition;
use super::terms::Language;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::manifest::{EditionManifest, Manifest, PublicationManifest};

/// Checks what the editions of a publication say of themselves and of each other.
pub fn check(manifest: &Manifest<PublicationManifest>, found: &mut Diagnostics) {
    let editions = &manifest.value.editions;
    if editions.is_empty() {
        let span = manifest.span(&manifest.value.title);
        let missing = Diagnostic::error(code::TOML_VALUE, "this publication has no edition");
        found.push(missing.at(span).hint("add:  [[editions]]  id = \"2026-01\"  date = \"2026-01\""));
    }
    for (at, edition) in editions.iter().enumerate() {
        let (id, span) = (edition.id.get_ref(), manifest.span(&edition.id));
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) || id.starts_with('.')
        {
            let message = format!("\"{id}\" cannot be the id of an edition");
            found.push(
                Diagnostic::error(code::TOML_VALUE, message)
                    .at(span)
                    .hint("use letters, digits and hyphens: it stands in file names"),
            );
        }
        if let Some(first) = editions[..at].iter().find(|other| other.id.get_ref() == id) {
            let message = format!("two editions have the id \"{id}\"");
            let first = manifest.span(&first.id);
            found
                .push(Diagnostic::error(code::DUPLICATE, message).at(span).related(first, "first given here").hint("rename one"));
        }
        let Some(base) = &edition.based_on else { continue };
        match editions.iter().find(|other| other.id.get_ref() == base.get_ref()) {
            None => {
                let message = format!("no edition has the id \"{}\"", base.get_ref());
                let known = editions.iter().map(|other| other.id.get_ref().as_str()).filter(|other| other != id);
                found.push(Diagnostic::error(code::UNKNOWN_NAME, message).at(manifest.span(base)).suggest(base.get_ref(), known));
            }
            Some(older) if older.date.get_ref() > edition.date.get_ref() || older.id.get_ref() == id => {
                let message = format!("the edition \"{id}\" cannot be based on \"{}\", which is not older", base.get_ref());
                let dated = manifest.span(&older.date);
                found.push(
                    Diagnostic::error(code::TOML_VALUE, message)
                        .at(manifest.span(base))
                        .related(dated, "its date")
                        .hint("check both dates"),
                );
            }
            Some(_) => {}
        }
    }
}

/// Says what an edition is, in words.
pub fn edition(manifest: &EditionManifest, language: Language) -> Edition {
    let date = *manifest.date.get_ref();
    let date_label = language.date(date);
    let label = manifest.label.clone().unwrap_or_else(|| language.say(language.terms.edition_of, &date_label));
    let label = Some(label).filter(|label| !label.trim().is_empty());
    Edition { id: manifest.id.get_ref().clone(), date, date_label, label }
}
