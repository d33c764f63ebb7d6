//! The tables of the report.

use super::pages::class;
use super::{SheetView, filled, mm, plural};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Binding, ColourMode};
use crate::output::pdf::print::{FontUse, ImageColour};
use crate::product::Product;
use crate::report::html::Html;

/// Writes a heading, and returns its id.
fn heading(html: &mut Html, view: &SheetView<'_>, name: &str, text: &str) -> String {
    let id = format!("s{}{name}", view.number);
    html.raw(&format!("<h3 id=\"{id}\">")).text(text).raw("</h3>\n");
    id
}

/// Writes the properties of the file.
pub fn facts(html: &mut Html, view: &SheetView<'_>) {
    let (t, sheet, report) = (view.t, view.sheet, &view.sheet.report);
    let id = heading(html, view, "file", t.file);
    let yes_or_no = |yes: bool| if yes { t.yes } else { t.no };
    html.table("facts", &id, &[]);
    html.row(&[t.name, &sheet.file]).row(&[t.standard, "PDF/X-4 (ISO 15930-7)"]);
    html.row(&[t.condition, sheet.condition.as_deref().unwrap_or("—")]).row(&[t.profile, &sheet.profile]);
    if let Some(page) = report.pages.first() {
        let size = |[left, bottom, right, top]: [f32; 4]| view.area([right - left, top - bottom]);
        html.row(&[t.trim, &size(page.trim)]);
        html.row(&[t.bleed, &format!("{} mm", view.decimal(mm(page.trim[0] - page.bleed[0]), 1))]);
        html.row(&[t.media, &size(page.media)]);
    }
    html.row(&[t.marks, yes_or_no(sheet.settings.marks)]);
    if sheet.product != Product::Cover {
        let mut pages = report.pages.len().to_string();
        if sheet.blanks > 0 {
            pages = format!("{pages}, {}", filled(plural(sheet.blanks, t.blanks), &[sheet.blanks.to_string()]));
        }
        let black = report.pages.iter().filter(|page| page.is_black_only()).count();
        html.row(&[t.pages, &pages]);
        html.row(&[t.black_only, &black.to_string()]).row(&[t.colour_pages, &(report.pages.len() - black).to_string()]);
        let [other, stitch, perfect] = t.bindings;
        let binding = match sheet.settings.binding {
            Binding::Other => other,
            Binding::SaddleStitch => stitch,
            Binding::Perfect => perfect,
        };
        html.row(&[t.binding, binding]);
    }
    let [cmyk, gray] = t.ink_modes;
    html.row(&[t.inks, if sheet.settings.colour_of(sheet.product) == ColourMode::Gray { gray } else { cmyk }]);
    let mut spots: Vec<&str> = report.pages.iter().flat_map(|page| &page.spots).map(String::as_str).collect();
    spots.sort_unstable();
    spots.dedup();
    html.row(&[t.spots, &if spots.is_empty() { "—".to_owned() } else { spots.join(", ") }]);
    html.row(&[t.peak, &view.percent(report.pages.iter().map(|page| page.ink).fold(0.0, f32::max))]);
    let limits = sheet.settings.limits;
    let numbers = [
        (limits.image_dpi, 0),
        (limits.image_dpi_least, 0),
        (limits.line_art_dpi, 0),
        (limits.ink, 0),
        (limits.hairline, 2),
        (limits.text, 2),
        (limits.reversed_text, 2),
        (limits.safe / 72.0 * 25.4, 1),
    ];
    html.row(&[t.thresholds, &filled(t.limits, &numbers.map(|(number, decimals)| view.decimal(number, decimals)))]);
    html.end_table();
}

/// Writes the findings.
pub fn findings(html: &mut Html, view: &SheetView<'_>) {
    let t = view.t;
    let id = heading(html, view, "findings", t.findings);
    if view.findings.is_empty() {
        html.raw("<p>").text(t.no_findings).raw("</p>\n");
        return;
    }
    let what = "what";
    html.table(what, &id, &[t.number, t.severity, t.code, t.page, t.fact, t.source]);
    for (index, finding) in view.findings.iter().enumerate() {
        let [error, warning] = t.severities;
        let severity = if finding.severity() == Severity::Error { error } else { warning };
        html.raw(&format!("<tr id=\"s{}f{}\"><th scope=\"row\">{}</th>", view.number, index + 1, index + 1));
        html.raw(&format!("<td class=\"{}\">", class(finding))).text(severity).raw("</td><td>").text(finding.code.id());
        html.raw("</td><td>").text(&pages_of(view, finding)).raw("</td><td class=\"what\">").text(view.fact(finding));
        html.raw("</td><td>");
        if let Some(line) = source(view, finding) {
            html.raw("<code>").text(&line).raw("</code>");
        }
        html.raw("</td></tr>\n");
    }
    html.end_table();
}

/// Maximum number of pages that are listed for a finding.
const MAX_LISTED: usize = 12;

fn pages_of(view: &SheetView<'_>, finding: &Diagnostic) -> String {
    let pages: Vec<usize> = finding.pages.iter().map(|place| place.page).collect();
    match view.sheet.product {
        Product::Cover => view.t.cover.to_owned(),
        _ if pages.is_empty() => view.t.whole_file.to_owned(),
        _ => page_list(&pages),
    }
}

/// Lists pages: `3, 4, 9`.
fn page_list(pages: &[usize]) -> String {
    let mut pages = pages.to_vec();
    pages.sort_unstable();
    pages.dedup();
    let more = if pages.len() > MAX_LISTED { ", …" } else { "" };
    let list: Vec<String> = pages.iter().take(MAX_LISTED).map(usize::to_string).collect();
    format!("{}{more}", list.join(", "))
}

/// Returns the file and the line of a finding.
pub fn source(view: &SheetView<'_>, finding: &Diagnostic) -> Option<String> {
    let span = finding.span?;
    let name = &view.sources.get(span.source)?.name;
    let (line, _) = view.sources.position(span.source, span.start)?;
    Some(format!("{name}:{line}"))
}

/// Writes the inks of each page.
pub fn inks(html: &mut Html, view: &SheetView<'_>) {
    let (t, report) = (view.t, &view.sheet.report);
    let id = heading(html, view, "inks", t.ink_by_page);
    let [cyan, magenta, yellow, black] = t.process;
    let peak = format!("#{}", t.peak);
    html.table("", &id, &[t.page, cyan, magenta, yellow, black, t.spots, &peak, t.black_alone]);
    for (index, page) in report.pages.iter().enumerate() {
        let used = page.process.map(|used| if used { "●" } else { "–" });
        let spots = if page.spots.is_empty() { "–".to_owned() } else { page.spots.join(", ") };
        let (number, ink) = ((index + 1).to_string(), format!("#{}", view.percent(page.ink)));
        let alone = if page.is_black_only() { t.yes } else { t.no };
        html.row(&[&number, used[0], used[1], used[2], used[3], &spots, &ink, alone]);
    }
    html.end_table();
}

/// Writes the fonts.
pub fn fonts(html: &mut Html, view: &SheetView<'_>) {
    let t = view.t;
    let id = heading(html, view, "fonts", t.fonts);
    html.table("", &id, &[t.font, t.embedded, t.subset, t.kind]);
    let mut fonts: Vec<&FontUse> = view.sheet.report.fonts.iter().collect();
    fonts.dedup();
    for font in fonts {
        let yes_or_no = |yes: bool| if yes { t.yes } else { t.no };
        let kind = if font.type3 { t.drawn } else { t.outlines };
        // Typst adds the encoding of composite fonts to their names.
        let name = font.name.strip_suffix("-Identity-H").unwrap_or(&font.name);
        let name = if name.is_empty() { "–" } else { name };
        html.row(&[name, yes_or_no(font.embedded || font.type3), yes_or_no(font.subset), kind]);
    }
    html.end_table();
}

/// Writes the images.
pub fn images(html: &mut Html, view: &SheetView<'_>) {
    let (t, sheet) = (view.t, view.sheet);
    let id = heading(html, view, "images", t.images);
    if sheet.report.images.is_empty() {
        html.raw("<p>").text(t.no_images).raw("</p>\n");
        return;
    }
    let (dpi, peak) = (format!("#{}", t.dpi), format!("#{}", t.peak));
    html.table("", &id, &[t.image, t.page, t.pixels, t.size, &dpi, t.colours, &peak]);
    for (image, name) in sheet.report.images.iter().zip(&sheet.images) {
        let colour = |colour: ImageColour| match colour {
            ImageColour::Gray => t.image_colours[0],
            ImageColour::Rgb => t.image_colours[1],
            ImageColour::Cmyk => t.image_colours[2],
        };
        let tones = if image.bitonal { format!(" ({})", t.two_tones) } else { String::new() };
        let colours = format!("{} → {}{tones}", colour(image.before), colour(image.after));
        let pixels = format!("{} × {}", image.pixels[0], image.pixels[1]);
        let (dpi, peak) = (format!("#{}", image.dpi.floor()), format!("#{}", view.percent(image.ink)));
        let name = name.as_deref().unwrap_or(t.layout_image);
        html.row(&[name, &image.page.to_string(), &pixels, &view.area(image.placed), &dpi, &colours, &peak]);
    }
    html.end_table();
}

/// Writes the colours that the press profile converted.
pub fn converted(html: &mut Html, view: &SheetView<'_>) {
    let (t, report) = (view.t, &view.sheet.report);
    if report.converted.is_empty() {
        return;
    }
    let id = heading(html, view, "colours", t.converted);
    html.raw("<p>").text(t.converted_note).raw("</p>\n");
    let uses = format!("#{}", t.uses);
    html.table("", &id, &[t.screen, t.press, &uses, t.pages]);
    for colour in &report.converted {
        let [r, g, b] = colour.rgb;
        let hex = format!("#{r:02X}{g:02X}{b:02X}");
        let inks = colour.ink.map(|part| format!("{}", (part * 100.0).round())).join(" / ");
        html.raw(&format!("<tr><th scope=\"row\"><span class=\"swatch\" style=\"background:{hex}\"></span>{hex}</th><td>"));
        html.text(&inks).raw(&format!("</td><td class=\"number\">{}</td><td>", colour.uses)).text(&page_list(&colour.pages));
        html.raw("</td></tr>\n");
    }
    html.end_table();
}
