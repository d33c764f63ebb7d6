//! Spelling and punctuation mistakes, which micro-typography does not correct because it never changes letters.

use std::ops::Range;

use super::line::{Line, Prose};
use super::words::CheckedWords;
use super::{Check, Subject};
use crate::characters::ends_sentence;
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};

/// A finding in a line: its byte range, message and hint.
type Finding = (Range<usize>, String, String);

/// Reports the findings of `find` in each run of text.
fn report(meaning: &Meaning, subject: &Subject<'_>, found: &mut Diagnostics, find: impl Fn(&Prose<'_>) -> Vec<Finding>) {
    for prose in subject.prose {
        for (range, message, hint) in find(prose) {
            found.push(meaning.diagnostic(message).at(prose.line.place(range, subject.sources)).hint(hint));
        }
    }
}

/// Reports the findings of `find` in each run of text whose language has [`CheckedWords`].
fn report_known(
    meaning: &Meaning,
    subject: &Subject<'_>,
    found: &mut Diagnostics,
    find: impl Fn(&Line, &CheckedWords) -> Vec<Finding>,
) {
    report(meaning, subject, found, |prose| {
        CheckedWords::of(prose.primary()).map(|words| find(&prose.line, words)).unwrap_or_default()
    });
}

/// R641: a word written twice in a row.
pub struct DoubledWord;

impl Check for DoubledWord {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R641", Group::Check, Severity::Warning),
            title: "A word written twice in a row.",
            explanation: "\
A doubled word is easily overlooked at the end of a line. Pairs that are correct, such as « nous nous » or \"had had\", are not
reported.",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        report_known(&self.meaning(), subject, found, doubled);
    }
}

fn doubled(line: &Line, words: &CheckedWords) -> Vec<Finding> {
    let pairs = line.words.windows(2).filter_map(|pair| {
        let (first, second) = (line.text.get(pair[0].clone())?, line.text.get(pair[1].clone())?);
        let between = line.text.get(pair[0].end..pair[1].start)?;
        if first != second {
            return None;
        }
        // Names (« Baden Baden ») and numbers may be repeated, and a word in capitals may be a label.
        let plain = first.chars().all(|c| c.is_lowercase() || matches!(c, '’' | '\''));
        let blank = !between.is_empty() && between.chars().all(char::is_whitespace) && !between.contains('\n');
        let same = plain && blank && !words.doubled.contains(&first);
        same.then(|| (pair[1].clone(), format!("\"{second}\" is written twice"), "delete one of them".to_owned()))
    });
    pairs.collect()
}

/// R642: a French capital without its accent.
pub struct BareCapital;

impl Check for BareCapital {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R642", Group::Check, Severity::Warning),
            title: "A French capital without its accent.",
            explanation: "\
Capitals keep their accents (Lexique de l’Imprimerie nationale): « École », « À la fin ». Without them a screen reader
mispronounces the word, and a search does not find it. The check knows a short list of words, and « A » where only « À » is
correct.",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        report_known(&self.meaning(), subject, found, bare_capitals);
    }
}

fn bare_capitals(line: &Line, language: &CheckedWords) -> Vec<Finding> {
    let words = &line.words;
    let mut found = Vec::new();
    for (at, range) in words.iter().enumerate() {
        let Some(word) = line.text.get(range.clone()).filter(|word| word.bytes().any(|byte| language.initials.contains(&byte)))
        else {
            continue;
        };
        let stem = word.rsplit(['’', '\'']).next().unwrap_or(word);
        let start = range.end - stem.len();
        if let Some((_, right)) = language.capitals.iter().find(|(bare, _)| *bare == stem) {
            found.push((start..range.end, format!("\"{stem}\" lacks the accent of its capital"), format!("write \"{right}\"")));
        }
        if word == "A" && !language.after_a.is_empty() && opens_sentence(line, range.start) {
            let next = words.get(at + 1).and_then(|next| line.text.get(next.clone())).unwrap_or_default();
            let follows = next.starts_with("l’") || next.starts_with("l'");
            let apart = words.get(at + 1).is_some_and(|next| line.text.get(range.end..next.start) == Some(" "));
            if apart && (follows || language.after_a.contains(&next)) {
                let shown = format!("\"A {next}\" lacks the accent of its capital");
                found.push((range.clone(), shown, format!("write \"À {next}\"")));
            }
        }
    }
    found
}

fn opens_sentence(line: &Line, at: usize) -> bool {
    let before = line.text.get(..at).unwrap_or_default().trim_end();
    let opens = |c: char| ends_sentence(c) || matches!(c, '«' | '“' | '—' | '–' | ':' | '(');
    before.is_empty() || before.ends_with(opens)
}

/// R643: a quotation mark or bracket without its counterpart.
pub struct UnpairedMark;

impl Check for UnpairedMark {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R643", Group::Check, Severity::Warning),
            title: "A quotation mark or bracket without its counterpart.",
            explanation: "\
Within a paragraph, each « “ ( [ needs its » ” ) ]. A quotation of several paragraphs may leave them open: allow it with a reason,
or use a block quotation, which needs no marks.",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        report(&self.meaning(), subject, found, |prose| unpaired(&prose.line));
    }
}

const MARKS: [(char, char); 4] = [('«', '»'), ('“', '”'), ('(', ')'), ('[', ']')];

fn unpaired(line: &Line) -> Vec<Finding> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut alone: Vec<(usize, char, char)> = Vec::new();
    for (at, c) in line.text.char_indices() {
        if !matches!(c, '«' | '»' | '“' | '”' | '(' | ')' | '[' | ']') {
            continue;
        }
        if MARKS.iter().any(|(opens, _)| *opens == c) {
            open.push((at, c));
        } else if let Some((opens, _)) = MARKS.iter().find(|(_, closes)| *closes == c) {
            match open.iter().rposition(|(_, other)| other == opens) {
                Some(index) => {
                    open.remove(index);
                }
                // « a) » and « 1) » number items, and emoticons end with a bracket.
                None if c == ')' && ends_number_or_emoticon(&line.text, at) => {}
                None => alone.push((at, c, *opens)),
            }
        }
    }
    let closing = |c: char| MARKS.iter().find(|(opens, _)| *opens == c).map_or(c, |(_, closes)| *closes);
    let smiles = |at: usize| line.text.get(..at).is_some_and(|before| before.ends_with([':', ';', '-']));
    alone.extend(open.into_iter().filter(|(at, c)| !(*c == '(' && smiles(*at))).map(|(at, c)| (at, c, closing(c))));
    alone.sort_unstable();
    // In English ” may mark a possessive or feet; German quotations open with “.
    let reported =
        alone.into_iter().filter(|(_, c, _)| *c != '”' && *c != '“' || line.text.contains('“') && line.text.contains('”'));
    reported
        .map(|(at, c, other)| {
            (
                at..at + c.len_utf8(),
                format!("this \"{c}\" has no \"{other}\" in its paragraph"),
                format!("add the \"{other}\", or delete the \"{c}\""),
            )
        })
        .collect()
}

fn ends_number_or_emoticon(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let word: String = before.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '°').collect();
    let smile = before.trim_end_matches(')');
    smile.ends_with([':', ';', '-', '\'', '=', '^']) || (!word.is_empty() && word.chars().count() <= 3)
}

/// R644: « etc. » followed by an ellipsis.
pub struct EtCetera;

impl Check for EtCetera {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R644", Group::Check, Severity::Warning),
            title: "« etc. » followed by an ellipsis.",
            explanation: "\
« etc. » already means that the list continues, so no ellipsis follows it (Lexique de l’Imprimerie nationale).",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        report_known(&self.meaning(), subject, found, |line, _| {
            let dots =
                |end: &str| end.starts_with("...") || end.starts_with('…') || end.starts_with(".…") || end.starts_with("..");
            let hits = line.text.match_indices("etc").filter(|(at, word)| {
                let joined = line.text.get(..*at).is_some_and(|before| before.ends_with(char::is_alphanumeric));
                !joined && line.text.get(at + word.len()..).is_some_and(dots)
            });
            hits.map(|(at, word)| (at..at + word.len(), "\"etc.\" is followed by dots".to_owned(), "write \"etc.\"".to_owned()))
                .collect()
        });
    }
}

/// R645: a space before a comma or full stop, or no space after it.
pub struct SpaceBeforeComma;

impl Check for SpaceBeforeComma {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R645", Group::Check, Severity::Warning),
            title: "A space before a comma or full stop, or no space after it.",
            explanation: "\
A comma or full stop follows its word without a space, and is followed by one: « un, deux », not « un ,deux ».",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        report_known(&self.meaning(), subject, found, |line, _| misplaced_spaces(line));
    }
}

fn misplaced_spaces(line: &Line) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, sign) in line.text.match_indices([',', '.']) {
        let (before, after) = line.text.split_at(at);
        let mut before = before.chars().rev();
        let (previous, earlier) = (before.next().unwrap_or('\n'), before.next());
        let next = after.chars().nth(1).unwrap_or('\n');
        let word_before = earlier.is_some_and(|c| c.is_alphanumeric() || c == '»');
        if previous == ' ' && word_before && (next == ' ' || next == '\n' || sign == "," && next.is_alphabetic()) {
            found.push((at - 1..at + 1, format!("there is a space before this \"{sign}\""), "delete the space".into()));
        } else if sign == "," && previous.is_alphabetic() && next.is_alphabetic() && !is_tuple(&line.text, at) {
            found.push((at..at + 1, "no space follows this comma".into(), "add a space after it".into()));
        }
    }
    found
}

/// Returns whether a comma separates the members of a tuple, such as `(x,y)` or `f(a,b,c)`: single letters or numbers between brackets.
fn is_tuple(text: &str, comma: usize) -> bool {
    let (before, after) = text.split_at(comma);
    let opened = before.rfind(['(', '[', '{']).and_then(|at| before.get(at + 1..));
    let closed = after.find([')', ']', '}']).and_then(|at| after.get(1..at));
    let single = |member: &str| {
        let member = member.trim();
        member.chars().count() <= 2 || member.chars().all(|c| c.is_ascii_digit())
    };
    opened.zip(closed).is_some_and(|(before, after)| before.split(',').chain(after.split(',')).all(single))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Finder = dyn Fn(&Line) -> Vec<Finding>;

    fn hits(text: &str, find: &Finder) -> Vec<String> {
        let line = Line::plain(text);
        find(&line).into_iter().map(|(range, _, _)| text[range].to_owned()).collect()
    }

    #[test]
    fn finds_doubled_words_but_not_usual_pairs() {
        let french: &Finder = &|line| doubled(line, CheckedWords::of("fr").unwrap());
        assert_eq!(hits("le le chat dort, dort bien", french), ["le"]);
        for right in ["nous nous voyons", "Baden Baden", "pas à pas, pas à pas", "il l’a, a-t-on dit", "cha cha\ncha"] {
            assert!(hits(right, french).iter().all(|word| word == "cha"), "{right}");
        }
        assert!(hits("he had had enough", &|line| doubled(line, CheckedWords::of("en").unwrap())).is_empty());
    }

    #[test]
    fn finds_capitals_without_accent() {
        let french = CheckedWords::of("fr").unwrap();
        assert!(french.capitals.iter().all(|(bare, _)| french.initials.contains(&bare.as_bytes()[0])));
        let find: &Finder = &|line| bare_capitals(line, CheckedWords::of("fr").unwrap());
        assert_eq!(hits("L’Etat et l'Ecole. A la fin. Alors A et B.", find), ["Etat", "Ecole", "A"]);
        assert!(hits("À la fin, l’État. Le groupe A la suit. Vitamine A. Etienne", find).is_empty());
    }

    #[test]
    fn finds_unpaired_marks() {
        assert_eq!(hits("« mot (un) [deux] » (trois", &unpaired), ["("]);
        assert_eq!(hits("un mot »", &unpaired), ["»"]);
        for right in [
            "a) un ; b) deux",
            "bien :-)",
            "bien :(",
            "merci ;-))",
            "oui :)))",
            "(« mot »)",
            "un 12\" et 5’",
            "2) encore",
            "“mot”",
        ] {
            assert!(hits(right, &unpaired).is_empty(), "{right}");
        }
    }

    #[test]
    fn finds_misplaced_spaces() {
        assert_eq!(hits("un ,deux , trois . Quatre,cinq", &misplaced_spaces), [" ,", " ,", " .", ","]);
        assert!(hits("1,5 et 3.2, v2.0 (.md), a, b. .gitignore (x,y) f(a,b,c1) [i,j]", &misplaced_spaces).is_empty());
    }
}
