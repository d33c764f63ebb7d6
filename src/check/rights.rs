//! Credits that licences require, and works without stated terms.

use super::accessibility::images;
use super::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::resolve::{ItemKind, Terms};

/// R631: an image without the credit that its licence requires.
pub struct MissingCredit;

impl Check for MissingCredit {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R631", Group::Check, Severity::Error),
            title: "An image without the credit that its licence requires.",
            explanation: "\
The Creative Commons licences except CC0, the Licence Ouverte and the Open Government Licence require that the author is named.
Add the credit to the declaration of the image:

    [[assets]]
    path    = \"images/heron.png\"
    credit  = \"Ruth Hale\"
    licence = \"CC-BY-4.0\"",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        let mut reported: Vec<usize> = Vec::new();
        images(subject, &mut |image, span| {
            let mut items = subject.edition.ledger.items.iter();
            let item = items.find(|item| item.kind == ItemKind::Image && item.asset == Some(image.asset));
            let Some(Terms::Licence(licence)) = item.filter(|item| item.credit.is_none()).and_then(|item| item.terms.as_ref())
            else {
                return;
            };
            if reported.contains(&image.asset) || !licence.conditions.is_some_and(|conditions| conditions.attribution) {
                return;
            }
            reported.push(image.asset);
            let path = subject.edition.assets.get(image.asset).map_or("", |asset| asset.path.as_str());
            let file = path.rsplit('/').next().unwrap_or(path);
            let message = format!("\"{file}\" is under {}, which requires the name of its author", licence.id);
            found.push(self.meaning().diagnostic(message).at(span).hint("add credit = \"…\" where the image is declared"));
        });
    }
}

/// R632: a source without its terms of use.
pub struct SourceWithoutLicence;

impl Check for SourceWithoutLicence {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R632", Group::Check, Severity::Warning),
            title: "A source without its terms of use.",
            explanation: "\
A publication that uses another work should state the terms that allow this use. Add `licence` to the entry of `[[sources]]`: an SPDX
id, or words such as \"courte citation\", \"domaine public\", \"avec l’accord des auteurs\".",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        for work in &subject.entry.manifest.value.sources {
            if work.licence.as_ref().is_none_or(|licence| licence.get_ref().trim().is_empty()) {
                let message = format!("the source \"{}\" has no licence", work.title.get_ref());
                let place = subject.entry.manifest.span(&work.title);
                found.push(self.meaning().diagnostic(message).at(place).hint("add licence = \"…\", an SPDX id or words"));
            }
        }
    }
}
