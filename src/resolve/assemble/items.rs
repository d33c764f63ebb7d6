//! The items of the blocks that are made of the data of an edition, by which page breaks inside such a block are located.

use super::Resolved;
use crate::model::{BlockKind, Linked, NoticeForm};
use crate::resolve::rights::Words;

impl Resolved {
    /// Returns the first text of each item of a block that is made of data, in the order of the outputs. Other blocks have none.
    pub fn items(&self, kind: &BlockKind<Linked>) -> Vec<String> {
        match kind {
            BlockKind::Credits => self
                .credits
                .iter()
                .flat_map(|credit| std::iter::once(&credit.label).chain(credit.parties.iter().map(|party| &party.name)))
                .cloned()
                .collect(),
            BlockKind::ImageCredits => {
                self.ledger.groups().into_iter().flat_map(|(_, items)| items).map(|item| item.what.clone()).collect()
            }
            BlockKind::Licence(NoticeForm::Full) => {
                let exceptions = self.exceptions().into_iter().map(|exception| exception.words(self.language));
                exceptions.chain(self.sources.iter().cloned()).map(|words| Words::joined(&words)).collect()
            }
            BlockKind::Imprint => self.edition.erratum.iter().flat_map(|erratum| erratum.items.clone()).collect(),
            BlockKind::Changes => self.edition.changes.iter().flat_map(|changes| changes.items.clone()).collect(),
            BlockKind::Resources(group) => group.cards.iter().map(|card| card.title.clone()).collect(),
            _ => Vec::new(),
        }
    }
}
