//! The position of text that reaches a layout as a value: the lines of code, and the blocks that a layout generates from the data
//! of the edition.
//!
//! The position is inferred from the surrounding text: the block is between the last position before the text and the first
//! position after it.

use crate::model::{Block, BlockKind, Image, Linked, SectionPart, TextPosition, numbered_blocks};
use crate::resolve::Resolved;

/// The blocks of an edition whose text layouts receive as values, in order.
pub struct GeneratedBlocks<'a> {
    list: Vec<(TextPosition, GeneratedBlock<'a>)>,
}

enum GeneratedBlock<'a> {
    /// The text of a code block.
    Code(&'a str),
    /// The items of a block of data.
    Data(Vec<String>),
}

/// The text of values around the start of a page.
pub struct PageText<'t> {
    /// The text between the last known position on earlier pages and the page.
    pub earlier: &'t str,
    /// The text on the page before its first known position.
    pub own: &'t str,
}

impl<'a> GeneratedBlocks<'a> {
    /// Returns the generated blocks of an edition.
    pub fn of(edition: &'a Resolved) -> Self {
        let sections = edition.sections.iter().map(|section| (section.number, numbered_blocks(&section.body)));
        let list = sections.flat_map(|(section, blocks)| {
            blocks.into_iter().filter_map(move |(node, block)| {
                Some((TextPosition { section, part: SectionPart::Body, node, offset: 0 }, generated(block, edition)?))
            })
        });
        Self { list: list.collect() }
    }

    /// Returns whether there is a block at a position.
    pub fn contains(&self, position: TextPosition) -> bool {
        self.list.binary_search_by_key(&position, |(start, _)| *start).is_ok()
    }

    /// Returns the position of the values at the start of a page, which are between the positions `before` and `next`. Returns
    /// `None` if they do not belong to a block, or if the position in a block of data is unknown.
    pub fn find(&self, before: TextPosition, next: Option<TextPosition>, text: &PageText<'_>) -> Option<TextPosition> {
        self.in_order(before, next, text).or_else(|| self.anywhere(before, next, text))
    }

    /// Finds the position among the blocks between `before` and `next`.
    fn in_order(&self, before: TextPosition, next: Option<TextPosition>, text: &PageText<'_>) -> Option<TextPosition> {
        let mut earlier = without_white_space(text.earlier);
        let own = without_white_space(text.own);
        let from = self.list.partition_point(|(start, _)| *start <= before);
        let between = self.list.get(from..)?.iter().take_while(|(start, _)| next.is_none_or(|next| *start < next));
        for (start, block) in between {
            match block {
                GeneratedBlock::Data(_) if earlier.is_empty() => return Some(*start),
                GeneratedBlock::Data(items) => match item_at(items, &earlier, &own) {
                    ItemPlace::At(item) => return Some(TextPosition { offset: item, ..*start }),
                    ItemPlace::Before(rest) => earlier = rest,
                    ItemPlace::Unknown => return None,
                },
                GeneratedBlock::Code(code) => {
                    let all = without_white_space(code);
                    if let Some(rest) = earlier.strip_prefix(all.as_str()) {
                        earlier = rest.to_owned();
                        continue;
                    }
                    let printed = if all.starts_with(&earlier) { earlier.len() } else { 0 };
                    let rest = all.get(printed..).unwrap_or_default();
                    let at = if is_start(rest, &own) { printed } else { printed + rest.find(&own)? };
                    return Some(TextPosition { offset: line_at(code, at), ..*start });
                }
            }
        }
        None
    }

    /// Finds the first item on the page, for a layout that changes the order of blocks. Searches all blocks from the section of
    /// `before` to the section of `next`.
    fn anywhere(&self, before: TextPosition, next: Option<TextPosition>, text: &PageText<'_>) -> Option<TextPosition> {
        let (earlier, own) = (letters(text.earlier), letters(text.own));
        let near =
            |start: &TextPosition| before.section <= start.section && next.is_none_or(|next| start.section <= next.section);
        let items = self.list.iter().filter(|(start, _)| near(start)).flat_map(|(start, block)| {
            let items = match block {
                GeneratedBlock::Data(items) => items.as_slice(),
                GeneratedBlock::Code(_) => &[],
            };
            items.iter().enumerate().map(|(number, item)| (TextPosition { offset: number, ..*start }, letters(item)))
        });
        let found = items.filter(|(_, item)| !item.is_empty() && !earlier.contains(item.as_str()));
        let found = found.filter_map(|(position, item)| Some((own.find(&item)?, std::cmp::Reverse(item.len()), position)));
        found.min().map(|(.., position)| position)
    }
}

fn generated<'b>(block: &'b Block<Linked>, edition: &Resolved) -> Option<GeneratedBlock<'b>> {
    match &block.kind {
        BlockKind::Code { text, .. } => Some(GeneratedBlock::Code(text)),
        BlockKind::Resources(_)
        | BlockKind::Video { .. }
        | BlockKind::Credits
        | BlockKind::Licence(_)
        | BlockKind::ImageCredits
        | BlockKind::Imprint
        | BlockKind::Changes => Some(GeneratedBlock::Data(edition.items(&block.kind))),
        BlockKind::Figure(Image { caption, credit: Some(_), .. }) if caption.is_empty() => {
            Some(GeneratedBlock::Data(edition.items(&block.kind)))
        }
        BlockKind::Paragraph(_)
        | BlockKind::Heading { .. }
        | BlockKind::List { .. }
        | BlockKind::Definitions(_)
        | BlockKind::Quote(_)
        | BlockKind::Table(_)
        | BlockKind::Rule
        | BlockKind::Figure(_)
        | BlockKind::FigureRow(_)
        | BlockKind::Callout { .. }
        | BlockKind::Aside { .. }
        | BlockKind::Details { .. }
        | BlockKind::Epigraph { .. }
        | BlockKind::Passage(..)
        | BlockKind::PageBreak(_) => None,
        BlockKind::Only(never, _) => match *never {},
    }
}

/// The item of a block at which a page begins.
enum ItemPlace {
    /// The item with this index.
    At(usize),
    /// None, because the block ends before the page. Contains the text between the last item and the page.
    Before(String),
    /// Unknown, because the values differ from the items.
    Unknown,
}

/// Finds the first item that is not entirely on earlier pages.
fn item_at(items: &[String], earlier: &str, own: &str) -> ItemPlace {
    let (before, own) = (letters(earlier), letters(own));
    let all = before.clone() + &own;
    let mut end = 0;
    for (number, item) in items.iter().map(|item| letters(item)).enumerate() {
        let Some(at) = all.get(end..).and_then(|rest| rest.find(&item)).filter(|_| !item.is_empty()) else { continue };
        end += at + item.len();
        if end > before.len() {
            return ItemPlace::At(number);
        }
    }
    match end {
        0 => ItemPlace::Unknown,
        _ => ItemPlace::Before(before.get(end..).unwrap_or_default().to_owned()),
    }
}

/// Returns the letters and digits of a text. Only these are compared, because layouts hyphenate words and add punctuation.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Returns the text without white space, which layouts may change.
fn without_white_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Returns whether one text starts with the other.
fn is_start(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// Returns the index of the line that contains the visible character after `preceding` bytes of visible characters.
fn line_at(code: &str, preceding: usize) -> usize {
    let mut before = 0;
    for (number, line) in code.split('\n').enumerate() {
        before += line.chars().filter(|c| !c.is_whitespace()).map(char::len_utf8).sum::<usize>();
        if before > preceding {
            return number;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "fn f() {\n    a();\n    a();\n}\n\nfn g() {}";

    fn at(node: u32, offset: usize) -> TextPosition {
        TextPosition { section: 1, part: SectionPart::Body, node, offset }
    }

    fn find(earlier: &str, own: &str) -> Option<TextPosition> {
        let items = ["", "Auteurs", "Maud Le Garrec", "Relecture"].map(str::to_owned).to_vec();
        let blocks = GeneratedBlocks {
            list: vec![
                (at(3, 0), GeneratedBlock::Code(CODE)),
                (at(9, 0), GeneratedBlock::Data(items)),
                (at(12, 0), GeneratedBlock::Data(Vec::new())),
            ],
        };
        blocks.find(at(1, 4), Some(at(20, 0)), &PageText { earlier, own })
    }

    #[test]
    fn a_page_begins_at_a_line_of_code() {
        assert_eq!(find("", "fn f() {"), Some(at(3, 0)));
        assert_eq!(find("fn f() {a();", "a();}fn g"), Some(at(3, 2)));
        assert_eq!(find("fn f() {a();a();}fn", "g() {}Crédits"), Some(at(3, 5)));
        assert_eq!(find("1 fn f() {", "fn g() {}"), Some(at(3, 5)), "a layout may print line numbers");
        assert_eq!(find("", "3."), None, "the number of a list item");
    }

    #[test]
    fn a_page_begins_at_a_block_of_data_or_at_an_item() {
        assert_eq!(find(CODE, "Crédits"), Some(at(9, 0)));
        assert_eq!(find(&format!("{CODE}Crédits Auteurs"), "Maud Le Garrec (Estran)"), Some(at(9, 2)));
        assert_eq!(find(&format!("{CODE}Auteurs Maud Le"), "Garrec Relecture"), Some(at(9, 2)), "an item of two pages");
        assert_eq!(find(&format!("{CODE}Auteurs Maud Le Garrec"), "(Estran) Relec-ture"), Some(at(9, 3)));
        assert_eq!(find(&format!("{CODE}Vidéo"), "Relecture Maud"), Some(at(9, 3)), "another order");
        assert_eq!(find(&format!("{CODE}Crédits"), "Idris"), None);
    }

    #[test]
    fn blocks_before_the_last_position_or_after_the_next_do_not_count() {
        let blocks = GeneratedBlocks { list: [3, 9].map(|node| (at(node, 0), GeneratedBlock::Data(Vec::new()))).into() };
        let text = PageText { earlier: "", own: "x" };
        assert_eq!(blocks.find(at(3, 0), Some(at(9, 0)), &text), None);
        assert_eq!(blocks.find(at(3, 0), None, &text), Some(at(9, 0)));
        assert!(blocks.contains(at(9, 0)) && !blocks.contains(at(9, 1)));
    }
}
