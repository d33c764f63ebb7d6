//! What the edition says of itself: credits, licence notice, imprint. It speaks the publication's language everywhere.

use super::Writer;
use super::inline::address;
use crate::diagnostic::Span;
use crate::model::Image;
use crate::resolve::Party;

/// As ORCID writes it.
const ORCID_ID: &str = "ORCID\u{a0}iD";

impl Writer<'_> {
    pub(super) fn credits(&mut self, span: Span) {
        let edition = self.edition;
        if edition.credits.is_empty() {
            return;
        }
        let words_lang = self.words_lang();
        self.xml.open("dl").attr("class", "credits").lang(words_lang).line();
        for credit in &edition.credits {
            self.xml.leaf("dt", None, &credit.label).line();
            for party in &credit.parties {
                self.xml.open("dd");
                self.party(party, span);
                self.xml.close().line();
            }
        }
        self.xml.close().line();
    }

    fn party(&mut self, party: &Party, span: Span) {
        self.xml.open("span").attr("class", "party");
        if let Some((asset, alt)) = &party.logo {
            let logo = Image { asset: *asset, alt: Some(alt.clone()), caption: None, credit: None, width: None };
            self.image(&logo, Some("logo"), None, span);
            self.xml.text(" ");
        }
        match party.page() {
            Some(url) => self.xml.open("a").attr("href", &address(url)).text(&party.name).close(),
            None => self.xml.text(&party.name),
        };
        self.xml.close();
        if let Some(affiliation) = party.shown_affiliation() {
            self.xml.text(", ").leaf("span", Some("affiliation"), affiliation);
        }
        if let Some(orcid) = party.shown_orcid() {
            let name = party.orcid_name(self.edition.language);
            self.xml.text(" ").open("a").attr("class", "orcid").attr("href", &address(orcid)).attr("aria-label", &name);
            self.xml.text(ORCID_ID).close();
        }
    }

    pub(super) fn licence(&mut self) {
        let edition = self.edition;
        let terms = edition.language.terms;
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
        self.lines(terms.exceptions, "licence-exceptions", &edition.notice.exceptions);
        self.lines(terms.sources, "licence-sources", &edition.sources);
        self.xml.close().line();
    }

    /// Writes the notice; the licence's name in it leads to the licence.
    fn statement(&mut self) {
        let notice = &self.edition.notice;
        let href = address(&notice.url);
        self.xml.open("p");
        let (before, after) = notice.statement.split_once(&notice.name).unwrap_or((&notice.statement, ""));
        let named = before.len() < notice.statement.len();
        self.xml.text(before);
        if !named {
            self.xml.close().line().open("p");
        }
        self.xml.open("a").attr("rel", "license").attr("href", &href).text(&notice.name).close().text(after).close().line();
    }

    fn lines(&mut self, title: &str, class: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        self.xml.leaf("p", Some(&format!("{class}-title")), title).line();
        self.xml.open("ul").attr("class", class).line();
        for line in lines {
            self.xml.leaf("li", None, line).line();
        }
        self.xml.close().line();
    }

    pub(super) fn imprint(&mut self) {
        let edition = self.edition;
        let words_lang = self.words_lang();
        self.xml.open("p").attr("class", "imprint").lang(words_lang);
        self.xml.leaf("span", Some("imprint-label"), edition.language.terms.published).text(" ");
        self.xml.text(&edition.edition.date_label).close().line();
    }
}

#[cfg(test)]
mod tests {
    use crate::model::BlockKind;
    use crate::output::epub::sample;

    #[test]
    fn the_notice_links_the_licence_and_lists_what_is_not_under_it() {
        let out = sample::section_of(vec![BlockKind::Licence, BlockKind::Imprint]);
        assert!(
            out.contains("<p>Sous <a rel=\"license\" href=\"https://example.org/lo\">Licence Ouverte 2.0</a>, sauf mention.</p>"),
            "{out}"
        );
        assert!(out.contains("<li>Photographie (X) : CC-BY</li>"), "{out}");
        assert!(out.contains("<p class=\"imprint\"><span class=\"imprint-label\">Parution\u{a0}:</span> mai 2023</p>"), "{out}");
    }

    #[test]
    fn parties_are_linked_when_they_have_a_page() {
        let out = sample::section_of(vec![BlockKind::Credits]);
        assert!(out.contains("<dt>Auteurs et autrices</dt>\n<dd><span class=\"party\">Maud Le Garrec</span></dd>"), "{out}");
        let orcid = "<a class=\"orcid\" href=\"https://orcid.org/0000-0002-1825-0097\" aria-label=\"ORCID iD d’Idris Benhamou\">";
        let idris = format!("Idris Benhamou</span>, <span class=\"affiliation\">Estran</span> {orcid}ORCID\u{a0}iD</a></dd>");
        assert!(out.contains(&idris), "{out}");
        assert!(out.contains("<img src=\"images/002-logo.png\" alt=\"Rivages\" class=\"logo\"/> <a href=\"https://example.org\">Observatoire</a>"), "{out}");
    }
}
