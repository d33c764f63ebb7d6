//! Blocks of HTML. The text between tags is read as inline Markdown.

use std::ops::Range;

use comrak::{Arena, parse_document};

use super::inline::MAX_PIECES;
use super::notes::Notes;
use super::span_map::SpanMap;
use super::{MAX_DEPTH, MarkdownNode, MarkdownReader, options};
use crate::content::html::{self, Builder, HtmlNode, HtmlToken, tokens};
use crate::content::spans::SpanPiece;
use crate::diagnostic::{Span, code};
use crate::model::{Authored, Inline, InlineKind};

/// Encloses the text while it is parsed, so that it does not start a block and keeps the spaces at its ends. The character counts
/// as white space in the rules of emphasis.
const EDGE: char = '\u{A0}';

/// Elements whose text is printed literally.
const VERBATIM: [&str; 8] = ["code", "kbd", "pre", "samp", "script", "style", "textarea", "title"];

/// Consecutive tokens that belong to one line of text.
#[derive(Default)]
struct TextLine {
    tokens: Vec<HtmlToken>,
    /// Their byte range in the block.
    range: Range<usize>,
    /// Number of inline elements that are open.
    open: usize,
    /// Whether an end tag has no start tag in this line.
    unbalanced: bool,
}

impl<'a> MarkdownReader<'a, '_> {
    /// Adds a block of HTML to a tree. `depth` is the depth of the block.
    pub(super) fn html_block(&mut self, node: MarkdownNode<'a>, html: &str, depth: usize, tree: &mut Builder) {
        let lines = self.spans.lines(node, html);
        let source = self.spans.range(0..0).source;
        let mut line = TextLine::default();
        let mut verbatim = 0usize;
        // The locations of the tokens are byte ranges in the block.
        for token in tokens(html, &|range| Span::new(source, range)) {
            let range = token.span().start..token.span().end;
            let is_verbatim = |name: &str| VERBATIM.contains(&name);
            let joins = verbatim == 0
                && match &token {
                    HtmlToken::Open(tag, _) => html::is_inline(&tag.name) && !is_verbatim(&tag.name),
                    HtmlToken::Close(name, _) => html::is_inline(name) && !is_verbatim(name),
                    HtmlToken::Text(..) => true,
                    HtmlToken::Comment(..) | HtmlToken::Declaration(_) => false,
                };
            if joins {
                line.add(token, range);
                continue;
            }
            match &token {
                HtmlToken::Open(tag, _) if is_verbatim(&tag.name) && !tag.self_closing => verbatim += 1,
                HtmlToken::Close(name, _) if is_verbatim(name) => verbatim = verbatim.saturating_sub(1),
                _ => {}
            }
            self.html_line(std::mem::take(&mut line), html, &lines, depth, tree);
            let span = self.spans.html_span(&lines, range);
            self.html(vec![token.at(span)], MAX_DEPTH.saturating_sub(depth), tree);
        }
        self.html_line(line, html, &lines, depth, tree);
    }

    /// Adds a line of text with its inline elements.
    fn html_line(&mut self, line: TextLine, html: &str, lines: &[(usize, usize)], depth: usize, tree: &mut Builder) {
        if line.is_markdown(html) && line.open == 0 && !line.unbalanced {
            return self.between_tags(html, line.range, lines, depth, tree);
        }
        for token in line.tokens {
            let range = token.span().start..token.span().end;
            if matches!(token, HtmlToken::Text(..)) && has_marks(html.get(range.clone()).unwrap_or_default()) {
                self.between_tags(html, range, lines, depth, tree);
                continue;
            }
            let span = self.spans.html_span(lines, range);
            self.html(vec![token.at(span)], MAX_DEPTH.saturating_sub(depth), tree);
        }
    }

    /// Reads a part of a block as inline Markdown, and adds its inlines to a tree.
    fn between_tags(&mut self, html: &str, range: Range<usize>, lines: &[(usize, usize)], depth: usize, tree: &mut Builder) {
        let text = html.get(range.clone()).unwrap_or_default();
        let span = self.spans.html_span(lines, range);
        let line = format!("{EDGE}{}{EDGE}", text.replace(['\n', '\r'], " "));
        let exact = self.spans.slice(span) == Some(text);
        let offset = span.start.checked_sub(EDGE.len_utf8()).filter(|_| exact);
        // Without the closing `EDGE`, so that no location extends past the text.
        let located = line.strip_suffix(EDGE).unwrap_or(&line);
        let spans = SpanMap::of(span.source, located, offset.unwrap_or_default(), offset.is_none().then_some(span));
        let arena = Arena::new();
        let root = parse_document(&arena, &line, &options());
        let Some(paragraph) = root.first_child() else { return };
        let mut inner = MarkdownReader {
            spans,
            notes: Notes::outside(),
            headings: std::mem::take(&mut self.headings),
            foreign: std::mem::take(&mut self.foreign),
            left_out: std::mem::take(&mut self.left_out),
            anchor: self.anchor.take(),
            lazy_id: None,
            code_title: None,
            paragraphs: Vec::new(),
            remarks: Vec::new(),
            remarked: std::mem::take(&mut self.remarked),
            pieces: 0,
            strictness: self.strictness,
            found: &mut *self.found,
        };
        let typed = inner.typed_text(paragraph);
        inner.foreign.search(&typed, &inner.headings);
        let mut inlines = inner.inlines(paragraph, depth + tree.depth());
        let MarkdownReader { headings, foreign, left_out, anchor, remarks, remarked, pieces, .. } = inner;
        (self.headings, self.foreign, self.left_out, self.remarked) = (headings, foreign, left_out, remarked);
        if let Some((id, span)) = anchor {
            tree.push(HtmlNode::anchor(id, span));
        }
        self.remarks.extend(remarks);
        if pieces > MAX_PIECES {
            let message = format!("this text has {pieces} inline elements, more than {MAX_PIECES}");
            self.error(code::LIMIT, message, span, "split it into several paragraphs");
        }
        without_edges(&mut inlines, offset.is_some());
        let pieces = inlines.into_iter().map(|inline| SpanPiece { inline, literal: true, exact: false });
        pieces.for_each(|piece| tree.push(HtmlNode::Piece(piece)));
    }
}

impl TextLine {
    fn add(&mut self, token: HtmlToken, range: Range<usize>) {
        match &token {
            HtmlToken::Open(tag, _) if !html::is_void(&tag.name) => self.open += 1,
            HtmlToken::Close(..) => {
                self.unbalanced |= self.open == 0;
                self.open = self.open.saturating_sub(1);
            }
            _ => {}
        }
        let start = if self.tokens.is_empty() { range.start } else { self.range.start };
        self.range = start..range.end;
        self.tokens.push(token);
    }

    /// Returns whether its text has characters that can be markup.
    fn is_markdown(&self, html: &str) -> bool {
        let mut texts = self.tokens.iter().filter(|token| matches!(token, HtmlToken::Text(..)));
        texts.any(|token| has_marks(html.get(token.span().start..token.span().end).unwrap_or_default()))
    }
}

fn has_marks(text: &str) -> bool {
    text.contains(['*', '_', '`', '[', ']', '\\', '^', '~', '$', '{']) || text.contains("://") || text.contains("www.")
}

/// Removes the enclosing [`EDGE`]s. If `exact` is set, the location of the first inline includes an [`EDGE`], and is shortened.
fn without_edges(inlines: &mut Vec<Inline<Authored>>, exact: bool) {
    if let Some(Inline { span, kind: InlineKind::Text(text) }) = inlines.first_mut()
        && let Some(rest) = text.strip_prefix(EDGE)
    {
        *text = rest.to_owned();
        if exact {
            span.start = (span.start + EDGE.len_utf8()).min(span.end);
        }
    }
    if let Some(Inline { kind: InlineKind::Text(text), .. }) = inlines.last_mut()
        && let Some(rest) = text.strip_suffix(EDGE)
    {
        *text = rest.to_owned();
    }
    inlines.retain(|inline| !matches!(&inline.kind, InlineKind::Text(text) if text.is_empty()));
}
