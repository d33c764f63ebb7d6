//! Sets the names of links, which are the `Contents` of the link annotations (ISO 14289-1 §7.18.5, ISO 32000-1 §14.9.3).
//!
//! Typst writes "Chapitre, page 3" for a section, only the number for the link from a note back to its reference, and the bare
//! address for a web page. Users of screen readers could not distinguish them in a list of links.
//!
//! A name starts with the visible words of the link (WCAG 2.2, 2.5.3), and names its target. It belongs to one link: two links to
//! one address can have different words.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string, text_string};

use super::places::{LinkPlace, LinkPlaces};
use super::tags::{LinkPart, Tags};
use super::{Finish, FinishError, PageLink, Sentences, entry, resolved};

/// Sets the `Contents` of every link of the document.
///
/// # Errors
///
/// Returns an error if an annotation is not an indirect dictionary, or if a tree of destinations, labels, headings or tags is
/// malformed.
pub(super) fn name(document: &mut Document, finish: &Finish) -> Result<(), FinishError> {
    let names = LinkNamer::read(document, finish)?.names()?;
    for (id, name) in names {
        if let Ok(annotation) = document.get_dictionary_mut(id) {
            annotation.set("Contents", text_string(&name));
        }
    }
    Ok(())
}

/// The target of a link annotation.
enum LinkTarget<'d> {
    /// A destination in this document.
    Inside(&'d Object),
    /// An address.
    Address(String),
}

/// One link annotation.
struct LinkAnnotation<'d> {
    id: ObjectId,
    /// Index of the page, from 0.
    page: usize,
    annotation: &'d Dictionary,
    part: LinkPart,
}

/// Computes the names of links.
struct LinkNamer<'a> {
    document: &'a Document,
    finish: &'a Finish<'a>,
    places: LinkPlaces,
    tags: Tags,
    /// The pages, in order.
    pages: Vec<ObjectId>,
    /// The links of the layout on each page.
    laid_out: BTreeMap<usize, Vec<&'a PageLink>>,
}

/// Maximum distance between the sides of a link on the page and of its annotation, in points.
const SAME_SIDE: f64 = 1.0;

impl<'a> LinkNamer<'a> {
    fn read(document: &'a Document, finish: &'a Finish) -> Result<Self, FinishError> {
        let places = LinkPlaces::read(document, finish.destinations)?;
        let mut laid_out: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for link in finish.links {
            laid_out.entry(link.page).or_default().push(link);
        }
        Ok(Self { document, finish, places, tags: Tags::read(document)?, pages: document.page_iter().collect(), laid_out })
    }

    /// Returns the new `Contents` of each link that has a target.
    fn names(&self) -> Result<BTreeMap<ObjectId, String>, FinishError> {
        let links = self.links()?;
        let calls: Vec<_> = links.iter().filter(|link| link.part == LinkPart::Call).collect();
        let name = |link: &LinkAnnotation| Some((link.id, speakable(&self.name(link, &calls)?)));
        Ok(links.iter().filter_map(name).filter(|(_, name)| !name.is_empty()).collect())
    }

    /// Returns the links of all pages in order. krilla writes annotations as indirect objects.
    fn links(&self) -> Result<Vec<LinkAnnotation<'a>>, FinishError> {
        let mut links = Vec::new();
        for (page, id) in self.document.page_iter().enumerate() {
            let Ok(dictionary) = self.document.get_dictionary(id) else { continue };
            let Some(Object::Array(annotations)) = entry(self.document, dictionary, b"Annots") else { continue };
            for annotation in annotations {
                let (Ok(id), Some(Object::Dictionary(annotation))) =
                    (annotation.as_reference(), resolved(self.document, annotation))
                else {
                    let what = format!("an annotation of page {} is not an indirect dictionary", page + 1);
                    return Err(FinishError::Unexpected(what));
                };
                if annotation.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Link") {
                    links.push(LinkAnnotation { id, page, annotation, part: self.tags.part(self.document, annotation) });
                }
            }
        }
        Ok(links)
    }

    fn name(&self, link: &LinkAnnotation, calls: &[&LinkAnnotation]) -> Option<String> {
        let laid_out = self.laid_out(link);
        if let Some(name) = laid_out.and_then(|laid_out| laid_out.name.clone()) {
            return Some(name);
        }
        let words = laid_out.map(|laid_out| speakable(&laid_out.words)).filter(|words| !words.is_empty());
        match self.target(link.annotation)? {
            LinkTarget::Inside(destination) => self.name_inside(link, words.as_deref(), destination, calls),
            LinkTarget::Address(address) => self.name_address(link.annotation, words.as_deref(), &address),
        }
    }

    /// Returns the link of the layout that this annotation represents.
    fn laid_out(&self, link: &LinkAnnotation) -> Option<&'a PageLink> {
        let on_page = self.laid_out.get(&link.page)?;
        let own = rectangle(self.document, link.annotation)?.map(f64::from);
        let [edge, _, _, height] = super::areas::media_box(self.document, *self.pages.get(link.page)?).ok()?;
        on_page.iter().copied().find(|it| {
            let bounds = it.bounds;
            let sides = [edge + bounds.left, height - bounds.bottom, edge + bounds.right, height - bounds.top];
            sides.iter().zip(own).all(|(side, own)| (side - own).abs() <= SAME_SIDE)
        })
    }

    /// Returns the target from `Dest`, or from a go-to or URI action (ISO 32000-1 §12.5.6.5, §12.6.4).
    fn target<'d>(&'d self, annotation: &'d Dictionary) -> Option<LinkTarget<'d>> {
        if let Ok(destination) = annotation.get(b"Dest") {
            return Some(LinkTarget::Inside(destination));
        }
        let Object::Dictionary(action) = entry(self.document, annotation, b"A")? else { return None };
        match action.get(b"S").and_then(Object::as_name).ok()? {
            b"GoTo" => action.get(b"D").ok().map(LinkTarget::Inside),
            b"URI" => {
                let address = entry(self.document, action, b"URI")?.as_str().ok()?;
                Some(LinkTarget::Address(String::from_utf8_lossy(address).into_owned()))
            }
            _ => None,
        }
    }

    /// Returns the name of a link within the document: the number of a footnote, or the visible words and the title of the
    /// target.
    fn name_inside(
        &self,
        link: &LinkAnnotation,
        words: Option<&str>,
        destination: &Object,
        calls: &[&LinkAnnotation],
    ) -> Option<String> {
        let Sentences { section, page, note, back, .. } = self.finish.sentences;
        let contents = current_contents(self.document, link.annotation);
        let place = self.places.place(self.document, destination);
        let given = self.given_title(destination);
        if given.is_none() {
            let is_back = link.part == LinkPart::InNote && place.is_some_and(|place| self.calls_a_note(place, calls));
            match link.part {
                LinkPart::Call => return Some(fill(note, number(note, &contents)?)),
                LinkPart::Back => return Some(fill(back, number(back, &contents).unwrap_or_default())),
                LinkPart::InNote if is_back => return Some(fill(back, number(back, &contents).unwrap_or_default())),
                LinkPart::InNote | LinkPart::Plain => {}
            }
        }
        let title = given.map(str::to_owned).or_else(|| self.title(place, &contents));
        match (title, words) {
            (Some(title), Some(words)) => Some(self.words_and_title(words, &speakable(&title), place)),
            (Some(title), None) => Some(fill(section, &title)),
            (None, Some(words)) => Some(self.words_and_page(words, place)),
            (None, None) => match place {
                Some(place) => Some(fill(page, &self.places.label(place.page))),
                None => self.tags.alternative(self.document, link.annotation).map(|text| fill(section, &text)),
            },
        }
    }

    /// Returns the title of a place, from the first source that has one: the heading there, the name that Typst wrote ("Fig. 1"),
    /// the heading above.
    fn title(&self, place: Option<LinkPlace>, contents: &str) -> Option<String> {
        let place = place?;
        let kept = || self.target_named_by_typst(contents);
        self.places.title_at(place).or_else(kept).or_else(|| self.places.title_above(place)).map(str::to_owned)
    }

    /// Returns "words (go to: title)", or, if the words contain the title already, the words and the page.
    fn words_and_title(&self, words: &str, title: &str, place: Option<LinkPlace>) -> String {
        if contains_title(words, title) {
            return self.words_and_page(words, place);
        }
        self.finish.sentences.leads_to.replace("{words}", words).replace("{}", title)
    }

    /// Returns "words, p. 3", or the words alone if they end with the label of the page or if the place is unknown.
    fn words_and_page(&self, words: &str, place: Option<LinkPlace>) -> String {
        let Some(label) = place.map(|place| self.places.label(place.page)) else { return words.to_owned() };
        let last = words.split(|c: char| c.is_whitespace()).next_back();
        if last == Some(label.as_str()) {
            words.to_owned()
        } else {
            format!("{words}{}", fill(self.finish.sentences.on_page, &label))
        }
    }

    /// Returns whether a footnote reference is at this place. The destination that Typst writes is at the left edge of the
    /// reference, 10 pt above its baseline.
    fn calls_a_note(&self, place: LinkPlace, calls: &[&LinkAnnotation]) -> bool {
        let Some((left, top)) = place.at else { return false };
        calls.iter().filter(|call| call.page == place.page).any(|call| {
            rectangle(self.document, call.annotation)
                .is_some_and(|[x, bottom, _, above]| (x - left).abs() <= 1.0 && bottom <= top && top <= above + 10.0)
        })
    }

    fn given_title(&self, destination: &Object) -> Option<&'a str> {
        let (Object::String(name, _) | Object::Name(name)) = resolved(self.document, destination)? else { return None };
        self.finish.destinations.get(std::str::from_utf8(name).ok()?).map(String::as_str)
    }

    /// Returns the name that Typst wrote for a target with a name of its own, such as a numbered figure; `None` for "… page 3".
    fn target_named_by_typst<'s>(&self, contents: &'s str) -> Option<&'s str> {
        let Sentences { section, page, page_word, .. } = self.finish.sentences;
        let name = unfill(section, contents).unwrap_or(contents);
        // "page 3", "Fig., page iv" and, if the page numbering has this form, "page 3 / 120".
        let names_a_page = name.split_whitespace().rev().skip(1).take(3).any(|word| word == page_word);
        let names_a_page = names_a_page || unfill(page, contents).is_some();
        Some(name).filter(|name| !names_a_page && !name.trim().is_empty())
    }

    /// Returns the name of a link to an address: the visible words, or else the given name of the address or the text alternative
    /// of the link's content, followed by the address. A given name that starts with the visible words replaces them.
    fn name_address(&self, annotation: &Dictionary, words: Option<&str>, address: &str) -> Option<String> {
        let Sentences { leads_to, .. } = self.finish.sentences;
        let given = self.given_name(address);
        if let Some(contact) = address.strip_prefix("mailto:").or_else(|| address.strip_prefix("tel:")) {
            return self.name_contact(annotation, words, contact).or_else(|| given.map(|name| format!("{name} ({contact})")));
        }
        let given = given.filter(|given| words.is_none_or(|words| spaced(given).starts_with(&spaced(words))));
        let name = given.or(words).map(str::to_owned).or_else(|| self.tags.alternative(self.document, annotation));
        let name = name.as_deref().unwrap_or(address);
        if address.contains("://") {
            let stated = name == address || address.split_once("://").is_some_and(|(_, rest)| rest.trim_end_matches('/') == name);
            let Sentences { address: pattern, bare_address, .. } = self.finish.sentences;
            return Some(fill(if stated { bare_address } else { pattern }, name).replace("{address}", address));
        }
        // Another file of the series is not an external site.
        match words {
            None => Some(fill(self.finish.sentences.section, name)),
            Some(words) => {
                let target = self.given_name(address).unwrap_or(address);
                if contains_title(words, target) {
                    Some(words.to_owned())
                } else {
                    Some(leads_to.replace("{words}", words).replace("{}", target))
                }
            }
        }
    }

    /// Returns the given name of an address, or of the file that it is a part of.
    fn given_name(&self, address: &str) -> Option<&'a str> {
        let addresses = self.finish.addresses;
        let whole = || address.split_once('#').and_then(|(whole, _)| addresses.get(whole));
        addresses.get(address).or_else(whole).map(String::as_str)
    }

    /// Returns the name of a link to an e-mail address or a telephone number. Typst writes "E-mail contact@exemple.fr" in the
    /// language of the text.
    fn name_contact(&self, annotation: &Dictionary, words: Option<&str>, contact: &str) -> Option<String> {
        let contents = current_contents(self.document, annotation);
        let words = words?;
        if contents.starts_with(words) {
            return Some(contents);
        }
        let kind = contents.strip_suffix(contact).map(str::trim).filter(|kind| !kind.is_empty() && words == contact);
        Some(format!("{words} ({})", kind.unwrap_or(&contents)))
    }
}

/// Returns whether the visible words of a link contain the title of its target.
fn contains_title(words: &str, title: &str) -> bool {
    spaced(words).to_lowercase().contains(&spaced(title).to_lowercase())
}

/// Replaces no-break spaces with ordinary spaces, for comparisons.
fn spaced(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

/// Returns the current `Contents` of a link.
fn current_contents(document: &Document, annotation: &Dictionary) -> String {
    entry(document, annotation, b"Contents").and_then(|text| decode_text_string(text).ok()).unwrap_or_default()
}

/// Returns the rectangle of an annotation: left, bottom, right, top.
fn rectangle(document: &Document, annotation: &Dictionary) -> Option<[f32; 4]> {
    let Object::Array(sides) = entry(document, annotation, b"Rect")? else { return None };
    let sides: Vec<f32> = sides.iter().filter_map(|side| side.as_float().ok()).collect();
    sides.try_into().ok()
}

/// Returns the number of a note from the pattern, or, if the PDF was not processed yet, from the last word, as Typst writes it.
fn number<'s>(pattern: &str, contents: &'s str) -> Option<&'s str> {
    unfill(pattern, contents).or_else(|| contents.split_whitespace().next_back())
}

/// Inserts a name into a pattern.
fn fill(pattern: &str, name: &str) -> String {
    pattern.replace("{}", name)
}

/// Returns the name that was inserted into a pattern.
fn unfill<'s>(pattern: &str, contents: &'s str) -> Option<&'s str> {
    let (before, after) = pattern.split_once("{}")?;
    contents.strip_prefix(before)?.strip_suffix(after).filter(|name| !name.is_empty())
}

/// Removes characters that screen readers must not announce (soft hyphens, zero-width spaces, joiners), and collapses line
/// breaks and spaces.
fn speakable(text: &str) -> String {
    let mut spoken = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')) {
        let c = if c.is_control() { ' ' } else { c };
        if c != ' ' || !spoken.ends_with(' ') {
            spoken.push(c);
        }
    }
    spoken.trim_matches(' ').to_owned()
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::super::sample::{FRENCH, SamplePdf, address, contents};
    use super::super::{XmpRights, finish};
    use super::*;
    use crate::paginate::Bounds;

    fn named(sample: SamplePdf, destinations: &[(&str, &str)], addresses: &[(&str, &str)]) -> Result<Vec<String>, FinishError> {
        named_with(sample, &[], destinations, addresses)
    }

    fn named_with(
        sample: SamplePdf,
        links: &[PageLink],
        destinations: &[(&str, &str)],
        addresses: &[(&str, &str)],
    ) -> Result<Vec<String>, FinishError> {
        let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, name)| ((*key).into(), (*name).into())).collect();
        let (destinations, addresses) = (map(destinations), map(addresses));
        let rights = XmpRights { statement: "", web_statement: None, marked: None, owners: &[], usage_terms: None };
        let finish_data = Finish {
            destinations: &destinations,
            addresses: &addresses,
            areas: &[],
            links,
            sentences: FRENCH,
            states: ["fait", "à faire"],
            rights,
            modified: None,
            claims: true,
            lang: "fr",
            languages: &[],
            right_to_left: false,
        };
        let once = finish(&sample.pdf()?, &finish_data)?;
        assert_eq!(contents(&once)?, contents(&finish(&once, &finish_data)?)?, "a second pass changes nothing");
        contents(&once)
    }

    /// Returns the name of one link with these visible words.
    fn worded(words: &str, contents: &str, target: Dictionary, tags: &[&str]) -> Result<String, FinishError> {
        let mut sample = SamplePdf::new();
        sample.link(contents, target, tags);
        let bounds = Bounds { left: 100.0, top: 286.0, right: 104.0, bottom: 300.0 };
        let links = [PageLink { page: 0, bounds, words: words.into(), name: None }];
        let names = [("https://example.org/p", "Le site"), ("https://orcid.org/0", "ORCID iD de Maud"), ("etude.pdf", "L’étude")];
        named_with(sample, &links, &[("deux", "Données (2023)")], &names).map(|names| names.concat())
    }

    #[test]
    fn names_start_with_the_visible_words() -> Result<(), FinishError> {
        let to = |words: &str, name: &str| worded(words, "page 2", dictionary! { "Dest" => text_string(name) }, PLAIN);
        assert_eq!(to("les portes de\u{AD} l’écluse ", "deux")?, "les portes de l’écluse (aller à : Données (2023))");
        assert_eq!(to("Les données (2023)", "deux")?, "Les données (2023), p. ii");
        assert_eq!(to("4 Données\u{a0}(2023) ii", "deux")?, "4 Données\u{a0}(2023) ii");
        let at = |words: &str, address_text: &str| worded(words, address_text, address(address_text), PLAIN);
        assert_eq!(at("la page du port", "https://example.org/p")?, "la page du port (site externe)");
        assert_eq!(at("https://example.org/p", "https://example.org/p")?, "https://example.org/p (site externe)");
        assert_eq!(at("ORCID\u{a0}iD", "https://orcid.org/0")?, "ORCID iD de Maud (site externe)");
        assert_eq!(at("ce qu’elle dit", "etude.pdf")?, "ce qu’elle dit (aller à : L’étude)");
        assert_eq!(worded("à l’équipe", "E-mail a@b.fr", address("mailto:a@b.fr"), PLAIN)?, "à l’équipe (E-mail a@b.fr)");
        assert_eq!(worded("a@b.fr", "E-mail a@b.fr", address("mailto:a@b.fr"), PLAIN)?, "a@b.fr (E-mail)");
        Ok(())
    }

    #[test]
    fn the_name_of_a_layout_replaces_the_words() -> Result<(), FinishError> {
        let mut sample = SamplePdf::new();
        sample.link("https://example.org", address("https://example.org"), PLAIN);
        let bounds = Bounds { left: 100.0, top: 286.0, right: 104.0, bottom: 300.0 };
        let links = [PageLink { page: 0, bounds, words: "Carte".into(), name: Some("Carte (à consulter)".into()) }];
        assert_eq!(named_with(sample, &links, &[], &[])?, ["Carte (à consulter)"]);
        Ok(())
    }

    /// Returns the name of one link with this destination, inside these structure elements.
    fn one(contents: &str, place: (usize, f32, f32), tags: &[&str]) -> Result<String, FinishError> {
        let mut sample = SamplePdf::new();
        let target = dictionary! { "Dest" => sample.at(place.0, place.1, place.2) };
        sample.link(contents, target, tags);
        named(sample, &[], &[]).map(|names| names.concat())
    }

    const PLAIN: &[&str] = &["P", "Link"];

    #[test]
    fn named_destinations_use_their_title() -> Result<(), FinishError> {
        let mut sample = SamplePdf::new();
        for name in ["deux", "un", "fig"] {
            sample.link("Chapitre, page 1", dictionary! { "Dest" => text_string(name) }, PLAIN);
        }
        let names = named(sample, &[("deux", "Données de la\nrecherche"), ("fig", "Figure 1 : la roue")], &[])?;
        assert_eq!(names, ["Aller à : Données de la recherche", "Aller à : Un", "Aller à : Figure 1 : la roue"]);
        Ok(())
    }

    #[test]
    fn explicit_destinations_use_the_heading_or_typsts_name_or_the_page() -> Result<(), FinishError> {
        assert_eq!(one("page 2", (1, 34.0, 700.0), PLAIN)?, "Aller à : Données (2023)");
        assert_eq!(one("Fig. 1", (1, 34.0, 300.0), PLAIN)?, "Aller à : Fig. 1");
        for page in ["page 2", "Fig., page ii", "page 2 / 3"] {
            assert_eq!(one(page, (1, 34.0, 300.0), PLAIN)?, "Aller à : Données (2023)");
        }
        assert_eq!(one("page 2", (1, 0.0, 800.0), PLAIN)?, "Aller à la page ii");
        assert_eq!(one("page 3", (2, 34.0, 100.0), PLAIN)?, "Aller à la page A-1");
        Ok(())
    }

    #[test]
    fn prefers_headings_in_the_same_column() -> Result<(), FinishError> {
        let mut sample = SamplePdf::new();
        let right = sample.at(1, 300.0, 720.0);
        sample.set("Names", dictionary! { "Dests" => dictionary! { "Names" => vec![text_string("droite"), right] } });
        let target = dictionary! { "Dest" => sample.at(1, 290.0, 500.0) };
        sample.link("page 2", target, PLAIN);
        assert_eq!(named(sample, &[("droite", "Droite")], &[])?, ["Aller à : Droite"]);
        Ok(())
    }

    #[test]
    fn note_links_use_the_number_of_the_note() -> Result<(), FinishError> {
        assert_eq!(one("Note 12", (0, 34.0, 60.0), &["P", "Lbl", "Link"])?, "Note 12");
        assert_eq!(one("12", (0, 90.0, 600.0), &["P", "Note", "Lbl", "Strong", "Link"])?, "Retour au texte (note 12)");
        let tags = &["P", "Note", "P", "Lbl", "Link"];
        assert_eq!(one("12", (0, 90.0, 600.0), tags)?, "Retour au texte (note 12)", "a note of several paragraphs");
        assert_eq!(one("[1]", (0, 90.0, 600.0), &["L", "LI", "Lbl", "Link"])?, "Retour au texte (note [1])");
        assert_eq!(one("page i", (0, 90.0, 600.0), &["P", "Note", "Link"])?, "Aller à : Un", "a link in a note's text");
        Ok(())
    }

    #[test]
    fn recognizes_links_from_a_note_to_its_reference() -> Result<(), FinishError> {
        let mut sample = SamplePdf::new();
        let (note, call) = (sample.at(0, 34.0, 60.0), sample.at(0, 100.0, 513.0));
        sample.link("Note 1", dictionary! { "Dest" => note }, &["P", "Lbl", "Link"]);
        sample.link("page 1", dictionary! { "Dest" => call }, &["P", "Note", "Table", "Link"]);
        assert_eq!(named(sample, &[], &[])?, ["Note 1", "Retour au texte (note 1)"]);
        Ok(())
    }

    #[test]
    fn addresses_use_their_name_or_text_alternative_or_url() -> Result<(), FinishError> {
        let mut sample = SamplePdf::new();
        sample.link("https://eduscol.fr/a#b", address("https://eduscol.fr/a#b"), PLAIN);
        sample.link("https://eduscol.fr/", address("https://eduscol.fr/"), &["P", "Link", "Figure"]);
        sample.link("https://doi.org/10.1/x", address("https://doi.org/10.1/x"), PLAIN);
        sample.link("E-mail a@b.fr", address("mailto:a@b.fr"), PLAIN);
        sample.link("E-mail c@d.fr", address("mailto:c@d.fr"), PLAIN);
        sample.link("etude.pdf#chap", address("etude.pdf#chap"), PLAIN);
        let names = [("https://eduscol.fr/a", "Éduscol"), ("mailto:a@b.fr", "Rédaction"), ("etude.pdf", "L’étude")];
        assert_eq!(
            named(sample, &[], &names)?,
            [
                "Éduscol (site externe)",
                "Logo d’Éduscol (site externe)",
                "https://doi.org/10.1/x (site externe)",
                "Rédaction (a@b.fr)",
                "E-mail c@d.fr",
                "Aller à : L’étude",
            ]
        );
        Ok(())
    }

    #[test]
    fn removes_invisible_characters_from_names() {
        assert_eq!(speakable(" Éco\u{AD}sys\u{200B}tèmes\n  \u{A0}: un "), "Écosystèmes \u{A0}: un");
    }

    #[test]
    fn extracts_names_from_patterns() {
        assert_eq!(unfill("Aller à : {}", &fill("Aller à : {}", "Un")), Some("Un"));
        assert_eq!(unfill("{} (site externe)", "Fig. 1"), None);
        assert_eq!(unfill("Retour", "Retour"), None);
    }
}
