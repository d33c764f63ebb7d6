//! Application of the conditions of passages: keeps or removes each passage, and removes blocks that become empty.

use std::convert::Infallible;

use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::Lineage;
use crate::model::{
    Authored, AuthoredImage, AuthoredResources, AuthoredSection, AuthoredTarget, Block, BlockKind, Condition, DefinitionItem,
    Fold, Inline, InlineKind, ListItem, Table, TableCell, fold_block, fold_inline, remove_row,
};

/// Applies the conditions for one edition.
pub struct ConditionFilter<'a> {
    /// The edition and the editions that it is based on.
    pub lineage: &'a Lineage<'a>,
    /// Ids of all editions.
    pub known: &'a [&'a str],
    /// Ids of resources that are declared only for other editions.
    pub absent: &'a [&'a str],
    /// Whether the edition has changes to list.
    pub changes: bool,
    /// The diagnostics.
    pub found: &'a mut Diagnostics,
}

impl ConditionFilter<'_> {
    /// Removes from a section the content that does not belong to the edition.
    pub fn section(&mut self, section: AuthoredSection) -> AuthoredSection {
        let title = self.line(section.title);
        if is_blank(&title) {
            let empty = Diagnostic::new(code::FRONT_MATTER, "the title of this section is empty in this edition");
            self.found.push(empty.at(section.title_span).hint("write a title that is not empty in any edition"));
        }
        let nav = section.nav.map(|nav| self.line(nav));
        AuthoredSection { title, nav, lead: self.line(section.lead), body: self.blocks(section.body), ..section }
    }

    /// Returns whether the edition satisfies a condition. Reports unknown editions.
    fn applies(&mut self, condition: &Condition) -> bool {
        let Condition { edition, since, except } = condition;
        for (id, span) in [edition, since, except].into_iter().flatten().flatten() {
            if !self.known.contains(&id.as_str()) {
                let message = format!("no edition has the id \"{id}\"");
                self.found.push(Diagnostic::new(code::UNKNOWN_NAME, message).at(*span).suggest(id, self.known.iter().copied()));
            }
        }
        let is = |list: &Vec<(String, Span)>| list.iter().any(|(id, _)| self.lineage.is(id));
        let follows = |list: &Vec<(String, Span)>| list.iter().any(|(id, _)| self.lineage.has(id));
        let all = edition.is_none() && since.is_none();
        let included = all || edition.as_ref().is_some_and(is) || since.as_ref().is_some_and(follows);
        included && !except.as_ref().is_some_and(is)
    }
}

impl ConditionFilter<'_> {
    /// Converts the content of a cell. An image that remains alone in a line of a cell does not become a figure.
    fn cell(&mut self, body: Vec<Block<Authored>>) -> Vec<Block<Authored>> {
        let mut kept = Vec::with_capacity(body.len());
        for Block { id, span, kind } in body {
            match kind {
                BlockKind::Paragraph(text) => {
                    let kind = self.block_text(text).map(BlockKind::Paragraph);
                    kept.extend(kind.map(|kind| Block { id, span, kind }));
                }
                kind => self.block(Block { id, span, kind }, &mut kept),
            }
        }
        kept
    }
}

impl Fold for ConditionFilter<'_> {
    type From = Authored;
    type To = Authored;

    // A removed passage is still folded, so that unknown ids in it are reported.
    fn only_blocks(&mut self, condition: Condition, body: Vec<Block<Authored>>, out: &mut Vec<Block<Authored>>) {
        let (applies, body) = (self.applies(&condition), self.blocks(body));
        out.extend(body.into_iter().filter(|_| applies));
    }

    fn inlines(&mut self, inlines: Vec<Inline<Authored>>) -> Vec<Inline<Authored>> {
        let mut kept = KeptInlines { inlines: Vec::with_capacity(inlines.len()), dropped: false };
        let mut one = Vec::new();
        for inline in inlines {
            match inline.kind {
                InlineKind::Only(condition, inner) if !self.applies(&condition) => {
                    self.inlines(inner);
                    kept.mark_removal();
                }
                InlineKind::Only(_, inner) => self.inlines(inner).into_iter().for_each(|inline| kept.push(inline)),
                kind => {
                    fold_inline(self, Inline { span: inline.span, kind }, &mut one);
                    match one.pop() {
                        Some(inline) => kept.push(inline),
                        None => kept.mark_removal(),
                    }
                }
            }
        }
        kept.finish()
    }

    fn body(&mut self, body: Vec<Block<Authored>>) -> Option<Vec<Block<Authored>>> {
        let empty = body.is_empty();
        Some(self.blocks(body)).filter(|kept| empty || !kept.is_empty())
    }

    fn block_text(&mut self, inlines: Vec<Inline<Authored>>) -> Option<Vec<Inline<Authored>>> {
        let blank = is_blank(&inlines);
        Some(self.inlines(inlines)).filter(|kept| blank || !is_blank(kept))
    }

    fn inline_text(&mut self, inlines: Vec<Inline<Authored>>) -> Option<Vec<Inline<Authored>>> {
        self.block_text(inlines)
    }

    fn block(&mut self, block: Block<Authored>, out: &mut Vec<Block<Authored>>) {
        let Block { id, span, kind } = block;
        match kind {
            BlockKind::Changes if !self.changes => {}
            BlockKind::Paragraph(text) => {
                let kind = self.block_text(text).map(BlockKind::of_inlines);
                out.extend(kind.map(|kind| Block { id, span, kind }));
            }
            kind => fold_block(self, Block { id, span, kind }, out),
        }
    }

    fn items(&mut self, items: Vec<ListItem<Authored>>) -> Option<Vec<ListItem<Authored>>> {
        let kept = items.into_iter().filter_map(|item| Some(ListItem { task: item.task, body: self.body(item.body)? }));
        Some(kept.collect()).filter(|kept: &Vec<_>| !kept.is_empty())
    }

    fn definitions(&mut self, items: Vec<DefinitionItem<Authored>>) -> Option<Vec<DefinitionItem<Authored>>> {
        let kept = items.into_iter().filter_map(|item| {
            let term = self.block_text(item.term)?;
            let details: Vec<_> = item.details.into_iter().filter_map(|details| self.body(details)).collect();
            (!details.is_empty()).then_some(DefinitionItem { term, details })
        });
        Some(kept.collect()).filter(|kept: &Vec<_>| !kept.is_empty())
    }

    fn table(&mut self, table: Table<Authored>) -> Option<Table<Authored>> {
        let header = table.header.into_iter().map(|row| self.table_row(row)).collect();
        let mut rows = Vec::with_capacity(table.rows.len());
        let mut emptied = Vec::new();
        for (at, row) in table.rows.into_iter().enumerate() {
            let was_empty = row.iter().all(TableCell::is_empty);
            let row = self.table_row(row);
            if !was_empty && row.iter().all(TableCell::is_empty) {
                emptied.push(at);
            }
            rows.push(row);
        }
        emptied.into_iter().rev().for_each(|at| remove_row(&mut rows, at));
        let caption = self.inlines(table.caption);
        Some(Table { caption, header, rows, ..table })
    }

    fn table_row(&mut self, row: Vec<TableCell<Authored>>) -> Vec<TableCell<Authored>> {
        row.into_iter().map(|cell| TableCell { body: self.cell(cell.body), ..cell }).collect()
    }

    fn resources(&mut self, mut group: AuthoredResources, _: Span) -> Option<AuthoredResources> {
        group.ids.retain(|(id, _)| !self.absent.contains(&id.as_str()));
        (!group.ids.is_empty()).then_some(group)
    }

    fn id(&mut self, id: Option<(String, Span)>) -> Option<(String, Span)> {
        id
    }

    fn figure(&mut self, image: AuthoredImage, _: Span) -> Option<BlockKind<Authored>> {
        Some(BlockKind::Figure(AuthoredImage { caption: self.inlines(image.caption), ..image }))
    }

    fn image(&mut self, image: AuthoredImage, _: Span) -> Option<InlineKind<Authored>> {
        Some(InlineKind::Image(AuthoredImage { caption: self.inlines(image.caption), ..image }))
    }

    fn link(
        &mut self,
        target: AuthoredTarget,
        title: Option<String>,
        inner: Vec<Inline<Authored>>,
        span: Span,
        out: &mut Vec<Inline<Authored>>,
    ) {
        out.extend(self.inline_text(inner).map(|inner| Inline { span, kind: InlineKind::Link(target, title, inner) }));
    }

    fn reference(&mut self, target: AuthoredTarget, _: Span) -> Option<InlineKind<Authored>> {
        Some(InlineKind::Reference(target))
    }

    // `inlines` handles conditional inlines, because it needs their neighbours.
    fn only_inlines(&mut self, _: Condition, _: Vec<Inline<Authored>>, _: &mut Vec<Inline<Authored>>) {}

    fn page_break(&mut self, never: Infallible) -> Infallible {
        never
    }
}

/// Returns whether inlines contain only spaces.
fn is_blank(inlines: &[Inline<Authored>]) -> bool {
    inlines.iter().all(|inline| match &inline.kind {
        InlineKind::Text(text) => text.trim().is_empty(),
        InlineKind::SoftBreak | InlineKind::LineBreak => true,
        InlineKind::Literal(_) | InlineKind::Code(_) | InlineKind::Reference(_) | InlineKind::Image(_) | InlineKind::Note(_) => {
            false
        }
        kind => is_blank(kind.inner()),
    })
}

/// The kept inlines of a run. Where inlines are removed, one space remains between their neighbours.
struct KeptInlines {
    inlines: Vec<Inline<Authored>>,
    /// Whether an inline was removed after the last kept one.
    dropped: bool,
}

impl KeptInlines {
    fn mark_removal(&mut self) {
        self.dropped = true;
    }

    fn push(&mut self, mut inline: Inline<Authored>) {
        if std::mem::take(&mut self.dropped) {
            match &mut inline.kind {
                InlineKind::SoftBreak if self.ends_in_space() => return self.mark_removal(),
                InlineKind::Text(text) if self.ends_in_space() && text.starts_with(' ') => {
                    let rest = text.trim_start_matches(' ');
                    if rest.is_empty() {
                        return self.mark_removal();
                    }
                    inline.span.start += text.len() - rest.len();
                    *text = rest.to_owned();
                }
                InlineKind::Text(text) if text.starts_with(['.', ',', ')', ']', '…']) => self.trim(),
                _ => {}
            }
        }
        self.inlines.push(inline);
    }

    fn ends_in_space(&self) -> bool {
        self.inlines.last().is_none_or(|inline| match &inline.kind {
            InlineKind::Text(text) => text.ends_with(' '),
            kind => matches!(kind, InlineKind::SoftBreak | InlineKind::LineBreak),
        })
    }

    /// Removes spaces at the end.
    fn trim(&mut self) {
        while let Some(InlineKind::SoftBreak) = self.inlines.last().map(|inline| &inline.kind) {
            self.inlines.pop();
        }
        if let Some(InlineKind::Text(text)) = self.inlines.last_mut().map(|inline| &mut inline.kind) {
            text.truncate(text.trim_end_matches(' ').len());
        }
    }

    fn finish(mut self) -> Vec<Inline<Authored>> {
        if self.dropped {
            self.trim();
        }
        self.inlines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content;
    use crate::diagnostic::Sources;
    use crate::manifest::{PublicationManifest, parse};
    use crate::model::{plain_text, walk_blocks, walk_calls};

    const EDITIONS: &str = "title = \"T\"\nuuid = \"x\"\nsections = []\n\
        [[editions]]\nid = \"a\"\ndate = \"2021-01\"\n\
        [[editions]]\nid = \"b\"\ndate = \"2022-01\"\nbased-on = \"a\"\n\
        [[editions]]\nid = \"c\"\ndate = \"2023-01\"\nbased-on = \"b\"\n\
        [[editions]]\nid = \"d\"\ndate = \"2023-02\"\nbased-on = \"a\"\n";

    /// Filters a text for an edition, and returns the blocks and messages.
    fn kept(text: &str, edition: &str) -> (Vec<Block<Authored>>, Vec<String>) {
        let mut sources = Sources::default();
        let manifest: PublicationManifest = parse(sources.add("p.toml", EDITIONS), EDITIONS).unwrap().value;
        let text = format!("+++\ntitle = \"T\"\n+++\n{text}\n");
        let (section, _) =
            content::read(sources.add("t.md", text.as_str()), "t", &text, crate::resolve::Strictness::Full).unwrap();
        let edition = manifest.editions.iter().find(|other| other.id.get_ref() == edition).unwrap();
        let mut found = Diagnostics::default();
        let lineage = Lineage::of(&manifest, edition);
        let mut filter = ConditionFilter {
            lineage: &lineage,
            known: &["a", "b", "c", "d"],
            absent: &["lost"],
            changes: false,
            found: &mut found,
        };
        let body = filter.section(section).body;
        (body, found.sorted().iter().map(|diagnostic| diagnostic.message.clone()).collect())
    }

    /// Returns the text of every paragraph, heading and note.
    fn words(text: &str, edition: &str) -> String {
        let mut words = Vec::new();
        walk_blocks(&mut kept(text, edition).0, &mut |block| {
            if let BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } = &block.kind {
                words.push(plain_text(text));
            }
        });
        words.join("|")
    }

    fn each(text: &str) -> [String; 4] {
        ["a", "b", "c", "d"].map(|edition| words(text, edition))
    }

    #[test]
    fn applies_edition_since_and_except() {
        assert_eq!(each("[x]{edition=\"a c\"}y"), ["xy", "y", "xy", "y"]);
        assert_eq!(each("[x]{since=b}y"), ["y", "xy", "xy", "y"], "c is based on b, d is not");
        assert_eq!(each("[x]{except=\"a d\"}y"), ["y", "xy", "xy", "y"]);
        assert_eq!(each("[x]{since=b except=c}y"), ["y", "xy", "y", "y"]);
        assert_eq!(each("[x]{edition=d since=c}y"), ["y", "y", "xy", "xy"], "either is enough");
        assert_eq!(each("::: only {since=\"b\"}\nx\n:::\n\ny"), ["y", "x|y", "x|y", "y"]);
    }

    #[test]
    fn removed_words_leave_one_space() {
        for (text, without) in [
            ("one [two]{edition=b} three", "one three"),
            ("one [two]{edition=b}, three", "one, three"),
            ("[one]{edition=b} two", "two"),
            ("one [two]{edition=b}", "one"),
            ("one[ two]{edition=b} three", "one three"),
            ("one\n[two]{edition=b}\nthree", "one three"),
            ("one *[two]{edition=b}* three", "one three"),
            ("one [two]{edition=b} [three]{edition=b} four", "one four"),
        ] {
            assert_eq!(words(text, "a"), without, "{text}");
        }
        assert_eq!(words("one [two *three*]{edition=b lang=en} four", "b"), "one two three four");
    }

    #[test]
    fn removes_blocks_that_become_empty() {
        for text in [
            "[x]{edition=b}",
            "- [y]{edition=b}",
            "> [x]{edition=b}",
            "## [x]{edition=b}",
            ":::: aside\n::: only {edition=\"b\"}\nx\n:::\n::::",
            "[x]{edition=b}\n\n: y",
            "::: resources {ids=\"lost\"}\n:::",
            "::: changes\n:::",
        ] {
            assert!(kept(text, "a").0.is_empty(), "{text}");
        }
        assert_eq!(words("- one\n- [two]{edition=b}\n- three", "a"), "one|three");
        let (table, _) = kept("| H |\n|---|\n| [x]{edition=b} |\n| y |\n", "a");
        assert!(matches!(&table[0].kind, BlockKind::Table(table) if table.rows.len() == 1), "{table:?}");
    }

    #[test]
    fn applies_conditions_in_notes() {
        let text = "Call[^n][ again[^m]]{edition=b}.\n\n[^n]: Kept [not]{edition=b} here.\n\n    ::: only {edition=\"b\"}\n    More.\n    :::\n\n[^m]: M.";
        assert_eq!(words(text, "a"), "Call.|Kept here.");
        assert_eq!(words(text, "b"), "Call again.|Kept not here.|More.|M.");
        let mut calls = 0;
        walk_calls(&mut kept("x[^n]\n\n[^n]: [all]{edition=b}", "a").0, &mut |_| calls += 1);
        assert_eq!(calls, 0, "the reference to an empty note is removed");
    }

    #[test]
    fn a_remaining_image_is_a_figure() {
        let (blocks, _) = kept("[Note: ]{edition=b}![A](a.png)", "a");
        assert!(matches!(blocks[0].kind, BlockKind::Figure(_)), "{blocks:?}");
    }

    #[test]
    fn reports_unknown_ids_in_removed_passages() {
        let (_, found) = kept("::: only {edition=\"b\"}\n[x]{since=e}\n:::", "a");
        assert_eq!(found, ["no edition has the id \"e\""]);
    }
}
