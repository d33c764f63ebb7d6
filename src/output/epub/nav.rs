//! The navigation document, and the NCX for EPUB 2 reading systems.

use super::names::Names;
use super::page_list::{self, PageEntry};
use super::xhtml::{self, Document, Head, Heading, Xml};
use crate::model::plain_text;
use crate::resolve::Resolved;

/// File name of the navigation document.
pub const NAV: &str = "nav.xhtml";
/// File name of the EPUB 2 navigation.
pub const NCX: &str = "toc.ncx";

/// An entry of the table of contents.
#[derive(Debug)]
pub struct NavEntry {
    /// The label as XHTML.
    label: String,
    /// The label as plain text.
    plain: String,
    /// The address of its target.
    href: String,
    /// Class that sets its colour.
    class: Option<String>,
    /// Entries below it.
    children: Vec<NavEntry>,
}

/// Returns the table of contents of the sections and their headings. Without sections, its only entry is the title page.
/// `documents` are the documents of the sections, in order.
pub fn contents(edition: &Resolved, names: &Names<'_>, documents: &[Document]) -> Vec<NavEntry> {
    let sections = edition.sections.iter().zip(documents);
    let entries: Vec<NavEntry> = sections
        .map(|(section, document)| NavEntry {
            label: xhtml::nav_label(edition, names, section),
            plain: plain_text(&section.nav),
            href: names.file(&section.id).to_owned(),
            class: Some(xhtml::accent_class(edition, section)),
            children: nest(&document.headings, &document.href),
        })
        .collect();
    if !entries.is_empty() {
        return entries;
    }
    let label = escaped(&edition.title);
    vec![NavEntry { label, plain: edition.title.clone(), href: "title.xhtml".into(), class: None, children: Vec::new() }]
}

fn escaped(text: &str) -> String {
    let mut xml = Xml::default();
    xml.text(text);
    xml.finish()
}

/// Nests each heading under the nearest preceding heading of a higher level. Skipped levels add no entries.
fn nest(headings: &[Heading], file: &str) -> Vec<NavEntry> {
    let mut entries = Vec::new();
    let mut rest = headings;
    while let Some((first, after)) = rest.split_first() {
        let below = after.iter().position(|heading| heading.level <= first.level).unwrap_or(after.len());
        let (inner, next) = after.split_at(below);
        let children = nest(inner, file);
        if first.plain.trim().is_empty() {
            // An entry must have text (EPUB 3.3 §7.3), so the children replace a heading without text.
            entries.extend(children);
        } else {
            let href = format!("{file}#{}", first.id);
            entries.push(NavEntry {
                label: first.label.clone(),
                plain: first.plain.trim().to_owned(),
                href,
                class: None,
                children,
            });
        }
        rest = next;
    }
    entries
}

/// Writes `nav.xhtml`: the table of contents, which is also a page of the publication, and the landmarks and the page list, which
/// are hidden.
pub fn document(edition: &Resolved, names: &Names<'_>, contents: &[NavEntry], pages: &[PageEntry]) -> String {
    let terms = edition.language.terms;
    let mut xml =
        xhtml::start(&Head { lang: edition.language.tag, title: terms.contents, class: Some("contents"), part: "frontmatter" });
    xml.open("nav").attr("epub:type", "toc").attr("role", "doc-toc").attr("id", "toc").attr("class", "toc");
    xml.attr("aria-labelledby", "toc-title").line();
    xml.open("h1").attr("id", "toc-title").text(terms.contents).close().line();
    entries(&mut xml, contents);
    xml.close().line();
    landmarks(&mut xml, edition, names);
    page_list::nav(&mut xml, edition, pages);
    let mut text = xml.finish();
    text.push('\n');
    text
}

fn entries(xml: &mut Xml, list: &[NavEntry]) {
    xml.open("ol").attr("role", "list").line();
    for entry in list {
        xml.open("li").attr_if("class", entry.class.as_deref());
        xml.open("a").attr("href", &entry.href).fragment(&entry.label).close();
        if !entry.children.is_empty() {
            xml.line();
            entries(xml, &entry.children);
        }
        xml.close().line();
    }
    xml.close().line();
}

/// Writes the landmarks, which link to the parts of the publication. Each type occurs once (EPUB 3.3 §7.4).
fn landmarks(xml: &mut Xml, edition: &Resolved, names: &Names<'_>) {
    let terms = edition.language.terms;
    xml.open("nav").attr("epub:type", "landmarks").attr("id", "landmarks").attr("aria-labelledby", "landmarks-title");
    xml.attr("hidden", "hidden").line();
    xml.open("h2").attr("id", "landmarks-title").text(terms.landmarks).close().line().open("ol").attr("role", "list").line();
    let mut places = vec![("cover", "cover.xhtml", terms.cover), ("titlepage", "title.xhtml", terms.title_page)];
    places.push(("toc", "nav.xhtml#toc", terms.contents));
    if let Some(first) = edition.sections.first() {
        places.push(("bodymatter", names.file(&first.id), terms.body_start));
    }
    for (kind, href, name) in places {
        xml.open("li").open("a").attr("epub:type", kind).attr("href", href).text(name).close().close().line();
    }
    xml.close().line().close().line();
}

/// Writes `toc.ncx` (OPF 2.0.1 §2.4.1) for EPUB 2 reading systems.
pub fn ncx(edition: &Resolved, contents: &[NavEntry], pages: &[PageEntry]) -> String {
    let mut xml = Xml::document();
    xml.open("ncx").attr("xmlns", "http://www.daisy.org/z3986/2005/ncx/").attr("version", "2005-1");
    xml.attr("xml:lang", edition.language.tag).line().open("head").line();
    let depth = depth(contents).to_string();
    let identifier = super::package::identifier(edition);
    let (total, largest) = (pages.len().to_string(), page_list::largest(pages).to_string());
    for (name, content) in
        [("dtb:uid", identifier.as_str()), ("dtb:depth", &depth), ("dtb:totalPageCount", &total), ("dtb:maxPageNumber", &largest)]
    {
        xml.open("meta").attr("name", name).attr("content", content).void().line();
    }
    xml.close().line().open("docTitle").leaf("text", None, &edition.title).close().line().open("navMap").line();
    let mut order = 0;
    points(&mut xml, contents, &mut order);
    xml.close();
    page_list::ncx(&mut xml, pages, order);
    xml.line().close();
    let mut text = xml.finish();
    text.push('\n');
    text
}

fn points(xml: &mut Xml, list: &[NavEntry], order: &mut u32) {
    for entry in list {
        *order += 1;
        xml.open("navPoint").attr("id", &format!("point-{order}")).attr("playOrder", &order.to_string()).line();
        xml.open("navLabel").leaf("text", None, &entry.plain).close().line();
        xml.open("content").attr("src", &entry.href).void().line();
        points(xml, &entry.children, order);
        xml.close().line();
    }
}

fn depth(list: &[NavEntry]) -> usize {
    list.iter().map(|entry| 1 + depth(&entry.children)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::model::{BlockKind, InlineKind, Target};
    use crate::output::epub::sample;

    fn heading(level: u8, id: &str) -> Heading {
        Heading { level, id: id.into(), label: id.into(), plain: id.into() }
    }

    fn outline(list: &[NavEntry]) -> String {
        list.iter().map(|entry| format!("{}[{}]", entry.plain, outline(&entry.children))).collect()
    }

    #[test]
    fn nests_headings_across_skipped_levels() {
        let headings = [heading(3, "a"), heading(2, "b"), heading(4, "c"), heading(3, "d"), heading(2, "e")];
        assert_eq!(outline(&nest(&headings, "x.xhtml")), "a[]b[c[]d[]]e[]");
    }

    #[test]
    fn labels_keep_emphasis_but_no_notes_or_links() {
        let link = InlineKind::Link(
            Target::External("https://example.org".into()),
            None,
            sample::inlines(vec![
                InlineKind::Text("du ".into()),
                InlineKind::Emphasis(sample::inlines(vec![InlineKind::Text("Petrel".into())])),
            ]),
        );
        let text = sample::inlines(vec![InlineKind::Text("Journal & ".into()), link, sample::note(1, 1, "Une note.")]);
        let mut edition = sample::edition();
        edition.sections[0].body = vec![sample::with_id("petrel", BlockKind::Heading { level: 2, text })];
        let names = Names::new(&edition.sections);
        let mut found = Diagnostics::default();
        let documents: Vec<Document> = edition.sections.iter().map(|s| xhtml::section(&edition, &names, s, &mut found)).collect();
        let contents = contents(&edition, &names, &documents);
        let nav = document(&edition, &names, &contents, &[]);
        assert!(nav.contains("<a href=\"releve.xhtml#petrel\">Journal &amp; du <em>Petrel</em></a>"), "{nav}");
        let ncx = ncx(&edition, &contents, &[]);
        assert!(ncx.contains("<text>Journal &amp; du Petrel</text>") && ncx.contains("content=\"2\""), "{ncx}");
        assert!(
            documents[0].text.contains("<a href=\"https://example.org\">du <em>Petrel</em></a><sup"),
            "the heading itself has the note and the link"
        );
    }

    #[test]
    fn contents_link_to_the_title_page_without_sections() {
        let mut edition = sample::edition();
        edition.sections.clear();
        let names = Names::new(&edition.sections);
        let contents = contents(&edition, &names, &[]);
        assert!(document(&edition, &names, &contents, &[]).contains("<a href=\"title.xhtml\">Carnet</a>"));
    }
}
