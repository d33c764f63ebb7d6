//! The ledger of everything that is somebody's: whatever is said about rights, in whatever output, is made from it.

use crate::diagnostic::Diagnostics;
use crate::resolve::language::Language;
use crate::resolve::licence::{Licence, Standing, Terms, judge, warning};
use crate::resolve::link::{Claim, ClaimKind};
use crate::resolve::scope::Scope;

/// Kind of item, in the order of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// An image.
    Image,
    /// A video.
    Video,
    /// A logo.
    Logo,
    /// A quotation.
    Quotation,
    /// A text.
    Text,
    /// Data.
    Data,
    /// A program.
    Software,
    /// A font family.
    Font,
    /// What the licence excepts, whatever it is.
    Other,
}

impl ItemKind {
    /// Its name in what machines read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Logo => "logo",
            Self::Quotation => "quotation",
            Self::Text => "text",
            Self::Data => "data",
            Self::Software => "software",
            Self::Font => "font",
            Self::Other => "other",
        }
    }

    /// The word that heads items of this kind.
    pub fn heading(self, language: Language) -> &'static str {
        let terms = language.terms;
        match self {
            Self::Image => terms.images,
            Self::Video => terms.videos,
            Self::Logo => terms.logos[1],
            Self::Quotation => terms.quotations,
            Self::Text => terms.texts,
            Self::Data => terms.data,
            Self::Software => terms.software,
            Self::Font => terms.fonts[1],
            Self::Other => terms.others,
        }
    }
}

/// How an item comes to be in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inclusion {
    /// The publication contains it.
    Part,
    /// The publication draws on it, and does not contain it.
    Source,
    /// The author declared it as an exception.
    Excepted,
    /// The law allows it, whatever its terms: a short quotation.
    Allowed,
}

/// Something that is somebody's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// What kind of thing.
    pub kind: ItemKind,
    /// What it is.
    pub what: String,
    /// Who made it, or holds the rights.
    pub credit: Option<String>,
    /// Its terms.
    pub terms: Option<Terms>,
    /// Where it comes from: an address, or words.
    pub source: Option<String>,
    /// When it was made.
    pub date: Option<String>,
    /// Anything else to say.
    pub note: Option<String>,
    /// Of an image or a logo: index into the publication's assets.
    pub asset: Option<usize>,
    /// How its terms relate to the publication's; none when nothing is known of them.
    pub standing: Option<Standing>,
    /// It is not under the publication's licence, and the notice says so.
    pub exception: bool,
}

impl Item {
    /// An item of which no more is known yet.
    pub fn new(kind: ItemKind, what: impl Into<String>) -> Self {
        let what = what.into();
        Self {
            kind,
            what,
            credit: None,
            terms: None,
            source: None,
            date: None,
            note: None,
            asset: None,
            standing: None,
            exception: false,
        }
    }

    /// Compares the terms of the item with the licence of the publication, and decides whether the item is an exception to it:
    /// a part under any other terms, a source whose terms forbid what the licence allows, and what the author declared as one.
    /// Terms that the law sets aside are not compared.
    #[must_use]
    pub fn judged(self, publication: &Licence, inclusion: Inclusion) -> Self {
        let terms = self.terms.as_ref().filter(|_| inclusion != Inclusion::Allowed);
        let standing = terms.map(|terms| judge(publication, terms));
        let exception = match inclusion {
            Inclusion::Part => standing != Some(Standing::Same),
            Inclusion::Source => matches!(standing, Some(Standing::Restricted(_))),
            Inclusion::Excepted => true,
            Inclusion::Allowed => false,
        };
        Self { standing, exception, ..self }
    }

    /// Makes an item of a claim; warns if its terms do not go with the publication's licence.
    pub fn of(claim: &Claim, scope: &Scope<'_>, found: &mut Diagnostics) -> Self {
        let language = scope.language;
        let (kind, what) = match claim.kind {
            ClaimKind::Image { .. } => (ItemKind::Image, short(&claim.name)),
            ClaimKind::Logo => (ItemKind::Logo, claim.name.clone()),
            ClaimKind::Quotation => (ItemKind::Quotation, quoted(&claim.name, language)),
        };
        let named = match &claim.kind {
            ClaimKind::Image { path } => format!("the image \"{path}\""),
            ClaimKind::Logo => format!("the logo of \"{what}\""),
            ClaimKind::Quotation => format!("the quotation {what}"),
        };
        let Claim { credit, source, date, asset, .. } = claim.clone();
        let item = Self { credit, source, date, asset, ..Self::new(kind, what) };
        let Some(terms) = claim.terms.clone() else {
            let terms = Some(Terms::Words(language.terms.short_quotation.to_owned()));
            return Self { terms, ..item }.judged(&scope.licence, Inclusion::Allowed);
        };
        // Logos are seldom free, and nobody expects them to be.
        if let Some(warning) = warning(&scope.licence, &terms, &named, Some(claim.span)).filter(|_| kind != ItemKind::Logo) {
            found.push(warning);
        }
        Self { terms: Some(terms), ..item }.judged(&scope.licence, Inclusion::Part)
    }

    /// The terms as words, and where they lead.
    pub fn licence(&self) -> Option<Words> {
        self.terms.as_ref().map(|terms| Words { text: terms.name().to_owned(), url: terms.url().map(str::to_owned) })
    }

    /// The source as words, and where they lead: an address is shown without what every address starts with, and a long one
    /// up to 60 characters.
    pub fn origin(&self) -> Option<Words> {
        let source = self.source.as_ref()?;
        if !is_address(source) {
            return Some(Words::plain(source));
        }
        let shown = source.split_once("://").map_or(source.as_str(), |(_, rest)| rest).trim_end_matches('/');
        let shown = shown.trim_start_matches("www.");
        let start: String = shown.chars().take(60).collect();
        let text = if start.len() < shown.len() { format!("{start}…") } else { start };
        Some(Words { text, url: Some(source.clone()) })
    }
}

/// Returns whether a source is an address.
pub fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// A stretch of a sentence, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Words {
    /// The characters.
    pub text: String,
    /// Address.
    pub url: Option<String>,
}

impl Words {
    /// The characters of a sentence, without its links.
    pub fn joined(sentence: &[Self]) -> String {
        sentence.iter().map(|words| words.text.as_str()).collect()
    }

    /// Words that lead nowhere.
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), url: None }
    }
}

/// A line of the notice: something that is not under the publication's licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// What it is; fonts and logos of the same terms share a line.
    pub what: String,
    /// Who holds the rights.
    pub holder: Option<String>,
    /// When it was made.
    pub date: Option<String>,
    /// Its terms.
    pub licence: Option<Words>,
    /// Where it comes from.
    pub source: Option<Words>,
    /// Anything else to say.
    pub note: Option<String>,
}

impl Exception {
    fn of(item: &Item) -> Self {
        Self {
            what: item.what.clone(),
            holder: item.credit.clone(),
            date: item.date.clone(),
            licence: item.licence(),
            source: item.origin(),
            note: item.note.clone(),
        }
    }

    /// The whole line: what it is, then holder, date, licence, source and note.
    pub fn words(&self, language: Language) -> Vec<Words> {
        let mut line = vec![Words::plain(&self.what)];
        let texts = |text: &Option<String>| text.as_deref().map(Words::plain);
        let parts = [texts(&self.holder), texts(&self.date), self.licence.clone(), self.source.clone(), texts(&self.note)];
        let colon = format!("{} ", language.colon());
        let mut between = colon.as_str();
        for part in parts.into_iter().flatten() {
            line.push(Words::plain(between));
            line.push(part);
            between = ", ";
        }
        line
    }

    /// The whole line without links.
    pub fn line(&self, language: Language) -> String {
        Words::joined(&self.words(language))
    }
}

/// Every item, by kind, then in order of appearance.
#[derive(Clone, Debug, Default, Hash)]
pub struct Ledger {
    /// The items.
    pub items: Vec<Item>,
}

impl Ledger {
    /// Puts items in the order of the ledger.
    pub fn new(mut items: Vec<Item>) -> Self {
        items.sort_by_key(|item| item.kind);
        Self { items }
    }

    /// The lines of the notice.
    pub fn exceptions(&self, language: Language) -> Vec<Exception> {
        let mut lines = Vec::new();
        let mut rest: Vec<&Item> = self.items.iter().filter(|item| item.exception).collect();
        while !rest.is_empty() {
            let item = rest.remove(0);
            let words = match item.kind {
                ItemKind::Logo => language.terms.logos,
                ItemKind::Font => language.terms.fonts,
                _ => {
                    lines.push(Exception::of(item));
                    continue;
                }
            };
            let alike = |other: &&Item| other.kind == item.kind && other.terms == item.terms;
            let (group, others): (Vec<&Item>, Vec<&Item>) = rest.into_iter().partition(alike);
            rest = others;
            let names: Vec<&str> = std::iter::once(item).chain(group).map(|item| item.what.as_str()).collect();
            let what = format!("{} {}", words[usize::from(names.len() > 1)], names.join(", "));
            lines.push(Exception { licence: item.licence(), ..Exception::of(&Item::new(item.kind, what)) });
        }
        lines
    }

    /// All lines of the notice as one text: « Ne sont pas sous cette licence : …; … »; none without exceptions.
    pub fn listed(&self, language: Language) -> Option<String> {
        let lines: Vec<String> = self.exceptions(language).iter().map(|line| line.line(language)).collect();
        let semicolon = format!("{} ", language.semicolon());
        (!lines.is_empty()).then(|| format!("{} {}", language.terms.exceptions, lines.join(&semicolon)))
    }

    /// Exceptions that the notice must show. A font is none: the file states its licence wherever it goes.
    pub fn to_be_shown(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.exception && item.kind != ItemKind::Font)
    }

    /// The items by kind, for the table of credits; none where there is nothing but the fonts.
    pub fn groups(&self) -> Vec<(ItemKind, &[Item])> {
        if self.items.iter().all(|item| item.kind == ItemKind::Font) {
            return Vec::new();
        }
        self.items.chunk_by(|a, b| a.kind == b.kind).filter_map(|group| Some((group.first()?.kind, group))).collect()
    }
}

/// Puts the start of a quotation between the quotation marks of a language.
fn quoted(text: &str, language: Language) -> String {
    let bare = text.trim().trim_matches(['«', '»', '“', '”', '"', ' ', '\u{a0}', '\u{202f}']);
    if bare.is_empty() { language.terms.quotations.to_owned() } else { language.quoted(&short(bare)) }
}

/// Shortens a text to what names it in a list: up to its first colon or the end of its first sentence, and at a word. It
/// starts with a capital.
pub fn short(text: &str) -> String {
    const MOST: usize = 90;
    let text = text.trim();
    let ends = [": ", ". ", " ; "].iter().filter_map(|end| text.find(end));
    let first = ends.min().map_or(text, |end| &text[..end]).trim_end_matches(['.', ' ', '\u{a0}', '\u{202f}']);
    let mut rest = first.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect();
    if first.chars().count() <= MOST {
        return first;
    }
    let cut: String = first.chars().take(MOST).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ';', ' ', '\u{a0}', '\u{202f}']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn french() -> Language {
        Language::find("fr").unwrap()
    }

    fn item(kind: ItemKind, what: &str, licence: &str) -> Item {
        let terms = Licence::find(licence, "fr").map_or_else(|| Terms::Words(licence.into()), Terms::Licence);
        Item { terms: Some(terms), exception: true, ..Item::new(kind, what) }
    }

    #[test]
    fn what_an_item_is_to_the_publication_decides_whether_it_is_an_exception() {
        let publication = Licence::find("CC-BY-4.0", "fr").unwrap();
        let is_exception = |licence: Option<&str>, inclusion: Inclusion| {
            let terms = licence.map(|id| Licence::find(id, "fr").map_or_else(|| Terms::Words(id.into()), Terms::Licence));
            Item { terms, ..Item::new(ItemKind::Image, "x") }.judged(&publication, inclusion).exception
        };
        for (licence, part, source) in [
            (Some("CC-BY-4.0"), false, false),
            (Some("CC0-1.0"), true, false),
            (Some("CC-BY-NC-4.0"), true, true),
            (Some("tous droits réservés"), true, true),
            (None, true, false),
        ] {
            assert_eq!(is_exception(licence, Inclusion::Part), part, "{licence:?}");
            assert_eq!(is_exception(licence, Inclusion::Source), source, "{licence:?}");
            assert!(is_exception(licence, Inclusion::Excepted), "{licence:?}");
            assert!(!is_exception(licence, Inclusion::Allowed), "{licence:?}");
        }
    }

    #[test]
    fn a_line_names_what_holder_date_licence_and_source() {
        let photo = Item {
            credit: Some("Solène Vasseur".into()),
            date: Some("2024".into()),
            source: Some("https://www.example.org/vasseur/".into()),
            ..item(ItemKind::Image, "Le chenal", "CC-BY-4.0")
        };
        let lines = Ledger::new(vec![photo]).exceptions(french());
        assert_eq!(lines[0].line(french()), "Le chenal\u{a0}: Solène Vasseur, 2024, CC BY 4.0, example.org/vasseur");
        let links: Vec<String> = lines[0].words(french()).into_iter().filter_map(|words| words.url).collect();
        assert_eq!(links, ["https://creativecommons.org/licenses/by/4.0/", "https://www.example.org/vasseur/"]);
    }

    #[test]
    fn fonts_and_logos_of_the_same_terms_share_a_line_and_kinds_keep_their_order() {
        let ledger = Ledger::new(vec![
            item(ItemKind::Font, "Spectral", "OFL-1.1"),
            item(ItemKind::Logo, "Rivages", "tous droits réservés"),
            item(ItemKind::Font, "Maison", "tous droits réservés"),
            item(ItemKind::Font, "Plex", "OFL-1.1"),
            item(ItemKind::Image, "Le môle", "CC0-1.0"),
        ]);
        assert_eq!(
            ledger.listed(french()).unwrap(),
            "Ne sont pas sous cette licence\u{a0}: Le môle\u{a0}: Creative Commons Zéro 1.0\u{202f}; Logo Rivages\u{a0}: tous droits \
             réservés\u{202f}; Polices Spectral, Plex\u{a0}: SIL Open Font License 1.1\u{202f}; Police Maison\u{a0}: tous droits réservés"
        );
        assert_eq!(ledger.to_be_shown().count(), 2, "fonts carry their licence with them");
    }

    #[test]
    fn fonts_alone_make_no_table() {
        assert!(Ledger::new(vec![item(ItemKind::Font, "Spectral", "OFL-1.1")]).groups().is_empty());
    }

    #[test]
    fn a_caption_is_shortened_at_its_first_stop() {
        assert_eq!(short("Coupe d’un puits : l’eau entre."), "Coupe d’un puits");
        assert_eq!(short("Le chenal. Un soir."), "Le chenal");
        assert_eq!(short("Le chenal."), "Le chenal");
        assert_eq!(short("échelle de marée"), "Échelle de marée");
        let long = short(&"mot ".repeat(60));
        assert!(long.ends_with("mot…") && long.chars().count() <= 91, "{long}");
    }
}
