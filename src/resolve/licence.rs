//! Terms of use: a known licence, or a text.

mod compatibility;
mod known;
mod read;
mod statement;

pub use compatibility::{Compatibility, compare, warning};
pub use known::CONTENT;
pub use read::terms;
pub use statement::{english_statement, french_statement};

/// The terms of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Terms {
    /// A known licence.
    Licence(Licence),
    /// Other terms: « tous droits réservés », "public domain".
    Words(String),
}

/// A licence with its names in one language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Licence {
    /// SPDX id, in its official spelling.
    pub id: &'static str,
    /// Printed name.
    pub name: String,
    /// Short printed name: "CC BY 4.0".
    pub short: String,
    /// Address of its text.
    pub url: String,
    /// Its conditions, or `None` if they are unknown.
    pub conditions: Option<LicenceConditions>,
    /// Whether it is an open licence for texts, images or data. A publication can only have such a licence.
    pub content: bool,
}

/// The conditions of a licence. A licence without conditions is a dedication to the public domain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LicenceConditions {
    /// The author must be credited.
    pub attribution: bool,
    /// Derivatives must be distributed under the same licence.
    pub share_alike: bool,
    /// Commercial use is forbidden.
    pub non_commercial: bool,
    /// Changes are forbidden.
    pub no_derivatives: bool,
}

impl LicenceConditions {
    /// Returns whether there are no conditions.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl Terms {
    /// Returns the short printed name.
    pub fn name(&self) -> &str {
        match self {
            Self::Licence(licence) => &licence.short,
            Self::Words(words) => words,
        }
    }

    /// Returns the address of the terms.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Licence(licence) => Some(&licence.url),
            Self::Words(_) => None,
        }
    }

    /// Returns the SPDX id or the words.
    pub fn code(&self) -> &str {
        match self {
            Self::Licence(licence) => licence.id,
            Self::Words(words) => words,
        }
    }
}

impl Licence {
    /// Returns the licence with an id, with its names in a language. Case is ignored.
    pub fn find(id: &str, lang: &str) -> Option<Self> {
        known::find(id, lang)
    }

    /// Returns the default licence of publications.
    pub fn default_for(lang: &str) -> Self {
        known::open_licence(lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_and_addresses_by_id() {
        let named = |id: &str, lang: &str| Licence::find(id, lang).map(|licence| (licence.name, licence.short, licence.url));
        let wanted = |name: &str, short: &str, url: &str| Some((name.to_owned(), short.to_owned(), url.to_owned()));
        assert_eq!(
            named("cc-by-nc-sa-4.0", "fr"),
            wanted(
                "Creative Commons Attribution – Pas d’utilisation commerciale – Partage dans les mêmes conditions 4.0",
                "CC BY-NC-SA 4.0",
                "https://creativecommons.org/licenses/by-nc-sa/4.0/"
            )
        );
        assert_eq!(
            named("CC-BY-3.0-DE", "en"),
            wanted("Creative Commons Attribution 3.0 DE", "CC BY 3.0 DE", "https://creativecommons.org/licenses/by/3.0/de/")
        );
        assert_eq!(
            named("GFDL-1.2-or-later", "en"),
            wanted(
                "GNU Free Documentation License 1.2 or later",
                "GNU FDL 1.2 or later",
                "https://www.gnu.org/licenses/old-licenses/fdl-1.2.html"
            )
        );
        assert_eq!(named("Zlib", "fr"), wanted("zlib License", "zlib License", "https://spdx.org/licenses/Zlib.html"));
        assert_eq!(named("CC-BY-9.0", "fr"), None);
    }

    #[test]
    fn suggested_licences_are_known_and_open() {
        for id in CONTENT {
            let licence = Licence::find(id, "fr").unwrap_or_else(|| panic!("{id}"));
            assert!(licence.content && licence.conditions.is_some() && licence.id == *id, "{licence:?}");
        }
        assert!(!Licence::find("MIT", "fr").unwrap().content, "a software licence is not for publications");
    }
}
