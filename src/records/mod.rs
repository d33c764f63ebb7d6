//! Records that describe an edition for catalogues, shops and reference managers.
//!
//! [`write()`] is a pure function: equal works and extents produce equal bytes. A record states only declared facts and facts computed
//! from the content. A record whose format requires a fact that is not known is not written; [`missing`] names the fact.
//!
//! | record | standard |
//! |---|---|
//! | `onix` | ONIX for Books 3.1, one product for each format with an ISBN |
//! | `cff` | Citation File Format 1.2.0 |
//! | `bibtex` | BibTeX, with fields of biblatex |
//! | `ris` | RIS, as reference managers import it |
//! | `datacite` | DataCite Metadata Schema 4.5, in JSON |
//! | `schema_org` | schema.org, as JSON-LD |

mod bibtex;
mod cff;
mod datacite;
mod language;
mod name;
mod onix;
mod ris;
mod schema_org;
mod work;
mod yaml;

pub use work::{Extents, Work};

use crate::product::Product;

/// Returns the fact that a record requires and the work does not declare, or `None` if the record can be written. Products that
/// are not records require nothing.
pub fn missing(record: Product, work: &Work) -> Option<&'static str> {
    match record {
        Product::Onix if work.isbns().next().is_none() => Some("no format has an ISBN"),
        Product::Onix if work.publishers.is_empty() => Some("there is no publisher"),
        Product::Datacite if work.doi.is_none() => Some("there is no DOI"),
        Product::Datacite if work.publishers.is_empty() => Some("there is no publisher"),
        Product::Cff if work.responsible().is_empty() => Some("there is no author, editor or publisher"),
        Product::Onix | Product::Cff | Product::Bibtex | Product::Ris | Product::Datacite | Product::JsonLd => None,
        Product::ScreenPdf | Product::Epub | Product::PrintPdf | Product::Cover | Product::Site => None,
    }
}

/// Writes a record in UTF-8. Returns nothing for a product that is not a record, or if [`missing`] names a fact.
pub fn write(record: Product, work: &Work, extents: Extents) -> Option<String> {
    if missing(record, work).is_some() {
        return None;
    }
    match record {
        Product::Onix => Some(onix::write(work, extents)),
        Product::Cff => Some(cff::write(work, extents)),
        Product::Bibtex => Some(bibtex::write(work, extents)),
        Product::Ris => Some(ris::write(work, extents)),
        Product::Datacite => datacite::write(work, extents),
        Product::JsonLd => Some(schema_org::write(work, extents)),
        Product::ScreenPdf | Product::Epub | Product::PrintPdf | Product::Cover | Product::Site => None,
    }
}
