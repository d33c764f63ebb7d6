//! From what was written to what is decided: editions, ids, links, images, credits, licence, brand and options.
//!
//! [`Resolved`] is all that a writer sees. It cannot hold a dangling link, an image without a decided alternative text or
//! a credit without a party, because [`resolve`] returns diagnostics instead.

mod assets;
mod brand;
pub mod code;
mod conditions;
mod credits;
mod editions;
mod identifiers;
mod ids;
mod index;
mod ledger;
mod licence;
mod links;
mod logos;
mod notes;
mod notice;
mod options;
mod outside;
mod publication;
mod resources;
mod rigour;
mod sniff;
mod svg;
mod swell;
mod terms;
mod tree;
mod typefaces;
mod works;

pub use assets::{Asset, ImageFile};
pub use brand::{Accent, Brand, Colour, Fonts, Layer};
pub use credits::{Credit, Party};
pub use editions::is_edition_id;
pub use ids::slug;
pub use index::index;
pub use ledger::{Exception, Item, ItemKind, Ledger, Words};
#[cfg(test)]
pub use licence::Licence;
pub use licence::{Standing, Terms};
pub use notice::Notice;
pub use options::OptionValue;
pub use outside::{Outside, outside};
pub use publication::{Source, layers, resolve};
pub use rigour::Rigour;
pub use terms::Language;
pub use tree::{Images, ReadImage};
pub use typefaces::Typeface;

use uuid::Uuid;

use crate::manifest::{Date, GuillemetSpace};
use crate::model::{Block, Inline, Linked};

/// One edition of one publication, decided in every point.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Folder name of the publication.
    pub slug: String,
    /// File name of its artefacts, without extension: `brochure-2023-05`.
    pub stem: String,
    /// Identity of this edition; formats derive theirs with [`Resolved::identifier`].
    pub uuid: Uuid,
    /// Language and the words of the interface in it.
    pub language: Language,
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: Option<String>,
    /// One or two sentences for catalogues.
    pub description: Option<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Period that the publication covers.
    pub period: Option<String>,
    /// Title of the series.
    pub series: Option<String>,
    /// Who publishes it.
    pub publisher: Option<Party>,
    /// The edition.
    pub edition: Edition,
    /// DOI, without the resolver's address.
    pub doi: Option<String>,
    /// ISBN of the EPUB.
    pub isbn_epub: Option<String>,
    /// ISBN of the PDF.
    pub isbn_pdf: Option<String>,
    /// The licence notice.
    pub notice: Notice,
    /// Everything that is somebody's.
    pub ledger: Ledger,
    /// Who did what, in the order of the sources.
    pub credits: Vec<Credit>,
    /// Works that it draws on, a sentence each.
    pub sources: Vec<Vec<Words>>,
    /// Sections in reading order.
    pub sections: Vec<Section>,
    /// Images that the sections and the credits use.
    pub assets: Vec<Asset>,
    /// Colours and fonts.
    pub brand: Brand,
    /// Space inside « ».
    pub guillemet_space: GuillemetSpace,
    /// How far the text was allowed to be unfinished: only a finished one claims conformance.
    pub rigour: Rigour,
    /// Options of the layout, defaults filled in.
    pub options: Vec<(String, OptionValue)>,
}

/// A dated state of a publication.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Short id, `2023-05`.
    pub id: String,
    /// Date.
    pub date: Date,
    /// The date in words, « mai 2023 ».
    pub date_label: String,
    /// Printed label, « Édition de mai 2023 »; none when the edition shows none.
    pub label: Option<String>,
    /// Id of the edition that it is based on.
    pub based_on: Option<String>,
    /// What changed since that edition; none when there is nothing to tell.
    pub changes: Option<Changes>,
    /// The correction with which it was issued again.
    pub erratum: Option<Erratum>,
}

/// What changed since an earlier edition.
#[derive(Clone, Debug)]
pub struct Changes {
    /// What introduces them, « Changements depuis l’édition de mai 2023 : ».
    pub label: String,
    /// The changes, one at least.
    pub items: Vec<String>,
}

/// The correction of an edition that stays the same edition.
#[derive(Clone, Debug)]
pub struct Erratum {
    /// Date of the corrected issue.
    pub date: Date,
    /// What says so, « Version corrigée le 12 juin 2023 »; with a colon when a list follows.
    pub label: String,
    /// What was corrected.
    pub items: Vec<String>,
}

impl Edition {
    /// Date of the last change: of the corrected issue, else of the edition.
    pub fn modified(&self) -> Date {
        self.erratum.as_ref().map_or(self.date, |erratum| erratum.date)
    }
}

/// A section, decided.
#[derive(Clone, Debug)]
pub struct Section {
    /// Id that links use; unique in the publication.
    pub id: String,
    /// Number in reading order, from 1.
    pub number: usize,
    /// Title.
    pub title: String,
    /// Label in tabs, wheel and contents.
    pub nav: String,
    /// Lead.
    pub lead: Vec<Inline<Linked>>,
    /// Language, where it differs from the publication's.
    pub lang: Option<String>,
    /// Index into the brand's accents; the sections of a group share it.
    pub accent: usize,
    /// The body.
    pub body: Vec<Block<Linked>>,
}

impl Resolved {
    /// Gives the identity of one format of this edition: a UUID v5 of the edition's.
    pub fn identifier(&self, format: &str) -> Uuid {
        Uuid::new_v5(&self.uuid, format.as_bytes())
    }

    /// What is not under the licence, a line each.
    pub fn exceptions(&self) -> Vec<Exception> {
        self.ledger.exceptions(self.language)
    }

    /// Names of the authors for metadata: who holds an authoring role, else the coordination, else the publisher.
    pub fn authors(&self) -> Vec<&str> {
        for wanted in ["aut", "pdr", "res"] {
            let names: Vec<&str> = self
                .credits
                .iter()
                .filter(|credit| credit.marc == wanted)
                .flat_map(|credit| credit.parties.iter().map(|party| party.name.as_str()))
                .collect();
            if !names.is_empty() {
                return names;
            }
        }
        self.publisher.iter().map(|party| party.name.as_str()).collect()
    }
}
