//! Checks of language tags, which screen readers and hyphenation use (WCAG 2.2, 3.1.1 and 3.1.2).

use isolang::Language;

use super::line::{Line, OBJECT, Prose};
use super::words::CheckedWords;
use super::{Check, Subject};
use crate::accessibility::Topic;
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity, Span};
use crate::model::{BlockKind, Inline, InlineKind, Linked};

/// R606: an unknown language tag.
pub struct UnknownLanguage;

impl Check for UnknownLanguage {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R606", Group::Check, Severity::Error),
            title: "An unknown language tag.",
            explanation: "\
`{lang=…}` takes an ISO 639 code (two letters if there is such a code, otherwise three), optionally with a region: `en`, `en-GB`,
`oc`, `br`. With an unknown code a screen reader does not know how to pronounce the text. Country codes are not language codes:
`gb` is not `en`.",
        }
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Languages)
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        let mut report = |tag: &str, span: Option<Span>| {
            let primary = tag.split('-').next().unwrap_or_default();
            if Language::from_639_1(primary).or_else(|| Language::from_639_3(primary)).is_some() {
                return;
            }
            let diagnostic = self.meaning().diagnostic(format!("no language has the code \"{primary}\"")).at(span);
            found.push(match intended_language(primary) {
                Some(code) => diagnostic.hint(format!("did you mean \"{code}\"?")),
                None => diagnostic.hint("write a code of ISO 639, such as fr, en, de, es, it, oc, br"),
            });
        };
        for section in &subject.edition.sections {
            if let Some(lang) = &section.lang {
                report(lang, subject.title_place(&section.id));
            }
        }
        subject.blocks(&mut |_, block| {
            if let BlockKind::Passage(lang, _) = &block.kind {
                report(lang, Some(block.span));
            }
        });
        subject.passages(&mut |passage| tags(passage.inlines, &mut |tag, span| report(tag, Some(span))));
    }
}

/// Returns the language that authors usually mean by a country code or another wrong code.
fn intended_language(code: &str) -> Option<&'static str> {
    const COUNTRIES: [(&str, &str); 16] = [
        ("gb", "en"),
        ("uk", "en"),
        ("us", "en"),
        ("eng", "en"),
        ("sp", "es"),
        ("jp", "ja"),
        ("cn", "zh"),
        ("gr", "el"),
        ("dk", "da"),
        ("cz", "cs"),
        ("se", "sv"),
        ("ger", "de"),
        ("fre", "fr"),
        ("gre", "el"),
        ("dut", "nl"),
        ("ua", "uk"),
    ];
    COUNTRIES.iter().find(|(country, _)| *country == code).map(|(_, language)| *language)
}

fn tags(inlines: &[Inline<Linked>], callback: &mut dyn FnMut(&str, Span)) {
    for inline in inlines {
        if let InlineKind::Lang(tag, _) = &inline.kind {
            callback(tag, inline.span);
        }
        tags(inline.kind.inner(), callback);
    }
}

/// R607: a passage that seems to be in another language than its tag.
pub struct OtherLanguage;

/// Minimum number of letters for reliable detection.
const MIN_LETTERS: usize = 160;

/// Maximum number of letters that the detector reads. More letters do not change the result.
const MAX_LETTERS: usize = 240;

impl Check for OtherLanguage {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R607", Group::Check, Severity::Warning),
            title: "A passage that seems to be in another language than its tag.",
            explanation: "\
Pronunciation by screen readers, hyphenation and typography depend on the language tag (WCAG 2.2, 3.1.2). Mark a passage in
another language, or set the language of its section:

    [Nine tides, and never an inch between them.]{lang=en}

    lang = \"en\"           # in the front matter of the section

The check reports only passages of at least 160 letters whose language is certain.",
        }
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Languages)
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        for runs in subject.prose.chunk_by(|one, other| one.section.id == other.section.id) {
            let Some(section) = runs.first().map(|prose| prose.section) else { continue };
            let lang = section.lang.as_deref().unwrap_or(subject.edition.language.tag);
            let mut foreign: Vec<(Language, Span, &str)> = Vec::new();
            let mut counted = 0;
            for prose in runs {
                let (read, enough) = detect(prose);
                counted += usize::from(enough);
                foreign.extend(read.map(|(language, span)| (language, span, prose.lang.as_str())));
            }
            let [first, rest @ ..] = foreign.as_slice() else { continue };
            let name = first.0.to_name();
            let unmarked = foreign.iter().all(|(_, _, tag)| *tag == lang);
            if unmarked && rest.len() * 2 >= counted && counted > 1 && rest.iter().all(|other| other.0 == first.0) {
                let code = first.0.to_639_1().unwrap_or(first.0.to_639_3());
                let message = format!("this section seems to be in {name}, but its language is \"{lang}\"");
                let hint = format!("write lang = \"{code}\" in its front matter");
                found.push(self.meaning().diagnostic(message).at(subject.title_place(&section.id)).hint(hint));
                continue;
            }
            for (language, span, tag) in &foreign {
                let code = language.to_639_1().unwrap_or(language.to_639_3());
                let message = format!("this passage seems to be in {}, but its language is \"{tag}\"", language.to_name());
                let hint = match *tag == lang {
                    true => format!("mark it: […]{{lang={code}}}"),
                    false => format!("correct its mark: lang=\"{code}\""),
                };
                found.push(self.meaning().diagnostic(message).at(*span).hint(hint));
            }
        }
    }
}

/// Returns whether the words before byte `end` are certainly in a language: at least one in ten is a frequent short word of it.
fn is_certainly(line: &Line, end: usize, language: &str) -> bool {
    let Some(CheckedWords { small, .. }) = CheckedWords::of(language) else { return false };
    let is_small = |word: &str| {
        // Removes elided words, as in « qu’elle ».
        let word = word.rsplit(['’', '\'']).next().unwrap_or(word);
        let first = word.bytes().next().map(|byte| byte.to_ascii_lowercase());
        word.len() < 6 && small.iter().any(|known| known.bytes().next() == first && known.eq_ignore_ascii_case(word))
    };
    let (words, _) = line.words.split_at(line.words.partition_point(|range| range.end <= end));
    words.iter().filter_map(|range| line.text.get(range.clone())).filter(|word| is_small(word)).count() * 10 >= words.len()
}

/// Returns the detected language of a passage if it differs from the tag, and whether the passage was long enough for detection.
fn detect(prose: &Prose<'_>) -> (Option<(Language, Span)>, bool) {
    let line = &prose.line;
    let mut letters = line.text.char_indices().filter(|(_, c)| c.is_alphabetic()).map(|(at, _)| at);
    let (Some(first), true) = (line.start(), letters.nth(MIN_LETTERS - 1).is_some()) else { return (None, false) };
    let primary = prose.primary();
    let end = letters.nth(MAX_LETTERS - MIN_LETTERS).unwrap_or(line.text.len());
    // The beginning is enough for most texts. If it consists of names, the whole text is needed.
    if is_certainly(line, end, primary) || is_certainly(line, line.text.len(), primary) {
        return (None, true);
    }
    let read = whatlang::detect(&line.text.get(..end).unwrap_or_default().replace(OBJECT, " "));
    let read = read.filter(|info| info.is_reliable() && info.confidence() > 0.95);
    let read = read.and_then(|info| Language::from_639_3(info.lang().code()));
    // The detection is reliable only if the detector also knows the language of the tag.
    let marked = Language::from_639_1(primary).or_else(|| Language::from_639_3(primary));
    let known = marked.is_some_and(|marked| whatlang::Lang::from_code(marked.to_639_3()).is_some());
    (read.filter(|read| known && Some(*read) != marked).map(|read| (read, first)), true)
}
