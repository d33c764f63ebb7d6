//! Pages whose picture changed.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::PageChanges;
use crate::release::manifest::ReleasedPage;

/// Pairs the pages of two editions: equal pages first, the others in order between them.
pub fn pages(old: &[ReleasedPage], new: &[ReleasedPage]) -> PageChanges {
    let looks = |pages: &[ReleasedPage]| -> Vec<String> { pages.iter().map(|page| page.look.clone()).collect() };
    let mut changes = PageChanges { old: old.len(), new: new.len(), ..PageChanges::default() };
    for operation in capture_diff_slices(Algorithm::Myers, &looks(old), &looks(new)) {
        match operation {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete { old_index, old_len, .. } => {
                changes.removed.extend((old_index..old_index + old_len).map(|at| at + 1))
            }
            DiffOp::Insert { new_index, new_len, .. } => changes.added.extend((new_index..new_index + new_len).map(|at| at + 1)),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let both = old_len.min(new_len);
                changes.changed.extend((0..both).map(|at| [old_index + at + 1, new_index + at + 1]));
                changes.removed.extend((both..old_len).map(|at| old_index + at + 1));
                changes.added.extend((both..new_len).map(|at| new_index + at + 1));
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_paired_between_equal_ones() {
        let of = |looks: &str| -> Vec<ReleasedPage> {
            looks.chars().map(|look| ReleasedPage { label: None, picture: String::new(), look: look.to_string() }).collect()
        };
        let same = pages(&of("abc"), &of("abc"));
        assert_eq!((same.old, same.new), (3, 3));
        assert!(same.changed.is_empty() && same.added.is_empty() && same.removed.is_empty());
        let one = pages(&of("abc"), &of("axc"));
        assert_eq!(one.changed, [[2, 2]]);
        let more = pages(&of("abc"), &of("abxyc"));
        assert_eq!((more.changed.as_slice(), more.added.as_slice()), (&[][..], &[3, 4][..]));
        let less = pages(&of("abcd"), &of("axd"));
        assert_eq!((less.changed.as_slice(), less.removed.as_slice()), (&[[2, 2]][..], &[3][..]));
    }
}
