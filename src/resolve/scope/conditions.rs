//! Application of the conditions of passages: keeps or removes each passage, and removes blocks that become empty.

use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::Lineage;
use crate::model::{
    Authored, AuthoredSection, Block, BlockKind, Condition, DefinitionItem, Inline, InlineKind, ListItem, Note, Table,
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
    /// Removes the content that does not belong to the edition from a section.
    pub fn section(&mut self, section: AuthoredSection) -> AuthoredSection {
        AuthoredSection { lead: self.inlines(section.lead), body: self.blocks(section.body), ..section }
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

    fn blocks(&mut self, blocks: Vec<Block<Authored>>) -> Vec<Block<Authored>> {
        let mut kept = Vec::with_capacity(blocks.len());
        for Block { span, kind } in blocks {
            if let BlockKind::Only(condition, body) = kind {
                // A removed passage is still visited, so that unknown ids in it are reported.
                let (applies, body) = (self.applies(&condition), self.blocks(body));
                kept.extend(body.into_iter().filter(|_| applies));
            } else if let Some(kind) = self.kind(kind) {
                kept.push(Block { span, kind });
            }
        }
        kept
    }

    /// Filters a block. Returns `None` if it becomes empty.
    fn kind(&mut self, kind: BlockKind<Authored>) -> Option<BlockKind<Authored>> {
        Some(match kind {
            BlockKind::Paragraph(text) => BlockKind::of_inlines(self.text(text)?),
            BlockKind::Heading { level, id, text } => BlockKind::Heading { level, id, text: self.text(text)? },
            BlockKind::List { start, tight, items } => BlockKind::List { start, tight, items: self.items(items)? },
            BlockKind::Definitions(items) => BlockKind::Definitions(self.definitions(items)?),
            BlockKind::Table(table) => BlockKind::Table(self.table(table)),
            BlockKind::Quote(body) => BlockKind::Quote(self.body(body)?),
            BlockKind::Aside { title, body } => BlockKind::Aside { title, body: self.body(body)? },
            BlockKind::Details { summary, open, body } => {
                BlockKind::Details { summary: self.text(summary)?, open, body: self.body(body)? }
            }
            BlockKind::Epigraph { form, source, body } => BlockKind::Epigraph { form, source, body: self.body(body)? },
            BlockKind::Passage(lang, body) => BlockKind::Passage(lang, self.body(body)?),
            BlockKind::Callout { kind, title, body } => BlockKind::Callout { kind, title, body: self.body(body)? },
            BlockKind::Resources(mut group) => {
                group.ids.retain(|(id, _)| !self.absent.contains(&id.as_str()));
                return (!group.ids.is_empty()).then_some(BlockKind::Resources(group));
            }
            BlockKind::Changes => return self.changes.then_some(BlockKind::Changes),
            // Handled by `blocks`.
            BlockKind::Only(..) => return None,
            kind @ (BlockKind::Code { .. }
            | BlockKind::Rule
            | BlockKind::Figure(_)
            | BlockKind::Video { .. }
            | BlockKind::Credits
            | BlockKind::Licence(_)
            | BlockKind::ImageCredits
            | BlockKind::Imprint) => kind,
        })
    }

    /// Filters blocks. Returns `None` if they become empty.
    fn body(&mut self, body: Vec<Block<Authored>>) -> Option<Vec<Block<Authored>>> {
        let empty = body.is_empty();
        Some(self.blocks(body)).filter(|kept| empty || !kept.is_empty())
    }

    fn items(&mut self, items: Vec<ListItem<Authored>>) -> Option<Vec<ListItem<Authored>>> {
        let kept = items.into_iter().filter_map(|item| Some(ListItem { task: item.task, body: self.body(item.body)? }));
        Some(kept.collect()).filter(|kept: &Vec<_>| !kept.is_empty())
    }

    fn definitions(&mut self, items: Vec<DefinitionItem<Authored>>) -> Option<Vec<DefinitionItem<Authored>>> {
        let kept = items.into_iter().filter_map(|item| {
            let term = self.text(item.term)?;
            let details: Vec<_> = item.details.into_iter().filter_map(|details| self.body(details)).collect();
            (!details.is_empty()).then_some(DefinitionItem { term, details })
        });
        Some(kept.collect()).filter(|kept: &Vec<_>| !kept.is_empty())
    }

    fn table(&mut self, table: Table<Authored>) -> Table<Authored> {
        let header = table.header.into_iter().map(|cell| self.inlines(cell)).collect();
        let rows = table.rows.into_iter().filter_map(|row| {
            let written = row.iter().any(|cell| !is_blank(cell));
            let kept: Vec<_> = row.into_iter().map(|cell| self.inlines(cell)).collect();
            (!written || kept.iter().any(|cell| !is_blank(cell))).then_some(kept)
        });
        let (rows, caption) = (rows.collect(), self.inlines(table.caption));
        Table { caption, header, rows, ..table }
    }

    /// Filters inline elements. Returns `None` if they become blank.
    fn text(&mut self, inlines: Vec<Inline<Authored>>) -> Option<Vec<Inline<Authored>>> {
        let blank = is_blank(&inlines);
        Some(self.inlines(inlines)).filter(|kept| blank || !is_blank(kept))
    }

    fn inlines(&mut self, inlines: Vec<Inline<Authored>>) -> Vec<Inline<Authored>> {
        let mut kept = KeptInlines { inlines: Vec::with_capacity(inlines.len()), dropped: false };
        for Inline { span, kind } in inlines {
            if let InlineKind::Only(condition, inner) = kind {
                let (applies, inner) = (self.applies(&condition), self.inlines(inner));
                match applies {
                    true => inner.into_iter().for_each(|inline| kept.push(inline)),
                    false => kept.drop(),
                }
            } else if let Some(kind) = self.inline(kind) {
                kept.push(Inline { span, kind });
            } else {
                kept.drop();
            }
        }
        kept.finish()
    }

    /// Filters an inline element. Returns `None` if it becomes empty.
    fn inline(&mut self, kind: InlineKind<Authored>) -> Option<InlineKind<Authored>> {
        Some(match kind {
            InlineKind::Emphasis(inner) => InlineKind::Emphasis(self.text(inner)?),
            InlineKind::Strong(inner) => InlineKind::Strong(self.text(inner)?),
            InlineKind::Strike(inner) => InlineKind::Strike(self.text(inner)?),
            InlineKind::Super(inner) => InlineKind::Super(self.text(inner)?),
            InlineKind::Sub(inner) => InlineKind::Sub(self.text(inner)?),
            InlineKind::Kbd(inner) => InlineKind::Kbd(self.text(inner)?),
            InlineKind::Abbr(long, inner) => InlineKind::Abbr(long, self.text(inner)?),
            InlineKind::Link(target, inner) => InlineKind::Link(target, self.text(inner)?),
            InlineKind::Lang(lang, inner) => InlineKind::Lang(lang, self.text(inner)?),
            InlineKind::Note(note) => InlineKind::Note(Note { body: self.body(note.body)?, ..note }),
            // Handled by `inlines`.
            InlineKind::Only(..) => return None,
            kind @ (InlineKind::Text(_)
            | InlineKind::Literal(_)
            | InlineKind::SoftBreak
            | InlineKind::LineBreak
            | InlineKind::Code(_)
            | InlineKind::Reference(_)
            | InlineKind::Image(_)) => kind,
        })
    }
}

/// Returns whether there are only spaces.
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
    fn drop(&mut self) {
        self.dropped = true;
    }

    fn push(&mut self, mut inline: Inline<Authored>) {
        if std::mem::take(&mut self.dropped) {
            match &mut inline.kind {
                InlineKind::SoftBreak if self.ends_in_space() => return self.drop(),
                InlineKind::Text(text) if self.ends_in_space() && text.starts_with(' ') => {
                    let rest = text.trim_start_matches(' ');
                    if rest.is_empty() {
                        return self.drop();
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
        let text = "Call[^n][ again[^m]]{edition=b}.\n\n[^n]: KeptInlines [not]{edition=b} here.\n\n    ::: only {edition=\"b\"}\n    More.\n    :::\n\n[^m]: M.";
        assert_eq!(words(text, "a"), "Call.|KeptInlines here.");
        assert_eq!(words(text, "b"), "Call again.|KeptInlines not here.|More.|M.");
        let mut calls = 0;
        walk_calls(&mut kept("x[^n]\n\n[^n]: [all]{edition=b}", "a").0, &mut |_| calls += 1);
        assert_eq!(calls, 0, "the reference to an empty note is removed");
    }

    #[test]
    fn a_remaining_image_is_a_figure() {
        let (blocks, _) = kept("[ModelNode: ]{edition=b}![A](a.png)", "a");
        assert!(matches!(blocks[0].kind, BlockKind::Figure(_)), "{blocks:?}");
    }

    #[test]
    fn reports_unknown_ids_in_removed_passages() {
        let (_, found) = kept("::: only {edition=\"b\"}\n[x]{since=e}\n:::", "a");
        assert_eq!(found, ["no edition has the id \"e\""]);
    }
}
