//! Upper bounds of the widths of table columns, so that layouts need not measure most tables.

use std::sync::OnceLock;

use typst::layout::Abs;
use typst::text::{Font, FontInstance, FontVariations};

use crate::model::{BlockKind, InlineKind, Linked, PlacedCell, Table, placed_cells, visit_run};
use crate::resolve::Fonts;
use crate::workspace::FontSet;

/// Factor that allows for kerning and for alternate glyphs, such as old-style digits, which can be wider than the default ones.
const MARGIN: f64 = 1.03;

/// The greatest advance widths of characters among the fonts of a brand, apart from the fonts of code.
pub struct AdvanceWidths {
    /// The faces of each family of each use.
    fonts: Vec<Vec<Vec<Font>>>,
    /// Instances of these faces, created on first use; `None` if a face is variable.
    instances: OnceLock<Option<Vec<Vec<Vec<FontInstance>>>>>,
}

impl AdvanceWidths {
    /// Creates widths that are computed when they are needed.
    pub fn new(fonts: &FontSet, brand: &Fonts) -> Self {
        let faces = |family: &String| {
            let own = fonts.faces.iter().filter(|face| face.family.eq_ignore_ascii_case(family));
            own.map(|face| face.font.clone()).collect()
        };
        let lists = [&brand.base, &brand.headings, &brand.interface];
        let fonts = lists.into_iter().map(|list| list.iter().map(faces).collect()).collect();
        Self { fonts, instances: OnceLock::new() }
    }

    /// Returns the width of a character in em: the greatest among the faces that can show it, or `None` if it is unknown.
    pub fn of(&self, c: char) -> Option<f64> {
        let lists = self.instances.get_or_init(|| self.instantiate()).as_ref()?;
        // With tabular figures, each digit is as wide as the widest one.
        let same = if c.is_ascii_digit() { '0'..='9' } else { c..=c };
        let widths = same.flat_map(|c| lists.iter().map(move |list| list.iter().find_map(|faces| greatest(faces, c))));
        Some(widths.collect::<Option<Vec<f64>>>()?.into_iter().fold(0.0, f64::max) * MARGIN)
    }

    fn instantiate(&self) -> Option<Vec<Vec<Vec<FontInstance>>>> {
        let instance = |font: &Font| {
            let instance = font.clone().instantiate(font.info().variant, Abs::pt(10.0), &FontVariations::default());
            (!instance.ttf().is_variable()).then_some(instance)
        };
        let of_list = |list: &Vec<Vec<Font>>| list.iter().map(|faces| faces.iter().map(instance).collect()).collect();
        self.fonts.iter().map(of_list).collect()
    }
}

/// Returns the greatest width of a character among the faces of a family, if all have it.
fn greatest(faces: &[FontInstance], c: char) -> Option<f64> {
    let width = |face: &FontInstance| Some(face.x_advance(face.ttf().glyph_index(c)?.0)?.get());
    let widths: Option<Vec<f64>> = faces.iter().map(width).collect();
    widths?.into_iter().reduce(f64::max)
}

/// Upper bounds of the widths of texts in a column, in em.
#[derive(Clone, Copy, Default, Debug, PartialEq)]
pub struct ColumnBounds {
    /// The width of the longest line.
    line: f64,
    /// The width of the longest word.
    word: f64,
}

impl ColumnBounds {
    /// Returns the bounds as Typst code.
    pub fn code(&self) -> String {
        format!("(line: {:.2}, word: {:.2})", self.line + 0.01, self.word + 0.01)
    }
}

/// Returns the bounds of each column, or `None` if a cell spans columns, contains anything but text, or has a character of unknown
/// width.
pub fn column_bounds(table: &Table<Linked>, width: impl Fn(char) -> Option<f64>) -> Option<Vec<ColumnBounds>> {
    let mut columns = vec![ColumnBounds::default(); table.columns.len().max(1)];
    for placed in placed_cells(&table.header).iter().chain(&placed_cells(&table.rows)) {
        let column = columns.get_mut(placed.column).filter(|_| placed.cell.columns == 1)?;
        let found = cell_bounds(placed, &width)?;
        *column = ColumnBounds { line: column.line.max(found.line), word: column.word.max(found.word) };
    }
    Some(columns)
}

fn cell_bounds(placed: &PlacedCell<'_, Linked>, width: &impl Fn(char) -> Option<f64>) -> Option<ColumnBounds> {
    let mut found = Some(ColumnBounds::default());
    for block in &placed.cell.body {
        let BlockKind::Paragraph(text) = &block.kind else { return None };
        let (mut line, mut word) = (0.0, 0.0);
        visit_run(text, &mut |inline| {
            let part = match &inline.kind {
                InlineKind::Text(text) | InlineKind::Literal(text) => Some(text.as_str()),
                InlineKind::SoftBreak => Some(" "),
                InlineKind::LineBreak => {
                    (line, word) = (0.0, 0.0);
                    Some("")
                }
                InlineKind::Emphasis(_) | InlineKind::Strong(_) | InlineKind::Link(..) | InlineKind::Lang(..) => Some(""),
                _ => None,
            };
            for c in part.unwrap_or_default().chars() {
                found = found.zip(width(c)).map(|(found, width)| {
                    line += width;
                    word = if c == ' ' { 0.0 } else { word + width };
                    let found = ColumnBounds { line: found.line.max(line), word: found.word.max(word) };
                    if matches!(c, '-' | '–' | '—') {
                        word = 0.0;
                    }
                    found
                });
            }
            found = found.filter(|_| part.is_some());
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Sources, Span};
    use crate::model::{Align, Inline, TableCell};

    fn of(cells: Vec<Vec<InlineKind<Linked>>>) -> Option<Vec<ColumnBounds>> {
        let span = Span::new(Sources::default().add("t.md", ""), 0..0);
        let line = |kinds: Vec<InlineKind<Linked>>| kinds.into_iter().map(|kind| Inline { kind, span }).collect();
        let columns = vec![Align::Start; cells.len()];
        let row = cells.into_iter().map(|kinds| TableCell::of_line(line(kinds), span)).collect();
        let table = Table { caption: Vec::new(), row_headers: false, columns, header: Vec::new(), rows: vec![row] };
        column_bounds(&table, |c| (c != '水').then_some(if c == 'w' { 2.0 } else { 1.0 }))
    }

    fn text(text: &str) -> InlineKind<Linked> {
        InlineKind::Text(text.to_owned())
    }

    #[test]
    fn words_continue_over_marks_and_end_at_spaces() {
        let span = Span::new(Sources::default().add("t.md", ""), 0..0);
        let strong = InlineKind::Strong(vec![Inline { kind: text("mobile"), span }]);
        let found = of(vec![vec![text("an auto"), strong], vec![text("eleven word")]]).expect("all is text");
        assert_eq!(found, [ColumnBounds { line: 13.0, word: 10.0 }, ColumnBounds { line: 12.0, word: 6.0 }]);
        let broken = of(vec![vec![text("ten"), InlineKind::LineBreak, text("four")]]);
        assert_eq!(broken, Some(vec![ColumnBounds { line: 4.0, word: 4.0 }]));
        let soft = of(vec![vec![text("ten"), InlineKind::SoftBreak, text("four")]]);
        assert_eq!(soft, Some(vec![ColumnBounds { line: 8.0, word: 4.0 }]));
        assert_eq!(of(vec![vec![text("no\u{a0}break")]]), Some(vec![ColumnBounds { line: 8.0, word: 8.0 }]), "a no-break space");
        assert_eq!(of(vec![vec![text("Clermont-Ferrand")]]), Some(vec![ColumnBounds { line: 16.0, word: 9.0 }]));
    }

    #[test]
    fn other_content_has_no_known_width() {
        assert_eq!(of(vec![vec![InlineKind::Code("x".to_owned())]]), None);
        assert_eq!(of(vec![vec![text("x"), InlineKind::Kbd(Vec::new())]]), None);
        assert_eq!(of(vec![vec![text("水")]]), None);
        assert_eq!(of(vec![vec![]]), Some(vec![ColumnBounds::default()]));
    }
}
