//! Sets the names of links, which are the `Contents` of the link annotations (ISO 14289-1 §7.18.5, ISO 32000-1 §14.9.3).
//!
//! Typst writes "Chapitre, page 3" for a section, only the number for the link from a note back to its reference, and the bare
//! address for a web page. Users of screen readers could not distinguish them in a list of links.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string, text_string};

use super::places::{LinkPlace, LinkPlaces};
use super::tags::{Part, Tags};
use super::{Finish, FinishError, LinkName, Sentences, entry, resolved};

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
struct Link<'d> {
    id: ObjectId,
    /// Index of the page, from 0.
    page: usize,
    annotation: &'d Dictionary,
    part: Part,
}

/// Computes the names of links.
struct LinkNamer<'a> {
    document: &'a Document,
    finish: &'a Finish<'a>,
    places: LinkPlaces,
    tags: Tags,
    /// The pages, in order.
    pages: Vec<ObjectId>,
}

/// Maximum distance between a mark and the rectangle of its link, in points: marks are at the baseline, rectangles around the
/// letters.
const MARK_TOLERANCE: f64 = 3.0;

impl<'a> LinkNamer<'a> {
    fn read(document: &'a Document, finish: &'a Finish) -> Result<Self, FinishError> {
        let places = LinkPlaces::read(document, finish.destinations)?;
        Ok(Self { document, finish, places, tags: Tags::read(document)?, pages: document.page_iter().collect() })
    }

    /// Returns the new `Contents` of each link that has a target.
    fn names(&self) -> Result<BTreeMap<ObjectId, String>, FinishError> {
        let links = self.links()?;
        let calls: Vec<_> = links.iter().filter(|link| link.part == Part::Call).collect();
        let name = |link: &Link| Some((link.id, speakable(&self.name(link, &calls)?)));
        Ok(links.iter().filter_map(name).filter(|(_, name)| !name.is_empty()).collect())
    }

    /// Returns the links of all pages in order. krilla writes annotations as indirect objects.
    fn links(&self) -> Result<Vec<Link<'a>>, FinishError> {
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
                    links.push(Link { id, page, annotation, part: self.tags.part(self.document, annotation) });
                }
            }
        }
        Ok(links)
    }

    fn name(&self, link: &Link, calls: &[&Link]) -> Option<String> {
        if let Some(name) = self.given_name(link) {
            return Some(name);
        }
        match self.target(link.annotation)? {
            LinkTarget::Inside(destination) => self.name_inside(link, destination, calls),
            LinkTarget::Address(address) => self.name_address(link.annotation, &address),
        }
    }

    /// Returns the name that the layout marked within the link.
    fn given_name(&self, link: &Link) -> Option<String> {
        let mut names = self.finish.names.iter().filter(|name| name.page == link.page).peekable();
        names.peek()?;
        let [left, bottom, right, top] = rectangle(self.document, link.annotation)?.map(f64::from);
        let [edge, _, _, height] = super::areas::media_box(self.document, *self.pages.get(link.page)?).ok()?;
        let within = |name: &&LinkName| {
            let (x, y) = (edge + name.left, height - name.top);
            (left - MARK_TOLERANCE..=right + MARK_TOLERANCE).contains(&x)
                && (bottom - MARK_TOLERANCE..=top + MARK_TOLERANCE).contains(&y)
        };
        names.find(within).map(|name| name.name.clone())
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

    /// Returns the name of a link within the document, from the first source that has one: the given title of its destination,
    /// its role as a footnote reference or a link back, the heading at the destination, the name that Typst wrote ("Fig. 1"),
    /// the heading above, the page label.
    fn name_inside(&self, link: &Link, destination: &Object, calls: &[&Link]) -> Option<String> {
        let Sentences { section, page, note, back, .. } = self.finish.sentences;
        let contents = current_contents(self.document, link.annotation);
        if let Some(title) = self.given_title(destination) {
            return Some(fill(section, title));
        }
        let place = self.places.place(self.document, destination);
        match link.part {
            Part::Call => return Some(fill(note, number(note, &contents)?)),
            Part::Back => return Some(fill(back, number(back, &contents).unwrap_or_default())),
            Part::InNote if place.is_some_and(|place| self.calls_a_note(place, calls)) => {
                return Some(fill(back, number(back, &contents).unwrap_or_default()));
            }
            Part::InNote | Part::Plain => {}
        }
        let Some(place) = place else {
            return self.tags.alternative(self.document, link.annotation).map(|text| fill(section, &text));
        };
        let kept = || self.target_named_by_typst(&contents);
        match self.places.title_at(place).or_else(kept).or_else(|| self.places.title_above(place)) {
            Some(title) => Some(fill(section, title)),
            None => Some(fill(page, &self.places.label(place.page))),
        }
    }

    /// Returns whether a footnote reference is at this place. The destination that Typst writes is at the left edge of the
    /// reference, 10 pt above its baseline.
    fn calls_a_note(&self, place: LinkPlace, calls: &[&Link]) -> bool {
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

    /// Returns the name of an address: its given name, the text alternative of the link's content, or the address itself.
    fn name_address(&self, annotation: &Dictionary, address: &str) -> Option<String> {
        let Sentences { section, address: pattern, .. } = self.finish.sentences;
        let addresses = self.finish.addresses;
        let whole = || address.split_once('#').and_then(|(whole, _)| addresses.get(whole));
        let given = addresses.get(address).or_else(whole).cloned();
        if let Some(contact) = address.strip_prefix("mailto:").or_else(|| address.strip_prefix("tel:")) {
            // Typst writes "E-mail contact@exemple.fr" in the language of the text, which is kept if no name is given.
            return given.map(|name| format!("{name} ({contact})"));
        }
        let name = given.or_else(|| self.tags.alternative(self.document, annotation));
        let name = name.as_deref().unwrap_or(address);
        // Another file of the series is not an external site.
        Some(if address.contains("://") { fill(pattern, name).replace("{address}", address) } else { fill(section, name) })
    }
}

/// Returns the present `Contents` of a link.
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

    fn named(sample: SamplePdf, destinations: &[(&str, &str)], addresses: &[(&str, &str)]) -> Result<Vec<String>, FinishError> {
        let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, name)| ((*key).into(), (*name).into())).collect();
        let (destinations, addresses) = (map(destinations), map(addresses));
        let rights = XmpRights { statement: "", web_statement: None, marked: None, owners: &[], usage_terms: None };
        let finish_data = Finish {
            destinations: &destinations,
            addresses: &addresses,
            areas: &[],
            names: &[],
            sentences: FRENCH,
            rights,
            modified: None,
            claims: true,
            lang: "fr",
        };
        let once = finish(&sample.pdf()?, &finish_data)?;
        assert_eq!(contents(&once)?, contents(&finish(&once, &finish_data)?)?, "a second pass changes nothing");
        contents(&once)
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
