//! The bibliographic description of an edition, from which every record is written.

use crate::accessibility::AccessibilityFacts;
use crate::manifest::{Binding, Date, PublicationKind};
use crate::product::Product;
use crate::resolve::{CoverSettings, CreditedParty, Language, Party, Resolved, doi_address};

/// The facts that records state. Texts are as the author wrote them, without micro-typography, because catalogues compare them.
#[derive(Clone, Debug, Hash)]
pub struct Work {
    /// File name of the artefacts, without extension.
    pub stem: String,
    /// Identifier of the edition: `urn:uuid:…`.
    pub urn: String,
    /// Identifier of each format.
    urns: Vec<(Product, String)>,
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Kind of publication.
    pub kind: PublicationKind,
    /// Number in its series.
    pub number: Option<String>,
    /// Title of the series.
    pub series: Option<String>,
    /// Language of the publication.
    pub language: HashedLanguage,
    /// Languages of the text (BCP 47); the language of the publication is first.
    pub languages: Vec<String>,
    /// Id of the edition.
    pub edition: String,
    /// Printed label of the edition.
    pub label: Option<String>,
    /// Date of the edition.
    pub date: Date,
    /// Date of the last correction.
    pub modified: Date,
    /// DOI, without the address of the resolver.
    pub doi: Option<String>,
    /// ISBN of each declared format that has one, as written.
    isbns: Vec<(Product, String)>,
    /// The formats that the publication declares, in order.
    pub forms: Vec<Product>,
    /// Binding of the print PDF.
    pub binding: Binding,
    /// Width and height of the trimmed pages, in tenths of a millimetre.
    pub trim: [u32; 2],
    /// The settings that determine the thickness of the printed book.
    spine: Spine,
    /// Price of the printed book, as it is printed on the cover.
    pub price: Option<String>,
    /// Everyone in the credits except publishers; authors first.
    pub contributors: Vec<Contributor>,
    /// The publisher, then other parties credited as publishers.
    pub publishers: Vec<Party>,
    /// SPDX id of the licence.
    pub licence: &'static str,
    /// Name of the licence.
    pub licence_name: String,
    /// Address of the licence.
    pub licence_url: String,
    /// The statement of rights.
    pub rights: String,
    /// Holder of the rights.
    pub licensor: Option<String>,
    /// The accessibility of the EPUB.
    pub accessibility: AccessibilityFacts,
    /// Whether the text is finished, so that its formats claim to conform to their standards.
    pub finished: bool,
}

/// The language of a publication, hashed by its tag.
#[derive(Clone, Copy, Debug)]
pub struct HashedLanguage(pub Language);

impl std::hash::Hash for HashedLanguage {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        self.0.tag.hash(hasher);
    }
}

/// The settings of the cover sheet, from which the width of the spine follows.
#[derive(Clone, Debug)]
struct Spine(CoverSettings);

/// Hashes only the settings that determine the width of the spine.
impl std::hash::Hash for Spine {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        self.0.spine_width(1000).map(f64::to_bits).hash(hasher);
        self.0.caliper.to_bits().hash(hasher);
    }
}

/// Converts points to tenths of a millimetre.
fn tenths(points: f64) -> u32 {
    let tenths = (points * 254.0 / 72.0).round();
    if (0.0..=1e6).contains(&tenths) { tenths as u32 } else { 0 }
}

/// A party and its roles.
#[derive(Clone, Debug, Hash)]
pub struct Contributor {
    /// The person or organisation.
    pub party: Party,
    /// MARC relator codes.
    pub roles: Vec<&'static str>,
    /// Whether it is an author. Without an author, whether it coordinated the work, or else carried it out.
    pub author: bool,
}

/// Page counts of the laid out pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extents {
    /// Number of pages of the PDF, if known.
    pub pages: Option<usize>,
    /// Number of pages of the print PDF, with the blank pages that its binding needs, if known.
    pub print: Option<usize>,
}

/// MARC relator codes of editors.
const EDITORS: [&str; 3] = ["edt", "edc", "edd"];
/// MARC relator code of translators.
const TRANSLATOR: &str = "trl";

impl Work {
    /// Describes an edition whose publication declares these products.
    pub fn of(edition: &Resolved, accessibility: &AccessibilityFacts, declared: &[Product]) -> Self {
        let forms: Vec<Product> = declared.iter().copied().filter(|product| product.is_published()).collect();
        Self {
            stem: edition.stem.clone(),
            urn: format!("urn:uuid:{}", edition.uuid),
            urns: forms.iter().map(|form| (*form, format!("urn:uuid:{}", edition.identifier(*form)))).collect(),
            title: line(&edition.title),
            subtitle: edition.subtitle.as_deref().map(line),
            description: edition.description.as_deref().map(line),
            keywords: edition.keywords.iter().map(|keyword| line(keyword)).collect(),
            kind: edition.kind,
            number: edition.number.as_deref().map(line),
            series: edition.series.as_deref().map(line),
            language: HashedLanguage(edition.language),
            languages: edition.languages().into_iter().map(str::to_owned).collect(),
            edition: edition.edition.id.clone(),
            label: edition.edition.label.as_deref().map(line),
            date: edition.edition.date,
            modified: edition.edition.modified(),
            doi: edition.doi.clone(),
            isbns: forms.iter().filter_map(|form| Some((*form, edition.isbn(*form)?.to_owned()))).collect(),
            forms,
            binding: edition.print.binding,
            trim: [edition.page.width, edition.page.height].map(|side| tenths(side.points())),
            spine: Spine(edition.print.cover.clone()),
            price: edition.print.cover.price.as_deref().map(line),
            contributors: edition.credited_parties().into_iter().filter_map(Contributor::of).collect(),
            publishers: edition.publishers().into_iter().cloned().collect(),
            licence: edition.notice.licence.id,
            licence_name: edition.notice.licence.name.clone(),
            licence_url: edition.notice.licence.url.clone(),
            rights: line(&edition.notice.statement),
            licensor: edition.notice.licensor.as_deref().map(line),
            accessibility: accessibility.clone(),
            finished: !edition.strictness.is_lenient(),
        }
    }

    /// Returns the thickness of a printed book with this number of pages in tenths of a millimetre, if it has perfect binding and
    /// its paper or its spine is known.
    pub fn thickness(&self, pages: usize) -> Option<u32> {
        let glued = self.binding == Binding::Perfect;
        self.spine.0.spine_width(pages).filter(|_| glued).map(tenths)
    }

    /// Returns the title and the subtitle in one line, with the colon of the language.
    pub fn full_title(&self) -> String {
        match &self.subtitle {
            // A plain space before the colon, because catalogues compare titles.
            Some(subtitle) => format!("{}{} {subtitle}", self.title, self.language.0.colon().replace('\u{A0}', " ")),
            None => self.title.clone(),
        }
    }

    /// Returns each format that has an ISBN, with the digits of the ISBN.
    pub fn isbns(&self) -> impl Iterator<Item = (Product, String)> + '_ {
        self.isbns.iter().map(|(form, isbn)| (*form, isbn.chars().filter(char::is_ascii_digit).collect()))
    }

    /// Returns the ISBN of a format, with hyphens.
    pub fn isbn_of(&self, form: Product) -> Option<&str> {
        self.isbns.iter().find(|(known, _)| *known == form).map(|(_, isbn)| isbn.as_str())
    }

    /// Returns the ISBNs with hyphens; the ISBN of the printed book first, because most catalogues contain it.
    pub fn hyphenated_isbns(&self) -> Vec<&str> {
        let order = [Product::PrintPdf, Product::ScreenPdf, Product::Epub];
        order.into_iter().filter_map(|form| self.isbn_of(form)).collect()
    }

    /// Returns whether the id of the licence is in the SPDX list.
    pub fn is_spdx(&self) -> bool {
        spdx::license_id(self.licence).is_some()
    }

    /// Returns the identifier of a format: `urn:uuid:…`.
    pub fn urn_of(&self, form: Product) -> Option<&str> {
        self.urns.iter().find(|(known, _)| *known == form).map(|(_, urn)| urn.as_str())
    }

    /// Returns the address of the DOI, with percent-encoding for the characters that are not allowed in addresses.
    pub fn doi_address(&self) -> Option<String> {
        self.doi.as_deref().map(doi_address)
    }

    /// Returns the authors. Without an author, those who coordinated the work, otherwise those who carried it out.
    pub fn authors(&self) -> Vec<&Party> {
        self.contributors.iter().filter(|known| known.author).map(|known| &known.party).collect()
    }

    /// Returns the editors who are not among the authors.
    pub fn editors(&self) -> Vec<&Party> {
        self.with_role(&EDITORS)
    }

    /// Returns the translators who are not among the authors.
    pub fn translators(&self) -> Vec<&Party> {
        self.with_role(&[TRANSLATOR])
    }

    fn with_role(&self, wanted: &[&str]) -> Vec<&Party> {
        let has = |known: &&Contributor| !known.author && known.roles.iter().any(|role| wanted.contains(role));
        self.contributors.iter().filter(has).map(|known| &known.party).collect()
    }

    /// Returns the parties to cite where a format requires one: the authors, otherwise the editors, otherwise the publisher.
    pub fn responsible(&self) -> Vec<&Party> {
        [self.authors(), self.editors(), self.publishers.iter().take(1).collect()]
            .into_iter()
            .find(|parties| !parties.is_empty())
            .unwrap_or_default()
    }
}

impl Contributor {
    /// Returns a contributor from the credits. A publisher without another role is not a contributor.
    fn of(credited: CreditedParty<'_>) -> Option<Self> {
        let CreditedParty { party, roles, creator, .. } = credited;
        // A publisher that is credited with a role is not the author, even if there is no other author.
        let author = creator && roles.iter().any(|role| Resolved::AUTHORING.contains(role));
        (!roles.is_empty()).then(|| Self { party: party.clone(), roles, author })
    }
}

/// Replaces line ends and other white space with single spaces. No-break spaces are kept.
fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_ascii_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
