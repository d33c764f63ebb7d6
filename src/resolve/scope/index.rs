//! Computation of the index entry of a publication: its editions, their anchors, and the publications that it links to.

use std::collections::BTreeSet;

use super::declarations::language;
use super::files::{SourceFile, section_files};
use super::{editions, ids};
use crate::diagnostic::Strictness;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::manifest::{Lineage, TargetManifest};
use crate::model::{
    Authored, AuthoredImage, AuthoredSection, Block, BlockKind, Inline, InlineKind, ModelNode, visit, visit_inlines, visit_run,
};
use crate::workspace::{Anchors, EditionIndex, Publication, PublicationIndex, Slugs};

/// Computes the index entry of a publication from that publication alone; `slugs` contains the slugs of the workspace.
pub fn index(publication: &Publication, slugs: &Slugs) -> PublicationIndex {
    // The diagnostics are reported when the publication is resolved.
    let found = &mut Diagnostics::default();
    let manifest = &publication.manifest.value;
    let editions = manifest.editions.iter().map(|edition| {
        let sections = editions::of_edition(publication, edition, found).sections;
        EditionIndex {
            id: edition.id.get_ref().clone(),
            date: *edition.date.get_ref(),
            title: Lineage::of(manifest, edition).title().to_owned(),
            stem: publication.stem(edition),
            files: section_files(&sections),
            anchors: ids::number(sections, Strictness::Full, found).1,
        }
    });
    let editions = editions.collect();
    PublicationIndex {
        slug: publication.slug.clone(),
        series_folder: publication.series_folder.clone(),
        lang: language(publication, found).tag.to_owned(),
        editions,
        names: outgoing(publication, slugs),
    }
}

/// Returns the slugs of the other publications that any edition of a publication refers to in links or resources.
pub fn outgoing(publication: &Publication, slugs: &Slugs) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    visit_links(&publication.sections, &mut |text| {
        let file = SourceFile::of(text, &publication.folder).filter(|file| !file.is_in(&publication.folder));
        named.extend(file.and_then(|file| file.slug(slugs, &publication.slug).map(str::to_owned)));
    });
    let mut add = |name: &str| named.extend(slugs.split(name, &publication.slug).map(|(slug, _)| slug.to_owned()));
    visit_links(&publication.sections, &mut |text| text.strip_prefix("publication:").into_iter().for_each(&mut add));
    for resource in &publication.manifest.value.resources {
        if let TargetManifest::Publication(name) = resource.target.get_ref() {
            add(name);
        }
    }
    named
}

/// Warns about headings whose id was numbered because another heading has it, if a link of the same edition uses either id. The
/// link may be meant for the other heading.
pub fn warn_about_numbered_ids(anchors: &Anchors, sections: &[AuthoredSection], found: &mut Diagnostics) {
    let numbered: Vec<_> = anchors.iter().filter_map(|(id, anchor)| Some((id, anchor, anchor.unnumbered.as_deref()?))).collect();
    if numbered.is_empty() {
        return;
    }
    let mut named = BTreeSet::new();
    visit_links(sections, &mut |text| named.extend(text.strip_prefix('#').map(str::to_owned)));
    for (id, anchor, wanted) in numbered {
        let Some(first) = anchors.get(wanted).filter(|_| named.contains(id) || named.contains(wanted)) else { continue };
        found.push(
            Diagnostic::new(
                code::NUMBERED_ID,
                format!("this heading has the numbered id \"{id}\", because another heading has the id \"{wanted}\""),
            )
            .at(anchor.span)
            .related(first.span, "the other heading")
            .hint(format!("give it an id of its own: {{#{}}}", free_id(anchors, &anchor.section, wanted))),
        );
    }
}

/// Returns an unused id to suggest for a numbered heading, or an ellipsis if the obvious one is taken.
pub fn free_id(anchors: &Anchors, section: &str, wanted: &str) -> String {
    let free = format!("{section}-{wanted}");
    if section == wanted || anchors.contains_key(&free) { "…".into() } else { free }
}

/// Calls `visit_target` with the target of every link.
fn visit_links(sections: &[AuthoredSection], visit_target: &mut dyn FnMut(&str)) {
    let of_inline = |inline: &Inline<Authored>, visit_target: &mut dyn FnMut(&str)| {
        if let InlineKind::Link(target, ..) | InlineKind::Reference(target) = &inline.kind {
            visit_target(target.text.trim());
        }
    };
    for section in sections {
        visit_run(&section.lead, &mut |inline| of_inline(inline, visit_target));
        visit_inlines(&section.body, &mut |inline| of_inline(inline, visit_target));
        visit(&section.body, &mut |node| {
            if let ModelNode::Block(Block { kind: BlockKind::Figure(AuthoredImage { link: Some(target), .. }), .. }) = node {
                visit_target(target.text.trim());
            }
        });
    }
}
