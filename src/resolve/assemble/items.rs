//! The items of blocks that are generated from the data of an edition. They locate page breaks inside such a block.

use super::Resolved;
use crate::model::{BlockKind, Linked, NoticeForm};
use crate::resolve::rights::{Credit, Words};

impl Resolved {
    /// Returns the introductory text of a block that is generated from data, empty if there is none, followed by the text of each
    /// item, in the order of the outputs. Returns nothing for other blocks.
    pub fn items(&self, kind: &BlockKind<Linked>) -> Vec<String> {
        let (first, items): (Option<String>, Vec<String>) = match kind {
            BlockKind::Credits => (None, self.credit_items()),
            BlockKind::ImageCredits => {
                (None, self.ledger.groups(self.language).into_iter().flat_map(|(_, items)| items).map(|item| item.what).collect())
            }
            BlockKind::Licence(form) => {
                let exceptions = self.exceptions().into_iter().map(|exception| exception.words(self.language));
                let full = exceptions.chain(self.sources.iter().cloned()).filter(|_| *form == NoticeForm::Full);
                (Some(self.language.terms.licence.to_owned()), full.map(|words| Words::joined(&words)).collect())
            }
            BlockKind::Imprint => {
                let erratum = self.edition.erratum.iter().flat_map(|erratum| erratum.items.clone());
                (Some(self.language.terms.published.to_owned()), erratum.collect())
            }
            BlockKind::Changes => {
                let changes = self.edition.changes.as_ref();
                (changes.map(|changes| changes.label.clone()), changes.map(|changes| changes.items.clone()).unwrap_or_default())
            }
            BlockKind::Resources(group) => {
                let badge = group.badge.as_ref().map(|badge| badge.label.clone());
                (badge, group.cards.iter().map(|card| card.title.clone()).collect())
            }
            BlockKind::Video { title, .. } => (Some(title.clone()), Vec::new()),
            BlockKind::Figure(image) => (image.credit.clone(), Vec::new()),
            _ => return Vec::new(),
        };
        std::iter::once(first.unwrap_or_default()).chain(items).collect()
    }

    fn credit_items(&self) -> Vec<String> {
        let names = |credit: &Credit| credit.parties.iter().map(|party| party.name.clone()).collect::<Vec<_>>();
        self.credits.iter().flat_map(|credit| std::iter::once(credit.label.clone()).chain(names(credit))).collect()
    }
}
