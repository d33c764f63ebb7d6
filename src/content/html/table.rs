//! Tables: one header row, then rows of the same length.

use super::block::trimmed;
use super::tree::{Element, HtmlNode};
use super::{Lowering, TagFault};
use crate::model::{Align, Authored, BlockKind, Inline, Table};

/// A row: its element, its cells, and whether it is in a header.
struct Row {
    is_header: bool,
    element: Element,
    cells: Vec<Element>,
}

impl Lowering<'_> {
    pub(super) fn table(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> Option<BlockKind<Authored>> {
        self.attributes(element, &[]);
        let mut caption = Vec::new();
        let mut rows = self.rows(element, nodes, &mut caption);
        let is_header = rows.first().is_some_and(|row| row.is_header || row.cells.iter().all(|cell| cell.name == "th"));
        if !is_header {
            let message = "this table has no header row".to_owned();
            let hint = "make its first row the header: <tr><th>…</th></tr>. Screen readers read it aloud with each cell";
            self.report(TagFault { message, hint, fallback: "its first row is used as the header" }, element.span);
        }
        if rows.is_empty() {
            return None;
        }
        let first = rows.remove(0);
        let columns: Vec<Align> = first.cells.iter().map(align).collect();
        let width = columns.len();
        let header = self.cells(first, width);
        let row_headers = !rows.is_empty() && rows.iter().all(|row| row.cells.first().is_some_and(|cell| cell.name == "th"));
        let rows = rows.into_iter().map(|row| self.cells(row, width)).collect();
        Some(BlockKind::Table(Table { caption, row_headers, columns, header, rows }))
    }

    fn rows(&mut self, table: &Element, nodes: Vec<HtmlNode>, caption: &mut Vec<Inline<Authored>>) -> Vec<Row> {
        let mut rows = Vec::new();
        for mut part in self.parts(table, nodes, &["tr", "thead", "tbody", "tfoot", "caption"]) {
            let is_header = part.name == "thead";
            match part.name.as_str() {
                "tr" => rows.extend(self.row(part, false)),
                "caption" => {
                    self.attributes(&part, &[]);
                    *caption = trimmed(self.line(std::mem::take(&mut part.nodes)));
                }
                _ => {
                    let nodes = std::mem::take(&mut part.nodes);
                    let inner = self.parts(&part, nodes, &["tr"]);
                    rows.extend(inner.into_iter().filter_map(|row| self.row(row, is_header)));
                }
            }
        }
        rows
    }

    /// Reads a row. Returns `None` if it has no cells.
    fn row(&mut self, mut element: Element, is_header: bool) -> Option<Row> {
        let nodes = std::mem::take(&mut element.nodes);
        let cells = self.parts(&element, nodes, &["td", "th"]);
        (!cells.is_empty()).then_some(Row { is_header, element, cells })
    }

    fn cells(&mut self, row: Row, width: usize) -> Vec<Vec<Inline<Authored>>> {
        if row.cells.len() > width {
            let message = "this row has more cells than the header".to_owned();
            let hint = "give the header a cell for each column";
            self.report(TagFault { message, hint, fallback: "their text is added to the last one" }, row.element.span);
        }
        let mut cells: Vec<Vec<Inline<Authored>>> = Vec::with_capacity(width);
        for cell in row.cells {
            self.attributes(&cell, &["align", "scope"]);
            let text = trimmed(self.line(cell.nodes));
            if cells.len() < width {
                cells.push(text);
            } else if let Some(last) = cells.last_mut() {
                last.extend(text);
            }
        }
        cells.resize_with(width, Vec::new);
        cells
    }
}

fn align(cell: &Element) -> Align {
    match cell.get("align") {
        Some(align) if align.eq_ignore_ascii_case("center") => Align::Center,
        Some(align) if align.eq_ignore_ascii_case("right") => Align::End,
        _ => Align::Start,
    }
}
