//! The document type declaration of an SVG, which is removed. Its entities are replaced with their texts.
//!
//! Illustrator and other programs declare entities for the addresses of namespaces. Many programs declare a public identifier,
//! which names the file of the DTD. That file is never read, and EPUB permits few of these identifiers (EPUB 3.3 §3.9).

use std::collections::BTreeMap;

use super::SvgFault;

/// Maximum number of bytes that entities add to a text.
const MAX_ADDED: usize = 1 << 20;

/// Maximum nesting of entities.
const MAX_NESTED: usize = 8;

/// Entities and their texts.
type Entities = BTreeMap<String, String>;

/// Returns the text without its document type declaration, or `None` if it has none.
///
/// # Errors
///
/// Returns a fault if the declaration is damaged, contains external entities or default attributes, or expands to too much text.
pub fn removed(text: &str) -> Result<Option<String>, SvgFault> {
    let Some(start) = start(text) else { return Ok(None) };
    let mut cursor = DoctypeCursor { rest: text.get(start + "<!DOCTYPE".len()..).unwrap_or_default() };
    let entities = declaration(&mut cursor).ok_or_else(damaged)??;
    let body = cursor.rest;
    let mut out = text.get(..start).unwrap_or_default().to_owned();
    let limit = text.len() + MAX_ADDED;
    let mut expansion = Expansion { entities: &entities, limit, out: &mut out };
    expansion.markup(body, 0)?;
    Ok(Some(out))
}

fn damaged() -> SvgFault {
    SvgFault::Damaged("has a damaged document type declaration".into())
}

/// Returns the position of the declaration. White space, comments and processing instructions may precede it.
fn start(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        at += rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let end = match rest {
            _ if rest.starts_with("<!DOCTYPE") => return Some(at),
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ => return None,
        };
        at += rest.find(end)? + end.len();
    }
}

struct DoctypeCursor<'a> {
    rest: &'a str,
}

impl<'a> DoctypeCursor<'a> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, start: &str) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Returns the text before `end`, and skips both.
    fn until(&mut self, end: &str) -> Option<&'a str> {
        let (before, after) = self.rest.split_once(end)?;
        self.rest = after;
        Some(before)
    }

    /// Returns the characters before white space or a mark.
    fn word(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| c.is_whitespace() || "\"'[]<>%".contains(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Returns the text between quotation marks.
    fn quoted(&mut self) -> Option<&'a str> {
        let mark = self.rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        self.rest = self.rest.get(1..)?;
        self.until(if mark == '"' { "\"" } else { "'" })
    }
}

/// Reads a declaration after its first word (XML 1.0 §2.8). Returns `None` if it is damaged.
fn declaration(cursor: &mut DoctypeCursor<'_>) -> Option<Result<Entities, SvgFault>> {
    let mut entities = Entities::new();
    loop {
        cursor.skip_space();
        if cursor.take(">") {
            return Some(Ok(entities));
        }
        if cursor.take("[") {
            if let Err(fault) = subset(cursor, &mut entities)? {
                return Some(Err(fault));
            }
        } else if cursor.rest.starts_with(['"', '\'']) {
            cursor.quoted()?;
        } else if cursor.word().is_empty() {
            return None;
        }
    }
}

/// Reads the declarations between brackets.
fn subset(cursor: &mut DoctypeCursor<'_>, entities: &mut Entities) -> Option<Result<(), SvgFault>> {
    let hint = "export it as a plain SVG, without a document type declaration";
    loop {
        cursor.skip_space();
        if cursor.take("]") {
            return Some(Ok(()));
        }
        if cursor.take("<!--") {
            cursor.until("-->")?;
        } else if cursor.take("<?") {
            cursor.until("?>")?;
        } else if cursor.take("<!ENTITY") {
            match entity(cursor)? {
                Ok((name, text)) => drop(entities.entry(name).or_insert(text)),
                Err(name) => {
                    let what = format!("the entity \"{name}\", whose text is in another file");
                    return Some(Err(SvgFault::forbidden(what, hint)));
                }
            }
        } else if cursor.take("<!ATTLIST") {
            let inside = cursor.until(">")?;
            if inside.contains(['"', '\'']) {
                let what = "a document type declaration with values of attributes";
                return Some(Err(SvgFault::forbidden(what, hint)));
            }
        } else if cursor.take("<!ELEMENT") || cursor.take("<!NOTATION") {
            cursor.until(">")?;
        } else if cursor.rest.starts_with('%') {
            let name = cursor.until(";")?;
            return Some(Err(SvgFault::forbidden(format!("the parameter entity \"{name}\""), hint)));
        } else {
            return None;
        }
    }
}

/// Reads an entity after its first word. For a parameter entity or an entity whose text is in another file, returns the name as
/// the error.
fn entity(cursor: &mut DoctypeCursor<'_>) -> Option<Result<(String, String), String>> {
    cursor.skip_space();
    let is_parameter = cursor.take("%");
    cursor.skip_space();
    let name = cursor.word().to_owned();
    cursor.skip_space();
    let text = cursor.rest.starts_with(['"', '\'']).then(|| cursor.quoted()).flatten().map(with_characters);
    cursor.until(">")?;
    Some(match text {
        Some(text) if !is_parameter => Ok((name, text)),
        _ => Err(name),
    })
}

/// Replaces character references in the text of an entity (XML 1.0 §4.5).
fn with_characters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("&#") {
        out.push_str(before);
        let digits = after.split(';').next().unwrap_or_default();
        let number = match digits.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        };
        match number.and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = after.get(digits.len() + 1..).unwrap_or_default();
            }
            None => {
                out.push_str("&#");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Replaces entity references.
struct Expansion<'a> {
    entities: &'a Entities,
    /// Maximum length of the result.
    limit: usize,
    out: &'a mut String,
}

impl Expansion<'_> {
    fn push(&mut self, text: &str) -> Result<(), SvgFault> {
        self.out.push_str(text);
        match self.out.len() > self.limit {
            true => Err(SvgFault::forbidden("entities that expand to too much text", "export it as a plain SVG")),
            false => Ok(()),
        }
    }

    /// Expands markup. Comments, CDATA sections and processing instructions contain no references.
    fn markup(&mut self, text: &str, depth: usize) -> Result<(), SvgFault> {
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            let (before, markup) = rest.split_at(at);
            self.references(before, None, depth)?;
            let literal =
                [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")].iter().find(|(start, _)| markup.starts_with(start));
            let end = match literal {
                Some((_, end)) => markup.find(end).map(|at| at + end.len()),
                None => end_of_tag(markup),
            };
            let (inside, after) = markup.split_at(end.unwrap_or(markup.len()));
            match literal {
                Some(_) => self.push(inside)?,
                None => self.tag(inside, depth)?,
            }
            rest = after;
        }
        self.references(rest, None, depth)
    }

    /// Expands the values of the attributes of a tag.
    fn tag(&mut self, tag: &str, depth: usize) -> Result<(), SvgFault> {
        let mut rest = tag;
        while let Some(at) = rest.find(['"', '\'']) {
            let mark = if rest.get(at..).is_some_and(|rest| rest.starts_with('"')) { '"' } else { '\'' };
            let (before, value) = rest.split_at(at + 1);
            self.push(before)?;
            let (value, after) = value.split_at(value.find(mark).unwrap_or(value.len()));
            self.references(value, Some(mark), depth)?;
            let (end, after) = after.split_at(after.len().min(1));
            self.push(end)?;
            rest = after;
        }
        self.push(rest)
    }

    /// Expands references in text, or in the value of an attribute between `mark`s.
    fn references(&mut self, text: &str, mark: Option<char>, depth: usize) -> Result<(), SvgFault> {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('&') {
            self.push(before)?;
            let name = after.split(';').next().filter(|name| name.len() < after.len()).unwrap_or_default();
            let Some(replacement) = self.entities.get(name) else {
                self.push("&")?;
                rest = after;
                continue;
            };
            if depth >= MAX_NESTED {
                return Err(SvgFault::forbidden("entities that contain themselves", "export it as a plain SVG"));
            }
            match mark {
                Some(mark) => {
                    let quoted = replacement.replace(mark, if mark == '"' { "&quot;" } else { "&apos;" });
                    self.references(&quoted, Some(mark), depth + 1)?;
                }
                None => self.markup(replacement, depth + 1)?,
            }
            rest = after.get(name.len() + 1..).unwrap_or_default();
        }
        self.push(rest)
    }
}

/// Returns the length of the tag at the start of `markup`. A `>` in the value of an attribute does not end it.
fn end_of_tag(markup: &str) -> Option<usize> {
    let mut mark = None;
    for (at, c) in markup.char_indices() {
        match (c, mark) {
            ('>', None) => return Some(at + 1),
            ('"' | '\'', None) => mark = Some(c),
            (c, Some(open)) if c == open => mark = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> String {
        removed(text).unwrap().unwrap()
    }

    #[test]
    fn a_public_identifier_is_removed() {
        let text = "<?xml version=\"1.0\"?>\n<!-- a > b -->\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\"\n \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<svg a='>'>&lt;&#233;</svg>";
        assert_eq!(expanded(text), "<?xml version=\"1.0\"?>\n<!-- a > b -->\n\n<svg a='>'>&lt;&#233;</svg>");
        assert_eq!(expanded("<!DOCTYPE svg><svg/>"), "<svg/>");
        assert_eq!(removed("<svg><!-- <!DOCTYPE svg> --></svg>"), Ok(None));
    }

    #[test]
    fn entities_are_replaced_in_text_and_in_attributes() {
        let text = "<!DOCTYPE svg [ <!-- x --> <!ENTITY ns 'http://a/\"x\"'>\n<!ENTITY b \"<g>&c;</g>\"><!ENTITY c 'tide &#38;amp; moon'>\
                    <!ATTLIST svg xmlns:a CDATA #IMPLIED><!ELEMENT svg ANY> ]><svg xmlns=\"&ns;\">&b;<![CDATA[&b;]]><!--&b;--></svg>";
        let wanted = "<svg xmlns=\"http://a/&quot;x&quot;\"><g>tide &amp; moon</g><![CDATA[&b;]]><!--&b;--></svg>";
        assert_eq!(expanded(text), wanted);
    }

    #[test]
    fn texts_of_other_files_and_unlimited_texts_are_forbidden() {
        let laughs: String = (1..12).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
        for declared in [
            "<!ENTITY x SYSTEM \"file:///etc/passwd\">",
            "<!ENTITY x PUBLIC \"a\" \"https://example.org\">",
            "<!ENTITY % x \"y\">",
            "%x;",
            "<!ENTITY x \"&x;\">",
            "<!ATTLIST svg onload CDATA \"x()\">",
            &format!("<!ENTITY l0 \"ha\">{laughs}<!ENTITY x \"&l11;\">"),
            &format!("<!ENTITY y \"{}\"><!ENTITY x \"{}\">", "ha".repeat(1000), "&y;".repeat(1000)),
        ] {
            let text = format!("<!DOCTYPE svg [{declared}]><svg>&x;</svg>");
            assert!(matches!(removed(&text), Err(SvgFault::Forbidden { .. })), "{declared:.60}: {:?}", removed(&text));
        }
        for broken in ["<!DOCTYPE svg", "<!DOCTYPE svg [<!ENTITY", "<!DOCTYPE svg [x]>", "<!DOCTYPE svg \"x>"] {
            assert!(matches!(removed(broken), Err(SvgFault::Damaged(_))), "{broken}");
        }
    }
}
