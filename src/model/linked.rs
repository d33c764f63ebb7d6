//! Resolved links, images and resources.

use super::{Inline, ResourceStyle, plain_text};

/// The phase after resolution, which writers receive.
#[derive(Clone, Debug, Hash)]
pub struct Linked;

/// The title of a link target.
#[derive(Clone, Debug, Hash)]
pub struct Title {
    /// The words, without links, notes and images.
    pub text: Vec<Inline<Linked>>,
    /// Their language (BCP 47).
    pub lang: String,
    /// Whether the text that contains the link is in another language.
    pub foreign: bool,
}

impl Title {
    /// Creates a title in the language `lang`, for a link in a text in the language `text_lang`.
    pub fn new(text: Vec<Inline<Linked>>, lang: &str, text_lang: &str) -> Self {
        Self { text, lang: lang.to_owned(), foreign: !lang.eq_ignore_ascii_case(text_lang) }
    }

    /// Returns its language if it differs from the language of the text around the link.
    pub fn foreign_lang(&self) -> Option<&str> {
        self.foreign.then_some(self.lang.as_str())
    }
}

/// The target of a link.
#[derive(Clone, Debug, Hash)]
pub enum Target {
    /// A section, a heading or another part of this publication.
    Internal {
        /// Section that contains it.
        section: String,
        /// Id of the target.
        id: String,
        /// Title of the target; empty if it has none.
        title: Title,
    },
    /// An address.
    External(String),
    /// Another publication of the workspace, or a part of it.
    Publication(PublicationTarget),
}

/// Another publication of the workspace, or a part of it. Each output adds its file extension and fragment.
#[derive(Clone, Debug, Hash)]
pub struct PublicationTarget {
    /// Relative URL of its artefact, without extension: `../rivages/carnet-2024-03`.
    pub file: String,
    /// Absolute URL of its published artefact, without extension, if `published-at` is set.
    pub published: Option<String>,
    /// The target in it; `None` for the whole publication.
    pub anchor: Option<AnchorTarget>,
    /// Title of the publication.
    pub title: Title,
}

/// A section, a heading or another part of another publication.
#[derive(Clone, Debug, Hash)]
pub struct AnchorTarget {
    /// Section that contains it.
    pub section: String,
    /// Number of that section in reading order, from 1.
    pub number: usize,
    /// Id of the target.
    pub id: String,
    /// Id of the section or heading that the PDF has as a named destination: the target, or the section that contains it.
    pub destination: String,
    /// Title of the target; empty if it has none.
    pub title: Title,
}

/// A part of the text of a reference.
#[derive(Clone, Copy, Debug)]
pub enum ReferencePart<'a> {
    /// A title, in italics.
    Title(&'a Title),
    /// Other text.
    Words(&'a str),
}

impl Target {
    /// Returns whether two targets are the same location. Titles are not compared.
    pub fn is_same_place(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Internal { id, .. }, Self::Internal { id: other, .. }) => id == other,
            (Self::External(address), Self::External(other)) => address == other,
            (Self::Publication(target), Self::Publication(other)) => {
                let id = |target: &PublicationTarget| target.anchor.as_ref().map(|anchor| anchor.id.clone());
                target.file == other.file && id(target) == id(other)
            }
            (Self::Internal { .. } | Self::External(_) | Self::Publication(_), _) => false,
        }
    }

    /// Returns the text of a reference to it: its title, followed by the title of its publication if that is another publication.
    pub fn reference_parts(&self) -> Vec<ReferencePart<'_>> {
        match self {
            Self::Internal { title, .. } | Self::Publication(PublicationTarget { anchor: None, title, .. }) => {
                vec![ReferencePart::Title(title)]
            }
            Self::Publication(PublicationTarget { anchor: Some(anchor), title, .. }) => {
                vec![
                    ReferencePart::Title(&anchor.title),
                    ReferencePart::Words(" ("),
                    ReferencePart::Title(title),
                    ReferencePart::Words(")"),
                ]
            }
            Self::External(address) => vec![ReferencePart::Words(address)],
        }
    }

    /// Returns the text of a reference to it, without formatting.
    pub fn name(&self) -> String {
        let pieces = self.reference_parts();
        let words = pieces.iter().map(|piece| match piece {
            ReferencePart::Title(title) => plain_text(&title.text),
            ReferencePart::Words(words) => (*words).to_owned(),
        });
        words.collect()
    }
}

/// A resolved image.
#[derive(Clone, Debug, Hash)]
pub struct Image {
    /// Index into the publication's assets.
    pub asset: usize,
    /// Alternative text; `None` if the image is decorative.
    pub alt: Option<String>,
    /// Caption; empty if there is none.
    pub caption: Vec<Inline<Linked>>,
    /// Credit and licence.
    pub credit: Option<String>,
    /// Share of the text width, in percent.
    pub width: Option<u8>,
    /// Target of the link around a figure. The links around other images are inlines.
    pub link: Option<Target>,
}

/// A resolved group of resources.
#[derive(Clone, Debug, Hash)]
pub struct LinkedResources {
    /// How they are shown.
    pub style: ResourceStyle,
    /// A badge for the group, instead of a badge per card.
    pub badge: Option<Badge>,
    /// The cards.
    pub cards: Vec<ResourceCard>,
}

/// A resolved resource.
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
    /// Its address, if it is online.
    pub target: Option<Target>,
    /// A full description of the link target.
    pub alt: String,
    /// A statement of where it is available, or that it is not online.
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
    /// A few minutes.
    Short,
    /// Half an hour or more.
    Long,
}

impl BadgeKind {
    /// Returns its name in Typst and CSS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Long => "long",
        }
    }
}
