//! The symbol fonts that an edition uses, for the ledger.

use std::collections::BTreeSet;

use crate::model::{BlockKind, Inline, InlineKind, Linked, ModelNode, visit, visit_run};
use crate::resolve::link::{LinkedSection, LinkedText};
use crate::resolve::scope::Scope;
use crate::workspace::{Typeface, symbol_family};

/// The lists of font families of the brand, one for each use.
type FamilyLists<'a> = [&'a [String]; 4];

/// Returns the bundled symbol families that the text needs for characters that a font list of the brand lacks.
pub fn symbol_families(scope: &Scope<'_>, linked: &LinkedText, lists: FamilyLists<'_>, known: &[Typeface]) -> Vec<&'static str> {
    let has = |family: &str, c: char| {
        let typeface = known.iter().find(|typeface| typeface.family == family);
        typeface.and_then(|typeface| typeface.coverage.as_ref()).is_some_and(|coverage| coverage.contains(u32::from(c)))
    };
    let lacks = |c: char| lists.iter().any(|list| !list.iter().any(|family| has(family, c)));
    let mut symbols = Symbols::default();
    let value = &scope.publication.manifest.value;
    symbols.text(value.title.get_ref());
    symbols.text(value.subtitle.as_deref().unwrap_or_default());
    linked.sections.iter().for_each(|section| symbols.section(section));
    let families = symbols.pairs.into_iter().filter(|(c, _)| lacks(*c)).filter_map(|(c, next)| symbol_family(c, next, has));
    families.collect::<BTreeSet<&str>>().into_iter().collect()
}

/// The non-ASCII characters of a text, each with the variation selector that follows it, if any.
#[derive(Default)]
struct Symbols {
    pairs: BTreeSet<(char, Option<char>)>,
}

impl Symbols {
    fn text(&mut self, text: &str) {
        if text.is_ascii() {
            return;
        }
        let next = text.chars().skip(1).map(Some).chain([None]);
        let pairs = text.chars().zip(next).filter(|(c, _)| !c.is_ascii());
        self.pairs.extend(pairs.map(|(c, next)| (c, next.filter(|next| matches!(next, '\u{FE0E}' | '\u{FE0F}')))));
    }

    fn section(&mut self, section: &LinkedSection) {
        self.run(&section.title);
        self.run(&section.lead);
        visit(&section.body, &mut |node| match node {
            ModelNode::Text(text) | ModelNode::Title(text) => self.run(text),
            ModelNode::Block(block) => {
                if let BlockKind::Code { text, .. } = &block.kind {
                    self.text(text);
                }
            }
        });
    }

    fn run(&mut self, inlines: &[Inline<Linked>]) {
        visit_run(inlines, &mut |inline| {
            if let InlineKind::Text(text) | InlineKind::Literal(text) | InlineKind::Code(text) = &inline.kind {
                self.text(text);
            }
        });
    }
}
