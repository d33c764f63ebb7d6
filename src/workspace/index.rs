//! The index of a workspace: what one publication must know of another to link to it.
//!
//! The entry of a publication is computed once, from that publication alone. An edition needs the entries of the publications
//! that it names, and its own; it never needs their texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::Span;
use crate::manifest::Date;

/// A place that links can name.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// Section that contains it.
    pub section: String,
    /// Number of that section in reading order, from 1.
    pub number: usize,
    /// Language of that section, where it differs from the publication's.
    pub lang: Option<String>,
    /// Title of the place.
    pub title: String,
    /// The id that it would have, if another place had not taken it.
    pub wanted: Option<String>,
    /// Where it is given its id or, without one, its title.
    pub span: Span,
}

/// The places of one edition, by id.
pub type Anchors = BTreeMap<String, Anchor>;

/// What links need of one edition.
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
    /// Its places.
    pub anchors: Anchors,
}

/// What links need of one publication.
#[derive(Clone, Debug)]
pub struct PublicationIndex {
    /// Name of its folder.
    pub slug: String,
    /// Folder of its artefacts in the output folder; none for a publication outside any series.
    pub series_folder: Option<String>,
    /// Tag of its language.
    pub lang: String,
    /// Its editions, in the order of the manifest.
    pub editions: Vec<EditionIndex>,
    /// Slugs of the publications that it names in links or as resources, in whatever edition.
    pub names: BTreeSet<String>,
}

impl PublicationIndex {
    /// Returns the edition that a link from the edition `id` of another publication leads to: the one of the same id, else the
    /// latest; none if the publication has no edition.
    pub fn edition(&self, id: &str) -> Option<&EditionIndex> {
        let same = self.editions.iter().find(|edition| edition.id == id);
        same.or_else(|| self.editions.iter().max_by_key(|edition| edition.date))
    }

    /// Returns whether an edition other than `id` has a place of that id.
    pub fn has_elsewhere(&self, anchor: &str, id: &str) -> bool {
        self.editions.iter().any(|edition| edition.id != id && edition.anchors.contains_key(anchor))
    }
}

/// The slugs of a workspace, in the order of the folders.
#[derive(Clone, Debug, Default)]
pub struct Slugs {
    list: Vec<String>,
    /// Index of each in the list, by the slug with its accents composed.
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
    /// Lists the slugs of all publications but one.
    pub fn others<'a>(&'a self, own: &'a str) -> impl Iterator<Item = &'a str> {
        self.list.iter().map(String::as_str).filter(move |slug| *slug != own)
    }

    /// Splits the name of another publication, `slug` or `slug#id`, into its slug and the id of a place; none if no publication
    /// but `own` has that slug. A slug may contain a `#`, so the longest that fits is meant; its accents may be composed or not.
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
    /// The slugs of every publication of the workspace, known from the names of the folders alone.
    pub slugs: Arc<Slugs>,
    /// Address of the output folder online, with a slash at its end.
    pub published_at: Option<String>,
    /// The publications that have been read, by slug.
    pub publications: BTreeMap<String, Arc<PublicationIndex>>,
}

impl Index {
    /// Returns the entry of a publication; none if it has not been read.
    pub fn publication(&self, slug: &str) -> Option<&PublicationIndex> {
        self.publications.get(slug).map(Arc::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_may_contain_a_hash_and_be_written_with_other_accents() {
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
