//! Models generated from bytes. They cover everything that the types allow after resolving, including what Markdown cannot
//! express.
//!
//! After the last byte the generator reads zeros, and zero generates the simplest variant, so short inputs give small models.

use arbitrary::Unstructured;
use reliure::diagnostic::{Sources, Span};
use reliure::stages::{
    Align, AnchorTarget, Attribution, Badge, BadgeKind, Block, BlockKind, CalloutKind, DefinitionItem, Image, Inline, InlineKind,
    Linked, LinkedResources, ListItem, Note, NoticeForm, PublicationTarget, QuotationForm, ResourceCard, ResourceStyle, Table,
    TableCell, Target, TextMark, Title, Token, TokenKind,
};

/// Ids of the sections that links may refer to.
pub const SECTIONS: [&str; 2] = ["one", "two"];

/// An address that no stage may change in a text.
pub const ADDRESS: &str = "https://example.org/a:b/c-d?x=1&y=2;z'!e";

/// Words that have a special meaning in one of the parsers.
#[rustfmt::skip]
pub const WORDS: &[&str] = &[
    "a", "b c", "Mer", " ", "  ", "é", "œuvre", "12", "1 000", "\n", "\t", "\u{A0}", "\u{202F}", "\u{200B}", "\u{AD}",
    "\u{301}", "👩\u{200D}🚀", "中文", "שלום", "🏳", "e\u{301}", "#", "#read(\"x\")", "#{", "#let a = 1", "\\", "\\u{41}", "\\ ",
    "*", "_", "__", "`", "```", "$", "$x$", "$$", "[", "]", "{", "}", "<", ">", "<a>", "</p>", "<script>", "<!--", "-->",
    "]]>", "<![CDATA[", "<?x?>", "&", "&amp;", "&#0;", "&nbsp;", "@", "@x", "=", "= a", "== ", "-", "- ", "--", "---", "-?",
    "+", "+ ", "/", "//", "/*", "*/", "/ a: b", "~", "'", "\"", "’", "«", "» ", "« a »", "“", "”", ".", "..", "...", "1.",
    "1) ", "2024-05-17", ":", ";", "!", "?", " : ", " ;", " !", "5 %", "n° 2", "1er", "XXIe siècle", "M. Roux", "p. 12",
    "19 h 30", "12:30", ")", "(", ",", "|", "^", "%", "http://", "https://x.y",
    " https://example.org/a:b/c-d?x=1&y=2;z'!e ", "a@b.c", "C:\\x", "mailto:a@b.c", "www.x.y", "\u{2028}", "\u{85}", "\r",
    "\u{B}", "\u{0}", "\u{1F}", "\u{7F}", "\u{FEFF}", "\u{FFFC}", "\u{FFFE}", "\u{FDD0}", "\u{202E}", "\u{2066}",
    "\u{E000}", "none", "auto", ".foo", "()", "[x]", "0", "a.b", ";;",
];

const LANGUAGES: &[&str] = &["en", "fr", "de", "ar", "zh-Hant", "pt-BR", "fr-CA", "yi"];

/// A generator of models.
pub struct Draw<'a> {
    bytes: Unstructured<'a>,
    /// Ids of the headings of this section so far.
    headings: Vec<String>,
    /// Id of the section.
    section: &'static str,
    /// Number of calls of each note so far.
    notes: Vec<u32>,
    /// Number of blocks and inline elements that may still be generated.
    budget: u32,
}

/// Returns a location in an empty source.
pub fn nowhere() -> Span {
    Span::new(Sources::default().add("drawn.md", ""), 0..0)
}

/// Returns words as a run of text.
pub fn words(words: String) -> Vec<Inline<Linked>> {
    vec![Inline { span: nowhere(), kind: InlineKind::Text(words) }]
}

impl<'a> Draw<'a> {
    /// Creates a generator from bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: Unstructured::new(bytes), headings: Vec::new(), section: SECTIONS[0], notes: Vec::new(), budget: 400 }
    }

    /// Returns a number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        self.bytes.int_in_range(0..=count - 1).unwrap_or(0)
    }

    /// Returns `true` once in `count` times on average, and never after the last byte.
    pub fn rarely(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    fn one_of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())]
    }

    /// Returns a language tag.
    pub fn language(&mut self) -> String {
        self.one_of(LANGUAGES).to_owned()
    }

    /// Returns up to four words.
    pub fn words(&mut self) -> String {
        let mut words = String::new();
        for _ in 0..self.below(5) {
            if self.rarely(6) {
                let free: String = (0..self.below(8)).filter_map(|_| self.bytes.arbitrary::<char>().ok()).collect();
                words.push_str(&free);
            } else {
                words.push_str(self.one_of(WORDS));
            }
        }
        words
    }

    /// Returns words that are not blank, as titles need.
    pub fn title(&mut self) -> String {
        format!("T{}", self.words())
    }

    fn perhaps(&mut self) -> Option<String> {
        self.rarely(2).then(|| self.words())
    }

    fn address(&mut self) -> String {
        format!("https://example.org/{}", self.words())
    }

    /// Returns the lead and the body of a section.
    pub fn section(&mut self, section: &'static str) -> (Vec<Inline<Linked>>, Vec<Block<Linked>>) {
        (self.section, self.budget) = (section, 400);
        self.headings.clear();
        self.notes.clear();
        let lead = if self.rarely(3) { self.phrases(1) } else { Vec::new() };
        (lead, self.blocks(0))
    }

    /// Returns blocks.
    pub fn blocks(&mut self, depth: u32) -> Vec<Block<Linked>> {
        let count = self.below(if depth == 0 { 9 } else { 4 });
        (0..count).map(|_| self.block(depth)).collect()
    }

    fn block(&mut self, depth: u32) -> Block<Linked> {
        self.budget = self.budget.saturating_sub(1);
        let kinds = if depth > 5 || self.budget == 0 { 6 } else { 22 };
        let kind = match self.below(kinds) {
            0 | 1 => BlockKind::Paragraph(self.inlines(0)),
            2 => self.code(),
            3 => BlockKind::Rule,
            4 if self.rarely(4) => {
                let figures = (0..2 + self.below(5)).map(|_| Block::new(BlockKind::Figure(self.figure()), nowhere()));
                BlockKind::FigureRow(figures.collect())
            }
            4 => BlockKind::Figure(self.figure()),
            5 => self.heading(),
            6 | 7 => self.list(depth),
            8 => BlockKind::Definitions(self.definitions(depth)),
            9 => BlockKind::Quote(self.blocks(depth + 1)),
            10 | 11 => BlockKind::Table(self.table()),
            12 => {
                let kind = CalloutKind::ALL[self.below(CalloutKind::ALL.len())].1;
                BlockKind::Callout { kind, title: self.line(), body: self.blocks(depth + 1) }
            }
            13 => BlockKind::Aside { title: self.line(), body: self.blocks(depth + 1) },
            14 => {
                let form = self.one_of(&[QuotationForm::Epigraph, QuotationForm::Quotation]);
                BlockKind::Epigraph { form, source: self.attribution(), body: self.blocks(depth + 1) }
            }
            15 => BlockKind::Resources(self.resources()),
            16 => BlockKind::Video { url: self.address(), title: self.title() },
            17 => match self.below(4) {
                0 => BlockKind::Credits,
                1 => BlockKind::ImageCredits,
                2 => BlockKind::Imprint,
                _ => BlockKind::Changes,
            },
            18 => BlockKind::Licence(self.one_of(&[NoticeForm::Full, NoticeForm::Brief])),
            19 => BlockKind::Passage(self.language(), self.blocks(depth + 1)),
            20 => BlockKind::Details { summary: self.inlines(0), open: self.rarely(2), body: self.blocks(depth + 1) },
            _ => BlockKind::Paragraph(self.phrases(0)),
        };
        let id = matches!(kind, BlockKind::Heading { .. }).then(|| self.heading_id());
        Block { id, span: nowhere(), kind }
    }

    fn heading(&mut self) -> BlockKind<Linked> {
        BlockKind::Heading { level: 2 + u8::try_from(self.below(5)).unwrap_or(0), text: self.inlines(0) }
    }

    fn heading_id(&mut self) -> String {
        let id = format!("{}-h{}", self.section, self.headings.len() + 1);
        self.headings.push(id.clone());
        id
    }

    /// Returns the text of a title or of a caption, which may be empty.
    fn line(&mut self) -> Vec<Inline<Linked>> {
        if self.rarely(2) { self.inlines(1) } else { Vec::new() }
    }

    fn code(&mut self) -> BlockKind<Linked> {
        let (lang, text) = (self.perhaps(), self.words());
        let end = text.find('\n').unwrap_or(text.len());
        let kind = self.one_of(&TokenKind::ALL);
        let tokens = if self.rarely(2) && end > 0 { vec![Token { kind, start: 0, end }] } else { Vec::new() };
        BlockKind::Code { lang, text, tokens }
    }

    fn list(&mut self, depth: u32) -> BlockKind<Linked> {
        let start = self.rarely(2).then(|| self.one_of(&[1, 0, 7, 999_999_999]));
        let tight = self.rarely(2);
        let items = (0..self.below(4))
            .map(|_| ListItem { task: self.rarely(4).then(|| self.rarely(2)), body: self.blocks(depth + 1) })
            .collect();
        BlockKind::List { start, tight, items }
    }

    fn definitions(&mut self, depth: u32) -> Vec<DefinitionItem<Linked>> {
        (0..self.below(3))
            .map(|_| DefinitionItem {
                term: self.inlines(0),
                details: (0..self.below(3)).map(|_| self.blocks(depth + 1)).collect(),
            })
            .collect()
    }

    fn table(&mut self) -> Table<Linked> {
        let columns: Vec<Align> =
            (0..1 + self.below(3)).map(|_| self.one_of(&[Align::Start, Align::Center, Align::End])).collect();
        // Notes are numbered from the caption on.
        let caption = if self.rarely(3) { self.inlines(1) } else { Vec::new() };
        let header = self.rows(columns.len(), 1);
        let count = self.below(4);
        let rows = self.rows(columns.len(), count);
        Table { caption, row_headers: self.rarely(3), columns, header, rows }
    }

    /// Draws rows of a table. One cell of the first row may span all rows or all columns.
    fn rows(&mut self, columns: usize, count: usize) -> Vec<Vec<TableCell<Linked>>> {
        let (wide, high) = (self.rarely(4), self.rarely(4));
        let mut rows: Vec<Vec<TableCell<Linked>>> = Vec::new();
        for row in 0..count {
            let first = match row {
                0 if wide => Some(TableCell { columns, ..self.cell() }),
                0 if high => Some(TableCell { rows: count, ..self.cell() }),
                _ if high && !wide => None,
                _ => Some(self.cell()),
            };
            let rest = if row == 0 && wide { 0 } else { columns - 1 };
            let rest: Vec<TableCell<Linked>> = (0..rest).map(|_| self.cell()).collect();
            rows.push(first.into_iter().chain(rest).collect());
        }
        rows
    }

    fn cell(&mut self) -> TableCell<Linked> {
        if self.rarely(4) {
            return TableCell::new(self.blocks(6));
        }
        TableCell::of_line(self.inlines(1), nowhere())
    }

    fn attribution(&mut self) -> Attribution {
        let url = self.rarely(2).then(|| self.address());
        Attribution { words: self.perhaps(), date: self.perhaps(), url, licence: None }
    }

    fn resources(&mut self) -> LinkedResources {
        let style = self.one_of(&[ResourceStyle::Tiles, ResourceStyle::List]);
        let badge = self.badge();
        let cards = (0..self.below(3)).map(|at| self.card(at)).collect();
        LinkedResources { style, badge, cards }
    }

    fn card(&mut self, at: usize) -> ResourceCard {
        ResourceCard {
            id: format!("card-{at}"),
            title: self.title(),
            subtitle: self.perhaps(),
            kind: self.perhaps(),
            badge: self.badge(),
            target: self.rarely(2).then(|| self.target()),
            alt: self.words(),
            statement: self.perhaps(),
        }
    }

    fn badge(&mut self) -> Option<Badge> {
        let kind = self.one_of(&[BadgeKind::Short, BadgeKind::Long]);
        self.rarely(2).then(|| Badge { kind, label: self.title() })
    }

    fn image(&mut self) -> Image {
        let width = self.rarely(2).then(|| u8::try_from(1 + self.below(100)).unwrap_or(1));
        // The caption of an inline image is not printed, so it must not contain the first call of a note.
        let caption = if self.rarely(2) { self.phrases(1) } else { Vec::new() };
        Image { asset: self.below(2), alt: self.perhaps(), caption, credit: self.perhaps(), width, link: None }
    }

    fn figure(&mut self) -> Image {
        let image = self.image();
        let link = (image.alt.is_some() && self.rarely(3)).then(|| self.target());
        Image { link, ..image }
    }

    fn target(&mut self) -> Target {
        match self.below(4) {
            0 | 1 => Target::External(self.address()),
            2 => self.internal(),
            _ => Target::Publication(PublicationTarget {
                file: "../a/b-2024".into(),
                published: self.rarely(2).then(|| "https://example.org/a/b-2024".into()),
                anchor: self.rarely(2).then(|| AnchorTarget {
                    section: "three".into(),
                    number: 3,
                    id: "place".into(),
                    destination: "place".into(),
                    title: self.named(),
                }),
                title: self.named(),
            }),
        }
    }

    /// Returns an existing target: a section, or a heading that was generated before.
    fn internal(&mut self) -> Target {
        let title = self.named();
        match self.below(self.headings.len() + 2).checked_sub(2) {
            Some(at) => Target::Internal { section: self.section.into(), id: self.headings[at].clone(), title },
            None => {
                let section = self.one_of(&SECTIONS);
                Target::Internal { section: section.into(), id: section.into(), title }
            }
        }
    }

    fn named(&mut self) -> Title {
        Title { text: words(self.title()), lang: self.language(), foreign: self.rarely(2) }
    }

    /// Returns inline elements, which may include notes.
    fn inlines(&mut self, depth: u32) -> Vec<Inline<Linked>> {
        let count = self.below(if depth == 0 { 7 } else { 4 });
        (0..count).map(|_| self.inline(depth, true)).collect()
    }

    /// Returns inline elements without notes.
    fn phrases(&mut self, depth: u32) -> Vec<Inline<Linked>> {
        (0..self.below(6)).map(|_| self.inline(depth, false)).collect()
    }

    fn inline(&mut self, depth: u32, notes: bool) -> Inline<Linked> {
        self.budget = self.budget.saturating_sub(1);
        let kinds = if depth > 5 || self.budget == 0 { 4 } else { 21 };
        let inner = |draw: &mut Self| if notes { draw.inlines(depth + 1) } else { draw.phrases(depth + 1) };
        let kind = match self.below(kinds) {
            0 => InlineKind::Text(self.words()),
            1 => InlineKind::SoftBreak,
            2 => InlineKind::Code(self.words()),
            3 => InlineKind::LineBreak,
            4 => InlineKind::Emphasis(inner(self)),
            5 => InlineKind::Strong(inner(self)),
            6 => InlineKind::Strike(inner(self)),
            7 => InlineKind::Super(inner(self)),
            8 => InlineKind::Sub(inner(self)),
            9 => InlineKind::Link(self.target(), self.rarely(4).then(|| self.words()), inner(self)),
            10 => InlineKind::Reference(self.target()),
            11 => InlineKind::Image(self.image()),
            12 => InlineKind::Lang(self.language(), inner(self)),
            13 | 14 if notes => InlineKind::Note(self.note(depth)),
            15 => InlineKind::Literal(self.words()),
            16 => InlineKind::Kbd(inner(self)),
            17 => InlineKind::Abbr(self.title(), inner(self)),
            18 => InlineKind::Marked(self.one_of(&TextMark::ALL), inner(self)),
            _ => InlineKind::Text(self.words()),
        };
        Inline { span: nowhere(), kind }
    }

    /// Returns a new note or another call of a note, numbered as in resolving.
    fn note(&mut self, depth: u32) -> Note<Linked> {
        if let Some(at) = self.below(self.notes.len() + 2).checked_sub(2) {
            self.notes[at] += 1;
            return Note { number: number(at), call: self.notes[at], body: Vec::new() };
        }
        self.notes.push(1);
        let number = number(self.notes.len() - 1);
        Note { number, call: 1, body: self.blocks(depth + 3) }
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap_or(1)
}
