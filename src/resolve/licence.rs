//! The licence notice: what may be done with the publication, and what is not under its licence.

/// The notice of an edition.
#[derive(Clone, Debug)]
pub struct Notice {
    /// SPDX id.
    pub id: String,
    /// Printed name.
    pub name: String,
    /// Text of the licence.
    pub url: String,
    /// Who grants it.
    pub licensor: Option<String>,
    /// The notice in the publication's language.
    pub statement: String,
    /// What is not under the licence, a sentence each.
    pub exceptions: Vec<String>,
}

/// A licence that a publication can carry.
#[derive(Debug)]
pub struct Licence {
    /// SPDX id.
    pub id: &'static str,
    /// Name in French and in English.
    pub name: [&'static str; 2],
    /// Text of the licence.
    pub url: &'static str,
}

/// The licences for publications.
pub const LICENCES: &[Licence] = &[
    Licence {
        id: "etalab-2.0",
        name: ["Licence Ouverte 2.0", "Open Licence 2.0 (Etalab)"],
        url: "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    },
    Licence {
        id: "CC-BY-4.0",
        name: ["Creative Commons Attribution 4.0", "Creative Commons Attribution 4.0"],
        url: "https://creativecommons.org/licenses/by/4.0/",
    },
    Licence {
        id: "CC-BY-SA-4.0",
        name: [
            "Creative Commons Attribution – Partage dans les mêmes conditions 4.0",
            "Creative Commons Attribution-ShareAlike 4.0",
        ],
        url: "https://creativecommons.org/licenses/by-sa/4.0/",
    },
    Licence {
        id: "CC-BY-NC-4.0",
        name: [
            "Creative Commons Attribution – Pas d’utilisation commerciale 4.0",
            "Creative Commons Attribution-NonCommercial 4.0",
        ],
        url: "https://creativecommons.org/licenses/by-nc/4.0/",
    },
    Licence {
        id: "CC0-1.0",
        name: ["Creative Commons Zéro 1.0", "Creative Commons Zero 1.0"],
        url: "https://creativecommons.org/publicdomain/zero/1.0/",
    },
    Licence {
        id: "ODC-By-1.0",
        name: ["ODC Attribution 1.0", "ODC Attribution 1.0"],
        url: "https://opendatacommons.org/licenses/by/1-0/",
    },
    Licence {
        id: "OGL-UK-3.0",
        name: ["Open Government Licence 3.0", "Open Government Licence 3.0"],
        url: "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    },
];

impl Licence {
    /// Finds a licence by its id, whatever the case.
    pub fn find(id: &str) -> Option<&'static Licence> {
        LICENCES.iter().find(|licence| licence.id.eq_ignore_ascii_case(id))
    }

    /// The printed name.
    pub fn name(&self, lang: &str) -> &'static str {
        self.name[usize::from(lang == "en")]
    }
}
