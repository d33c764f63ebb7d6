//! Writes inlines.

use super::Writer;
use crate::diagnostic::Span;
use crate::model::{Direction, Image, Inline, InlineKind, Linked, ReferencePart, Target, breakable, breakable_code, plain_text};
use crate::output::epub::names;

/// The context of inlines, which determines whether links are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InlineSetting {
    /// In running text.
    Text,
    /// Inside a link, where links are not allowed.
    Link,
    /// In a label of the navigation: no links or notes, and alternative texts in place of images (EPUB 3.3 §7.3).
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
            // An author's break opportunity (U+200B) is an element, so that it does not divide words for searches.
            InlineKind::Text(text) | InlineKind::Literal(text) => {
                self.broken(&text.split('\u{200B}').flat_map(breakable).collect::<Vec<_>>());
            }
            InlineKind::SoftBreak => {
                self.xml.text(if self.setting == InlineSetting::Label { " " } else { "\n" });
            }
            InlineKind::LineBreak if self.setting == InlineSetting::Label => {
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
                // Code is written from left to right, regardless of the direction of the surrounding text.
                self.xml.open("code").attr_if("dir", (self.direction == Direction::RightToLeft).then_some("ltr"));
                self.broken(&breakable_code(text));
                self.xml.close();
            }
            InlineKind::Marked(mark, inner) => self.wrap(mark.name(), inner),
            InlineKind::Kbd(inner) => self.wrap("kbd", inner),
            InlineKind::Abbr(long, inner) => {
                self.xml.open("abbr").attr("title", long);
                self.inlines(inner);
                self.xml.close();
            }
            InlineKind::Link(target, title, inner) => self.link(target, title.as_deref(), inner, inline.span),
            InlineKind::Reference(target) => self.reference(target, inline.span),
            InlineKind::Image(image) => self.inline_image(image, inline.span),
            InlineKind::Lang(tag, inner) => {
                self.xml.open("span").lang(Some(tag));
                let around = self.set_language(tag);
                self.inlines(inner);
                (self.lang, self.direction) = around;
                self.xml.close();
            }
            InlineKind::Only(never, _) => match *never {},
            InlineKind::Note(note) => self.note(note, inline.span),
            InlineKind::PageBreak(_) if self.setting == InlineSetting::Label => {}
            InlineKind::PageBreak(page_break) => {
                let element = self.page_break(page_break);
                self.xml.fragment(&element);
            }
        }
    }

    /// Writes the parts of a text with line break opportunities between them, except in labels of the navigation.
    pub(super) fn broken(&mut self, parts: &[&str]) {
        for (at, part) in parts.iter().enumerate() {
            if at > 0 && self.setting != InlineSetting::Label {
                self.xml.open("wbr").void();
            }
            self.xml.text(part);
        }
    }

    /// Sets the current language, and writes the direction of the element just opened if it changes. Returns the language and the
    /// direction of the surrounding text.
    pub(super) fn set_language(&mut self, tag: &'a str) -> (&'a str, Direction) {
        let own = Direction::of(tag);
        let around = std::mem::replace(&mut self.direction, own);
        self.xml.attr_if("dir", (own != around).then(|| own.name()));
        (std::mem::replace(&mut self.lang, tag), around)
    }

    fn wrap(&mut self, name: &'static str, inner: &'a [Inline<Linked>]) {
        self.xml.open(name);
        self.inlines(inner);
        self.xml.close();
    }

    fn link(&mut self, target: &'a Target, title: Option<&str>, inner: &'a [Inline<Linked>], span: Span) {
        if self.setting != InlineSetting::Text {
            self.inlines(inner);
            return;
        }
        match self.link_form(target, span) {
            None => return,
            Some(LinkForm::Link(href)) => {
                self.xml.open("a").attr_if("class", class(target)).attr("href", &href).attr_if("title", title);
                self.setting = InlineSetting::Link;
                self.inlines(inner);
                self.setting = InlineSetting::Text;
                self.xml.close();
            }
            Some(LinkForm::Words(title)) => self.named(&title, inner),
        }
        self.postponed_calls();
    }

    /// Writes a cross-reference, as a link if links are allowed and the target can be reached.
    fn reference(&mut self, target: &'a Target, span: Span) {
        let link_form =
            if self.setting == InlineSetting::Text { self.link_form(target, span) } else { Some(LinkForm::Words(String::new())) };
        match link_form {
            None => return,
            Some(LinkForm::Link(href)) => {
                self.xml.open("a").attr("class", class(target).unwrap_or("reference")).attr("href", &href);
            }
            Some(LinkForm::Words(_)) => {
                self.xml.open("span").attr_if("class", class(target));
            }
        }
        for piece in target.reference_parts() {
            match piece {
                ReferencePart::Words(words) => {
                    self.xml.text(words);
                }
                ReferencePart::Title(title) => {
                    self.xml.open("cite").lang(title.foreign_lang());
                    self.inlines(&title.text);
                    self.xml.close();
                }
            }
        }
        self.xml.close();
    }

    /// Returns the form of a link. EPUB 3.3 §3.4 does not allow links to local files outside the container, so another
    /// publication is linked at its online address, or named by its title. Reports an internal error and returns `None` if the
    /// target does not exist.
    pub(super) fn link_form(&mut self, target: &Target, span: Span) -> Option<LinkForm> {
        match target {
            Target::Internal { section, id, .. } => {
                let href = self.names.href(section, id, &self.section.id);
                if href.is_none() {
                    self.internal_error(
                        format!("this link leads to a section \"{section}\" that the publication does not have"),
                        span,
                    );
                }
                href.map(LinkForm::Link)
            }
            Target::External(url) => Some(LinkForm::Link(address(url))),
            Target::Publication(elsewhere) => {
                Some(names::online(elsewhere).map_or_else(|| LinkForm::Words(plain_text(&elsewhere.title.text)), LinkForm::Link))
            }
        }
    }

    /// Writes the text of a link without an address. The title of the publication is added unless the text contains it.
    fn named(&mut self, name: &str, inner: &'a [Inline<Linked>]) {
        let text = plain_text(inner);
        self.xml.open("span").attr("class", "publication-reference");
        if text.trim() == name {
            self.wrap("cite", inner);
        } else {
            self.inlines(inner);
            if !text.contains(name) {
                self.xml.text(" (").leaf("cite", None, name).text(")");
            }
        }
        self.xml.close();
    }

    fn inline_image(&mut self, image: &Image, span: Span) {
        if self.setting == InlineSetting::Label {
            self.xml.text(image.alt.as_deref().unwrap_or_default());
        } else {
            let natural = self.edition.assets.get(image.asset).is_some_and(|asset| asset.natural_in_text().is_some());
            let class = if natural || image.width.is_some() { "inline-picture" } else { "inline-image" };
            self.image(image, Some(class), image.width, span);
        }
    }

    /// Returns inlines as a label of the navigation, without writing to the document.
    pub(super) fn label(&mut self, inlines: &'a [Inline<Linked>]) -> String {
        let document = std::mem::take(&mut self.xml);
        let setting = std::mem::replace(&mut self.setting, InlineSetting::Label);
        self.inlines(inlines);
        self.setting = setting;
        std::mem::replace(&mut self.xml, document).finish()
    }
}

/// The form of a link.
pub(super) enum LinkForm {
    /// A link to this address.
    Link(String),
    /// The title of a publication without an address.
    Words(String),
}

/// Returns the class of a link, if it has one.
fn class(target: &Target) -> Option<&'static str> {
    match target {
        Target::Publication(_) => Some("publication-reference"),
        Target::Internal { .. } | Target::External(_) => None,
    }
}

/// Returns a valid URL: characters that a URL cannot contain are percent-encoded, existing escapes are kept.
pub fn address(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let bytes = url.as_bytes();
    // Brackets are allowed around an IP address of the host (RFC 3986 §3.2.2), and nowhere after it.
    let authority = url.find("://").map_or(0, |at| at + 3);
    let path = url.get(authority..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |at| authority + at);
    for (at, c) in url.char_indices() {
        let hex = |offset: usize| bytes.get(at + offset).is_some_and(u8::is_ascii_hexdigit);
        match c {
            '%' if !(hex(1) && hex(2)) => out.push_str("%25"),
            '[' | ']' if at >= path => out.push_str(&format!("%{:02X}", u32::from(c))),
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
    fn encodes_addresses_and_keeps_existing_escapes() {
        assert_eq!(address("https://example.org/a%20b?x=1&y=é"), "https://example.org/a%20b?x=1&y=é");
        assert_eq!(address("https://example.org/100%/a b|c"), "https://example.org/100%25/a%20b%7Cc");
        assert_eq!(address("https://[::1]:80/?q=[x]#[y]"), "https://[::1]:80/?q=%5Bx%5D#%5By%5D");
    }

    #[test]
    fn nests_inlines_and_writes_both_language_attributes() {
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
    fn writes_links_for_every_target() {
        let link = |target: Target, text: &str| {
            sample::inline(InlineKind::Link(target, None, sample::inlines(vec![InlineKind::Text(text.into())])))
        };
        let internal = |section: &str, id: &str| Target::Internal {
            section: section.into(),
            id: id.into(),
            title: sample::title("Le titre"),
        };
        let bulletin = |published, place| sample::elsewhere("bulletin-1", published, "Bulletin", place);
        let reference = |target: Target| sample::inline(InlineKind::Reference(target));
        let out = sample::paragraph(vec![
            link(internal("releve", "geste"), "ici"),
            link(internal("courbe", "courbe"), "là"),
            reference(internal("courbe", "courbe")),
            link(Target::External("https://example.org/?a=1&b=\"2\"".into()), "site"),
            link(bulletin(None, None), "le premier"),
            link(bulletin(None, None), "Bulletin"),
            link(bulletin(Some("https://example.org/a"), None), "en ligne"),
            reference(bulletin(None, Some((2, "geste", "Le geste")))),
            reference(bulletin(Some("https://example.org/a"), Some((2, "geste", "Le geste")))),
        ]);
        for wanted in [
            "<a href=\"#geste\">ici</a>",
            "<a href=\"courbe.xhtml#courbe\">là</a>",
            "<a class=\"reference\" href=\"courbe.xhtml#courbe\"><cite>Le titre</cite></a>",
            "<a href=\"https://example.org/?a=1&amp;b=%222%22\">site</a>",
            "<span class=\"publication-reference\">le premier (<cite>Bulletin</cite>)</span>",
            "<span class=\"publication-reference\"><cite>Bulletin</cite></span>",
            "<a class=\"publication-reference\" href=\"https://example.org/a.epub\">en ligne</a>",
            "<span class=\"publication-reference\"><cite>Le geste</cite> (<cite>Bulletin</cite>)</span>",
            "<a class=\"publication-reference\" href=\"https://example.org/a.epub#epubcfi(/6/10!/4/2/2%5Bs2%5D)\"><cite>Le geste</cite> (",
        ] {
            assert!(out.contains(wanted), "{wanted}\n{out}");
        }
    }

    #[test]
    fn note_references_in_a_link_follow_the_link() {
        let target = Target::External("https://example.org".into());
        let inner = sample::inlines(vec![InlineKind::Text("site".into()), sample::note(1, 1, "Une note.")]);
        let out = sample::paragraph(vec![sample::inline(InlineKind::Link(target, None, inner))]);
        let link = out.find("site</a>").expect("the link closes after its text");
        assert!(out[link..].contains("epub:type=\"noteref\""), "{out}");
    }
}
