//! RIS: one tag per line, two spaces, a hyphen and a space between tag and value, lines that end with CR LF.

use super::name::PersonName;
use super::{Extents, Work};
use crate::manifest::PublicationKind;
use crate::product::Product;
use crate::resolve::Party;

/// Writes a record. Its type is `BOOK` for a book, `RPRT` for a report, and `SER` (a book in a series) for an issue.
pub fn write(work: &Work, extents: Extents) -> String {
    let mut out = String::new();
    let mut tag = |name: &str, value: &str| {
        if !value.is_empty() || name == "ER" {
            out.push_str(&format!("{name}  - {value}\r\n"));
        }
    };
    let (authors, editors) = (work.authors(), work.editors());
    let cited = if authors.is_empty() && editors.is_empty() { work.responsible() } else { authors };
    tag(
        "TY",
        match work.kind {
            PublicationKind::Book => "BOOK",
            PublicationKind::Report => "RPRT",
            PublicationKind::Issue => "SER",
        },
    );
    cited.iter().for_each(|party| tag("AU", &name(party)));
    editors.iter().for_each(|party| tag("ED", &name(party)));
    work.translators().iter().for_each(|party| tag("A4", &name(party)));
    tag("TI", &work.full_title());
    tag("T2", work.series.as_deref().unwrap_or_default());
    tag("M1", work.number.as_deref().unwrap_or_default());
    work.publishers.iter().for_each(|party| tag("PB", &party.name));
    tag("PY", &work.date.year.to_string());
    tag("DA", &date(work));
    tag("ET", work.label.as_deref().unwrap_or_default());
    let pages = extents.pages.filter(|_| work.forms.contains(&Product::ScreenPdf));
    tag("SP", &pages.map(|pages| pages.to_string()).unwrap_or_default());
    work.hyphenated_isbns().iter().for_each(|isbn| tag("SN", isbn));
    tag("DO", work.doi.as_deref().unwrap_or_default());
    tag("UR", &work.doi_address().unwrap_or_default());
    work.languages.iter().for_each(|language| tag("LA", language));
    work.keywords.iter().for_each(|keyword| tag("KW", keyword));
    tag("AB", work.description.as_deref().unwrap_or_default());
    tag("C1", &work.licence_name);
    tag("ER", "");
    out
}

/// Returns a name in the order of catalogues. RIS cannot mark organisations: a comma in the name of an organisation is kept,
/// although programs that read RIS split the name there.
fn name(party: &Party) -> String {
    if party.organisation { party.name.clone() } else { PersonName::of(party).inverted() }
}

/// Returns the date as `YYYY/MM/DD/`, without the day if it is not known.
fn date(work: &Work) -> String {
    let day = work.date.day.map(|day| format!("{day:02}")).unwrap_or_default();
    format!("{:04}/{:02}/{day}/", work.date.year, work.date.month)
}
