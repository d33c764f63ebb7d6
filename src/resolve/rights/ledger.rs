//! The ledger of all items with their own rights. All statements about rights in the outputs are generated from it.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostics;
use crate::resolve::language::Language;
use crate::resolve::licence::{Compatibility, Licence, Terms, compare, warning};
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
    /// Software.
    Software,
    /// A font family.
    Font,
    /// Any other declared exception.
    Other,
}

impl ItemKind {
    /// Returns its name in machine-readable outputs.
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

    /// Returns the heading of items of this kind.
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

/// Relation of an item to the publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inclusion {
    /// The publication contains it.
    Part,
    /// The publication draws on it, and does not contain it.
    Source,
    /// The author declared it as an exception.
    Excepted,
    /// The law allows it, regardless of its terms: a short quotation.
    Allowed,
}

/// An item with its own rights.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// Kind of item.
    pub kind: ItemKind,
    /// Name or description.
    pub what: String,
    /// Author or holder of the rights.
    pub credit: Option<String>,
    /// Terms of use.
    pub terms: Option<Terms>,
    /// Source: a URL or a text.
    pub source: Option<String>,
    /// Date of creation.
    pub date: Option<String>,
    /// Further information.
    pub note: Option<String>,
    /// For an image or a logo, the index into the assets of the publication.
    pub asset: Option<usize>,
    /// Relation of its terms to the licence of the publication, or `None` if they are not known.
    pub compatibility: Option<Compatibility>,
    /// Whether the notice lists it as not being under the licence of the publication.
    pub exception: bool,
}

impl Item {
    /// Creates an item with only a kind and a name.
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
            compatibility: None,
            exception: false,
        }
    }

    /// Compares the terms of the item with `own_licence`, the licence of the publication, and determines whether the item is an
    /// exception. Exceptions are parts under other terms, sources whose terms forbid something that the licence allows, and
    /// declared exceptions. The terms of items that the law allows are not compared.
    #[must_use]
    pub fn classified(self, own_licence: &Licence, inclusion: Inclusion) -> Self {
        let terms = self.terms.as_ref().filter(|_| inclusion != Inclusion::Allowed);
        let compatibility = terms.map(|terms| compare(own_licence, terms));
        let exception = match inclusion {
            Inclusion::Part => compatibility != Some(Compatibility::Same),
            Inclusion::Source => matches!(compatibility, Some(Compatibility::Restricted(_))),
            Inclusion::Excepted => true,
            Inclusion::Allowed => false,
        };
        Self { compatibility, exception, ..self }
    }

    /// Creates an item from a claim. Warns if its terms are not compatible with the licence of the publication.
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
            return Self { terms, ..item }.classified(&scope.licence, Inclusion::Allowed);
        };
        // Logos are seldom freely licensed, so they cause no warning.
        if let Some(warning) = warning(&scope.licence, &terms, &named, Some(claim.span)).filter(|_| kind != ItemKind::Logo) {
            found.push(warning);
        }
        Self { terms: Some(terms), ..item }.classified(&scope.licence, Inclusion::Part)
    }

    /// Returns whether it is an image under the licence of the publication for which the table of credits states only the holder.
    fn is_own_image(&self) -> bool {
        let has_more = self.source.is_some() || self.note.is_some();
        self.kind == ItemKind::Image && self.compatibility == Some(Compatibility::Same) && !has_more
    }

    fn has_same_holder(&self, other: &Self) -> bool {
        (&self.credit, &self.date) == (&other.credit, &other.date)
    }

    /// Returns the terms with their URL.
    pub fn licence(&self) -> Option<Words> {
        self.terms.as_ref().map(|terms| Words { text: terms.name().to_owned(), url: terms.url().map(str::to_owned) })
    }

    /// Returns the source, with a link if it is a URL. A URL is shown without its scheme and shortened to 60 characters.
    pub fn origin(&self) -> Option<Words> {
        let source = self.source.as_ref()?;
        if !is_url(source) {
            return Some(Words::plain(source));
        }
        let shown = source.split_once("://").map_or(source.as_str(), |(_, rest)| rest).trim_end_matches('/');
        let shown = shown.trim_start_matches("www.");
        let start: String = shown.chars().take(60).collect();
        let text = if start.len() < shown.len() { format!("{start}…") } else { start };
        Some(Words { text, url: Some(source.clone()) })
    }
}

/// Returns whether a source is a URL.
pub fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// A part of a sentence, optionally with a link.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Words {
    /// The text.
    pub text: String,
    /// Target of the link.
    pub url: Option<String>,
}

impl Words {
    /// Returns the text of a sentence, without links.
    pub fn joined(sentence: &[Self]) -> String {
        sentence.iter().map(|words| words.text.as_str()).collect()
    }

    /// Creates words without a link.
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), url: None }
    }
}

/// A line of the notice: an item that is not under the licence of the publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Description. Fonts and logos with the same terms share a line.
    pub what: String,
    /// Holder of the rights.
    pub holder: Option<String>,
    /// Date of creation.
    pub date: Option<String>,
    /// Terms of use.
    pub licence: Option<Words>,
    /// Source.
    pub source: Option<Words>,
    /// Further information.
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

    /// Returns the line: description, holder, date, licence, source and note.
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

    /// Returns the line without links.
    pub fn line(&self, language: Language) -> String {
        Words::joined(&self.words(language))
    }
}

/// All items, by kind, then in order of appearance.
#[derive(Clone, Debug, Default, Hash)]
pub struct Ledger {
    /// The items.
    pub items: Vec<Item>,
}

impl Ledger {
    /// Creates a ledger and sorts the items by kind.
    pub fn new(mut items: Vec<Item>) -> Self {
        items.sort_by_key(|item| item.kind);
        Self { items }
    }

    /// Returns the lines of the notice.
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

    /// Returns all lines of the notice as one text: « Ne sont pas sous cette licence : …; … », or `None` without exceptions.
    pub fn exceptions_text(&self, language: Language) -> Option<String> {
        let lines: Vec<String> = self.exceptions(language).iter().map(|line| line.line(language)).collect();
        let semicolon = format!("{} ", language.semicolon());
        (!lines.is_empty()).then(|| format!("{} {}", language.terms.exceptions, lines.join(&semicolon)))
    }

    /// Returns the exceptions that the notice must list. Fonts are not included, because font files state their licence.
    pub fn required_exceptions(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.exception && item.kind != ItemKind::Font)
    }

    /// Returns the items by kind, for the table of credits, or an empty list if all items are fonts. Images under the licence of the
    /// publication are merged into one item for each holder.
    pub fn groups(&self, language: Language) -> Vec<(ItemKind, Vec<Item>)> {
        if self.items.iter().all(|item| item.kind == ItemKind::Font) {
            return Vec::new();
        }
        let groups = self.items.chunk_by(|a, b| a.kind == b.kind);
        groups.filter_map(|group| Some((group.first()?.kind, merged(group, language)))).collect()
    }

    /// Returns the assets of the images whose credit the table of credits states once for all of them: those under the licence of
    /// the publication, if all have the same holder.
    pub fn credited_once(&self) -> BTreeSet<usize> {
        let own: Vec<&Item> = self.items.iter().filter(|item| item.is_own_image()).collect();
        let alike = own.iter().all(|item| own.first().is_some_and(|first| first.has_same_holder(item)));
        own.iter().filter(|_| alike && own.len() > 1).filter_map(|item| item.asset).collect()
    }
}

/// Merges the images under the licence of the publication into one item for each holder, after the other items. The only image of
/// a holder is kept.
fn merged(items: &[Item], language: Language) -> Vec<Item> {
    let count = |item: &Item| items.iter().filter(|other| other.is_own_image() && other.has_same_holder(item)).count();
    let mut rest = Vec::new();
    let mut sums: Vec<Item> = Vec::new();
    for item in items {
        let count = if item.is_own_image() { count(item) } else { 1 };
        if count < 2 {
            rest.push(item.clone());
        } else if !sums.iter().any(|sum| sum.has_same_holder(item)) {
            let what = language.terms.some_images.replace("{}", &count.to_string());
            sums.push(Item { what, asset: None, ..item.clone() });
        }
    }
    rest.extend(sums);
    rest
}

/// Returns the start of a quotation in the quotation marks of a language.
fn quoted(text: &str, language: Language) -> String {
    let bare = text.trim().trim_matches(['«', '»', '“', '”', '"', ' ', '\u{a0}', '\u{202f}']);
    if bare.is_empty() { language.terms.quotations.to_owned() } else { language.quoted(&short(bare)) }
}

/// Shortens a text for a list: to its first colon, semicolon or sentence, and to 90 characters. The result starts with a capital.
pub fn short(text: &str) -> String {
    const MAX: usize = 90;
    let text = text.trim();
    let ends = [": ", ". ", " ; "].iter().filter_map(|end| text.find(end));
    let first = ends.min().map_or(text, |end| &text[..end]).trim_end_matches(['.', ' ', '\u{a0}', '\u{202f}']);
    let mut rest = first.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect();
    if first.chars().count() <= MAX {
        return first;
    }
    let cut: String = first.chars().take(MAX).collect();
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
    fn inclusion_and_terms_determine_exceptions() {
        let publication = Licence::find("CC-BY-4.0", "fr").unwrap();
        let is_exception = |licence: Option<&str>, inclusion: Inclusion| {
            let terms = licence.map(|id| Licence::find(id, "fr").map_or_else(|| Terms::Words(id.into()), Terms::Licence));
            Item { terms, ..Item::new(ItemKind::Image, "x") }.classified(&publication, inclusion).exception
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
    fn a_line_contains_all_parts() {
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
    fn fonts_and_logos_with_the_same_terms_share_a_line() {
        let ledger = Ledger::new(vec![
            item(ItemKind::Font, "Spectral", "OFL-1.1"),
            item(ItemKind::Logo, "Rivages", "tous droits réservés"),
            item(ItemKind::Font, "Maison", "tous droits réservés"),
            item(ItemKind::Font, "Plex", "OFL-1.1"),
            item(ItemKind::Image, "Le môle", "CC0-1.0"),
        ]);
        assert_eq!(
            ledger.exceptions_text(french()).unwrap(),
            "Ne sont pas sous cette licence\u{a0}: Le môle\u{a0}: Creative Commons Zéro 1.0\u{202f}; Logo Rivages\u{a0}: tous droits \
             réservés\u{202f}; Polices Spectral, Plex\u{a0}: SIL Open Font License 1.1\u{202f}; Police Maison\u{a0}: tous droits réservés"
        );
        assert_eq!(ledger.required_exceptions().count(), 2, "font files state their licence");
    }

    #[test]
    fn images_under_the_licence_of_the_publication_are_merged() {
        let own = |what: &str, credit: &str, asset: usize| Item {
            credit: Some(credit.into()),
            asset: Some(asset),
            compatibility: Some(Compatibility::Same),
            ..item(ItemKind::Image, what, "CC-BY-4.0")
        };
        let sourced = Item { source: Some("https://example.org".into()), ..own("d", "Ada", 3) };
        let other = Item { compatibility: Some(Compatibility::Compatible), ..own("e", "Ada", 4) };
        let ledger = Ledger::new(vec![own("a", "Ada", 0), own("b", "Bo", 1), own("c", "Ada", 2), sourced.clone(), other]);
        let names = |ledger: &Ledger| -> Vec<String> {
            ledger.groups(french()).into_iter().flat_map(|(_, items)| items).map(|item| item.what).collect()
        };
        assert_eq!(names(&ledger), ["b", "d", "e", "2 images"]);
        assert!(ledger.credited_once().is_empty(), "the figures of two holders keep their credits");
        let ledger = Ledger::new(vec![own("a", "Ada", 0), own("c", "Ada", 2), sourced]);
        assert_eq!(ledger.credited_once(), BTreeSet::from([0, 2]));
        assert_eq!(names(&ledger), ["d", "2 images"]);
        assert!(Ledger::new(vec![own("a", "Ada", 0)]).credited_once().is_empty());
    }

    #[test]
    fn a_ledger_of_fonts_has_no_groups() {
        assert!(Ledger::new(vec![item(ItemKind::Font, "Spectral", "OFL-1.1")]).groups(french()).is_empty());
    }

    #[test]
    fn shortens_captions() {
        assert_eq!(short("Coupe d’un puits : l’eau entre."), "Coupe d’un puits");
        assert_eq!(short("Le chenal. Un soir."), "Le chenal");
        assert_eq!(short("Le chenal."), "Le chenal");
        assert_eq!(short("échelle de marée"), "Échelle de marée");
        let long = short(&"mot ".repeat(60));
        assert!(long.ends_with("mot…") && long.chars().count() <= 91, "{long}");
    }
}
