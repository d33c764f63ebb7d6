//! Properties of typography: it is idempotent, and it keeps letters, code and addresses.

use reliure::stages::{Block, BlockKind, InlineKind, Linked, ModelNode, Resolved, plain_text, typeset, visit, visit_run};
use reliure::typography::set_text;

use super::draw::ADDRESS;
use super::edition;

/// Applies typography to a generated edition.
pub fn law(bytes: &[u8]) {
    let drawn = edition::drawn(bytes);
    let mut set = drawn.clone();
    typeset(&mut set, false);
    assert_eq!(Kept::of(&drawn), Kept::of(&set), "typography changed letters, code or addresses");
    let mut twice = set.clone();
    let changes = typeset(&mut twice, true);
    assert!(changes.is_empty(), "a second run changes {changes:?}\n{:?}", bodies(&drawn));
    assert_eq!(bodies(&set), bodies(&twice), "a second run changes the text");
}

/// Applies typography to a plain text in each language with rules, and in one without.
pub fn text_law(text: &str) {
    for language in ["fr", "en-GB", "de"] {
        let set = set_text(text, language);
        assert_eq!(letters(text), letters(&set), "letters changed: {text:?} became {set:?} in {language}");
        assert_eq!(text.matches(ADDRESS).count(), set.matches(ADDRESS).count(), "addresses changed: {text:?} became {set:?}");
        assert_eq!(set_text(&set, language), set, "a second run changes {text:?} in {language}");
        assert!(language != "de" || set == text, "a text in a language without rules changed");
    }
}

/// The content of an edition that typography keeps.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    /// Letters and digits, in order.
    letters: String,
    /// Code and addresses, in order.
    exact: Vec<String>,
    /// Number of texts that consist of the fixed address alone.
    addresses: usize,
}

impl Kept {
    fn of(edition: &Resolved) -> Self {
        let mut kept = Self { letters: letters(&edition.title), exact: Vec::new(), addresses: 0 };
        for section in &edition.sections {
            kept.letters.push_str(&letters(&plain_text(&section.title)));
            visit_run(&section.lead, &mut |inline| kept.inline(&inline.kind));
            kept.blocks(&section.body);
        }
        kept
    }

    fn blocks(&mut self, blocks: &[Block<Linked>]) {
        visit(blocks, &mut |seen| match seen {
            ModelNode::Block(block) => {
                self.exact.extend(block.id.clone());
                self.block(&block.kind);
            }
            ModelNode::Text(text) | ModelNode::Title(text) => visit_run(text, &mut |inline| self.inline(&inline.kind)),
        });
    }

    fn block(&mut self, kind: &BlockKind<Linked>) {
        match kind {
            BlockKind::Code { lang, text, .. } => self.exact.push(format!("{lang:?} {text}")),
            BlockKind::Video { url, title } => {
                self.exact.push(url.clone());
                self.letters.push_str(&letters(title));
            }
            _ => {}
        }
    }

    fn inline(&mut self, kind: &InlineKind<Linked>) {
        match kind {
            InlineKind::Text(text) => {
                self.letters.push_str(&letters(text));
                self.addresses += text.matches(ADDRESS).count();
            }
            InlineKind::Code(text) => self.exact.push(text.clone()),
            InlineKind::Link(reliure::stages::Target::External(url), ..) => self.exact.push(url.clone()),
            _ => {}
        }
    }
}

/// Returns the letters and digits of a text.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn bodies(edition: &Resolved) -> String {
    let bodies = edition.sections.iter().map(|section| format!("{:?} {:?} {:?}\n", section.title, section.lead, section.body));
    format!("{}\n{}", edition.title, bodies.collect::<String>())
}
