//! Writes notes: the reference in the text, the note at the end of the section, and the link back.
//!
//! Reading systems show a pop-up for an `a` with the `epub:type` noteref and an `aside` with the `epub:type` footnote in one
//! file. The roles have the same meaning for assistive technology (DPUB-ARIA 1.1).

use super::Writer;
use super::inline::InlineSetting;
use crate::diagnostic::Span;
use crate::model::{Block, Linked, Note};

fn note_id(number: u32) -> String {
    format!("_note-{number}")
}

fn call_id(number: u32, call: u32) -> String {
    format!("_call-{number}-{call}")
}

impl<'a> Writer<'a> {
    /// Writes a note reference, and records the note for the end of the section.
    pub(super) fn note(&mut self, note: &'a Note<Linked>, span: Span) {
        match self.setting {
            InlineSetting::Label => {}
            InlineSetting::Link => self.postponed.push((note, span)),
            InlineSetting::Text => self.call(note, span),
        }
    }

    /// Writes the note references of the link just closed.
    pub(super) fn postponed_calls(&mut self) {
        for (note, span) in std::mem::take(&mut self.postponed) {
            self.call(note, span);
        }
    }

    fn call(&mut self, note: &'a Note<Linked>, span: Span) {
        if note.call == 1 {
            self.notes.push((note.number, &note.body));
        }
        self.called.push((note.number, note.call, span));
        let number = note.number.to_string();
        let (language, marked) = self.naming_language();
        let name = language.with_name(language.terms.note_number, &number);
        self.xml.open("sup").attr("class", "noteref").open("a").attr("epub:type", "noteref").attr("role", "doc-noteref");
        self.xml.attr("id", &call_id(note.number, note.call)).attr("href", &format!("#{}", note_id(note.number)));
        self.xml.attr("aria-label", &name).lang(marked).text(&number).close().close();
    }

    /// Writes the notes of the section. A note may reference others, which follow it.
    pub(super) fn notes(&mut self) {
        self.quoted += 1;
        let mut at = 0;
        while let Some((number, body)) = self.notes.get(at).copied() {
            self.footnote(number, body);
            at += 1;
            // The notes that this note references have lower numbers than the notes that follow it in the text.
            if let Some(rest) = self.notes.get_mut(at..) {
                rest.sort_by_key(|(number, _)| *number);
            }
        }
        self.quoted -= 1;
        self.check_calls();
    }

    /// Reports notes without a text, and note references that are not unique.
    fn check_calls(&mut self) {
        let called = std::mem::take(&mut self.called);
        for (index, (number, call, span)) in called.iter().enumerate() {
            let twice = called[..index].iter().any(|(other, turn, _)| (other, turn) == (number, call));
            if twice || !self.notes.iter().any(|(known, _)| known == number) {
                self.internal_error(format!("the references to note {number} are not numbered consecutively"), *span);
            }
        }
    }

    fn footnote(&mut self, number: u32, body: &'a [Block<Linked>]) {
        self.xml.open("aside").attr("class", "footnote").attr("epub:type", "footnote").attr("role", "doc-footnote");
        let (language, marked) = self.naming_language();
        let name = language.with_name(language.terms.note_number, &number.to_string());
        self.xml.attr("id", &note_id(number)).attr("aria-label", &name).lang(marked).line();
        // The `lang` attribute of the element applies to its name, so the text of the note needs its own.
        if marked.is_some() {
            self.xml.open("div").lang(Some(self.lang)).line();
        }
        self.blocks_after(body, false, &|writer| writer.backlink(number));
        if marked.is_some() {
            self.xml.close().line();
        }
        self.xml.close().line();
    }

    /// Writes the number of the note as a link back to its first reference.
    fn backlink(&mut self, number: u32) {
        let (language, marked) = self.naming_language();
        // WCAG 2.2 success criterion 2.5.3: the accessible name starts with the visible text.
        let name = format!("{number}. {}", language.terms.back_to_text);
        self.xml
            .open("a")
            .attr("class", "backlink")
            .attr("role", "doc-backlink")
            .attr("href", &format!("#{}", call_id(number, 1)));
        self.xml.attr("aria-label", &name).lang(marked).text(&format!("{number}.")).close().text(" ");
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{BlockKind, InlineKind, Target};
    use crate::output::epub::sample;

    #[test]
    fn references_to_a_note_share_it_and_it_links_to_the_first() {
        let text = vec![sample::note(1, 1, "La note."), sample::note(1, 2, ""), sample::note(2, 1, "Autre.")];
        let out = sample::paragraph(sample::inlines(text));
        assert_eq!(out.matches("href=\"#_note-1\"").count(), 2, "{out}");
        assert_eq!(out.matches("id=\"_note-1\"").count(), 1, "{out}");
        assert!(out.contains("id=\"_call-1-1\"") && out.contains("id=\"_call-1-2\""), "{out}");
        assert!(out.contains("href=\"#_call-1-1\" aria-label=\"1. Retour au texte\">1.</a> La note.</p>"), "{out}");
        assert!(out.find("_note-2\"").unwrap() < out.find("</section>").unwrap(), "notes are inside the section");
    }

    #[test]
    fn writes_notes_within_notes() {
        let inner = sample::inlines(vec![InlineKind::Text("Voir".into()), sample::note(2, 1, "La seconde.")]);
        let outer =
            InlineKind::Note(crate::model::Note { number: 1, call: 1, body: vec![sample::block(BlockKind::Paragraph(inner))] });
        let out = sample::paragraph(sample::inlines(vec![outer]));
        assert!(out.contains("La seconde.") && out.matches("role=\"doc-footnote\"").count() == 2, "{out}");
    }

    #[test]
    fn notes_without_a_first_paragraph_have_a_backlink() {
        let body = vec![sample::block(BlockKind::Code { lang: None, text: "x".into(), tokens: vec![] })];
        let note = InlineKind::Note(crate::model::Note { number: 1, call: 1, body });
        let out = sample::paragraph(sample::inlines(vec![note]));
        assert!(out.contains("doc-backlink") && out.contains("</a> </p>\n<pre"), "{out}");
    }

    #[test]
    fn names_are_in_the_language_of_the_text_around_or_marked() {
        let note = |number| BlockKind::Paragraph(sample::inlines(vec![sample::note(number, 1, "A note.")]));
        let passage = |tag: &str, number| BlockKind::Passage(tag.into(), vec![sample::block(note(number))]);
        let out = sample::section_of(vec![note(1), passage("en-GB", 2), passage("br", 3)]);
        assert!(out.contains("href=\"#_note-2\" aria-label=\"Note 2\">2</a>"), "{out}");
        assert!(out.contains("href=\"#_note-3\" aria-label=\"Note 3\" lang=\"fr\" xml:lang=\"fr\">3</a>"), "{out}");
        assert!(
            !out.contains("doc-footnote\" id=\"_note-3\" aria-label=\"Note 3\" lang"),
            "notes are in the language of the section"
        );
        let foreign = |tag: &str| {
            let mut edition = sample::edition();
            edition.sections[0].lang = Some(tag.into());
            edition.sections[0].body = vec![sample::block(note(1))];
            sample::written(&edition)
        };
        let english = foreign("en");
        assert!(english.contains("aria-label=\"1. Back to the text\">1.</a> A note."), "{english}");
        let breton = foreign("br");
        let wanted = "aria-label=\"Note 1\" lang=\"fr\" xml:lang=\"fr\">\n<div lang=\"br\" xml:lang=\"br\">\n<p><a ";
        assert!(breton.contains(wanted) && breton.contains("A note.</p>\n</div>\n</aside>"), "{breton}");
        assert!(breton.contains("aria-label=\"1. Retour au texte\" lang=\"fr\" xml:lang=\"fr\">1.</a>"), "{breton}");
    }

    #[test]
    fn links_inside_notes_are_relative_to_their_section() {
        let target = Target::Internal { section: "releve".into(), id: "geste".into(), title: sample::title("Le geste") };
        let link = InlineKind::Link(target, None, sample::inlines(vec![InlineKind::Text("ici".into())]));
        let body = vec![sample::block(BlockKind::Paragraph(sample::inlines(vec![link])))];
        let note = InlineKind::Note(crate::model::Note { number: 1, call: 1, body });
        let out = sample::paragraph(sample::inlines(vec![note]));
        assert!(out.contains("<a href=\"#geste\">ici</a>"), "{out}");
    }
}
