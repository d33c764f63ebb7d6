//! The pictures of the pages, with the trim edge and the numbers of findings.

use super::SheetView;
use super::{filled, plural};
use crate::diagnostic::{Diagnostic, Severity};
use crate::output::pdf::print::PageReport;
use crate::product::Product;
use crate::report::html::Html;

/// Radius of a marker, as a share of the shorter side of the page.
const MARKER: f32 = 0.045;

/// Writes the pages.
pub fn pages(html: &mut Html, view: &SheetView<'_>) {
    let t = view.t;
    html.raw("<h3>").text(t.pages).raw("</h3>\n<p>").text(t.legend).raw("</p>\n");
    let wide = if view.sheet.product == Product::Cover { " wide" } else { "" };
    html.raw(&format!("<ul class=\"pages{wide}\">\n"));
    for (index, (page, picture)) in view.sheet.report.pages.iter().zip(&view.sheet.pictures).enumerate() {
        let number = index + 1;
        let name = match view.sheet.product {
            Product::Cover => t.cover.to_owned(),
            _ => filled(t.page_number, &[number.to_string()]),
        };
        let found = found_on(view, number);
        html.raw("<li><figure>\n<div class=\"sheet\"><img alt=\"").text(&name).raw("\" width=\"").raw(&picture.width.to_string());
        html.raw("\" height=\"").raw(&picture.height.to_string()).raw("\" src=\"").png(&picture.png).raw("\">\n");
        overlay(html, page, number, &found);
        html.raw("</div>\n<figcaption><b>").text(&name).raw("</b><br>").text(&ink(view, page));
        if !found.is_empty() {
            let word = plural(found.len(), t.finding);
            let (before, after) = word.split_once("{}").unwrap_or((word, ""));
            html.raw("<br>").text(before);
            for (place, (number, finding)) in found.iter().enumerate() {
                let class = class(finding);
                html.raw(if place > 0 { ", " } else { "" });
                html.raw(&format!("<a class=\"{class}\" href=\"#s{}f{number}\">{number}</a>", view.number));
            }
            html.text(after);
        }
        html.raw("</figcaption>\n</figure></li>\n");
    }
    html.raw("</ul>\n");
}

/// Returns the findings of a page with their numbers.
fn found_on<'a>(view: &SheetView<'a>, page: usize) -> Vec<(usize, &'a Diagnostic)> {
    let numbered = view.findings.iter().enumerate().map(|(index, finding)| (index + 1, *finding));
    numbered.filter(|(_, finding)| finding.pages.iter().any(|place| place.page == page)).collect()
}

/// Returns the CSS class of a finding.
pub fn class(finding: &Diagnostic) -> &'static str {
    finding.severity().name()
}

/// Describes the inks of a page in a few words.
fn ink(view: &SheetView<'_>, page: &PageReport) -> String {
    let t = view.t;
    let used: String =
        page.process.iter().zip(t.process).filter(|(used, _)| **used).map(|(_, name)| initial(name, t.tag)).collect();
    let inks = match (page.is_black_only(), used.is_empty()) {
        (true, false) => t.black_alone.to_owned(),
        (true, true) => "—".to_owned(),
        (false, _) => std::iter::once(used)
            .filter(|used| !used.is_empty())
            .chain(page.spots.iter().cloned())
            .collect::<Vec<_>>()
            .join(" + "),
    };
    format!("{inks} · {}", view.percent(page.ink))
}

/// Returns the letter of a process ink: K for black in English, N in French.
fn initial(name: &str, tag: &str) -> char {
    match name.chars().next() {
        Some('B') if tag == "en" => 'K',
        first => first.unwrap_or(' '),
    }
}

/// Draws the trim edge, and the bounds and the number of each finding. The drawing is hidden from screen readers, because the
/// text below the picture repeats it.
fn overlay(html: &mut Html, page: &PageReport, number: usize, found: &[(usize, &Diagnostic)]) {
    let [left, bottom, right, top] = page.trim;
    let (width, height) = (right - left, top - bottom);
    let [bleed_left, bleed_bottom, bleed_right, bleed_top] = page.bleed;
    let (beyond_left, beyond_top) = (left - bleed_left, bleed_top - top);
    let (all_width, all_height) = (bleed_right - bleed_left, bleed_top - bleed_bottom);
    html.raw(&format!(
        "<svg aria-hidden=\"true\" focusable=\"false\" viewBox=\"{:.1} {:.1} {all_width:.1} {all_height:.1}\">\n",
        -beyond_left, -beyond_top
    ));
    let thin = width / 300.0;
    html.raw(&format!(
        "<rect x=\"0\" y=\"0\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"none\" stroke=\"#0b4f8a\" stroke-width=\"{thin:.2}\" \
         stroke-dasharray=\"{:.1}\"/>\n",
        thin * 4.0
    ));
    let radius = width.min(height) * MARKER;
    let mut without_place = 0_u8;
    for (own, finding) in found {
        let colour = match finding.severity() {
            Severity::Error => "#a3001b",
            Severity::Warning => "#7a4700",
        };
        for place in finding.pages.iter().filter(|place| place.page == number) {
            let (x, y) = match place.bounds {
                Some(bounds) => {
                    let [x, y, end, foot] = bounds.map(|side| f64::from(side) as f32);
                    let (wide, high) = ((end - x).max(2.0), (foot - y).max(2.0));
                    html.raw(&format!(
                        "<rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{wide:.0}\" height=\"{high:.0}\" fill=\"none\" stroke=\"{colour}\" \
                         stroke-width=\"{:.2}\"/>\n",
                        thin * 2.0
                    ));
                    (x, y)
                }
                None => {
                    without_place += 1;
                    (width - radius * 2.2 * f32::from(without_place), 0.0)
                }
            };
            let (x, y) = (x.clamp(radius, (width - radius).max(radius)), y.clamp(radius, (height - radius).max(radius)));
            let (size, baseline) = (radius * 1.2, y + radius * 0.42);
            html.raw(&format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{colour}\" stroke=\"#fff\" stroke-width=\"{thin:.2}\"/>\n\
                 <text x=\"{x:.1}\" y=\"{baseline:.1}\" fill=\"#fff\" font-size=\"{size:.1}\" font-weight=\"700\" \
                 text-anchor=\"middle\">{own}</text>\n"
            ));
        }
    }
    html.raw("</svg>");
}
