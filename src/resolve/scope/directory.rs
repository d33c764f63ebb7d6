//! The people and organisations that a publication can refer to.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{Manifest, Organisation, Person, page_address};
use crate::resolve::identifiers;
use crate::resolve::language::Language;
use crate::workspace::Publication;

/// A person or an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Party {
    /// Its id in the manifest.
    pub id: String,
    /// Printed name.
    pub name: String,
    /// Name for sorting in catalogues.
    pub sort: Option<String>,
    /// Whether it is an organisation.
    pub organisation: bool,
    /// Web page.
    pub url: Option<String>,
    /// Address of its ORCID iD or ROR identifier.
    pub authority: Option<String>,
    /// Name of the organisation that a person belongs to.
    pub affiliation: Option<String>,
    /// Whether an earlier credit names it. Its affiliation and ORCID iD are then not shown again.
    pub known: bool,
    /// Short name, printed where there is no logo.
    pub wordmark: Option<String>,
    /// Index of the logo into the assets of the publication, and its alternative text.
    pub logo: Option<(usize, String)>,
}

impl Party {
    /// Returns the target of a link from its name: its web page, or for an organisation without one, its ROR entry.
    pub fn page(&self) -> Option<&str> {
        let registry = self.authority.as_deref().filter(|_| self.organisation);
        self.url.as_deref().or(registry)
    }

    /// Returns the affiliation to show after the name.
    pub fn shown_affiliation(&self) -> Option<&str> {
        self.affiliation.as_deref().filter(|_| !self.known)
    }

    /// Returns the address of a person's ORCID iD.
    pub fn orcid(&self) -> Option<&str> {
        self.authority.as_deref().filter(|_| !self.organisation)
    }

    /// Returns the address of the ORCID iD to show after the name.
    pub fn shown_orcid(&self) -> Option<&str> {
        self.orcid().filter(|_| !self.known)
    }

    /// Returns the accessible name of the link to the ORCID iD, which identifies the link in a list of links.
    pub fn orcid_name(&self, language: Language) -> String {
        language.with_name(language.terms.orcid_of, &self.name)
    }
}

/// The people and organisations of a publication and its series. Declarations of the publication override those of the series.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    parties: BTreeMap<String, Party>,
    /// Affiliations: the id of the organisation, by id of the person.
    affiliations: BTreeMap<String, String>,
}

impl Directory {
    /// Reads and validates the people and organisations of a publication and its series.
    pub fn of(publication: &Publication, found: &mut Diagnostics) -> Self {
        let mut directory = Self::default();
        let value = &publication.manifest.value;
        for id in value.people.keys().filter(|id| value.organisations.contains_key(*id)) {
            let message = format!("a person and an organisation have the id \"{id}\"");
            let twice = Diagnostic::new(code::DUPLICATE, message).at(publication.manifest.span(&value.title));
            found.push(twice.hint("give one of them another id"));
        }
        if let Some((series, _)) = &publication.series {
            directory.add(&series.value.people, &series.value.organisations);
        }
        directory.add(&value.people, &value.organisations);
        if let Some((series, _)) = &publication.series {
            directory.validate(series, &series.value.people, &series.value.organisations, found);
        }
        directory.validate(&publication.manifest, &value.people, &value.organisations, found);
        directory
    }

    /// Adds the people and organisations of a manifest.
    fn add(&mut self, people: &BTreeMap<String, Person>, organisations: &BTreeMap<String, Organisation>) {
        for (id, person) in people {
            let party = Party {
                id: id.clone(),
                name: person.name.clone(),
                sort: person.sort.clone(),
                organisation: false,
                url: person.url.as_ref().map(|url| url.get_ref().clone()),
                authority: None,
                affiliation: None,
                known: false,
                wordmark: None,
                logo: None,
            };
            self.parties.insert(id.clone(), party);
            match &person.affiliation {
                Some(affiliation) => self.affiliations.insert(id.clone(), affiliation.get_ref().clone()),
                None => self.affiliations.remove(id),
            };
        }
        for (id, organisation) in organisations {
            let party = Party {
                id: id.clone(),
                name: organisation.name.clone(),
                sort: None,
                organisation: true,
                url: organisation.url.as_ref().map(|url| url.get_ref().clone()),
                authority: None,
                affiliation: None,
                known: false,
                wordmark: organisation.wordmark.clone(),
                logo: None,
            };
            self.parties.insert(id.clone(), party);
        }
    }

    /// Validates the people and organisations of a manifest, and parses their identifiers.
    fn validate<T>(
        &mut self,
        manifest: &Manifest<T>,
        people: &BTreeMap<String, Person>,
        organisations: &BTreeMap<String, Organisation>,
        found: &mut Diagnostics,
    ) {
        for (id, person) in people {
            if let Some(orcid) = &person.orcid {
                self.set_authority(id, identifiers::orcid(orcid.get_ref(), manifest.span(orcid), found));
            }
            if let Some(affiliation) = &person.affiliation {
                self.validate_affiliation(affiliation.get_ref(), manifest.span(affiliation), found);
            }
        }
        for (id, organisation) in organisations {
            if let Some(ror) = &organisation.ror {
                self.set_authority(id, identifiers::ror(ror.get_ref(), manifest.span(ror), found));
            }
        }
        let urls = people.values().map(|person| &person.url).chain(organisations.values().map(|organisation| &organisation.url));
        for url in urls.flatten() {
            page_address(url.get_ref(), "a site", manifest.span(url), found);
        }
    }

    fn set_authority(&mut self, id: &str, authority: Option<String>) {
        if let Some(party) = self.parties.get_mut(id) {
            party.authority = authority;
        }
    }

    fn validate_affiliation(&self, affiliation: &str, span: Span, found: &mut Diagnostics) {
        if self.find(affiliation, span, found).is_some_and(|party| !party.organisation) {
            let message = format!("\"{affiliation}\" is a person, but an affiliation is an organisation");
            let organisations = self.parties.values().filter(|party| party.organisation).map(|party| party.id.as_str());
            found.push(Diagnostic::new(code::CREDIT, message).at(span).suggest(affiliation, organisations));
        }
    }

    /// Sets the logo of a party.
    pub fn set_logo(&mut self, id: &str, asset: usize, alt: String) {
        if let Some(party) = self.parties.get_mut(id) {
            party.logo = Some((asset, alt));
        }
    }

    /// Returns the party with an id, or reports at `span` that there is none.
    pub fn find(&self, id: &str, span: Span, found: &mut Diagnostics) -> Option<Party> {
        if id.trim().is_empty() {
            let known: Vec<String> = self.parties.keys().map(|id| format!("\"{id}\"")).collect();
            let hint = match known.is_empty() {
                true => "declare a person or an organisation, [people.ID] or [organisations.ID], and write its id".to_owned(),
                false => format!("write the id of one that is declared: {}", known.join(", ")),
            };
            found.push(Diagnostic::new(code::CREDIT, "this id of a person or organisation is empty").at(span).hint(hint));
            return None;
        }
        let mut party = self.parties.get(id).cloned();
        if let Some(party) = &mut party {
            let affiliation =
                self.affiliations.get(id).filter(|_| !party.organisation).and_then(|affiliation| self.parties.get(affiliation));
            party.affiliation = affiliation.map(|affiliation| affiliation.name.clone());
        } else {
            let message = format!("no person or organisation has the id \"{id}\"");
            let known = self.parties.keys().map(String::as_str);
            // Only letters, digits, hyphens and underscores need no quotation marks in a key (TOML 1.0).
            let is_bare = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            let id_key = if is_bare { id.to_owned() } else { format!("{id:?}") };
            found.push(Diagnostic::new(code::CREDIT, message).at(span).suggest(id, known).hint(format!(
                "or declare it: [organisations.{id_key}] or [people.{id_key}] with a name, in series.toml or publication.toml"
            )));
        }
        party
    }
}
