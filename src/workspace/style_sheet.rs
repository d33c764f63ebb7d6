//! The style sheets of a layout: faults that make reading systems ignore them, and the files that they use.
//!
//! The scan follows the tokens of CSS Syntax §4: comments, strings, `url()`, brackets and at-rules. It does not check properties,
//! because reading systems ignore unknown ones.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, code};
use crate::disk::Files;

/// A fault of a style sheet, with its location and the hint.
type Fault = (Range<usize>, String, String);

/// Maximum size in bytes of a file that a style sheet uses, because it is embedded in the style sheet.
const MAX_EMBEDDED: usize = 1 << 20;

/// Returns the style sheet with the files of the layout that it uses written into it, as data URLs (RFC 2397).
///
/// # Errors
///
/// Returns brackets and texts that are not closed, imports, and files that do not exist or come from the network.
pub fn read(source: SourceId, text: &str, path: &str, files: &Files) -> Result<String, Diagnostics> {
    let mut scan = Scan { text, at: 0, open: Vec::new(), urls: Vec::new(), faults: Vec::new() };
    scan.run();
    let mut faults = scan.faults;
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, address) in scan.urls {
        match embedded(&address, path, files) {
            Ok(None) => {}
            Ok(Some(data)) => {
                out.push_str(text.get(done..range.start).unwrap_or_default());
                out.push_str(&format!("url(\"{data}\")"));
                done = range.end;
            }
            Err((message, hint)) => faults.push((range, message, hint)),
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

/// A scan of a style sheet.
struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// The open brackets.
    open: Vec<(char, usize)>,
    /// Each `url(…)` and its address.
    urls: Vec<(Range<usize>, String)>,
    faults: Vec<Fault>,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fault(&mut self, range: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.faults.push((range, message.into(), hint.into()));
    }

    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            let start = self.at;
            let rest = self.rest();
            if rest.starts_with("/*") {
                match rest.find("*/") {
                    Some(end) => self.at += end + 2,
                    None => {
                        self.fault(start..start + 2, "this comment is not closed", "write */ at its end");
                        return;
                    }
                }
            } else if matches!(c, '"' | '\'') {
                let length = self.string(c);
                self.at = start + length;
            } else if starts_with_word(rest, "url(") && !self.text.get(..start).is_some_and(|before| before.ends_with(is_name)) {
                self.url(start);
            } else if starts_with_word(rest, "@import") {
                let end = start + rest.find([';', '\n']).unwrap_or(rest.len());
                let hint = "copy the rules of the imported file into this one, and delete the line";
                self.fault(start..end, "an EPUB cannot import a style sheet", hint);
                self.at = end;
            } else {
                self.bracket(c, start);
                self.at += c.len_utf8();
                if c == '\\' {
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
            }
        }
        if let Some((bracket, at)) = self.open.first().copied() {
            self.fault(
                at..at + 1,
                format!("this {bracket} is not closed"),
                format!("write {} at the end of its rule", closing(bracket)),
            );
        }
    }

    /// Returns the length in bytes of the string that starts here with `mark`. A string ends at the end of its line at the latest.
    fn string(&mut self, mark: char) -> usize {
        let mut escaped = false;
        for (at, c) in self.rest().char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\n' => {
                    let start = self.at;
                    self.fault(start..start + at, "this string is not closed", format!("write {mark} at its end"));
                    return at;
                }
                c if c == mark => return at + 1,
                _ => {}
            }
        }
        let (start, length) = (self.at, self.rest().len());
        self.fault(start..start + length, "this string is not closed", format!("write {mark} at its end"));
        length
    }

    fn url(&mut self, start: usize) {
        self.at += "url(".len();
        self.at += self.rest().len() - self.rest().trim_start().len();
        let quoted = self.rest().chars().next().filter(|c| matches!(c, '"' | '\''));
        let address = match quoted {
            Some(mark) => {
                let length = self.string(mark);
                let address = self.rest().get(1..length.saturating_sub(1)).unwrap_or_default().to_owned();
                self.at += length;
                address
            }
            None => {
                let length = self.rest().find(')').unwrap_or(self.rest().len());
                let address = self.rest().get(..length).unwrap_or_default().trim().to_owned();
                self.at += length;
                address
            }
        };
        match self.rest().find(')').filter(|end| self.rest().get(..*end).is_some_and(|between| between.trim().is_empty())) {
            Some(end) => {
                self.at += end + 1;
                self.urls.push((start..self.at, address));
            }
            None => self.fault(start..self.at, "this url( is not closed", "write ) at its end"),
        }
    }

    fn bracket(&mut self, c: char, at: usize) {
        match c {
            '{' | '(' | '[' => self.open.push((c, at)),
            '}' | ')' | ']' => match self.open.last().copied() {
                Some((open, _)) if closing(open) == c => drop(self.open.pop()),
                Some((open, place)) => {
                    self.fault(
                        place..place + 1,
                        format!("this {open} is not closed"),
                        format!("write {} at its end", closing(open)),
                    );
                    // The rest of the rule is closed with the bracket.
                    while self.open.pop().is_some_and(|(open, _)| closing(open) != c) {}
                }
                None => self.fault(at..at + 1, format!("this {c} has no opening bracket"), format!("delete the {c}")),
            },
            _ => {}
        }
    }
}

fn closing(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
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
        for same in [
            "p { mask: url(#m) }",
            "p { background: url(data:image/gif;base64,R0lGOD) }",
            "@media (min-width: 1em) { p:not(.a, [b]) {} }",
        ] {
            assert_eq!(styles(same).unwrap(), same);
        }
    }
}
