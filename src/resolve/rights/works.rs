//! Sources and declared exceptions as items of the ledger.

use super::ledger::{Inclusion, Item, ItemKind, Words};
use crate::diagnostic::Diagnostics;
use crate::manifest::SourceKind;
use crate::resolve::language::Language;
use crate::resolve::licence::{self, warning};
use crate::resolve::scope::Scope;

/// Returns the items of `[[sources]]`, and a sentence for each.
pub fn sources(scope: &Scope<'_>, found: &mut Diagnostics) -> (Vec<Item>, Vec<Vec<Words>>) {
    let (manifest, own_licence, language) = (&scope.publication.manifest, &scope.licence, scope.language);
    let read = manifest.value.sources.iter().map(|work| {
        let span = work.licence.as_ref().map(|licence| manifest.span(licence));
        let terms = work.licence.as_ref().and_then(|words| licence::terms(words.get_ref(), language.tag, span, found));
        if let Some(warning) = terms
            .as_ref()
            .and_then(|terms| warning(own_licence, terms, &format!("the source \"{}\"", work.title.get_ref()), span))
        {
            found.push(warning);
        }
        let item = Item {
            credit: work.publisher.clone(),
            terms,
            source: work.url.as_ref().map(|url| url.get_ref().clone()),
            date: work.date.clone(),
            note: work.note.clone(),
            ..Item::new(kind(work.kind), work.title.get_ref())
        }
        .classified(own_licence, Inclusion::Source);
        let sentence = sentence(&item, language);
        (item, sentence)
    });
    read.unzip()
}

fn kind(kind: SourceKind) -> ItemKind {
    match kind {
        SourceKind::Text => ItemKind::Text,
        SourceKind::Data => ItemKind::Data,
        SourceKind::Image => ItemKind::Image,
        SourceKind::Video => ItemKind::Video,
        SourceKind::Software => ItemKind::Software,
    }
}

/// Returns the sentence that describes a work.
fn sentence(item: &Item, language: Language) -> Vec<Words> {
    let terms = item.terms.as_ref().map(|terms| terms.name().to_owned());
    let parts = [Some(language.quoted(&item.what)), item.credit.clone(), item.date.clone(), terms];
    let mut sentence = vec![Words::plain(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))];
    if let Some(origin) = item.origin() {
        sentence.push(Words::plain(", "));
        sentence.push(origin);
    }
    // A note that starts with a lower-case letter continues the sentence. In French, a narrow no-break space precedes the
    // semicolon; typography cannot add it, because the words before it may be a link.
    let semicolon = if language.tag.split('-').next() == Some("fr") { "\u{202F}; " } else { "; " };
    let joint = |note: &str| if note.starts_with(char::is_lowercase) { semicolon } else { ". " };
    let note = item.note.as_deref().map(|note| note.trim().trim_end_matches('.'));
    let end = note.map(|note| format!("{}{note}.", joint(note))).unwrap_or_else(|| ".".into());
    sentence.push(Words::plain(&end));
    sentence
}

/// Returns the items of `[[licence.exceptions]]`. Terms that are incompatible with the licence of the publication cause no
/// warning here, because declaring the exception shows that the author knows of them.
pub fn exceptions(scope: &Scope<'_>, found: &mut Diagnostics) -> Vec<Item> {
    let (manifest, lang) = (&scope.publication.manifest, scope.language.tag);
    let declared = manifest.value.licence.exceptions.iter();
    let read = declared.map(|exception| {
        let words = exception.licence.as_ref().filter(|words| !words.get_ref().trim().is_empty());
        let terms = words.and_then(|words| licence::terms(words.get_ref(), lang, Some(manifest.span(words)), found));
        Item {
            credit: exception.holder.clone(),
            terms,
            note: exception.note.clone(),
            ..Item::new(ItemKind::Other, &exception.what)
        }
        .classified(&scope.licence, Inclusion::Excepted)
    });
    read.collect()
}
