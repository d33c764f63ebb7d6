//! The changes since the earlier releases.

use super::{ReportView, heading};
use crate::model::Direction;
use crate::release::changes::{
    BlockChange, Changes, SectionChange, SectionState, ValueChange, Word, WordChange, left_out, lists, place, start_of_moved,
    state_of,
};
use crate::release::terms::filled;
use crate::report::Html;
use crate::snapshot::language_parts;
use crate::terms::ReleaseTerms;

/// Writes the changes.
pub fn changed(html: &mut Html, view: &ReportView<'_>, t: &ReleaseTerms) {
    let mut title = t.changes.chars();
    let title: String = title.next().map(char::to_uppercase).into_iter().flatten().chain(title).collect();
    match view.comparisons.as_slice() {
        [] => {
            heading(html, "changes", &title);
            html.raw("<p>").text(t.first_release).raw("</p>\n");
        }
        [(_, changes)] => {
            heading(html, "changes", &title);
            comparison(html, changes, t);
        }
        all => {
            for (number, (_, changes)) in all.iter().enumerate() {
                let since = t.since(&changes.old, &changes.new);
                heading(html, &format!("changes-{}", number + 1), &format!("{title} – {}", lower(&since)));
                comparison(html, changes, t);
            }
        }
    }
}

/// Converts the first letter to lower case.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(char::to_lowercase).into_iter().flatten().chain(chars).collect()
}

/// Writes the changes since one release.
fn comparison(html: &mut Html, changes: &Changes, t: &ReleaseTerms) {
    html.raw("<p>").text(&t.between(&changes.old, &changes.new)).raw("</p>\n");
    if changes.has_same_content() {
        html.raw("<p class=\"verdict\">").text(t.no_changes).raw("</p>\n");
    }
    if !changes.declared.is_empty() {
        part(html, &filled(t.declared, &[&changes.new.label]));
        html.raw("<ul>\n");
        for line in &changes.declared {
            html.raw("<li>").text(line).raw("</li>\n");
        }
        html.raw("</ul>\n");
    }
    texts(html, changes, t);
    metadata(html, &changes.metadata, t);
    for (name, list) in lists(changes, t) {
        if list.is_empty() {
            continue;
        }
        part(html, name);
        html.raw("<ul>\n");
        let states =
            [("ins", t.yes_added, &list.added), ("del", t.yes_removed, &list.removed), ("ins", t.yes_replaced, &list.replaced)];
        for (element, state, entries) in states {
            for entry in entries {
                let lang = list.languages.get(entry).map(String::as_str);
                html.raw("<li><bdi>");
                start_language(html, lang);
                marked(html, element, state, entry, lang.map(|_| t.tag));
                end_language(html, lang);
                html.raw("</bdi></li>\n");
            }
        }
        html.raw("</ul>\n");
    }
    part(html, t.pages);
    html.raw("<ul>\n");
    for line in t.page_lines(&changes.pages) {
        html.raw("<li>").text(&line).raw("</li>\n");
    }
    html.raw("</ul>\n");
}

fn part(html: &mut Html, name: &str) {
    html.raw("<h3>").text(name).raw("</h3>\n");
}

fn texts(html: &mut Html, changes: &Changes, t: &ReleaseTerms) {
    if changes.sections.is_empty() {
        return;
    }
    part(html, t.texts);
    for section in &changes.sections {
        html.raw("<h4><bdi>");
        for (part, lang) in language_parts(&section.title, &section.title_languages) {
            in_language(html, lang, part);
        }
        html.raw("</bdi>").text(&state(section, t)).raw("</h4>\n");
        if section.blocks.is_empty() {
            continue;
        }
        html.raw("<ul class=\"blocks\">\n");
        for block in &section.blocks {
            html.raw("<li><b>").text(state_of(block, t)).raw("</b>");
            words(html, block, t);
            html.raw("</li>\n");
        }
        html.raw("</ul>\n");
    }
}

fn state(section: &SectionChange, t: &ReleaseTerms) -> String {
    match section.change {
        SectionState::Added => format!(" ({})", t.section_added),
        SectionState::Removed => format!(" ({})", t.section_removed),
        SectionState::Moved => format!(" ({})", t.section_moved),
        SectionState::Kept => String::new(),
    }
}

fn words(html: &mut Html, block: &BlockChange, t: &ReleaseTerms) {
    if let Some(place) = place(block, t) {
        let (start, end) = place.words.split_once("{}").unwrap_or((place.words, ""));
        html.text(start);
        html.raw("<bdi>");
        in_language(html, place.lang, &place.text);
        html.raw("</bdi>").text(end);
    }
    html.text(t.colon).raw(" <bdi>");
    // Words in one language are a unit for the direction of text, whether they changed or not.
    for run in shown(block).chunk_by(|one, other| one.lang == other.lang) {
        let lang = run.first().and_then(|part| part.lang);
        start_language(html, lang);
        for (at, part) in run.iter().enumerate() {
            // A trailing space inside a right-to-left run would be displayed at its left end.
            let text = if lang.is_some() && at + 1 == run.len() { part.text.trim_end() } else { &part.text };
            match part.change {
                WordChange::Kept => {
                    html.text(text);
                }
                WordChange::Removed => marked(html, "del", t.yes_removed, text, lang.map(|_| t.tag)),
                WordChange::Added => marked(html, "ins", t.yes_added, text, lang.map(|_| t.tag)),
            }
        }
        end_language(html, lang);
        let is_open = lang.is_some() && run.last().is_some_and(|part| part.text.ends_with(char::is_whitespace));
        html.raw(if is_open { " " } else { "" });
    }
    html.raw("</bdi>");
}

/// A part of a changed text, as the report shows it.
struct ShownPart<'a> {
    change: WordChange,
    lang: Option<&'a str>,
    text: String,
}

/// Returns the parts of a changed text that are shown: the changed words, and the unchanged words beside them.
fn shown(block: &BlockChange) -> Vec<ShownPart<'_>> {
    let start = start_of_moved(block).map_or(usize::MAX, |start| start.trim_end_matches('…').len());
    let groups: Vec<&[Word]> = block.words.chunk_by(|one, other| one.change == other.change).collect();
    let mut parts = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let (after, before) = (at > 0, at + 1 < groups.len());
        let text: String = group.iter().map(|word| word.text.as_str()).collect();
        let is_kept = group.first().is_some_and(|word| word.change == WordChange::Kept);
        let hidden = match (is_kept, after || before) {
            (true, true) => left_out(&text, after, before),
            (true, false) => (start < text.len()).then_some(start..text.len()),
            (false, _) => None,
        };
        let hidden = hidden.unwrap_or(text.len()..text.len());
        let mut end = 0;
        for word in *group {
            let start = end;
            end += word.text.len();
            let part = |from: usize, to: usize| text.get(from.clamp(start, end)..to.clamp(start, end)).unwrap_or_default();
            let mut own = part(start, hidden.start).to_owned();
            if (start..end).contains(&hidden.start) {
                own.push_str(if hidden.end < text.len() { "… " } else { "…" });
            }
            own.push_str(part(hidden.end, end));
            parts.push(ShownPart { change: word.change, lang: word.lang.as_deref(), text: own });
        }
    }
    parts.retain(|part| !part.text.is_empty());
    parts
}

/// Writes a text in its language; `None` for the language of the page.
fn in_language(html: &mut Html, lang: Option<&str>, text: &str) {
    start_language(html, lang);
    html.text(text);
    end_language(html, lang);
}

fn start_language(html: &mut Html, lang: Option<&str>) {
    if let Some(lang) = lang {
        html.raw("<span lang=\"").text(lang).raw(&format!("\" dir=\"{}\">", Direction::of(lang).name()));
    }
}

fn end_language(html: &mut Html, lang: Option<&str>) {
    if lang.is_some() {
        html.raw("</span>");
    }
}

/// Writes added or removed words, with hidden words for screen readers, which do not announce these elements. The hidden words
/// have a direction, so that they do not determine the direction of the text. `spoken` is their language, if it is not that of the
/// text around them.
fn marked(html: &mut Html, element: &str, state: &str, text: &str, spoken: Option<&str>) {
    html.raw(&format!("<{element}><span class=\"spoken\" dir=\"ltr\""));
    if let Some(lang) = spoken {
        html.raw(" lang=\"").text(lang).raw("\"");
    }
    html.raw(">").text(state).raw(" </span>").text(text.trim_end()).raw(&format!("</{element}>"));
    html.raw(if text.ends_with(char::is_whitespace) { " " } else { "" });
}

fn metadata(html: &mut Html, values: &[ValueChange], t: &ReleaseTerms) {
    if values.is_empty() {
        return;
    }
    part(html, t.metadata);
    html.raw("<ul>\n");
    for value in values {
        html.raw("<li><b>").text(t.value(&value.name)).raw("</b>").text(t.colon).text(" ");
        marked(html, "del", t.yes_removed, value.old.as_deref().unwrap_or(t.none), None);
        html.raw(" ");
        marked(html, "ins", t.yes_added, value.new.as_deref().unwrap_or(t.none), None);
        html.raw("</li>\n");
    }
    html.raw("</ul>\n");
}
