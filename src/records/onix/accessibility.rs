//! Accessibility of digital products, in codes of issue 75 of the ONIX code lists.
//!
//! Every code follows from [`AccessibilityFacts`], like the metadata of the EPUB. Codes that only a person can justify, such as 25
//! (colour is not the only means of conveying information), are not written.

use super::form::feature;
use crate::accessibility::{AccessMode, AccessibilityFacts, Feature, Hazards, Topic};
use crate::manifest::{Date, WcagLevel, WcagVersion};
use crate::output::epub::{Xml, address};
use crate::product::Product;
use crate::records::Work;
use crate::resolve::Certification;

/// List 79: accessibility detail, as a code of list 196.
const DETAIL: &str = "09";
/// List 79: hazard warning, as a code of list 143.
const HAZARD: &str = "12";

/// Writes the features of a format for screens.
pub fn write(xml: &mut Xml, work: &Work, form: Product) {
    let facts = &work.accessibility;
    let is_epub = form == Product::Epub;
    if is_epub {
        feature(xml, DETAIL, "00", Some(&facts.summary));
    }
    if work.finished {
        if form == Product::ScreenPdf {
            feature(xml, DETAIL, "05", None);
        }
        // List 196: known limitations.
        if !facts.barriers.is_empty() {
            feature(xml, DETAIL, "09", None);
        }
    } else {
        feature(xml, DETAIL, "08", None);
    }
    codes(facts, is_epub, work.finished).into_iter().for_each(|code| feature(xml, DETAIL, code, None));
    if let Some(claim) = facts.claim.as_ref().filter(|_| is_epub) {
        conformance(xml, claim);
    }
    let hazards = match facts.hazards {
        // No flashing, sound or motion.
        Hazards::None => ["14", "16", "18"],
        // A PDF shows the first frame of moving images.
        Hazards::Unknown if !is_epub => ["14", "16", "18"],
        // Flashing and motion are unknown; images have no sound.
        Hazards::Unknown => ["24", "16", "26"],
    };
    hazards.into_iter().for_each(|code| feature(xml, HAZARD, code, None));
}

/// Returns the codes of list 196 for the features of the content, in order.
fn codes(facts: &AccessibilityFacts, is_epub: bool, finished: bool) -> Vec<&'static str> {
    let clear = |topic: Topic| finished && !facts.barriers.contains(&topic);
    let candidates = [
        // No option of reading systems is disabled: there is no technical protection.
        ("10", true),
        ("11", facts.has(Feature::TableOfContents)),
        // A PDF has the order of the sources; style sheets can change the order of an EPUB.
        ("13", !is_epub || facts.has(Feature::ReadingOrder)),
        ("14", facts.has(Feature::AlternativeText)),
        ("19", is_epub && facts.has(Feature::PageBreakMarkers)),
        ("22", clear(Topic::Languages)),
        ("26", clear(Topic::Contrast)),
        ("29", facts.has(Feature::StructuralNavigation)),
        ("30", is_epub && facts.has(Feature::Aria)),
        ("32", is_epub && facts.has(Feature::Aria)),
        ("36", is_epub && facts.has(Feature::DisplayTransformability)),
        ("37", is_epub && facts.has(Feature::HighContrastDisplay)),
        ("40", clear(Topic::Links)),
        ("41", is_epub && facts.has(Feature::PageNavigation)),
        ("52", facts.sufficient.contains(&vec![AccessMode::Textual])),
    ];
    candidates.into_iter().filter(|(_, holds)| *holds).map(|(code, _)| code).collect()
}

/// Writes the conformance to EPUB Accessibility 1.1, with the version and the level of WCAG that list 196 requires.
fn conformance(xml: &mut Xml, claim: &Certification) {
    let version = match claim.version {
        WcagVersion::V20 => "80",
        WcagVersion::V21 => "81",
        WcagVersion::V22 => "82",
    };
    let level = match claim.level {
        WcagLevel::A => "84",
        WcagLevel::Aa => "85",
        WcagLevel::Aaa => "86",
    };
    ["04", version, level].into_iter().for_each(|code| feature(xml, DETAIL, code, None));
    if let Some(credential) = &claim.credential {
        let is_address = credential.starts_with("https://") || credential.starts_with("http://");
        feature(xml, DETAIL, if is_address { "89" } else { "88" }, Some(credential));
    }
    feature(xml, DETAIL, "90", Some(&claim.certifier.name));
    feature(xml, DETAIL, "91", Some(&compact(claim.date)));
    if let Some(url) = &claim.certifier.url {
        feature(xml, DETAIL, "93", Some(&address(url)));
    }
    if let Some(report) = &claim.report {
        feature(xml, DETAIL, "94", Some(&address(report)));
    }
}

/// Returns a date as `YYYYMMDD`, or as `YYYYMM` if the day is not known.
fn compact(date: Date) -> String {
    date.iso().replace('-', "")
}
