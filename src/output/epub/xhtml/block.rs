//! Writes blocks.

use super::inline::address;
use super::{Heading, Writer};
use crate::model::{
    Attribution, Block, BlockKind, CalloutKind, DefinitionItem, Direction, Inline, Linked, ListItem, QuotationForm, Token,
    has_accessible_name, image_names, lines, plain_text,
};
use crate::resolve::Words;

impl<'a> Writer<'a> {
    pub(super) fn blocks(&mut self, blocks: &'a [Block<Linked>]) {
        for block in blocks {
            self.block(block);
        }
    }

    pub(super) fn block(&mut self, block: &'a Block<Linked>) {
        match &block.kind {
            BlockKind::PageBreak(page_break) => return self.page_breaks.push(page_break),
            // The page breaks of code are written between its lines.
            BlockKind::Code { .. } => self.page_breaks.reverse(),
            _ => {
                self.page_breaks.reverse();
                self.breaks_before(0);
                self.items = 1;
            }
        }
        let is_heading = matches!(block.kind, BlockKind::Heading { .. });
        self.xml.next_id(block.id.as_deref().filter(|_| !is_heading));
        match &block.kind {
            BlockKind::Paragraph(text) => {
                self.xml.open("p");
                self.inlines(text);
                self.xml.close().line();
            }
            BlockKind::Heading { level, text } => self.heading(*level, block.id.as_deref().unwrap_or_default(), text),
            BlockKind::List { start, tight, items } => self.list(*start, *tight, items),
            BlockKind::Definitions(items) => self.definitions(items),
            BlockKind::Quote(body) => {
                self.xml.open("blockquote").line();
                self.quotation(body);
                self.xml.close().line();
            }
            BlockKind::Code { lang, text, tokens } => self.code(lang.as_deref(), text, tokens),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Rule => {
                self.xml.open("hr").void().line();
            }
            BlockKind::Figure(image) => self.figure(image, block.span),
            BlockKind::FigureRow(figures) => self.figure_row(figures),
            BlockKind::Callout { kind, title, body } => self.callout(*kind, title, body),
            BlockKind::Aside { title, body } => self.aside(title, body),
            BlockKind::Details { summary, open, body } => self.details(summary, *open, body),
            BlockKind::Epigraph { form, source, body } => self.epigraph(*form, source, body),
            BlockKind::Passage(tag, body) => self.passage(tag, body),
            BlockKind::Resources(group) => self.resources(group),
            BlockKind::Video { url, title } => self.video(url, title),
            BlockKind::Credits => self.credits(block.span),
            BlockKind::Licence(form) => self.licence(*form),
            BlockKind::ImageCredits => self.image_credits(),
            BlockKind::Imprint => self.imprint(),
            BlockKind::Changes => self.changes(),
            BlockKind::PageBreak(_) => {}
            BlockKind::Only(never, _) => match *never {},
        }
        self.breaks_before(usize::MAX);
        self.xml.flush_first_child();
    }

    /// Writes the page breaks that precede an item of a block. They are inserted at the start of the next element.
    fn breaks_before(&mut self, item: usize) {
        while let Some(page_break) = self.page_breaks.pop_if(|page_break| page_break.offset <= item) {
            let element = self.page_break(page_break);
            self.xml.first_child(&element);
        }
    }

    /// Starts the next item of a generated block, in the order of [`Resolved::items`](crate::resolve::Resolved::items).
    pub(super) fn next_item(&mut self) {
        self.breaks_before(self.items);
        self.items += 1;
    }

    fn heading(&mut self, level: u8, id: &'a str, text: &'a [Inline<Linked>]) {
        let name = match level {
            // A heading element without text would be an empty entry in the heading lists of screen readers.
            _ if !has_accessible_name(text) => "p",
            // HTML §4.9.10: a header cell cannot contain headings.
            _ if self.in_table_header => "p",
            0..=2 => "h2",
            3 => "h3",
            4 => "h4",
            5 => "h5",
            6.. => "h6",
        };
        self.xml.open(name).attr("id", id);
        self.inlines(text);
        self.xml.close().line();
        if self.quoted == 0 && !self.in_table_header {
            let plain = Some(plain_text(text)).filter(|plain| !plain.trim().is_empty()).unwrap_or_else(|| image_names(text));
            let label = self.label(text);
            self.headings.push(Heading { level: level.clamp(2, 6), id: id.to_owned(), label, plain });
        }
    }

    fn list(&mut self, start: Option<u64>, tight: bool, items: &'a [ListItem<Linked>]) {
        let tasks = items.iter().any(|item| item.task.is_some());
        self.xml.open(if start.is_some() { "ol" } else { "ul" }).attr_if("class", tasks.then_some("tasks"));
        // Some screen readers do not announce a list without markers.
        self.xml.attr_if("role", tasks.then_some("list"));
        if let Some(first) = start.filter(|first| *first != 1) {
            self.xml.attr("start", &first.to_string());
        }
        let digits = start.map_or(1, |first| (first + items.len() as u64).saturating_sub(1).to_string().len());
        self.xml.attr_if("style", Some(format!("--digits: {digits}")).filter(|_| digits > 1).as_deref());
        self.xml.line();
        for item in items {
            self.item(item, tight);
        }
        self.xml.close().line();
    }

    fn item(&mut self, item: &'a ListItem<Linked>, tight: bool) {
        self.xml.open("li");
        match item.task {
            None => self.flow(&item.body, tight),
            Some(done) => {
                self.xml.attr("class", if done { "task task-done" } else { "task task-to-do" });
                self.blocks_after(&item.body, tight, &|writer| writer.task_state(done));
            }
        }
        self.xml.close().line();
    }

    /// Writes the state of a task in words: the font of the reading system may lack check boxes.
    fn task_state(&mut self, done: bool) {
        let terms = self.edition.language.terms;
        let words_lang = self.words_lang();
        let word = format!("({})", if done { terms.done } else { terms.to_do });
        self.xml.open("span").attr("class", "task-state").lang(words_lang).text(&word).close().text(" ");
    }

    /// Writes blocks. In a tight list, paragraphs have no `p` element, as in CommonMark, unless they directly follow another
    /// paragraph, which happens if a condition has removed the block between them.
    pub(super) fn flow(&mut self, body: &'a [Block<Linked>], tight: bool) {
        self.flow_after(false, body, tight);
    }

    fn flow_after(&mut self, mut paragraph: bool, body: &'a [Block<Linked>], tight: bool) {
        for block in body {
            match &block.kind {
                BlockKind::Paragraph(text) if tight && !paragraph => self.tight(block.id.as_deref(), text),
                BlockKind::PageBreak(_) => {
                    self.block(block);
                    continue;
                }
                _ => {
                    self.xml.fresh_line();
                    self.block(block);
                }
            }
            paragraph = matches!(block.kind, BlockKind::Paragraph(_));
        }
    }

    /// Writes blocks, with the output of `start` at the start of the first paragraph, or in a separate paragraph.
    pub(super) fn blocks_after(&mut self, body: &'a [Block<Linked>], tight: bool, start: &dyn Fn(&mut Self)) {
        let (id, text, rest) = match body.split_first() {
            Some((Block { id, kind: BlockKind::Paragraph(text), .. }, rest)) => (id.as_deref(), text.as_slice(), rest),
            _ => (None, &[][..], body),
        };
        if !tight {
            self.xml.next_id(id).open("p");
        }
        start(self);
        self.tight(id.filter(|_| tight), text);
        if !tight {
            self.xml.close().line();
        }
        self.flow_after(true, rest, tight);
    }

    /// Writes the text of a paragraph without a `p` element.
    fn tight(&mut self, id: Option<&str>, text: &'a [Inline<Linked>]) {
        if id.is_some() {
            self.xml.next_id(id).open("span");
        }
        self.inlines(text);
        if id.is_some() {
            self.xml.close();
        }
    }

    fn definitions(&mut self, items: &'a [DefinitionItem<Linked>]) {
        if items.is_empty() {
            return;
        }
        self.xml.open("dl").line();
        for item in items {
            self.xml.open("dt");
            self.inlines(&item.term);
            self.xml.close().line();
            for details in &item.details {
                self.xml.open("dd");
                self.flow(details, details.len() == 1);
                self.xml.close().line();
            }
            if item.details.is_empty() {
                self.xml.leaf("dd", None, "").line();
            }
        }
        self.xml.close().line();
    }

    fn quotation(&mut self, body: &'a [Block<Linked>]) {
        self.quoted += 1;
        self.blocks(body);
        self.quoted -= 1;
    }

    /// Writes code. Each line is an element that includes the line end, so that copied text equals the code.
    fn code(&mut self, lang: Option<&str>, text: &str, tokens: &[Token]) {
        let class = lang.and_then(|lang| lang.split_whitespace().next()).map(|lang| format!("language-{lang}"));
        self.xml.open("pre").attr_if("dir", (self.direction == Direction::RightToLeft).then_some("ltr"));
        self.xml.open("code").attr_if("class", class.as_deref());
        let lines = lines(text, tokens);
        let last = lines.len().saturating_sub(1);
        for (number, (line, whole)) in lines.into_iter().zip(text.split('\n')).enumerate() {
            while let Some(page_break) = self.page_breaks.pop_if(|page_break| page_break.offset <= number) {
                let element = self.page_break(page_break);
                self.xml.fragment(&element);
            }
            let style = Some(continuation_indent(whole)).filter(|indent| *indent > 0).map(|indent| format!("--indent: {indent}"));
            self.xml.open("span").attr("class", "line").attr_if("style", style.as_deref());
            for (kind, piece) in line {
                match kind {
                    Some(kind) => self.xml.leaf("span", Some(&format!("token-{}", kind.name())), piece),
                    None => self.xml.text(piece),
                };
            }
            self.xml.text(if number < last { "\n" } else { "" }).close();
        }
        self.xml.close().close().line();
    }

    fn passage(&mut self, tag: &'a str, body: &'a [Block<Linked>]) {
        self.xml.open("div").attr("class", "passage").lang(Some(tag));
        let around = self.set_language(tag);
        self.xml.line();
        self.blocks(body);
        (self.lang, self.direction) = around;
        self.xml.close().line();
    }

    /// Writes a callout. With `role="note"`, the `aside` is not a landmark.
    fn callout(&mut self, kind: CalloutKind, title: &'a [Inline<Linked>], body: &'a [Block<Linked>]) {
        let word = self.edition.language.terms.callout(kind);
        let name = if title.is_empty() { word.to_owned() } else { format!("{word} – {}", plain_text(title)) };
        let title_lang = self.words_lang().filter(|_| title.is_empty());
        self.xml.open("aside").attr("class", &format!("callout callout-{}", kind.name()));
        self.xml.attr("role", "note").attr("aria-label", &name).line();
        self.xml.open("p").attr("class", "callout-title").lang(title_lang);
        match title {
            [] => drop(self.xml.text(word)),
            title => self.inlines(title),
        }
        self.xml.close().line();
        self.blocks(body);
        self.xml.close().line();
    }

    fn aside(&mut self, title: &'a [Inline<Linked>], body: &'a [Block<Linked>]) {
        let name = Some(plain_text(title)).filter(|name| !name.is_empty());
        self.xml.open("aside").attr("class", "aside").attr("role", "note").attr_if("aria-label", name.as_deref()).line();
        if !title.is_empty() {
            self.xml.open("p").attr("class", "aside-title");
            self.inlines(title);
            self.xml.close().line();
        }
        self.blocks(body);
        self.xml.close().line();
    }

    fn details(&mut self, summary: &'a [Inline<Linked>], open: bool, body: &'a [Block<Linked>]) {
        self.xml.open("details").attr_if("open", open.then_some("open")).line();
        if !summary.is_empty() {
            self.xml.open("summary");
            self.inlines(summary);
            self.xml.close().line();
        }
        self.blocks(body);
        self.xml.close().line();
    }

    fn epigraph(&mut self, form: QuotationForm, source: &Attribution, body: &'a [Block<Linked>]) {
        self.xml.open("figure").attr("class", form.name()).line();
        // The role is on the quotation: a figure with a caption must not have one (ARIA in HTML).
        let url = source.url.as_deref().map(address);
        self.xml.open("blockquote");
        if form == QuotationForm::Epigraph {
            self.xml.attr("role", "doc-epigraph").attr("epub:type", "epigraph");
        }
        self.xml.attr_if("cite", url.as_deref()).line();
        self.quotation(body);
        self.xml.close().line();
        if let Some(line) = source.line() {
            self.xml.open("figcaption");
            self.words(&Words { text: line, url: source.url.clone() });
            self.xml.close().line();
        }
        self.xml.close().line();
    }
}

/// Maximum indent of the continuation of a line of code, in characters.
const MAX_INDENT: usize = 24;

/// Distance of tab stops in code, in characters; `tab-size` in the style sheet.
const TAB: usize = 4;

/// Indent of the continuation of a line of code relative to the line, in characters. The style sheet has the same value.
const CONTINUATION: usize = 2;

/// Returns the value of `--indent` for a line of code, in characters. Reading systems measure tab stops from the start of the
/// continuation (CSS Text 3 §4.2), so a line with tabs has a continuation that starts at a tab stop.
fn continuation_indent(line: &str) -> usize {
    let blank = line.chars().take_while(|c| c.is_whitespace());
    let indent =
        blank.fold(0usize, |column, c| if c == '\t' { (column + 1).next_multiple_of(TAB) } else { column + 1 }).min(MAX_INDENT);
    if line.contains('\t') { (indent + CONTINUATION).next_multiple_of(TAB) - CONTINUATION } else { indent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{InlineKind, TokenKind};
    use crate::output::epub::sample;

    fn paragraph(text: &str) -> Block<Linked> {
        sample::block(BlockKind::Paragraph(sample::inlines(vec![InlineKind::Text(text.into())])))
    }

    #[test]
    fn tight_lists_have_no_paragraphs_and_tasks_have_a_state() {
        let items = vec![
            ListItem { task: Some(true), body: vec![paragraph("régler")] },
            ListItem { task: Some(false), body: vec![paragraph("prendre")] },
        ];
        let out = sample::section_of(vec![BlockKind::List { start: None, tight: true, items }]);
        assert!(out.contains("<li class=\"task task-done\"><span class=\"task-state\">(fait)</span> régler</li>"), "{out}");
        assert!(out.contains("<span class=\"task-state\">(à faire)</span> prendre</li>"), "{out}");
    }

    #[test]
    fn separates_consecutive_paragraphs_of_a_tight_item() {
        let items = vec![ListItem { task: None, body: vec![paragraph("un"), paragraph("deux"), paragraph("trois")] }];
        let out = sample::section_of(vec![BlockKind::List { start: None, tight: true, items }]);
        assert!(out.contains("<li>un\n<p>deux</p>\n<p>trois</p>\n</li>"), "{out}");
        let items = vec![ListItem { task: Some(true), body: vec![paragraph("un"), paragraph("deux")] }];
        let out = sample::section_of(vec![BlockKind::List { start: None, tight: true, items }]);
        assert!(out.contains("</span> un\n<p>deux</p>\n</li>"), "{out}");
    }

    #[test]
    fn ordered_lists_keep_their_first_number() {
        let items = vec![ListItem { task: None, body: vec![paragraph("a"), paragraph("b")] }];
        let out = sample::section_of(vec![BlockKind::List { start: Some(4), tight: false, items }]);
        assert!(out.contains("<ol start=\"4\">\n<li>\n<p>a</p>\n<p>b</p>\n</li>"), "{out}");
    }

    #[test]
    fn ordered_lists_declare_the_digits_of_their_numbers() {
        let items =
            vec![ListItem { task: None, body: vec![paragraph("a")] }, ListItem { task: None, body: vec![paragraph("b")] }];
        let out = sample::section_of(vec![BlockKind::List { start: Some(99), tight: true, items }]);
        assert!(out.contains("<ol start=\"99\" style=\"--digits: 3\">"), "{out}");
    }

    #[test]
    fn passages_have_a_language_and_a_direction_if_it_changes() {
        let code = BlockKind::Code { lang: None, text: "a".into(), tokens: vec![] };
        let inner =
            vec![paragraph("سلام"), sample::block(code), sample::block(BlockKind::Passage("en".into(), vec![paragraph("tide")]))];
        let out = sample::section_of(vec![BlockKind::Passage("ar".into(), inner), BlockKind::Passage("en".into(), vec![])]);
        assert!(out.contains("<div class=\"passage\" lang=\"ar\" xml:lang=\"ar\" dir=\"rtl\">\n<p>سلام</p>"), "{out}");
        assert!(out.contains("<pre dir=\"ltr\"><code>"), "{out}");
        assert!(out.contains("<div class=\"passage\" lang=\"en\" xml:lang=\"en\" dir=\"ltr\">\n<p>tide"), "{out}");
        assert!(out.contains("<div class=\"passage\" lang=\"en\" xml:lang=\"en\">\n</div>"), "{out}");
    }

    #[test]
    fn callouts_are_labelled_by_their_kind() {
        let body = vec![paragraph("Doucement.")];
        let out = sample::section_of(vec![BlockKind::Callout { kind: CalloutKind::Warning, title: vec![], body }]);
        let wanted = "<aside class=\"callout callout-warning\" role=\"note\" aria-label=\"Attention\">\n<p class=\"callout-title\">Attention</p>\n<p>Doucement.</p>";
        assert!(out.contains(wanted), "{out}");
    }

    #[test]
    fn code_has_its_language_and_its_lines() {
        let out = sample::section_of(vec![BlockKind::Code {
            lang: Some("c++ x".into()),
            text: "a < 1;\n\tc".into(),
            tokens: vec![Token { kind: TokenKind::Number, start: 4, end: 5 }],
        }]);
        let first = "<span class=\"line\">a &lt; <span class=\"token-number\">1</span>;\n</span>";
        let second = "<span class=\"line\" style=\"--indent: 6\">\tc</span>";
        assert!(out.contains(&format!("<pre><code class=\"language-c++\">{first}{second}</code></pre>")), "{out}");
    }
}
