//! The texts of reports and of the site, with one file for each language.
//!
//! The texts inside publications are in the table of languages in `resolve`, which refers to the texts here.

mod english;
mod french;
mod preflight;
mod release;
mod site;

pub use english::ENGLISH;
pub use french::FRENCH;
pub use preflight::PreflightTerms;
pub use release::ReleaseTerms;
pub use site::SiteTerms;

/// The texts of a language.
#[derive(Debug)]
pub struct PageTerms {
    /// The report of print products.
    pub preflight: PreflightTerms,
    /// The report of a release, and the list of changes.
    pub release: ReleaseTerms,
    /// The site.
    pub site: SiteTerms,
}
