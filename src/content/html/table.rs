//! Tables: one header row, then rows of the same length.

use super::block::trimmed;
use super::tree::{Element, HtmlNode};
use super::{Fault, Lowering};
use crate::model::{Align, Authored, BlockKind, Inline, Table};

/// A row: its element, its cells, and whether it is in a header.
struct Row {
    heads: bool,
    element: Element,
    cells: Vec<Element>,
}

impl Lowering<'_> {
    pub(super) fn table(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> Option<BlockKind<Authored>> {
        self.attributes(element, &[]);
        let mut caption = Vec::new();
        let mut rows = self.rows(element, nodes, &mut caption);
        let heads = rows.first().is_some_and(|row| row.heads || row.cells.iter().all(|cell| cell.name == "th"));
        if !heads {
            let message = "this table has no header row".to_owned();
            let hint = "make its first row one: <tr><th>…</th></tr>. Without it nobody who listens knows what a cell says";
            self.tell(Fault { message, hint, meanwhile: "its first row is its header" }, element.span);
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
            let heads = part.name == "thead";
            match part.name.as_str() {
                "tr" => rows.extend(self.row(part, false)),
                "caption" => {
                    self.attributes(&part, &[]);
                    *caption = trimmed(self.line(std::mem::take(&mut part.nodes)));
                }
                _ => {
                    let nodes = std::mem::take(&mut part.nodes);
                    let inner = self.parts(&part, nodes, &["tr"]);
                    rows.extend(inner.into_iter().filter_map(|row| self.row(row, heads)));
                }
            }
        }
        rows
    }

    /// Reads a row; returns `None` if it has no cells.
    fn row(&mut self, mut element: Element, heads: bool) -> Option<Row> {
        let nodes = std::mem::take(&mut element.nodes);
        let cells = self.parts(&element, nodes, &["td", "th"]);
        (!cells.is_empty()).then_some(Row { heads, element, cells })
    }

    fn cells(&mut self, row: Row, width: usize) -> Vec<Vec<Inline<Authored>>> {
        if row.cells.len() > width {
            let message = "this row has more cells than the header".to_owned();
            let hint = "give the header a cell for each column";
            self.tell(Fault { message, hint, meanwhile: "they stand in the last one" }, row.element.span);
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
