//! The licence notice: the terms of use of the publication, and the section that lists the exceptions.

use super::ledger::{Item, Ledger};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::model::{Block, BlockKind, ModelNode, NoticeForm, visit};
use crate::resolve::licence::{Licence, LicenceConditions};
use crate::resolve::link::LinkedSection;
use crate::resolve::scope::{Party, Scope};

/// The notice of an edition.
#[derive(Clone, Debug, Hash)]
pub struct Notice {
    /// The licence.
    pub licence: Licence,
    /// The licensor.
    pub licensor: Option<String>,
    /// The statement in the language of the publication.
    pub statement: String,
    /// Index of the section with the complete notice, including the exceptions.
    pub whole: Option<usize>,
}

impl Notice {
    /// Returns whether rights are reserved: the licence has conditions, or its conditions are unknown.
    pub fn rights_reserved(&self) -> bool {
        !self.licence.conditions.is_some_and(LicenceConditions::is_empty)
    }
}

/// Creates the notice of an edition.
pub fn notice(scope: &Scope<'_>, publisher: Option<&Party>, found: &mut Diagnostics) -> Notice {
    let manifest = &scope.publication.manifest;
    let declared = &manifest.value.licence;
    let licensor = match &declared.licensor {
        Some(id) => scope.directory.find(id.get_ref(), manifest.span(id), found),
        None => publisher.cloned(),
    };
    let licensor = licensor.map(|party| party.name);
    let updated = scope.language.date(declared.updated.unwrap_or(*scope.edition.date.get_ref()));
    let statement = scope.language.statement(&scope.licence, licensor.as_deref(), &updated);
    Notice { licence: scope.licence.clone(), licensor, statement, whole: None }
}

/// Returns the index of the section with the complete notice. If there is none, reports the exceptions that it must list.
pub fn complete_notice_section(
    scope: &Scope<'_>,
    sections: &[LinkedSection],
    ledger: &Ledger,
    found: &mut Diagnostics,
) -> Option<usize> {
    let (mut whole, mut brief) = (None, None);
    for (index, section) in sections.iter().enumerate() {
        visit(&section.body, &mut |part| match part {
            ModelNode::Block(Block { kind: BlockKind::Licence(NoticeForm::Full), .. }) => whole = whole.or(Some(index)),
            ModelNode::Block(Block { kind: BlockKind::Licence(NoticeForm::Brief), span, .. }) => brief = brief.or(Some(*span)),
            ModelNode::Block(_) | ModelNode::Text(_) | ModelNode::Title(_) => {}
        });
    }
    let hidden: Vec<&Item> = ledger.required_exceptions().collect();
    if whole.is_none() && !hidden.is_empty() {
        let names: Vec<String> = hidden.iter().map(|item| format!("\"{}\"", item.what)).collect();
        let message =
            format!("no complete licence notice lists the items that are not under {}: {}", scope.licence.id, names.join(", "));
        let hint = match brief {
            Some(_) => "add a complete notice, for example beside the credits: ::: licence without form=\"brief\"",
            None => {
                "put the licence notice in a section, for example beside the credits:  ::: licence  and  :::  on the next line"
            }
        };
        let manifest = &scope.publication.manifest;
        let place = brief.unwrap_or_else(|| manifest.span(&manifest.value.title));
        let unstated = Diagnostic::new(code::NOTICE, message).at(place).hint(hint);
        found.push(scope.strictness.soften(unstated, "no page lists them"));
    }
    whole
}
