//! Validation of the style sheets of layouts, and embedding of the files that they use.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::css::{CssAddressKind, CssFault, CssFaultKind, scan};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, code};
use crate::disk::Files;

/// A fault of a style sheet, with its location and the hint.
type Fault = (Range<usize>, String, String);

/// Maximum size in bytes of a file that a style sheet uses, because it is embedded in the style sheet.
const MAX_EMBEDDED: usize = 1 << 20;

/// Returns the style sheet with the files of the layout that it uses embedded as data URLs (RFC 2397).
///
/// # Errors
///
/// Returns a diagnostic for each bracket or string that is not closed, for each import, and for each file that does not exist or
/// comes from the network.
pub fn read(source: SourceId, text: &str, path: &str, files: &Files) -> Result<String, Diagnostics> {
    let found = scan(text);
    let mut faults: Vec<Fault> = found.faults.into_iter().map(described).collect();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for used in found.addresses {
        if used.kind == CssAddressKind::Import {
            let hint = "copy the rules of the imported file into this one, and delete the line";
            faults.push((used.range, "an EPUB cannot import a style sheet".into(), hint.into()));
            continue;
        }
        match embedded(&used.address, path, files) {
            Ok(None) => {}
            Ok(Some(data)) => {
                out.push_str(text.get(done..used.range.start).unwrap_or_default());
                out.push_str(&format!("url(\"{data}\")"));
                done = used.range.end;
            }
            Err((message, hint)) => faults.push((used.range, message, hint)),
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    if faults.is_empty() {
        return Ok(out);
    }
    let error =
        |(range, message, hint): Fault| Diagnostic::new(code::STYLE_SHEET, message).at(Span::new(source, range)).hint(hint);
    Err(faults.into_iter().map(error).collect())
}

/// Returns the message and the hint for a fault.
fn described(CssFault { kind, range }: CssFault) -> Fault {
    let (message, hint) = match kind {
        CssFaultKind::OpenBracket('{') => ("this { is not closed".into(), "write } at the end of its rule".into()),
        CssFaultKind::OpenBracket(bracket) => {
            let closing = if bracket == '(' { ')' } else { ']' };
            (format!("this {bracket} is not closed"), format!("write {closing} at its end"))
        }
        CssFaultKind::StrayBracket(bracket) => {
            (format!("this {bracket} has no opening bracket"), format!("delete the {bracket}"))
        }
        CssFaultKind::OpenComment => ("this comment is not closed".into(), "write */ at its end".into()),
        CssFaultKind::OpenString(mark) => ("this string is not closed".into(), format!("write {mark} at its end")),
        CssFaultKind::OpenUrl => {
            ("this url() cannot be read".into(), "write the address between quotation marks: url(\"…\")".into())
        }
    };
    (range, message, hint)
}

/// Returns the data URL of the file that an address names, or `None` if the address needs no file.
///
/// # Errors
///
/// Returns a message and a hint if no file of the layout has this address, or if reading systems cannot show it.
fn embedded(address: &str, path: &str, files: &Files) -> Result<Option<String>, (String, String)> {
    let lower = address.to_ascii_lowercase();
    if lower.starts_with("data:") || address.starts_with('#') {
        return Ok(None);
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if lower.contains("://") || address.starts_with("//") {
        let message = format!("an EPUB cannot load \"{address}\" from the network");
        return Err((message, format!("copy the file into {folder}, and write its name: url(\"…\")")));
    }
    let bytes = crate::manifest::join_path(folder, address.split(['?', '#']).next().unwrap_or_default())
        .ok()
        .and_then(|path| files.get(&path));
    let Some(bytes) = bytes else {
        return Err((
            format!("there is no file \"{address}\" in {folder}"),
            format!("put the file into {folder}, or remove the url()"),
        ));
    };
    let extension =
        address.split(['?', '#']).next().and_then(|path| path.rsplit_once('.')).map(|(_, end)| end.to_ascii_lowercase());
    let Some((_, media_type)) = TYPES.iter().find(|(known, _)| extension.as_deref() == Some(*known)) else {
        let known: Vec<&str> = TYPES.iter().map(|(known, _)| *known).collect();
        return Err((
            format!("\"{address}\" is not a picture or a font that every reading system shows"),
            format!("use one of {}", known.join(", ")),
        ));
    };
    if bytes.len() > MAX_EMBEDDED {
        let message = format!("\"{address}\" has more than {} KiB, too much for a style sheet", MAX_EMBEDDED >> 10);
        return Err((message, "make it smaller".into()));
    }
    Ok(Some(format!("data:{media_type};base64,{}", STANDARD.encode(bytes))))
}

/// Core media types of EPUB 3.3 (§3.2) for pictures and fonts.
const TYPES: [(&str, &str); 9] = [
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("woff2", "font/woff2"),
    ("otf", "font/otf"),
    ("ttf", "font/ttf"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    fn styles(css: &str) -> Result<String, Vec<(String, String)>> {
        let mut files = Files::new();
        files.insert("layouts/x/motif.png".into(), b"abcd".to_vec().into());
        files.insert("layouts/x/a.txt".into(), b"abcd".to_vec().into());
        let found = read(Sources::default().add("epub.css", css), css, "layouts/x/epub.css", &files);
        found.map_err(|found| {
            let at =
                |error: &&Diagnostic| error.span.and_then(|span| css.get(span.start..span.end)).unwrap_or_default().to_owned();
            found.sorted().iter().map(|error| (at(error), error.message.clone())).collect()
        })
    }

    #[test]
    fn each_fault_is_named_at_its_place() {
        for (css, place, message) in [
            ("p { color: red", "{", "this { is not closed"),
            ("p { width: calc(1em; }", "(", "this ( is not closed"),
            ("p { color: red }}", "}", "this } has no opening bracket"),
            ("/* x", "/*", "this comment is not closed"),
            ("p { content: \"a\n }", "\"a", "this string is not closed"),
            ("@import url(x.css);\np {}", "@import url(x.css)", "an EPUB cannot import a style sheet"),
            ("p { background: url(a.png) }", "url(a.png)", "there is no file \"a.png\" in layouts/x"),
            (
                "p { background: url('https://a.org/a.png') }",
                "url('https://a.org/a.png')",
                "an EPUB cannot load \"https://a.org/a.png\" from the network",
            ),
            ("p { background: url(a b.png) }", "url(a b.png)", "this url() cannot be read"),
            (
                "p { background: url(a.txt) }",
                "url(a.txt)",
                "\"a.txt\" is not a picture or a font that every reading system shows",
            ),
        ] {
            assert_eq!(styles(css).unwrap_err(), [(place.to_owned(), message.to_owned())], "{css}");
        }
    }

    #[test]
    fn files_of_the_layout_are_written_into_the_style_sheet() {
        let css = "p { background: url( \"motif.png\" ) } q::before { content: \"url(x) }\" } /* url(y) { */ a[href=\"}\"] {}";
        let expected = css.replace("url( \"motif.png\" )", "url(\"data:image/png;base64,YWJjZA==\")");
        assert_eq!(styles(css).unwrap(), expected);
        let css = "p { background: image-set('motif.png' 2x) }";
        let expected = css.replace("'motif.png'", "url(\"data:image/png;base64,YWJjZA==\")");
        assert_eq!(styles(css).unwrap(), expected);
        for same in [
            "p { mask: url(#m) }",
            "p { background: url(data:image/gif;base64,R0lGOD) }",
            "@namespace svg url(http://www.w3.org/2000/svg);",
            "@media (min-width: 1em) { p:not(.a, [b]) {} }",
        ] {
            assert_eq!(styles(same).unwrap(), same);
        }
    }
}
