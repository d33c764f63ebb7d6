//! Ids of sections and headings.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Derives an id from a title: lower case, without accents, with hyphens between words. It is never empty and never starts with a
/// digit.
pub fn slug(title: &str) -> String {
    let mut out = String::new();
    for c in title.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    let out = out.trim_end_matches('-');
    match out.chars().next() {
        None => "section".into(),
        Some(first) if first.is_ascii_digit() => format!("s-{out}"),
        Some(_) => out.into(),
    }
}

/// Returns whether an id is valid in XHTML, links and PDF: a letter, followed by letters, digits, `-`, `_` and `.`.
pub fn is_valid_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_ids_from_titles() {
        assert_eq!(slug("Données de recherche"), "donnees-de-recherche");
        assert_eq!(slug("L’œuvre & l’Été"), "l-oeuvre-l-ete");
        assert_eq!(slug("2023"), "s-2023");
        assert_eq!(slug("日本"), "section");
        for title in ["01-intro", "été", "日本", "a b", "-", "1.2"] {
            assert!(is_valid_id(&slug(title)), "{title}");
        }
    }
}
