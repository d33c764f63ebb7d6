//! Compatibility of terms with the licence of the publication. It is derived from the conditions of licences, not from a table of
//! pairs.

use super::{Licence, LicenceConditions, Terms};
use crate::diagnostic::{Diagnostic, Span, code};

/// Relation of the terms of an item to the licence of the publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compatibility {
    /// The terms are the licence of the publication.
    Same,
    /// The terms allow everything that the licence of the publication allows. The notice must still list the item.
    Compatible,
    /// The terms forbid something that the licence of the publication allows.
    Restricted(Restriction),
}

/// The condition that is not compatible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Restriction {
    /// Commercial use is forbidden.
    NonCommercial,
    /// Changes are forbidden.
    NoDerivatives,
    /// Derivatives must be under the same licence.
    ShareAlike,
    /// Attribution is required, but the licence of the publication does not require it.
    Attribution,
    /// All rights are reserved.
    Reserved,
    /// The conditions are unknown.
    Unknown,
}

impl Compatibility {
    /// Returns its name in machine-readable outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Compatible => "compatible",
            Self::Restricted(_) => "restricted",
        }
    }
}

impl Restriction {
    /// Returns the forbidden action that the licence of the publication allows.
    fn forbids(self) -> &'static str {
        match self {
            Self::NonCommercial => "commercial use",
            Self::NoDerivatives => "changes",
            Self::ShareAlike => "distribution of derivatives under other terms",
            Self::Attribution => "use without attribution",
            Self::Reserved => "re-use without permission",
            Self::Unknown => "re-use",
        }
    }
}

/// Compares the terms of an item with the licence of the publication.
pub fn compare(licence: &Licence, terms: &Terms) -> Compatibility {
    match terms {
        Terms::Words(words) => compare_words(words),
        Terms::Licence(item) if item.id == licence.id => Compatibility::Same,
        Terms::Licence(item) => match (item.conditions, licence.conditions) {
            (Some(conditions), Some(given)) => compare_licences(licence, given, item, conditions),
            _ => Compatibility::Restricted(Restriction::Unknown),
        },
    }
}

fn compare_words(words: &str) -> Compatibility {
    let lower = words.to_lowercase();
    let contains = |any: &[&str]| any.iter().any(|part| lower.contains(part));
    if contains(&["domaine public", "public domain"]) {
        Compatibility::Compatible
    } else if contains(&["droits réservés", "droits reserves", "rights reserved", "copyright", "©"]) {
        Compatibility::Restricted(Restriction::Reserved)
    } else {
        Compatibility::Restricted(Restriction::Unknown)
    }
}

fn compare_licences(licence: &Licence, given: LicenceConditions, item: &Licence, conditions: LicenceConditions) -> Compatibility {
    let restrictions = [
        (conditions.non_commercial && !given.non_commercial, Restriction::NonCommercial),
        (conditions.no_derivatives && !given.no_derivatives, Restriction::NoDerivatives),
        (conditions.share_alike && !follows(licence, item), Restriction::ShareAlike),
        (conditions.attribution && !given.attribution, Restriction::Attribution),
    ];
    let restriction = restrictions.into_iter().find(|(applies, _)| *applies);
    restriction.map_or(Compatibility::Compatible, |(_, restriction)| Compatibility::Restricted(restriction))
}

/// Returns whether the share-alike licence of an item allows distribution under another licence: a later version of the same
/// licence from version 2.0, or a licence that Creative Commons has declared equivalent (Art Libre 1.3 and CC BY-SA 4.0).
fn follows(licence: &Licence, item: &Licence) -> bool {
    let equal = ["LAL-1.3", "CC-BY-SA-4.0"];
    if equal.contains(&licence.id) && equal.contains(&item.id) {
        return true;
    }
    let (family, version) = split(licence.id);
    let (of, from) = split(item.id);
    family == of && family.starts_with("CC-") && from >= "2.0" && version >= from
}

/// Splits an id into family and version, without the country.
fn split(id: &str) -> (&str, &str) {
    let at = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
    (id[..at].trim_end_matches('-'), id[at..].split('-').next().unwrap_or_default())
}

/// Returns a warning if an item is not compatible with the licence of the publication. `what` names the item: `the image
/// "x.png"`.
pub fn warning(licence: &Licence, terms: &Terms, what: &str, span: Option<Span>) -> Option<Diagnostic> {
    let Compatibility::Restricted(restriction) = compare(licence, terms) else { return None };
    let (own, asked) = (licence.id, terms.code());
    let message = match (restriction, terms) {
        (Restriction::Unknown, _) => {
            format!("it is not known whether the terms of {what}, \"{asked}\", allow every use that {own} allows")
        }
        (_, Terms::Licence(_)) => format!("{what} is under {asked}, which forbids what {own} allows: {}", restriction.forbids()),
        (_, Terms::Words(_)) => {
            format!("{what} is under \"{asked}\", which forbids what {own} allows: {}", restriction.forbids())
        }
    };
    let warning = Diagnostic::new(code::RIGHTS, message).at(span);
    let hint = "the notice lists it among the exceptions automatically; keep ::: licence in the publication";
    Some(warning.hint(hint).hint("or use an item whose licence allows as much"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(publication: &str, item: &str) -> Compatibility {
        let terms = Licence::find(item, "fr").map_or_else(|| Terms::Words(item.into()), Terms::Licence);
        compare(&Licence::find(publication, "fr").unwrap(), &terms)
    }

    #[test]
    fn compares_the_conditions_of_licences() {
        use Compatibility::*;
        use Restriction::*;
        for (publication, item, wanted) in [
            ("etalab-2.0", "etalab-2.0", Same),
            ("etalab-2.0", "etalab-1.0", Compatible),
            ("etalab-2.0", "CC0-1.0", Compatible),
            ("etalab-2.0", "CC-BY-4.0", Compatible),
            ("etalab-2.0", "ODC-By-1.0", Compatible),
            ("etalab-2.0", "OGL-UK-3.0", Compatible),
            ("etalab-2.0", "MIT", Compatible),
            ("etalab-2.0", "domaine public", Compatible),
            ("etalab-2.0", "CC-BY-NC-4.0", Restricted(NonCommercial)),
            ("etalab-2.0", "CC-BY-ND-4.0", Restricted(NoDerivatives)),
            ("etalab-2.0", "CC-BY-SA-4.0", Restricted(ShareAlike)),
            ("etalab-2.0", "ODbL-1.0", Restricted(ShareAlike)),
            ("etalab-2.0", "GPL-3.0-or-later", Restricted(ShareAlike)),
            ("etalab-2.0", "Tous droits réservés", Restricted(Reserved)),
            ("etalab-2.0", "avec l’accord de l’autrice", Restricted(Unknown)),
            ("etalab-2.0", "CC-PDDC", Restricted(Unknown)),
            ("CC0-1.0", "CC-BY-4.0", Restricted(Attribution)),
            ("CC0-1.0", "PDDL-1.0", Compatible),
            ("CC-BY-SA-4.0", "CC-BY-SA-3.0", Compatible),
            ("CC-BY-SA-4.0", "CC-BY-SA-1.0", Restricted(ShareAlike)),
            ("CC-BY-SA-3.0", "CC-BY-SA-4.0", Restricted(ShareAlike)),
            ("CC-BY-SA-4.0", "LAL-1.3", Compatible),
            ("CC-BY-SA-4.0", "CC-BY-4.0", Compatible),
            ("CC-BY-NC-4.0", "CC-BY-NC-3.0", Compatible),
            ("CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", Restricted(ShareAlike)),
        ] {
            assert_eq!(compared(publication, item), wanted, "{item} in {publication}");
        }
    }
}
