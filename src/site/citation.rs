//! The citation of an edition, in one sentence.

use super::SiteEdition;

/// Returns the sentence in three parts: the names before the title, the title, and the rest.
pub fn citation(edition: &SiteEdition) -> [String; 3] {
    let language = edition.language;
    let mut names = edition.authors.clone();
    if names.is_empty() {
        names = edition.work.responsible().into_iter().map(|party| party.name.clone()).collect();
    }
    let before = if names.is_empty() { String::new() } else { format!("{}. ", names.join(", ")) };
    let title = match &edition.subtitle {
        Some(subtitle) => format!("{}{} {subtitle}", edition.title, language.colon()),
        None => edition.title.clone(),
    };
    let publisher =
        edition.publisher.as_ref().map(|(name, _)| name.as_str()).filter(|name| !names.iter().any(|known| known == name));
    let place = [publisher, Some(edition.date.as_str())].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let series = edition.series.clone().filter(|series| *series != edition.title);
    // A label often contains the date.
    let label = edition.label.clone().filter(|label| !label.contains(&edition.date));
    let parts = [series, label, Some(place)];
    let after = parts.into_iter().flatten().map(|part| format!(" {}.", part.trim_end_matches('.'))).collect::<String>();
    [before, title, format!(".{after}")]
}
