//! Changes of image files, and of the files of a release with their claims.

use std::collections::BTreeMap;

use super::ListChange;
use super::facts::difference;
use crate::disk::Sha256;
use crate::release::manifest::{InputFile, ReleaseManifest};

/// Extensions of images.
const IMAGES: [&str; 7] = ["gif", "jpeg", "jpg", "pdf", "png", "svg", "webp"];

/// Compares the image files among the sources by path and digest.
pub fn images(old: &[InputFile], new: &[InputFile]) -> ListChange {
    let (before, after) = (by_path(old), by_path(new));
    let less = |one: &BTreeMap<&str, Sha256>, other: &BTreeMap<&str, Sha256>| -> Vec<String> {
        one.keys().filter(|path| !other.contains_key(*path)).map(|path| (*path).to_owned()).collect()
    };
    let replaced = after.iter().filter(|(path, sum)| before.get(*path).is_some_and(|old| old != *sum));
    ListChange {
        added: less(&after, &before),
        removed: less(&before, &after),
        replaced: replaced.map(|(path, _)| (*path).to_owned()).collect(),
        ..ListChange::default()
    }
}

fn by_path(inputs: &[InputFile]) -> BTreeMap<&str, Sha256> {
    let is_image = |path: &str| {
        let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        extension.is_some_and(|extension| IMAGES.contains(&extension.as_str()))
    };
    let images = inputs.iter().filter(|input| is_image(&input.path));
    images.map(|input| (input.path.as_str(), input.sha256)).collect()
}

/// Compares the files of two releases by kind, with their claims.
pub fn files(old: &ReleaseManifest, new: &ReleaseManifest) -> ListChange {
    difference(&claimed(old), &claimed(new))
}

/// Returns one line for each file, and one for each of its claims: `epub`, `epub — EPUB Accessibility 1.1 - WCAG 2.2 Level AA`.
fn claimed(manifest: &ReleaseManifest) -> Vec<String> {
    let inspection = &manifest.edition.inspection;
    let stem = format!("{}-{}", inspection.publication, inspection.edition.id);
    let lines = manifest.artefacts.iter().flat_map(|file| {
        let kind = file.path.strip_prefix(&stem).unwrap_or(&file.path).trim_start_matches(['.', '-']);
        let claims = file.claims.iter().map(move |claim| format!("{kind} — {claim}"));
        std::iter::once(kind.to_owned()).chain(claims)
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(path: &str, contents: &str) -> InputFile {
        InputFile { path: path.to_owned(), sha256: Sha256::of(contents.as_bytes()) }
    }

    #[test]
    fn an_image_with_other_contents_is_replaced() {
        let old = [input("a/port.jpg", "1"), input("a/text.md", "1"), input("a/old.PNG", "1"), input("a/same.svg", "1")];
        let new = [input("a/port.jpg", "2"), input("a/text.md", "2"), input("a/new.webp", "1"), input("a/same.svg", "1")];
        let list = |path: &str| vec![path.to_owned()];
        let expected = ListChange {
            added: list("a/new.webp"),
            removed: list("a/old.PNG"),
            replaced: list("a/port.jpg"),
            ..ListChange::default()
        };
        assert_eq!(images(&old, &new), expected);
    }
}
