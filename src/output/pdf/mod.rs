//! The PDFs that Typst exports and this module post-processes: the screen PDF (PDF/UA-1 and PDF/A-2a), and the [print] PDF.

pub mod print;

mod finish;
mod printed;

use std::collections::BTreeMap;

use typst::foundations::{Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

pub use self::finish::FinishError;
use self::finish::{Finish, Sentences, XmpRights};
pub use self::printed::{ExportedPrint, PrintParts, SheetForm, export as export_print, finish as finish_print};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::model::{
    Block, BlockKind, Image, Inline, InlineKind, Linked, ModelNode, Target, plain_text, visit, visit_inlines, visit_run,
};
use crate::paginate::{Area, PageLink, Paginated, Setting, address};
use crate::product::Product;
use crate::resolve::Resolved;

/// A PDF as Typst exports it, and the data of the pages that post-processing needs.
pub struct Exported {
    bytes: Vec<u8>,
    areas: Vec<Area>,
    links: Vec<PageLink>,
}

/// Writes the screen PDF of an edition that was laid out.
///
/// # Errors
///
/// Returns the errors of `export` and `finish`.
pub fn write(setting: Setting<'_>, edition: &Resolved, pages: &Paginated) -> Result<Vec<u8>, Diagnostics> {
    finish(edition, &export(setting, edition, pages)?)
}

/// Exports the pages with Typst.
///
/// # Errors
///
/// Returns the violations of PDF/UA-1 or PDF/A-2a that Typst reports, at the lines that caused them.
pub fn export(setting: Setting<'_>, edition: &Resolved, pages: &Paginated) -> Result<Exported, Diagnostics> {
    let bytes =
        typst_pdf::pdf(&pages.screen(), &options(edition)?).map_err(|errors| pages.export_errors(setting, edition, &errors))?;
    Ok(Exported { bytes, areas: pages.areas(), links: pages.links() })
}

/// Post-processes an exported PDF. It does not need the pages, so the caller may drop them first.
///
/// # Errors
///
/// Returns an error if the layout misplaces a mark of `layouts/common/tags.typ`, or an internal error if the PDF does not have
/// the structure that Typst writes.
pub fn finish(edition: &Resolved, exported: &Exported) -> Result<Vec<u8>, Diagnostics> {
    let (destinations, addresses) = names(edition);
    let terms = edition.language.terms;
    let notice = &edition.notice;
    let exceptions = edition.ledger.exceptions_text(edition.language);
    let with_exceptions = |text: &str, after: &str| match &exceptions {
        Some(listed) => format!("{text}{after} {listed}."),
        None => text.to_owned(),
    };
    let (statement, usage_terms) = (with_exceptions(&notice.statement, ""), with_exceptions(&notice.licence.name, "."));
    let owners: Vec<String> = notice.licensor.iter().cloned().collect();
    let finish = Finish {
        destinations: &destinations,
        addresses: &addresses,
        areas: &exported.areas,
        links: &exported.links,
        sentences: Sentences {
            section: terms.go_to,
            page: terms.go_to_page,
            leads_to: terms.leads_to,
            on_page: terms.on_page,
            address: terms.external,
            bare_address: terms.external_bare,
            note: terms.note_number,
            back: terms.back_to_text,
            page_word: terms.page_word,
        },
        states: [terms.done, terms.to_do],
        rights: XmpRights {
            statement: &statement,
            web_statement: Some(&notice.licence.url),
            marked: Some(notice.rights_reserved()),
            owners: &owners,
            usage_terms: Some(&usage_terms),
        },
        modified: edition.edition.erratum.as_ref().map(|erratum| erratum.date),
        claims: !edition.strictness.is_lenient(),
        lang: edition.language.tag,
        languages: &edition.typst_languages.restored(),
        right_to_left: edition.typst_languages.right_to_left,
    };
    finish::finish(&exported.bytes, &finish).map_err(|error| {
        let message = error.to_string();
        match error {
            FinishError::MisplacedMark(_) => Diagnostic::new(code::TYPST, format!("the layout cannot be tagged: {message}")).hint(
                "a group begins and ends in one block, and a heading follows its number directly: see \"PDF/UA rules\" in docs/layouts.md",
            ),
            _ => Diagnostic::new(code::INTERNAL, message),
        }
        .into()
    })
}

fn options(edition: &Resolved) -> Result<PdfOptions, Diagnostics> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| Diagnostic::new(code::INTERNAL, error.message().to_string()))?;
    let date = edition.edition.date;
    Ok(PdfOptions {
        ident: Smart::Custom(edition.identifier(Product::ScreenPdf).to_string()),
        creator: Smart::Custom(Some(format!("reliure {}", env!("CARGO_PKG_VERSION")))),
        timestamp: Datetime::from_ymd_hms(date.year.into(), date.month, date.first_day(), 0, 0, 0).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    })
}

/// Returns the names of link targets: titles by id of the section or heading, and names by address.
fn names(edition: &Resolved) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let mut places = BTreeMap::from([("cover".to_owned(), edition.language.terms.cover.to_owned())]);
    let mut addresses = BTreeMap::new();
    for party in edition.credits.iter().flat_map(|credit| &credit.parties).chain(&edition.publisher) {
        addresses.extend(party.page().map(|page| (page.to_owned(), party.name.clone())));
        addresses.extend(party.orcid().map(|address| (address.to_owned(), party.orcid_name(edition.language))));
    }
    for section in &edition.sections {
        places.insert(section.id.clone(), plain_text(&section.title));
        visit(&section.body, &mut |seen| {
            if let ModelNode::Block(block) = seen {
                name_block(block, &mut places, &mut addresses);
            }
        });
        let mut name = |inline: &Inline<Linked>| name_publication(inline, &mut addresses);
        visit_run(&section.lead, &mut name);
        visit_inlines(&section.body, &mut name);
    }
    (places, addresses)
}

/// Names another publication by its title instead of its file name.
fn name_publication(inline: &Inline<Linked>, addresses: &mut BTreeMap<String, String>) {
    if let InlineKind::Link(target @ Target::Publication(_), ..) | InlineKind::Reference(target @ Target::Publication(_)) =
        &inline.kind
    {
        addresses.insert(address(target), target.name());
    }
}

fn name_block(block: &Block<Linked>, places: &mut BTreeMap<String, String>, addresses: &mut BTreeMap<String, String>) {
    match &block.kind {
        BlockKind::Heading { text, .. } => {
            places.extend(block.id.clone().map(|id| (id, plain_text(text))));
        }
        BlockKind::Figure(Image { link: Some(target @ Target::Publication(_)), .. }) => {
            addresses.insert(address(target), target.name());
        }
        BlockKind::Video { url, title } => {
            addresses.insert(url.clone(), title.clone());
        }
        BlockKind::Resources(group) => {
            for card in &group.cards {
                // An address that several cards share keeps its first name.
                if let Some(Target::External(url)) = &card.target {
                    addresses.entry(url.clone()).or_insert_with(|| card.title.clone());
                }
            }
        }
        _ => {}
    }
}
