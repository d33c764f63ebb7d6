//! Tables.

use super::block::is_inline_node;
use super::tree::{Element, HtmlNode};
use super::{Lowering, TagFault};
use crate::content::markdown::MAX_COLUMNS;
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Align, Authored, Block, BlockKind, Inline, InlineKind, Table, TableCell, remove_row};

/// A row of a table.
struct HtmlRow {
    /// Whether it is in a `thead` element.
    is_header: bool,
    element: Element,
    cells: Vec<Element>,
}

/// Maximum number of columns or rows that a cell can span.
const MAX_SPAN: usize = 1000;

impl HtmlRow {
    /// Returns the number of columns that the cells of the row span.
    fn width(&self) -> usize {
        self.cells.iter().map(|cell| spanned(cell, "colspan")).sum()
    }
}

impl Lowering<'_> {
    pub(super) fn table(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> Option<BlockKind<Authored>> {
        let mut caption = Vec::new();
        let mut header = self.rows(element, nodes, &mut caption);
        let is_header = header.first().is_some_and(|row| row.is_header || row.cells.iter().all(|cell| cell.name == "th"));
        if !is_header {
            let message = "this table has no header row".to_owned();
            let hint = "make its first row the header: <tr><th>…</th></tr>. Screen readers read it aloud with each cell";
            self.report(TagFault { message, hint, fallback: "its first row is used as the header" }, element.span);
        }
        let Some(width) = header.first().map(HtmlRow::width) else {
            return (!caption.is_empty()).then_some(BlockKind::Paragraph(caption));
        };
        if width > MAX_COLUMNS {
            let message = format!("this table has {width} columns, more than {MAX_COLUMNS}");
            let hint = "split it into several tables, or swap its rows and columns";
            self.found.push(Diagnostic::new(code::LIMIT, message).at(element.span).hint(hint));
            return None;
        }
        let rows = header.split_off(header_rows(&header));
        let columns = aligned(&header, width);
        let (header, _) = self.grid(header, width);
        let (rows, row_headers) = self.grid(rows, width);
        Some(BlockKind::Table(Table { caption, row_headers, columns, header, rows }))
    }

    fn rows(&mut self, table: &Element, nodes: Vec<HtmlNode>, caption: &mut Vec<Inline<Authored>>) -> Vec<HtmlRow> {
        let mut rows = Vec::new();
        for mut part in self.parts(table, nodes, &["tr", "thead", "tbody", "tfoot", "caption", "col", "colgroup"]) {
            let is_header = part.name == "thead";
            match part.name.as_str() {
                "col" | "colgroup" => self.left_out.tag(&part.name, part.span),
                "tr" => rows.extend(self.row(part, false)),
                "caption" => {
                    self.attributes(&part, &["lang"]);
                    caption.extend((!caption.is_empty()).then_some(Inline { span: part.span, kind: InlineKind::LineBreak }));
                    let nodes = std::mem::take(&mut part.nodes);
                    caption.extend(self.line_of(&part, nodes));
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
    fn row(&mut self, mut element: Element, is_header: bool) -> Option<HtmlRow> {
        let nodes = std::mem::take(&mut element.nodes);
        let mut cells = self.parts(&element, nodes, &["td", "th"]);
        if let Some(id) = element.get("id").filter(|id| !id.is_empty()) {
            match cells.first_mut().filter(|cell| cell.get("id").is_none()) {
                Some(first) => first.attributes.push(("id".into(), id.to_owned())),
                None => self.left_out.attribute("id", element.span),
            }
        }
        (!cells.is_empty()).then_some(HtmlRow { is_header, element, cells })
    }

    /// Converts the rows of the header or of the body, and returns whether the cells in the first column are all row headers.
    /// Cells that span too many rows or columns are shortened, and gaps are filled with empty cells.
    fn grid(&mut self, rows: Vec<HtmlRow>, width: usize) -> (Vec<Vec<TableCell<Authored>>>, bool) {
        let count = rows.len();
        let mut row_headers = count > 0;
        // For each column, the first row below the cells that are already placed.
        let mut ends = vec![0; width];
        let mut grid: Vec<Vec<TableCell<Authored>>> = Vec::with_capacity(count);
        for (number, row) in rows.into_iter().enumerate() {
            let mut cells: Vec<TableCell<Authored>> = Vec::with_capacity(row.cells.len());
            let mut surplus = false;
            for element in row.cells {
                let Some(column) = ends.iter().position(|end| *end <= number) else {
                    surplus = true;
                    let body = self.cell(element);
                    let before = grid.iter_mut().rev().find_map(|row| row.last_mut());
                    if let Some(last) = cells.last_mut().or(before) {
                        append(last, body);
                    }
                    continue;
                };
                row_headers &= column > 0 || element.name == "th";
                let free = ends.iter().skip(column).take_while(|end| **end <= number).count();
                let columns = spanned(&element, "colspan").min(free);
                let rows = match element.get("rowspan") {
                    Some("0") => count - number,
                    _ => spanned(&element, "rowspan").min(count - number),
                };
                ends.iter_mut().skip(column).take(columns).for_each(|end| *end = number + rows);
                cells.push(TableCell { columns, rows, ..self.cell(element) });
            }
            if surplus {
                let message = "this row has more cells than the header".to_owned();
                let hint = "give the header a cell for each column";
                self.report(TagFault { message, hint, fallback: "their text is added to the last one" }, row.element.span);
            }
            for end in ends.iter_mut().filter(|end| **end <= number) {
                row_headers &= !cells.is_empty();
                cells.push(TableCell::new(Vec::new()));
                *end = number + 1;
            }
            grid.push(cells);
        }
        for at in (0..grid.len()).rev() {
            if grid.get(at).is_some_and(Vec::is_empty) {
                remove_row(&mut grid, at);
            }
        }
        (grid, row_headers)
    }

    fn cell(&mut self, mut element: Element) -> TableCell<Authored> {
        self.attributes(&element, &["align", "colspan", "headers", "lang", "rowspan", "scope"]);
        let nodes = std::mem::take(&mut element.nodes);
        if nodes.iter().all(is_inline_node) {
            let mut cell = TableCell::of_line(self.line_of(&element, nodes), element.span);
            cell.body.iter_mut().for_each(|block| block.id = self.id.take());
            return cell;
        }
        TableCell::new(self.flow_of(&element, nodes))
    }
}

/// Adds the content of a cell to another cell.
fn append(cell: &mut TableCell<Authored>, added: TableCell<Authored>) {
    for block in added.body {
        match (cell.body.last_mut().map(|last| &mut last.kind), block.kind) {
            (Some(BlockKind::Paragraph(text)), BlockKind::Paragraph(more)) => text.extend(more),
            (_, kind) => cell.body.push(Block { kind, ..block }),
        }
    }
}

/// Returns the number of rows of the header: those in `thead`, otherwise the first row and those that its cells span.
fn header_rows(rows: &[HtmlRow]) -> usize {
    let first = rows.first().map(|row| row.cells.iter().map(|cell| spanned(cell, "rowspan")).max().unwrap_or(1));
    let listed = rows.iter().take_while(|row| row.is_header).count();
    listed.max(first.filter(|_| listed == 0).unwrap_or(0)).min(rows.len())
}

/// Returns the alignment of each column, which is that of its header.
fn aligned(header: &[HtmlRow], width: usize) -> Vec<Align> {
    let mut columns = Vec::with_capacity(width);
    for cell in header.first().map(|row| row.cells.as_slice()).unwrap_or_default() {
        columns.extend(std::iter::repeat_n(align(cell), spanned(cell, "colspan")));
    }
    columns
}

/// Returns the number of columns or rows that a cell spans.
fn spanned(cell: &Element, attribute: &str) -> usize {
    cell.get(attribute).and_then(|value| value.parse::<usize>().ok()).unwrap_or(1).clamp(1, MAX_SPAN)
}

fn align(cell: &Element) -> Align {
    match cell.get("align") {
        Some(align) if align.eq_ignore_ascii_case("center") => Align::Center,
        Some(align) if align.eq_ignore_ascii_case("right") => Align::End,
        _ => Align::Start,
    }
}
