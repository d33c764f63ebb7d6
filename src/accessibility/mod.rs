//! The accessibility of an edition: the features of its content, and the conformance that it may claim.
//!
//! [`AccessibilityFacts`] is the source of the metadata of the EPUB and of the records for stores and libraries, so that they
//! agree. Each fact is computed from the resolved content or from the findings of the checks. Conformance is claimed only if the
//! edition declares who certified it and the checks find nothing (EPUB Accessibility 1.1 §4).

mod content;
mod summary;

use std::collections::BTreeSet;

use crate::resolve::{Certification, Resolved};

/// A subject of the accessibility checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Alternative texts of images (WCAG 2.2, 1.1.1).
    AlternativeTexts,
    /// Headings and their levels (1.3.1, 2.4.6).
    Headings,
    /// Headers of tables (1.3.1).
    Tables,
    /// Texts of links (2.4.4).
    Links,
    /// Languages of passages (3.1.1, 3.1.2).
    Languages,
    /// Contrast of the colours of the brand (1.4.3, 1.4.11).
    Contrast,
}

impl Topic {
    /// The topics, in the order in which summaries name them.
    pub const ALL: [Self; 6] =
        [Self::AlternativeTexts, Self::Headings, Self::Tables, Self::Links, Self::Languages, Self::Contrast];
}

/// An accessibility feature of the content (Schema.org Accessibility Properties for Discoverability Vocabulary).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// There is a table of contents with links.
    TableOfContents,
    /// The spine defines the reading order.
    ReadingOrder,
    /// Readers can change size, font, spacing and colours of the text.
    DisplayTransformability,
    /// Text and its background have a contrast of at least 7:1 (WCAG 2.2, 1.4.6).
    HighContrastDisplay,
    /// ARIA roles identify the sections and their parts.
    Aria,
    /// Headings structure the text and skip no level.
    StructuralNavigation,
    /// All images that convey information have an alternative text.
    AlternativeText,
    /// The text has markers at the page breaks of a paginated version.
    PageBreakMarkers,
    /// There is a list of these pages.
    PageNavigation,
}

impl Feature {
    /// Returns the value of `schema:accessibilityFeature`.
    pub fn name(self) -> &'static str {
        match self {
            Self::TableOfContents => "tableOfContents",
            Self::ReadingOrder => "readingOrder",
            Self::DisplayTransformability => "displayTransformability",
            Self::HighContrastDisplay => "highContrastDisplay",
            Self::Aria => "ARIA",
            Self::StructuralNavigation => "structuralNavigation",
            Self::AlternativeText => "alternativeText",
            Self::PageBreakMarkers => "pageBreakMarkers",
            Self::PageNavigation => "pageNavigation",
        }
    }
}

/// A sense with which the content is perceived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessMode {
    /// Text.
    Textual,
    /// Images.
    Visual,
}

impl AccessMode {
    /// Returns the value of `schema:accessMode`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Textual => "textual",
            Self::Visual => "visual",
        }
    }
}

/// Hazards of the content, such as flashing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hazards {
    /// Nothing moves, flashes or sounds.
    None,
    /// An image is animated, and whether it flashes is unknown.
    Unknown,
}

impl Hazards {
    /// Returns the value of `schema:accessibilityHazard`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }
}

/// The effects of the style sheets of an EPUB on accessibility.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presentation {
    /// Nothing prevents readers from changing size, font, spacing and colours of the text.
    pub adjustable: bool,
    /// Content is shown in the order of the document.
    pub ordered: bool,
    /// All colours of text have a contrast of at least 7:1 with their background.
    pub contrast: bool,
}

/// A reason why a declared certification is not claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Withheld {
    /// The text may be unfinished.
    Unfinished,
    /// There are findings, whether they are reported, switched off or allowed.
    Findings,
    /// The text was corrected after the assessment.
    Corrected,
    /// The text was corrected in the month of the assessment, and the dates do not show the order.
    PerhapsCorrected,
    /// The assessment is older than the edition.
    Older,
}

/// The accessibility of the EPUB of an edition. Its hash is part of the key of the product in the store.
#[derive(Clone, Debug, Hash)]
pub struct AccessibilityFacts {
    /// The features, in the order of the metadata.
    pub features: BTreeSet<Feature>,
    /// The senses that are needed to perceive all of the content.
    pub modes: Vec<AccessMode>,
    /// The combinations of senses that are each sufficient to understand the content.
    pub sufficient: Vec<Vec<AccessMode>>,
    /// The hazards.
    pub hazards: Hazards,
    /// Subjects with findings.
    pub barriers: BTreeSet<Topic>,
    /// The summary, in the language of the edition.
    pub summary: String,
    /// The certification, if it may be claimed.
    pub claim: Option<Certification>,
    /// Why a declared certification is not claimed.
    pub withheld: Option<Withheld>,
}

impl AccessibilityFacts {
    /// Computes the facts of an edition. `barriers` are the subjects of all accessibility findings, including findings that the project
    /// switches off or allows.
    pub fn of(edition: &Resolved, barriers: BTreeSet<Topic>, presentation: Presentation) -> Self {
        let content = content::Content::of(edition);
        let withheld = withheld(edition, &barriers);
        let claim = edition.certification.clone().filter(|_| withheld.is_none());
        let described = content.images && content.described && !barriers.contains(&Topic::AlternativeTexts);
        let modes = match content.images {
            true => vec![AccessMode::Textual, AccessMode::Visual],
            false => vec![AccessMode::Textual],
        };
        let mut sufficient = Vec::new();
        if described || !content.images {
            sufficient.push(vec![AccessMode::Textual]);
        }
        if content.images {
            sufficient.push(modes.clone());
        }
        let features = features(content, presentation, described, &barriers);
        let summary = summary::summary(edition, content.images.then_some(described), &barriers, claim.as_ref());
        let hazards = if content.animated { Hazards::Unknown } else { Hazards::None };
        Self { features, modes, sufficient, hazards, barriers, summary, claim, withheld }
    }

    /// Adds the features of a page list.
    #[must_use]
    pub fn with_page_list(mut self) -> Self {
        self.features.extend([Feature::PageBreakMarkers, Feature::PageNavigation]);
        self
    }

    /// Removes the features of a page list.
    #[must_use]
    pub fn without_page_list(mut self) -> Self {
        self.features.retain(|feature| !matches!(feature, Feature::PageBreakMarkers | Feature::PageNavigation));
        self
    }

    /// Returns whether the content has a feature.
    pub fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }
}

/// Returns the features, except those of a page list. `described` states whether there are images and all have useful alternative
/// texts.
fn features(
    content: content::Content,
    presentation: Presentation,
    described: bool,
    barriers: &BTreeSet<Topic>,
) -> BTreeSet<Feature> {
    let clear = |topic: Topic| !barriers.contains(&topic);
    let found = [
        (Feature::TableOfContents, content.sections),
        (Feature::ReadingOrder, presentation.ordered),
        (Feature::DisplayTransformability, presentation.adjustable),
        // An image may contain text, whose contrast is unknown. WCAG exempts logos.
        (Feature::HighContrastDisplay, presentation.contrast && !content.pictures && clear(Topic::Contrast)),
        (Feature::Aria, content.sections),
        (Feature::StructuralNavigation, content.sections && content.ordered_headings && clear(Topic::Headings)),
        (Feature::AlternativeText, described),
    ];
    found.into_iter().filter(|(_, holds)| *holds).map(|(feature, _)| feature).collect()
}

/// Returns the reason why the declared certification of an edition cannot be claimed.
fn withheld(edition: &Resolved, barriers: &BTreeSet<Topic>) -> Option<Withheld> {
    let certification = edition.certification.as_ref()?;
    if edition.strictness.is_lenient() {
        return Some(Withheld::Unfinished);
    }
    if !barriers.is_empty() {
        return Some(Withheld::Findings);
    }
    if certification.is_older {
        return Some(Withheld::Older);
    }
    let corrected = edition.edition.erratum.as_ref()?.date;
    match certification.date {
        date if date.is_before(corrected) => Some(Withheld::Corrected),
        date if date.may_be_before(corrected) => Some(Withheld::PerhapsCorrected),
        _ => None,
    }
}
