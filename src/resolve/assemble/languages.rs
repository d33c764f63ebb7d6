//! The languages of the texts of an edition.

use std::collections::BTreeSet;

use super::Section;
use crate::model::{
    Block, BlockKind, Direction, Inline, InlineKind, Linked, ModelNode, TypstLanguage, TypstLanguages, has_right_to_left, visit,
    visit_inlines, visit_run,
};
use crate::resolve::language::Language;

/// Language of code and addresses in every layout.
const CODE: &str = "en";

/// Returns the Typst languages of the sections, passages and words of an edition.
pub fn typst_languages(sections: &[Section], own: Language) -> TypstLanguages {
    let mut texts = Texts::default();
    for section in sections {
        texts.tags.extend(section.lang.clone());
        for run in [&section.title, &section.nav, &section.lead] {
            visit_run(run, &mut |inline| {
                texts.words(inline);
                if let InlineKind::Note(note) = &inline.kind {
                    texts.passages(&note.body);
                }
            });
        }
        texts.passages(&section.body);
    }
    let own = TypstLanguage { language: own.tag.to_owned(), region: own.region.map(str::to_owned) };
    let languages = TypstLanguages::new(texts.tags.iter().map(String::as_str), [own, TypstLanguage::of(CODE)]);
    let is_rtl = |tag: &String| Direction::of(tag) == Direction::RightToLeft;
    languages.with_right_to_left(texts.has_right_to_left || texts.tags.iter().any(is_rtl))
}

/// The texts of an edition.
#[derive(Default)]
struct Texts {
    /// The tags of sections, passages and words.
    tags: BTreeSet<String>,
    /// Whether some text has letters that are read from right to left.
    has_right_to_left: bool,
}

impl Texts {
    fn passages(&mut self, body: &[Block<Linked>]) {
        visit(body, &mut |node| {
            if let ModelNode::Block(Block { kind: BlockKind::Passage(tag, _), .. }) = node {
                self.tags.insert(tag.clone());
            }
        });
        visit_inlines(body, &mut |inline| self.words(inline));
    }

    fn words(&mut self, inline: &Inline<Linked>) {
        match &inline.kind {
            InlineKind::Lang(tag, _) => drop(self.tags.insert(tag.clone())),
            InlineKind::Text(text) => self.has_right_to_left |= has_right_to_left(text),
            _ => {}
        }
    }
}
