//! Changes of sections and of their blocks.
//!
//! Sections are paired by id, then by title. In a pair of sections, equal blocks in the same order count as unchanged. Of the
//! remaining blocks, equal ones in any section count as moved; then those with the same id, and then the most similar ones, count as
//! reworded.

use std::collections::{BTreeMap, BTreeSet};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::words::{self, Word, WordChange};
use super::{BlockChange, BlockState, SectionChange, SectionReference, SectionState};
use crate::snapshot::{SectionSnapshot, TextBlock, whole_language};

/// Minimum similarity of two blocks of a section to count as reworded.
const REWORDED: f64 = 0.5;

/// Minimum similarity of two blocks of different sections to count as moved and reworded.
const MIN_MOVED_SIMILARITY: f64 = 0.75;

/// Minimum number of words of a block to be searched for in other sections. Short blocks are similar by chance.
const LONG: usize = 6;

/// Maximum number of pairs of blocks whose similarity is computed. Beyond it, as in a rewritten publication, blocks are reported
/// as added and removed.
const MAX_PAIRS: usize = 4_000_000;

/// The position of a block: the index of its section, and its index in the section.
type BlockPlace = (usize, usize);

/// Returns the sections that changed, in the order of the later edition; removed ones come last.
pub fn sections(old: &[SectionSnapshot], new: &[SectionSnapshot]) -> Vec<SectionChange> {
    let pairs = pair_sections(old, new);
    let moved = moved_sections(&pairs);
    let matching = Matching::of(old, new, &pairs);
    let mut changes = Vec::new();
    for (number, section) in new.iter().enumerate() {
        let state = match pairs.get(&number) {
            None => SectionState::Added,
            Some(_) if moved.contains(&number) => SectionState::Moved,
            Some(_) => SectionState::Kept,
        };
        let mut blocks = matching.changes(number, old, new);
        if let Some(before) = pairs.get(&number) {
            blocks = with_removed(blocks, matching.removed(*before, old));
        }
        if state != SectionState::Kept || !blocks.is_empty() {
            let blocks = blocks.into_iter().map(|(_, change)| change).collect();
            changes.push(changed(section, state, blocks));
        }
    }
    let kept: BTreeSet<usize> = pairs.values().copied().collect();
    for (number, section) in old.iter().enumerate().filter(|(number, _)| !kept.contains(number)) {
        let blocks = matching.removed(number, old).into_iter().map(|(_, change)| change).collect();
        changes.push(changed(section, SectionState::Removed, blocks));
    }
    changes
}

fn changed(section: &SectionSnapshot, change: SectionState, blocks: Vec<BlockChange>) -> SectionChange {
    let SectionSnapshot { id, title, title_languages, .. } = section.clone();
    SectionChange { id, title, title_languages, change, blocks }
}

/// Returns the earlier section of each later one: the one with the same id, otherwise with the same title.
fn pair_sections(old: &[SectionSnapshot], new: &[SectionSnapshot]) -> BTreeMap<usize, usize> {
    let mut pairs = BTreeMap::new();
    let rules: [fn(&SectionSnapshot) -> &str; 2] = [|section| &section.id, |section| &section.title];
    for key in rules {
        for (number, section) in new.iter().enumerate() {
            if pairs.contains_key(&number) {
                continue;
            }
            let taken: BTreeSet<usize> = pairs.values().copied().collect();
            let same = old.iter().enumerate().find(|(before, other)| !taken.contains(before) && key(other) == key(section));
            pairs.extend(same.map(|(before, _)| (number, before)));
        }
    }
    pairs
}

/// Returns the sections of the later edition that moved: those that are not in the longest common subsequence of both editions.
fn moved_sections(pairs: &BTreeMap<usize, usize>) -> BTreeSet<usize> {
    let later: Vec<usize> = pairs.values().copied().collect();
    let mut earlier = later.clone();
    earlier.sort_unstable();
    let kept: BTreeSet<usize> = equal_index_pairs(&earlier, &later).into_iter().map(|(_, new)| new).collect();
    pairs.keys().enumerate().filter(|(place, _)| !kept.contains(place)).map(|(_, number)| *number).collect()
}

/// Returns the index pairs of equal elements in two lists, in order.
fn equal_index_pairs<T: std::hash::Hash + Eq + Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let operations = capture_diff_slices(Algorithm::Myers, old, new);
    let equal = operations.into_iter().filter_map(|operation| match operation {
        DiffOp::Equal { old_index, new_index, len } => Some((old_index, new_index, len)),
        _ => None,
    });
    equal.flat_map(|(old, new, len)| (0..len).map(move |at| (old + at, new + at))).collect()
}

/// The comparison key of a block.
type Key<'a> = (&'a str, crate::snapshot::TextKind);

fn key(block: &TextBlock) -> Key<'_> {
    (block.text.as_str(), block.kind)
}

/// The pairs of later and earlier blocks.
struct Matching {
    /// Blocks that are equal and in order.
    kept: BTreeMap<BlockPlace, BlockPlace>,
    /// Other pairs.
    others: BTreeMap<BlockPlace, BlockPlace>,
    /// Earlier section of each later one.
    sections: BTreeMap<usize, usize>,
    /// Earlier blocks that have a counterpart.
    taken: BTreeSet<BlockPlace>,
}

impl Matching {
    fn of(old: &[SectionSnapshot], new: &[SectionSnapshot], pairs: &BTreeMap<usize, usize>) -> Self {
        let mut kept = BTreeMap::new();
        for (after, before) in pairs {
            let (Some(earlier), Some(later)) = (old.get(*before), new.get(*after)) else { continue };
            let keys = |section| -> Vec<Key<'_>> { blocks_of(section).iter().map(key).collect() };
            kept.extend(equal_index_pairs(&keys(earlier), &keys(later)).into_iter().map(|(o, n)| ((*after, n), (*before, o))));
        }
        let taken = kept.values().copied().collect();
        let mut matching = Self { kept, others: BTreeMap::new(), sections: pairs.clone(), taken };
        matching.pair_moved(old, new);
        matching.pair_same_id(old, new);
        matching.pair_similar(old, new, true);
        matching.pair_similar(old, new, false);
        matching
    }

    fn take(&mut self, new: BlockPlace, old: BlockPlace) {
        self.others.insert(new, old);
        self.taken.insert(old);
    }

    /// Returns the blocks of the earlier and of the later edition that have no counterpart.
    fn unmatched<'a>(&self, old: &'a [SectionSnapshot], new: &'a [SectionSnapshot]) -> [Vec<(BlockPlace, &'a TextBlock)>; 2] {
        let earlier = places(old).filter(|(place, _)| !self.taken.contains(place)).collect();
        let later = places(new).filter(|(place, _)| !self.kept.contains_key(place) && !self.others.contains_key(place));
        [earlier, later.collect()]
    }

    /// Pairs equal blocks that are at different places, first within each pair of sections.
    fn pair_moved(&mut self, old: &[SectionSnapshot], new: &[SectionSnapshot]) {
        for in_section in [true, false] {
            let [earlier, later] = self.unmatched(old, new);
            let mut known: BTreeMap<Key<'_>, Vec<BlockPlace>> = BTreeMap::new();
            earlier.iter().for_each(|(place, block)| known.entry(key(block)).or_default().push(*place));
            for (place, block) in later {
                let Some(candidates) = known.get_mut(&key(block)) else { continue };
                let home = self.sections.get(&place.0);
                let Some(at) = candidates.iter().position(|old| !in_section || Some(&old.0) == home) else { continue };
                let old = candidates.remove(at);
                self.take(place, old);
            }
        }
    }

    /// Pairs blocks with the same id. The titles of paired sections also count as a pair.
    fn pair_same_id(&mut self, old: &[SectionSnapshot], new: &[SectionSnapshot]) {
        let [earlier, later] = self.unmatched(old, new);
        for (place, block) in later {
            let same = earlier.iter().find(|(before, other)| {
                let by_id = block.id.is_some() && other.id == block.id;
                let titles = place.1 == 0 && before.1 == 0 && self.sections.get(&place.0) == Some(&before.0);
                !self.taken.contains(before) && other.kind == block.kind && (by_id || titles)
            });
            if let Some((before, _)) = same {
                self.take(place, *before);
            }
        }
    }

    /// Pairs the most similar blocks, in the same section or in different ones.
    fn pair_similar(&mut self, old: &[SectionSnapshot], new: &[SectionSnapshot], in_section: bool) {
        let [earlier, later] = self.unmatched(old, new);
        if earlier.len().saturating_mul(later.len()) > MAX_PAIRS && !in_section {
            return;
        }
        let earlier: Vec<(BlockPlace, &TextBlock, Vec<&str>)> =
            earlier.into_iter().map(|(place, block)| (place, block, words::bag(&block.text))).collect();
        let mut scored: Vec<(u64, BlockPlace, BlockPlace)> = Vec::new();
        let mut compared = 0;
        for (place, block) in &later {
            let bag = words::bag(&block.text);
            let home = self.sections.get(&place.0);
            for (before, other, other_bag) in &earlier {
                let same_section = home == Some(&before.0);
                let long = bag.len() >= LONG && other_bag.len() >= LONG;
                if same_section != in_section || other.kind != block.kind || !in_section && !long || compared > MAX_PAIRS {
                    continue;
                }
                compared += 1;
                let likeness = words::likeness(other_bag, &bag);
                let same_label = in_section && label(&block.text).is_some_and(|own| label(&other.text) == Some(own));
                let score = if same_label { 0.5 + likeness / 2.0 } else { likeness };
                if score >= if in_section { REWORDED } else { MIN_MOVED_SIMILARITY } {
                    // As integers, scores can be sorted; the greatest similarity comes first.
                    scored.push(((1e6 * (1.0 - score)) as u64, *place, *before));
                }
            }
        }
        scored.sort_unstable();
        for (_, place, before) in scored {
            if !self.taken.contains(&before) && !self.others.contains_key(&place) {
                self.take(place, before);
            }
        }
    }

    /// Returns the changed blocks of a later section, each with the index of the earlier block that it follows.
    fn changes(&self, section: usize, old: &[SectionSnapshot], new: &[SectionSnapshot]) -> Vec<(Option<usize>, BlockChange)> {
        let blocks = new.get(section).map(blocks_of).unwrap_or_default();
        let home = self.sections.get(&section);
        let mut last = None;
        let mut changes = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            let place = (section, index);
            if let Some(before) = self.kept.get(&place) {
                last = Some(before.1);
                continue;
            }
            let found = self.others.get(&place).and_then(|before| Some((*before, block_at(old, *before)?)));
            let (kind, id) = (block.kind, block.id.clone());
            let Some((before, other)) = found else {
                changes.push((last, without_counterpart(BlockState::Added, block, words::whole(WordChange::Added, block))));
                continue;
            };
            let from = old.get(before.0).filter(|_| Some(&before.0) != home).map(reference);
            let in_order = from.is_none() && !self.crosses(place, before);
            let next = block_at(old, (before.0, before.1 + 1)).filter(|_| from.is_none() && !in_order);
            if in_order {
                last = Some(before.1);
            }
            let (change, words) = match (other.text == block.text, in_order) {
                (false, true) => (BlockState::Reworded, words::compare(other, block)),
                (false, false) => (BlockState::MovedAndReworded, words::compare(other, block)),
                (true, _) => (BlockState::Moved, words::whole(WordChange::Kept, block)),
            };
            let before_lang = next.and_then(|next| whole_language(&next.text, &next.languages)).map(str::to_owned);
            let before = next.map(|next| next.text.clone());
            changes.push((last, BlockChange { change, kind, id, words, from, before, before_lang }));
        }
        changes
    }

    /// Returns whether a pair is out of order with the blocks of its section that were kept.
    fn crosses(&self, new: BlockPlace, old: BlockPlace) -> bool {
        let own = |(place, _): &(&BlockPlace, &BlockPlace)| place.0 == new.0;
        self.kept.iter().filter(own).any(|(place, before)| (place.1 < new.1) != (before.1 < old.1))
    }

    /// Returns the removed blocks of an earlier section with their indices.
    fn removed(&self, section: usize, old: &[SectionSnapshot]) -> Vec<(usize, BlockChange)> {
        let blocks = old.get(section).map(blocks_of).unwrap_or_default();
        let gone = blocks.iter().enumerate().filter(|(index, _)| !self.taken.contains(&(section, *index)));
        gone.map(|(index, block)| {
            (index, without_counterpart(BlockState::Removed, block, words::whole(WordChange::Removed, block)))
        })
        .collect()
    }
}

/// Merges the removed blocks of a section into its other changes, each after the block that it followed.
fn with_removed(
    changes: Vec<(Option<usize>, BlockChange)>,
    removed: Vec<(usize, BlockChange)>,
) -> Vec<(Option<usize>, BlockChange)> {
    let mut all: Vec<(Option<usize>, BlockChange)> = Vec::new();
    let mut removed = removed.into_iter().peekable();
    for (last, change) in changes {
        while let Some((index, gone)) = removed.next_if(|(index, _)| last.is_some_and(|last| *index <= last)) {
            all.push((Some(index), gone));
        }
        all.push((last, change));
    }
    all.extend(removed.map(|(index, gone)| (Some(index), gone)));
    all
}

/// Returns the change of a block that has no counterpart.
fn without_counterpart(change: BlockState, block: &TextBlock, words: Vec<Word>) -> BlockChange {
    BlockChange { change, kind: block.kind, id: block.id.clone(), words, from: None, before: None, before_lang: None }
}

fn reference(section: &SectionSnapshot) -> SectionReference {
    let lang = whole_language(&section.title, &section.title_languages).map(str::to_owned);
    SectionReference { id: section.id.clone(), title: section.title.clone(), lang }
}

fn blocks_of(section: &SectionSnapshot) -> &[TextBlock] {
    &section.blocks
}

fn block_at(sections: &[SectionSnapshot], place: BlockPlace) -> Option<&TextBlock> {
    sections.get(place.0)?.blocks.get(place.1)
}

fn places(sections: &[SectionSnapshot]) -> impl Iterator<Item = (BlockPlace, &TextBlock)> {
    let numbered = sections.iter().enumerate();
    numbered.flat_map(|(section, own)| own.blocks.iter().enumerate().map(move |(index, block)| ((section, index), block)))
}

/// Maximum length of a label in bytes.
const MAX_LABEL: usize = 60;

/// Returns the label of a line such as "Published: 4 March 2025": the words before its colon.
fn label(text: &str) -> Option<&str> {
    let label = text.split_once(':')?.0.trim();
    (!label.is_empty() && label.len() <= MAX_LABEL).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::TextKind;

    fn section(id: &str, texts: &[&str]) -> SectionSnapshot {
        let block = |text: &&str| TextBlock { kind: TextKind::Paragraph, id: None, text: (*text).to_owned(), languages: vec![] };
        let (title, title_languages) = (id.to_uppercase(), Vec::new());
        SectionSnapshot { id: id.to_owned(), title, title_languages, blocks: texts.iter().map(block).collect() }
    }

    /// Returns the changes as lines: section, state of the section, state and words of each block.
    fn lines(old: &[SectionSnapshot], new: &[SectionSnapshot]) -> Vec<String> {
        let mut lines = Vec::new();
        for section in sections(old, new) {
            lines.push(format!("{} {:?}", section.id, section.change));
            for block in section.blocks {
                let words: Vec<String> = block.words.iter().map(|word| format!("{:?}:{}", word.change, word.text)).collect();
                lines.push(
                    format!("  {:?} {} {}", block.change, words.join("/"), block.from.map(|from| from.id).unwrap_or_default())
                        .trim_end()
                        .to_owned(),
                );
            }
        }
        lines
    }

    const LONG_TEXT: &str = "The lock keeper opens both gates before noon";

    #[test]
    fn equal_editions_have_no_changes() {
        let edition = [section("a", &["One.", "Two.", "Two."]), section("b", &[])];
        assert_eq!(lines(&edition, &edition), Vec::<String>::new());
    }

    #[test]
    fn blocks_are_added_removed_and_reworded() {
        let old = [section("a", &["One.", LONG_TEXT, "Gone."])];
        let new = [section("a", &["One.", "The lock keeper opens all gates before noon", "New."])];
        assert_eq!(
            lines(&old, &new),
            [
                "a Kept",
                "  Reworded Kept:The lock keeper opens /Removed:both /Added:all /Kept:gates before noon",
                "  Added Added:New.",
                "  Removed Removed:Gone.",
            ]
        );
    }

    #[test]
    fn lines_with_one_label_are_paired() {
        let old = [section("a", &["Published: 4 March 2025", "Licence: open"])];
        let new = [section("a", &["Published: 10 May 2026", "Changes since the edition of 4 March 2025:", "Licence: open"])];
        assert_eq!(
            lines(&old, &new),
            [
                "a Kept",
                "  Reworded Kept:Published: /Removed:4 March 2025 /Added:10 May 2026",
                "  Added Added:Changes since the edition of 4 March 2025:",
            ]
        );
    }

    #[test]
    fn a_moved_block_is_reported_once() {
        let old = [section("a", &["One.", "Two.", "Three."]), section("b", &["Four."])];
        let new = [section("a", &["Two.", "Three.", "One."]), section("b", &["Four."])];
        assert_eq!(lines(&old, &new), ["a Kept", "  Moved Kept:One."]);
        let new = [section("a", &["One.", "Three."]), section("b", &["Two.", "Four."])];
        assert_eq!(lines(&old, &new), ["b Kept", "  Moved Kept:Two. a"]);
    }

    #[test]
    fn a_long_block_is_found_in_another_section_although_reworded() {
        let old = [section("a", &["One.", LONG_TEXT]), section("b", &["Four."])];
        let new = [section("a", &["One."]), section("b", &["Four.", "The lock keeper opens both gates after noon"])];
        let words = "Kept:The lock keeper opens both gates /Removed:before /Added:after /Kept:noon a";
        assert_eq!(lines(&old, &new), ["b Kept".to_owned(), format!("  MovedAndReworded {words}")]);
    }

    #[test]
    fn sections_are_added_removed_moved_and_renamed() {
        let old = [section("a", &["A."]), section("b", &["B."]), section("c", &["C."]), section("d", &["D."])];
        let new = [section("c", &["C."]), section("a", &["A."]), section("b", &["B."]), section("e", &["E."])];
        assert_eq!(lines(&old, &new), ["c Moved", "e Added", "  Added Added:E.", "d Removed", "  Removed Removed:D."]);
        let mut renamed = old.clone();
        renamed[1].id = "other".into();
        assert_eq!(lines(&old, &renamed), Vec::<String>::new(), "a section with the same title is the same section");
    }
}
