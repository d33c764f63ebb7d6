//! Metadata that catalogues need.

use super::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};

/// R671: a publication without a description.
pub struct NoDescription;

impl Check for NoDescription {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R671", Group::Check, Severity::Warning),
            title: "A publication without a description.",
            explanation: "\
Catalogues, shops and search engines show a description of one or two sentences, in the EPUB and in the PDF. Add `description` to
`publication.toml`.",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        if subject.edition.description.as_deref().is_none_or(|text| text.trim().is_empty()) {
            let diagnostic = self.meaning().diagnostic("this publication has no description").at(subject.publication_place());
            found.push(diagnostic.hint("add description = \"…\", one or two sentences for catalogues"));
        }
    }
}

/// R672: a publication without keywords.
pub struct NoKeywords;

impl Check for NoKeywords {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R672", Group::Check, Severity::Warning),
            title: "A publication without keywords.",
            explanation: "\
Keywords let a catalogue group the publication with similar ones. Three to eight are usual: `keywords = [\"canal\", \"locks\"]`.",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        if subject.edition.keywords.iter().all(|word| word.trim().is_empty()) {
            let diagnostic = self.meaning().diagnostic("this publication has no keywords").at(subject.publication_place());
            found.push(diagnostic.hint("add keywords = [\"…\", \"…\"]"));
        }
    }
}

/// R673: a publication without an author or publisher.
pub struct NoAuthorOrPublisher;

impl Check for NoAuthorOrPublisher {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R673", Group::Check, Severity::Warning),
            title: "A publication without an author or publisher.",
            explanation: "\
An author or publisher is responsible for a publication, is needed to cite it, and makes its accessibility claim. Add `publisher`,
or an entry of `[[credits]]` with the role `author`.",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        if subject.edition.authors().is_empty() {
            let diagnostic =
                self.meaning().diagnostic("this publication has no author and no publisher").at(subject.publication_place());
            found.push(diagnostic.hint("add publisher = \"id of an organisation\", or [[credits]] with role = \"author\""));
        }
    }
}
