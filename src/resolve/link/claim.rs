//! Items of an edition with their own rights, from which the ledger is built.

use std::collections::BTreeSet;

use crate::diagnostic::Span;
use crate::resolve::licence::Terms;

/// Kind of item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimKind {
    /// An image of the text.
    Image {
        /// Path as written.
        path: String,
    },
    /// The logo of an organisation.
    Logo,
    /// A quotation.
    Quotation,
}

/// An item with its own rights, and its location in the sources.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Kind of item.
    pub kind: ClaimKind,
    /// Name: the caption or alternative text of an image, the organisation of a logo, or the first words of a quotation.
    pub name: String,
    /// Author or holder of the rights.
    pub credit: Option<String>,
    /// Origin: an address, or words.
    pub source: Option<String>,
    /// Date of creation.
    pub date: Option<String>,
    /// For an image or a logo, the index into the assets.
    pub asset: Option<usize>,
    /// Terms of use, or `None` for a short quotation, which the law allows.
    pub terms: Option<Terms>,
    /// Location of the terms.
    pub span: Span,
}

/// The claims of an edition, in order of appearance.
#[derive(Debug, Default)]
pub struct Claims {
    /// The claims.
    pub list: Vec<Claim>,
    /// The assets with a claim, and whether the claim is for a logo. The same asset may be an image and a logo.
    claimed: BTreeSet<(usize, bool)>,
}

impl Claims {
    /// Adds a claim, unless there is already one for its asset.
    pub fn add(&mut self, claim: Claim) {
        let is_logo = claim.kind == ClaimKind::Logo;
        if claim.asset.is_none_or(|asset| self.claimed.insert((asset, is_logo))) {
            self.list.push(claim);
        }
    }
}
