//! Numbering of notes, after conditions have been applied.

use std::collections::BTreeMap;

use crate::model::{Authored, Block, walk_calls};

/// Numbers the notes of a section in reading order, from 1, and keeps the body only at the first reference.
pub fn number(blocks: &mut [Block<Authored>]) {
    number_from(blocks, &mut BTreeMap::new());
}

/// Numbers notes. `known` contains the number and the count of references of each note so far.
fn number_from(blocks: &mut [Block<Authored>], known: &mut BTreeMap<u32, (u32, u32)>) {
    walk_calls(blocks, &mut |note| {
        let next = u32::try_from(known.len() + 1).unwrap_or(u32::MAX);
        let entry = known.entry(note.number).or_insert((next, 0));
        entry.1 += 1;
        (note.number, note.call) = *entry;
        if note.call > 1 {
            note.body.clear();
        }
        number_from(&mut note.body, known);
    });
}
