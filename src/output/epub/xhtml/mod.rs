//! The XHTML documents: cover, title page, and one file per section.
//!
//! The section "EPUB" of `docs/layouts.md` documents the elements, roles and classes for authors of style sheets. The writer
//! records the headings and images of a document, from which the navigation and the metadata are derived.

mod apparatus;
mod block;
mod escape;
mod figure;
mod inline;
mod note;
mod resources;
mod rights;
mod table;

pub use escape::Xml;
pub use figure::IMAGES;
pub use inline::address;

use std::collections::BTreeSet;

use self::inline::InlineSetting;
use super::PageImage;
use super::names::Names;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Block, Direction, Linked, Note, PageBreak, plain_text};
use crate::resolve::{Language, Resolved, Section};

/// The style sheets of every document, in the order of `docs/layouts.md`.
pub const STYLES: [&str; 3] = ["brand.css", "common.css", "layout.css"];

/// Id of the title of a section. Generated ids start with `_`, so they cannot conflict with ids of authors.
const TITLE_ID: &str = "_title";

/// A finished XHTML document.
#[derive(Debug)]
pub struct Document {
    /// The file name in the container.
    pub href: String,
    /// The text of the document.
    pub text: String,
    /// Headings for the table of contents, in reading order.
    pub headings: Vec<Heading>,
    /// Indices of the assets that the document shows.
    pub images: BTreeSet<usize>,
    /// The pages of a PDF that begin in the document.
    pub pages: Vec<usize>,
}

/// A heading as in the table of contents, without notes and links.
#[derive(Debug)]
pub struct Heading {
    /// Level, 2 to 6.
    pub level: u8,
    /// The id.
    pub id: String,
    /// The text as XHTML.
    pub label: String,
    /// The plain text.
    pub plain: String,
}

/// The properties of a document that are written before its content.
pub struct Head<'a> {
    /// Language of the document.
    pub lang: &'a str,
    /// The title of the document.
    pub title: &'a str,
    /// Class of the body.
    pub class: Option<&'a str>,
    /// The part of the publication that contains it (EPUB Structural Semantics).
    pub part: &'static str,
}

/// Starts a document, up to and including the start tag of `body`.
pub fn start(head: &Head<'_>) -> Xml {
    let mut xml = Xml::document();
    xml.html_doctype()
        .open("html")
        .attr("xmlns", "http://www.w3.org/1999/xhtml")
        .attr("xmlns:epub", "http://www.idpf.org/2007/ops");
    let direction = Direction::of(head.lang);
    xml.lang(Some(head.lang)).attr_if("dir", (direction != Direction::default()).then(|| direction.name()));
    xml.line().open("head").line();
    xml.open("meta").attr("charset", "utf-8").void().line();
    xml.leaf("title", None, head.title).line();
    for style in STYLES {
        xml.open("link").attr("rel", "stylesheet").attr("type", "text/css").attr("href", style).void().line();
    }
    xml.close().line().open("body").attr_if("class", head.class).attr("epub:type", head.part).line();
    xml
}

fn finish(mut xml: Xml) -> String {
    xml.line();
    let mut text = xml.finish();
    text.push('\n');
    text
}

impl Document {
    fn new(href: &str, xml: Xml) -> Self {
        let (headings, images, pages) = (Vec::new(), BTreeSet::new(), Vec::new());
        Self { href: href.into(), text: finish(xml), headings, images, pages }
    }
}

/// Writes the cover: an image of the first page of the PDF.
pub fn cover(edition: &Resolved, picture: &str, cover: &PageImage) -> Document {
    let terms = edition.language.terms;
    let mut xml = start(&Head { lang: edition.language.tag, title: terms.cover, class: None, part: "frontmatter" });
    let alt = edition.language.with_name(terms.cover_alt, &edition.title);
    xml.open("main").open("section").attr("class", "cover").attr("epub:type", "cover").line();
    // DPUB-ARIA 1.1 defines `doc-cover` as a role of the image, not of the section that contains it.
    xml.open("img").attr("src", picture).attr("alt", &alt).attr("role", "doc-cover");
    // The aspect ratio reserves the space for reading systems that paginate before they decode the image.
    xml.attr("style", &format!("aspect-ratio: {} / {}", cover.width, cover.height)).void().line();
    xml.close();
    Document::new("cover.xhtml", xml)
}

/// Returns the id of a page break.
pub fn page_id(page: usize) -> String {
    format!("_page-{page}")
}

/// Returns the element of a page break. It is empty, because its label is not part of the text. Assistive technology uses its
/// role, and reading systems its `epub:type`.
fn page_break(page_break: &PageBreak) -> String {
    let mut xml = Xml::default();
    xml.open("span").attr("id", &page_id(page_break.page)).attr("epub:type", "pagebreak").attr("role", "doc-pagebreak");
    xml.attr("aria-label", &page_break.label);
    xml.finish()
}

/// Writes the title page, with links to the sections if the layout configures a class for them. `page` is the page that begins
/// there.
pub fn title_page(edition: &Resolved, names: &Names<'_>, links: Option<&str>, page: Option<&PageBreak>) -> Document {
    let mut xml = start(&Head { lang: edition.language.tag, title: &edition.title, class: None, part: "frontmatter" });
    xml.open("main").open("section").attr("class", "title-page").attr("epub:type", "titlepage").line();
    if let Some(page) = page {
        xml.fragment(&page_break(page)).line();
    }
    let line = |xml: &mut Xml, class: &str, text: Option<&str>| {
        if let Some(text) = text {
            xml.leaf("p", Some(class), text).line();
        }
    };
    line(&mut xml, "series", edition.series.as_deref());
    line(&mut xml, "period", edition.period.as_deref());
    xml.leaf("h1", Some("title"), &edition.title).line();
    if let Some(subtitle) = &edition.subtitle {
        xml.open("p").attr("class", "subtitle").attr("role", "doc-subtitle").text(subtitle).close().line();
    }
    line(&mut xml, "publisher", edition.publisher.as_ref().map(|party| party.name.as_str()));
    line(&mut xml, "edition", edition.edition.label.as_deref());
    if let Some(class) = links {
        section_links(&mut xml, edition, names, class);
    }
    xml.close();
    Document { pages: page.iter().map(|page| page.page).collect(), ..Document::new("title.xhtml", xml) }
}

fn section_links(xml: &mut Xml, edition: &Resolved, names: &Names<'_>, class: &str) {
    if edition.sections.is_empty() {
        return;
    }
    xml.open("nav")
        .attr("class", class)
        .attr("aria-label", edition.language.terms.contents)
        .line()
        .open("ol")
        .attr("role", "list")
        .line();
    for section in &edition.sections {
        xml.open("li").attr("class", &accent_class(edition, section));
        xml.open("a").attr("href", names.file(&section.id)).fragment(&nav_label(edition, names, section)).close().close().line();
    }
    xml.close().line().close().line();
}

/// Returns the label of a section for the navigation, as XHTML.
pub fn nav_label(edition: &Resolved, names: &Names<'_>, section: &Section) -> String {
    // A label has neither links nor images, so there is nothing to report.
    let mut found = Diagnostics::default();
    Writer::new(edition, names, section, Xml::default(), &mut found).label(&section.nav)
}

/// Returns the class for the accent colour of a section: `accent-1` is the first of the brand.
pub fn accent_class(edition: &Resolved, section: &Section) -> String {
    format!("accent-{}", section.accent % edition.brand.accents.len().max(1) + 1)
}

/// Writes a section, and adds internal errors to `found`.
pub fn section(edition: &Resolved, names: &Names<'_>, section: &Section, found: &mut Diagnostics) -> Document {
    let lang = section.lang.as_deref().unwrap_or(edition.language.tag);
    let class = accent_class(edition, section);
    let title = plain_text(&section.title);
    let xml = start(&Head { lang, title: &title, class: Some(&class), part: "bodymatter" });
    let mut writer = Writer::new(edition, names, section, xml, found);
    writer.xml.open("main").open("section").attr("class", "section").attr("id", &section.id).attr("role", "doc-chapter");
    writer.xml.attr("epub:type", "chapter").attr("aria-labelledby", TITLE_ID).line();
    writer.header();
    writer.blocks(&section.body);
    writer.notes();
    writer.xml.close();
    let Writer { xml, headings, images, pages, .. } = writer;
    Document { headings, images, pages, ..Document::new(names.file(&section.id), xml) }
}

/// A section that is being written.
struct Writer<'a> {
    edition: &'a Resolved,
    names: &'a Names<'a>,
    section: &'a Section,
    xml: Xml,
    found: &'a mut Diagnostics,
    setting: InlineSetting,
    /// Language of the surrounding text.
    lang: &'a str,
    /// Direction of the text.
    direction: Direction,
    /// Notes referenced so far, in the order of their first references.
    notes: Vec<(u32, &'a [Block<Linked>])>,
    /// Note references inside the current link, which are written after it, because links cannot be nested.
    postponed: Vec<(&'a Note<Linked>, Span)>,
    /// Every note reference: number of the note, number of the reference, location.
    called: Vec<(u32, u32, Span)>,
    /// Number of enclosing quotations and notes: headings inside them are not part of the table of contents.
    quoted: u32,
    headings: Vec<Heading>,
    images: BTreeSet<usize>,
    /// Page breaks before or in the next block. While the block is written, they are in reverse order.
    page_breaks: Vec<&'a PageBreak>,
    /// Number of the next item of the current generated block, from 1.
    items: usize,
    /// The pages that begin in the text so far.
    pages: Vec<usize>,
    /// Number of tables written so far.
    tables: usize,
    /// The widths of the longest words of the columns of a divided table, in characters; 0 once a cell has the width.
    word_widths: Vec<usize>,
    /// Whether the current text is in a header cell of a table.
    in_table_header: bool,
}

impl<'a> Writer<'a> {
    fn new(edition: &'a Resolved, names: &'a Names<'a>, section: &'a Section, xml: Xml, found: &'a mut Diagnostics) -> Self {
        let lang = section.lang.as_deref().unwrap_or(edition.language.tag);
        Self {
            edition,
            names,
            section,
            xml,
            found,
            setting: InlineSetting::Text,
            lang,
            direction: Direction::of(lang),
            notes: Vec::new(),
            postponed: Vec::new(),
            called: Vec::new(),
            quoted: 0,
            headings: Vec::new(),
            images: BTreeSet::new(),
            page_breaks: Vec::new(),
            items: 0,
            pages: Vec::new(),
            tables: 0,
            word_widths: Vec::new(),
            in_table_header: false,
        }
    }

    fn header(&mut self) {
        self.xml.open("header").attr("class", "section-header").line();
        // Inside the heading, the label of the page break would be part of the name of the section.
        if let Some(page_break) = &self.section.page_break {
            let element = self.page_break(page_break);
            self.xml.fragment(&element).line();
        }
        self.xml.open("p").attr("class", "section-number").attr("aria-hidden", "true");
        self.xml.text(&self.section.number.to_string()).close().line();
        self.xml.open("h1").attr("class", "section-title").attr("id", TITLE_ID);
        self.inlines(&self.section.title);
        self.xml.close().line();
        if !self.section.lead.is_empty() {
            self.xml.open("div").attr("class", "lead").open("p");
            self.inlines(&self.section.lead);
            self.xml.close().close().line();
        }
        self.xml.close().line();
    }

    /// Returns the element of a page break, and records that the text contains it.
    fn page_break(&mut self, page_break: &PageBreak) -> String {
        self.pages.push(page_break.page);
        self::page_break(page_break)
    }

    /// Returns the language of generated texts, which is that of the publication, if the surrounding text has another language.
    fn words_lang(&self) -> Option<&'static str> {
        let tag = self.edition.language.tag;
        (self.lang != tag).then_some(tag)
    }

    /// Returns the language of names for assistive technology: the language of the surrounding text if the tool has terms in it,
    /// otherwise the language of the publication with its tag.
    fn naming_language(&self) -> (Language, Option<&'static str>) {
        let own = self.lang.split('-').next().and_then(Language::find);
        own.map_or((self.edition.language, self.words_lang()), |own| (own, None))
    }

    /// Reports content that resolution should have rejected.
    fn internal_error(&mut self, message: String, span: Span) {
        let hint = "this is a defect of reliure: please report it with this text";
        self.found.push(Diagnostic::new(code::INTERNAL, message).at(span).hint(hint));
    }
}
