//! Types of the declarations in TOML, and the parser that reads them.

mod address;
mod brand;
mod certification;
mod date;
mod edition;
mod forms;
mod kind;
mod language;
mod layout;
mod length;
mod level;
mod lineage;
mod mistakes;
mod page_list;
mod parse;
mod path;
mod people;
mod print;
mod publication;
mod records;
mod role;
mod series;
mod typography;
mod unknown;

pub use address::{link_address, page_address};
pub use brand::{AccentValue, BrandManifest, ColourValue, FontManifest, Numerals, Palette, Typography};
pub use certification::{CertificationManifest, WcagLevel, WcagVersion};
pub use date::Date;
pub use edition::EditionManifest;
pub use forms::LanguageTag;
pub use kind::PublicationKind;
pub use language::{LANGUAGES, localized};
pub use layout::{AccentOrder, LayoutManifest, OptionKind, OptionManifest, PageManifest};
pub use length::Length;
pub use level::Level;
pub use lineage::Lineage;
pub use page_list::PageListSource;
pub use parse::{Manifest, parse, parse_at, strings};
pub use path::{PathFault, join_path, name_fault, path_fault, percent_decoded};
pub use people::{Organisation, OrganisationKind, Person};
pub use print::{Binding, ColourMode, LimitsManifest, PrintManifest, SpineText};
pub use publication::{
    AssetDefaults, AssetManifest, CreditManifest, ExceptionManifest, LicenceManifest, PublicationManifest, ReadingFormat,
    ResourceManifest, SourceKind, SourceManifest, TargetManifest,
};
pub use records::RecordsManifest;
pub use role::{ROLES, Role};
pub use series::{SeriesManifest, WorkspaceManifest};
pub use typography::{GuillemetSpace, TypographyManifest};
