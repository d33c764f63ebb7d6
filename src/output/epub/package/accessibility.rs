//! The accessibility metadata, which state only the contents of [`AccessibilityFacts`] (EPUB Accessibility 1.1 §3 and §4).

use super::metadata::{meta, refine};
use crate::accessibility::{AccessMode, AccessibilityFacts};
use crate::output::epub::xhtml::{Xml, address};
use crate::resolve::Certification;

/// Writes the accessibility metadata.
pub fn write(xml: &mut Xml, facts: &AccessibilityFacts) {
    for mode in &facts.modes {
        meta(xml, "schema:accessMode", mode.name());
    }
    for modes in &facts.sufficient {
        meta(xml, "schema:accessModeSufficient", &modes.iter().copied().map(AccessMode::name).collect::<Vec<_>>().join(","));
    }
    for feature in &facts.features {
        meta(xml, "schema:accessibilityFeature", feature.name());
    }
    // EPUB Accessibility 1.1 §2.2 requires a value.
    if facts.features.is_empty() {
        meta(xml, "schema:accessibilityFeature", "none");
    }
    meta(xml, "schema:accessibilityHazard", facts.hazards.name());
    meta(xml, "schema:accessibilitySummary", &facts.summary);
    if let Some(claim) = &facts.claim {
        conformance(xml, claim);
    }
}

/// Writes the claim of conformance, which names its certifier (EPUB Accessibility 1.1 §4.2 and §4.3).
fn conformance(xml: &mut Xml, claim: &Certification) {
    let conformance = format!("EPUB Accessibility 1.1 - {}", claim.guidelines());
    xml.open("meta").attr("property", "dcterms:conformsTo").attr("id", "conformance").text(&conformance).close().line();
    xml.open("meta").attr("refines", "#conformance").attr("property", "a11y:certifiedBy").attr("id", "certifier");
    xml.text(&claim.certifier.name).close().line();
    refine(xml, "certifier", "dcterms:date", None, &claim.date.iso());
    if let Some(credential) = &claim.credential {
        refine(xml, "certifier", "a11y:certifierCredential", None, credential);
    }
    if let Some(report) = &claim.report {
        xml.open("link").attr("refines", "#certifier").attr("rel", "a11y:certifierReport").attr("href", &address(report));
        xml.void().line();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::accessibility::{Presentation, Topic, Withheld};
    use crate::diagnostic::Strictness;
    use crate::manifest::{Date, WcagLevel, WcagVersion};
    use crate::model::{BlockKind, Image, InlineKind};
    use crate::output::epub::sample;
    use crate::resolve::{Erratum, Resolved};

    fn certified() -> Resolved {
        let mut edition = sample::edition();
        let certification = Certification {
            certifier: edition.credits[2].parties[0].clone(),
            date: Date { year: 2023, month: 5, day: Some(2) },
            is_older: false,
            version: WcagVersion::V21,
            level: WcagLevel::Aaa,
            report: Some("https://example.org/r?a&b".into()),
            credential: Some("Label".into()),
        };
        edition.certification = Some(certification);
        let image = Image { asset: 1, alt: Some("Une vague".into()), caption: vec![], credit: None, width: None, link: None };
        edition.sections[0].body = vec![sample::block(BlockKind::Figure(image))];
        edition
    }

    fn facts(edition: &Resolved, barriers: &[Topic]) -> AccessibilityFacts {
        AccessibilityFacts::of(edition, barriers.iter().copied().collect::<BTreeSet<_>>(), sample::presentation())
    }

    fn metadata(facts: &AccessibilityFacts) -> String {
        let mut xml = Xml::default();
        write(&mut xml, facts);
        xml.finish()
    }

    #[test]
    fn claim_names_its_certifier_date_credential_and_report() {
        let out = metadata(&facts(&certified(), &[]));
        for wanted in [
            "<meta property=\"dcterms:conformsTo\" id=\"conformance\">EPUB Accessibility 1.1 - WCAG 2.1 Level AAA</meta>",
            "<meta refines=\"#conformance\" property=\"a11y:certifiedBy\" id=\"certifier\">Observatoire</meta>",
            "<meta refines=\"#certifier\" property=\"dcterms:date\">2023-05-02</meta>",
            "<meta refines=\"#certifier\" property=\"a11y:certifierCredential\">Label</meta>",
            "<link refines=\"#certifier\" rel=\"a11y:certifierReport\" href=\"https://example.org/r?a&amp;b\"/>",
            "Évaluation\u{a0}: Observatoire, 2\u{a0}mai 2023, WCAG 2.1 niveau AAA.",
            ">alternativeText<",
        ] {
            assert!(out.contains(wanted), "{wanted}\n{out}");
        }
    }

    #[test]
    fn each_barrier_withdraws_the_claim_and_is_named_in_the_summary() {
        let names = ["textes de remplacement", "titres", "en-têtes", "intitulés des liens", "langues", "contraste"];
        for (topic, name) in Topic::ALL.into_iter().zip(names) {
            let facts = facts(&certified(), &[topic]);
            assert_eq!((facts.claim.is_none(), facts.withheld), (true, Some(Withheld::Findings)));
            let out = metadata(&facts);
            assert!(!out.contains("conformsTo") && !out.contains("certified"), "{out}");
            let found = facts.summary.split("Défauts relevés").nth(1).unwrap();
            assert!(found.contains(name) && !found.contains(','), "{}", facts.summary);
            assert_eq!(out.contains("alternativeText"), topic != Topic::AlternativeTexts, "{out}");
            assert_eq!(out.contains("structuralNavigation"), topic != Topic::Headings, "{out}");
            assert_eq!(out.contains("Sufficient\">textual<"), topic != Topic::AlternativeTexts, "{out}");
        }
    }

    #[test]
    fn without_a_certification_nobody_is_named_and_the_summary_says_what_was_checked() {
        let edition = Resolved { certification: None, ..certified() };
        let facts = facts(&edition, &[]);
        assert_eq!(facts.withheld, None);
        let out = metadata(&facts);
        assert!(!out.contains("conformsTo") && !out.contains("certified") && !out.contains("Observatoire"), "{out}");
        assert!(out.contains("Contrôle par un programme, sans examen humain") && out.contains("Aucun défaut"), "{out}");
    }

    #[test]
    fn unfinished_and_corrected_texts_claim_nothing() {
        let lenient = Resolved { strictness: Strictness::Lenient, ..certified() };
        let out = metadata(&facts(&lenient, &[]));
        assert!(!out.contains("conformsTo") && out.contains("Version de travail"), "{out}");
        let corrected = |day| {
            let mut edition = certified();
            let date = Date { year: 2023, month: 5, day: Some(day) };
            edition.edition.erratum = Some(Erratum { date, label: String::new(), items: vec![] });
            facts(&edition, &[])
        };
        assert_eq!(corrected(3).withheld, Some(Withheld::Corrected));
        assert!(corrected(3).claim.is_none() && corrected(2).claim.is_some());
    }

    #[test]
    fn features_follow_the_content() {
        let mut edition = certified();
        edition.sections[0].body.clear();
        let bare = facts(&edition, &[]);
        let out = metadata(&bare);
        assert!(!out.contains("alternativeText") && !out.contains("visual") && out.contains("Hazard\">none<"), "{out}");
        let image =
            |asset, alt: &str| Image { asset, alt: Some(alt.into()), caption: vec![], credit: None, width: None, link: None };
        let text = sample::inlines(vec![InlineKind::Image(image(0, "Une vague"))]);
        edition.sections[0].body = vec![sample::block(BlockKind::Paragraph(text))];
        let out = metadata(&facts(&edition, &[]));
        assert!(
            out.contains("alternativeText") && out.contains("Hazard\">unknown<") && out.contains("accessMode\">visual<"),
            "{out}"
        );
        // The placeholder for a missing alternative text does not count as an alternative text.
        edition.sections[0].body = vec![sample::block(BlockKind::Figure(image(1, edition.language.terms.undescribed)))];
        let out = metadata(&facts(&edition, &[]));
        assert!(!out.contains("alternativeText") && !out.contains("Sufficient\">textual<"), "{out}");
        let heading = |level| BlockKind::Heading { level, text: vec![] };
        edition.sections[0].body = vec![sample::block(heading(2)), sample::block(heading(3))];
        assert!(metadata(&facts(&edition, &[])).contains("structuralNavigation"));
        edition.sections[0].body = vec![sample::block(heading(2)), sample::block(heading(4))];
        assert!(!metadata(&facts(&edition, &[])).contains("structuralNavigation"));
        edition.sections.clear();
        let out = metadata(&facts(&edition, &[]));
        assert!(!out.contains("tableOfContents") && !out.contains("ARIA"), "{out}");
    }

    #[test]
    fn features_follow_the_style_sheets() {
        let mut edition = certified();
        let of = |edition: &Resolved, presentation, barriers: &[Topic]| {
            metadata(&AccessibilityFacts::of(edition, barriers.iter().copied().collect(), presentation))
        };
        let all = sample::presentation();
        assert!(!of(&edition, all, &[]).contains("highContrastDisplay"), "the picture may contain text");
        edition.sections[0].body.clear();
        for (feature, presentation) in [
            ("readingOrder", Presentation { ordered: false, ..all }),
            ("displayTransformability", Presentation { adjustable: false, ..all }),
            ("highContrastDisplay", Presentation { contrast: false, ..all }),
        ] {
            assert!(of(&edition, all, &[]).contains(feature) && !of(&edition, presentation, &[]).contains(feature), "{feature}");
        }
        assert!(!of(&edition, all, &[Topic::Contrast]).contains("highContrastDisplay"));
        edition.sections.clear();
        let out = of(&edition, Presentation::default(), &[]);
        assert_eq!(out.matches("accessibilityFeature").count(), 1, "{out}");
        assert!(out.contains("<meta property=\"schema:accessibilityFeature\">none</meta>"), "{out}");
    }
}
