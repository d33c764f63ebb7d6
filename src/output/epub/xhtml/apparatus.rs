//! Writes credits and imprint, which are in the language of the publication in every section.

use super::Writer;
use super::inline::address;
use crate::diagnostic::Span;
use crate::model::Image;
use crate::resolve::Party;

/// The spelling that ORCID requires.
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
            self.next_item();
            self.xml.leaf("dt", None, &credit.label).line();
            for party in &credit.parties {
                self.next_item();
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
            let logo =
                Image { asset: *asset, alt: Some(alt.clone()), caption: Vec::new(), credit: None, width: None, link: None };
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

    fn items(&mut self, class: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        self.xml.open("ul").attr("class", class).line();
        for line in lines {
            self.next_item();
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
        if let Some(erratum) = &edition.edition.erratum {
            self.listed("erratum", &erratum.label, "errata", &erratum.items);
        }
    }

    pub(super) fn changes(&mut self) {
        if let Some(changes) = &self.edition.edition.changes {
            self.listed("changes", &changes.label, "changes-list", &changes.items);
        }
    }

    /// Writes a sentence and the list that it introduces, if any.
    fn listed(&mut self, class: &str, label: &str, list: &str, items: &[String]) {
        let words_lang = self.words_lang();
        self.xml.open("div").attr("class", class).lang(words_lang).line();
        self.xml.leaf("p", Some(&format!("{class}-title")), label).line();
        self.items(list, items);
        self.xml.close().line();
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::Date;
    use crate::model::BlockKind;
    use crate::output::epub::sample;
    use crate::resolve::{EditionChanges, Erratum};

    #[test]
    fn imprint_contains_the_date() {
        let out = sample::section_of(vec![BlockKind::Imprint]);
        assert!(out.contains("<p class=\"imprint\"><span class=\"imprint-label\">Parution\u{a0}:</span> mai 2023</p>"), "{out}");
    }

    #[test]
    fn imprint_contains_the_erratum_and_changes_are_listed() {
        let bare = sample::section_of(vec![BlockKind::Imprint, BlockKind::Changes]);
        assert!(!bare.contains("erratum") && !bare.contains("changes"), "{bare}");
        let mut edition = sample::edition();
        let date = Date { year: 2023, month: 6, day: Some(12) };
        edition.edition.erratum = Some(Erratum { date, label: "Version corrigée :".into(), items: vec!["p. 4 & 5".into()] });
        edition.edition.changes =
            Some(EditionChanges { label: "Changements :".into(), items: vec!["Un.".into(), "Deux.".into()] });
        let out = sample::section_in(&mut edition, vec![BlockKind::Imprint, BlockKind::Changes]);
        let erratum = "mai 2023</p>\n<div class=\"erratum\">\n<p class=\"erratum-title\">Version corrigée :</p>\n\
            <ul class=\"errata\">\n<li>p. 4 &amp; 5</li>\n</ul>\n</div>";
        assert!(out.contains(erratum), "{out}");
        let changes =
            "<p class=\"changes-title\">Changements :</p>\n<ul class=\"changes-list\">\n<li>Un.</li>\n<li>Deux.</li>\n</ul>";
        assert!(out.contains(changes), "{out}");
    }

    #[test]
    fn links_parties_that_have_a_page() {
        let out = sample::section_of(vec![BlockKind::Credits]);
        assert!(out.contains("<dt>Auteurs et autrices</dt>\n<dd><span class=\"party\">Maud Le Garrec</span></dd>"), "{out}");
        let orcid = "<a class=\"orcid\" href=\"https://orcid.org/0000-0002-1825-0097\" aria-label=\"ORCID iD d’Idris Benhamou\">";
        let idris = format!("Idris Benhamou</span>, <span class=\"affiliation\">Estran</span> {orcid}ORCID\u{a0}iD</a></dd>");
        assert!(out.contains(&idris), "{out}");
        assert!(out.contains("<img src=\"images/002-logo.png\" alt=\"Rivages\" class=\"logo\"/> <a href=\"https://example.org\">Observatoire</a>"), "{out}");
    }
}
