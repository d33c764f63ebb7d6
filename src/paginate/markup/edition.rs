//! The `edition` dictionary that a layout receives.

use std::collections::BTreeSet;

use super::super::pictures::own_path;
use super::text::{array, string, string_or_none};
use super::{GeneratedFile, MarkupWriter, blocks_import, inline, rights};
use crate::manifest::Numerals;
use crate::model::{
    BlockKind, CalloutKind, Colour, Inline, InlineKind, Linked, ModelNode, SectionPart, TextPosition, breakable, plain_text,
    split_long_words, visit,
};
use crate::resolve::{Accent, Credit, OptionValue, Party, Resolved, Section, TEXT, code};
use crate::workspace::{Layout, SYMBOL_FAMILIES};

/// Writes `edition.typ`, and `dated.typ` with the values that differ between editions of the same text. The values are in two
/// files because Typst numbers the spans of a file in order: a change in a file invalidates the cached layout of its whole
/// content.
pub fn write(layout: &Layout, edition: &Resolved) -> [GeneratedFile; 2] {
    [dated(layout, edition), shared(layout, edition)]
}

fn dated(layout: &Layout, edition: &Resolved) -> GeneratedFile {
    let mut w = MarkupWriter::default();
    w.push(&blocks_import(layout));
    w.push("#let ctx = (:)\n#let dated = (\n");
    identity(&mut w, edition);
    rights::write(&mut w, edition);
    entry(&mut w, "credits", &array(edition.credits.iter().map(|credit| self::credit(credit, edition))));
    w.push(")\n");
    w.finish("dated.typ".into())
}

fn shared(layout: &Layout, edition: &Resolved) -> GeneratedFile {
    let mut w = MarkupWriter { is_value: true, ..MarkupWriter::default() };
    w.push(&blocks_import(layout));
    w.push("#import \"/dated.typ\": dated\n#import \"/page.typ\" as sheet\n#let ctx = (:)\n#let edition = (\n..dated,\n");
    entry(&mut w, "page", "(width: sheet.width, height: sheet.height)");
    entry(&mut w, "bleed", "sheet.bleed");
    entry(&mut w, "gutter", "sheet.gutter");
    entry(&mut w, "options", &dictionary(edition.options.iter().map(|(key, value)| (key.as_str(), option(value)))));
    entry(&mut w, "brand", &brand(edition));
    entry(&mut w, "terms", &terms(edition));
    w.push("sections: (\n");
    edition.sections.iter().for_each(|section| self::section(&mut w, section, edition));
    w.push("),\n)\n");
    w.finish("edition.typ".into())
}

fn entry(w: &mut MarkupWriter, key: &str, value: &str) {
    w.push(&format!("{key}: {value},\n"));
}

fn dictionary<'a>(entries: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let inner: String = entries.into_iter().map(|(key, value)| format!("{}: {value}, ", string(key))).collect();
    if inner.is_empty() { "(:)".into() } else { format!("({inner})") }
}

fn identity(w: &mut MarkupWriter, edition: &Resolved) {
    entry(w, "lang", &string(edition.language.tag));
    entry(w, "region", &string_or_none(edition.language.region));
    entry(w, "title", &string(&edition.title));
    entry(w, "subtitle", &string_or_none(edition.subtitle.as_deref()));
    entry(w, "description", &string_or_none(edition.description.as_deref()));
    entry(w, "period", &string_or_none(edition.period.as_deref()));
    entry(w, "keywords", &array(edition.keywords.iter().map(|word| string(word))));
    entry(w, "authors", &array(edition.authors().into_iter().map(string)));
    let series = edition.series.as_ref().map_or_else(|| "none".into(), |title| format!("(title: {})", string(title)));
    entry(w, "series", &series);
    let publisher = edition.publisher.as_ref().map_or_else(|| "none".into(), |publisher| party(publisher, edition));
    entry(w, "publisher", &publisher);
    entry(w, "id", &string(&edition.edition.id));
    entry(w, "date-label", &string(&edition.edition.date_label));
    entry(w, "label", &string_or_none(edition.edition.label.as_deref()));
    let listed = |label: &str, items: &[String]| {
        format!("(label: {}, items: {})", string(label), array(items.iter().map(|item| string(item))))
    };
    let changes = edition.edition.changes.as_ref().map(|changes| listed(&changes.label, &changes.items));
    let erratum = edition.edition.erratum.as_ref().map(|erratum| listed(&erratum.label, &erratum.items));
    entry(w, "changes", changes.as_deref().unwrap_or("none"));
    entry(w, "erratum", erratum.as_deref().unwrap_or("none"));
}

fn credit(credit: &Credit, edition: &Resolved) -> String {
    let names = array(credit.parties.iter().map(|party| self::party(party, edition)));
    format!("(label: {}, names: {names})", string(&credit.label))
}

fn party(party: &Party, edition: &Resolved) -> String {
    let logo = party.logo.as_ref().and_then(|(asset, alt)| {
        let asset = edition.assets.get(*asset)?;
        Some(format!("(path: {}, alt: {})", string(&format!("/{}", own_path(asset))), string(alt)))
    });
    format!(
        "(name: {}, kind: {}, url: {}, affiliation: {}, orcid: {}, wordmark: {}, logo: {})",
        string(&party.name),
        string(if party.organisation { "organisation" } else { "person" }),
        string_or_none(party.page()),
        string_or_none(party.shown_affiliation()),
        string_or_none(party.shown_orcid()),
        string_or_none(party.wordmark.as_deref()),
        logo.unwrap_or_else(|| "none".into()),
    )
}

fn option(value: &OptionValue) -> String {
    let ids = |ids: &Vec<String>| array(ids.iter().map(|id| string(id)));
    match value {
        OptionValue::Bool(value) => value.to_string(),
        OptionValue::Integer(value) => value.to_string(),
        OptionValue::String(value) => string(value),
        OptionValue::Sections(list) => ids(list),
        OptionValue::SectionGroups(groups) => array(groups.iter().map(ids)),
    }
}

fn colour(colour: Colour) -> String {
    format!("rgb({})", string(&colour.hex()))
}

fn accent(accent: &Accent) -> String {
    format!(
        "(base: {}, tint: {}, mid: {}, on-base: {}, on-tint: {})",
        colour(accent.base),
        colour(accent.tint),
        colour(accent.mid),
        colour(accent.on_base),
        colour(accent.on_tint)
    )
}

fn brand(edition: &Resolved) -> String {
    let brand = &edition.brand;
    let families = |names: &[String]| array(names.iter().map(|name| string(name)).chain(symbols()));
    let colours = [
        ("foreground", brand.foreground),
        ("background", brand.background),
        ("surface", brand.surface),
        ("muted", brand.muted),
        ("primary", brand.primary),
        ("highlight", brand.highlight),
    ];
    let fonts = [
        ("base", &brand.fonts.base),
        ("headings", &brand.fonts.headings),
        ("interface", &brand.fonts.interface),
        ("monospace", &brand.fonts.monospace),
    ];
    let numerals = match brand.numerals {
        Numerals::Lining => "lining",
        Numerals::OldStyle => "old-style",
    };
    dictionary([
        ("colour", dictionary(colours.map(|(key, value)| (key, colour(value))))),
        ("code", dictionary(code::colours(brand.surface, TEXT).map(|(kind, value)| (kind.name(), colour(value))))),
        ("accents", array(brand.accents.iter().map(accent))),
        ("font", dictionary(fonts.map(|(key, names)| (key, families(names))))),
        ("scale", brand.scale.to_string()),
        ("numerals", string(numerals)),
    ])
}

/// Returns the fallback families at the end of every font list: emoji for characters with emoji presentation and for keycaps,
/// which begin with a digit, `#` or `*`, then symbols, then the other emoji.
fn symbols() -> impl Iterator<Item = String> {
    let emoji = SYMBOL_FAMILIES
        .last()
        .map(|emoji| format!("(name: {}, covers: regex(\"[\\\\p{{Emoji_Presentation}}0-9#*]\"))", string(emoji)));
    emoji.into_iter().chain(SYMBOL_FAMILIES.map(string))
}

fn terms(edition: &Resolved) -> String {
    let terms = edition.language.terms;
    let words = [
        ("contents", terms.contents),
        ("cover", terms.cover),
        ("done", terms.done),
        ("to-do", terms.to_do),
        ("back-to-cover", terms.back_to_cover),
        ("page", terms.page),
        ("licence", terms.licence),
        ("credits", terms.credits),
        ("notes", terms.notes),
        ("published", terms.published),
        ("go-to", terms.go_to),
        ("navigation", terms.navigation),
        ("video", terms.video),
        ("exceptions", terms.exceptions),
        ("exceptions-at", terms.exceptions_at),
        ("sources", terms.sources),
        ("credit", terms.credit),
        ("item-licence", terms.item_licence),
        ("item-source", terms.item_source),
    ];
    let callouts = CalloutKind::ALL.map(|(name, kind)| (name, terms.callout(kind)));
    dictionary(words.into_iter().chain(callouts).map(|(key, word)| (key, string(word))))
}

/// Returns the names of the generated parts, such as `credits`, that the blocks of a section show.
fn shown(section: &Section) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    visit(&section.body, &mut |part| {
        let ModelNode::Block(block) = part else { return };
        names.extend(match block.kind {
            BlockKind::Credits => Some("credits"),
            BlockKind::Licence(_) => Some("licence"),
            BlockKind::ImageCredits => Some("image-credits"),
            BlockKind::Imprint => Some("imprint"),
            BlockKind::Changes => Some("changes"),
            _ => None,
        });
    });
    names
}

fn section(w: &mut MarkupWriter, section: &Section, edition: &Resolved) {
    let accents = &edition.brand.accents;
    let index = section.accent % accents.len().max(1);
    w.push(&format!(
        "(id: {}, number: {}, title: {}, nav: {}, heading: ",
        string(&section.id),
        section.number,
        string(&plain_text(&section.title)),
        string(&plain_text(&section.nav)),
    ));
    words(w, &section.title, edition, &section.id);
    w.push(", label: ");
    words(w, &section.nav, edition, &section.id);
    w.push(&format!(
        ", lang: {}, language: ({}), accent-number: {}, accent: {}, shows: {}, lead: ",
        string_or_none(section.lang.as_deref()),
        inline::section_language(edition, &section.id),
        index + 1,
        accents.get(index).map_or_else(|| "none".into(), accent),
        array(shown(section).into_iter().map(string)),
    ));
    if section.lead.is_empty() {
        w.push("none");
    } else {
        w.push("[");
        w.expanded.clear();
        w.next_node = Some(TextPosition { part: SectionPart::Lead, ..TextPosition::section(section.number) });
        inline::inlines(w, &section.lead, edition, &section.id);
        w.next_node = None;
        w.push("]");
    }
    w.push("),\n");
}

/// Writes a title: as content if it has markup or a word that is long enough to be broken, otherwise as a string, which layouts
/// can split.
fn words(w: &mut MarkupWriter, text: &[Inline<Linked>], edition: &Resolved, scope: &str) {
    let is_plain = |inline: &Inline<Linked>| match &inline.kind {
        InlineKind::Text(text) | InlineKind::Literal(text) => breakable(text).len() < 2 && split_long_words(text).len() < 2,
        _ => false,
    };
    if text.iter().all(is_plain) {
        w.push(&string(&plain_text(text)));
        return;
    }
    w.expanded.clear();
    w.push("[");
    inline::inlines(w, text, edition, scope);
    w.push("]");
}
