//! Sentences of the licence notice in each language.

use super::{Licence, LicenceConditions};

/// Returns the statement in French: the licensor, the licence, the date and the conditions.
pub fn french_statement(licence: &Licence, conditions: LicenceConditions, licensor: Option<&str>, updated: &str) -> String {
    format!("{} {}", french_grant(licence, conditions, licensor, updated), french_terms(licence, conditions, licensor))
}

/// Returns the statement in English: the licensor, the licence, the date and the conditions.
pub fn english_statement(licence: &Licence, conditions: LicenceConditions, licensor: Option<&str>, updated: &str) -> String {
    format!("{} {}", english_grant(licence, conditions, licensor, updated), english_terms(licence, conditions))
}

/// Returns whether the name of a licence contains the word "licence" or "license".
fn contains_licence(name: &str) -> bool {
    name.to_lowercase().contains("licen")
}

fn french_grant(licence: &Licence, conditions: LicenceConditions, licensor: Option<&str>, updated: &str) -> String {
    let by = licensor.map(|licensor| format!(" par\u{a0}: {licensor}")).unwrap_or_default();
    let updated = format!("(dernière mise à jour\u{a0}: {updated})");
    let name = &licence.name;
    if conditions.is_empty() {
        let given =
            "Sauf indication contraire, cette publication est versée au domaine public, autant que la loi le permet, sous";
        return format!("{given} {name}{by} {updated}.");
    }
    let word = if contains_licence(name) { "" } else { "licence " };
    format!("Sauf indication contraire, cette publication est mise à disposition sous {word}{name}{by} {updated}.")
}

fn french_terms(licence: &Licence, conditions: LicenceConditions, licensor: Option<&str>) -> String {
    if conditions.is_empty() {
        return "Chacun peut la réutiliser, même à des fins commerciales, sans rien demander.".into();
    }
    if is_government(licence) {
        let whose = if licensor.is_some() { "de sa part" } else { "de la part de ses auteurs" };
        return format!("Chacun peut la réutiliser en citant sa source et cette date, sans que cela vaille caution {whose}.");
    }
    let act = if conditions.no_derivatives { "la partager sans la modifier" } else { "la partager et l’adapter" };
    let use_of = if conditions.non_commercial { "sans usage commercial" } else { "même à des fins commerciales" };
    let mut duties = vec!["d’en citer les auteurs", "de renvoyer à la licence"];
    if !conditions.no_derivatives {
        duties.push("d’indiquer les modifications");
    }
    if conditions.share_alike {
        duties.push("de diffuser sous la même licence ce qui en est tiré");
    }
    format!("Chacun peut {act}, {use_of}, à condition {}.", list(&duties, " et "))
}

fn english_grant(licence: &Licence, conditions: LicenceConditions, licensor: Option<&str>, updated: &str) -> String {
    let name = &licence.name;
    let under = if contains_licence(name) { format!("under {name}") } else { format!("under the licence {name}") };
    let updated = format!("(last updated {updated})");
    match (conditions.is_empty(), licensor) {
        (true, Some(licensor)) => format!(
            "Unless stated otherwise, {licensor} has dedicated the whole of this publication to the public domain, as far as the law \
             allows, under {name} {updated}."
        ),
        (true, None) => format!(
            "Unless stated otherwise, the whole of this publication is dedicated to the public domain, as far as the law allows, under \
             {name} {updated}."
        ),
        (false, Some(licensor)) => {
            format!("Unless stated otherwise, {licensor} makes the whole of this publication available {under} {updated}.")
        }
        (false, None) => format!("Unless stated otherwise, the whole of this publication is available {under} {updated}."),
    }
}

fn english_terms(licence: &Licence, conditions: LicenceConditions) -> String {
    if conditions.is_empty() {
        return "Anyone may re-use it, even commercially, without asking.".into();
    }
    if is_government(licence) {
        return "Anyone may re-use it by naming its source and that date; re-use implies no endorsement.".into();
    }
    let act = if conditions.no_derivatives { "share it unchanged" } else { "share and adapt it" };
    let use_of = if conditions.non_commercial { "but not commercially" } else { "even commercially" };
    let mut duties = vec!["name its authors", "link to the licence"];
    if !conditions.no_derivatives {
        duties.push("say what they changed");
    }
    if conditions.share_alike {
        duties.push("share what they make of it under the same licence");
    }
    format!("Anyone may {act}, {use_of}, provided that they {}.", list(&duties, " and "))
}

/// Returns whether a licence is a government licence: it requires the source and its date, and excludes endorsement.
fn is_government(licence: &Licence) -> bool {
    licence.id.starts_with("etalab-") || licence.id.starts_with("OGL-")
}

fn list(parts: &[&str], last: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{}{last}{end}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::language::Language;

    fn statement(id: &str, lang: &str, licensor: Option<&str>) -> String {
        Language::find(lang).unwrap().statement(&Licence::find(id, lang).unwrap(), licensor, "mai 2023")
    }

    #[test]
    fn government_licences_exclude_endorsement() {
        assert_eq!(
            statement("etalab-2.0", "fr", Some("Techné")),
            "Sauf indication contraire, cette publication est mise à disposition sous Licence Ouverte 2.0 par\u{a0}: Techné (dernière mise \
             à jour\u{a0}: mai 2023). Chacun peut la réutiliser en citant sa source et cette date, sans que cela vaille caution de sa part."
        );
        assert!(statement("etalab-2.0", "fr", None).ends_with("sans que cela vaille caution de la part de ses auteurs."));
        assert!(statement("etalab-2.0", "en", None).ends_with("re-use implies no endorsement."));
    }

    #[test]
    fn a_statement_lists_the_conditions() {
        assert!(statement("CC-BY-4.0", "fr", None).ends_with(
            "Chacun peut la partager et l’adapter, même à des fins commerciales, à condition d’en citer les auteurs, de renvoyer à la \
             licence et d’indiquer les modifications."
        ));
        let strict = statement("CC-BY-NC-ND-4.0", "fr", None);
        assert!(strict.contains("sans la modifier, sans usage commercial") && !strict.contains("indiquer"), "{strict}");
        let alike = statement("CC-BY-NC-SA-4.0", "en", Some("Us"));
        assert!(alike.contains("but not commercially") && alike.ends_with("under the same licence."), "{alike}");
        let free = statement("CC0-1.0", "en", Some("Us"));
        assert!(free.contains("dedicated") && free.ends_with("without asking.") && !free.contains("authors"), "{free}");
        assert!(statement("CC0-1.0", "fr", None).contains("versée au domaine public"));
    }
}
