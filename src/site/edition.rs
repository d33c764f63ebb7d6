//! What the site shows of an edition.

use crate::accessibility::AccessibilityFacts;
use crate::paginate::Cover;
use crate::product::Product;
use crate::records::{Extents, Work};
use crate::resolve::{Credit, Language, Resolved};
use crate::workspace::FontFace;

use super::theme::Theme;

/// An edition, with its texts after micro-typography.
pub struct SiteEdition {
    /// Its bibliographic description, with texts as they were written.
    pub work: Work,
    /// Extents that the records state.
    pub extents: Extents,
    /// Language of the texts and of the interface.
    pub language: Language,
    /// Colours and fonts.
    pub theme: Theme,
    /// The image of its cover; only the newest edition has one.
    pub cover: Option<Cover>,
    /// Its files that exist, in the order of the products.
    pub files: Vec<SiteFile>,
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: Option<String>,
    /// Title of the series.
    pub series: Option<String>,
    /// Period that the publication covers.
    pub period: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Name and page of the publisher.
    pub publisher: Option<(String, Option<String>)>,
    /// Names of the authors.
    pub authors: Vec<String>,
    /// Credits.
    pub credits: Vec<Credit>,
    /// Printed label of the edition.
    pub label: Option<String>,
    /// Date of the edition in words.
    pub date: String,
    /// Statement of a correction, and the corrections.
    pub erratum: Option<(String, Vec<String>)>,
    /// Introduction of the changes since an earlier edition, and the changes.
    pub changes: Option<(String, Vec<String>)>,
    /// Name of the licence.
    pub licence: String,
    /// Statement of the licence notice.
    pub statement: String,
    /// Lines of the items that are not under the licence.
    pub exceptions: Vec<String>,
}

/// A file of an edition.
pub struct SiteFile {
    /// The product.
    pub product: Product,
    /// Path relative to the output folder.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Number of pages, if known.
    pub pages: Option<usize>,
}

impl SiteEdition {
    /// Describes an edition whose texts have their typography. `work` describes it as it was written; its files, extents and cover are
    /// added later.
    pub fn of(edition: &Resolved, work: Work, faces: &[FontFace]) -> Self {
        let party = |party: &crate::resolve::Party| (party.name.clone(), party.page().map(str::to_owned));
        Self {
            work,
            extents: Extents::default(),
            language: edition.language,
            theme: Theme::of(&edition.brand, faces),
            cover: None,
            files: Vec::new(),
            title: edition.title.clone(),
            subtitle: edition.subtitle.clone(),
            series: edition.series.clone(),
            period: edition.period.clone(),
            description: edition.description.clone(),
            publisher: edition.publisher.as_ref().map(party),
            authors: edition.authors().into_iter().map(str::to_owned).collect(),
            credits: edition.credits.clone(),
            label: edition.edition.label.clone(),
            date: edition.edition.date_label.clone(),
            erratum: edition.edition.erratum.as_ref().map(|erratum| (erratum.label.clone(), erratum.items.clone())),
            changes: edition.edition.changes.as_ref().map(|changes| (changes.label.clone(), changes.items.clone())),
            licence: edition.notice.licence.name.clone(),
            statement: edition.notice.statement.clone(),
            exceptions: edition.exceptions().iter().map(|line| line.line(edition.language)).collect(),
        }
    }

    /// Returns the accessibility of the EPUB.
    pub fn accessibility(&self) -> &AccessibilityFacts {
        &self.work.accessibility
    }

    /// Returns the files that contain the text, for screens and for the printer.
    pub fn formats(&self) -> impl Iterator<Item = &SiteFile> {
        self.files.iter().filter(|file| !file.product.is_record())
    }

    /// Returns the files that are read on a screen.
    pub fn readable(&self) -> impl Iterator<Item = &SiteFile> {
        self.files.iter().filter(|file| matches!(file.product, Product::ScreenPdf | Product::Epub))
    }

    /// Returns the records.
    pub fn records(&self) -> impl Iterator<Item = &SiteFile> {
        self.files.iter().filter(|file| file.product.is_record())
    }
}
