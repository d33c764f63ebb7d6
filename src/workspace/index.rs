//! The index of a workspace: the data of each publication that are needed to link to it.
//!
//! The entry of a publication is computed from that publication alone. An edition needs its own entry and those of the
//! publications that it links to, but not their texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::Span;
use crate::manifest::Date;
use crate::model::Anchor;

/// A link target and its place in the edition.
#[derive(Clone, Debug)]
pub struct AnchorEntry {
    /// The target.
    pub anchor: Anchor,
    /// Section that contains it.
    pub section: String,
    /// Number of that section in reading order, from 1.
    pub section_number: usize,
    /// Language of that section, if it differs from that of the publication.
    pub lang: Option<String>,
    /// The id without its number, if the id was numbered because another target has it.
    pub unnumbered: Option<String>,
    /// Location of the id or, if there is none, of the title.
    pub span: Span,
}

/// The targets of one edition, by id.
pub type Anchors = BTreeMap<String, AnchorEntry>;

/// The data of an edition that are needed to link to it.
#[derive(Clone, Debug)]
pub struct EditionIndex {
    /// Id of the edition.
    pub id: String,
    /// Its date.
    pub date: Date,
    /// Its title.
    pub title: String,
    /// File name of its artefacts, without extension.
    pub stem: String,
    /// Its link targets.
    pub anchors: Anchors,
    /// Id of each section, by the name of its file.
    pub files: BTreeMap<String, String>,
}

/// The data of a publication that are needed to link to it.
#[derive(Clone, Debug)]
pub struct PublicationIndex {
    /// Name of its folder.
    pub slug: String,
    /// Folder of its artefacts in the output folder; `None` for a publication outside any series.
    pub series_folder: Option<String>,
    /// Language tag.
    pub lang: String,
    /// Its editions, in the order of the manifest.
    pub editions: Vec<EditionIndex>,
    /// Slugs of the publications that any of its editions refers to in links or resources.
    pub names: BTreeSet<String>,
}

impl PublicationIndex {
    /// Returns the target edition of a link from the edition `id` of another publication: the one with the same id, otherwise the
    /// latest, or `None` if the publication has no edition.
    pub fn edition(&self, id: &str) -> Option<&EditionIndex> {
        let same = self.editions.iter().find(|edition| edition.id == id);
        same.or_else(|| self.editions.iter().max_by_key(|edition| edition.date))
    }

    /// Returns whether an edition other than `id` has the anchor.
    pub fn has_in_other_edition(&self, anchor: &str, id: &str) -> bool {
        self.editions.iter().any(|edition| edition.id != id && edition.anchors.contains_key(anchor))
    }
}

/// The slugs of a workspace, in order of folder.
#[derive(Clone, Debug, Default)]
pub struct Slugs {
    list: Vec<String>,
    /// Index of each slug in `list`, by the slug with composed accents (NFC).
    composed: BTreeMap<String, usize>,
}

impl FromIterator<String> for Slugs {
    fn from_iter<T: IntoIterator<Item = String>>(slugs: T) -> Self {
        let list: Vec<String> = slugs.into_iter().collect();
        let composed = list.iter().enumerate().map(|(number, slug)| (slug.nfc().collect(), number)).collect();
        Self { list, composed }
    }
}

impl Slugs {
    /// Returns the slugs of all publications but one.
    pub fn others<'a>(&'a self, own: &'a str) -> impl Iterator<Item = &'a str> {
        self.list.iter().map(String::as_str).filter(move |slug| *slug != own)
    }

    /// Splits the name of another publication, `slug` or `slug#id`, into its slug and id. Returns `None` if no publication other
    /// than `own` has that slug. A slug may contain `#`, so the longest match is used. Accents may be composed or decomposed.
    pub fn split(&self, name: &str, own: &str) -> Option<(&str, Option<String>)> {
        let name: String = name.nfc().collect();
        let ends = std::iter::once(name.len()).chain(name.rmatch_indices('#').map(|(at, _)| at));
        ends.filter_map(|end| {
            let slug = self.list.get(*self.composed.get(name.get(..end)?)?)?;
            Some((slug.as_str(), name.get(end + 1..).map(str::to_owned)))
        })
        .find(|(slug, _)| *slug != own)
    }
}

/// The index of a workspace.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// The slugs of all publications of the workspace, from the names of their folders.
    pub slugs: Arc<Slugs>,
    /// URL of the published output folder, with a trailing slash.
    pub published_url: Option<String>,
    /// The publications that have been read, by slug.
    pub publications: BTreeMap<String, Arc<PublicationIndex>>,
}

impl Index {
    /// Returns the entry of a publication, or `None` if it has not been read.
    pub fn publication(&self, slug: &str) -> Option<&PublicationIndex> {
        self.publications.get(slug).map(Arc::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_slugs_with_hashes_and_accents() {
        let slugs: Slugs = ["a", "a#b", "e\u{301}te", "own"].map(str::to_owned).into_iter().collect();
        let split = |name: &str| slugs.split(name, "own").map(|(slug, place)| (slug.to_owned(), place.unwrap_or_default()));
        let wanted = |slug: &str, place: &str| Some((slug.to_owned(), place.to_owned()));
        assert_eq!(split("a"), wanted("a", ""));
        assert_eq!(split("a#c"), wanted("a", "c"));
        assert_eq!(split("a#b"), wanted("a#b", ""));
        assert_eq!(split("a#b#c"), wanted("a#b", "c"));
        assert_eq!(split("\u{e9}te#x"), wanted("e\u{301}te", "x"));
        assert_eq!(split("own"), None);
        assert_eq!(split("ab"), None);
        assert_eq!(slugs.split("a#b", "a#b").map(|(slug, place)| (slug, place.unwrap_or_default())), Some(("a", "b".into())));
    }
}
