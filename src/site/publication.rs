//! The page of a publication.

use super::citation::citation;
use super::page::{self, SitePage};
use super::{Site, SiteEdition, SiteFile, SitePublication, absolute, linked_data, relative};
use crate::output::epub::{Xml, address};
use crate::product::Product;
use crate::records;
use crate::terms::SiteTerms;

/// Writes the page: the newest edition, then the earlier ones.
pub fn page(site: &Site<'_>, publication: &SitePublication, newest: &SiteEdition) -> String {
    let page = SitePage {
        site,
        depth: publication.folder.split('/').count(),
        language: newest.language,
        title: &newest.title,
        description: newest.description.as_deref(),
        theme: &newest.theme,
        linked_data: linked_data::edition(site, publication, newest),
        address: site.published_url.map(|address| absolute(address, &publication.page())),
    };
    let sections = Sections { terms: page.terms(), depth: page.depth, edition: newest };
    page.write(|html| {
        html.open("article").line();
        sections.hero(html);
        sections.formats(html);
        sections.accessibility(html);
        sections.cite(html);
        sections.licence(html);
        sections.credits(html);
        sections.records(html);
        sections.earlier(html, publication.editions.get(1..).unwrap_or_default());
        html.close().line();
    })
}

/// The sections of a page.
struct Sections<'a> {
    terms: &'static SiteTerms,
    depth: usize,
    edition: &'a SiteEdition,
}

impl Sections<'_> {
    /// Writes the cover, the title, the description and the files to read.
    fn hero(&self, html: &mut Xml) {
        let edition = self.edition;
        html.open("div").attr("class", if edition.cover.is_some() { "hero" } else { "hero plain" }).line();
        if let Some(cover) = &edition.cover {
            let shape = if cover.width > cover.height { "picture wide" } else { "picture" };
            html.open("div").attr("class", shape);
            let alt = self.terms.cover_of.replace("{}", &edition.language.quoted(&edition.title));
            page::cover(html, cover.file, &alt, (cover.width, cover.height), None);
            html.close().line();
        }
        html.open("div").attr("class", "lead").line();
        page::leaf_if(html, "p", Some("series"), edition.series.as_deref());
        html.leaf("h1", None, &edition.title).line();
        page::leaf_if(html, "p", Some("subtitle"), edition.subtitle.as_deref());
        // A label often contains the date.
        let label = edition.label.as_deref();
        let date = Some(edition.date.as_str()).filter(|date| label.is_none_or(|label| !label.contains(date)));
        let facts = [edition.period.as_deref(), label, date].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        html.leaf("p", Some("facts"), &facts).line();
        if !edition.authors.is_empty() {
            html.leaf("p", Some("authors"), &edition.authors.join(", ")).line();
        }
        page::leaf_if(html, "p", Some("abstract"), edition.description.as_deref());
        html.open("ul").attr("class", "downloads").attr("role", "list").line();
        for file in edition.readable() {
            html.open("li");
            html.open("a").attr("class", "button").attr("href", &self.href(file)).text(self.terms.download).text(" ");
            html.leaf("span", None, file.product.name()).close();
            html.close().line();
        }
        html.close().line();
        if let Some((statement, corrections)) = &edition.erratum {
            note(html, statement, corrections);
        }
        html.close().line().close().line();
    }

    fn formats(&self, html: &mut Xml) {
        self.section(html, "formats", self.terms.formats, |html| {
            html.open("ul").attr("class", "formats").attr("role", "list").line();
            for file in self.edition.formats() {
                let Some([name, purpose, standards]) = self.terms.format(file.product) else { continue };
                html.open("li").line();
                html.open("h3").open("a").attr("href", &self.href(file)).text(name).close().close().line();
                self.figures(html, file);
                html.leaf("p", None, purpose).line();
                let claim = if self.edition.work.finished { standards } else { self.terms.unfinished };
                let level = self.edition.accessibility().claim.as_ref().filter(|_| file.product == Product::Epub);
                let claim =
                    level.map_or(claim.to_owned(), |level| format!("{claim}, EPUB Accessibility 1.1, {}", level.guidelines()));
                html.leaf("p", Some("claim"), &claim).line();
                html.close().line();
            }
            html.close().line();
        });
    }

    fn accessibility(&self, html: &mut Xml) {
        let facts = self.edition.accessibility();
        self.section(html, "accessibility", self.terms.accessibility, |html| {
            html.leaf("p", None, &facts.summary).line();
            let report = facts.claim.as_ref().and_then(|claim| claim.report.as_deref());
            if let Some(report) = report {
                html.open("p").open("a").attr("href", &address(report)).text(self.terms.assessment).close().close().line();
            }
        });
    }

    fn cite(&self, html: &mut Xml) {
        let edition = self.edition;
        self.section(html, "cite", self.terms.cite, |html| {
            let [before, title, after] = citation(edition);
            html.open("p").attr("class", "citation").text(&before).leaf("cite", None, &title).text(&after);
            if let Some(doi) = edition.work.doi_address() {
                html.text(" ").open("a").attr("href", &doi).text(&doi).close();
            }
            html.close().line();
            if let Some(entry) = records::write(Product::Bibtex, &edition.work, edition.extents) {
                html.open("details").leaf("summary", None, "BibTeX").line();
                html.open("pre").attr("tabindex", "0").attr("role", "region").attr("aria-label", "BibTeX").text(&entry).close();
                html.close().line();
            }
        });
    }

    fn licence(&self, html: &mut Xml) {
        let edition = self.edition;
        self.section(html, "licence", self.terms.licence, |html| {
            html.leaf("p", None, &edition.statement).line();
            html.open("p").open("a").attr("href", &address(&edition.work.licence_url)).attr("rel", "license");
            html.text(&edition.licence).close().close().line();
            if !edition.exceptions.is_empty() {
                note(html, self.terms.exceptions, &edition.exceptions);
            }
        });
    }

    fn credits(&self, html: &mut Xml) {
        if self.edition.credits.is_empty() {
            return;
        }
        self.section(html, "credits", self.terms.credits, |html| {
            html.open("dl").line();
            for credit in &self.edition.credits {
                html.open("div").leaf("dt", None, &credit.label);
                for party in &credit.parties {
                    html.open("dd");
                    match party.page() {
                        Some(page) => html.open("a").attr("href", &address(page)).text(&party.name).close(),
                        None => html.text(&party.name),
                    };
                    if let Some(name) = party.shown_affiliation() {
                        html.text(", ").text(name);
                    }
                    html.close();
                }
                html.close().line();
            }
            html.close().line();
        });
    }

    fn records(&self, html: &mut Xml) {
        if self.edition.records().next().is_none() {
            return;
        }
        self.section(html, "records", self.terms.records, |html| {
            html.open("ul").line();
            for file in self.edition.records() {
                let Some(purpose) = self.terms.record(file.product) else { continue };
                html.open("li").open("a").attr("href", &self.href(file)).text(purpose).close();
                html.leaf("span", Some("figures"), &format!(" {}", self.terms.size(file.bytes))).close().line();
            }
            html.close().line();
        });
    }

    fn earlier(&self, html: &mut Xml, editions: &[SiteEdition]) {
        if editions.is_empty() && self.edition.changes.is_none() {
            return;
        }
        self.section(html, "editions", self.terms.editions, |html| {
            if let Some((introduction, changes)) = &self.edition.changes {
                note(html, introduction, changes);
            }
            html.open("ul").attr("class", "earlier").attr("role", "list").line();
            for edition in editions {
                html.open("li");
                html.leaf("span", Some("name"), edition.label.as_deref().unwrap_or(&edition.date));
                for file in edition.readable() {
                    html.text(" ").open("a").attr("href", &self.href(file)).text(file.product.name());
                    // The date makes the names of the links distinct in a list of links.
                    html.leaf("span", Some("hidden"), &format!(" {}", edition.date)).close();
                    html.leaf("span", Some("figures"), &format!(" {}", self.terms.size(file.bytes)));
                }
                html.close().line();
            }
            html.close().line();
        });
    }

    /// Writes a section with its heading.
    fn section(&self, html: &mut Xml, id: &str, heading: &str, content: impl FnOnce(&mut Xml)) {
        let heading_id = format!("{id}-heading");
        html.open("section").attr("id", id).attr("aria-labelledby", &heading_id).line();
        html.open("h2").attr("id", &heading_id).text(heading).close().line();
        content(html);
        html.close().line();
    }

    /// Writes the size, the number of pages and the ISBN of a file, each in one line.
    fn figures(&self, html: &mut Xml, file: &SiteFile) {
        let isbn = self.edition.work.isbn_of(file.product);
        let parts = [
            Some(self.terms.size(file.bytes)),
            file.pages.map(|pages| self.terms.pages(pages)),
            isbn.map(|isbn| self.terms.isbn.replace("{}", isbn)),
        ];
        html.open("p").attr("class", "figures");
        for (at, part) in parts.into_iter().flatten().enumerate() {
            if at > 0 {
                html.text(" · ");
            }
            html.leaf("span", Some("whole"), &part);
        }
        html.close().line();
    }

    fn href(&self, file: &SiteFile) -> String {
        relative(self.depth, &file.path)
    }
}

/// Writes a sentence and the list that it introduces.
fn note(html: &mut Xml, introduction: &str, items: &[String]) {
    html.open("div").attr("class", "note").leaf("p", None, introduction).line();
    if !items.is_empty() {
        html.open("ul");
        for item in items {
            html.leaf("li", None, item);
        }
        html.close();
    }
    html.close().line();
}
