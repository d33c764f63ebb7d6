//! The report of print products: one HTML page for editors and printers, without other files and without scripts, or JSON for programs.
//!
//! The page is a pure function of its arguments, so the same products give the same bytes. It is in French or English, like the
//! publications.

mod pages;
mod record;
mod tables;

use std::io;
use std::path::Path;

pub use self::record::{preflight_json, preflight_schema};
use super::html::Html;
use crate::build::PrintSheet;
use crate::diagnostic::{Diagnostic, Severity, Sources};
use crate::disk::Staged;
use crate::product::Product;
use crate::resolve::Language;
use crate::terms::PreflightTerms;

/// Returns whether a report with this name is written as JSON, which contains no pictures.
pub fn is_figures(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Writes the report of print products to a file: as JSON if its name ends in `.json`, otherwise as HTML.
///
/// # Errors
///
/// Fails if the file cannot be written.
pub fn write_preflight(path: &Path, sheets: &[PrintSheet], sources: &Sources) -> io::Result<()> {
    let report = if is_figures(path) { preflight_json(sheets, sources) } else { preflight(sheets, sources) };
    Staged::write(path, report.as_bytes())?.commit()
}

/// Returns the texts in the language of a publication.
fn preflight_terms(tag: &str) -> &'static PreflightTerms {
    &Language::pages_of(tag).preflight
}

/// Returns the report of print products.
pub fn preflight(sheets: &[PrintSheet], sources: &Sources) -> String {
    let t = preflight_terms(sheets.first().map_or("en", |sheet| sheet.lang));
    let mut html = Html::default();
    let title = sheets.first().map_or_else(|| t.title.to_owned(), |first| format!("{} — {}", t.title, first.title));
    html.start(t.tag, &title, t.skip, "");
    html.raw("<header>\n<h1>").text(t.title).raw("</h1>\n</header>\n");
    if sheets.len() > 1 {
        html.raw("<nav aria-label=\"").text(t.contents).raw("\">\n<ul>\n");
        for (index, sheet) in sheets.iter().enumerate() {
            html.raw(&format!("<li><a href=\"#s{}\"", index + 1)).raw(&foreign(t, sheet)).raw(">").text(&heading(sheet));
            html.raw("</a></li>\n");
        }
        html.raw("</ul>\n</nav>\n");
    }
    html.raw("<main id=\"main\">\n");
    for (index, sheet) in sheets.iter().enumerate() {
        html.raw(&format!("<article aria-labelledby=\"s{}\"", index + 1)).raw(&foreign(t, sheet)).raw(">\n");
        article(&mut html, &SheetView::of(sheet, index + 1, sources));
        html.raw("</article>\n");
    }
    html.raw("</main>\n<footer>\n<p>").text(&filled(t.made_by, &[env!("CARGO_PKG_VERSION").to_owned()]));
    html.raw("</p>\n</footer>\n</body>\n</html>\n");
    html.finish()
}

/// Returns the attribute `lang` for a product in another language than the page; otherwise an empty string.
fn foreign(page: &PreflightTerms, sheet: &PrintSheet) -> String {
    let own = preflight_terms(sheet.lang).tag;
    if own == page.tag { String::new() } else { format!(" lang=\"{own}\"") }
}

fn heading(sheet: &PrintSheet) -> String {
    let [inside, cover] = preflight_terms(sheet.lang).products;
    let product = if sheet.product == Product::Cover { cover } else { inside };
    format!("{} · {} · {product}", sheet.title, sheet.edition)
}

/// A product, with the values that all parts of its article use.
struct SheetView<'a> {
    sheet: &'a PrintSheet,
    t: &'static PreflightTerms,
    /// Number of the product in the report, which makes ids unique.
    number: usize,
    /// The findings, errors first, in order of page.
    findings: Vec<&'a Diagnostic>,
    sources: &'a Sources,
}

impl<'a> SheetView<'a> {
    fn of(sheet: &'a PrintSheet, number: usize, sources: &'a Sources) -> Self {
        let mut findings: Vec<&Diagnostic> = sheet.findings.iter().collect();
        findings.sort_by_key(|finding| (finding.severity(), finding.pages.first().map_or(0, |place| place.page), finding.code));
        Self { sheet, t: preflight_terms(sheet.lang), number, findings, sources }
    }

    /// Returns the message of a finding in the language of the report.
    fn fact(&self, finding: &'a Diagnostic) -> &'a str {
        let french = finding.french.as_deref().filter(|_| self.t.tag == "fr");
        french.unwrap_or(&finding.message)
    }

    /// Formats a number with at most this number of decimals.
    fn decimal(&self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        let short = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        short.replace('.', self.t.decimal)
    }

    /// Formats a share as percent.
    fn percent(&self, share: f32) -> String {
        format!("{}{}", (share * 100.0).round(), self.t.percent)
    }

    /// Formats two lengths in points as millimetres.
    fn area(&self, [width, height]: [f32; 2]) -> String {
        let [width, height] = [width, height].map(|side| self.decimal(mm(side), 1));
        format!("{width} × {height} mm")
    }
}

fn article(html: &mut Html, view: &SheetView<'_>) {
    let t = view.t;
    html.raw(&format!("<h2 id=\"s{}\">", view.number)).text(&heading(view.sheet)).raw("</h2>\n<p class=\"verdict\">");
    let errors = view.findings.iter().filter(|finding| finding.severity() == Severity::Error).count();
    let warnings = view.findings.len() - errors;
    let parts: Vec<String> = [(errors, t.errors), (warnings, t.warnings)]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, words)| filled(plural(number, words), &[number.to_string()]))
        .collect();
    html.text(if parts.is_empty() { t.clean.to_owned() } else { parts.join(", ") }.as_str()).raw("</p>\n");
    tables::facts(html, view);
    tables::findings(html, view);
    pages::pages(html, view);
    tables::inks(html, view);
    tables::fonts(html, view);
    tables::images(html, view);
    tables::converted(html, view);
    html.raw("<h3>").text(t.unchecked).raw("</h3>\n<ul>\n");
    for line in t.unchecked_list {
        html.raw("<li>").text(line).raw("</li>\n");
    }
    html.raw("</ul>\n");
}

fn plural(number: usize, [one, more]: [&'static str; 2]) -> &'static str {
    if number < 2 { one } else { more }
}

/// Replaces each `{}` of a text with a value.
fn filled(text: &str, values: &[String]) -> String {
    let mut values = values.iter();
    let mut parts = text.split("{}");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(values.next().map_or("", String::as_str));
        out.push_str(part);
    }
    out
}

fn mm(points: f32) -> f64 {
    f64::from(points) / 72.0 * 25.4
}
