//! Resource tiles and lists.

use super::links::LinkResolver;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::manifest::{ReadingFormat, ResourceManifest, TargetManifest};
use crate::model::{AuthoredResources, AuthoredTarget, Badge, BadgeKind, LinkedResources, ResourceCard, Target};

impl LinkResolver<'_> {
    /// Resolves the target of a resource. Returns `Some(None)` for a dead link in a lenient build.
    fn resource_target(&self, target: &AuthoredTarget, found: &mut Diagnostics) -> Option<Option<Target>> {
        let decided = self.target(target, self.scope.language.tag, found);
        (decided.is_some() || self.scope.strictness.is_lenient()).then_some(decided)
    }

    /// Resolves a container of resources.
    pub fn resources(&self, group: &AuthoredResources, found: &mut Diagnostics) -> LinkedResources {
        let declared = &self.scope.publication.manifest.value.resources;
        let mut cards = Vec::new();
        let mut formats = Vec::new();
        for (id, span) in &group.ids {
            let Some(resource) = declared.iter().find(|resource| resource.id.get_ref() == id) else {
                let message = format!("no resource has the id \"{id}\"");
                let known = declared.iter().map(|resource| resource.id.get_ref().as_str());
                found.push(Diagnostic::new(code::RESOURCE, message).at(*span).suggest(id, known));
                continue;
            };
            formats.push((resource.format, resource.minutes));
            cards.extend(self.card(resource, found));
        }
        let mut badge = None;
        if group.shared_badge {
            badge = self.shared_badge(&formats);
            if badge.is_none() && cards.len() == group.ids.len() {
                found.push(
                    Diagnostic::new(code::RESOURCE, "these resources cannot share a badge: their format or minutes differ")
                        .at(group.span)
                        .hint("remove badge=\"shared\", or give them the same format and minutes"),
                );
            }
            cards.iter_mut().for_each(|card| card.badge = None);
        }
        LinkedResources { style: group.style, badge, cards }
    }

    fn shared_badge(&self, formats: &[(Option<ReadingFormat>, Option<u16>)]) -> Option<Badge> {
        let first = formats.first()?;
        formats.iter().all(|format| format == first).then(|| self.badge(first.0, first.1, formats.len())).flatten()
    }

    fn badge(&self, format: Option<ReadingFormat>, minutes: Option<u16>, count: usize) -> Option<Badge> {
        let terms = self.scope.language.terms;
        let (kind, words) = match format? {
            ReadingFormat::Short => (BadgeKind::Short, terms.format_short),
            ReadingFormat::Long => (BadgeKind::Long, terms.format_long),
        };
        let word = words[usize::from(count > 1)];
        let label = minutes.map_or_else(|| word.to_owned(), |minutes| format!("{word} {minutes}’"));
        Some(Badge { kind, label })
    }

    fn card(&self, resource: &ResourceManifest, found: &mut Diagnostics) -> Option<ResourceCard> {
        let span = self.scope.publication.manifest.span(&resource.target);
        if resource.minutes.is_some() && resource.format.is_none() {
            let message = format!("the resource \"{}\" has minutes but no format", resource.id.get_ref());
            let at = self.scope.publication.manifest.span(&resource.id);
            found.push(
                Diagnostic::new(code::RESOURCE, message).at(at).hint("add format = \"short\" or \"long\", or remove minutes"),
            );
        }
        let terms = self.scope.language.terms;
        let name = match &resource.subtitle {
            Some(subtitle) => format!("{}. {subtitle}", resource.title),
            None => resource.title.clone(),
        };
        let plain = self.scope.language.with_name(terms.consult, &name);
        let (target, alt, statement) = match resource.target.get_ref() {
            TargetManifest::Url(text) => {
                (self.resource_target(&AuthoredTarget { text: text.clone(), span }, found)?, plain, None)
            }
            TargetManifest::Publication(slug) if *slug == self.scope.publication.slug => {
                let message = format!("the resource \"{}\" leads to this publication itself", resource.id.get_ref());
                let hint = "name another publication, or remove the resource and link to a section in the text: [words](#ID)";
                found.push(Diagnostic::new(code::RESOURCE, message).at(span).hint(hint));
                return None;
            }
            TargetManifest::Publication(slug) => {
                let text = format!("publication:{slug}");
                (self.resource_target(&AuthoredTarget { text, span }, found)?, plain, None)
            }
            TargetManifest::None(words) => (None, plain, Some(words.clone())),
            TargetManifest::Organisation(id) => {
                let party = self.scope.directory.find(id, span, found)?;
                let Some(url) = &party.url else {
                    let message = format!("the organisation \"{id}\" has no site");
                    found
                        .push(Diagnostic::new(code::RESOURCE, message).at(span).hint(format!("give [organisations.{id}] a url")));
                    return None;
                };
                let alt = self.scope.language.with_name(&self.scope.language.with_name(terms.consult_at, &name), &party.name);
                let statement = self.scope.language.with_name(terms.at_site, &party.name);
                // The address was validated with the declaration of the organisation.
                (Some(Target::External(url.clone())), alt, Some(statement))
            }
        };
        Some(ResourceCard {
            id: resource.id.get_ref().clone(),
            title: resource.title.clone(),
            subtitle: resource.subtitle.clone(),
            kind: resource.kind.clone(),
            badge: self.badge(resource.format, resource.minutes, 1),
            target,
            alt,
            statement,
        })
    }
}
