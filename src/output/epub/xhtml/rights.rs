//! Writes the licence notice and the table of credits, which are in the language of the publication in every section.

use super::Writer;
use super::inline::address;
use crate::model::{NoticeForm, breakable, breakable_address, plain_text};
use crate::resolve::{Item, Words};

impl Writer<'_> {
    /// Writes words, as a link if they have an address. A long address may be broken after its punctuation.
    pub(super) fn words(&mut self, words: &Words) {
        self.parts(words, &breakable(&words.text));
    }

    /// Writes words with break opportunities between their parts.
    fn parts(&mut self, words: &Words, parts: &[&str]) {
        match &words.url {
            Some(url) => {
                self.xml.open("a").attr("href", &address(url));
                self.broken(parts);
                self.xml.close();
            }
            None => self.broken(parts),
        }
    }

    pub(super) fn licence(&mut self, form: NoticeForm) {
        let terms = self.edition.language.terms;
        let words_lang = self.words_lang();
        self.xml
            .open("aside")
            .attr("class", "licence")
            .attr("role", "note")
            .attr("aria-label", terms.licence)
            .lang(words_lang)
            .line();
        self.xml.leaf("p", Some("licence-title"), terms.licence).line();
        self.statement();
        match form {
            NoticeForm::Full => {
                self.exceptions();
                self.sources();
            }
            NoticeForm::Brief => self.whole_notice(),
        }
        self.xml.close().line();
    }

    /// Writes the notice. The name of the licence in it links to the licence.
    fn statement(&mut self) {
        let notice = &self.edition.notice;
        let name = &notice.licence.name;
        let href = address(&notice.licence.url);
        self.xml.open("p");
        let (before, after) = notice.statement.split_once(name.as_str()).unwrap_or((&notice.statement, ""));
        let named = before.len() < notice.statement.len();
        self.xml.text(before);
        if !named {
            self.xml.close().line().open("p");
        }
        self.xml.open("a").attr("rel", "license").attr("href", &href).text(name).close().text(after).close().line();
    }

    fn exceptions(&mut self) {
        let edition = self.edition;
        let exceptions = edition.exceptions();
        if exceptions.is_empty() {
            return;
        }
        self.xml.leaf("p", Some("licence-exceptions-title"), edition.language.terms.exceptions).line();
        self.xml.open("ul").attr("class", "licence-exceptions").line();
        for exception in exceptions {
            self.next_item();
            self.xml.open("li");
            exception.words(edition.language).iter().for_each(|words| self.words(words));
            self.xml.close().line();
        }
        self.xml.close().line();
    }

    fn sources(&mut self) {
        let edition = self.edition;
        if edition.sources.is_empty() {
            return;
        }
        self.xml.leaf("p", Some("licence-sources-title"), edition.language.terms.sources).line();
        self.xml.open("ul").attr("class", "licence-sources").line();
        for source in &edition.sources {
            self.next_item();
            self.xml.open("li");
            source.iter().for_each(|words| self.words(words));
            self.xml.close().line();
        }
        self.xml.close().line();
    }

    /// Writes a link to the section with the exceptions, if there are any.
    fn whole_notice(&mut self) {
        let edition = self.edition;
        let section = edition.notice.whole.and_then(|index| edition.sections.get(index));
        let Some(section) = section.filter(|_| edition.ledger.items.iter().any(|item| item.exception)) else { return };
        let Some(href) = self.names.href(&section.id, &section.id, &self.section.id) else { return };
        self.xml.open("p").attr("class", "licence-see").text(edition.language.terms.exceptions_at).text(" ");
        self.xml.open("a").attr("href", &href).text(&plain_text(&section.title)).close().text(".").close().line();
    }

    pub(super) fn image_credits(&mut self) {
        let edition = self.edition;
        let terms = edition.language.terms;
        let words_lang = self.words_lang();
        for (kind, items) in edition.ledger.groups(edition.language) {
            let heading = kind.heading(edition.language);
            // A page break before the first row is written before the header.
            self.next_item();
            self.xml.open("table").attr("class", "image-credits").attr("aria-label", heading).lang(words_lang).line();
            self.xml.open("thead").line().open("tr");
            let has_sources = items.iter().any(|item| item.source.is_some());
            let columns = [heading, terms.credit, terms.item_licence].into_iter().chain(has_sources.then_some(terms.item_source));
            for column in columns {
                self.xml.open("th").attr("scope", "col").text(column).close();
            }
            self.xml.close().line().close().line().open("tbody").line();
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    self.next_item();
                }
                self.image_credit(item, has_sources);
            }
            self.xml.close().line().close().line();
        }
    }

    /// Writes a row, without the last column if no row has a source.
    fn image_credit(&mut self, item: &Item, has_sources: bool) {
        let credit: Vec<&str> = item.credit.iter().chain(&item.date).map(String::as_str).collect();
        let credit = (!credit.is_empty()).then(|| Words::plain(&credit.join(", ")));
        self.xml.open("tr").open("th").attr("scope", "row").text(&item.what).close();
        for cell in [credit, item.licence()].into_iter().chain(has_sources.then(|| item.origin())) {
            self.xml.open("td");
            cell.iter().for_each(|words| self.parts(words, &breakable_address(&words.text)));
            self.xml.close();
        }
        self.xml.close().line();
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{BlockKind, NoticeForm};
    use crate::output::epub::sample;

    #[test]
    fn notice_links_the_licence_and_lists_the_exceptions() {
        let out = sample::section_of(vec![BlockKind::Licence(NoticeForm::Full)]);
        assert!(
            out.contains("<p>Sous <a rel=\"license\" href=\"https://example.org/lo\">Licence Ouverte 2.0</a>, sauf mention.</p>"),
            "{out}"
        );
        let line = "<li>Photographie\u{a0}: X &amp; Y, <a href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>, \
                    <a href=\"https://example.org/x\">example.org/x</a></li>";
        assert!(out.contains(line), "{out}");
    }

    #[test]
    fn brief_notice_links_to_the_full_notice() {
        let out = sample::section_of(vec![BlockKind::Licence(NoticeForm::Brief)]);
        assert!(
            out.contains("<p class=\"licence-see\">Exceptions\u{a0}: voir <a href=\"courbe.xhtml#courbe\">La courbe</a>.</p>"),
            "{out}"
        );
        assert!(!out.contains("Photographie"), "{out}");
    }

    #[test]
    fn credits_table_has_column_and_row_headers() {
        let out = sample::section_of(vec![BlockKind::ImageCredits]);
        for part in [
            "<th scope=\"col\">Images</th><th scope=\"col\">Crédit</th>",
            "<th scope=\"row\">Photographie</th><td>X &amp; Y</td><td><a href=\"https://creativecommons.org/licenses/by/4.0/\">",
        ] {
            assert!(out.contains(part), "{part}\n{out}");
        }
    }
}
