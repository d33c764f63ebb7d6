//! Finds addresses in running text, which the rules must not change.

use std::ops::Range;

use crate::characters::is_trailing_punctuation;

/// Every address contains at least one of these characters.
pub const SIGNS: &str = ":\\@w";

/// Finds URLs, e-mail addresses and Windows paths.
pub fn find(chars: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < chars.len() {
        let end = (from..chars.len()).find(|at| delimits(chars[*at])).unwrap_or(chars.len());
        let word = &chars[from..end];
        let may = word.iter().any(|c| matches!(c, ':' | '\\' | '@' | 'w'));
        if let Some(range) = may.then(|| in_word(word)).flatten() {
            found.push(from + range.start..from + range.end);
        }
        from = end + 1;
    }
    found
}

fn delimits(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”' | super::run::OBJECT)
}

fn in_word(word: &[char]) -> Option<Range<usize>> {
    let start = url(word).or_else(|| path(word));
    match start {
        Some(start) => Some(start..trimmed(word, start)),
        None => email(word),
    }
}

/// Returns the start of a URL, such as `scheme://…`, `mailto:…` or `www.…`.
fn url(word: &[char]) -> Option<usize> {
    let scheme = |end: usize| {
        let start = (0..end).rev().take_while(|at| word[*at].is_ascii_alphanumeric() || "+-.".contains(word[*at])).last();
        start.filter(|start| *start < end)
    };
    if let Some(colon) = word.windows(3).position(|part| part == [':', '/', '/']) {
        return scheme(colon);
    }
    if let Some(colon) = word.iter().position(|c| *c == ':')
        && let Some(start) = scheme(colon)
        && ["mailto", "doi", "tel", "urn"].iter().any(|known| known.chars().eq(word[start..colon].iter().copied()))
        && word.len() > colon + 1
    {
        return Some(start);
    }
    let www = |at: &usize| word[*at..].starts_with(&['w', 'w', 'w', '.']) && (*at == 0 || !word[at - 1].is_alphanumeric());
    (0..word.len()).find(www)
}

/// Returns the start of a path: `C:\…`, `\\server` or any word with a backslash.
fn path(word: &[char]) -> Option<usize> {
    word.contains(&'\\').then(|| word.iter().position(|c| !"([{'".contains(*c)).unwrap_or(0))
}

/// Finds `name@host.tld`.
fn email(word: &[char]) -> Option<Range<usize>> {
    let at = word.iter().position(|c| *c == '@')?;
    let local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    let start = (0..at).rev().take_while(|i| local(word[*i])).last()?;
    let host = word[at + 1..].iter().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).count();
    let end = trimmed(&word[..at + 1 + host], start);
    word.get(at + 1..end).is_some_and(|host| host.contains(&'.')).then_some(start..end)
}

/// Returns the end of an address, without the punctuation of the sentence around it.
fn trimmed(word: &[char], start: usize) -> usize {
    let mut end = word.len();
    let balance = |open: char, close: char| {
        let count = |wanted: char| word[start..].iter().filter(|c| **c == wanted).count();
        count(open) < count(close)
    };
    let (parenthesis, bracket) = (balance('(', ')'), balance('[', ']'));
    while end > start {
        let closes = match word[end - 1] {
            ')' => parenthesis,
            ']' => bracket,
            c => is_trailing_punctuation(c),
        };
        if !closes {
            break;
        }
        end -= 1;
    }
    end
}
