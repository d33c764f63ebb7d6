//! Cells of table rows beyond the last column, which the parser drops.

use comrak::nodes::NodeValue;

use super::MarkdownNode;
use super::span_map::SpanMap;
use crate::diagnostic::{Diagnostic, Diagnostics, Strictness, code};

/// Reports cells beyond the last column of their table. Returns the byte offsets of the bars before them. The caller masks these
/// bars, so that the text of the cells becomes a part of the last cell.
pub fn surplus(root: MarkdownNode<'_>, spans: &SpanMap<'_>, strictness: Strictness, found: &mut Diagnostics) -> Vec<usize> {
    let mut bars = Vec::new();
    for table in root.descendants() {
        let NodeValue::Table(value) = &table.data().value else { continue };
        for row in table.children() {
            let start = spans.start(row);
            let line = spans.text.get(start..).unwrap_or_default().split(['\n', '\r']).next().unwrap_or_default();
            let extra: Vec<usize> = separators(line).into_iter().skip(value.num_columns.saturating_sub(1)).collect();
            let Some(first) = extra.first() else { continue };
            let text = line.get(first + 1..).unwrap_or_default();
            let cell = first + 1 + (text.len() - text.trim_start().len());
            let end = line.trim_end().len();
            let end = if ends_with_bar(line) { end - 1 } else { end };
            let message = format!("this row has more cells than the header, which has {}", value.num_columns);
            let wrong = Diagnostic::new(code::SURPLUS_CELLS, message).at(spans.range(start + cell..start + end.max(cell)));
            let wrong = wrong.hint("write \\| for a bar inside a cell, also in code, or give the header a cell for each column");
            found.push(strictness.soften(wrong, "their text is added to the last cell"));
            bars.extend(extra.into_iter().map(|bar| start + bar));
        }
    }
    bars.sort_unstable();
    bars.dedup();
    bars
}

/// Returns the bars between the cells of a row.
fn separators(line: &str) -> Vec<usize> {
    let first = line.len() - line.trim_start().len();
    let end = line.trim_end().len();
    let mut bars = Vec::new();
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate().take(end).skip(first) {
        match byte {
            b'|' if !escaped && at > first && at + 1 < end => bars.push(at),
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    bars
}

fn ends_with_bar(line: &str) -> bool {
    let line = line.trim_end();
    line.strip_suffix('|').is_some_and(|before| before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0)
}

#[cfg(test)]
mod tests {
    use super::separators;

    #[test]
    fn bars_between_cells_are_found() {
        assert_eq!(separators("| a | b |"), [4]);
        assert_eq!(separators("a | b"), [2]);
        assert_eq!(separators("| a \\| b | c"), [9]);
        assert_eq!(separators("| `a | b` | c |  "), [5, 10]);
    }
}
