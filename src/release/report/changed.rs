//! The changes since the earlier releases.

use super::{ReportView, heading};
use crate::release::changes::{
    BlockChange, Changes, SectionChange, SectionState, ValueChange, WordChange, context, lists, place, start_of_moved, state_of,
};
use crate::release::terms::filled;
use crate::report::Html;
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

/// Writes the first letter in lower case.
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
                html.raw("<li><bdi>");
                marked(html, element, state, entry);
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
        html.raw("<h4><bdi>").text(&section.title).raw("</bdi>").text(&state(section, t)).raw("</h4>\n");
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
    html.text(&place(block, t)).text(t.colon).text(" ");
    if let Some(start) = start_of_moved(block) {
        html.raw("<bdi>").text(&start).raw("</bdi>");
        return;
    }
    html.raw("<bdi>");
    let last = block.words.len().saturating_sub(1);
    for (at, word) in block.words.iter().enumerate() {
        match word.change {
            WordChange::Kept => {
                html.text(&if last > 0 { context(word, at > 0, at < last) } else { word.text.clone() });
            }
            WordChange::Removed => marked(html, "del", t.yes_removed, &word.text),
            WordChange::Added => marked(html, "ins", t.yes_added, &word.text),
        }
    }
    html.raw("</bdi>");
}

/// Writes added or removed words, with hidden words for screen readers, which do not announce these elements. The hidden words
/// have a direction, so that they do not determine the direction of the text.
fn marked(html: &mut Html, element: &str, state: &str, text: &str) {
    html.raw(&format!("<{element}><span class=\"spoken\" dir=\"ltr\">")).text(state).raw(" </span>").text(text.trim_end());
    html.raw(&format!("</{element}>")).raw(if text.ends_with(char::is_whitespace) { " " } else { "" });
}

fn metadata(html: &mut Html, values: &[ValueChange], t: &ReleaseTerms) {
    if values.is_empty() {
        return;
    }
    part(html, t.metadata);
    html.raw("<ul>\n");
    for value in values {
        html.raw("<li><b>").text(t.value(&value.name)).raw("</b>").text(t.colon).text(" ");
        marked(html, "del", t.yes_removed, value.old.as_deref().unwrap_or(t.none));
        html.raw(" ");
        marked(html, "ins", t.yes_added, value.new.as_deref().unwrap_or(t.none));
        html.raw("</li>\n");
    }
    html.raw("</ul>\n");
}
