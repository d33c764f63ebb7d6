//! The texts of the pages that are written besides publications: reports and the site. Each language is one file.
//!
//! The texts inside publications are in the table of languages of `resolve`, which also names the texts here.

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
