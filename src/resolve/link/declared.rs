//! The declarations of images: entries of `[[assets]]` for one image or for a folder, sidecar files, and `[assets-default]`.

use std::collections::BTreeMap;

use glob::{MatchOptions, Pattern};
use unicode_normalization::UnicodeNormalization;

use super::images::invalid_path;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{AssetDefaults, AssetManifest, Manifest, PathFault, join_path};
use crate::resolve::scope::Scope;

/// The licence of an image as written, with its location.
type WrittenLicence = (String, Span);

/// The declarations of one image.
#[derive(Debug, Default)]
pub struct DeclaredAsset {
    /// Its descriptions, and its credit, source and date.
    pub asset: AssetManifest,
    /// Its licence.
    pub licence: Option<WrittenLicence>,
}

/// The declarations of a publication.
pub struct AssetDeclarations<'a> {
    scope: &'a Scope<'a>,
    /// Indices of `[[assets]]`, by path relative to the root of the project.
    exact: BTreeMap<String, usize>,
    /// Patterns with their indices, the most specific first.
    patterns: Vec<(Pattern, usize)>,
}

/// Placeholder for `*` while a pattern is joined with its folder. Paths cannot contain `*`.
const STAR: &str = "\u{E000}";

impl<'a> AssetDeclarations<'a> {
    /// Reads the paths of `[[assets]]`. If a path occurs more than once, the first entry is used.
    pub fn new(scope: &'a Scope<'a>, found: &mut Diagnostics) -> Self {
        let manifest = &scope.publication.manifest;
        let mut declarations = Self { scope, exact: BTreeMap::new(), patterns: Vec::new() };
        for (number, asset) in manifest.value.assets.iter().enumerate() {
            let Some(written) = &asset.path else { continue };
            let (text, span) = (written.get_ref().as_str(), manifest.span(written));
            match joined(&scope.publication.folder, text) {
                Ok(path) if !path.contains('*') => drop(declarations.exact.entry(path).or_insert(number)),
                Ok(path) => match pattern(&path) {
                    Some(pattern) => declarations.patterns.push((pattern, number)),
                    None => found.push(invalid_pattern(text, span)),
                },
                Err(fault) => found.push(invalid_path(text, fault, span)),
            }
        }
        let literal = |pattern: &Pattern| pattern.as_str().chars().filter(|c| *c != '*').count();
        declarations.patterns.sort_by_key(|(pattern, number)| (std::cmp::Reverse(literal(pattern)), *number));
        declarations
    }

    /// Returns the declarations of an image. `sidecar` reads its sidecar file, which is used if no entry has its path.
    ///
    /// The most specific declaration describes the image: its entry, otherwise its sidecar file, otherwise the pattern with the
    /// most literal characters, otherwise the defaults. A declaration without a licence inherits the licence of the next one, and
    /// its credit, source and date if it has none of these.
    pub fn of(&self, path: &str, sidecar: impl FnOnce() -> Option<Manifest<AssetManifest>>) -> DeclaredAsset {
        let manifest = &self.scope.publication.manifest;
        let path: String = path.nfc().collect();
        let entry = |number: &usize| manifest.value.assets.get(*number).map(|asset| of_entry(manifest, asset));
        let own = match self.exact.get(&path) {
            Some(number) => entry(number),
            None => sidecar().map(|sidecar| of_entry(&sidecar, &sidecar.value)),
        };
        let options = MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };
        let matching = self.patterns.iter().filter(|(pattern, _)| pattern.matches_with(&path, options));
        let series = self.scope.publication.series.as_ref();
        let defaults = [
            Some(of_defaults(manifest, &manifest.value.assets_default)),
            series.map(|(series, _)| of_defaults(series, &series.value.assets_default)),
        ];
        let mut all =
            own.into_iter().chain(matching.filter_map(|(_, number)| entry(number))).chain(defaults.into_iter().flatten());
        let first = all.next().unwrap_or_default();
        all.fold(first, inherit)
    }
}

/// Adds the rights of a less specific declaration to one without a licence.
fn inherit(own: DeclaredAsset, next: DeclaredAsset) -> DeclaredAsset {
    if own.licence.is_some() {
        return own;
    }
    let AssetManifest { credit, source, date, .. } = &own.asset;
    let asset = match (credit, source, date) {
        (None, None, None) => {
            AssetManifest { credit: next.asset.credit, source: next.asset.source, date: next.asset.date, ..own.asset }
        }
        _ => own.asset,
    };
    DeclaredAsset { asset, licence: next.licence }
}

fn of_entry<T>(manifest: &Manifest<T>, asset: &AssetManifest) -> DeclaredAsset {
    DeclaredAsset { asset: asset.clone(), licence: licence(manifest, asset.licence.as_ref()) }
}

fn of_defaults<T>(manifest: &Manifest<T>, defaults: &AssetDefaults) -> DeclaredAsset {
    let AssetDefaults { credit, licence: words, source, date } = defaults.clone();
    let licence = licence(manifest, words.as_ref());
    DeclaredAsset { asset: AssetManifest { credit, source, date, ..AssetManifest::default() }, licence }
}

fn licence<T>(manifest: &Manifest<T>, words: Option<&toml::Spanned<String>>) -> Option<WrittenLicence> {
    let words = words.filter(|words| !words.get_ref().trim().is_empty())?;
    Some((words.get_ref().trim().to_owned(), manifest.span(words)))
}

/// Joins the folder of a publication and a path or a pattern. The result is in Unicode normalization form C.
fn joined(folder: &str, written: &str) -> Result<String, PathFault> {
    let path: String = join_path(folder, &written.replace('*', STAR))?.nfc().collect();
    Ok(path.replace(STAR, "*"))
}

/// Returns a pattern in which only `*` and `**` have a meaning.
fn pattern(path: &str) -> Option<Pattern> {
    let escaped: Vec<String> = path.split('*').map(Pattern::escape).collect();
    Pattern::new(&escaped.join("*")).ok()
}

fn invalid_pattern(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(code::IMAGE, format!("\"{written}\" is not a pattern of paths"))
        .at(span)
        .hint("write * for any characters of a name, as in images/*.png, and ** for any folders, as in images/**")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    fn matches(written: &str, path: &str) -> bool {
        let options = MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };
        pattern(&joined("sources/a", written).unwrap()).unwrap().matches_with(path, options)
    }

    #[test]
    fn a_star_stands_for_a_part_of_a_name_and_two_for_folders() {
        for (written, path, wanted) in [
            ("images/*", "sources/a/images/x.png", true),
            ("images/*", "sources/a/images/deep/x.png", false),
            ("images/**", "sources/a/images/deep/x.png", true),
            ("images/**/*.png", "sources/a/images/x.png", true),
            ("images/*.png", "sources/a/images/x.jpg", false),
            ("images/a[1]*", "sources/a/images/a[1]x.png", true),
            ("images/a[1]*", "sources/a/images/a1.png", false),
            ("../shared/*", "sources/shared/x.png", true),
        ] {
            assert_eq!(matches(written, path), wanted, "{written} {path}");
        }
        assert!(pattern(&joined("a", "x**/y").unwrap()).is_none());
    }

    #[test]
    fn rights_are_inherited_as_a_whole() {
        let declared = |credit: Option<&str>, licence: Option<&str>| DeclaredAsset {
            asset: AssetManifest { credit: credit.map(str::to_owned), ..AssetManifest::default() },
            licence: licence.map(|words| (words.to_owned(), Span::new(Sources::default().add("a", ""), 0..0))),
        };
        let merged = |own: DeclaredAsset| {
            let merged = inherit(own, declared(Some("Ada"), Some("CC0-1.0")));
            (merged.asset.credit, merged.licence.map(|(words, _)| words))
        };
        let some = |words: &str| Some(words.to_owned());
        assert_eq!(merged(declared(None, None)), (some("Ada"), some("CC0-1.0")));
        assert_eq!(merged(declared(Some("Bo"), None)), (some("Bo"), some("CC0-1.0")));
        assert_eq!(merged(declared(None, Some("MIT"))), (None, some("MIT")), "an author of other images is not credited");
    }
}
