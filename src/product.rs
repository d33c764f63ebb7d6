//! Products: the formats in which an edition is published, and the records that describe it. This module does not depend on any
//! other.
//!
//! The id of a product is stable: identifiers (UUID v5), ISBNs in the manifest, the command line and build records use it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};

/// A format in which an edition is published, or a record that describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Product {
    /// Tagged PDF for the screen: PDF/UA-1 and PDF/A-2a.
    #[serde(rename = "pdf")]
    ScreenPdf,
    /// EPUB 3.3.
    Epub,
    /// PDF/X-4 for the printer.
    #[serde(rename = "print")]
    PrintPdf,
    /// The cover sheet of perfect binding, as PDF/X-4.
    Cover,
    /// Record for shops and libraries: ONIX for Books 3.1.
    Onix,
    /// Citation File Format 1.2.0.
    Cff,
    /// BibTeX entry.
    Bibtex,
    /// RIS record.
    Ris,
    /// Metadata for the registration of a DOI: DataCite 4.5.
    Datacite,
    /// Linked data in the vocabulary of schema.org.
    JsonLd,
    /// Static pages: one for each publication, and a catalogue of the workspace.
    Site,
}

/// The scope of one file of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductScope {
    /// One edition of a publication.
    Edition,
    /// All editions of a publication.
    Publication,
    /// All publications of a workspace.
    Workspace,
}

/// The inputs that a product needs in addition to the resolved edition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The laid-out pages.
    pub pages: bool,
    /// The image of the cover.
    pub cover: bool,
    /// The style sheets of the layout.
    pub styles: bool,
    /// The accessibility of the content, and whether images are fitted to screens.
    pub accessibility: bool,
    /// The settings for print, the inks of the brand and the press profile.
    pub press: bool,
    /// The number of pages.
    pub page_count: bool,
}

impl Product {
    /// All products.
    pub const ALL: [Self; 11] = [
        Self::ScreenPdf,
        Self::Epub,
        Self::PrintPdf,
        Self::Cover,
        Self::Onix,
        Self::Cff,
        Self::Bibtex,
        Self::Ris,
        Self::Datacite,
        Self::JsonLd,
        Self::Site,
    ];

    /// The records: products that describe an edition and do not contain its text.
    pub const RECORDS: [Self; 6] = [Self::Onix, Self::Cff, Self::Bibtex, Self::Ris, Self::Datacite, Self::JsonLd];

    /// Returns its stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::ScreenPdf => "pdf",
            Self::Epub => "epub",
            Self::PrintPdf => "print",
            Self::Cover => "cover",
            Self::Onix => "onix",
            Self::Cff => "cff",
            Self::Bibtex => "bibtex",
            Self::Ris => "ris",
            Self::Datacite => "datacite",
            Self::JsonLd => "json-ld",
            Self::Site => "site",
        }
    }

    /// Finds a product by its id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|product| product.id() == id)
    }

    /// Returns its display name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ScreenPdf => "PDF",
            Self::Epub => "EPUB",
            Self::PrintPdf => "print PDF",
            Self::Cover => "cover",
            Self::Onix => "ONIX record",
            Self::Cff => "citation file",
            Self::Bibtex => "BibTeX entry",
            Self::Ris => "RIS record",
            Self::Datacite => "DataCite record",
            Self::JsonLd => "JSON-LD record",
            Self::Site => "site",
        }
    }

    /// Returns a description in one line, for the command line.
    pub fn help(self) -> &'static str {
        match self {
            Self::ScreenPdf => "Tagged PDF for the screen",
            Self::Epub => "EPUB 3 for readers",
            Self::PrintPdf => "PDF/X-4 for the printer",
            Self::Cover => "Cover sheet with spine for perfect binding, as PDF/X-4",
            Self::Onix => "ONIX 3.1 record for shops and libraries; needs an ISBN and a publisher",
            Self::Cff => "CITATION.cff record; needs an author, an editor or a publisher",
            Self::Bibtex => "BibTeX entry",
            Self::Ris => "RIS record for reference managers",
            Self::Datacite => "DataCite record to register a DOI with; needs a DOI and a publisher",
            Self::JsonLd => "schema.org record as JSON-LD, for web pages",
            Self::Site => "Web page for each publication, with a catalogue; also builds the usual formats and the records",
        }
    }

    /// Returns the extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::ScreenPdf | Self::PrintPdf | Self::Cover => "pdf",
            Self::Epub => "epub",
            Self::Onix => "onix.xml",
            Self::Cff => "cff",
            Self::Bibtex => "bib",
            Self::Ris => "ris",
            Self::Datacite => "datacite.json",
            Self::JsonLd => "jsonld",
            Self::Site => "html",
        }
    }

    /// Returns the part of its file names between the stem and the extension.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::PrintPdf => "-print",
            Self::Cover => "-cover",
            Self::ScreenPdf | Self::Epub | Self::Site => "",
            Self::Onix | Self::Cff | Self::Bibtex | Self::Ris | Self::Datacite | Self::JsonLd => "",
        }
    }

    /// Returns its file name. `stem` identifies the edition, publication or workspace, according to its scope.
    pub fn file_name(self, stem: &str) -> String {
        format!("{stem}{}.{}", self.suffix(), self.extension())
    }

    /// Returns whether it is published on its own, with an identifier and an ISBN. A cover is a part of the printed book; a
    /// record and the site describe the others.
    pub fn is_published(self) -> bool {
        !matches!(self, Self::Cover | Self::Site) && !self.is_record()
    }

    /// Returns whether each of its files belongs to a single edition.
    pub fn is_of_edition(self) -> bool {
        self.scope() == ProductScope::Edition
    }

    /// Returns whether it describes an edition and does not contain its text.
    pub fn is_record(self) -> bool {
        Self::RECORDS.contains(&self)
    }

    /// Returns the scope of one of its files.
    pub fn scope(self) -> ProductScope {
        match self {
            Self::ScreenPdf | Self::Epub | Self::PrintPdf | Self::Cover => ProductScope::Edition,
            Self::Onix | Self::Cff | Self::Bibtex | Self::Ris | Self::Datacite | Self::JsonLd => ProductScope::Edition,
            Self::Site => ProductScope::Workspace,
        }
    }

    /// Returns the inputs that it needs in addition to the resolved edition.
    pub fn needs(self) -> Needs {
        match self {
            Self::ScreenPdf => Needs { pages: true, ..Needs::default() },
            Self::Epub => Needs { cover: true, styles: true, accessibility: true, ..Needs::default() },
            Self::PrintPdf | Self::Cover => Needs { pages: true, press: true, ..Needs::default() },
            Self::Onix | Self::Cff | Self::Bibtex | Self::Ris | Self::Datacite | Self::JsonLd => {
                Needs { page_count: true, ..Needs::default() }
            }
            Self::Site => Needs::default(),
        }
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A value for some of the products that are published on their own, such as an ISBN.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct PerProduct<T>(pub BTreeMap<Product, T>);

impl<T> Default for PerProduct<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> PerProduct<T> {
    /// Creates a value for each product that is published on its own.
    pub fn all(value: impl Fn(Product) -> T) -> Self {
        let products = Product::ALL.into_iter().filter(|product| product.is_published());
        Self(products.map(|product| (product, value(product))).collect())
    }

    /// Returns the value of a product.
    pub fn get(&self, product: Product) -> Option<&T> {
        self.0.get(&product)
    }
}

/// Serializes an object with the product ids as keys, in alphabetical order.
impl<T: Serialize> Serialize for PerProduct<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let by_id: BTreeMap<&str, &T> = self.0.iter().map(|(product, value)| (product.id(), value)).collect();
        by_id.serialize(serializer)
    }
}

impl<T: JsonSchema> JsonSchema for PerProduct<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("PerProduct_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut of = |product: Product| {
            let mut schema = generator.subschema_for::<T>();
            schema.insert("description".into(), format!("Of the {}.", product.name()).into());
            (product.id().to_owned(), schema.to_value())
        };
        let products = Product::ALL.into_iter().filter(|product| product.is_published());
        let properties: serde_json::Map<String, serde_json::Value> = products.map(&mut of).collect();
        json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_file_names_are_unique() {
        for (at, product) in Product::ALL.into_iter().enumerate() {
            assert_eq!(Product::from_id(product.id()), Some(product));
            assert_eq!(serde_json::to_value(product).unwrap(), product.id());
            let others = &Product::ALL[at + 1..];
            assert!(others.iter().all(|other| other.id() != product.id() && other.file_name("x") != product.file_name("x")));
        }
    }
}
