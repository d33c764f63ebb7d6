//! The tree walker, immutable and mutable, and the functions that use it.

use super::{Block, BlockKind, Inline, InlineKind, Note, Phase};

macro_rules! walker {
    ($walk:ident, $calls:ident, $part:ident, $iter:ident, $inner:ident $(, $mutable:tt)?) => {
        /// A node that the walker visits.
        pub enum $part<'a, P: Phase> {
            /// A block, before its content.
            Block(&'a $($mutable)? Block<P>),
            /// A run of text of the last visited block.
            Text(&'a $($mutable)? [Inline<P>]),
        }

        fn $walk<P: Phase>(blocks: &$($mutable)? [Block<P>], visit: &mut dyn FnMut($part<'_, P>)) {
            for block in blocks {
                visit($part::Block(&$($mutable)? *block));
                match &$($mutable)? block.kind {
                    BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } => visit($part::Text(text)),
                    BlockKind::List { items, .. } => items.$iter().for_each(|item| $walk(&$($mutable)? item.body, visit)),
                    BlockKind::Definitions(items) => {
                        for item in items {
                            visit($part::Text(&$($mutable)? item.term));
                            item.details.$iter().for_each(|details| $walk(details, visit));
                        }
                    }
                    BlockKind::Table(table) => {
                        visit($part::Text(&$($mutable)? table.caption));
                        let cells = table.header.$iter().chain(table.rows.$iter().flatten());
                        cells.for_each(|cell| visit($part::Text(cell)));
                    }
                    BlockKind::Details { summary, body, .. } => {
                        visit($part::Text(summary));
                        $walk(body, visit);
                    }
                    BlockKind::Quote(body)
                    | BlockKind::Callout { body, .. }
                    | BlockKind::Aside { body, .. }
                    | BlockKind::Epigraph { body, .. }
                    | BlockKind::Passage(_, body)
                    | BlockKind::Only(_, body) => $walk(body, visit),
                    BlockKind::Code { .. }
                    | BlockKind::Rule
                    | BlockKind::Figure(_)
                    | BlockKind::Resources(_)
                    | BlockKind::Video { .. }
                    | BlockKind::Credits
                    | BlockKind::Licence(_)
                    | BlockKind::ImageCredits
                    | BlockKind::Imprint
                    | BlockKind::Changes => {}
                }
            }
        }

        fn $calls<P: Phase>(inlines: &$($mutable)? [Inline<P>], visit: &mut dyn FnMut(&$($mutable)? Note<P>)) {
            for inline in inlines {
                match &$($mutable)? inline.kind {
                    InlineKind::Note(note) => visit(note),
                    kind => $calls(kind.$inner(), visit),
                }
            }
        }
    };
}

walker!(look, calls_seen, Seen, iter, inner);
walker!(walk, calls, Part, iter_mut, inner_mut, mut);

/// Calls `visit` on every block in reading order, outer before inner, notes included.
pub fn walk_blocks<P: Phase>(blocks: &mut [Block<P>], visit: &mut dyn FnMut(&mut Block<P>)) {
    walk(blocks, &mut |part| match part {
        Part::Block(block) => visit(block),
        Part::Text(text) => calls(text, &mut |note| walk_blocks(&mut note.body, visit)),
    });
}

/// Calls `visit` on every reference to a note in reading order, without visiting the bodies of notes.
pub fn walk_calls<P: Phase>(blocks: &mut [Block<P>], visit: &mut dyn FnMut(&mut Note<P>)) {
    walk(blocks, &mut |part| {
        if let Part::Text(text) = part {
            calls(text, visit);
        }
    });
}

/// Calls `visit` on every block and every run of text in reading order, outer before inner, notes after the run that references
/// them.
pub fn visit<P: Phase>(blocks: &[Block<P>], seen: &mut dyn FnMut(Seen<'_, P>)) {
    look(blocks, &mut |part| {
        let text = match &part {
            Seen::Text(text) => Some(*text),
            Seen::Block(_) => None,
        };
        seen(part);
        if let Some(text) = text {
            calls_seen(text, &mut |note| visit(&note.body, seen));
        }
    });
}

/// Calls `seen` on every inline of a body, outer before inner, notes after the run that references them.
pub fn visit_inlines<P: Phase>(blocks: &[Block<P>], seen: &mut dyn FnMut(&Inline<P>)) {
    visit(blocks, &mut |part| {
        if let Seen::Text(text) = part {
            within(text, seen);
        }
    });
}

/// Calls `seen` on every inline of one run of text, without the bodies of its notes.
pub fn within<P: Phase>(inlines: &[Inline<P>], seen: &mut dyn FnMut(&Inline<P>)) {
    for inline in inlines {
        seen(inline);
        within(inline.kind.inner(), seen);
    }
}
