//! Inlines.

use super::Writer;
use crate::diagnostic::Span;
use crate::model::{Image, Inline, InlineKind, Linked, Target, plain_text, says_something};

/// Where inlines stand: it decides what may become a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// In running text.
    Text,
    /// Inside a link: links do not nest.
    Link,
    /// In a label of the navigation: no links, no notes, and words for images (EPUB 3.3 §7.3).
    Label,
}

impl<'a> Writer<'a> {
    pub(super) fn inlines(&mut self, inlines: &'a [Inline<Linked>]) {
        for inline in inlines {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &'a Inline<Linked>) {
        match &inline.kind {
            InlineKind::Text(text) => {
                self.xml.text(text);
            }
            InlineKind::SoftBreak => {
                self.xml.text(if self.setting == Setting::Label { " " } else { "\n" });
            }
            InlineKind::LineBreak if self.setting == Setting::Label => {
                self.xml.text(" ");
            }
            InlineKind::LineBreak => {
                self.xml.open("br").void().line();
            }
            InlineKind::Emphasis(inner) => self.wrap("em", inner),
            InlineKind::Strong(inner) => self.wrap("strong", inner),
            InlineKind::Strike(inner) => self.wrap("del", inner),
            InlineKind::Super(inner) => self.wrap("sup", inner),
            InlineKind::Sub(inner) => self.wrap("sub", inner),
            InlineKind::Code(text) => {
                self.xml.leaf("code", None, text);
            }
            InlineKind::Link(target, inner) => self.link(target, inner, inline.span),
            InlineKind::Image(image) => self.inline_image(image, inline.span),
            InlineKind::Lang(tag, inner) => {
                self.xml.open("span").lang(Some(tag));
                self.inlines(inner);
                self.xml.close();
            }
            InlineKind::Only(never, _) => match *never {},
            InlineKind::Note(note) => self.note(note, inline.span),
        }
    }

    fn wrap(&mut self, name: &'static str, inner: &'a [Inline<Linked>]) {
        self.xml.open(name);
        self.inlines(inner);
        self.xml.close();
    }

    fn link(&mut self, target: &'a Target, inner: &'a [Inline<Linked>], span: Span) {
        if self.setting != Setting::Text {
            self.inlines(inner);
            return;
        }
        let (href, name) = match target {
            Target::Internal { section, id, title } => {
                let Some(href) = self.names.href(section, id, &self.section.id) else {
                    self.fault(format!("this link leads to a section \"{section}\" that the publication does not have"), span);
                    return;
                };
                (href, title)
            }
            Target::External(url) => (address(url), url),
            Target::Publication { title, .. } => return self.publication(title, inner),
        };
        self.xml.open("a").attr("href", &href);
        self.setting = Setting::Link;
        self.inlines(inner);
        self.setting = Setting::Text;
        if !says_something(inner) {
            self.xml.text(name);
        }
        self.xml.close();
        self.postponed_calls();
    }

    /// Names another publication. It is a file of its own, outside the container, and EPUB 3.3 §3.4 knows no way to it.
    fn publication(&mut self, title: &str, inner: &'a [Inline<Linked>]) {
        let text = plain_text(inner);
        self.xml.open("span").attr("class", "publication-reference");
        if text.trim() == title {
            self.wrap("cite", inner);
        } else {
            self.inlines(inner);
            if !text.contains(title) {
                self.xml.text(if text.trim().is_empty() { "" } else { " (" });
                self.xml.leaf("cite", None, title);
                self.xml.text(if text.trim().is_empty() { "" } else { ")" });
            }
        }
        self.xml.close();
    }

    fn inline_image(&mut self, image: &Image, span: Span) {
        if self.setting == Setting::Label {
            self.xml.text(image.alt.as_deref().unwrap_or_default());
        } else {
            self.image(image, Some("inline-image"), None, span);
        }
    }

    /// Writes inlines as a label of the navigation, beside the document.
    pub(super) fn label(&mut self, inlines: &'a [Inline<Linked>]) -> String {
        let document = std::mem::take(&mut self.xml);
        let setting = std::mem::replace(&mut self.setting, Setting::Label);
        self.inlines(inlines);
        self.setting = setting;
        std::mem::replace(&mut self.xml, document).finish()
    }
}

/// Makes an address that no parser refuses: what a URL cannot hold is percent-encoded, what is encoded stays.
pub fn address(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let bytes = url.as_bytes();
    for (at, c) in url.char_indices() {
        let hex = |offset: usize| bytes.get(at + offset).is_some_and(u8::is_ascii_hexdigit);
        match c {
            '%' if !(hex(1) && hex(2)) => out.push_str("%25"),
            '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | ' ' => out.push_str(&format!("%{:02X}", u32::from(c))),
            _ if c.is_control() || c.is_whitespace() => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::epub::sample;

    #[test]
    fn addresses_keep_what_is_encoded_and_encode_the_rest() {
        assert_eq!(address("https://example.org/a%20b?x=1&y=é"), "https://example.org/a%20b?x=1&y=é");
        assert_eq!(address("https://example.org/100%/a b|c"), "https://example.org/100%25/a%20b%7Cc");
    }

    #[test]
    fn inlines_nest_and_languages_are_named_twice() {
        use InlineKind::*;
        let text = sample::inlines(vec![Strong(sample::inlines(vec![
            Text("a < b ".into()),
            Emphasis(sample::inlines(vec![Lang("en".into(), sample::inlines(vec![Text("tide".into())]))])),
            Sub(sample::inlines(vec![Code("x&y".into())])),
        ]))]);
        let out = sample::paragraph(text);
        let wanted = "<p><strong>a &lt; b <em><span lang=\"en\" xml:lang=\"en\">tide</span></em><sub><code>x&amp;y</code></sub></strong></p>";
        assert!(out.contains(wanted), "{out}");
    }

    #[test]
    fn links_go_where_they_are_meant_to() {
        let link = |target: Target, text: &str| {
            sample::inline(InlineKind::Link(target, sample::inlines(vec![InlineKind::Text(text.into())])))
        };
        let internal =
            |section: &str, id: &str| Target::Internal { section: section.into(), id: id.into(), title: "Le titre".into() };
        let out = sample::paragraph(vec![
            link(internal("releve", "geste"), "ici"),
            link(internal("courbe", "courbe"), "là"),
            link(internal("courbe", "courbe"), ""),
            link(Target::External("https://example.org/?a=1&b=\"2\"".into()), "site"),
            link(Target::Publication { stem: "bulletin-1".into(), anchor: None, title: "Bulletin".into() }, "le premier"),
            link(Target::Publication { stem: "bulletin-1".into(), anchor: None, title: "Bulletin".into() }, "Bulletin"),
        ]);
        for wanted in [
            "<a href=\"#geste\">ici</a>",
            "<a href=\"courbe.xhtml#courbe\">là</a>",
            "<a href=\"courbe.xhtml#courbe\">Le titre</a>",
            "<a href=\"https://example.org/?a=1&amp;b=%222%22\">site</a>",
            "<span class=\"publication-reference\">le premier (<cite>Bulletin</cite>)</span>",
            "<span class=\"publication-reference\"><cite>Bulletin</cite></span>",
        ] {
            assert!(out.contains(wanted), "{wanted}\n{out}");
        }
    }

    #[test]
    fn a_note_called_inside_a_link_follows_the_link() {
        let target = Target::External("https://example.org".into());
        let inner = sample::inlines(vec![InlineKind::Text("site".into()), sample::note(1, 1, "Une note.")]);
        let out = sample::paragraph(vec![sample::inline(InlineKind::Link(target, inner))]);
        let link = out.find("site</a>").expect("the link closes after its text");
        assert!(out[link..].contains("epub:type=\"noteref\""), "{out}");
    }
}
