//! The external addresses that an edition links to, with their locations.

use super::Resolved;
use crate::diagnostic::Span;
use crate::manifest::{Manifest, Organisation, Person, TargetManifest};
use crate::model::{Block, BlockKind, Image, Inline, InlineKind, Linked, ModelNode, Target, visit, visit_inlines, visit_run};
use crate::workspace::Publication;

/// An external address and its location.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExternalAddress {
    /// The address.
    pub address: String,
    /// Its location.
    pub span: Span,
}

/// Returns the addresses in the text, then those in the manifests. Mail addresses, telephone numbers and files of the workspace
/// are not included.
pub fn external_addresses(publication: &Publication, edition: &Resolved) -> Vec<ExternalAddress> {
    let mut list = Vec::new();
    for section in &edition.sections {
        visit_run(&section.lead, &mut |inline| list.extend(link(inline)));
        visit_inlines(&section.body, &mut |inline| list.extend(link(inline)));
        visit(&section.body, &mut |node| {
            if let ModelNode::Block(block) = node {
                list.extend(of_block(block));
            }
        });
    }
    let manifest = &publication.manifest;
    for resource in &manifest.value.resources {
        if let TargetManifest::Url(url) = resource.target.get_ref() {
            list.push(ExternalAddress { address: url.clone(), span: manifest.span(&resource.target) });
        }
    }
    for url in manifest.value.sources.iter().filter_map(|work| work.url.as_ref()) {
        list.push(ExternalAddress { address: url.get_ref().clone(), span: manifest.span(url) });
    }
    let named = parties(publication, edition);
    list.extend(sites(manifest, &manifest.value.people, &manifest.value.organisations, &named));
    if let Some((series, _)) = &publication.series {
        list.extend(sites(series, &series.value.people, &series.value.organisations, &named));
    }
    list.retain(|external| !["mailto:", "tel:"].iter().any(|scheme| external.address.starts_with(scheme)));
    list
}

fn link(inline: &Inline<Linked>) -> Option<ExternalAddress> {
    match &inline.kind {
        InlineKind::Link(Target::External(address), ..) => Some(ExternalAddress { address: address.clone(), span: inline.span }),
        _ => None,
    }
}

fn of_block(block: &Block<Linked>) -> Option<ExternalAddress> {
    match &block.kind {
        BlockKind::Video { url: address, .. } | BlockKind::Figure(Image { link: Some(Target::External(address)), .. }) => {
            Some(ExternalAddress { address: address.clone(), span: block.span })
        }
        _ => None,
    }
}

/// Returns the ids of the people and organisations whose website the edition links to.
fn parties<'a>(publication: &'a Publication, edition: &'a Resolved) -> Vec<&'a str> {
    let credited = edition.credits.iter().flat_map(|credit| &credit.parties).chain(&edition.publisher);
    let consulted = publication.manifest.value.resources.iter().filter_map(|resource| match resource.target.get_ref() {
        TargetManifest::Organisation(id) => Some(id.as_str()),
        TargetManifest::Publication(_) | TargetManifest::Url(_) | TargetManifest::None(_) => None,
    });
    credited.map(|party| party.id.as_str()).chain(consulted).collect()
}

fn sites<'a, T>(
    manifest: &'a Manifest<T>,
    people: &'a std::collections::BTreeMap<String, Person>,
    organisations: &'a std::collections::BTreeMap<String, Organisation>,
    named: &'a [&str],
) -> impl Iterator<Item = ExternalAddress> {
    let people = people.iter().map(|(id, person)| (id, person.url.as_ref()));
    let all = people.chain(organisations.iter().map(|(id, organisation)| (id, organisation.url.as_ref())));
    let used = all.filter(|(id, _)| named.contains(&id.as_str())).filter_map(|(_, url)| url);
    used.map(|url| ExternalAddress { address: url.get_ref().clone(), span: manifest.span(url) })
}
