//! Parsing of terms: an id, words, or a misspelt id.

use super::known::{ids, names};
use super::{CONTENT, Licence, Terms};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};

/// Parses terms. A misspelt id is reported at `span`.
pub fn terms(written: &str, lang: &str, span: Option<Span>, found: &mut Diagnostics) -> Option<Terms> {
    let written = written.trim();
    if let Some(licence) = Licence::find(written, lang) {
        return Some(Terms::Licence(licence));
    }
    if !is_misspelt_id(written) {
        return Some(Terms::Words(written.to_owned()));
    }
    let unknown = Diagnostic::new(code::LICENCE, format!("no licence has the id \"{written}\"")).at(span);
    let unknown = match probable_id(written) {
        Some(id) => unknown.hint(format!("did you mean \"{id}\"?")),
        None => unknown.suggest(written, CONTENT.iter().copied()),
    };
    found.push(unknown.hint("write an id of https://spdx.org/licenses, or the terms in words: \"tous droits réservés\""));
    None
}

/// First words of the names of licences, without spaces.
const HEADS: [&str; 8] = [
    "creativecommons",
    "licenceouverte",
    "openlicence",
    "opendatacommons",
    "opengovernment",
    "silopenfont",
    "licenceartlibre",
    "freeartlicen",
];

/// First parts of ids. The words after them must also look like parts of an id.
const FAMILIES: [&str; 13] =
    ["cc", "cc0", "ccby", "etalab", "odc", "odbl", "ogl", "ofl", "gpl", "lgpl", "gfdl", "pddl", "apache"];

/// Words that are often added to the name of a licence.
const FILLERS: [&str; 7] = ["v", "version", "licence", "license", "international", "unported", "la"];

/// Returns whether words are probably a misspelt id.
fn is_misspelt_id(written: &str) -> bool {
    let plain = plain(written);
    if plain.len() >= 3 && names().any(|(_, name)| self::plain(&name) == plain) {
        return true;
    }
    if HEADS.iter().any(|head| plain.starts_with(head)) {
        return true;
    }
    let words = words(written);
    let family = words.first().is_some_and(|first| {
        FAMILIES.contains(&first.trim_end_matches(|c: char| c.is_ascii_digit())) || FAMILIES.contains(&first.as_str())
    });
    if family && words.iter().skip(1).all(|word| word.len() <= 4 || FILLERS.contains(&word.as_str())) {
        return true;
    }
    let one = !written.contains(char::is_whitespace) && written.contains(|c: char| c == '-' || c.is_ascii_digit());
    one && nearest(&plain).is_some_and(|(score, _)| score >= 0.92)
}

/// Returns the probable id: one with the same letters and digits, or else the latest version with this prefix, or else the most
/// similar one.
fn probable_id(written: &str) -> Option<&'static str> {
    let plain = plain(written);
    let all: Vec<(&'static str, String)> = names().map(|(id, name)| (id, self::plain(&name))).collect();
    if let Some((id, _)) = all.iter().find(|(_, name)| *name == plain) {
        return Some(id);
    }
    let mut longer: Vec<&(&'static str, String)> = all.iter().filter(|(_, name)| name.starts_with(&plain)).collect();
    longer.sort_by_key(|(_, name)| (name.len(), std::cmp::Reverse(name.clone())));
    let longer = longer.first().filter(|_| plain.len() >= 3).map(|(id, _)| *id);
    longer.or_else(|| nearest(&plain).filter(|(score, _)| *score >= 0.8).map(|(_, id)| id))
}

fn nearest(plain: &str) -> Option<(f64, &'static str)> {
    let scored = ids().map(|id| (strsim::jaro_winkler(plain, &self::plain(id)), id));
    scored.max_by(|a, b| a.0.total_cmp(&b.0))
}

fn words(written: &str) -> Vec<String> {
    let lower = written.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Removes punctuation and redundant words, so that "CC BY 4.0" and "cc-by-4.0 International" are equal.
fn plain(written: &str) -> String {
    let kept = words(written).into_iter().filter(|word| !FILLERS[..2].contains(&word.as_str()));
    let kept = kept.filter(|word| !matches!(word.as_str(), "international" | "unported"));
    kept.map(|word| match word.strip_prefix('v') {
        Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) => number.to_owned(),
        _ => word,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str) -> (Option<Terms>, String) {
        let mut found = Diagnostics::default();
        let terms = terms(written, "fr", None, &mut found);
        let hints = found.sorted().iter().flat_map(|diagnostic| diagnostic.hints.clone()).collect::<Vec<_>>().join(" ");
        (terms, hints)
    }

    #[test]
    fn suggests_the_correct_id() {
        for (written, id) in [
            ("CC BY 4.0", "CC-BY-4.0"),
            ("cc-by4", "CC-BY-4.0"),
            ("CC-BY", "CC-BY-4.0"),
            ("CC BY-NC", "CC-BY-NC-4.0"),
            ("CC-BY-5.0", "CC-BY-4.0"),
            ("CC BY-SA v4.0 International", "CC-BY-SA-4.0"),
            ("Licence ouverte 2.0", "etalab-2.0"),
            ("Licence Ouverte v2.0", "etalab-2.0"),
            ("etalab-2", "etalab-2.0"),
            ("etalab 2.0", "etalab-2.0"),
            ("Creative Commons Attribution 4.0", "CC-BY-4.0"),
            ("cc0", "CC0-1.0"),
            ("OFL", "OFL-1.1"),
            ("GPL v3", "GPL-3.0"),
        ] {
            let (terms, hints) = read(written);
            assert!(terms.is_none() && hints.contains(&format!("did you mean \"{id}\"?")), "{written}: {terms:?} {hints}");
        }
    }

    #[test]
    fn accepts_terms_in_words() {
        for written in [
            "tous droits réservés",
            "domaine public",
            "public domain",
            "© Archives du port, 1868",
            "avec l’aimable autorisation de l’autrice",
            "CCI de Brest, tous droits réservés",
            "MIT Press, all rights reserved",
            "All rights reserved",
            "courte citation",
        ] {
            assert_eq!(read(written).0, Some(Terms::Words(written.into())), "{written}");
        }
        assert!(matches!(read(" cc-by-4.0 ").0, Some(Terms::Licence(licence)) if licence.id == "CC-BY-4.0"));
    }
}
