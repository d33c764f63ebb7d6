//! Resolution and size of images.

use super::image_places::{ImagePlaces, places};
use super::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity, Span};
use crate::images::is_scaled;
use crate::paginate::{PageItem, PageMap, What};
use crate::resolve::Asset;

/// R651: an image with too few pixels for its size on the page.
pub struct LowResolution;

/// Minimum resolution in pixels per inch for screens. Print has separate limits.
const MIN_RESOLUTION: f64 = 150.0;

/// Tolerance for rounded resolutions, in pixels per inch.
const SLACK: f64 = 0.5;

/// Returns whether a resolution is below a limit, both in pixels per inch.
pub fn is_below(resolution: f64, limit: f64) -> bool {
    resolution < limit - SLACK
}

impl Check for LowResolution {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R651", Group::Check, Severity::Warning),
            title: "An image with too few pixels for its size on the page.",
            explanation: "\
The effective resolution is the width of the image in pixels divided by its width on the page in inches. An image below 150 pixels
per inch looks coarse on a screen; print products have limits of their own. An image that R701 or R702 reports at the same place is not
reported again. Use a larger original, or set the image smaller:

    ![…](images/heron.png){width=\"50%\"}",
        }
    }

    fn is_for_screens(&self) -> bool {
        true
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        let (shown, places) = (shown_images(pages), ImagePlaces::new(subject, pages));
        for (index, asset) in subject.edition.assets.iter().enumerate().filter(|(_, asset)| !asset.is_drawing()) {
            let own = shown.iter().filter(|image| image.asset == index);
            // `max_by` returns the last maximum, so `rev` selects the first image of the greatest width.
            let Some(widest) = own.rev().max_by(|a, b| a.inches.total_cmp(&b.inches)) else { continue };
            let Some(span) = places.of(index, widest.item).filter(|_| !places.is_logo(index)) else { continue };
            let resolution = f64::from(asset.width) / widest.inches;
            if widest.inches > 0.0 && is_below(resolution, MIN_RESOLUTION) {
                let (file, width) = (file_name(asset), (widest.inches * 25.4).round());
                let message = format!(
                    "\"{file}\" has {} pixels for {width} mm on page {}: {} pixels per inch, below the minimum of {MIN_RESOLUTION}",
                    asset.width,
                    widest.page,
                    resolution.floor()
                );
                let enough = (widest.inches * MIN_RESOLUTION).ceil();
                let hint = format!("use an image at least {enough} pixels wide, or set it smaller with {{width=\"…%\"}}");
                found.push(self.meaning().diagnostic(message).at(span).hint(hint));
            }
        }
    }
}

/// An image on a page.
struct ShownImage<'a> {
    asset: usize,
    inches: f64,
    page: usize,
    item: &'a PageItem<'a>,
}

/// Returns the images on the pages, in order.
fn shown_images<'a>(pages: &'a PageMap<'a>) -> Vec<ShownImage<'a>> {
    let mut shown = Vec::new();
    for page in &pages.pages {
        for item in &page.items {
            let What::Image(image, size) = item.what else { continue };
            let asset = pages.asset(image);
            let inches = size.x.to_inches() * item.to_page.sx.get().hypot(item.to_page.ky.get());
            shown.extend(asset.map(|asset| ShownImage { asset, inches, page: page.number, item }));
        }
    }
    shown
}

/// Removes the findings of R651 about images that a print check reports at the same place: they state the same fact, and a print product
/// needs at least as many pixels.
pub fn without_repeated(found: Diagnostics) -> Diagnostics {
    let has_code = |code: &str, span: Option<Span>| found.iter().any(|other| other.code.id() == code && other.span == span);
    let is_repeated = |span: Option<Span>| span.is_some() && (has_code("R701", span) || has_code("R702", span));
    found.iter().filter(|finding| finding.code.id() != "R651" || !is_repeated(finding.span)).cloned().collect()
}

/// R652: an image file that is too large.
pub struct HeavyImage;

/// Maximum size of an image file in bytes.
const MAX_FILE_SIZE: usize = 2 * 1024 * 1024;

impl Check for HeavyImage {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R652", Group::Check, Severity::Warning),
            title: "An image file that is too large.",
            explanation: "\
An image of more than 2 MiB makes the EPUB slow to download, and the PDF too large for e-mail. Save photographs as JPEG with a
quality of 80 to 90, and drawings with few colours as PNG.",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        each_image_file(subject, &mut |asset, span| {
            if asset.bytes.len() > MAX_FILE_SIZE {
                let mib = asset.bytes.len() as f64 / f64::from(1 << 20);
                let message = format!("the size of \"{}\" is {mib:.1} MiB, more than the recommended 2 MiB", file_name(asset));
                let hint = match asset.media_type {
                    "image/png" => "save a photograph as JPEG, or a drawing with fewer colours",
                    _ => "save it with fewer pixels, or at a lower quality",
                };
                found.push(self.meaning().diagnostic(message).at(span).hint(hint));
            }
        });
    }
}

/// R653: an image with more pixels in the EPUB than reading systems support.
pub struct TooManyPixels;

/// Maximum number of pixels of an image. Apple Books rejects images above 5.6 million.
const MAX_PIXELS: u64 = 5_600_000;

impl Check for TooManyPixels {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R653", Group::Check, Severity::Warning),
            title: "An image with more pixels in the EPUB than reading systems support.",
            explanation: "\
Apple Books shows images of up to 5.6 million pixels, and older reading systems fewer. Images that the EPUB contains in a smaller
version are not reported: JPEGs, and PNGs without a profile, unless `fit-images = false`. 2,400 by 1,800 pixels are enough for a full
page in print.",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        each_image_file(subject, &mut |asset, span| {
            let pixels = u64::from(asset.width) * u64::from(asset.height);
            let is_fitted = || subject.edition.fit_images && is_scaled(&asset.bytes);
            if pixels > MAX_PIXELS && !asset.is_drawing() && !is_fitted() {
                let message = format!(
                    "\"{}\" is {} by {} pixels; some reading systems show at most 5.6 million",
                    file_name(asset),
                    asset.width,
                    asset.height
                );
                found.push(
                    self.meaning()
                        .diagnostic(message)
                        .at(span)
                        .hint("save it with fewer pixels: 2400 on the longer side are enough"),
                );
            }
        });
    }
}

/// R654: a picture with light colours on a transparent background.
pub struct UnseenOnPaper;

impl Check for UnseenOnPaper {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R654", Group::Check, Severity::Warning),
            title: "A picture with light colours on a transparent background.",
            explanation: "\
The picture was made for dark pages. On paper and on white pages, its colours are invisible. Export it with an opaque background, or with
dark colours.

A picture with dark colours on a transparent background needs no change: if the reader of an EPUB prefers dark pages, the EPUB shows it on
a light background. `reliure inspect` lists these pictures with `light-ground`.",
        }
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        each_image_file(subject, &mut |asset, span| {
            if asset.background.is_unseen_on_paper {
                let message =
                    format!("\"{}\" has light colours on a transparent background, invisible on white pages", file_name(asset));
                found.push(
                    self.meaning().diagnostic(message).at(span).hint("export it with a dark background, or in dark colours"),
                );
            }
        });
    }
}

/// Calls `callback` once for each image file in the text, with the location of its first use.
fn each_image_file(subject: &Subject<'_>, callback: &mut dyn FnMut(&Asset, Span)) {
    let mut reported: Vec<usize> = Vec::new();
    for (index, span) in places(subject) {
        if let (Some(asset), false) = (subject.edition.assets.get(index), reported.contains(&index)) {
            reported.push(index);
            callback(asset, span);
        }
    }
}

/// Returns the file name of an image.
pub fn file_name(asset: &Asset) -> &str {
    asset.path.rsplit('/').next().unwrap_or(&asset.path)
}
