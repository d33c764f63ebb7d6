//! Changes of the pages, by their pictures.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::PageChanges;
use crate::release::manifest::ReleasedPage;

/// Pairs the pages of two editions: equal pages first, the others in order between them. Running heads and folios, which often
/// contain a date, are compared separately, unless an old release has no digests of the pages without them.
pub fn pages(old: &[ReleasedPage], new: &[ReleasedPage]) -> PageChanges {
    let has_bodies = old.iter().chain(new).all(|page| page.body.is_some());
    let body = |page: &ReleasedPage| page.body.clone().filter(|_| has_bodies).unwrap_or_else(|| page.look.clone());
    let bodies = |pages: &[ReleasedPage]| -> Vec<String> { pages.iter().map(body).collect() };
    let mut changes = PageChanges { old: old.len(), new: new.len(), ..PageChanges::default() };
    for operation in capture_diff_slices(Algorithm::Myers, &bodies(old), &bodies(new)) {
        match operation {
            DiffOp::Equal { old_index, new_index, len } => {
                let pairs = (0..len).map(|at| [old_index + at, new_index + at]);
                let look = |pages: &[ReleasedPage], at: usize| pages.get(at).map(|page| page.look.clone());
                let differs = pairs.filter(|[before, after]| look(old, *before) != look(new, *after));
                changes.only_heads.extend(differs.map(|[before, after]| [before + 1, after + 1]));
            }
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
            looks
                .chars()
                .map(|look| ReleasedPage { label: None, picture: String::new(), look: look.to_string(), body: None })
                .collect()
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

    #[test]
    fn running_heads_are_compared_separately() {
        let of = |looks: &[(&str, &str)]| -> Vec<ReleasedPage> {
            let page = |(look, body): &(&str, &str)| ReleasedPage {
                label: None,
                picture: String::new(),
                look: (*look).to_owned(),
                body: Some((*body).to_owned()),
            };
            looks.iter().map(page).collect()
        };
        let old = of(&[("a1", "a"), ("b1", "b"), ("c", "c")]);
        let dated = pages(&old, &of(&[("a2", "a"), ("b2", "b"), ("c", "c")]));
        assert_eq!((dated.only_heads.as_slice(), dated.changed.len()), (&[[1, 1], [2, 2]][..], 0));
        // A page that is inserted moves the folios of the pages after it.
        let longer = pages(&old, &of(&[("a1", "a"), ("x", "x"), ("b2", "b"), ("c2", "c")]));
        assert_eq!((longer.added.as_slice(), longer.only_heads.as_slice()), (&[2][..], &[[2, 3], [3, 4]][..]));
        assert!(longer.changed.is_empty() && longer.removed.is_empty());
        let one = pages(&old, &of(&[("a2", "a"), ("x", "x"), ("c", "c")]));
        assert_eq!((one.changed.as_slice(), one.only_heads.as_slice()), (&[[2, 2]][..], &[[1, 1]][..]));
    }
}
