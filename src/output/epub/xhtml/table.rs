//! Writes tables.
//!
//! Header cells have a scope. If a header cell spans rows or columns, or the header has several rows, data cells also name their
//! headers by id: reading systems differ in how they apply the scope of such headers (WCAG 2.2, technique H43).

use super::Writer;
use crate::model::{
    Align, Block, BlockKind, Linked, ModelNode, PlacedCell, Table, TableCell, breakable, placed_cells, plain_text, visit,
};

/// The headers of a table with their ids.
struct TableHeaders<'t> {
    /// Number of the table in its document, from 1.
    number: usize,
    /// The cells of the header rows.
    columns: Vec<PlacedCell<'t, Linked>>,
    /// The row headers.
    rows: Vec<PlacedCell<'t, Linked>>,
}

/// The part of a table that a row belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TablePart {
    Header,
    Body,
}

impl<'a> Writer<'a> {
    pub(super) fn table(&mut self, table: &'a Table<Linked>) {
        self.tables += 1;
        let headers = TableHeaders::of(table, self.tables);
        let widths = least_widths(table);
        let width: usize = widths.iter().sum();
        // A box that scrolls is not divided between pages.
        let divided = width > ENLARGED && width <= PHONE && table.header.len() + table.rows.len() > MAX_SCROLLED_ROWS;
        let scrolls = width > ENLARGED && !divided;
        self.word_widths = if divided { widths } else { Vec::new() };
        let caption = format!("_table-{}", self.tables);
        if scrolls {
            let (language, _) = self.naming_language();
            // With `tabindex`, readers without a pointer can scroll (WCAG 2.2, 2.1.1).
            self.xml.open("div").attr("class", if width > PHONE { "table-scroll table-wide" } else { "table-scroll" });
            self.xml.attr("role", "group").attr("tabindex", "0");
            match table.caption.as_slice() {
                [] => self.xml.attr("aria-label", language.terms.wide_table),
                _ => self.xml.attr("aria-labelledby", &caption),
            }
            .line();
        }
        self.xml.open("table").attr_if("class", divided.then_some("table-divided"));
        self.xml.attr_if("style", divided.then(|| format!("--columns: {}", table.columns.len())).as_deref()).line();
        if !table.caption.is_empty() {
            self.xml.open("caption").attr_if("id", scrolls.then_some(&caption));
            self.inlines(&table.caption);
            self.xml.close().line();
        }
        self.table_rows(table, TablePart::Header, headers.as_ref());
        self.table_rows(table, TablePart::Body, headers.as_ref());
        self.xml.close().line();
        if scrolls {
            self.xml.close().line();
        }
    }

    fn table_rows(&mut self, table: &'a Table<Linked>, part: TablePart, headers: Option<&TableHeaders<'_>>) {
        let (element, rows) = match part {
            TablePart::Header => ("thead", &table.header),
            TablePart::Body => ("tbody", &table.rows),
        };
        if rows.is_empty() {
            return;
        }
        self.xml.open(element).line();
        let mut cells = placed_cells(rows).into_iter().peekable();
        for row in 0..rows.len() {
            self.xml.open("tr");
            while let Some(cell) = cells.next_if(|cell| cell.row == row) {
                self.table_cell(table, part, &cell, headers);
            }
            self.xml.close().line();
        }
        self.xml.close().line();
    }

    fn table_cell(
        &mut self,
        table: &Table<Linked>,
        part: TablePart,
        placed: &PlacedCell<'a, Linked>,
        headers: Option<&TableHeaders<'_>>,
    ) {
        let cell = placed.cell;
        let class = match table.columns.get(placed.column) {
            None | Some(Align::Start) => None,
            Some(Align::Center) => Some("align-center"),
            Some(Align::End) => Some("align-end"),
        };
        // Screen readers would announce an empty header for every cell below or beside it.
        let scope = match (part, table.row_headers && placed.column == 0) {
            _ if cell.is_empty() => None,
            (TablePart::Header, _) => Some("col"),
            (TablePart::Body, true) => Some("row"),
            (TablePart::Body, false) => None,
        };
        self.xml.open(if scope.is_some() { "th" } else { "td" }).attr_if("scope", scope).attr_if("class", class);
        let id = headers.filter(|_| scope.is_some()).map(|headers| headers.id(part, placed));
        self.xml.attr_if("id", id.as_deref());
        let named = headers.map(|headers| headers.of_cell(part, placed)).filter(|named| !named.is_empty());
        self.xml.attr_if("headers", named.as_deref());
        let word = self.word_widths.get_mut(placed.column).filter(|width| cell.columns == 1 && **width > 0).map(std::mem::take);
        self.xml.attr_if("style", word.map(|word| format!("--word: {word}")).as_deref());
        self.xml.attr_if("colspan", span(cell.columns).as_deref()).attr_if("rowspan", span(cell.rows).as_deref());
        let around = std::mem::replace(&mut self.in_table_header, scope.is_some());
        self.flow(&cell.body, cell.is_line());
        self.in_table_header = around;
        self.xml.close();
    }
}

/// Maximum width of a table that fits on a phone, in characters.
const PHONE: usize = 50;

/// Maximum width of a table that fits on a phone with text of twice the size (WCAG 2.2, 1.4.4), in characters.
const ENLARGED: usize = 24;

/// Width of the padding of a cell in characters.
const PADDING: usize = 2;

/// Maximum number of rows of a table that scrolls although it fits on a phone with text of ordinary size.
const MAX_SCROLLED_ROWS: usize = 8;

/// Returns the minimum width of each column at which no word is divided, in characters.
fn least_widths(table: &Table<Linked>) -> Vec<usize> {
    let mut widths = vec![PADDING; table.columns.len()];
    let cells = placed_cells(&table.header).into_iter().chain(placed_cells(&table.rows));
    for placed in cells.filter(|placed| placed.cell.columns == 1) {
        if let Some(width) = widths.get_mut(placed.column) {
            *width = (*width).max(longest_word(placed.cell) + PADDING);
        }
    }
    widths
}

/// Returns the number of characters of the longest part of a cell without break opportunities.
fn longest_word(cell: &TableCell<Linked>) -> usize {
    let mut longest = 0;
    visit(&cell.body, &mut |node| {
        let text = match node {
            ModelNode::Text(text) | ModelNode::Title(text) => plain_text(text),
            ModelNode::Block(Block { kind: BlockKind::Code { text, .. }, .. }) => text.clone(),
            ModelNode::Block(_) => return,
        };
        let parts = breakable(&text).into_iter().flat_map(|part| part.split([' ', '\n', '-', '\u{AD}', '\u{200B}']));
        longest = parts.map(|part| part.chars().count()).fold(longest, usize::max);
    });
    longest
}

fn span(count: usize) -> Option<String> {
    (count > 1).then(|| count.to_string())
}

fn has_span(cell: &TableCell<Linked>) -> bool {
    cell.columns > 1 || cell.rows > 1
}

impl<'t> TableHeaders<'t> {
    /// Returns the headers of a table whose cells name their headers, otherwise `None`.
    fn of(table: &'t Table<Linked>, number: usize) -> Option<Self> {
        let columns = placed_cells(&table.header);
        let mut rows = placed_cells(&table.rows);
        rows.retain(|placed| table.row_headers && placed.column == 0);
        let complex = table.header.len() > 1 || columns.iter().chain(&rows).any(|placed| has_span(placed.cell));
        complex.then_some(Self { number, columns, rows })
    }

    /// Returns the id of a header. Ids of authors cannot start with `_`.
    fn id(&self, part: TablePart, placed: &PlacedCell<'_, Linked>) -> String {
        let kind = match part {
            TablePart::Header => 'c',
            TablePart::Body => 'r',
        };
        format!("_table-{}-{kind}{}-{}", self.number, placed.row + 1, placed.column + 1)
    }

    /// Returns the ids of the headers of a cell, separated by spaces: those of its columns, then those of its rows.
    fn of_cell(&self, part: TablePart, placed: &PlacedCell<'_, Linked>) -> String {
        let is_above = |header: &&PlacedCell<'_, Linked>| {
            let same_columns = overlap((header.column, header.cell.columns), (placed.column, placed.cell.columns));
            same_columns && (part == TablePart::Body || header.row < placed.row)
        };
        let is_beside = |header: &&PlacedCell<'_, Linked>| {
            let same_rows = overlap((header.row, header.cell.rows), (placed.row, placed.cell.rows));
            part == TablePart::Body && placed.column > header.column && same_rows
        };
        let columns = self.columns.iter().filter(is_above).map(|header| (TablePart::Header, header));
        let rows = self.rows.iter().filter(is_beside).map(|header| (TablePart::Body, header));
        let named = columns.chain(rows).filter(|(_, header)| !header.cell.is_empty());
        named.map(|(part, header)| self.id(part, header)).collect::<Vec<_>>().join(" ")
    }
}

/// Returns whether two ranges, each a start and a length, have a number in common.
fn overlap((a, a_length): (usize, usize), (b, b_length): (usize, usize)) -> bool {
    a < b + b_length && b < a + a_length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::InlineKind;
    use crate::output::epub::sample;

    fn cell(text: &str) -> TableCell<Linked> {
        let text = match text {
            "" => Vec::new(),
            text => vec![InlineKind::Text(text.into())],
        };
        TableCell::of_line(sample::inlines(text), sample::block(BlockKind::Rule).span)
    }

    #[test]
    fn tables_have_column_headers_and_alignment_classes() {
        let mut table = Table {
            caption: vec![],
            row_headers: false,
            columns: vec![Align::Start, Align::End],
            header: vec![vec![cell(""), cell("Part")]],
            rows: vec![vec![cell("absent"), cell("4,6 %")]],
        };
        let out = sample::section_of(vec![BlockKind::Table(table.clone())]);
        assert!(out.contains("<tr><td></td><th scope=\"col\" class=\"align-end\">Part</th></tr>"), "{out}");
        assert!(out.contains("<tr><td>absent</td><td class=\"align-end\">4,6 %</td></tr>"), "{out}");
        (table.caption, table.row_headers) = (sample::inlines(vec![InlineKind::Text("Parts".into())]), true);
        let out = sample::section_of(vec![BlockKind::Table(table)]);
        assert!(out.contains("<table>\n<caption>Parts</caption>\n<thead>"), "{out}");
        assert!(out.contains("<tr><td></td><th scope=\"col\""), "the corner cell is a header: {out}");
        assert!(out.contains("<tr><th scope=\"row\">absent</th><td"), "{out}");
    }

    #[test]
    fn cells_name_the_headers_that_span_rows_or_columns() {
        let spanning = |text, columns, rows| TableCell { columns, rows, ..cell(text) };
        let table = Table {
            caption: vec![],
            row_headers: true,
            columns: vec![Align::Start; 3],
            header: vec![vec![spanning("Port", 1, 2), spanning("Tide", 2, 1)], vec![cell("High"), cell("Low")]],
            rows: vec![vec![spanning("Brume", 1, 2), cell("5"), cell("1")], vec![spanning("calm", 2, 1)]],
        };
        let out = sample::section_of(vec![BlockKind::Table(table)]);
        for wanted in [
            "<th scope=\"col\" id=\"_table-1-c1-1\" rowspan=\"2\">Port</th><th scope=\"col\" id=\"_table-1-c1-2\" colspan=\"2\">Tide</th>",
            "<tr><th scope=\"col\" id=\"_table-1-c2-2\" headers=\"_table-1-c1-2\">High</th>",
            "<th scope=\"row\" id=\"_table-1-r1-1\" headers=\"_table-1-c1-1\" rowspan=\"2\">Brume</th>",
            "<td headers=\"_table-1-c1-2 _table-1-c2-3 _table-1-r1-1\">1</td>",
            "<tr><td headers=\"_table-1-c1-2 _table-1-c2-2 _table-1-c2-3 _table-1-r1-1\" colspan=\"2\">calm</td></tr>",
        ] {
            assert!(out.contains(wanted), "{wanted}\n{out}");
        }
    }

    #[test]
    fn wide_tables_scroll_and_are_named() {
        let of_width = |columns| Table {
            caption: vec![],
            row_headers: false,
            columns: vec![Align::Start; columns],
            header: vec![vec![cell("Height"); columns]],
            rows: vec![vec![cell("high by day"); columns]],
        };
        assert!(!sample::section_of(vec![BlockKind::Table(of_width(3))]).contains("table-scroll"));
        assert!(sample::section_of(vec![BlockKind::Table(of_width(4))]).contains("class=\"table-scroll\" role"));
        let mut table = of_width(7);
        let out = sample::section_of(vec![BlockKind::Table(table.clone())]);
        let start = "<div class=\"table-scroll table-wide\" role=\"group\" tabindex=\"0\" aria-label=\"Tableau à faire défiler\">\n<table>";
        assert!(out.contains(start) && out.contains("</table>\n</div>"), "{out}");
        table.caption = sample::inlines(vec![InlineKind::Text("Heights".into())]);
        let out = sample::section_of(vec![BlockKind::Table(table)]);
        assert!(out.contains("aria-labelledby=\"_table-1\">\n<table>\n<caption id=\"_table-1\">Heights</caption>"), "{out}");
    }

    #[test]
    fn tables_of_many_rows_are_divided_instead() {
        let of_rows = |rows, columns| Table {
            caption: vec![],
            row_headers: false,
            columns: vec![Align::Start; columns],
            header: vec![vec![cell("Height"); columns]],
            rows: vec![vec![cell("high by day"); columns]; rows],
        };
        let out = sample::section_of(vec![BlockKind::Table(of_rows(8, 4))]);
        assert!(!out.contains("table-scroll") && out.contains("<table class=\"table-divided\" style=\"--columns: 4\">"), "{out}");
        assert_eq!(out.matches("<th scope=\"col\" style=\"--word: 8\">").count(), 4, "{out}");
        assert_eq!(out.matches("--word").count(), 4, "the first cell of each column has the width");
        let out = sample::section_of(vec![BlockKind::Table(of_rows(8, 7))]);
        assert!(out.contains("table-scroll table-wide"), "a table that does not fit on a phone scrolls: {out}");
        assert!(!sample::section_of(vec![BlockKind::Table(of_rows(8, 3))]).contains("table-divided"));
    }

    #[test]
    fn several_blocks_of_a_cell_are_elements() {
        let paragraph = |text: &str| sample::block(BlockKind::Paragraph(sample::inlines(vec![InlineKind::Text(text.into())])));
        let table = Table {
            caption: vec![],
            row_headers: false,
            columns: vec![Align::Start],
            header: vec![vec![cell("Port")]],
            rows: vec![vec![TableCell::new(vec![paragraph("one"), paragraph("two")])]],
        };
        let out = sample::section_of(vec![BlockKind::Table(table)]);
        assert!(out.contains("<td>\n<p>one</p>\n<p>two</p>\n</td>"), "{out}");
    }
}
