//! Accessibility of images, tables and links (WCAG 2.2, EPUB Accessibility 1.1).

use std::collections::BTreeMap;

use super::line::Line;
use super::{Check, Subject};
use crate::accessibility::Topic;
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity, Span};
use crate::model::{BlockKind, Image, Inline, InlineKind, Linked, Target, placed_cells, plain_text};

/// R601: an alternative text that is a file name.
pub struct AltIsFileName;

impl Check for AltIsFileName {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R601", Group::Check, Severity::Error),
            title: "An alternative text that is a file name.",
            explanation: "\
A screen reader would read the file name aloud, which conveys nothing (WCAG 2.2, 1.1.1, failure F30). Describe the image instead:

    ![A heron waits below the third lock.](images/IMG_4321.jpg)",
        }
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::AlternativeTexts)
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        images(subject, &mut |image, span| {
            let Some(alt) = image.alt.as_deref().map(str::trim) else { return };
            let path = subject.edition.assets.get(image.asset).map_or("", |asset| asset.path.as_str());
            let file = path.rsplit('/').next().unwrap_or(path);
            let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
            if looks_like_file(alt) || alt.eq_ignore_ascii_case(file) || is_serial(stem) && alt.eq_ignore_ascii_case(stem) {
                let message = format!("the alternative text \"{alt}\" is the name of a file");
                found.push(self.meaning().diagnostic(message).at(span).hint("describe what the image shows: ![…](…)"));
            }
        });
    }
}

fn looks_like_file(alt: &str) -> bool {
    const EXTENSIONS: [&str; 11] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "tif", "tiff", "bmp", "heic", "pdf"];
    let extension = alt.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    !alt.contains(' ') && extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

/// Returns whether a file name looks generated: `IMG_4321`, `DSC-0042`, `image12`, `figure-3`.
fn is_serial(stem: &str) -> bool {
    let letters = stem.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | ' '));
    letters.len() < stem.len() && !letters.contains([' ', '-', '_'])
}

/// R602: an alternative text that is redundant or too long.
pub struct UnhelpfulAlt;

/// Maximum length of an alternative text in characters. It is read aloud without pauses, so longer descriptions belong in the
/// text.
const MAX_ALT_LENGTH: usize = 400;

impl Check for UnhelpfulAlt {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R602", Group::Check, Severity::Warning),
            title: "An alternative text that is redundant or too long.",
            explanation: "\
A screen reader announces each image, so \"image of\" at the start of the text is redundant. A text that repeats the caption is read
twice. A text of more than 400 characters cannot be paused or navigated: keep the essentials, and describe the rest in the text.",
        }
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::AlternativeTexts)
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        images(subject, &mut |image, span| {
            let Some(alt) = image.alt.as_deref().map(str::trim) else { return };
            let same = |caption: &str| caption.trim().trim_end_matches('.') == alt.trim_end_matches('.');
            let (message, hint) = if announces_image(alt) {
                ("the alternative text announces that it is an image", "start with what the image shows")
            } else if same(&plain_text(&image.caption)) {
                ("the alternative text repeats the caption", "describe what the image shows and the caption does not")
            } else if alt.chars().count() > MAX_ALT_LENGTH {
                ("the alternative text is too long to be read aloud", "keep the essentials, and describe the rest in the text")
            } else {
                return;
            };
            found.push(self.meaning().diagnostic(message).at(span).hint(hint));
        });
    }
}

fn announces_image(alt: &str) -> bool {
    const OPENINGS: [&str; 10] = [
        "image de ",
        "image d",
        "image of ",
        "image montrant",
        "photo de ",
        "photo d",
        "picture of ",
        "photo of ",
        "illustration de ",
        "image représentant",
    ];
    let alt = alt.to_lowercase().replace('\'', "’");
    OPENINGS.iter().any(|opening| match opening.strip_suffix(" d") {
        Some(_) => alt.starts_with(&format!("{opening}’")),
        None => alt.starts_with(opening),
    })
}

/// R603: a table column without a header.
pub struct EmptyTableHeader;

impl Check for EmptyTableHeader {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R603", Group::Check, Severity::Error),
            title: "A table with a column that has no header.",
            explanation: "\
A screen reader reads the header of the column before each cell (WCAG 2.2, 1.3.1; PDF/UA-1, 7.5). Every column needs a header in the
first row. Only the header of the first column may be empty, because this column often contains the names of the rows.

    | Station | High water | Low water |
    |---------|-----------:|----------:|",
        }
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Tables)
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        subject.blocks(&mut |_, block| {
            let BlockKind::Table(table) = &block.kind else { return };
            let columns = table.columns.len();
            let mut named = vec![false; columns];
            for cell in placed_cells(&table.header).iter().filter(|placed| placed.cell.has_accessible_name()) {
                named.iter_mut().skip(cell.column).take(cell.cell.columns).for_each(|named| *named = true);
            }
            let empty: Vec<usize> = named.iter().zip(1..).filter(|(named, _)| !**named).map(|(_, number)| number).collect();
            // The corner cell above the row names may be empty.
            if empty.is_empty() || empty == [1] && columns > 1 {
                return;
            }
            let message = match empty.as_slice() {
                all if all.len() == columns => "the header row of this table is empty".to_owned(),
                [one] => format!("column {one} of this table has no header"),
                some => format!("columns {} of this table have no header", listed(some)),
            };
            let missing =
                self.meaning().diagnostic(message).at(block.span).hint("write the header of each column in the first row");
            found.push(subject.edition.strictness.soften(missing, "these columns are read aloud without a header"));
        });
    }
}

fn listed(numbers: &[usize]) -> String {
    numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// R604: a link text that does not describe the target.
pub struct VagueLink;

/// Link texts that do not describe the target, without surrounding punctuation.
const VAGUE: &[&str] = &[
    "ici",
    "là",
    "cliquez ici",
    "cliquer ici",
    "par ici",
    "ce lien",
    "lien",
    "le lien",
    "ce site",
    "cette page",
    "lire",
    "lire la suite",
    "la suite",
    "en savoir plus",
    "plus d’informations",
    "plus d’infos",
    "voir",
    "voir plus",
    "télécharger",
    "suite",
    "plus",
    "source",
    "here",
    "click here",
    "this",
    "this link",
    "link",
    "this page",
    "this site",
    "read more",
    "more",
    "learn more",
    "see more",
    "download",
    "details",
    "go",
];

impl Check for VagueLink {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R604", Group::Check, Severity::Warning),
            title: "A link whose text does not describe its target.",
            explanation: "\
Many people navigate from link to link and hear only the texts of the links: \"here, here, here\" (WCAG 2.2, 2.4.4). Use the name
of the target as the text of the link.

    not    Read the report [here](https://example.org/report).
    but    Read the [report on the third lock](https://example.org/report).",
        }
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Links)
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        links(subject, &mut |_, _, text, span| {
            if VAGUE.contains(&normalized(text).as_str()) {
                let message = format!("the link \"{}\" does not describe its target", text.trim());
                let hint = "use the name of the target as the text of the link";
                found.push(self.meaning().diagnostic(message).at(span).hint(hint));
            }
        });
    }
}

/// Returns the text of a link in the form used for comparison: lower case, one kind of apostrophe, no surrounding punctuation.
fn normalized(text: &str) -> String {
    let text = text.to_lowercase().replace('\'', "’");
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// R608: links of one section with the same text and different targets.
pub struct SameLinkText;

impl Check for SameLinkText {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R608", Group::Check, Severity::Warning),
            title: "Links of one section with the same text and different targets.",
            explanation: "\
In a list of the links of a page, two links with the same text cannot be distinguished (WCAG 2.2, 2.4.4 and 2.4.9). Make one of
the texts more specific.",
        }
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Links)
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        let mut first_links: BTreeMap<(String, String), (Target, Span)> = BTreeMap::new();
        links(subject, &mut |section, target, text, span| {
            let words = normalized(text);
            if words.is_empty() || VAGUE.contains(&words.as_str()) {
                return;
            }
            match first_links.get(&(section.to_owned(), words.clone())) {
                Some((first, place)) if !first.is_same_place(target) => {
                    let message = format!("two links of this section have the text \"{}\" and different targets", text.trim());
                    let diagnostic = self.meaning().diagnostic(message).at(span).related(*place, "the first link");
                    found.push(diagnostic.hint("change the text of one of them"));
                }
                Some(_) => {}
                None => {
                    first_links.insert((section.to_owned(), words), (target.clone(), span));
                }
            }
        });
    }
}

/// Calls `callback` with every image, block or inline, and its location.
pub fn images(subject: &Subject<'_>, callback: &mut dyn FnMut(&Image, Span)) {
    subject.blocks(&mut |_, block| {
        if let BlockKind::Figure(image) = &block.kind {
            callback(image, block.span);
        }
    });
    subject.passages(&mut |passage| inline_images(passage.inlines, callback));
}

fn inline_images(inlines: &[Inline<Linked>], callback: &mut dyn FnMut(&Image, Span)) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Image(image) => callback(image, inline.span),
            kind => inline_images(kind.inner(), callback),
        }
    }
}

/// Calls `callback` with the section id, target, text and location of every link that has a text.
fn links(subject: &Subject<'_>, callback: &mut dyn FnMut(&str, &Target, &str, Span)) {
    subject.passages(&mut |passage| {
        links_in(passage.inlines, &mut |target, text, span| callback(&passage.section.id, target, text, span))
    });
}

fn links_in(inlines: &[Inline<Linked>], callback: &mut dyn FnMut(&Target, &str, Span)) {
    for inline in inlines {
        if let InlineKind::Link(target, _, inner) = &inline.kind {
            let line = Line::of(inner);
            if !line.text.trim().is_empty() {
                callback(target, &plain_text(inner), inline.span);
            }
        }
        links_in(inline.kind.inner(), callback);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_file_names() {
        for name in ["photo.png", "IMG_4321.JPG", "scan-12.tiff"] {
            assert!(looks_like_file(name), "{name}");
        }
        for words in ["A heron", "version 2.0", "le site example.org", "Fig. 3"] {
            assert!(!looks_like_file(words), "{words}");
        }
        assert!(is_serial("IMG_4321") && is_serial("image12") && !is_serial("coupe") && !is_serial("deux-mers-3"));
    }

    #[test]
    fn recognizes_texts_that_announce_an_image() {
        for alt in ["Image de la mer", "Photo d'un phare", "Picture of a lock", "Photo de groupe"] {
            assert!(announces_image(alt), "{alt}");
        }
        for alt in ["Imagerie médicale", "Photographe au travail", "Deux photos d’un phare", "Photo"] {
            assert!(!announces_image(alt), "{alt}");
        }
    }

    #[test]
    fn ignores_case_and_punctuation_of_link_texts() {
        assert!(VAGUE.contains(&normalized("Cliquez ici !").as_str()) && VAGUE.contains(&normalized("« ici »").as_str()));
        assert!(VAGUE.contains(&normalized("Plus d'infos").as_str()) && !VAGUE.contains(&normalized("Ici Paris").as_str()));
    }
}
