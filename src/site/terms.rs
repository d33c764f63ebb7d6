//! Texts of the interface in each language of publications.

use crate::product::Product;
use crate::resolve::Language;

/// The texts of the interface. `{}` is replaced with a name.
#[allow(missing_docs, reason = "the English values explain the fields")]
pub struct SiteTerms {
    pub publications: &'static str,
    pub all_publications: &'static str,
    pub skip: &'static str,
    pub site: &'static str,
    pub cover_of: &'static str,
    pub formats: &'static str,
    pub download: &'static str,
    pub names: [&'static str; 4],
    pub read: [&'static str; 4],
    pub conformance: [&'static str; 4],
    pub unfinished: &'static str,
    pub pages: [&'static str; 2],
    pub isbn: &'static str,
    pub accessibility: &'static str,
    pub assessment: &'static str,
    pub cite: &'static str,
    pub licence: &'static str,
    pub exceptions: &'static str,
    pub credits: &'static str,
    pub records: &'static str,
    pub record: [&'static str; 6],
    pub editions: &'static str,
    pub feed: &'static str,
    pub kilobyte: &'static str,
    pub megabyte: &'static str,
    /// Decimal sign.
    pub decimal: &'static str,
}

const EN: SiteTerms = SiteTerms {
    publications: "Publications",
    all_publications: "All publications",
    skip: "Skip to the content",
    site: "Site",
    cover_of: "Cover of {}",
    formats: "Formats",
    download: "Download",
    names: ["PDF", "EPUB", "Print PDF", "Cover sheet"],
    read: [
        "To read on a screen and to archive, with the pages as they were designed",
        "To read on a phone, a reading device or with a screen reader; text adapts to the screen",
        "For the printer: the inside pages",
        "For the printer: the cover sheet",
    ],
    conformance: ["PDF/UA-1, PDF/A-2a", "EPUB 3.3", "PDF/X-4", "PDF/X-4"],
    unfinished: "Unfinished text: no conformance is claimed",
    pages: ["{} page", "{} pages"],
    isbn: "ISBN {}",
    accessibility: "Accessibility",
    assessment: "Report of the assessment",
    cite: "How to cite",
    licence: "Licence",
    exceptions: "Not under this licence:",
    credits: "Credits",
    records: "Records",
    record: [
        "ONIX, for shops and libraries",
        "Citation file, for research repositories",
        "BibTeX, for LaTeX",
        "RIS, for reference managers",
        "DataCite, to register a DOI",
        "JSON-LD, for programs",
    ],
    editions: "Earlier editions",
    feed: "Feed of new editions",
    kilobyte: "kB",
    megabyte: "MB",
    decimal: ".",
};

const FR: SiteTerms = SiteTerms {
    publications: "Publications",
    all_publications: "Toutes les publications",
    skip: "Aller au contenu",
    site: "Site",
    cover_of: "Couverture de {}",
    formats: "Formats",
    download: "Télécharger",
    names: ["PDF", "EPUB", "PDF pour l’impression", "Couverture à plat"],
    read: [
        "Pour lire à l’écran et archiver, avec la mise en page d’origine",
        "Pour lire sur un téléphone, une liseuse ou avec un lecteur d’écran\u{a0}; le texte s’adapte à l’écran",
        "Pour l’imprimeur\u{a0}: les pages intérieures",
        "Pour l’imprimeur\u{a0}: la couverture à plat",
    ],
    conformance: ["PDF/UA-1, PDF/A-2a", "EPUB 3.3", "PDF/X-4", "PDF/X-4"],
    unfinished: "Texte inachevé\u{a0}: aucune conformité n’est déclarée",
    pages: ["{}\u{a0}page", "{}\u{a0}pages"],
    isbn: "ISBN\u{a0}{}",
    accessibility: "Accessibilité",
    assessment: "Rapport d’évaluation",
    cite: "Pour citer cette publication",
    licence: "Conditions d’utilisation",
    exceptions: "Ne sont pas sous cette licence\u{a0}:",
    credits: "Crédits",
    records: "Notices",
    record: [
        "ONIX, pour les librairies et les bibliothèques",
        "Fichier de citation, pour les entrepôts de la recherche",
        "BibTeX, pour LaTeX",
        "RIS, pour les logiciels de bibliographie",
        "DataCite, pour enregistrer un DOI",
        "JSON-LD, pour les programmes",
    ],
    editions: "Éditions précédentes",
    feed: "Fil des nouvelles éditions",
    kilobyte: "ko",
    megabyte: "Mo",
    decimal: ",",
};

impl SiteTerms {
    /// Returns the texts of a language.
    pub fn of(language: Language) -> &'static Self {
        if language.tag == "fr" { &FR } else { &EN }
    }

    /// Returns the name of a format, its purpose, and the standards that it conforms to.
    pub fn format(&self, product: Product) -> Option<[&'static str; 3]> {
        let formats = [Product::ScreenPdf, Product::Epub, Product::PrintPdf, Product::Cover];
        let index = formats.iter().position(|known| *known == product)?;
        Some([self.names.get(index)?, self.read.get(index)?, self.conformance.get(index)?])
    }

    /// Returns the purpose of a record.
    pub fn record(&self, product: Product) -> Option<&'static str> {
        let index = Product::RECORDS.iter().position(|known| *known == product)?;
        self.record.get(index).copied()
    }

    /// Formats a number of pages.
    pub fn pages(&self, count: usize) -> String {
        let [one, more] = self.pages;
        (if count == 1 { one } else { more }).replace("{}", &count.to_string())
    }

    /// Formats a size in decimal units, with one decimal from 1 MB on.
    pub fn size(&self, bytes: u64) -> String {
        let tenths = (bytes + 50_000) / 100_000;
        match bytes {
            ..950_000 => format!("{}\u{a0}{}", bytes.div_ceil(1000), self.kilobyte),
            _ => format!("{}{}{}\u{a0}{}", tenths / 10, self.decimal, tenths % 10, self.megabyte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_publications_has_its_texts() {
        let tags: Vec<&str> = Language::tags().collect();
        assert_eq!(tags.len(), 2, "add the texts of the new language: {tags:?}");
        let [fr, en] = ["fr", "en"].map(|tag| SiteTerms::of(Language::find(tag).unwrap()));
        assert_eq!((fr.cite, en.cite), (FR.cite, EN.cite));
        assert!(Product::RECORDS.iter().all(|record| fr.record(*record).is_some() && fr.format(*record).is_none()));
    }

    #[test]
    fn sizes_have_the_signs_of_the_language() {
        assert_eq!(FR.size(1_449_000), "1,4\u{a0}Mo");
        assert_eq!(FR.size(1_450_000), "1,5\u{a0}Mo");
        assert_eq!(EN.size(999_999), "1.0\u{a0}MB");
        assert_eq!(EN.size(949_001), "950\u{a0}kB");
        assert_eq!(EN.size(1), "1\u{a0}kB");
        assert_eq!(EN.pages(1) + &FR.pages(2), "1 page2\u{a0}pages");
    }
}
