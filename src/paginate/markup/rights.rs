//! Rights in the `edition` dictionary: the licence with its exceptions, and the credits of images and documents.

use super::text::{array, string, string_or_none, with_break_opportunities};
use super::{MarkupWriter, block};
use crate::model::plain_text;
use crate::resolve::{Exception, Item, Resolved, Words};

/// Writes the entries `licence`, `sources` and `image-credits`.
pub fn write(w: &mut MarkupWriter, edition: &Resolved) {
    let notice = &edition.notice;
    let licence = &notice.licence;
    w.push(&format!(
        "licence: (id: {}, name: {}, url: {}, title: {}, statement: {}, ",
        string(licence.id),
        string(&licence.name),
        string(&licence.url),
        string(edition.language.terms.licence),
        string(&notice.statement),
    ));
    let whole = notice.whole.and_then(|index| edition.sections.get(index));
    let whole =
        whole.map_or_else(|| "none".into(), |s| format!("(id: {}, title: {})", string(&s.id), string(&plain_text(&s.title))));
    w.push(&format!("whole: {whole}, exceptions: ("));
    edition.exceptions().iter().for_each(|exception| self::exception(w, exception, edition));
    w.push(")),\n");
    w.push("sources: (");
    for source in &edition.sources {
        w.push("[");
        source.iter().for_each(|words| block::words(w, words));
        w.push("], ");
    }
    w.push("),\n");
    let groups = edition.ledger.groups(edition.language).into_iter().map(|(kind, items)| {
        let label = string(kind.heading(edition.language));
        format!("(kind: {}, label: {label}, items: {})", string(kind.name()), array(items.iter().map(item)))
    });
    w.push(&format!("image-credits: {},\n", array(groups)));
}

fn exception(w: &mut MarkupWriter, exception: &Exception, edition: &Resolved) {
    w.push(&format!(
        "(what: {}, holder: {}, date: {}, licence: {}, source: {}, note: {}, text: [",
        string(&exception.what),
        string_or_none(exception.holder.as_deref()),
        string_or_none(exception.date.as_deref()),
        named(exception.licence.as_ref()),
        named(exception.source.as_ref()),
        string_or_none(exception.note.as_deref()),
    ));
    exception.words(edition.language).iter().for_each(|words| block::words(w, words));
    w.push("]), ");
}

fn item(item: &Item) -> String {
    format!(
        "(what: {}, credit: {}, date: {}, licence: {}, source: {})",
        string(&item.what),
        string_or_none(item.credit.as_deref()),
        string_or_none(item.date.as_deref()),
        named(item.licence().as_ref()),
        named(item.origin().as_ref()),
    )
}

fn named(words: Option<&Words>) -> String {
    let text = |words: &Words| if words.url.is_some() { with_break_opportunities(&words.text) } else { words.text.clone() };
    let written = |words: &Words| format!("(name: {}, url: {})", string(&text(words)), string_or_none(words.url.as_deref()));
    words.map_or_else(|| "none".into(), written)
}
