//! Terms under which something may be used: a known licence, or words.

mod known;
mod read;
mod standing;
mod statement;

pub use known::CONTENT;
pub use read::terms;
pub use standing::{Standing, judge, warning};
pub use statement::{english_statement, french_statement};

/// The terms of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Terms {
    /// A licence that is known.
    Licence(Licence),
    /// Words: « tous droits réservés », "public domain".
    Words(String),
}

/// A licence in the words of one language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Licence {
    /// SPDX id, spelled as SPDX does.
    pub id: &'static str,
    /// Printed name.
    pub name: String,
    /// Printed name where room is short: "CC BY 4.0".
    pub short: String,
    /// Address of its text.
    pub url: String,
    /// What it asks; none when that is not known.
    pub asks: Option<Asks>,
    /// It is made for texts, images or data, and open: a publication can carry it.
    pub content: bool,
}

/// What a licence asks of those who use a work; one that asks nothing gives it to the public domain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Asks {
    /// To name the source.
    pub attribution: bool,
    /// To pass on under the same licence what is made of it.
    pub share_alike: bool,
    /// Not to use it commercially.
    pub non_commercial: bool,
    /// Not to change it.
    pub no_derivatives: bool,
}

impl Asks {
    /// Returns whether nothing is asked.
    pub fn nothing(self) -> bool {
        self == Self::default()
    }
}

impl Terms {
    /// The words as printed in a line or a table.
    pub fn name(&self) -> &str {
        match self {
            Self::Licence(licence) => &licence.short,
            Self::Words(words) => words,
        }
    }

    /// Address of the terms.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Licence(licence) => Some(&licence.url),
            Self::Words(_) => None,
        }
    }

    /// The SPDX id, or the words.
    pub fn code(&self) -> &str {
        match self {
            Self::Licence(licence) => licence.id,
            Self::Words(words) => words,
        }
    }
}

impl Licence {
    /// Finds a licence by its id, whatever the case, and names it in a language.
    pub fn find(id: &str, lang: &str) -> Option<Self> {
        known::find(id, lang)
    }

    /// The licence of publications that name none.
    pub fn default_for(lang: &str) -> Self {
        known::open_licence(lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_follow_the_id() {
        let told = |id: &str, lang: &str| Licence::find(id, lang).map(|licence| (licence.name, licence.short, licence.url));
        let wanted = |name: &str, short: &str, url: &str| Some((name.to_owned(), short.to_owned(), url.to_owned()));
        assert_eq!(
            told("cc-by-nc-sa-4.0", "fr"),
            wanted(
                "Creative Commons Attribution – Pas d’utilisation commerciale – Partage dans les mêmes conditions 4.0",
                "CC BY-NC-SA 4.0",
                "https://creativecommons.org/licenses/by-nc-sa/4.0/"
            )
        );
        assert_eq!(
            told("CC-BY-3.0-DE", "en"),
            wanted("Creative Commons Attribution 3.0 DE", "CC BY 3.0 DE", "https://creativecommons.org/licenses/by/3.0/de/")
        );
        assert_eq!(
            told("GFDL-1.2-or-later", "en"),
            wanted(
                "GNU Free Documentation License 1.2 or later",
                "GNU FDL 1.2 or later",
                "https://www.gnu.org/licenses/old-licenses/fdl-1.2.html"
            )
        );
        assert_eq!(told("Zlib", "fr"), wanted("zlib License", "zlib License", "https://spdx.org/licenses/Zlib.html"));
        assert_eq!(told("CC-BY-9.0", "fr"), None);
    }

    #[test]
    fn every_licence_for_publications_is_known_and_open() {
        for id in CONTENT {
            let licence = Licence::find(id, "fr").unwrap_or_else(|| panic!("{id}"));
            assert!(licence.content && licence.asks.is_some() && licence.id == *id, "{licence:?}");
        }
        assert!(!Licence::find("MIT", "fr").unwrap().content, "a licence for programs is none for a publication");
    }
}
