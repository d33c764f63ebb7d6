//! Placeholders that were not replaced, from hints or from the example of `reliure new`.

use super::accessibility::images;
use super::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity, Span};

/// R674: a placeholder that was not replaced.
pub struct Placeholder;

/// Texts in the example of `reliure new` that authors must replace.
pub const EXAMPLES: [&str; 6] = [
    "Nom de l’organisme qui publie",
    "Prénom Nom",
    "Une ou deux phrases qui présentent la publication dans les catalogues.",
    "Name of the publishing organisation",
    "First Last",
    "One or two sentences that present the publication in catalogues.",
];

/// Words that mark a missing text. They are matched as whole words.
const MARKS: [&str; 5] = ["TODO", "FIXME", "XXX", "Lorem ipsum", "à compléter"];

impl Check for Placeholder {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R674", Group::Check, Severity::Warning),
            title: "A placeholder that was left.",
            explanation: "\
The text is `…`, an example text that `reliure new` wrote, or contains a mark such as TODO. It would appear in the products or in
catalogues. Write the text, or remove the key.

    credit = \"Ruth Hale\"      # not credit = \"…\"",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        let mut report = |text: &str, span: Option<Span>, hint: &str| {
            found.push(self.meaning().diagnostic(format!("\"{text}\" is a placeholder")).at(span).hint(hint));
        };
        for span in subject.entry.declared(subject.sources) {
            let written = subject.sources.get(span.source).and_then(|source| source.text.get(span.start..span.end));
            let value = written.unwrap_or_default().trim_matches(['"', '\'']);
            if is_placeholder(value) {
                report(value, Some(span), "write the text, or remove the key");
            } else if let Some(mark) = MARKS.into_iter().find(|mark| find_word(value, mark).is_some()) {
                report(mark, Some(span), "write the text in its place");
            }
        }
        images(subject, &mut |image, span| {
            if let Some(alt) = image.alt.as_deref().filter(|alt| is_placeholder(alt) || *alt == "description") {
                report(alt, Some(span), "describe what the image shows, between the brackets: ![A heron below the lock.](…)");
            }
        });
        for prose in subject.prose {
            let line = &prose.line;
            for mark in MARKS {
                if let Some(at) = find_word(&line.text, mark) {
                    report(mark, line.place(at..at + mark.len(), subject.sources), "write the text in its place");
                }
            }
        }
    }
}

/// Returns whether a text is a placeholder: an ellipsis, an address that ends with one, or a text of the example.
fn is_placeholder(text: &str) -> bool {
    let bare = text.trim();
    matches!(bare, "…" | "..." | "https://…" | "https://...") || EXAMPLES.contains(&bare)
}

/// Returns the byte offset of the first occurrence of a word or phrase in a text.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let alone = |at: usize| {
        let before = text.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric));
        let after = text.get(at + word.len()..).is_some_and(|after| after.starts_with(char::is_alphanumeric));
        !before && !after
    };
    text.match_indices(word).map(|(at, _)| at).find(|at| alone(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_words_only() {
        assert_eq!(find_word("TODO: write", "TODO"), Some(0));
        assert_eq!(find_word("le TODOS, mais TODO", "TODO"), Some(15));
        assert_eq!(find_word("MASTODON", "TODO"), None);
        assert!(is_placeholder(" … ") && is_placeholder("First Last") && !is_placeholder("wait…"));
    }
}
