//! The texts of the pages of the site.

/// The texts of the pages of the site. `{}` is replaced with a name.
#[derive(Debug)]
#[allow(missing_docs, reason = "the English values explain the fields")]
pub struct SiteTerms {
    pub publications: &'static str,
    pub all_publications: &'static str,
    pub skip: &'static str,
    pub site: &'static str,
    pub cover_of: &'static str,
    pub formats: &'static str,
    pub download: &'static str,
    pub names: [&'static str; 4],
    pub read: [&'static str; 4],
    pub conformance: [&'static str; 4],
    pub unfinished: &'static str,
    pub pages: [&'static str; 2],
    pub isbn: &'static str,
    pub accessibility: &'static str,
    pub assessment: &'static str,
    pub cite: &'static str,
    pub licence: &'static str,
    pub exceptions: &'static str,
    pub credits: &'static str,
    pub records: &'static str,
    pub record: [&'static str; 6],
    pub editions: &'static str,
    pub feed: &'static str,
    pub kilobyte: &'static str,
    pub megabyte: &'static str,
    /// Decimal sign.
    pub decimal: &'static str,
}
