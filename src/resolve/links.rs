//! Where links go: inside the publication, across the workspace, outside.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::address::address;
use super::ids::Anchors;
use super::publication::{Catalogue, Entry};
use super::rigour::Rigour;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::TargetManifest;
use crate::model::{
    Authored, AuthoredSection, AuthoredTarget, Elsewhere, Inline, InlineKind, Spot, Target, Title, visit_inlines, within,
};

/// Another publication, as links see it.
#[derive(Clone, Debug)]
pub struct Neighbour {
    /// Folder name.
    pub slug: String,
    /// Its artefact without extension, as an address from the folder of our own.
    pub file: String,
    /// The same where it is put online.
    pub published: Option<String>,
    /// Title.
    pub title: String,
    /// Language.
    pub lang: &'static str,
    /// Its places.
    pub anchors: Anchors,
}

/// What links can reach.
pub struct Reach<'a> {
    /// Language of this publication.
    pub lang: &'static str,
    /// Places of this publication.
    pub anchors: &'a Anchors,
    /// Id of this edition.
    pub edition: &'a str,
    /// Ids of the places that the other editions of this publication have.
    pub elsewhere: &'a BTreeSet<String>,
    /// The other publications.
    pub neighbours: &'a [Neighbour],
    /// How far the text may be unfinished.
    pub rigour: Rigour,
}

impl Reach<'_> {
    /// Decides a link in a text of language `around`, or says what is wrong with it.
    pub fn target(&self, link: &AuthoredTarget, around: &str, found: &mut Diagnostics) -> Option<Target> {
        let mut told = Diagnostics::default();
        let target = self.place(link, around, &mut told);
        found.extend(self.rigour.soften_all(told, "its words stand without a link"));
        target
    }

    fn place(&self, link: &AuthoredTarget, around: &str, found: &mut Diagnostics) -> Option<Target> {
        let text = link.text.trim();
        if let Some(id) = text.strip_prefix('#') {
            return self.internal(id, around, link.span, found);
        }
        if let Some(rest) = text.strip_prefix("publication:") {
            return self.publication(rest, around, link.span, found);
        }
        address(text, link.span, found).map(Target::External)
    }

    /// Decides a link without words: it says a title, which an address outside does not have.
    pub fn reference(&self, link: &AuthoredTarget, around: &str, found: &mut Diagnostics) -> Option<Target> {
        let target = self.target(link, around, found)?;
        let Target::External(address) = &target else { return Some(target) };
        let message = format!("this link to \"{address}\" has no words");
        let hint = format!("say between the brackets what it leads to, or write <{}> to print the address", link.text.trim());
        let wordless = Diagnostic::new(code::ADDRESS, message).at(link.span).hint(hint);
        found.push(self.rigour.soften(wordless, "the address is printed"));
        None
    }

    fn internal(&self, id: &str, around: &str, span: Span, found: &mut Diagnostics) -> Option<Target> {
        if let Some(anchor) = self.anchors.get(id) {
            let title = Title::new(&anchor.title, anchor.lang.as_deref().unwrap_or(self.lang), around);
            return Some(Target::Internal { section: anchor.section.clone(), id: id.to_owned(), title });
        }
        if self.elsewhere.contains(id) {
            let edition = self.edition;
            let message = format!("no section or heading has the id \"{id}\" in the edition \"{edition}\"");
            let hint = format!("leave the link out of that edition: [[words](#{id})]{{except=\"{edition}\"}}");
            found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).hint(hint));
            return None;
        }
        let message = if id.is_empty() {
            "this link names no section".into()
        } else {
            format!("no section or heading has the id \"{id}\"")
        };
        found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).suggest(id, self.anchors.keys().map(String::as_str)));
        None
    }

    /// Decides a link to `slug` or `slug#anchor`.
    pub fn publication(&self, rest: &str, around: &str, span: Span, found: &mut Diagnostics) -> Option<Target> {
        let parts = parted(rest, self.neighbours.iter().map(|neighbour| neighbour.slug.as_str()));
        let found_at = parts.as_ref().and_then(|(slug, _)| self.neighbours.iter().find(|neighbour| neighbour.slug == *slug));
        let slug = rest.split('#').next().unwrap_or_default();
        let anchor = parts.as_ref().and_then(|(_, place)| place.as_deref());
        let Some(neighbour) = found_at else {
            let message = format!("no publication is named \"{slug}\"");
            let known = self.neighbours.iter().map(|neighbour| neighbour.slug.as_str());
            found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).suggest(slug, known));
            return None;
        };
        let place = match anchor.filter(|anchor| !anchor.is_empty()) {
            None => None,
            Some(id) => match neighbour.anchors.get(id) {
                Some(anchor) => Some(Spot {
                    section: anchor.section.clone(),
                    number: anchor.number,
                    id: id.to_owned(),
                    title: Title::new(&anchor.title, anchor.lang.as_deref().unwrap_or(neighbour.lang), around),
                }),
                None => {
                    let message = format!("the publication \"{slug}\" has no section or heading \"{id}\"");
                    let known = neighbour.anchors.keys().map(String::as_str);
                    found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).suggest(id, known));
                    return None;
                }
            },
        };
        let title = Title::new(&neighbour.title, neighbour.lang, around);
        Some(Target::Publication(Elsewhere {
            file: neighbour.file.clone(),
            published: neighbour.published.clone(),
            place,
            title,
        }))
    }
}

/// Warns of headings whose id was numbered because another one has it, where a link names either of the two: it may lead
/// to the one that was not meant. `sections` are those of the edition; other publications are read whole.
pub fn ambiguous(anchors: &Anchors, sections: &[AuthoredSection], catalogue: &Catalogue, slug: &str, found: &mut Diagnostics) {
    let numbered: Vec<_> = anchors.iter().filter_map(|(id, anchor)| Some((id, anchor, anchor.wanted.as_deref()?))).collect();
    if numbered.is_empty() {
        return;
    }
    let named = named(sections, catalogue, slug);
    for (id, anchor, wanted) in numbered {
        let Some(first) = anchors.get(wanted).filter(|_| named.contains(id) || named.contains(wanted)) else { continue };
        let free = format!("{}-{wanted}", anchor.section);
        let free = if anchor.section == *wanted || anchors.contains_key(&free) { "…" } else { &free };
        found.push(
            Diagnostic::new(code::NUMBERED_ID, format!("this heading has the id \"{id}\": another one has \"{wanted}\""))
                .at(anchor.span)
                .related(first.span, "has it")
                .hint(format!("give it an id of its own: {{#{free}}}")),
        );
    }
}

/// Ids of a publication that links name, its own and those of the others.
fn named(sections: &[AuthoredSection], catalogue: &Catalogue, slug: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    links(sections, &mut |text| named.extend(text.strip_prefix('#').map(str::to_owned)));
    let mut from_outside = |text: &str| named.extend(parted(text, [slug]).and_then(|(_, place)| place));
    for entry in catalogue.entries.iter().filter(|entry| entry.slug != slug) {
        links(&entry.sections, &mut |text| text.strip_prefix("publication:").into_iter().for_each(&mut from_outside));
        for resource in &entry.manifest.value.resources {
            if let TargetManifest::Publication(text) = resource.target.get_ref() {
                from_outside(text);
            }
        }
    }
    named
}

/// Parts what names a publication into its slug and the id of a place in it. A slug may hold a `#` of its own, so the longest that
/// fits is meant; its accents may be composed or not.
fn parted<'s>(rest: &str, slugs: impl IntoIterator<Item = &'s str>) -> Option<(&'s str, Option<String>)> {
    let rest: String = rest.nfc().collect();
    let fits = slugs.into_iter().filter_map(|slug| {
        let after = rest.strip_prefix(slug.nfc().collect::<String>().as_str())?;
        Some((slug, if after.is_empty() { None } else { Some(after.strip_prefix('#')?.to_owned()) }))
    });
    fits.max_by_key(|(slug, _)| slug.len())
}

/// Tells whether a publication names another, in a link or as a resource.
pub fn names(entry: &Entry, other: &Entry) -> bool {
    let mut named = false;
    links(&entry.sections, &mut |text| {
        named |= text.strip_prefix("publication:").is_some_and(|rest| parted(rest, [other.slug.as_str()]).is_some());
    });
    named
        || entry.manifest.value.resources.iter().any(|resource| match resource.target.get_ref() {
            TargetManifest::Publication(text) => parted(text, [other.slug.as_str()]).is_some(),
            _ => false,
        })
}

/// Calls `visit` with the target of every link.
fn links(sections: &[AuthoredSection], visit: &mut dyn FnMut(&str)) {
    let mut inline = |inline: &Inline<Authored>| {
        if let InlineKind::Link(target, _) | InlineKind::Reference(target) = &inline.kind {
            visit(target.text.trim());
        }
    };
    for section in sections {
        within(&section.lead, &mut inline);
        visit_inlines(&section.body, &mut inline);
    }
}
