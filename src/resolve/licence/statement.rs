//! Sentences of the licence notice in each language.

use super::{Asks, Licence};

/// Returns the French statement of the licensor, the licence, the date and the conditions.
pub fn french_statement(licence: &Licence, asks: Asks, licensor: Option<&str>, updated: &str) -> String {
    format!("{} {}", french_grant(licence, asks, licensor, updated), french_terms(licence, asks, licensor))
}

/// Returns the English statement of the licensor, the licence, the date and the conditions.
pub fn english_statement(licence: &Licence, asks: Asks, licensor: Option<&str>, updated: &str) -> String {
    format!("{} {}", english_grant(licence, asks, licensor, updated), english_terms(licence, asks))
}

/// Returns whether a name already contains the word for licence.
fn is_said(name: &str) -> bool {
    name.to_lowercase().contains("licen")
}

fn french_grant(licence: &Licence, asks: Asks, licensor: Option<&str>, updated: &str) -> String {
    let by = licensor.map(|licensor| format!(" par\u{a0}: {licensor}")).unwrap_or_default();
    let updated = format!("(dernière mise à jour\u{a0}: {updated})");
    let name = &licence.name;
    if asks.nothing() {
        let given =
            "Sauf indication contraire, cette publication est versée au domaine public, autant que la loi le permet, sous";
        return format!("{given} {name}{by} {updated}.");
    }
    let word = if is_said(name) { "" } else { "licence " };
    format!("Sauf indication contraire, cette publication est mise à disposition sous {word}{name}{by} {updated}.")
}

fn french_terms(licence: &Licence, asks: Asks, licensor: Option<&str>) -> String {
    if asks.nothing() {
        return "Chacun peut la réutiliser, même à des fins commerciales, sans rien demander.".into();
    }
    if is_government(licence) {
        let whose = if licensor.is_some() { "de sa part" } else { "de la part de ses auteurs" };
        return format!("Chacun peut la réutiliser en citant sa source et cette date, sans que cela vaille caution {whose}.");
    }
    let act = if asks.no_derivatives { "la partager sans la modifier" } else { "la partager et l’adapter" };
    let use_of = if asks.non_commercial { "sans usage commercial" } else { "même à des fins commerciales" };
    let mut duties = vec!["d’en citer les auteurs", "de renvoyer à la licence"];
    if !asks.no_derivatives {
        duties.push("d’indiquer les modifications");
    }
    if asks.share_alike {
        duties.push("de diffuser sous la même licence ce qui en est tiré");
    }
    format!("Chacun peut {act}, {use_of}, à condition {}.", list(&duties, " et "))
}

fn english_grant(licence: &Licence, asks: Asks, licensor: Option<&str>, updated: &str) -> String {
    let name = &licence.name;
    let under = if is_said(name) { format!("under {name}") } else { format!("under the licence {name}") };
    let updated = format!("(last updated {updated})");
    match (asks.nothing(), licensor) {
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

fn english_terms(licence: &Licence, asks: Asks) -> String {
    if asks.nothing() {
        return "Anyone may re-use it, even commercially, without asking.".into();
    }
    if is_government(licence) {
        return "Anyone may re-use it by naming its source and that date; re-use implies no endorsement.".into();
    }
    let act = if asks.no_derivatives { "share it unchanged" } else { "share and adapt it" };
    let use_of = if asks.non_commercial { "but not commercially" } else { "even commercially" };
    let mut duties = vec!["name its authors", "link to the licence"];
    if !asks.no_derivatives {
        duties.push("say what they changed");
    }
    if asks.share_alike {
        duties.push("share what they make of it under the same licence");
    }
    format!("Anyone may {act}, {use_of}, provided that they {}.", list(&duties, " and "))
}

/// Returns whether a licence is one of a government, which requires the source with its date and forbids claims of endorsement.
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

    fn said(id: &str, lang: &str, licensor: Option<&str>) -> String {
        Language::find(lang).unwrap().statement(&Licence::find(id, lang).unwrap(), licensor, "mai 2023")
    }

    #[test]
    fn the_open_licence_names_licensor_date_and_no_endorsement() {
        assert_eq!(
            said("etalab-2.0", "fr", Some("Techné")),
            "Sauf indication contraire, cette publication est mise à disposition sous Licence Ouverte 2.0 par\u{a0}: Techné (dernière mise \
             à jour\u{a0}: mai 2023). Chacun peut la réutiliser en citant sa source et cette date, sans que cela vaille caution de sa part."
        );
        assert!(said("etalab-2.0", "fr", None).ends_with("sans que cela vaille caution de la part de ses auteurs."));
        assert!(said("etalab-2.0", "en", None).ends_with("re-use implies no endorsement."));
    }

    #[test]
    fn a_statement_says_what_the_licence_asks() {
        assert!(said("CC-BY-4.0", "fr", None).ends_with(
            "Chacun peut la partager et l’adapter, même à des fins commerciales, à condition d’en citer les auteurs, de renvoyer à la \
             licence et d’indiquer les modifications."
        ));
        let strict = said("CC-BY-NC-ND-4.0", "fr", None);
        assert!(strict.contains("sans la modifier, sans usage commercial") && !strict.contains("indiquer"), "{strict}");
        let alike = said("CC-BY-NC-SA-4.0", "en", Some("Us"));
        assert!(alike.contains("but not commercially") && alike.ends_with("under the same licence."), "{alike}");
        let free = said("CC0-1.0", "en", Some("Us"));
        assert!(free.contains("dedicated") && free.ends_with("without asking.") && !free.contains("authors"), "{free}");
        assert!(said("CC0-1.0", "fr", None).contains("versée au domaine public"));
    }
}
