//! What links, images and resources become once they are decided.

use super::ResourceStyle;

/// The phase that writers take.
#[derive(Clone, Debug)]
pub struct Linked;

/// Where a link goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A place of this publication.
    Internal {
        /// Section that holds it.
        section: String,
        /// Id of the place: the section's own, or a heading's.
        id: String,
        /// Title of the place.
        title: String,
    },
    /// An address.
    External(String),
    /// Another publication of the workspace: the same format of it stands beside ours.
    Publication {
        /// File name without extension, such as `brochure-2023-05`.
        stem: String,
        /// Section file that holds the anchor, and the anchor.
        anchor: Option<(String, String)>,
        /// Title of the publication.
        title: String,
    },
}

/// An image, decided.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
pub struct LinkedResources {
    /// How they are shown.
    pub style: ResourceStyle,
    /// One badge for the group; the cards then have none.
    pub badge: Option<Badge>,
    /// The cards.
    pub cards: Vec<ResourceCard>,
}

/// One resource, decided.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// Short or long.
    pub kind: BadgeKind,
    /// Printed label, « Format court 5’ ».
    pub label: String,
}

/// Kind of badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
