//! The data of an edition in the site.

use crate::accessibility::AccessibilityFacts;
use crate::output::epub::CoverImage;
use crate::paginate::PageImage;
use crate::product::Product;
use crate::records::{Extents, Work};
use crate::resolve::{Brand, Credit, Language, Party, Resolved};
use crate::workspace::FontFace;

use super::theme::Theme;

/// An edition, with its texts after micro-typography.
pub struct SiteEdition {
    /// Its bibliographic description, with texts before micro-typography.
    pub work: Work,
    /// Page counts for the records.
    pub extents: Extents,
    /// Language of the texts and of the interface.
    pub language: Language,
    /// Colours and fonts.
    pub brand: Brand,
    /// Colours and fonts of its series; the default ones outside a series.
    pub series_brand: Brand,
    /// Style of its page.
    pub theme: Theme,
    /// The image of its cover; only the newest edition has one.
    pub cover: Option<SiteCover>,
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

/// The image of a cover.
pub struct SiteCover {
    /// Its file name.
    pub file: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl SiteCover {
    /// File name of a PNG.
    pub const PNG: &'static str = "cover.png";
    /// File name of a JPEG.
    pub const JPEG: &'static str = "cover.jpg";

    /// Returns the image in the format of the EPUB cover, the smallest without visible loss.
    pub fn of(cover: &PageImage) -> Self {
        let image = CoverImage::of(cover);
        let file = if image.media_type == "image/png" { Self::PNG } else { Self::JPEG };
        Self { file, bytes: image.bytes.into_owned(), width: cover.width, height: cover.height }
    }
}

/// Returns the texts on the page of an edition that may contain non-Latin characters.
fn shown_texts(edition: &Resolved) -> Vec<String> {
    let own = [Some(&edition.title), edition.subtitle.as_ref(), edition.series.as_ref(), edition.description.as_ref()];
    let own = own.into_iter().flatten().cloned();
    let parties =
        edition.credits.iter().flat_map(|credit| &credit.parties).chain(&edition.publisher).map(|party| party.name.clone());
    own.chain(parties).chain(edition.exceptions().iter().map(|line| line.line(edition.language))).collect()
}

impl SiteEdition {
    /// Describes an edition after micro-typography. `work` describes it before. Files, page counts and cover are added later.
    pub fn of(edition: &Resolved, series_brand: Brand, work: Work, faces: &[FontFace]) -> Self {
        let shown = shown_texts(edition);
        let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
        let party = |party: &Party| (party.name.clone(), party.page().map(str::to_owned));
        Self {
            work,
            extents: Extents::default(),
            language: edition.language,
            brand: edition.brand.clone(),
            series_brand,
            theme: Theme::of(&edition.brand, faces, &shown),
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
