//! BibTeX: an entry in UTF-8, with the fields of biblatex where BibTeX has none (`subtitle`, `doi`, `langid`).
//!
//! A brace that is escaped with a backslash still counts when BibTeX looks for the end of a field. Unbalanced braces are
//! therefore written as commands, although fewer programs read these.

use super::language::babel;
use super::name::PersonName;
use super::{Extents, Work};
use crate::manifest::{PublicationKind, localized};
use crate::product::Product;
use crate::resolve::Party;

/// The macros for months, which every style defines.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Writes an entry. A report with a publisher is a `techreport`, the only report type of BibTeX, whose field `type` replaces the
/// words "technical report". Another work with a publisher, including an issue of a series, is a `book`, which requires a
/// publisher; `periodical` is for journals. Any other work is a `booklet`.
pub fn write(work: &Work, extents: Extents) -> String {
    let (kind, publisher) = match work.kind {
        _ if work.publishers.is_empty() => ("booklet", "publisher"),
        PublicationKind::Report => ("techreport", "institution"),
        PublicationKind::Book | PublicationKind::Issue => ("book", "publisher"),
    };
    let mut fields: Vec<(&str, String)> = Vec::new();
    let mut field = |name, value: String| {
        if !value.is_empty() {
            fields.push((name, value));
        }
    };
    let authors = work.authors();
    // A citation needs a name.
    let cited = if authors.is_empty() && work.editors().is_empty() { work.responsible() } else { authors };
    field("author", names(&cited));
    field("editor", names(&work.editors()));
    field("translator", names(&work.translators()));
    field("title", group(&work.title));
    field("subtitle", work.subtitle.as_deref().map(group).unwrap_or_default());
    field("series", work.series.as_deref().map(group).unwrap_or_default());
    field("number", work.number.as_deref().map(escaped).unwrap_or_default());
    if kind == "techreport" {
        field("type", localized(["Rapport", "Report"], work.language.0.tag).to_owned());
    }
    field(publisher, work.publishers.iter().map(|party| group(&party.name)).collect::<Vec<_>>().join(" and "));
    field("year", work.date.year.to_string());
    field("note", work.label.as_deref().map(escaped).unwrap_or_default());
    field(
        "pagetotal",
        extents.pages.filter(|_| work.forms.contains(&Product::ScreenPdf)).map(|pages| pages.to_string()).unwrap_or_default(),
    );
    field("isbn", work.hyphenated_isbns().join(" "));
    // Verbatim fields in biblatex.
    field("doi", work.doi.as_deref().map(verbatim).unwrap_or_default());
    field("url", work.doi_address().as_deref().map(verbatim).unwrap_or_default());
    field("langid", work.languages.first().and_then(|tag| babel(tag)).unwrap_or_default().to_owned());
    field("keywords", work.keywords.iter().map(|keyword| keyword_of(keyword)).collect::<Vec<_>>().join(", "));
    field("abstract", work.description.as_deref().map(escaped).unwrap_or_default());
    field("copyright", escaped(&work.licence_name));
    let mut out = format!("@{kind}{{{},\n", key(&work.stem));
    for (name, value) in fields {
        out.push_str(&format!("  {name} = {{{value}}},\n"));
        if name == "year" {
            // A macro has no braces.
            let month = MONTHS.get(usize::from(work.date.month).saturating_sub(1));
            out.extend(month.map(|month| format!("  month = {month},\n")));
            out.extend(work.date.day.map(|_| format!("  date = {{{}}},\n", work.date.iso())));
        }
    }
    out.push_str("}\n");
    out
}

/// Returns the key of the entry: the file name without accents, with `-` for each character that a key cannot have.
fn key(stem: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let plain = stem.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    plain.map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).collect()
}

fn names(parties: &[&Party]) -> String {
    parties
        .iter()
        .map(|party| if party.organisation { group(&party.name) } else { person(party) })
        .collect::<Vec<_>>()
        .join(" and ")
}

/// Returns the name of a person: `von Last, Jr., First`.
fn person(party: &Party) -> String {
    let name = PersonName::of(party);
    if name.given.is_empty() && name.particle.is_empty() {
        return group(&name.family);
    }
    let last = match (name.particle.as_str(), part(&name.family)) {
        ("", family) => family,
        // An elided particle has no space after it, so it is part of the family name.
        (particle, _) if particle.ends_with(['\'', '’']) => group(&format!("{particle}{}", name.family)),
        (particle, family) => format!("{} {family}", escaped(particle)),
    };
    let parts = [last, part(&name.suffix), part(&name.given)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Returns a part of a name, in braces if BibTeX would divide it: at a comma, at `and`, or at a word in lower case, which it
/// treats as a particle.
fn part(text: &str) -> String {
    let divides = |word: &str| word.starts_with(char::is_lowercase) || word.eq_ignore_ascii_case("and");
    if text.contains(',') || text.split_whitespace().any(divides) { group(text) } else { escaped(text) }
}

/// Returns a keyword, in braces if it contains the separator of the list.
fn keyword_of(text: &str) -> String {
    if text.contains(',') { group(text) } else { escaped(text) }
}

/// Returns a text in braces, so that its words are kept together and its capitals are not changed.
fn group(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{{{}}}", escaped(text)) }
}

/// Escapes the characters that are commands in LaTeX.
fn escaped(text: &str) -> String {
    let braces = if is_balanced(text) { ["\\{", "\\}"] } else { ["\\textbraceleft{}", "\\textbraceright{}"] };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' => out.push_str(braces[0]),
            '}' => out.push_str(braces[1]),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Returns whether every brace has its counterpart.
fn is_balanced(text: &str) -> bool {
    let depth = text.chars().try_fold(0_usize, |depth, c| match c {
        '{' => Some(depth + 1),
        '}' => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}

/// Returns an identifier or address for a verbatim field. Braces and backslashes, which would end the field or begin a command,
/// are percent-encoded.
fn verbatim(text: &str) -> String {
    text.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_commands_and_keeps_braces_balanced() {
        for (text, wanted) in [
            ("100 % & $5 #1 a_b", "100 \\% \\& \\$5 \\#1 a\\_b"),
            ("~ ^ \\", "\\textasciitilde{} \\textasciicircum{} \\textbackslash{}"),
            ("a {b} c", "a \\{b\\} c"),
            ("a } b", "a \\textbraceright{} b"),
            ("}{", "\\textbraceright{}\\textbraceleft{}"),
            ("Été – « œuvre »", "Été – « œuvre »"),
        ] {
            assert_eq!(escaped(text), wanted);
            let depth = wanted.chars().fold(0, |depth, c| depth + i32::from(c == '{') - i32::from(c == '}'));
            assert_eq!(depth, 0, "{wanted}");
        }
    }

    #[test]
    fn keys_have_only_plain_characters() {
        assert_eq!(key("été-2023-05"), "ete-2023-05");
        assert_eq!(key("a b#c,d"), "a-b-c-d");
    }

    #[test]
    fn braces_keep_parts_of_names_together() {
        assert_eq!(part("Le Garrec"), "Le Garrec");
        assert_eq!(part("Vidal de la Blache"), "{Vidal de la Blache}");
        assert_eq!(part("Smith And Sons"), "{Smith And Sons}");
        assert_eq!(part("Doe, Inc."), "{Doe, Inc.}");
    }
}
