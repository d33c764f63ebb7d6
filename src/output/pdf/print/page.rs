//! Pages: their boxes, their content streams, and their entries in the report.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object, ObjectId, Stream};

use super::content;
use super::marks::{self, Frame};
use super::matrix::{Matrix, Rect};
use super::pixels::PrintImage;
use super::report::{ConvertedColour, FontUse, ImageColour, ImageUse, MultiInkText, PageReport, PrintReport};
use super::usage::Usage;
use super::walk::Walk;
use super::{FinishError, PaintContext, PrintJob, entry, inherited, plain, resolved};
use crate::icc::Channels;

/// Space for marks outside the bleed, in points.
const SLUG: f32 = 10.0 * marks::MM;

/// A converted page.
pub(super) struct PrintPage {
    media: Rect,
    bleed: Rect,
    trim: Rect,
    usage: Usage,
}

/// Converts all pages and inserts the page tree.
pub(super) fn convert(walk: &mut Walk<'_>, job: &PrintJob<'_>, tree: ObjectId) -> Result<Vec<PrintPage>, FinishError> {
    let ids: Vec<ObjectId> = walk.document.page_iter().collect();
    if ids.is_empty() {
        return Err(FinishError::Missing("page"));
    }
    let mut seen = BTreeSet::new();
    let mut pages = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        if !seen.insert(*id) {
            return Err(FinishError::Unexpected("a page occurs twice in the page tree".into()));
        }
        walk.page = index + 1;
        pages.push(page(walk, job, (*id, tree), index).map_err(|error| error.on_page(index + 1))?);
    }
    let mut node = Dictionary::new();
    node.set("Type", "Pages");
    node.set("Count", i64::try_from(ids.len()).unwrap_or_default());
    node.set("Kids", ids.into_iter().map(Object::Reference).collect::<Vec<_>>());
    walk.insert(tree, node);
    Ok(pages)
}

fn page(
    walk: &mut Walk<'_>,
    job: &PrintJob<'_>,
    (id, tree): (ObjectId, ObjectId),
    index: usize,
) -> Result<PrintPage, FinishError> {
    let document = walk.document;
    let source = document.get_dictionary(id).map_err(|_| FinishError::Missing("page"))?;
    let media = Rect::of(inherited(document, source, b"MediaBox")).ok_or(FinishError::Missing("MediaBox"))?;
    let trim = Rect::of(entry(document, source, b"TrimBox")).unwrap_or(media);
    let bleed = trim.grown(job.bleed.max(0.0)).intersection(media);
    // Without resources, the page dictionary is used, which contains no resource categories.
    let resources = inherited(document, source, b"Resources").and_then(|resources| resources.as_dict().ok()).unwrap_or(source);
    let mut bytes = Vec::new();
    for stream in contents(walk, source) {
        bytes.extend_from_slice(&plain(stream)?);
        bytes.push(b'\n');
    }
    let (mut content, extra, usage) = content::rewrite(walk, &bytes, resources, (Matrix::IDENTITY, PaintContext::Page))?;
    let mut resources = walk.resources(resources, &extra, PaintContext::Page)?;
    let mut boxed = bleed;
    if job.marks {
        boxed = bleed.grown(SLUG);
        let line = job.slug.and_then(|slug| Some((slug.lines.get(index)?.as_str(), slug.font)));
        content = marks::around(content, &Frame { trim, bleed, folds: job.folds }, line);
        let space = marks::space(walk);
        marks::add_space(&mut resources, space);
    }
    let mut page = Dictionary::new();
    page.set("Type", "Page");
    page.set("Parent", tree);
    page.set("MediaBox", boxed.object());
    page.set("BleedBox", bleed.object());
    page.set("TrimBox", trim.object());
    page.set("Resources", resources);
    if let Some(turn) = inherited(document, source, b"Rotate").filter(|turn| turn.as_i64().is_ok_and(|turn| turn != 0)) {
        page.set("Rotate", turn.clone());
    }
    if usage.transparent {
        let mut group = Dictionary::new();
        group.set("S", "Transparency");
        group.set("CS", "DeviceCMYK");
        group.set("I", true);
        page.set("Group", group);
    }
    let stream = walk.new_id();
    walk.insert_plain(stream, Stream::new(Dictionary::new(), content));
    page.set("Contents", stream);
    walk.insert(id, page);
    Ok(PrintPage { media: boxed, bleed, trim, usage })
}

fn contents<'a>(walk: &Walk<'a>, page: &'a Dictionary) -> Vec<&'a Stream> {
    let document = walk.document;
    match entry(document, page, b"Contents") {
        Some(Object::Stream(stream)) => vec![stream],
        Some(Object::Array(parts)) => parts.iter().filter_map(|part| resolved(document, part)?.as_stream().ok()).collect(),
        _ => Vec::new(),
    }
}

/// Returns the report for the preflight.
pub(super) fn report(
    pages: &[PrintPage],
    images: &[PrintImage],
    fonts: BTreeMap<ObjectId, FontUse>,
    spots: &[String],
) -> PrintReport {
    let mut report = PrintReport::default();
    let mut converted: BTreeMap<[u8; 3], ConvertedColour> = BTreeMap::new();
    let share = |ink: u16| f32::from(ink) / 255.0;
    let facts = |index: usize| images.get(index).map(|image| image.version.facts);
    let ink = |index: usize| facts(index).map_or((0.0, 0.0), |facts| (share(facts.ink), share(facts.colours)));
    for (number, page) in (1..).zip(pages) {
        let usage = &page.usage;
        let mut process = usage.process;
        for (index, placed) in &usage.images {
            let Some(image) = images.get(*index) else { continue };
            process.iter_mut().zip(image.version.facts.most).for_each(|(used, most)| *used |= most > 0);
            let hidden = !usage.layers.shows(*index);
            report.images.push(ImageUse { hidden, ..image_use((number, page.trim), image, *placed) });
        }
        let plates = process.iter().filter(|used| **used).count() + usage.spots.len();
        let (painted, bound) = usage.bounds(super::function::ratio(plates, 1), ink);
        report.pages.push(PageReport {
            media: page.media.0,
            bleed: page.bleed.0,
            trim: page.trim.0,
            painted,
            ink: bound,
            process,
            spots: usage.spots.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect(),
            white_overprint: usage.white_overprint,
            spot_gradients: usage.spot_gradients.iter().filter_map(|spot| spots.get(*spot).cloned()).collect(),
            blends: usage.blends.clone(),
            given: usage.given.iter().copied().collect(),
            smallest_text: usage.smallest,
            thinnest: usage.thinnest,
            type3: usage.type3,
        });
        for ((size, ink), runs) in &usage.small_text {
            let (size, ink) = (f32::from(*size) / 100.0, ink.map(|part| f32::from(part) / 1000.0));
            report.small_text.push(MultiInkText { page: number, size, ink, runs: *runs });
        }
        for (rgb, (ink, uses)) in &usage.converted {
            let colour = converted.entry(*rgb).or_insert(ConvertedColour { rgb: *rgb, ink: *ink, uses: 0, pages: Vec::new() });
            colour.uses += uses;
            colour.pages.push(number);
        }
    }
    report.converted = converted.into_values().collect();
    let fonts: BTreeSet<FontUse> = fonts.into_values().collect();
    report.fonts = fonts.into_iter().collect();
    report
}

fn image_use((page, trim): (usize, Rect), image: &PrintImage, placed: Matrix) -> ImageUse {
    let ([x, y], Rect([left, _, _, top])) = (placed.point(0.5, 0.5), trim);
    let [width, height] = placed.sides();
    let (pixels, facts) = (image.size, &image.version.facts);
    let dpi = |pixels: u32, length: f32| {
        if length > 0.0 {
            super::function::ratio(usize::try_from(pixels).unwrap_or_default(), 1) * 72.0 / length
        } else {
            f32::MAX
        }
    };
    let colour = |channels: Channels| match channels {
        Channels::Gray => ImageColour::Gray,
        Channels::Rgb => ImageColour::Rgb,
        Channels::Cmyk => ImageColour::Cmyk,
    };
    ImageUse {
        page,
        digest: image.digest.to_string(),
        pixels,
        placed: [width, height],
        centre: [x - left, top - y],
        dpi: dpi(pixels[0], width).min(dpi(pixels[1], height)),
        bitonal: image.bitonal,
        before: colour(image.channels),
        after: colour(facts.channels()),
        bytes: image.version.bytes.len(),
        ink: f32::from(facts.ink) / 255.0,
        hidden: false,
    }
}
