//! The law that no word of a source is lost: each word of a Markdown text is in its model, or a diagnostic covers it.
//!
//! A word is a sequence of letters and digits. The words of the source are found without the parser of the tool: names and keys for
//! the tool, such as the name of a container, are recognised by their form, and are exempt. The words of the model are those of all
//! its strings. Both are compared as multisets. `xhtml` and `typst` compare the model with the outputs.

use std::collections::BTreeMap;

use reliure::diagnostic::{Sources, Strictness};
use reliure::stages::parse;

/// Checks a body, in a file with valid front matter.
pub fn body_law(body: &str) {
    law(&format!("+++\ntitle = \"T\"\n+++\n{body}"));
}

/// Checks the file of a section. A text with errors has no model.
pub fn law(text: &str) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lost = lost(&text);
    assert!(lost.is_empty(), "{lost:?} are lost from {text:?}");
}

/// Returns the words of a text that are neither in its model nor covered by a diagnostic.
pub fn lost(text: &str) -> WordCount {
    let source = Sources::default().add("drawn.md", text);
    let Ok((section, warnings)) = parse(source, "drawn", text, Strictness::Lenient) else { return WordCount::new() };
    let mut known = WordCount::new();
    let model = format!(
        "{:?}",
        (&section.title, &section.nav, &section.lang, &section.id, &section.lead, &section.body, &section.remarks)
    );
    count(&strings(&model), &mut known);
    let covered = warnings.into_list().iter().filter_map(|d| d.span).map(|span| (span.start, span.end)).collect();
    without(typed(text, covered), &known)
}

/// Words, each with the number of its occurrences.
pub type WordCount = BTreeMap<String, usize>;

/// Returns the words of a source except names, keys and those in the byte ranges `covered` of diagnostics.
pub fn typed(text: &str, mut covered: Vec<(usize, usize)>) -> WordCount {
    covered.sort_unstable();
    let mut words = WordCount::new();
    count(&prose(text, &covered), &mut words);
    words
}

/// Returns the words that occur more often than in `known`.
pub fn without(mut words: WordCount, known: &WordCount) -> WordCount {
    words.retain(|word, times| {
        *times = times.saturating_sub(known.get(word).copied().unwrap_or_default());
        *times > 0
    });
    words
}

/// Adds the words of a text.
pub fn count(text: &str, words: &mut WordCount) {
    // An address in the text can be a link, which starts a word of its own.
    let text = ["http://", "https://", "www."]
        .into_iter()
        .fold(text.to_owned(), |text, start| text.replace(start, &format!(" {start}")));
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *words.entry(word.to_owned()).or_default() += 1;
    }
}

/// Returns the contents of the string literals of a debug format, separated by spaces.
fn strings(debug: &str) -> String {
    let mut out = String::new();
    let mut chars = debug.chars();
    while let Some(c) = chars.next() {
        if c != '"' {
            continue;
        }
        out.push(' ');
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => match chars.next() {
                    Some('u') => {
                        let number: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                        out.extend(u32::from_str_radix(&number, 16).ok().and_then(char::from_u32));
                    }
                    Some('n' | 't' | 'r' | '0') => out.push(' '),
                    Some(c) => out.push(c),
                    None => {}
                },
                c => out.push(c),
            }
        }
    }
    out
}

/// Attributes whose values are names for the tool or numbers.
const NAMES: [&str; 12] =
    ["kind", "headers", "form", "badge", "style", "width", "start", "align", "ids", "edition", "since", "except"];

/// Replaces the comments of a text by spaces. Comments in code are text.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    // The mark of a fence ends code only if it is alone in its line and as long as the mark that opened it.
    let closes = |open: &str, line: &str| line.starts_with(open) && line.trim_end().chars().all(|c| open.starts_with(c));
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start_matches([' ', '>', '-', '*']);
        let mark = start.len() - start.trim_start_matches(['`', '~']).len();
        let is_mark = mark >= 3 && !start[mark..].contains('`');
        match fence {
            None if is_mark && !inside => fence = start.get(..mark),
            Some(open) if closes(open, start) => fence = None,
            _ => {}
        }
        let mut rest = line;
        while fence.is_none() {
            let (kept, after) = match (inside, rest.find("<!--"), rest.find("-->")) {
                (false, Some(at), _) => (&rest[..at], &rest[at + 4..]),
                (true, _, Some(at)) => ("", &rest[at + 3..]),
                _ => break,
            };
            out.push_str(kept);
            out.push(' ');
            inside = !inside;
            rest = after;
        }
        out.push_str(if inside && fence.is_none() { "\n" } else { rest });
    }
    out
}

/// Returns the text of a source without the ranges that diagnostics cover, and without names and keys.
fn prose(text: &str, covered: &[(usize, usize)]) -> String {
    let mut bare: Vec<char> = Vec::with_capacity(text.len());
    let mut spans = covered.iter().peekable();
    let mut end = 0;
    for (at, c) in text.char_indices() {
        while let Some((_, to)) = spans.next_if(|(from, _)| *from <= at) {
            end = end.max(*to);
        }
        // The marks of code are kept: without the first, the last would start code.
        bare.push(if at < end && !matches!(c, '\n' | '`' | '~') { ' ' } else { c });
    }
    let bare = without_comments(&bare.into_iter().collect::<String>());
    let mut out = String::new();
    let mut front = 0;
    for line in bare.lines() {
        if front < 2 && line.trim_end() == "+++" {
            front += 1;
        } else if front == 1 {
            out.push_str(line.split_once('=').map_or("", |(_, value)| value));
        } else {
            out.push_str(&body_line(line));
        }
        out.push('\n');
    }
    // The extension of a source file in the address of a link.
    inline_names(&out.replace(".md)", ")").replace(".md#", "#"))
}

/// Removes the names and keys of a line of Markdown that depend on its start.
fn body_line(line: &str) -> String {
    let mut rest = line;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t', '>', '-', '+', '*', '|', ':']);
        let digits = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let mark = &trimmed[digits..];
        if rest.trim_start().starts_with(":::") {
            let info = rest.trim_start().trim_start_matches(':').trim_start();
            return info.trim_start_matches(|c: char| c.is_alphanumeric() || c == '-').to_owned();
        } else if (1..=9).contains(&digits) && mark.starts_with(['.', ')']) {
            rest = &mark[1..];
        } else if trimmed.len() < rest.len() {
            rest = trimmed;
        } else {
            break;
        }
    }
    if let Some(fence) = ["```", "~~~"].into_iter().find(|fence| rest.starts_with(fence)) {
        let info = rest.trim_start_matches(fence.chars().next().unwrap_or('`'));
        // Attributes of code, except a title, are keys of other tools. A single diagnostic reports all of those in a file.
        let lang = info.trim_start().split([',', '{', ' ']).next().unwrap_or_default();
        let title = ["title=", "filename="].into_iter().find_map(|key| info.split_once(key)).map_or("", |(_, value)| value);
        let quote = title.chars().next().filter(|c| matches!(c, '"' | '\''));
        let title = quote.and_then(|quote| title.get(1..)?.split(quote).next()).unwrap_or_default();
        return format!("{lang} {title}");
    }
    for task in ["[x] ", "[X] ", "[!NOTE]", "[!TIP]", "[!IMPORTANT]", "[!WARNING]", "[!CAUTION]"] {
        rest = rest.strip_prefix(task).unwrap_or(rest);
    }
    // The definition of a link: it is not printed.
    let defines = rest.starts_with('[') && !rest.starts_with("[^") && rest.contains("]:");
    if defines { String::new() } else { rest.to_owned() }
}

/// Removes keys of attributes, names of notes and of links, tags, and character references.
fn inline_names(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '<' => tag(rest),
            '&' => rest
                .find(';')
                .filter(|end| *end < 12 && rest[1..*end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#'))
                .map(|end| (end + 1, String::new())),
            '[' if rest.starts_with("[^") => {
                rest.find(']').filter(|end| !rest[..*end].contains('\n')).map(|end| (end + 1, String::new()))
            }
            ']' if rest.starts_with("][") => rest.find_from(2).map(|end| (end + 1, String::new())),
            '{' => rest
                .find('}')
                .filter(|end| !rest[..*end].contains('\n'))
                .map(|end| (end + 1, inline_names(&values(&rest[1..end])))),
            _ => None,
        };
        match skipped {
            Some((length, kept)) => {
                if c == '&' {
                    // A word with a character reference in it.
                    out.truncate(out.trim_end_matches(char::is_alphanumeric).len());
                    rest = rest[length..].trim_start_matches(char::is_alphanumeric);
                    continue;
                }
                out.push(' ');
                out.push_str(&kept);
                out.push(' ');
                rest = &rest[length..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

/// Reads a tag. Returns its length, and the values of the attributes whose names are not in [`NAMES`].
fn tag(text: &str) -> Option<(usize, String)> {
    let name = text[1..].trim_start_matches('/');
    let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.split('>').next().is_some_and(|name| name.contains(['@', ':']) && !name.contains('='));
    if text.starts_with("<!--") || !is_tag {
        return None;
    }
    // The content of a script is not text: the diagnostic of the tag says that it is left out.
    if name.get(..6).is_some_and(|name| name.eq_ignore_ascii_case("script")) && !text.starts_with("</") {
        let end = text.find("</script>").map_or(text.len(), |end| end + "</script>".len());
        return Some((end, String::new()));
    }
    let end = text.find('>')?;
    let inner = text.get(1..end).filter(|inner| !inner.contains('<'))?.trim_start_matches('/');
    let name = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(inner.len());
    Some((end + 1, inline_names(&values(&inner[name..]))))
}

/// Returns the values of attributes whose names are not in [`NAMES`].
fn values(attributes: &str) -> String {
    let mut out = String::new();
    let mut rest = attributes;
    while let Some(at) = rest.find('=') {
        let key = rest[..at].rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
        // Ids precede the first key. Classes are names for other tools.
        let before = &rest[..at - key.len()];
        out.push_str(&without_classes(before));
        let value = &rest[at + 1..];
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let body = quote.map_or(value, |quote| &value[quote.len_utf8()..]);
        let end = match quote {
            Some(quote) => body.find(quote).unwrap_or(body.len()),
            None => body.find(char::is_whitespace).unwrap_or(body.len()),
        };
        if !NAMES.contains(&key) {
            out.push_str(&body[..end]);
        }
        out.push(' ');
        rest = &body[end..];
        rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    }
    out.push_str(&without_classes(rest));
    out
}

fn without_classes(attributes: &str) -> String {
    attributes.split(' ').filter(|word| !word.starts_with('.')).collect::<Vec<_>>().join(" ")
}

/// Finds the end of the second pair of brackets of a link.
trait FindFrom {
    fn find_from(&self, start: usize) -> Option<usize>;
}

impl FindFrom for str {
    fn find_from(&self, start: usize) -> Option<usize> {
        let end = start + self.get(start..)?.find([']', '\n'])?;
        self[end..].starts_with(']').then_some(end)
    }
}
