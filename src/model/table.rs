//! Tables, and the grid that their cells fill.

use super::{Block, BlockKind, Inline, Linked, ModelNode, Phase, has_accessible_name, visit};
use crate::diagnostic::Span;

/// A table: header rows, then the other rows. The cells of both fill a grid without gaps or overlaps, whose width is the number
/// of columns. No cell spans both header rows and other rows.
#[derive(Clone, Debug, Hash)]
pub struct Table<P: Phase> {
    /// Its caption.
    pub caption: Vec<Inline<P>>,
    /// Whether the cells in the first column are the headers of their rows.
    pub row_headers: bool,
    /// Alignment of each column.
    pub columns: Vec<Align>,
    /// The header rows.
    pub header: Vec<Vec<TableCell<P>>>,
    /// The other rows. A row has no cell where a cell of an earlier row spans it.
    pub rows: Vec<Vec<TableCell<P>>>,
}

/// A cell of a table.
#[derive(Clone, Debug, Hash)]
pub struct TableCell<P: Phase> {
    /// Its content; empty if it has none. The text of a cell in Markdown is one paragraph.
    pub body: Vec<Block<P>>,
    /// Number of columns that it spans, at least 1.
    pub columns: usize,
    /// Number of rows that it spans, at least 1.
    pub rows: usize,
}

/// Alignment of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Align {
    /// At the start of the line.
    Start,
    /// Centred.
    Center,
    /// At the end of the line.
    End,
}

impl<P: Phase> TableCell<P> {
    /// Creates a cell in one row and one column.
    pub fn new(body: Vec<Block<P>>) -> Self {
        Self { body, columns: 1, rows: 1 }
    }

    /// Creates a cell with one line of text, at `span`.
    pub fn of_line(text: Vec<Inline<P>>, span: Span) -> Self {
        let paragraph = (!text.is_empty()).then(|| Block::new(BlockKind::Paragraph(text), span));
        Self::new(paragraph.into_iter().collect())
    }

    /// Returns whether the cell has no content.
    pub fn is_empty(&self) -> bool {
        self.body.iter().all(|block| match &block.kind {
            BlockKind::Paragraph(text) => text.is_empty(),
            kind => matches!(kind, BlockKind::PageBreak(_)),
        })
    }

    /// Returns whether the cell is empty or has only one paragraph, so that no element is needed for the paragraph.
    pub fn is_line(&self) -> bool {
        let mut blocks = self.body.iter().filter(|block| !matches!(block.kind, BlockKind::PageBreak(_)));
        let first = blocks.next();
        first.is_none_or(|block| matches!(block.kind, BlockKind::Paragraph(_))) && blocks.next().is_none()
    }
}

impl TableCell<Linked> {
    /// Returns whether the cell contains a text, code, or an image with an alternative text.
    pub fn has_accessible_name(&self) -> bool {
        let mut named = false;
        visit(&self.body, &mut |node| {
            named |= match node {
                ModelNode::Text(text) | ModelNode::Title(text) => has_accessible_name(text),
                ModelNode::Block(block) => match &block.kind {
                    BlockKind::Figure(image) => !Linked::alternative(image).trim().is_empty(),
                    BlockKind::Code { text, .. } => !text.trim().is_empty(),
                    _ => false,
                },
            }
        });
        named
    }
}

impl<P: Phase> Table<P> {
    /// Returns whether a cell spans several rows or columns.
    pub fn has_spans(&self) -> bool {
        self.header.iter().chain(&self.rows).flatten().any(|cell| cell.columns > 1 || cell.rows > 1)
    }
}

/// A cell and its position in the grid.
pub struct PlacedCell<'a, P: Phase> {
    /// Its row, from 0.
    pub row: usize,
    /// Its first column, from 0.
    pub column: usize,
    /// The cell.
    pub cell: &'a TableCell<P>,
}

/// Returns the cells of rows with their positions, in reading order. A cell is in the first column that no cell of an earlier row
/// spans (HTML §4.9.12.1).
pub fn placed_cells<P: Phase>(rows: &[Vec<TableCell<P>>]) -> Vec<PlacedCell<'_, P>> {
    let mut placed = Vec::with_capacity(rows.iter().map(Vec::len).sum());
    // For each column, the first row below the cells that are already placed.
    let mut ends: Vec<usize> = Vec::new();
    for (row, cells) in rows.iter().enumerate() {
        let mut column = 0;
        for cell in cells {
            while ends.get(column).is_some_and(|end| *end > row) {
                column += 1;
            }
            placed.push(PlacedCell { row, column, cell });
            let after = column + cell.columns;
            if ends.len() < after {
                ends.resize(after, 0);
            }
            ends.iter_mut().take(after).skip(column).for_each(|end| *end = row + cell.rows);
            column = after;
        }
    }
    placed
}

/// Removes a row. Cells that span it become shorter, and its own cells that span later rows begin one row later.
pub fn remove_row<P: Phase>(rows: &mut Vec<Vec<TableCell<P>>>, removed: usize) {
    // The position of each affected cell among the cells of its row.
    let mut shortened = Vec::new();
    let mut moved = Vec::new();
    let mut index = 0;
    let placed = placed_cells(rows);
    for (at, cell) in placed.iter().enumerate() {
        index = if at > 0 && placed.get(at - 1).is_some_and(|before| before.row == cell.row) { index + 1 } else { 0 };
        if cell.row < removed && cell.row + cell.cell.rows > removed {
            shortened.push((cell.row, index));
        } else if cell.row == removed && cell.cell.rows > 1 {
            let before = |other: &&PlacedCell<'_, P>| other.row == removed + 1 && other.column < cell.column;
            let place = placed.iter().filter(before).count() + moved.len();
            moved.push((place, TableCell { rows: cell.cell.rows - 1, ..cell.cell.clone() }));
        }
    }
    for (row, index) in shortened {
        if let Some(cell) = rows.get_mut(row).and_then(|row| row.get_mut(index)) {
            cell.rows -= 1;
        }
    }
    if let Some(next) = rows.get_mut(removed + 1) {
        moved.into_iter().for_each(|(place, cell)| next.insert(place.min(next.len()), cell));
    }
    if removed < rows.len() {
        rows.remove(removed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Authored;

    fn cell(columns: usize, rows: usize) -> TableCell<Authored> {
        TableCell { body: Vec::new(), columns, rows }
    }

    /// Returns row, column, width and height of each cell.
    fn shape(rows: &[Vec<TableCell<Authored>>]) -> Vec<[usize; 4]> {
        placed_cells(rows).iter().map(|placed| [placed.row, placed.column, placed.cell.columns, placed.cell.rows]).collect()
    }

    #[test]
    fn cells_are_placed_beside_those_that_span_their_row() {
        let rows = vec![vec![cell(1, 2), cell(2, 1), cell(1, 3)], vec![cell(1, 1), cell(1, 1)], vec![cell(3, 1)]];
        let wanted = [[0, 0, 1, 2], [0, 1, 2, 1], [0, 3, 1, 3], [1, 1, 1, 1], [1, 2, 1, 1], [2, 0, 3, 1]];
        assert_eq!(shape(&rows), wanted);
    }

    #[test]
    fn a_removed_row_leaves_a_regular_grid() {
        let rows = || vec![vec![cell(1, 2), cell(1, 1), cell(1, 1)], vec![cell(1, 2), cell(1, 1)], vec![cell(1, 1), cell(1, 1)]];
        let without = |at| {
            let mut rows = rows();
            remove_row(&mut rows, at);
            shape(&rows)
        };
        // The cells that span a removed row become shorter, and those that begin in it begin one row later.
        assert_eq!(without(0), [[0, 0, 1, 1], [0, 1, 1, 2], [0, 2, 1, 1], [1, 0, 1, 1], [1, 2, 1, 1]]);
        assert_eq!(without(1), [[0, 0, 1, 1], [0, 1, 1, 1], [0, 2, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1], [1, 2, 1, 1]]);
        assert_eq!(without(2), [[0, 0, 1, 2], [0, 1, 1, 1], [0, 2, 1, 1], [1, 1, 1, 1], [1, 2, 1, 1]]);
    }
}
