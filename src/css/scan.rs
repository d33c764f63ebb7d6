//! The addresses and the at-rules of a style sheet or a style attribute, and the faults for which reading systems ignore rules.

use std::ops::Range;

use cssparser::Token;

use super::token::{CssToken, closing, counterpart, opening, tokens};

/// The contents of a style sheet that concern other files, and its faults.
#[derive(Clone, Debug, Default)]
pub struct CssScan {
    /// The addresses, in their order.
    pub addresses: Vec<CssAddress>,
    /// The names of at-rules in lower case, with the range of the keyword.
    pub at_rules: Vec<(String, Range<usize>)>,
    /// The faults, in no particular order.
    pub faults: Vec<CssFault>,
}

/// An address in a style sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CssAddress {
    /// Its kind.
    pub kind: CssAddressKind,
    /// The address, with escapes replaced.
    pub address: String,
    /// The range of `url(…)`, or of the string if there is no `url`.
    pub range: Range<usize>,
}

/// The use of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CssAddressKind {
    /// A picture or a font.
    Resource,
    /// Another style sheet. The range includes `@import`.
    Import,
}

/// A fault, with its range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CssFault {
    /// Its kind.
    pub kind: CssFaultKind,
    /// Its range.
    pub range: Range<usize>,
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CssFaultKind {
    /// A bracket that is not closed.
    OpenBracket(char),
    /// A bracket that closes nothing.
    StrayBracket(char),
    /// A comment that is not closed.
    OpenComment,
    /// A string that is not closed, with its quotation mark.
    OpenString(char),
    /// A `url(` that is not closed, or that contains spaces or quotation marks.
    OpenUrl,
}

/// Functions whose strings are addresses (CSS Images Level 4 §2, CSS Values Level 5 §2).
const ADDRESS_FUNCTIONS: [&str; 5] = ["url", "src", "image", "image-set", "-webkit-image-set"];

/// Finds the addresses, at-rules and faults of a text.
pub fn scan(text: &str) -> CssScan {
    let mut reader = ScanReader { text, open: Vec::new(), statement: None, found: CssScan::default() };
    for token in tokens(text) {
        reader.read(token);
    }
    reader.finish()
}

/// A bracket that is open.
struct OpenBlock {
    bracket: char,
    /// Range of the token that opened it.
    range: Range<usize>,
    /// Name of the function in lower case; empty for other blocks.
    function: String,
    /// The first string in it.
    string: Option<String>,
}

struct ScanReader<'a> {
    text: &'a str,
    open: Vec<OpenBlock>,
    /// Name and start of the at-rule whose prelude is being read.
    statement: Option<(String, usize)>,
    found: CssScan,
}

impl ScanReader<'_> {
    fn fault(&mut self, kind: CssFaultKind, range: Range<usize>) {
        self.found.faults.push(CssFault { kind, range });
    }

    fn read(&mut self, CssToken { token, range }: CssToken<'_>) {
        self.bracket(&token, range.clone());
        let written = self.text.get(range.clone()).unwrap_or_default();
        match &token {
            Token::Comment(_) if !(written.len() >= 4 && written.ends_with("*/")) => {
                self.fault(CssFaultKind::OpenComment, range.start..range.start + 2);
            }
            Token::AtKeyword(name) => {
                let name = name.to_ascii_lowercase();
                self.statement = Some((name.clone(), range.start));
                self.found.at_rules.push((name, range));
            }
            Token::Semicolon | Token::CurlyBracketBlock => self.statement = None,
            Token::BadString(_) => self.open_string(written, range),
            Token::QuotedString(address) => {
                if !is_closed_string(written) {
                    self.open_string(written, range.clone());
                }
                self.string(address, range);
            }
            Token::UnquotedUrl(address) => {
                if written.ends_with(')') {
                    self.address(address, range);
                } else {
                    self.fault(CssFaultKind::OpenUrl, range);
                }
            }
            Token::BadUrl(_) => self.fault(CssFaultKind::OpenUrl, range),
            _ => {}
        }
    }

    fn open_string(&mut self, written: &str, range: Range<usize>) {
        let mark = written.chars().next().unwrap_or('"');
        self.fault(CssFaultKind::OpenString(mark), range);
    }

    /// Reads a string, which is an address after `@import` and in functions such as `image-set("a.png" 1x)`, otherwise text.
    fn string(&mut self, string: &str, range: Range<usize>) {
        let is_import = self.open.is_empty() && self.statement.as_ref().is_some_and(|(name, _)| name == "import");
        match self.open.last_mut() {
            Some(block) if block.function == "url" || block.function == "src" => {
                block.string.get_or_insert_with(|| string.to_owned());
            }
            Some(block) if ADDRESS_FUNCTIONS.contains(&block.function.as_str()) => self.address(string, range),
            _ if is_import => self.address(string, range),
            _ => {}
        }
    }

    fn address(&mut self, address: &str, range: Range<usize>) {
        let statement = self.statement.as_ref().map(|(name, start)| (name.as_str(), *start));
        let (kind, range) = match statement {
            // A namespace is a name, not a file (CSS Namespaces §2).
            Some(("namespace", _)) => return,
            Some(("import", start)) => (CssAddressKind::Import, start..range.end),
            _ => (CssAddressKind::Resource, range),
        };
        self.found.addresses.push(CssAddress { kind, address: address.to_owned(), range });
    }

    fn bracket(&mut self, token: &Token<'_>, range: Range<usize>) {
        if let Some(bracket) = opening(token) {
            let function = match token {
                Token::Function(name) => name.to_ascii_lowercase(),
                _ => String::new(),
            };
            self.open.push(OpenBlock { bracket, range, function, string: None });
            return;
        }
        let Some(closed) = closing(token) else { return };
        match self.open.pop() {
            Some(block) if counterpart(block.bracket) == closed => {
                if let Some(address) = block.string {
                    self.address(&address, block.range.start..range.end);
                }
            }
            Some(block) => {
                self.not_closed(&block);
                // The bracket also closes the open blocks inside its block.
                while self.open.pop().is_some_and(|block| counterpart(block.bracket) != closed) {}
            }
            None => self.fault(CssFaultKind::StrayBracket(closed), range),
        }
    }

    fn not_closed(&mut self, block: &OpenBlock) {
        if block.function == "url" {
            self.fault(CssFaultKind::OpenUrl, block.range.clone());
        } else {
            self.fault(CssFaultKind::OpenBracket(block.bracket), block.range.end - 1..block.range.end);
        }
    }

    fn finish(mut self) -> CssScan {
        // A comment or string that is not closed contains the closing brackets.
        let is_cut = self.found.faults.iter().any(|fault| {
            matches!(fault.kind, CssFaultKind::OpenComment | CssFaultKind::OpenUrl)
                || matches!(fault.kind, CssFaultKind::OpenString(_)) && fault.range.end == self.text.len()
        });
        if !is_cut && !self.open.is_empty() {
            let first = self.open.swap_remove(0);
            self.not_closed(&first);
        }
        self.found
    }
}

/// Returns whether a string token ends with its quotation mark.
fn is_closed_string(written: &str) -> bool {
    let mut chars = written.chars();
    let Some(mark) = chars.next() else { return false };
    let Some(inner) = chars.as_str().strip_suffix(mark) else { return false };
    let escapes = inner.len() - inner.trim_end_matches('\\').len();
    escapes % 2 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(css: &str) -> Vec<(CssAddressKind, String, &str)> {
        let found = scan(css).addresses;
        found.into_iter().map(|found| (found.kind, found.address, &css[found.range])).collect()
    }

    #[test]
    fn addresses_are_found_in_every_notation() {
        use CssAddressKind::{Import, Resource};
        for (css, kind, address, written) in [
            ("p { background: url(a.png) }", Resource, "a.png", "url(a.png)"),
            ("p { background: URL( 'a b.png' ) }", Resource, "a b.png", "URL( 'a b.png' )"),
            ("p { background: u\\72l(a.png) }", Resource, "a.png", "u\\72l(a.png)"),
            ("p { background: url(\"a\\\".png\") }", Resource, "a\".png", "url(\"a\\\".png\")"),
            ("p { background: image-set(\"a.png\" 1x) }", Resource, "a.png", "\"a.png\""),
            (
                "p { background: url(data:image/png;base64,AA==) }",
                Resource,
                "data:image/png;base64,AA==",
                "url(data:image/png;base64,AA==)",
            ),
            ("fill:url('#g')", Resource, "#g", "url('#g')"),
            ("@import url(x.css) screen;", Import, "x.css", "@import url(x.css)"),
            ("@import \"x.css\";", Import, "x.css", "@import \"x.css\""),
            ("@\\69mport 'x.css'", Import, "x.css", "@\\69mport 'x.css'"),
        ] {
            assert_eq!(addresses(css), [(kind, address.to_owned(), written)], "{css}");
        }
    }

    #[test]
    fn text_and_names_are_not_addresses() {
        for css in [
            "p::before { content: \"url(a.png)\" }",
            "/* url(a.png) @import 'x' */",
            "@namespace svg url(http://www.w3.org/2000/svg);",
            "@charset \"UTF-8\";",
            "p { x: my-url(a) }",
            "a[href=\"x.png\"] {}",
        ] {
            assert_eq!(addresses(css), [], "{css}");
        }
    }

    #[test]
    fn at_rules_are_named() {
        let found = scan("@Media print { @keyframes x {} } @font-face {}").at_rules;
        let names: Vec<String> = found.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["media", "keyframes", "font-face"]);
    }

    #[test]
    fn faults_are_found_once_at_their_place() {
        use CssFaultKind::{OpenBracket, OpenComment, OpenString, OpenUrl, StrayBracket};
        for (css, kind, written) in [
            ("p { color: red", OpenBracket('{'), "{"),
            ("p { width: calc(1em; }", OpenBracket('('), "("),
            ("a[b {}", OpenBracket('['), "["),
            ("p { color: red }}", StrayBracket('}'), "}"),
            ("p { } /* x }", OpenComment, "/*"),
            ("p { } /*/", OpenComment, "/*"),
            ("p { content: \"a\n }", OpenString('"'), "\"a"),
            ("p { content: 'a\\' }", OpenString('\''), "'a\\' }"),
            ("p { background: url(a.png }", OpenUrl, "url(a.png }"),
            ("p { background: url(a\"b) }", OpenUrl, "url(a\"b)"),
            ("p { background: url(\"a.png\" }", OpenUrl, "url("),
        ] {
            let found: Vec<_> = scan(css).faults.into_iter().map(|fault| (fault.kind, &css[fault.range])).collect();
            assert_eq!(found, [(kind, written)], "{css}");
        }
        assert_eq!(scan(&"(".repeat(100_000)).faults.len(), 1);
    }

    #[test]
    fn sound_styles_have_no_faults() {
        for css in [
            "p { background: url(data:image/gif;base64,R0lGOD) } q::before { content: \"} /* \" }",
            "@media (min-width: 1em) { p:not(.a, [b]) {} }",
            "p { content: \"\\\\\" } /**/ <!-- p {} -->",
            "fill: url(#a); stroke: #000",
        ] {
            assert_eq!(scan(css).faults, [], "{css}");
        }
    }
}
