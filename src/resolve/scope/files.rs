//! Links to source files, as other tools resolve them: `other.md`, `../leaflet/locks.md#gates`.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::manifest::{join_path, percent_decoded};
use crate::model::{AnchorKind, AuthoredSection, plain_text};
use crate::workspace::{AnchorEntry, Anchors, Slugs};

/// A Markdown file of the workspace that a link names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its folder, relative to the root of the project.
    folder: String,
    /// Its name, without extension.
    pub name: String,
    /// The id after the `#`.
    pub id: Option<String>,
}

impl SourceFile {
    /// Reads the address of a link in a text of the folder `from`. Returns `None` if it is not a relative path to a Markdown
    /// file.
    pub fn of(address: &str, from: &str) -> Option<Self> {
        let (path, id) = address.split_once('#').map_or((address, None), |(path, id)| (path, Some(id)));
        let path = path.split('?').next().filter(|path| !path.contains(':'))?;
        let path = percent_decoded(path).unwrap_or_else(|| path.to_owned());
        let stem = path.strip_suffix(".md").or_else(|| path.strip_suffix(".MD"))?;
        let joined: String = join_path(from, stem).ok()?.nfc().collect();
        let (folder, name) = joined.rsplit_once('/').unwrap_or(("", &joined));
        let id = id.filter(|id| !id.is_empty()).map(|id| percent_decoded(id).unwrap_or_else(|| id.to_owned()));
        Some(Self { folder: folder.to_owned(), name: name.to_owned(), id })
    }

    /// Returns whether it is in a folder.
    pub fn is_in(&self, folder: &str) -> bool {
        folder.nfc().eq(self.folder.chars())
    }

    /// Returns the slug of the publication in its folder, unless it is that of `own`.
    pub fn slug<'a>(&self, slugs: &'a Slugs, own: &str) -> Option<&'a str> {
        let name = self.folder.rsplit('/').next().unwrap_or_default();
        slugs.split(name, own).filter(|(_, id)| id.is_none()).map(|(slug, _)| slug)
    }
}

/// Returns the id of each section, by the name of its file.
pub fn section_files(sections: &[AuthoredSection]) -> BTreeMap<String, String> {
    sections.iter().map(|section| (section.file.nfc().collect(), section.id.clone())).collect()
}

/// Returns the target with an id among those that `is_candidate` selects, or else the only section or heading with the same
/// letters and digits. Other tools derive ids from headings by different rules, such as `dispatchaction` from "dispatch(action)".
pub fn anchor_like<'a>(anchors: &'a Anchors, id: &str, is_candidate: impl Fn(&AnchorEntry) -> bool) -> Option<&'a str> {
    if let Some((id, _)) = anchors.get_key_value(id).filter(|(_, entry)| is_candidate(entry)) {
        return Some(id);
    }
    let wanted = Some(letters(id)).filter(|wanted| !wanted.is_empty())?;
    let is_named = |entry: &AnchorEntry| {
        matches!(entry.anchor.kind, AnchorKind::Heading | AnchorKind::Section)
            && letters(&plain_text(&entry.anchor.title)) == wanted
    };
    let mut named = anchors.iter().filter(|(_, entry)| is_candidate(entry) && is_named(entry));
    match (named.next(), named.next()) {
        (Some((id, _)), None) => Some(id),
        _ => None,
    }
}

/// Returns the letters and digits of a text in lower case, without accents.
fn letters(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c) && c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_paths_to_markdown_files() {
        let read = |address: &str| {
            let file = SourceFile::of(address, "sources/rivages/carnet")?;
            Some((file.folder, file.name, file.id.unwrap_or_default()))
        };
        let wanted = |folder: &str, name: &str, id: &str| Some((folder.to_owned(), name.to_owned(), id.to_owned()));
        assert_eq!(read("courbe.md"), wanted("sources/rivages/carnet", "courbe", ""));
        assert_eq!(read("./courbe.md#l%C3%A9ger"), wanted("sources/rivages/carnet", "courbe", "léger"));
        assert_eq!(read("../guide/01-a%20b.md#x"), wanted("sources/rivages/guide", "01-a b", "x"));
        assert_eq!(read("e\u{301}te.md"), wanted("sources/rivages/carnet", "\u{e9}te", ""));
        for other in ["https://example.org/a.md", "a.html", "#a.md", "mailto:a.md", "../../../../a.md", "/a.md", ""] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
