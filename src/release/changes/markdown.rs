//! `changes.md`: the changes as Markdown, in the language of the publication.

use std::ops::Range;

use super::words::{Word, WordChange};
use super::{BlockChange, BlockState, Changes, ListChange, SectionChange, SectionState};
use crate::release::terms::{filled, terms};
use crate::terms::ReleaseTerms;

/// Number of unchanged words that are shown on each side of a change.
const CONTEXT: usize = 8;

/// Formats as Markdown the changes of a release since each of several earlier releases, in the order of `all`.
pub fn markdown(all: &[&Changes]) -> String {
    let Some(first) = all.first() else { return String::new() };
    let t = terms(&first.language);
    let title = format!("# {} – {}\n", plain(&first.title), t.changes);
    if let [changes] = all {
        return title + &comparison(changes, t, "##");
    }
    let part = |changes: &&Changes| format!("\n## {}\n{}", t.since(&changes.old, &changes.new), comparison(changes, t, "###"));
    title + &all.iter().map(part).collect::<String>()
}

/// Formats the changes since one release. `level` is the prefix of its headings: `##`.
fn comparison(changes: &Changes, t: &ReleaseTerms, level: &str) -> String {
    let mut out = format!("\n{}\n", t.between(&changes.old, &changes.new));
    if !changes.declared.is_empty() {
        out.push_str(&format!("\n{level} {}\n\n", filled(t.declared, &[&changes.new.label])));
        changes.declared.iter().for_each(|line| out.push_str(&format!("- {}\n", plain(line))));
    }
    if changes.has_same_content() {
        out.push_str(&format!("\n{}\n", t.no_changes));
    }
    if !changes.metadata.is_empty() {
        out.push_str(&format!("\n{level} {}\n\n", t.metadata));
        for value in &changes.metadata {
            let shown = |value: &Option<String>| value.as_deref().map_or_else(|| t.none.to_owned(), plain);
            out.push_str(&format!("- {}{} {} → {}\n", t.value(&value.name), t.colon, shown(&value.old), shown(&value.new)));
        }
    }
    if !changes.sections.is_empty() {
        out.push_str(&format!("\n{level} {}\n", t.texts));
        changes.sections.iter().for_each(|changed| section(&mut out, changed, t, level));
    }
    for (heading, list) in lists(changes, t) {
        self::list(&mut out, &format!("{level} {heading}"), list, t);
    }
    pages(&mut out, changes, t, level);
    out
}

/// Returns the lists with their headings.
pub fn lists<'a>(changes: &'a Changes, t: &ReleaseTerms) -> [(&'static str, &'a ListChange); 6] {
    [
        (t.links, &changes.links),
        (t.credits, &changes.credits),
        (t.rights, &changes.rights),
        (t.resources, &changes.resources),
        (t.images, &changes.images),
        (t.files, &changes.files),
    ]
}

fn section(out: &mut String, section: &SectionChange, t: &ReleaseTerms, level: &str) {
    let state = match section.change {
        SectionState::Added => format!(" ({})", t.section_added),
        SectionState::Removed => format!(" ({})", t.section_removed),
        SectionState::Moved => format!(" ({})", t.section_moved),
        SectionState::Kept => String::new(),
    };
    out.push_str(&format!("\n{level}# {}{state}\n\n", plain(&section.title)));
    for block in &section.blocks {
        let place = place(block, t).map(|place| filled(place.words, &[&place.text])).unwrap_or_default();
        out.push_str(&format!("- **{}**{}{} {}\n", state_of(block, t), plain(&place), t.colon, words(block)));
    }
}

/// Returns the word for the change of a block.
pub fn state_of(block: &BlockChange, t: &ReleaseTerms) -> &'static str {
    match block.change {
        BlockState::Added => t.added,
        BlockState::Removed => t.removed,
        BlockState::Moved => t.moved,
        BlockState::Reworded => t.reworded,
        BlockState::MovedAndReworded => t.moved_and_reworded,
    }
}

/// The earlier position of a moved block.
pub struct EarlierPlace<'a> {
    /// The words for it, with `{}` for the text.
    pub words: &'static str,
    /// The title of its section, or the start of the following block.
    pub text: String,
    /// Language of the text, if it is not the language of the publication.
    pub lang: Option<&'a str>,
}

/// Returns the earlier position of a moved block.
pub fn place<'a>(block: &'a BlockChange, t: &ReleaseTerms) -> Option<EarlierPlace<'a>> {
    let (words, text, lang) = match (&block.from, &block.before) {
        (Some(section), _) => (t.from_section, section.title.clone(), section.lang.as_deref()),
        (None, Some(before)) => (t.from_before, shortened(before, CONTEXT), block.before_lang.as_deref()),
        (None, None) => return None,
    };
    Some(EarlierPlace { words, text, lang })
}

fn words(block: &BlockChange) -> String {
    if let Some(start) = start_of_moved(block) {
        return plain(&start);
    }
    // Markdown has no marks for languages.
    let groups = block.words.chunk_by(|one, other| one.change == other.change);
    let joined = |group: &[Word]| -> String { group.iter().map(|word| word.text.as_str()).collect() };
    let words: Vec<Word> =
        groups.filter_map(|group| Some(Word { change: group.first()?.change, text: joined(group), lang: None })).collect();
    let reworded = words.len() > 1;
    let last = words.len().saturating_sub(1);
    let mut out = String::new();
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).map(|next| if next.change == WordChange::Kept { next.text.as_str() } else { "*" });
        let part = match word.change {
            WordChange::Kept if reworded => plain(&context(&word.text, at > 0, at < last)),
            WordChange::Added if reworded => marked(&ADDED, &word.text, &out, next.unwrap_or_default()),
            WordChange::Removed => marked(&REMOVED, &word.text, &out, next.unwrap_or_default()),
            WordChange::Kept | WordChange::Added => plain(&word.text),
        };
        out.push_str(&part);
    }
    out.trim_end().to_owned()
}

/// The Markdown delimiters of a change, and the HTML tag that is used where they would not be parsed as delimiters.
struct ChangeMarks {
    mark: &'static str,
    tag: &'static str,
}

const ADDED: ChangeMarks = ChangeMarks { mark: "**", tag: "ins" };
const REMOVED: ChangeMarks = ChangeMarks { mark: "~~", tag: "del" };

/// Shortens an unchanged run to the words beside a change.
fn context(text: &str, after: bool, before: bool) -> String {
    match left_out(text, after, before) {
        Some(range) => format!("{}… {}", text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Returns the byte range of an unchanged run that is left out, because it is far from any change; `None` if the run is short.
/// `after` states whether the run follows a change, and `before` whether a change follows it.
pub fn left_out(text: &str, after: bool, before: bool) -> Option<Range<usize>> {
    let words = super::words::split(text);
    let wanted = CONTEXT * (usize::from(after) + usize::from(before));
    let length = |words: Option<&[&str]>| words.unwrap_or_default().iter().map(|word| word.len()).sum::<usize>();
    let start = if after { length(words.get(..CONTEXT)) } else { 0 };
    let end = if before { length(words.get(words.len().saturating_sub(CONTEXT)..)) } else { 0 };
    (words.len() > wanted + 1).then(|| start..text.len() - end)
}

/// Returns the first words of a block that moved and did not change.
pub fn start_of_moved(block: &BlockChange) -> Option<String> {
    let text = || block.words.iter().map(|word| word.text.as_str()).collect::<String>();
    (block.change == BlockState::Moved).then(|| shortened(text().trim_end(), 2 * CONTEXT))
}

fn shortened(text: &str, count: usize) -> String {
    let words = super::words::split(text);
    match words.get(..count).filter(|_| words.len() > count) {
        Some(start) => format!("{}…", start.concat().trim_end()),
        None => text.to_owned(),
    }
}

/// Marks words, leaving surrounding spaces outside. `before` and `after` are the texts around them.
fn marked(marks: &ChangeMarks, text: &str, before: &str, after: &str) -> String {
    let inner = plain(text.trim());
    if inner.is_empty() {
        return text.to_owned();
    }
    let spaces = if text.ends_with(char::is_whitespace) { " " } else { "" };
    let following = if spaces.is_empty() { after.chars().next() } else { None };
    let ChangeMarks { mark, tag } = marks;
    match can_delimit(before.chars().last(), inner.chars().next()) && can_delimit(following, inner.chars().last()) {
        true => format!("{mark}{inner}{mark}{spaces}"),
        false => format!("<{tag}>{inner}</{tag}>{spaces}"),
    }
}

/// Returns whether a delimiter run between two characters opens or closes emphasis (CommonMark 0.31.2, 6.2): the inner character is
/// not punctuation, or the outer one is white space, punctuation or the end of the line.
fn can_delimit(outer: Option<char>, inner: Option<char>) -> bool {
    inner.is_none_or(char::is_alphanumeric) || outer.is_none_or(|c| !c.is_alphanumeric())
}

fn list(out: &mut String, heading: &str, list: &ListChange, t: &ReleaseTerms) {
    if list.is_empty() {
        return;
    }
    out.push_str(&format!("\n{heading}\n\n"));
    for (state, entries) in [(t.added, &list.added), (t.removed, &list.removed), (t.replaced, &list.replaced)] {
        entries.iter().for_each(|entry| out.push_str(&format!("- **{state}**{} {}\n", t.colon, plain(entry))));
    }
}

fn pages(out: &mut String, changes: &Changes, t: &ReleaseTerms, level: &str) {
    let pages = &changes.pages;
    let lines: Vec<String> = t.page_lines(pages).collect();
    if pages.old + pages.new > 0 {
        out.push_str(&format!("\n{level} {}\n\n", t.pages));
        lines.iter().for_each(|line| out.push_str(&format!("- {line}\n")));
    }
}

/// Escapes Markdown and joins lines.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '~' | '#' | '|' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_are_shortened_beside_changes() {
        let text = (1..=30).map(|number| format!("w{number} ")).collect::<String>();
        assert_eq!(context(&text, false, true), "… w23 w24 w25 w26 w27 w28 w29 w30 ");
        assert_eq!(context(&text, true, false), "w1 w2 w3 w4 w5 w6 w7 w8 … ");
        assert_eq!(context("a b ", true, true), "a b ");
    }

    #[test]
    fn text_is_never_markup() {
        assert_eq!(plain("a*b_c <i>\n#"), "a\\*b\\_c \\<i\\> \\#");
        assert_eq!(marked(&ADDED, "mai ", "", ""), "**mai** ");
        assert_eq!(marked(&ADDED, ", every day", "the harbour", " of"), "<ins>, every day</ins>");
        assert_eq!(marked(&REMOVED, "(Shore)", "Author", ""), "<del>(Shore)</del>");
        assert_eq!(marked(&REMOVED, "(Shore)", "Author ", "."), "~~(Shore)~~");
    }
}
