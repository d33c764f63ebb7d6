//! Who did what.

use std::collections::BTreeMap;

use super::address::page;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{CreditManifest, Manifest, Organisation, Person, PublicationManifest, ROLES, Role};

/// A role and who holds it.
#[derive(Clone, Debug)]
pub struct Credit {
    /// Printed label.
    pub label: String,
    /// MARC relator code.
    pub marc: &'static str,
    /// Who holds it, in the order of the sources.
    pub parties: Vec<Party>,
}

/// A person or an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its id in the manifest.
    pub id: String,
    /// Name as printed.
    pub name: String,
    /// An organisation, not a person.
    pub organisation: bool,
    /// Its page.
    pub url: Option<String>,
    /// ORCID iD or ROR identifier.
    pub authority: Option<String>,
    /// Short name set in type where no logo is given.
    pub wordmark: Option<String>,
    /// Index into the publication's assets, and the alternative text.
    pub logo: Option<(usize, String)>,
}

/// Everyone that a publication can name: the series' and its own, which win.
#[derive(Debug, Default)]
pub struct Directory {
    parties: BTreeMap<String, Party>,
}

impl Directory {
    /// Adds the people and organisations of a manifest.
    pub fn add(&mut self, people: &BTreeMap<String, Person>, organisations: &BTreeMap<String, Organisation>) {
        for (id, person) in people {
            let party = Party {
                id: id.clone(),
                name: person.name.clone(),
                organisation: false,
                url: person.url.as_ref().map(|url| url.get_ref().clone()),
                authority: person.orcid.as_ref().map(|orcid| format!("https://orcid.org/{}", orcid.get_ref())),
                wordmark: None,
                logo: None,
            };
            self.parties.insert(id.clone(), party);
        }
        for (id, organisation) in organisations {
            let party = Party {
                id: id.clone(),
                name: organisation.name.clone(),
                organisation: true,
                url: organisation.url.as_ref().map(|url| url.get_ref().clone()),
                authority: organisation.ror.clone(),
                wordmark: organisation.wordmark.clone(),
                logo: None,
            };
            self.parties.insert(id.clone(), party);
        }
    }

    /// Checks what the people of a manifest say of themselves.
    pub fn check<T>(&self, manifest: &Manifest<T>, people: &BTreeMap<String, Person>, found: &mut Diagnostics) {
        for person in people.values() {
            if let Some(orcid) = person.orcid.as_ref().filter(|orcid| !is_orcid(orcid.get_ref())) {
                let message = format!("\"{}\" is not an ORCID iD: its digits do not agree with its last one", orcid.get_ref());
                let hint = "copy it again from orcid.org: 0000-0000-0000-0000, without the address";
                found.push(Diagnostic::error(code::CREDIT, message).at(manifest.span(orcid)).hint(hint));
            }
            if let Some(home) = &person.affiliation {
                self.find(home.get_ref(), manifest.span(home), found);
            }
        }
    }

    /// Gives a party its logo.
    pub fn set_logo(&mut self, id: &str, asset: usize, alt: String) {
        if let Some(party) = self.parties.get_mut(id) {
            party.logo = Some((asset, alt));
        }
    }

    /// Finds a party, or says at `span` that there is none.
    pub fn find(&self, id: &str, span: Span, found: &mut Diagnostics) -> Option<Party> {
        let party = self.parties.get(id).cloned();
        if party.is_none() {
            let message = format!("no person or organisation has the id \"{id}\"");
            let known = self.parties.keys().map(String::as_str);
            found.push(Diagnostic::error(code::CREDIT, message).at(span).suggest(id, known).hint(format!(
                "or declare it: [organisations.{id}] or [people.{id}] with a name, in series.toml or publication.toml"
            )));
        }
        party
    }
}

/// Checks the addresses of the sites of people and organisations.
pub fn check_sites<T>(
    manifest: &Manifest<T>,
    people: &BTreeMap<String, Person>,
    organisations: &BTreeMap<String, Organisation>,
    found: &mut Diagnostics,
) {
    let people = people.values().filter_map(|person| person.url.as_ref());
    for url in people.chain(organisations.values().filter_map(|organisation| organisation.url.as_ref())) {
        page(url.get_ref(), "a site", manifest.span(url), found);
    }
}

/// Tells whether an ORCID iD is well formed and its check digit right (ISO 7064, mod 11-2).
fn is_orcid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    if groups.len() != 4 || groups.iter().any(|group| group.len() != 4) {
        return false;
    }
    let characters: Vec<char> = groups.concat().chars().collect();
    let Some((last, digits)) = characters.split_last() else { return false };
    let total = digits.iter().try_fold(0, |total, digit| Some((total + digit.to_digit(10)?) * 2 % 11));
    let expected = total.map(|total| (12 - total) % 11);
    let given = if *last == 'X' { Some(10) } else { last.to_digit(10) };
    given.is_some() && given == expected
}

/// Decides the credits of a publication.
pub fn credits(
    manifest: &Manifest<PublicationManifest>,
    directory: &Directory,
    lang: &str,
    found: &mut Diagnostics,
) -> Vec<Credit> {
    manifest.value.credits.iter().filter_map(|credit| one(manifest, credit, directory, lang, found)).collect()
}

fn one(
    manifest: &Manifest<PublicationManifest>,
    credit: &CreditManifest,
    directory: &Directory,
    lang: &str,
    found: &mut Diagnostics,
) -> Option<Credit> {
    let word = credit.role.get_ref();
    let role = Role::find(word);
    if role.is_none() {
        let message = format!("no role is named \"{word}\"");
        let known = ROLES.iter().map(|role| role.name);
        found.push(Diagnostic::error(code::CREDIT, message).at(manifest.span(&credit.role)).suggest(word, known));
    }
    if credit.names.is_empty() {
        found.push(
            Diagnostic::error(code::CREDIT, "this credit names nobody")
                .at(manifest.span(&credit.role))
                .hint("give names = [\"id of a person or organisation\"], or remove the credit"),
        );
    }
    let parties: Vec<Party> =
        credit.names.iter().filter_map(|name| directory.find(name.get_ref(), manifest.span(name), found)).collect();
    let role = role?;
    let label = credit.label.clone().unwrap_or_else(|| role.label(lang, parties.len()).to_owned());
    Some(Credit { label, marc: role.marc, parties })
}

#[cfg(test)]
mod tests {
    use super::is_orcid;

    #[test]
    fn the_check_digit_of_an_orcid_is_checked() {
        // The examples of ORCID's own documentation.
        for right in ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"] {
            assert!(is_orcid(right), "{right}");
        }
        for wrong in ["0000-0002-1825-0098", "0000-0002-1825-009", "0000000218250097", "0000-0002-1694-2330", "orcid", ""] {
            assert!(!is_orcid(wrong), "{wrong}");
        }
    }
}
