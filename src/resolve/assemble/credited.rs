//! Creators, contributors, publishers and languages in the metadata of an edition.

use super::Resolved;
use crate::resolve::scope::Party;

/// MARC relator code of a publisher.
const PUBLISHER: &str = "pbl";

/// A person or an organisation with all their roles.
#[derive(Clone, Debug)]
pub struct CreditedParty<'a> {
    /// The person or the organisation.
    pub party: &'a Party,
    /// MARC relator codes, each once.
    pub roles: Vec<&'static str>,
    /// URLs of CRediT roles.
    pub contributions: Vec<&'a str>,
    /// Whether it is one of the authors, see [`Resolved::authors`].
    pub creator: bool,
}

impl Resolved {
    /// Returns all parties in the credits except publishers: creators first, each group in the order of the credits. Without a
    /// creator among them, the publisher is the creator.
    pub fn credited_parties(&self) -> Vec<CreditedParty<'_>> {
        let authors = self.authors();
        let mut list: Vec<CreditedParty<'_>> = Vec::new();
        for credit in self.credits.iter().filter(|credit| credit.marc != PUBLISHER) {
            for party in &credit.parties {
                let listed = |known: &CreditedParty| known.party.id == party.id && known.party.organisation == party.organisation;
                let at = list.iter().position(listed).unwrap_or_else(|| {
                    let creator = authors.contains(&party.name.as_str());
                    list.push(CreditedParty { party, roles: vec![], contributions: vec![], creator });
                    list.len() - 1
                });
                let Some(known) = list.get_mut(at) else { continue };
                if !known.roles.contains(&credit.marc) {
                    known.roles.push(credit.marc);
                }
                known.contributions.extend(credit.contribution.as_deref());
            }
        }
        if let Some(publisher) = self.publisher.as_ref().filter(|_| !list.iter().any(|known| known.creator)) {
            list.push(CreditedParty { party: publisher, roles: vec![], contributions: vec![], creator: true });
        }
        list.sort_by_key(|credited| !credited.creator);
        list
    }

    /// Returns the publisher and the parties that are credited as publishers, each name once.
    pub fn publishers(&self) -> Vec<&Party> {
        let credited = self.credits.iter().filter(|credit| credit.marc == PUBLISHER).flat_map(|credit| &credit.parties);
        let mut parties: Vec<&Party> = Vec::new();
        for party in self.publisher.iter().chain(credited) {
            if !parties.iter().any(|known| known.name == party.name) {
                parties.push(party);
            }
        }
        parties
    }

    /// Returns the languages of the text: the language of the publication, then other languages of sections.
    pub fn languages(&self) -> Vec<&str> {
        let mut named = vec![self.language.tag];
        for lang in self.sections.iter().filter_map(|section| section.lang.as_deref()) {
            if !named.contains(&lang) {
                named.push(lang);
            }
        }
        named
    }
}
