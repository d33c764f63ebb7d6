//! Logos of the organisations in the credits.

use super::claim::{Claim, ClaimKind, Claims};
use super::images::{EditionImages, invalid_path};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{Manifest, Organisation, join_path};
use crate::resolve::licence;
use crate::resolve::scope::Scope;

/// The logo of an organisation.
#[derive(Clone, Debug)]
pub struct Logo {
    /// Id of the organisation.
    pub organisation: String,
    /// Index into the assets.
    pub asset: usize,
    /// Alternative text.
    pub alt: String,
}

/// The declaration of a logo.
struct DeclaredLogo<'a> {
    organisation: &'a Organisation,
    /// Folder of the manifest, relative to the root of the project.
    folder: &'a str,
    /// Path of the logo in that folder.
    path: &'a str,
    span: Span,
    /// The words of its licence, with their location.
    licence: Option<(String, Span)>,
}

impl<'a> DeclaredLogo<'a> {
    fn of<T>(manifest: &Manifest<T>, organisation: &'a Organisation, folder: &'a str) -> Option<Self> {
        let logo = organisation.logo.as_ref()?;
        let words = organisation.logo_licence.as_ref().filter(|words| !words.get_ref().trim().is_empty());
        let licence = words.map(|words| (words.get_ref().clone(), manifest.span(words)));
        Some(Self { organisation, folder, path: logo.get_ref(), span: manifest.span(logo), licence })
    }
}

/// Reads the logos of the organisations in the credits.
pub fn read(scope: &Scope<'_>, images: &mut EditionImages<'_>, claims: &mut Claims, found: &mut Diagnostics) -> Vec<Logo> {
    let credits = scope.publication.manifest.value.credits.iter();
    let named = credits.flat_map(|credit| credit.names.iter().map(|name| name.get_ref()));
    let mut logos = Vec::new();
    for id in named {
        let Some(declared) = declared(scope, id) else { continue };
        let Some((logo, claim)) = logo(scope, id, declared, images, found) else { continue };
        logos.push(logo);
        claim.into_iter().for_each(|claim| claims.add(claim));
    }
    logos
}

/// Returns the declaration of the logo of an organisation, from the publication, otherwise from the series.
fn declared<'a>(scope: &'a Scope<'_>, id: &str) -> Option<DeclaredLogo<'a>> {
    let publication = &scope.publication;
    let manifest = &publication.manifest;
    if let Some(organisation) = manifest.value.organisations.get(id) {
        return DeclaredLogo::of(manifest, organisation, &publication.folder);
    }
    let (series, folder) = publication.series.as_ref()?;
    DeclaredLogo::of(series, series.value.organisations.get(id)?, folder)
}

/// Reads a logo and returns it with its claim.
fn logo(
    scope: &Scope<'_>,
    id: &str,
    declared: DeclaredLogo<'_>,
    images: &mut EditionImages<'_>,
    found: &mut Diagnostics,
) -> Option<(Logo, Option<Claim>)> {
    let DeclaredLogo { organisation, folder, path, span, licence } = declared;
    let file = join_path(folder, path).map_err(|fault| found.push(invalid_path(path, fault, span))).ok()?;
    let alt = organisation.logo_alt.clone().unwrap_or_else(|| organisation.name.clone());
    let licence = licence.or_else(|| {
        let message = format!("the logo of \"{}\" has no licence", organisation.name);
        let hint = "give logo-licence = \"…\", an SPDX id or words such as \"tous droits réservés\"";
        Some((images.undeclared(Diagnostic::new(code::LICENCE, message).at(span).hint(hint), found)?, span))
    });
    let asset = images.asset(&file, span, found)?;
    let logo = Logo { organisation: id.to_owned(), asset, alt };
    let terms = licence.and_then(|(words, span)| Some((licence::terms(&words, scope.language.tag, Some(span), found)?, span)));
    let claim = terms.map(|(terms, span)| Claim {
        kind: ClaimKind::Logo,
        name: organisation.name.clone(),
        credit: None,
        source: None,
        date: None,
        asset: Some(asset),
        terms: Some(terms),
        span,
    });
    Some((logo, claim))
}
