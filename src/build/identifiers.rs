//! Identifiers that two publications of the workspace have in common.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::diagnostic::Diagnostics;
use crate::manifest::{Manifest, PublicationManifest};
use crate::resolve::{identifiers_of, shared_by_publications};
use crate::workspace::Home;

/// Returns the normalised identifiers of the editions of a publication.
pub fn keys(manifest: &Manifest<PublicationManifest>) -> BTreeSet<String> {
    identifiers_of(manifest).into_iter().map(|identifier| identifier.key).collect()
}

/// Reports identifiers that two publications have in common. The identifiers of publications that are up to date come from the
/// build record, and their manifests are read only if an identifier occurs twice.
pub fn shared<'a>(context: &Context, homes: impl Iterator<Item = (&'a Home, bool)>) -> Diagnostics {
    let mut owners: BTreeMap<String, Vec<&Home>> = BTreeMap::new();
    for (home, is_fresh) in homes {
        let recorded = context.freshness.as_ref().filter(|_| is_fresh).and_then(|freshness| freshness.identifiers(&home.slug));
        let own = recorded.or_else(|| context.workspace.manifest_of(home).map(|manifest| keys(&manifest)));
        own.into_iter().flatten().for_each(|key| owners.entry(key).or_default().push(home));
    }
    let mut found = Diagnostics::default();
    for (key, homes) in owners {
        let [first, others @ ..] = homes.as_slice() else { continue };
        for other in others {
            let of = |home: &Home| {
                let all = identifiers_of(&context.workspace.manifest_of(home)?);
                all.into_iter().find(|identifier| identifier.key == key)
            };
            let pair = of(first).zip(of(other));
            found.extend(
                pair.map(|(one, two)| shared_by_publications(&one, &two, [&first.slug, &other.slug])).into_iter().collect(),
            );
        }
    }
    found
}
