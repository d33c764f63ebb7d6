//! Inline elements.

use super::tree::{Element, HtmlNode};
use super::{ACTIVE, BLOCK, INLINE, Lowering, STYLING, TagFault, WORDLESS, start_of};
use crate::content::spans::{self, SpanPiece};
use crate::diagnostic::Span;
use crate::model::{
    Authored, AuthoredImage, AuthoredTarget, Block, BlockKind, Inline, InlineKind, ModelNode, TextMark, plain_text, visit,
};

impl Lowering<'_> {
    /// Converts nodes to inlines.
    pub fn line(&mut self, nodes: Vec<HtmlNode>) -> Vec<Inline<Authored>> {
        let mut pieces = Vec::with_capacity(nodes.len());
        self.pieces(nodes, &mut pieces);
        spans::read(pieces, self.strictness, self.found)
    }

    fn pieces(&mut self, nodes: Vec<HtmlNode>, pieces: &mut Vec<SpanPiece>) {
        for node in nodes {
            match node {
                HtmlNode::Piece(piece) => pieces.push(piece),
                // The text of HTML is not Markdown, so brackets are literal.
                HtmlNode::Text(text, span) => {
                    pieces.push(SpanPiece {
                        inline: Inline { span, kind: InlineKind::Text(collapse_white_space(&text)) },
                        literal: true,
                        exact: false,
                    });
                }
                HtmlNode::Block(block) => match block.kind {
                    BlockKind::Paragraph(text) => {
                        if !pieces.iter().all(|piece| is_blank(&piece.inline)) {
                            pieces.push(piece_of(Inline { span: block.span, kind: InlineKind::LineBreak }));
                        }
                        pieces.extend(text.into_iter().map(piece_of));
                    }
                    _ => {
                        let message = "a line of text cannot contain this block".to_owned();
                        let hint = "end the surrounding element before it, or write its text in the line";
                        self.report(TagFault { message, hint, fallback: "its text is kept in the line" }, start_of(&block));
                        pieces.extend(words(&block).into_iter().map(piece_of));
                    }
                },
                HtmlNode::Element(element) => self.element(element, pieces),
            }
        }
    }

    fn element(&mut self, mut element: Element, pieces: &mut Vec<SpanPiece>) {
        let name = element.name.as_str();
        if name == "wbr" {
            self.attributes(&element, &[]);
            return pieces.push(piece_of(Inline { span: element.span, kind: InlineKind::Text(BREAK_OPPORTUNITY.to_string()) }));
        }
        if !INLINE.contains(&name) {
            return self.not_inline(element, pieces);
        }
        let nodes = std::mem::take(&mut element.nodes);
        if STYLING.contains(&name) {
            self.styling(&element);
            return self.pieces(nodes, pieces);
        }
        if name == "picture" {
            self.attributes(&element, &[]);
            // The other files of a picture are versions of the image for screens.
            let is_version = |node: &HtmlNode| matches!(node, HtmlNode::Element(inner) if inner.name == "source");
            return self.pieces(nodes.into_iter().filter(|node| !is_version(node)).collect(), pieces);
        }
        if name == "br" {
            self.attributes(&element, &[]);
            return pieces.push(piece_of(Inline { span: element.span, kind: InlineKind::LineBreak }));
        }
        if name == "img" {
            let kind = match self.image(&element) {
                Some(image) => InlineKind::Image(image),
                None => InlineKind::Text(element.get("alt").unwrap_or_default().to_owned()),
            };
            return pieces.push(piece_of(Inline { span: element.span, kind }));
        }
        self.attributes(&element, allowed_attributes(name));
        let inner = self.line(nodes);
        let inlines = self.marked(&element, inner);
        match self.language(&element) {
            Some(lang) => pieces.push(piece_of(Inline { span: element.span, kind: InlineKind::Lang(lang, inlines) })),
            None => pieces.extend(inlines.into_iter().map(piece_of)),
        }
    }

    fn not_inline(&mut self, element: Element, pieces: &mut Vec<SpanPiece>) {
        if let Some(Block { span, kind: BlockKind::Video { url, title }, .. }) = self.video(&element) {
            let words = vec![Inline { span, kind: InlineKind::Text(title) }];
            let target = AuthoredTarget { text: url, span };
            pieces.push(piece_of(Inline { span, kind: InlineKind::Link(target, None, words) }));
            let fallback = super::block::fallback_of(element);
            if !fallback.iter().all(super::block::is_blank) {
                pieces.push(piece_of(Inline { span, kind: InlineKind::SoftBreak }));
            }
            return self.pieces(fallback, pieces);
        }
        if !BLOCK.contains(&element.name.as_str()) {
            self.report_unsupported(&element);
            let nodes = if WORDLESS.contains(&element.name.as_str()) { Vec::new() } else { element.nodes };
            let is_active = ACTIVE.contains(&element.name.as_str());
            return self.without_reports(is_active, |lowering| lowering.pieces(nodes, pieces));
        }
        if !self.in_misplaced {
            self.report_misplaced(&element, "put it at the start of a line, after a blank line, or write it in Markdown");
        }
        self.without_reports(true, |lowering| lowering.pieces(element.nodes, pieces));
    }

    /// Converts an inline element with the content `inner`.
    fn marked(&mut self, element: &Element, inner: Vec<Inline<Authored>>) -> Vec<Inline<Authored>> {
        let span = element.span;
        let kind = match element.name.as_str() {
            "em" | "i" | "cite" | "dfn" | "var" => InlineKind::Emphasis(inner),
            "strong" | "b" => InlineKind::Strong(inner),
            "del" | "s" | "strike" => InlineKind::Strike(inner),
            "sup" => InlineKind::Super(inner),
            "sub" => InlineKind::Sub(inner),
            "kbd" => InlineKind::Kbd(inner),
            "u" => InlineKind::Marked(TextMark::Underline, inner),
            "mark" => InlineKind::Marked(TextMark::Highlight, inner),
            "small" => InlineKind::Marked(TextMark::Small, inner),
            "ins" => InlineKind::Marked(TextMark::Inserted, inner),
            "code" | "samp" | "tt" => return self.code(element, inner),
            "abbr" | "acronym" => match element.get("title").filter(|title| !title.is_empty()) {
                Some(title) => InlineKind::Abbr(title.to_owned(), inner),
                None => return inner,
            },
            "a" => return self.link(element, inner),
            "q" => return quoted(inner, span),
            _ => return inner,
        };
        vec![Inline { span, kind }]
    }

    fn code(&mut self, element: &Element, inner: Vec<Inline<Authored>>) -> Vec<Inline<Authored>> {
        let bare = |inline: &Inline<Authored>| {
            matches!(inline.kind, InlineKind::Text(_) | InlineKind::Literal(_) | InlineKind::SoftBreak)
        };
        if !inner.iter().all(bare) {
            let message = format!("<{}> can contain only text", element.name);
            let hint = "remove the markup inside it: code is printed as it is typed";
            self.report(TagFault { message, hint, fallback: "its text is kept without the tag" }, element.span);
            return inner;
        }
        vec![Inline { span: element.span, kind: InlineKind::Code(plain_text(&inner)) }]
    }

    fn link(&mut self, element: &Element, inner: Vec<Inline<Authored>>) -> Vec<Inline<Authored>> {
        let is_anchor = element.get("id").or_else(|| element.get("name")).is_some_and(|id| !id.is_empty());
        let Some(href) = element.get("href").filter(|href| !href.is_empty()) else {
            if is_anchor {
                return inner;
            }
            let message = "this <a> has no target".to_owned();
            let hint = "add href=\"…\"; to make a heading a target, give it an id: ## The lock {#lock}";
            self.report(TagFault { message, hint, fallback: "its text is kept without the tag" }, element.span);
            return inner;
        };
        let target = AuthoredTarget { text: href.to_owned(), span: element.span };
        let title = element.get("title").filter(|title| !title.trim().is_empty()).map(str::to_owned);
        vec![link_of(target, title, inner)]
    }

    /// Reads an image; it is validated together with images of Markdown.
    pub fn image(&mut self, element: &Element) -> Option<AuthoredImage> {
        self.attributes(element, &["alt", "height", "src", "title", "width"]);
        let get = |key: &str| element.get(key).filter(|value| !value.is_empty());
        let Some(path) = get("src") else {
            let message = "this <img> has no source".to_owned();
            self.report(TagFault { message, hint: "add src=\"…\"", fallback: "its alternative text is kept" }, element.span);
            return None;
        };
        // A width in pixels has no meaning on a page, unlike a percentage of the text width.
        let percent = |width: &str| width.strip_suffix('%').and_then(|number| number.trim().parse().ok());
        let width = get("width").and_then(percent).filter(|width| (1..=100).contains(width));
        Some(AuthoredImage {
            path: path.to_owned(),
            alt: get("alt").unwrap_or_default().to_owned(),
            caption: crate::content::words(get("title").unwrap_or_default(), element.span),
            width,
            link: None,
            span: element.span,
        })
    }

    /// Returns the language of an element. Reports an invalid language tag.
    pub(super) fn language(&mut self, element: &Element) -> Option<String> {
        let lang = element.get("lang").filter(|lang| !lang.is_empty())?;
        if !crate::content::is_language(lang) {
            let wrong = crate::content::not_a_language(lang).at(element.span);
            self.found.push(self.strictness.soften(wrong, "it is left out"));
            return None;
        }
        Some(lang.to_owned())
    }
}

/// Creates a link. A link without text shows its title or, if it has none, the title of its target.
pub fn link_of(target: AuthoredTarget, title: Option<String>, words: Vec<Inline<Authored>>) -> Inline<Authored> {
    let span = target.span;
    let kind = match title {
        title if !words.iter().all(is_blank) => InlineKind::Link(target, title, words),
        Some(title) => InlineKind::Link(target, None, vec![Inline { span, kind: InlineKind::Text(title) }]),
        None => InlineKind::Reference(target),
    };
    Inline { span, kind }
}

/// The zero width space, which allows a line break without a hyphen.
const BREAK_OPPORTUNITY: char = '\u{200B}';

/// Returns the supported attributes of an element.
fn allowed_attributes(name: &str) -> &'static [&'static str] {
    match name {
        "a" => &["href", "lang", "title"],
        "abbr" | "acronym" => &["lang", "title"],
        "data" | "time" => &["datetime", "lang", "value"],
        "del" | "ins" => &["cite", "datetime", "lang"],
        _ => &["lang"],
    }
}

/// Flattens a block of any kind to its text and code.
pub(super) fn words(block: &Block<Authored>) -> Vec<Inline<Authored>> {
    let mut inlines: Vec<Inline<Authored>> = Vec::new();
    let mut add = |kind: InlineKind<Authored>, span: Span| {
        if !inlines.is_empty() {
            inlines.push(Inline { span, kind: InlineKind::SoftBreak });
        }
        inlines.push(Inline { span, kind });
    };
    visit(std::slice::from_ref(block), &mut |part| match part {
        ModelNode::Block(Block { kind: BlockKind::Code { text, .. }, span, .. }) => add(InlineKind::Code(text.clone()), *span),
        ModelNode::Block(_) => {}
        ModelNode::Text(text) | ModelNode::Title(text) => {
            let span = text.first().map_or(block.span, |inline| inline.span);
            add(InlineKind::Text(plain_text(text)), span);
        }
    });
    inlines
}

/// Adds straight quotation marks, which micro-typography replaces with the quotation marks of the language.
fn quoted(inner: Vec<Inline<Authored>>, span: Span) -> Vec<Inline<Authored>> {
    let mark = || Inline { span, kind: InlineKind::Text("\"".into()) };
    std::iter::once(mark()).chain(inner).chain(std::iter::once(mark())).collect()
}

fn piece_of(inline: Inline<Authored>) -> SpanPiece {
    SpanPiece { inline, literal: true, exact: false }
}

/// Collapses white space, as HTML does.
fn collapse_white_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\t' | '\n' | '\r' | '\u{c}' if out.ends_with(' ') => {}
            ' ' | '\t' | '\n' | '\r' | '\u{c}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Returns whether an inline consists of spaces.
pub fn is_blank(inline: &Inline<Authored>) -> bool {
    match &inline.kind {
        InlineKind::Text(text) => text.trim().is_empty(),
        kind => matches!(kind, InlineKind::SoftBreak),
    }
}
