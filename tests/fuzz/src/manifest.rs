//! Properties of TOML parsing: every error has a location.

use reliure::diagnostic::{Diagnostics, SourceId, Sources};
use reliure::manifest::{
    AssetManifest, LayoutManifest, Manifest, PublicationManifest, SeriesManifest, WorkspaceManifest, parse, strings,
};

use super::edition;

/// Parses a text as each kind of manifest. A valid publication is also resolved.
pub fn law(text: &str) {
    let mut sources = Sources::default();
    let source = sources.add("drawn.toml", text);
    // Each text is parsed twice: for unknown keys, then for values.
    checked(&sources, source, text, parse::<WorkspaceManifest>(source, text));
    checked(&sources, source, text, parse::<SeriesManifest>(source, text));
    checked(&sources, source, text, parse::<LayoutManifest>(source, text));
    checked(&sources, source, text, parse::<AssetManifest>(source, text));
    if let Some(manifest) = checked(&sources, source, text, parse::<PublicationManifest>(source, text)) {
        edition::resolved(edition::entry(manifest));
    }
    for (value, span) in strings(source, text) {
        assert!(text.get(span.start..span.end).is_some(), "{value:?} has no location in {text:?}");
    }
}

/// Returns the parsed value. Asserts that errors have a location and a message.
fn checked<T>(sources: &Sources, source: SourceId, text: &str, read: Result<Manifest<T>, Diagnostics>) -> Option<Manifest<T>> {
    let errors = match read {
        Ok(manifest) => return Some(manifest),
        Err(errors) => errors,
    };
    assert!(errors.has_errors(), "a rejected text has an error");
    for error in errors.into_list() {
        let span = error.span.unwrap_or_else(|| panic!("{error:?} has no location in {text:?}"));
        let inside = span.source == source && span.start <= span.end && text.get(span.start..span.end).is_some();
        assert!(inside, "{error:?} has a location outside {text:?}");
        let (line, _) = sources.position(source, span.start).expect("a location has a line");
        assert!(line >= 1 && line <= text.split('\n').count(), "line {line} of {text:?}");
        assert!(!error.message.is_empty(), "{error:?} has a message");
    }
    None
}
