//! Flattens name trees and number trees (ISO 32000-1 §7.9.6, §7.9.7).

use std::collections::BTreeSet;

use lopdf::{Document, Object};

use super::{FinishError, entry, resolved};

/// Maximum depth of a tree. A balanced tree of a million leaves has four levels.
const MAX_DEPTH: usize = 32;

/// Returns the pairs of a tree in leaf order. `key` is `Names` or `Nums`.
///
/// # Errors
///
/// Returns an error if the tree contains a node twice, which could be a cycle, if it is too deep, or if a node is not a
/// dictionary.
pub(super) fn leaves<'d>(
    document: &'d Document,
    root: &'d Object,
    key: &'static str,
) -> Result<Vec<(&'d Object, &'d Object)>, FinishError> {
    let mut pairs = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![(root, 0)];
    while let Some((node, depth)) = waiting.pop() {
        if let Ok(id) = node.as_reference()
            && !seen.insert(id)
        {
            return Err(FinishError::Unexpected(format!("a tree of {key} contains object {} twice", id.0)));
        }
        if depth > MAX_DEPTH {
            return Err(FinishError::Unexpected(format!("a tree of {key} is deeper than {MAX_DEPTH} levels")));
        }
        let Some(Object::Dictionary(node)) = resolved(document, node) else {
            return Err(FinishError::Unexpected(format!("a node in a tree of {key} is not a dictionary")));
        };
        if let Some(Object::Array(kids)) = entry(document, node, b"Kids") {
            waiting.extend(kids.iter().rev().map(|kid| (kid, depth + 1)));
        }
        if let Some(Object::Array(leaves)) = entry(document, node, key.as_bytes()) {
            pairs.extend(leaves.as_chunks::<2>().0.iter().map(|[key, value]| (key, value)));
        }
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::*;

    #[test]
    fn returns_pairs_in_leaf_order() -> Result<(), FinishError> {
        let mut document = Document::with_version("1.7");
        let second = document.add_object(dictionary! { "Nums" => vec![5.into(), "b".into()] });
        let first = dictionary! { "Nums" => vec![0.into(), "a".into(), 3.into()] };
        let root = Object::Dictionary(dictionary! { "Kids" => vec![first.into(), second.into()] });
        let pairs = leaves(&document, &root, "Nums")?;
        let keys: Vec<_> = pairs.iter().filter_map(|(key, _)| key.as_i64().ok()).collect();
        assert_eq!(keys, [0, 5], "a key without a value is skipped");
        Ok(())
    }

    #[test]
    fn rejects_a_cycle() {
        let mut document = Document::with_version("1.7");
        let id = document.new_object_id();
        document.objects.insert(id, dictionary! { "Kids" => vec![id.into()] }.into());
        let root = Object::Reference(id);
        assert!(leaves(&document, &root, "Names").is_err());
    }
}
