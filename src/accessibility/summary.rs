//! The summary of the accessibility of an edition, for readers.

use std::collections::BTreeSet;

use super::Topic;
use crate::resolve::{Certification, Resolved};

/// Writes the summary. `described` states whether all images have an alternative text; it is `None` without images.
///
/// Without a claim, the summary states what the tool checked and found.
pub fn summary(edition: &Resolved, described: Option<bool>, barriers: &BTreeSet<Topic>, claim: Option<&Certification>) -> String {
    let language = edition.language;
    let words = language.terms.accessibility;
    if edition.strictness.is_lenient() {
        return words.unfinished.to_owned();
    }
    let mut sentences = vec![words.structure.to_owned()];
    sentences.extend(described.map(|all| if all { words.described } else { words.undescribed }).map(str::to_owned));
    if let Some(claim) = claim {
        let assessed = words.assessed.replace("{who}", &claim.certifier.name).replace("{when}", &language.date(claim.date));
        let level = assessed.replace("{version}", claim.version.number()).replace("{level}", claim.level.letters());
        sentences.push(level);
        return sentences.join(" ");
    }
    let listed =
        |topics: &mut dyn Iterator<Item = Topic>| topics.map(|topic| name(topic, words.topics)).collect::<Vec<_>>().join(", ");
    sentences.push(words.checked.replace("{}", &listed(&mut Topic::ALL.into_iter())));
    sentences.push(match barriers.is_empty() {
        true => words.no_findings.to_owned(),
        false => words.findings.replace("{}", &listed(&mut barriers.iter().copied())),
    });
    sentences.push(words.no_claim.to_owned());
    sentences.join(" ")
}

/// Returns the name of a topic; `names` are in the order of [`Topic::ALL`].
fn name(topic: Topic, names: [&'static str; 6]) -> &'static str {
    let [alternative_texts, headings, tables, links, languages, contrast] = names;
    match topic {
        Topic::AlternativeTexts => alternative_texts,
        Topic::Headings => headings,
        Topic::Tables => tables,
        Topic::Links => links,
        Topic::Languages => languages,
        Topic::Contrast => contrast,
    }
}
