//! The certification of an edition.

use super::Directory;
use super::directory::Party;
use crate::diagnostic::Diagnostics;
use crate::manifest::{Date, EditionManifest, Manifest, PublicationManifest, WcagLevel, WcagVersion, page_address};

/// The assessment of the accessibility of an edition, as its publisher declares it.
#[derive(Clone, Debug, Hash)]
pub struct Certification {
    /// The person or organisation that certifies the conformance.
    pub certifier: Party,
    /// Month or day of the assessment.
    pub date: Date,
    /// Whether the assessment is too old to apply to this edition.
    pub is_older: bool,
    /// Version of WCAG.
    pub version: WcagVersion,
    /// Level of conformance.
    pub level: WcagLevel,
    /// Address of the report.
    pub report: Option<String>,
    /// Name or address of the credential of the certifier.
    pub credential: Option<String>,
}

impl Certification {
    /// Resolves the certification of an edition. Returns `None` if there is none, or after reporting an undeclared certifier.
    pub fn of(
        manifest: &Manifest<PublicationManifest>,
        edition: &EditionManifest,
        directory: &Directory,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let declared = edition.certification.as_ref()?.get_ref();
        let certifier = directory.find(declared.by.get_ref(), manifest.span(&declared.by), found);
        let report = declared.report.as_ref();
        let report = report.and_then(|url| page_address(url.get_ref(), "a report", manifest.span(url), found));
        Some(Self {
            certifier: certifier?,
            date: *declared.date.get_ref(),
            is_older: is_older(*declared.date.get_ref(), edition, &manifest.value.editions),
            version: declared.wcag,
            level: declared.level,
            report,
            credential: declared.credential.clone().filter(|credential| !credential.trim().is_empty()),
        })
    }

    /// Returns the standard and the level, such as `WCAG 2.2 Level AA`.
    pub fn guidelines(&self) -> String {
        format!("WCAG {} Level {}", self.version.number(), self.level.letters())
    }
}

/// Returns whether an assessment is too old to apply to an edition: it is older than an earlier edition, or was made more than a
/// year before this one. Assessments are often made shortly before publication.
fn is_older(assessed: Date, edition: &EditionManifest, all: &[EditionManifest]) -> bool {
    let date = *edition.date.get_ref();
    let year_before = Date { year: date.year.saturating_sub(1), ..date };
    let earlier = all.iter().map(|other| *other.date.get_ref()).filter(|other| other.is_before(date));
    assessed.is_before(year_before) || earlier.into_iter().any(|earlier| assessed.is_before(earlier))
}
