//! Certifications of accessibility that an EPUB cannot claim.

use std::collections::BTreeSet;

use toml::Spanned;

use super::{CHECKS, Subject};
use crate::accessibility::{AccessibilityFacts, Topic, Withheld};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, code};
use crate::manifest::{Date, Manifest, PublicationManifest};

/// Maximum number of findings to which a diagnostic refers.
const MAX_RELATED: usize = 5;

/// Returns the subject of an accessibility finding by its code.
fn topic(found: Code) -> Option<Topic> {
    match found {
        code::ALT | code::IMAGE => Some(Topic::AlternativeTexts),
        code::HEADING => Some(Topic::Headings),
        _ => CHECKS.iter().find(|check| check.meaning().code == found)?.topic(),
    }
}

/// Returns the subjects of the accessibility findings. Call it before levels and allowances are applied, because a suppressed
/// finding is also a barrier.
pub fn barriers(found: &Diagnostics) -> BTreeSet<Topic> {
    found.iter().filter_map(|diagnostic| topic(diagnostic.code)).collect()
}

/// Reports assessments with a date after `today`.
pub fn future_assessments(manifest: &Manifest<PublicationManifest>, today: Date) -> Diagnostics {
    let declared = manifest.value.editions.iter().filter_map(|edition| Some(&edition.certification.as_ref()?.get_ref().date));
    let future = declared.filter(|date| today.is_before(*date.get_ref()));
    let report = |date: &Spanned<Date>| {
        let message = format!("the assessment has a date in the future: {}", date.get_ref().iso());
        let hint = "write the date on which the EPUB was assessed, or remove the certification until then";
        Diagnostic::new(code::TOML_VALUE, message).at(manifest.span(date)).hint(hint)
    };
    future.map(report).collect()
}

/// Returns a warning if the edition declares a certification that its EPUB does not claim. `found` contains all findings of its
/// content.
pub fn withheld(subject: &Subject<'_>, facts: &AccessibilityFacts, found: &Diagnostics) -> Option<Diagnostic> {
    let reason = facts.withheld?;
    let manifest = &subject.entry.manifest;
    let edition = manifest.value.editions.iter().find(|edition| *edition.id.get_ref() == subject.edition.edition.id)?;
    let place = manifest.span(edition.certification.as_ref()?);
    let report = |message: String, hint: &str| Diagnostic::new(code::CERTIFICATION, message).at(place).hint(hint);
    Some(match reason {
        Withheld::Unfinished => {
            report("the EPUB does not claim this certification: the text may be unfinished".into(), "build without --lenient")
        }
        Withheld::Corrected => {
            let warning = report(
                "the EPUB does not claim this certification: the text was corrected after the assessment".into(),
                "assess the corrected text, and write the date of that assessment",
            );
            match &edition.modified {
                Some(modified) => warning.related(manifest.span(modified), "the correction"),
                None => warning,
            }
        }
        Withheld::PerhapsCorrected => {
            let warning = report(
                "the EPUB does not claim this certification: its date does not say whether the text was corrected after the assessment".into(),
                "write the day of the assessment and that of the correction, as \"2023-05-17\"",
            );
            match &edition.modified {
                Some(modified) => warning.related(manifest.span(modified), "the correction"),
                None => warning,
            }
        }
        Withheld::Older => report(
            "the EPUB does not claim this certification: the assessment is older than the edition".into(),
            "an assessment is valid for one text and may be at most a year older than it: write the date on which this edition was assessed",
        )
        .related(manifest.span(&edition.date), "the date of the edition"),
        Withheld::Findings => {
            let barriers = found.iter().filter(|diagnostic| topic(diagnostic.code).is_some());
            let codes: BTreeSet<Code> = barriers.clone().map(|diagnostic| diagnostic.code).collect();
            let codes: Vec<String> = codes.iter().map(Code::to_string).collect();
            let message = format!("the EPUB does not claim this certification: there are findings of {}", codes.join(", "));
            let warning = report(message, "fix them; a finding that is switched off or allowed remains a barrier for readers");
            let places = barriers.filter_map(|diagnostic| Some((diagnostic.span?, &diagnostic.message)));
            places.take(MAX_RELATED).fold(warning, |warning, (span, message)| warning.related(span, message.clone()))
        }
    })
}
