//! The longest word of a table, so that layouts need not measure tables with short words.

use crate::model::{BlockKind, InlineKind, Linked, Table, visit_run};

/// Returns an upper bound for the width of the longest word of a table, in widths of the letter W. Returns `None` if a cell
/// contains anything but text.
pub fn longest_word(table: &Table<Linked>) -> Option<usize> {
    let mut longest = Some(0);
    for cell in table.header.iter().chain(&table.rows).flatten() {
        let mut word = 0;
        for block in &cell.body {
            let BlockKind::Paragraph(text) = &block.kind else { return None };
            visit_run(text, &mut |inline| {
                let part = match &inline.kind {
                    InlineKind::Text(text) | InlineKind::Literal(text) => Some(text.as_str()),
                    InlineKind::SoftBreak | InlineKind::LineBreak => Some(" "),
                    InlineKind::Emphasis(_) | InlineKind::Strong(_) | InlineKind::Link(..) | InlineKind::Lang(..) => Some(""),
                    _ => None,
                };
                longest = longest.zip(part).map(|(longest, part)| {
                    part.chars().fold(longest, |longest, c| {
                        word = match c {
                            ' ' => 0,
                            c if is_narrower_than_w(c) => word + 1,
                            _ => word + 2,
                        };
                        longest.max(word)
                    })
                });
            });
        }
    }
    longest
}

/// Returns whether a character is at most as wide as the letter W in fonts for text.
fn is_narrower_than_w(c: char) -> bool {
    c.is_ascii_alphanumeric() || "’'.,;:!?()«»-\u{a0}\u{202f}éèêëàâäîïôöùûüçÉÈÊËÀÂÎÏÔÙÛÜÇ".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Sources, Span};
    use crate::model::{Inline, TableCell};

    fn of(cells: Vec<Vec<InlineKind<Linked>>>) -> Option<usize> {
        let span = Span::new(Sources::default().add("t.md", ""), 0..0);
        let line = |kinds: Vec<InlineKind<Linked>>| kinds.into_iter().map(|kind| Inline { kind, span }).collect();
        let row = cells.into_iter().map(|kinds| TableCell::of_line(line(kinds), span)).collect();
        longest_word(&Table { caption: Vec::new(), row_headers: false, columns: Vec::new(), header: Vec::new(), rows: vec![row] })
    }

    #[test]
    fn words_continue_over_marks_and_end_at_spaces() {
        let text = |text: &str| InlineKind::Text(text.to_owned());
        let span = Span::new(Sources::default().add("t.md", ""), 0..0);
        let strong = InlineKind::Strong(vec![Inline { kind: text("mobile"), span }]);
        assert_eq!(of(vec![vec![text("an auto"), strong], vec![text("eleven word")]]), Some(10));
        assert_eq!(of(vec![vec![text("ten"), InlineKind::SoftBreak, text("four")]]), Some(4));
        assert_eq!(of(vec![vec![text("no\u{a0}break")]]), Some(8), "no line breaks at a no-break space");
        assert_eq!(of(vec![vec![text("水位")]]), Some(4), "wider than W");
    }

    #[test]
    fn other_content_has_no_known_width() {
        assert_eq!(of(vec![vec![InlineKind::Code("x".to_owned())]]), None);
        assert_eq!(of(vec![vec![InlineKind::Text("x".to_owned()), InlineKind::Kbd(Vec::new())]]), None);
        assert_eq!(of(vec![vec![]]), Some(0));
    }
}
