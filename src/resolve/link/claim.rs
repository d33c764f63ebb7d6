//! What the linker meets that is somebody's. The ledger is made of it.

use std::collections::BTreeSet;

use crate::diagnostic::Span;
use crate::resolve::licence::Terms;

/// What kind of thing is claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimKind {
    /// An image of the text.
    Image {
        /// Its path as written.
        path: String,
    },
    /// The logo of an organisation.
    Logo,
    /// A quotation.
    Quotation,
}

/// Something that is somebody's, where the text uses it.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What kind of thing.
    pub kind: ClaimKind,
    /// What names it: the caption or the alternative text of an image, the organisation of a logo, the first words of a quotation.
    pub name: String,
    /// Who made it, or holds the rights.
    pub credit: Option<String>,
    /// Where it comes from: an address, or words.
    pub source: Option<String>,
    /// When it was made.
    pub date: Option<String>,
    /// Of an image or a logo: index into the assets.
    pub asset: Option<usize>,
    /// Its terms; none for a short quotation, which the law allows.
    pub terms: Option<Terms>,
    /// Where its terms are given.
    pub span: Span,
}

/// The claims of an edition, in order of appearance.
#[derive(Debug, Default)]
pub struct Claims {
    /// The claims.
    pub list: Vec<Claim>,
    /// Which assets are claimed; an image may be claimed as a logo, too.
    claimed: BTreeSet<(usize, bool)>,
}

impl Claims {
    /// Adds a claim, unless its asset was claimed before.
    pub fn add(&mut self, claim: Claim) {
        let is_logo = claim.kind == ClaimKind::Logo;
        if claim.asset.is_none_or(|asset| self.claimed.insert((asset, is_logo))) {
            self.list.push(claim);
        }
    }
}
