//! Tables as calls of `data-table`.

use super::block::{anchor, blocks, content, write_block};
use super::column_bounds::{ColumnBounds, column_bounds};
use super::inline::inlines;
use super::text::array;
use super::{MarkupWriter, NodeForm};
use crate::model::{Align, Block, Linked, ModelNode, PlacedCell, Table, TableCell, has_note, placed_cells, visit};
use crate::resolve::Resolved;

/// Writes the arguments of a table.
pub fn table(w: &mut MarkupWriter, table: &Table<Linked>, edition: &Resolved, scope: &str) {
    let align = table.columns.iter().map(|align| match align {
        Align::Start => "start".to_owned(),
        Align::Center => "center".to_owned(),
        Align::End => "end".to_owned(),
    });
    w.push(", ");
    if !table.caption.is_empty() {
        w.push("caption: ");
        content(w, |w| inlines(w, &table.caption, edition, scope));
        w.push(", ");
    }
    w.push(&format!("columns: {}, align: {}, ", table.columns.len().max(1), array(align)));
    // A header with a note reference is not repeated on later pages, because its footnote must not be repeated.
    if table.header.iter().flatten().any(|cell| has_call(&cell.body)) {
        w.push("repeat: false, ");
    }
    if !table.header.iter().chain(&table.rows).flatten().all(TableCell::is_line) {
        w.push("plain: false, ");
    }
    if let Some(bounds) = w.widths.as_ref().and_then(|widths| column_bounds(table, |c| widths.of(c))) {
        w.push(&format!("bounds: {}, ", array(bounds.iter().map(ColumnBounds::code))));
    }
    w.push(&format!("header-rows: {}, header: (", table.header.len()));
    let around = std::mem::replace(&mut w.is_repeated, true);
    placed_cells(&table.header).iter().for_each(|placed| cell(w, placed, false, edition, scope));
    w.is_repeated = around;
    w.push("), rows: (");
    let mut cells = placed_cells(&table.rows).into_iter().peekable();
    for row in 0..table.rows.len() {
        w.push("(");
        while let Some(placed) = cells.next_if(|placed| placed.row == row) {
            cell(w, &placed, table.row_headers, edition, scope);
        }
        w.push("), ");
    }
    w.push("))");
}

/// Returns whether blocks reference a note.
fn has_call(blocks: &[Block<Linked>]) -> bool {
    let mut found = false;
    visit(blocks, &mut |node| {
        if let ModelNode::Text(text) | ModelNode::Title(text) = node {
            found |= has_note(text);
        }
    });
    found
}

/// Writes a cell. If `headed` is set, the cells in the first column are row headers.
fn cell(w: &mut MarkupWriter, placed: &PlacedCell<'_, Linked>, headed: bool, edition: &Resolved, scope: &str) {
    let cell = placed.cell;
    // Screen readers would announce an empty header before every cell of its row.
    let header = headed && placed.column == 0 && !cell.is_empty();
    if header {
        w.push("pdf.header-cell(scope: \"row\", ");
    }
    if cell.columns > 1 || cell.rows > 1 {
        w.push(&format!("table.cell(colspan: {}, rowspan: {})", cell.columns, cell.rows));
    }
    w.push("[");
    if header {
        w.push("#b.row-header(ctx)");
        content(w, |w| cell_body(w, cell, edition, scope));
    } else {
        cell_body(w, cell, edition, scope);
    }
    w.push(if header { "]), " } else { "], " });
}

/// Writes the content of a cell. The text of a single paragraph is not a paragraph in the structure tree of the PDF.
fn cell_body(w: &mut MarkupWriter, cell: &TableCell<Linked>, edition: &Resolved, scope: &str) {
    if !cell.is_line() {
        return blocks(w, &cell.body, edition, scope);
    }
    for block in &cell.body {
        anchor(w, block);
        w.node(block.span, NodeForm::Block, |w| write_block(w, block, edition, scope));
    }
}
