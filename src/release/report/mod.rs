//! `report.html`: a self-contained page for the approval of a release: claims of the files, allowances, changes, credits and
//! licences, and pictures of pages at the end. It contains no script.

mod changed;
mod pictures;
mod tables;

use std::collections::BTreeMap;

use super::archive::Archive;
use super::changes::Changes;
use super::manifest::ReleaseManifest;
use super::terms::{filled, terms};
use crate::report::Html;
use crate::terms::ReleaseTerms;

const STYLE: &str = include_str!("release.css");

/// The data of a report.
pub struct ReportView<'a> {
    /// The manifest of the release.
    pub manifest: &'a ReleaseManifest,
    /// The earlier releases, with the changes since each; empty for the first release.
    pub comparisons: Vec<(&'a Archive, &'a Changes)>,
    /// The files of the release so far.
    pub files: &'a BTreeMap<String, Vec<u8>>,
}

/// Returns the report in the language of the publication.
pub fn report(view: &ReportView<'_>) -> String {
    let t = terms(&view.manifest.edition.inspection.language);
    let mut html = Html::default();
    let edition = &view.manifest.edition;
    let title = format!("{} — {}, {}", t.report, edition.inspection.title, edition.label());
    html.start(t.tag, &title, t.skip, STYLE);
    html.raw("<header>\n<p class=\"kind\">").text(t.report).raw("</p>\n<h1>").text(&edition.inspection.title).raw("</h1>\n");
    if let Some(subtitle) = &edition.inspection.subtitle {
        html.raw("<p class=\"subtitle\">").text(subtitle).raw("</p>\n");
    }
    html.raw("</header>\n<main id=\"main\">\n");
    summary(&mut html, view, t);
    tables::files(&mut html, view.manifest, t);
    tables::allowed(&mut html, view.manifest, t);
    changed::changed(&mut html, view, t);
    tables::credits(&mut html, view.manifest, t);
    tables::rights(&mut html, view.manifest, t);
    proof(&mut html, view.manifest, t);
    pictures::side_by_side(&mut html, view, t);
    pictures::pages(&mut html, view, t);
    html.raw("</main>\n<footer>\n<p>").text(&filled(t.made_by, &[&view.manifest.tool.described()]));
    html.raw("</p>\n</footer>\n</body>\n</html>\n");
    html.finish()
}

fn summary(html: &mut Html, view: &ReportView<'_>, t: &ReleaseTerms) {
    let edition = &view.manifest.edition;
    let inspection = &edition.inspection;
    html.raw("<h2 id=\"summary\">").text(t.summary).raw("</h2>\n<div class=\"summary\">\n");
    // The picture of the first page is smaller than the picture of the cover.
    let first = view.manifest.pages.first().map(|page| &page.picture);
    if let Some(bytes) = first.or(view.manifest.cover.as_ref()).and_then(|cover| view.files.get(cover)) {
        pictures::picture(html, bytes, t.cover);
    }
    html.table("facts", "summary", &[]);
    let mut row = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            html.row(&[name, value]);
        }
    };
    row(t.edition, Some(&edition_name(edition.label(), &inspection.edition.id)));
    row(t.date, Some(&inspection.edition.date));
    row(t.publisher, edition.publisher.as_deref());
    row(t.licence, Some(&edition.statement));
    row(t.tool, Some(&view.manifest.tool.described()));
    html.end_table().raw("</div>\n");
}

fn edition_name(label: &str, id: &str) -> String {
    if label == id { id.to_owned() } else { format!("{label} ({id})") }
}

/// Writes the instructions for verifying the release.
fn proof(html: &mut Html, manifest: &ReleaseManifest, t: &ReleaseTerms) {
    let inspection = &manifest.edition.inspection;
    heading(html, "proof", t.proof);
    html.raw("<p>").text(t.proof_sums).raw("</p>\n<p><code>sha256sum -c SHA256SUMS</code></p>\n<p>").text(t.proof_verify);
    html.raw("</p>\n<p><code>").text(&format!("reliure verify {} --sources .", inspection.edition.id));
    html.raw("</code></p>\n<p>").text(&filled(t.inputs, &[&manifest.inputs.len().to_string()])).raw("</p>\n");
}

/// Writes a heading of a part.
fn heading(html: &mut Html, id: &str, text: &str) {
    html.raw("<h2 id=\"").raw(id).raw("\">").text(text).raw("</h2>\n");
}
