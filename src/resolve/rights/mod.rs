//! Credits, terms of use and the licence notice.

mod credits;
mod ledger;
mod notice;
mod symbols;
mod typefaces;
mod works;

pub use credits::Credit;
pub use ledger::{Exception, Item, ItemKind, Ledger, Words};
pub use notice::Notice;
pub use symbols::symbol_families;

use crate::diagnostic::Diagnostics;
use crate::resolve::link::LinkedText;
use crate::resolve::scope::{Party, Scope};
use crate::workspace::Typeface;

/// The rights of an edition.
pub struct Rights {
    /// The items with their own rights.
    pub ledger: Ledger,
    /// One sentence for each work that the publication draws on.
    pub sources: Vec<Vec<Words>>,
    /// The credits, in the order of `publication.toml`.
    pub credits: Vec<Credit>,
    /// The publisher.
    pub publisher: Option<Party>,
    /// The licence notice.
    pub notice: Notice,
}

/// Resolves the rights of an edition. `families` contains the font families of its brand, `typefaces` the available ones.
pub fn rights(
    scope: &Scope<'_>,
    linked: &LinkedText,
    families: &[&str],
    typefaces: &[Typeface],
    found: &mut Diagnostics,
) -> Rights {
    let mut items: Vec<Item> = linked.claims.iter().map(|claim| Item::of(claim, scope, found)).collect();
    let (works, sources) = works::sources(scope, found);
    items.extend(works);
    let mut unstated = Diagnostics::default();
    items.extend(typefaces::items(scope, families, typefaces, &mut unstated));
    found.extend(scope.strictness.soften_all(unstated, "the notice omits it"));
    items.extend(works::exceptions(scope, found));
    let ledger = Ledger::new(items);

    let mut directory = scope.directory.clone();
    linked.logos.iter().for_each(|logo| directory.set_logo(&logo.organisation, logo.asset, logo.alt.clone()));
    let credits = credits::credits(&scope.publication.manifest, &directory, scope.language.tag, found);
    let publisher = credits::publisher(&scope.publication, &directory, found);
    let whole = notice::complete_notice_section(scope, &linked.sections, &ledger, found);
    let notice = Notice { whole, ..notice::notice(scope, publisher.as_ref(), found) };
    Rights { ledger, sources, credits, publisher, notice }
}
