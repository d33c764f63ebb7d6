//! What links, images and resources become once they are decided.

use super::ResourceStyle;

/// The phase that writers take.
#[derive(Clone, Debug, Hash)]
pub struct Linked;

/// A title as a link names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Title {
    /// The words.
    pub text: String,
    /// Their language (BCP 47).
    pub lang: String,
    /// The text around the link is in another language.
    pub foreign: bool,
}

impl Title {
    /// Makes a title in a language, named in a text in the language `around`.
    pub fn new(text: &str, lang: &str, around: &str) -> Self {
        Self { text: text.to_owned(), lang: lang.to_owned(), foreign: !lang.eq_ignore_ascii_case(around) }
    }

    /// Its language, where it must be said.
    pub fn marked(&self) -> Option<&str> {
        self.foreign.then_some(self.lang.as_str())
    }
}

/// Where a link goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A place of this publication.
    Internal {
        /// Section that holds it.
        section: String,
        /// Id of the place: the section's own, or a heading's.
        id: String,
        /// Title of the place.
        title: Title,
    },
    /// An address.
    External(String),
    /// Another publication of the workspace, or a place in it.
    Publication(Elsewhere),
}

/// Another publication of the workspace, as links see it. Formats add their own extension and fragment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Elsewhere {
    /// Its artefact from the folder of our own, as a relative address: `../rivages/carnet-2024-03`.
    pub file: String,
    /// Its artefact where it is put online; none when the workspace does not say.
    pub published: Option<String>,
    /// The place in it.
    pub place: Option<Spot>,
    /// Title of the publication.
    pub title: Title,
}

/// A place in another publication.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spot {
    /// Section that holds it.
    pub section: String,
    /// Number of that section in reading order, from 1.
    pub number: usize,
    /// Id of the place: the section's own, or a heading's.
    pub id: String,
    /// Title of the place.
    pub title: Title,
}

/// A piece of what a reference says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Said<'a> {
    /// A title, set apart from the words around it.
    Title(&'a Title),
    /// Other words.
    Words(&'a str),
}

impl Target {
    /// What a reference to it says: the title of the place, and of the publication when it is another one.
    pub fn said(&self) -> Vec<Said<'_>> {
        match self {
            Self::Internal { title, .. } | Self::Publication(Elsewhere { place: None, title, .. }) => vec![Said::Title(title)],
            Self::Publication(Elsewhere { place: Some(place), title, .. }) => {
                vec![Said::Title(&place.title), Said::Words(" ("), Said::Title(title), Said::Words(")")]
            }
            Self::External(address) => vec![Said::Words(address)],
        }
    }

    /// The same, as characters alone.
    pub fn name(&self) -> String {
        let pieces = self.said();
        let words = pieces.iter().map(|piece| match piece {
            Said::Title(title) => title.text.as_str(),
            Said::Words(words) => words,
        });
        words.collect()
    }
}

/// An image, decided.
#[derive(Clone, Debug, Hash)]
pub struct Image {
    /// Index into the publication's assets.
    pub asset: usize,
    /// Alternative text; none when the image is declared decorative.
    pub alt: Option<String>,
    /// Caption.
    pub caption: Option<String>,
    /// Who made it, under which licence.
    pub credit: Option<String>,
    /// Share of the text width, in percent.
    pub width: Option<u8>,
}

/// A group of resources, decided.
#[derive(Clone, Debug, Hash)]
pub struct LinkedResources {
    /// How they are shown.
    pub style: ResourceStyle,
    /// One badge for the group; the cards then have none.
    pub badge: Option<Badge>,
    /// The cards.
    pub cards: Vec<ResourceCard>,
}

/// One resource, decided.
#[derive(Clone, Debug, Hash)]
pub struct ResourceCard {
    /// Its id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: Option<String>,
    /// Kind of document.
    pub kind: Option<String>,
    /// Reading format.
    pub badge: Option<Badge>,
    /// Where it is; none when it is not online.
    pub target: Option<Target>,
    /// What the link leads to, in full words.
    pub alt: String,
    /// Where it is consulted, or that it is not online.
    pub statement: Option<String>,
}

/// A reading-format badge.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Badge {
    /// Short or long.
    pub kind: BadgeKind,
    /// Printed label, « Format court 5’ ».
    pub label: String,
}

/// Kind of badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BadgeKind {
    /// Minutes.
    Short,
    /// Half an hour or more.
    Long,
}

impl BadgeKind {
    /// Its name in Typst and CSS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Long => "long",
        }
    }
}
