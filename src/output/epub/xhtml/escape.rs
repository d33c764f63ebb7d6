//! An XML writer whose output is well-formed for any text.

use crate::characters;

/// A document that is being written. Every text and attribute value is escaped by [`push_escaped`]; every open element is
/// closed, at the latest by [`Xml::finish`].
#[derive(Debug, Default)]
pub struct Xml {
    out: String,
    open: Vec<&'static str>,
    in_tag: bool,
    /// Markup to insert at the start of the next element that may contain inlines.
    first_child: String,
    /// The id of the next element.
    next_id: Option<String>,
}

impl Xml {
    /// Starts a document with its XML declaration.
    pub fn document() -> Self {
        Self { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".into(), ..Self::default() }
    }

    /// Writes the HTML document type, which EPUB 3.3 §6.1.1 allows and old reading systems require.
    pub fn html_doctype(&mut self) -> &mut Self {
        self.out.push_str("<!DOCTYPE html>\n");
        self
    }

    /// Opens an element. [`Xml::attr`] adds attributes to it until anything else is written.
    pub fn open(&mut self, name: &'static str) -> &mut Self {
        self.end_tag();
        self.out.push('<');
        self.out.push_str(name);
        self.open.push(name);
        self.in_tag = true;
        if let Some(id) = self.next_id.take() {
            self.attr("id", &id);
        }
        self
    }

    /// Gives the next element an id.
    pub fn next_id(&mut self, id: Option<&str>) -> &mut Self {
        self.next_id = id.map(str::to_owned);
        self
    }

    /// Adds an attribute to the element just opened.
    pub fn attr(&mut self, name: &str, value: &str) -> &mut Self {
        if self.in_tag {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            push_escaped(&mut self.out, value, true);
            self.out.push('"');
        }
        self
    }

    /// Adds an attribute if there is a value.
    pub fn attr_if(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.attr(name, value);
        }
        self
    }

    /// Sets the language of the element just opened, for XML and for HTML parsers.
    pub fn lang(&mut self, tag: Option<&str>) -> &mut Self {
        self.attr_if("lang", tag).attr_if("xml:lang", tag)
    }

    /// Writes characters.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.end_tag();
        push_escaped(&mut self.out, text, false);
        self
    }

    /// Writes a line end. Callers use it only where white space is not significant.
    pub fn line(&mut self) -> &mut Self {
        self.end_tag();
        self.out.push('\n');
        self
    }

    /// Writes a line end unless the output ends with one.
    pub fn fresh_line(&mut self) -> &mut Self {
        self.end_tag();
        if self.out.ends_with('\n') { self } else { self.line() }
    }

    /// Closes the innermost element. Empty elements get an end tag too, which HTML parsers need.
    pub fn close(&mut self) -> &mut Self {
        self.end_tag();
        if let Some(name) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
        self
    }

    /// Closes the element just opened as a void element, such as `img`.
    pub fn void(&mut self) -> &mut Self {
        if self.in_tag && self.open.pop().is_some() {
            self.out.push_str("/>");
            self.in_tag = false;
        }
        self
    }

    /// Writes an element that contains only text.
    pub fn leaf(&mut self, name: &'static str, class: Option<&str>, text: &str) -> &mut Self {
        self.open(name).attr_if("class", class).text(text).close()
    }

    /// Inserts the output of another writer, unescaped.
    pub fn fragment(&mut self, finished: &str) -> &mut Self {
        self.end_tag();
        self.out.push_str(finished);
        self
    }

    /// Inserts the output of another writer at the start of the next element that may contain it.
    pub fn first_child(&mut self, finished: &str) -> &mut Self {
        self.end_tag();
        self.first_child.push_str(finished);
        self
    }

    /// Inserts the markup of [`Xml::first_child`] here, unless an element contains it already.
    pub fn flush_first_child(&mut self) -> &mut Self {
        self.end_tag();
        let finished = std::mem::take(&mut self.first_child);
        self.fragment(&finished)
    }

    /// Closes the open elements and returns the text.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn end_tag(&mut self) {
        if self.in_tag {
            self.out.push('>');
            self.in_tag = false;
            if !self.first_child.is_empty() && self.open.last().is_some_and(|name| !STRUCTURE.contains(name)) {
                self.out.push_str(&std::mem::take(&mut self.first_child));
            }
        }
    }
}

/// Elements that contain only certain other elements.
const STRUCTURE: [&str; 8] = ["ul", "ol", "dl", "table", "thead", "tbody", "tr", "details"];

/// Appends escaped text. Omits control characters, noncharacters and the other characters that XML 1.0 §2.2 excludes. Replaces
/// characters that end a line with spaces, except line feeds in text.
fn push_escaped(out: &mut String, text: &str, attribute: bool) {
    let mut rest = text;
    while let Some(at) = rest
        .find(|c: char| matches!(c, '&' | '<' | '>' | '"') || c.is_control() || characters::ends_line(c) || is_noncharacter(c))
    {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let Some(c) = special.chars().next() else { break };
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' | '\t' if attribute => out.push(' '),
            '"' | '\n' | '\t' => out.push(c),
            c if characters::ends_line(c) => out.push(' '),
            _ => {}
        }
        rest = &special[c.len_utf8()..];
    }
    out.push_str(rest);
}

/// Returns whether a code point is a noncharacter (HTML §13.2.2).
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_any_text() {
        let mut xml = Xml::default();
        xml.open("p").attr("title", "a\"b\n<c>&").text("]]> \u{0}\u{8}\u{B}\u{1F}\u{7F}\u{85}\u{FFFE}\u{FDD0}\r\n& é\u{202F}!");
        assert_eq!(xml.finish(), "<p title=\"a&quot;b &lt;c&gt;&amp;\">]]&gt;   \n&amp; é\u{202F}!</p>");
    }

    #[test]
    fn a_first_child_is_inserted_where_it_is_allowed() {
        let mut xml = Xml::default();
        xml.first_child("<b></b>").open("table").attr("class", "x").open("tr").open("td").attr("class", "y").text("z");
        xml.close().open("td").close().close().close().first_child("<i></i>").open("hr").void().flush_first_child();
        assert_eq!(xml.finish(), "<table class=\"x\"><tr><td class=\"y\"><b></b>z</td><td></td></tr></table><hr/><i></i>");
    }

    #[test]
    fn closes_open_elements_and_void_elements() {
        let mut xml = Xml::default();
        xml.open("div").open("td").close().open("img").attr("alt", "").void().open("em").text("x");
        assert_eq!(xml.finish(), "<div><td></td><img alt=\"\"/><em>x</em></div>");
    }

    #[test]
    fn ignores_attributes_after_the_start_tag() {
        let mut xml = Xml::default();
        xml.open("p").text("x").attr("class", "late");
        assert_eq!(xml.finish(), "<p>x</p>");
    }
}
