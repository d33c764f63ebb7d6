//! Texts of the interface in each supported language.

use super::licence::{self, Licence, LicenceConditions};
use crate::manifest::{Date, SpineText};
use crate::model::CalloutKind;
use crate::terms::{ENGLISH, FRENCH, PageTerms};

/// A language with its texts.
#[derive(Clone, Copy, Debug)]
pub struct Language {
    /// BCP 47 tag, such as `fr`.
    pub tag: &'static str,
    /// Region for typesetting, such as `FR`.
    pub region: Option<&'static str>,
    /// The texts of the interface.
    pub terms: &'static InterfaceTerms,
    /// The texts of reports and of the site.
    pub pages: &'static PageTerms,
    /// Direction of the text on spines in the countries of the language: upwards in French, German, Italian, Spanish and
    /// Portuguese; downwards in English, Dutch and the Scandinavian languages (ISO 6357).
    pub spine: SpineText,
    months: &'static [&'static str; 12],
    grammar: &'static Grammar,
}

/// Rules for the generated sentences of a language.
#[derive(Debug)]
struct Grammar {
    /// Opening and closing quotation mark, with the spaces inside.
    quotes: [&'static str; 2],
    /// Colon, with the space before it.
    colon: &'static str,
    /// Semicolon, with the space before it.
    semicolon: &'static str,
    /// The ordinal for the first day of a month, if the language uses one.
    first_day: Option<&'static str>,
    /// A preposition in [`InterfaceTerms`] whose form depends on the next word.
    preposition: Option<Preposition>,
    /// Function that writes the statement of the licence notice from the licence, its conditions, the licensor and the date.
    statement: fn(&Licence, LicenceConditions, Option<&str>, &str) -> String,
}

/// A preposition before `{}` at the end of a sentence of [`InterfaceTerms`], and its other forms.
#[derive(Debug)]
struct Preposition {
    /// The form in [`InterfaceTerms`], with its space.
    plain: &'static str,
    /// The form before a day, with its space.
    before_day: &'static str,
    /// The form before a vowel, with its apostrophe.
    elided: &'static str,
    /// Letters before which it is elided.
    vowels: &'static str,
}

/// Texts that layouts and the EPUB add to the text of the author. `{}` is replaced with a name.
#[derive(Debug, Hash)]
#[allow(missing_docs, reason = "the English values explain the fields")]
pub struct InterfaceTerms {
    pub contents: &'static str,
    pub cover: &'static str,
    pub title_page: &'static str,
    pub back_to_cover: &'static str,
    pub page: &'static str,
    /// In lower case, as in the text that Typst writes before a page number.
    pub page_word: &'static str,
    pub go_to_page: &'static str,
    /// The page of a reference, after its title.
    pub on_page: &'static str,
    pub licence: &'static str,
    pub credits: &'static str,
    pub notes: &'static str,
    pub note_number: &'static str,
    pub back_to_text: &'static str,
    pub published: &'static str,
    pub go_to: &'static str,
    /// The visible text of a link, and its target (WCAG 2.2, 2.5.3).
    pub leads_to: &'static str,
    pub navigation: &'static str,
    pub landmarks: &'static str,
    pub page_list: &'static str,
    pub body_start: &'static str,
    pub video: &'static str,
    pub exceptions: &'static str,
    pub exceptions_at: &'static str,
    pub sources: &'static str,
    pub images: &'static str,
    pub some_images: &'static str,
    pub decorative: &'static str,
    pub videos: &'static str,
    pub logos: [&'static str; 2],
    pub quotations: &'static str,
    pub texts: &'static str,
    pub data: &'static str,
    pub software: &'static str,
    pub fonts: [&'static str; 2],
    pub others: &'static str,
    pub credit: &'static str,
    pub item_licence: &'static str,
    pub item_source: &'static str,
    pub short_quotation: &'static str,
    pub note: &'static str,
    pub tip: &'static str,
    pub important: &'static str,
    pub warning: &'static str,
    pub caution: &'static str,
    /// The name of a table without a caption that is wider than the screen.
    pub wide_table: &'static str,
    pub done: &'static str,
    pub to_do: &'static str,
    pub edition_of: &'static str,
    pub changes_since: &'static str,
    /// For a date with a day.
    pub corrected_on: &'static str,
    /// For a date without a day.
    pub corrected_in: &'static str,
    pub format_short: [&'static str; 2],
    pub format_long: [&'static str; 2],
    /// Starts with the visible text (WCAG 2.2, 2.5.3), like the next one.
    pub consult: &'static str,
    pub consult_at: &'static str,
    pub at_site: &'static str,
    pub external: &'static str,
    /// For an address that is the text of its link.
    pub external_bare: &'static str,
    /// Starts with the visible text (WCAG 2.2, 2.5.3).
    pub orcid_of: &'static str,
    pub cover_alt: &'static str,
    pub accessibility: AccessibilityTerms,
    /// Replaces a missing alternative text.
    pub undescribed: &'static str,
    /// Replaces missing terms of use.
    pub undeclared: &'static str,
}

/// The sentences of the accessibility summary.
#[derive(Clone, Copy, Debug, Hash)]
pub struct AccessibilityTerms {
    /// Structure of every text.
    pub structure: &'static str,
    /// All images have an alternative text.
    pub described: &'static str,
    /// Some images lack a useful alternative text.
    pub undescribed: &'static str,
    /// The claim: `{who}`, `{when}`, `{version}` and `{level}` are replaced.
    pub assessed: &'static str,
    /// The automatic checks.
    pub checked: &'static str,
    /// The checks found nothing.
    pub no_findings: &'static str,
    /// The findings of the checks.
    pub findings: &'static str,
    /// Conformance is not claimed.
    pub no_claim: &'static str,
    /// Names of the topics, in their order.
    pub topics: [&'static str; 6],
    /// The whole summary of an unfinished text.
    pub unfinished: &'static str,
}

impl InterfaceTerms {
    /// Returns the label of a kind of callout.
    pub fn callout(&self, kind: CalloutKind) -> &'static str {
        match kind {
            CalloutKind::Note => self.note,
            CalloutKind::Tip => self.tip,
            CalloutKind::Important => self.important,
            CalloutKind::Warning => self.warning,
            CalloutKind::Caution => self.caution,
        }
    }
}

const FR: InterfaceTerms = InterfaceTerms {
    contents: "Sommaire",
    cover: "Couverture",
    title_page: "Page de titre",
    back_to_cover: "Retour à la couverture",
    page: "Page",
    page_word: "page",
    go_to_page: "Aller à la page {}",
    on_page: ", p.\u{a0}{}",
    licence: "Conditions d’utilisation",
    credits: "Crédits",
    notes: "Notes",
    note_number: "Note {}",
    back_to_text: "Retour au texte",
    published: "Parution\u{a0}:",
    go_to: "Aller à\u{a0}: {}",
    leads_to: "{words} (aller à\u{a0}: {})",
    navigation: "Navigation",
    landmarks: "Repères",
    page_list: "Liste des pages",
    body_start: "Début du texte",
    video: "Vidéo",
    exceptions: "Ne sont pas sous cette licence\u{a0}:",
    exceptions_at: "Exceptions\u{a0}: voir",
    sources: "Sources",
    images: "Images",
    some_images: "{} images",
    decorative: "Image décorative",
    videos: "Vidéos",
    logos: ["Logo", "Logos"],
    quotations: "Citations",
    texts: "Textes",
    data: "Données",
    software: "Logiciels",
    fonts: ["Police", "Polices"],
    others: "Autres documents",
    credit: "Crédit",
    item_licence: "Licence",
    item_source: "Source",
    short_quotation: "courte citation",
    note: "Note",
    tip: "Conseil",
    important: "Important",
    warning: "Attention",
    caution: "Danger",
    wide_table: "Tableau à faire défiler",
    done: "fait",
    to_do: "à faire",
    edition_of: "Édition de {}",
    changes_since: "Changements depuis l’édition de {}",
    corrected_on: "Version corrigée le {}",
    corrected_in: "Version corrigée en {}",
    format_short: ["Format court", "Formats courts"],
    format_long: ["Format long", "Formats longs"],
    consult: "{} (à consulter)",
    consult_at: "{} (à consulter sur le site\u{a0}: {})",
    at_site: "À consulter sur le site\u{a0}: {}",
    external: "{} (site externe\u{a0}: {address})",
    external_bare: "{} (site externe)",
    orcid_of: "ORCID iD de {}",
    cover_alt: "Couverture de «\u{a0}{}\u{a0}»",
    accessibility: AccessibilityTerms {
        structure: "Publication au texte redistribuable, structurée par des titres, avec table des matières et repères. \
            L’ordre de lecture suit celui des sections.",
        described: "Les images porteuses de sens ont un texte de remplacement.",
        undescribed: "Des images porteuses de sens n’ont pas de texte de remplacement utile.",
        assessed: "Évaluation\u{a0}: {who}, {when}, WCAG {version} niveau {level}.",
        checked: "Contrôle par un programme, sans examen humain\u{a0}: {}.",
        no_findings: "Aucun défaut n’a été relevé.",
        findings: "Défauts relevés\u{a0}: {}.",
        no_claim: "Aucune conformité n’est déclarée.",
        topics: [
            "textes de remplacement",
            "titres",
            "en-têtes de tableaux",
            "intitulés des liens",
            "langues",
            "contraste des couleurs de la charte",
        ],
        unfinished: "Version de travail\u{a0}: son accessibilité n’a pas été vérifiée et rien n’en est affirmé.",
    },
    undescribed: "Image sans description",
    undeclared: "conditions non déclarées",
};

const EN: InterfaceTerms = InterfaceTerms {
    contents: "Contents",
    cover: "Cover",
    title_page: "Title page",
    back_to_cover: "Back to the cover",
    page: "Page",
    page_word: "page",
    go_to_page: "Go to page {}",
    on_page: ", p.\u{a0}{}",
    licence: "Conditions of use",
    credits: "Credits",
    notes: "Notes",
    note_number: "Note {}",
    back_to_text: "Back to the text",
    published: "Published:",
    go_to: "Go to: {}",
    leads_to: "{words} (go to: {})",
    navigation: "Navigation",
    landmarks: "Landmarks",
    page_list: "List of pages",
    body_start: "Start of the text",
    video: "Video",
    exceptions: "Not under this licence:",
    exceptions_at: "Exceptions: see",
    sources: "Sources",
    images: "Images",
    some_images: "{} images",
    decorative: "Decorative image",
    videos: "Videos",
    logos: ["Logo", "Logos"],
    quotations: "Quotations",
    texts: "Texts",
    data: "Data",
    software: "Software",
    fonts: ["Font", "Fonts"],
    others: "Other documents",
    credit: "Credit",
    item_licence: "Licence",
    item_source: "Source",
    short_quotation: "short quotation",
    note: "Note",
    tip: "Tip",
    important: "Important",
    warning: "Warning",
    caution: "Caution",
    wide_table: "Scrollable table",
    done: "done",
    to_do: "to do",
    edition_of: "Edition of {}",
    changes_since: "Changes since the edition of {}",
    corrected_on: "Corrected version, {}",
    corrected_in: "Corrected version, {}",
    format_short: ["Short read", "Short reads"],
    format_long: ["Long read", "Long reads"],
    consult: "{} (to read)",
    consult_at: "{} (to read at the site of {})",
    at_site: "Available at the site of {}",
    external: "{} (external site: {address})",
    external_bare: "{} (external site)",
    orcid_of: "ORCID iD of {}",
    cover_alt: "Cover of “{}”",
    accessibility: AccessibilityTerms {
        structure: "Reflowable text structured by headings, with a table of contents and landmarks. \
            The reading order is the order of the sections.",
        described: "Images that carry meaning have alternative text.",
        undescribed: "Some images that carry meaning have no useful alternative text.",
        assessed: "Assessment: {who}, {when}, WCAG {version} Level {level}.",
        checked: "Checked by a program, not by a person: {}.",
        no_findings: "No faults were found.",
        findings: "Faults found: {}.",
        no_claim: "No conformance is claimed.",
        topics: ["alternative texts", "headings", "table headers", "link texts", "languages", "contrast of the brand colours"],
        unfinished: "Working copy: its accessibility was not verified, and no claim is made about it.",
    },
    undescribed: "Image without a description",
    undeclared: "terms not declared",
};

const FR_GRAMMAR: Grammar = Grammar {
    quotes: ["«\u{a0}", "\u{a0}»"],
    colon: "\u{a0}:",
    semicolon: "\u{202f};",
    first_day: Some("1er"),
    preposition: Some(Preposition {
        plain: "de ", before_day: "du ", elided: "d’", vowels: "aeiouAEIOUàâéèêëîïôûÀÂÉÈÊËÎÏÔÛœŒ"
    }),
    statement: licence::french_statement,
};
const EN_GRAMMAR: Grammar = Grammar {
    quotes: ["“", "”"],
    colon: ":",
    semicolon: ";",
    first_day: None,
    preposition: None,
    statement: licence::english_statement,
};

const FR_MONTHS: [&str; 12] =
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
const EN_MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

const LANGUAGES: [Language; 2] = [
    Language {
        tag: "fr",
        region: Some("FR"),
        terms: &FR,
        pages: &FRENCH,
        spine: SpineText::Upwards,
        months: &FR_MONTHS,
        grammar: &FR_GRAMMAR,
    },
    Language {
        tag: "en",
        region: Some("GB"),
        terms: &EN,
        pages: &ENGLISH,
        spine: SpineText::Downwards,
        months: &EN_MONTHS,
        grammar: &EN_GRAMMAR,
    },
];

impl Language {
    /// The default language of publications.
    pub const FRENCH: Self = LANGUAGES[0];

    /// Returns the language with a tag.
    pub fn find(tag: &str) -> Option<Self> {
        LANGUAGES.into_iter().find(|language| language.tag == tag)
    }

    /// Returns the texts of reports and of the site in the language of a tag (BCP 47); in English for other languages.
    pub fn pages_of(tag: &str) -> &'static PageTerms {
        Self::find(tag.split('-').next().unwrap_or_default()).map_or(&ENGLISH, |language| language.pages)
    }

    /// Returns the tags of all languages.
    pub fn tags() -> impl Iterator<Item = &'static str> {
        LANGUAGES.iter().map(|language| language.tag)
    }

    /// Returns a title in quotation marks.
    pub fn quoted(&self, title: &str) -> String {
        let [open, close] = self.grammar.quotes;
        format!("{open}{title}{close}")
    }

    /// Returns a date in words: « mai 2023 », « 1er mai 2023 », "17 May 2023".
    pub fn date(&self, date: Date) -> String {
        let month = self.months[usize::from(date.month.clamp(1, 12)) - 1];
        match date.day {
            None => format!("{month} {}", date.year),
            Some(day) => {
                let day = self.grammar.first_day.filter(|_| day == 1).map_or_else(|| day.to_string(), str::to_owned);
                format!("{day}\u{a0}{month} {}", date.year)
            }
        }
    }

    /// Inserts a date into a sentence of [`InterfaceTerms`]: « de mai 2023 », « d’août 2024 », « du 1er mai 2023 ».
    pub fn with_date(&self, sentence: &str, date: Date) -> String {
        let words = self.date(date);
        match self.before_preposition(sentence) {
            Some((before, preposition)) if date.day.is_some() => format!("{before}{}{words}", preposition.before_day),
            _ => self.with_name(sentence, &words),
        }
    }

    /// Appends the colon that introduces a list.
    pub fn with_colon(&self, sentence: &str) -> String {
        format!("{sentence}{}", self.colon())
    }

    /// Returns the colon, with the space before it.
    pub fn colon(&self) -> &'static str {
        self.grammar.colon
    }

    /// Returns the semicolon, with the space before it.
    pub fn semicolon(&self) -> &'static str {
        self.grammar.semicolon
    }

    /// Returns the statement of the licence notice.
    pub fn statement(&self, licence: &Licence, licensor: Option<&str>, updated: &str) -> String {
        (self.grammar.statement)(licence, licence.conditions.unwrap_or_default(), licensor, updated)
    }

    /// Inserts a name into a sentence of [`InterfaceTerms`]. In French, « de » is elided before a vowel.
    pub fn with_name(&self, sentence: &str, name: &str) -> String {
        match self.before_preposition(sentence) {
            Some((before, preposition)) if name.starts_with(|c| preposition.vowels.contains(c)) => {
                format!("{before}{}{name}", preposition.elided)
            }
            _ => sentence.replacen("{}", name, 1),
        }
    }

    /// If a sentence ends with the preposition and `{}`, returns the part before them, and the preposition.
    fn before_preposition<'a>(&self, sentence: &'a str) -> Option<(&'a str, &'static Preposition)> {
        let preposition = self.grammar.preposition.as_ref()?;
        Some((sentence.strip_suffix("{}")?.strip_suffix(preposition.plain)?, preposition))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_in_the_order_of_the_manifest() {
        assert!(Language::tags().eq(crate::manifest::LANGUAGES));
    }

    #[test]
    fn writes_dates_and_elisions() {
        let fr = Language::find("fr").unwrap();
        assert_eq!(fr.date(Date { year: 2023, month: 12, day: None }), "décembre 2023");
        assert_eq!(fr.date(Date { year: 2023, month: 5, day: Some(1) }), "1er\u{a0}mai 2023");
        let august = Date { year: 2024, month: 8, day: None };
        assert_eq!(fr.with_date(FR.edition_of, august), "Édition d’août 2024");
        assert_eq!(fr.with_date(FR.edition_of, Date { day: Some(21), ..august }), "Édition du 21\u{a0}août 2024");
        assert_eq!(fr.with_colon(&fr.with_date(FR.changes_since, august)), "Changements depuis l’édition d’août 2024\u{a0}:");
        let en = Language::find("en").unwrap();
        assert_eq!(en.with_colon(&en.with_date(EN.changes_since, august)), "Changes since the edition of August 2024:");
    }
}
