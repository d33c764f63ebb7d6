//! Credits and publisher.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::manifest::{CreditManifest, Manifest, PublicationManifest, ROLES, Role};
use crate::resolve::scope::{Directory, Party};
use crate::workspace::Publication;

/// A role with its holders.
#[derive(Clone, Debug, Hash)]
pub struct Credit {
    /// Printed label.
    pub label: String,
    /// MARC relator code.
    pub marc: &'static str,
    /// URL of the role, if it is a CRediT role.
    pub contribution: Option<String>,
    /// The holders, in the order of the declaration.
    pub parties: Vec<Party>,
}

/// Returns the publisher of a publication: its own, otherwise the publisher of its series.
pub fn publisher(publication: &Publication, directory: &Directory, found: &mut Diagnostics) -> Option<Party> {
    if let Some(publisher) = &publication.manifest.value.publisher {
        return directory.find(publisher.get_ref(), publication.manifest.span(publisher), found);
    }
    let (series, _) = publication.series.as_ref()?;
    let publisher = series.value.publisher.as_ref()?;
    directory.find(publisher.get_ref(), series.span(publisher), found)
}

/// Resolves the credits of a publication.
pub fn credits(
    manifest: &Manifest<PublicationManifest>,
    directory: &Directory,
    lang: &str,
    found: &mut Diagnostics,
) -> Vec<Credit> {
    let declared = manifest.value.credits.iter();
    let mut credits: Vec<Credit> =
        declared.filter_map(|credit| resolve_credit(manifest, credit, directory, lang, found)).collect();
    let mut named = BTreeSet::new();
    for party in credits.iter_mut().flat_map(|credit| &mut credit.parties) {
        party.known = !named.insert(party.id.clone());
    }
    credits
}

fn resolve_credit(
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
        let known = ROLES.iter().flat_map(|role| std::iter::once(role.name).chain(role.also.iter().copied()));
        found.push(Diagnostic::new(code::CREDIT, message).at(manifest.span(&credit.role)).suggest_listed(
            word,
            known,
            "reliure explain roles",
        ));
    }
    if credit.names.is_empty() {
        found.push(
            Diagnostic::new(code::CREDIT, "this credit names nobody")
                .at(manifest.span(&credit.role))
                .hint("give names = [\"id of a person or organisation\"], or remove the credit"),
        );
    }
    let parties: Vec<Party> =
        credit.names.iter().filter_map(|name| directory.find(name.get_ref(), manifest.span(name), found)).collect();
    let role = role?;
    let label = credit.label.clone().unwrap_or_else(|| role.label(lang, parties.len()).to_owned());
    Some(Credit { label, marc: role.marc, contribution: role.contribution(), parties })
}
