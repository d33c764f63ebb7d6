//! Headings, sections and generated parts without content.

use super::{Check, Subject};
use crate::accessibility::Topic;
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::model::{Block, BlockKind, Linked, plain_text};

/// R661: a heading without text below it.
pub struct EmptyHeading;

impl Check for EmptyHeading {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R661", Group::Check, Severity::Warning),
            title: "A heading without text.",
            explanation: "\
The heading is followed directly by a heading of the same or a higher level, or by the end of the section. People who navigate by
headings find nothing there. Write the text, or delete the heading.",
        }
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Headings)
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        for section in &subject.edition.sections {
            for (at, block) in section.body.iter().enumerate() {
                let BlockKind::Heading { level, text, .. } = &block.kind else { continue };
                if is_empty_heading(*level, section.body.get(at + 1)) {
                    let message = format!("the heading \"{}\" has no text", plain_text(text).trim());
                    found.push(self.meaning().diagnostic(message).at(block.span).hint("write the text, or delete the heading"));
                }
            }
        }
    }
}

/// Returns whether a heading has no text below it: it is followed by a heading of the same or a higher level, or by nothing.
pub(super) fn is_empty_heading(level: u8, next: Option<&Block<Linked>>) -> bool {
    match next.map(|next| &next.kind) {
        None => true,
        Some(BlockKind::Heading { level: after, .. }) => *after <= level,
        Some(_) => false,
    }
}

/// R662: a section without content.
pub struct EmptySection;

impl Check for EmptySection {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R662", Group::Check, Severity::Warning),
            title: "A section without content.",
            explanation: "\
In this edition the section has only a title, so its page is empty. Write the text, or remove the section from `sections`.",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        for section in subject.edition.sections.iter().filter(|section| section.body.is_empty()) {
            let message = format!(
                "the section \"{}\" is empty in the edition \"{}\"",
                plain_text(&section.title),
                subject.edition.edition.id
            );
            let diagnostic = self.meaning().diagnostic(message).at(subject.title_place(&section.id));
            found.push(diagnostic.hint("write the text, or remove it from sections"));
        }
    }
}

/// R663: credits, a licence or an erratum that no page shows.
pub struct UnprintedPart;

impl Check for UnprintedPart {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R663", Group::Check, Severity::Warning),
            title: "Credits, a licence or an erratum that no page shows.",
            explanation: "\
Credits, the licence notice and the imprint are printed only where their container is. Add it, usually to the last section:

    ::: credits
    :::

    ::: licence
    :::

    ::: imprint
    :::",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        let (mut credits, mut licence, mut imprint) = (false, false, false);
        subject.blocks(&mut |_, block: &Block<Linked>| {
            credits |= matches!(block.kind, BlockKind::Credits);
            licence |= matches!(block.kind, BlockKind::Licence(_));
            imprint |= matches!(block.kind, BlockKind::Imprint);
        });
        let edition = &subject.edition.edition;
        let missing = [
            ("credits", !credits && !subject.edition.credits.is_empty(), "the credits of this publication".into()),
            ("licence", !licence, "the licence notice".to_owned()),
            ("imprint", !imprint && edition.erratum.is_some(), format!("the erratum of the edition \"{}\"", edition.id)),
        ];
        for (name, _, what) in missing.into_iter().filter(|(_, missing, _)| *missing) {
            let message = format!("no page shows {what}");
            let diagnostic = self.meaning().diagnostic(message).at(subject.publication_place());
            found.push(diagnostic.hint(format!("add to a section a line \"::: {name}\" and a line \":::\"")));
        }
    }
}
