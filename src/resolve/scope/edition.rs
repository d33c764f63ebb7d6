//! The texts about an edition.

use crate::manifest::{Date, EditionManifest, Lineage, PublicationManifest};
use crate::resolve::language::Language;

/// A dated version of a publication.
#[derive(Clone, Debug, Hash)]
pub struct Edition {
    /// Short id, such as `2023-05`.
    pub id: String,
    /// Date.
    pub date: Date,
    /// The date in words, « mai 2023 ».
    pub date_label: String,
    /// Printed label, such as « Édition de mai 2023 », or `None` if the edition shows none.
    pub label: Option<String>,
    /// Id of the edition that it is based on.
    pub based_on: Option<String>,
    /// Changes since that edition, or `None` if there are none to list.
    pub changes: Option<EditionChanges>,
    /// The correction of a reissue.
    pub erratum: Option<Erratum>,
}

/// The changes since an earlier edition.
#[derive(Clone, Debug, Hash)]
pub struct EditionChanges {
    /// Introduction, such as « Changements depuis l’édition de mai 2023 : ».
    pub label: String,
    /// The changes, at least one.
    pub items: Vec<String>,
}

/// The correction of a reissue of the same edition.
#[derive(Clone, Debug, Hash)]
pub struct Erratum {
    /// Date of the reissue.
    pub date: Date,
    /// Statement, such as « Version corrigée le 12 juin 2023 », with a colon if a list follows.
    pub label: String,
    /// The corrections.
    pub items: Vec<String>,
}

impl Edition {
    /// Creates the texts about an edition.
    pub fn of(manifest: &PublicationManifest, edition: &EditionManifest, language: Language) -> Self {
        let date = *edition.date.get_ref();
        let label = edition.label.clone().unwrap_or_else(|| language.with_date(language.terms.edition_of, date));
        let erratum = edition.modified.as_ref().map(|modified| {
            let date = *modified.get_ref();
            let items: Vec<String> = edition.errata.iter().map(|line| line.get_ref().clone()).collect();
            let sentence = if date.day.is_some() { language.terms.corrected_on } else { language.terms.corrected_in };
            let sentence = language.with_name(sentence, &language.date(date));
            Erratum { date, label: if items.is_empty() { sentence } else { language.with_colon(&sentence) }, items }
        });
        let base = Lineage::of(manifest, edition).base().filter(|_| !edition.changes.is_empty());
        let changes = base.map(|base| {
            let sentence = language.with_date(language.terms.changes_since, *base.date.get_ref());
            EditionChanges { label: language.with_colon(&sentence), items: edition.changes.clone() }
        });
        Self {
            id: edition.id.get_ref().clone(),
            date,
            date_label: language.date(date),
            label: Some(label).filter(|label| !label.trim().is_empty()),
            based_on: edition.based_on.as_ref().map(|base| base.get_ref().clone()),
            changes,
            erratum,
        }
    }

    /// Returns the date of the last change: the date of the reissue, otherwise of the edition.
    pub fn modified(&self) -> Date {
        self.erratum.as_ref().map_or(self.date, |erratum| erratum.date)
    }
}
