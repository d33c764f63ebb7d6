//! The additional parts of a bound book: the half title, and the cover sheet with back, spine and front.

use typst::foundations::Smart;
use typst::layout::{Abs, Frame, FrameItem, Point, Sides, Size};
use typst::model::Document;
use typst::syntax::Span;
use typst::visualize::{Curve, Geometry, Paint};
use typst_layout::{Page, PagedDocument};

use super::markup::{BookPart, generate_part};
use super::{Paginated, Setting, compile};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::resolve::Resolved;

/// Lays out the half title, a document of one page. `gutter`, in points, is added to its inner margin.
///
/// # Errors
///
/// Returns the errors of Typst, or an error if the layout produces more than one page.
pub fn half_title(setting: Setting<'_>, edition: &Resolved, gutter: f64) -> Result<(Paginated, Diagnostics), Diagnostics> {
    let (made, found) = part(setting, edition, BookPart::HalfTitle { gutter })?;
    single((setting, edition), &made, BookPart::HalfTitle { gutter })?;
    Ok((made, found))
}

/// Lays out the cover sheet: back, spine and front on one page with the bleed of the print settings. `front` is the first page of
/// the publication, and `spine` the width of the spine in points.
///
/// # Errors
///
/// Returns the errors of Typst, or an error if the layout produces more than one page for the back or the spine.
pub fn cover_sheet(
    setting: Setting<'_>,
    edition: &Resolved,
    front: &Page,
    spine: f64,
) -> Result<(Paginated, Diagnostics), Diagnostics> {
    let (back_part, spine_part) = (BookPart::BackCover { spine }, BookPart::Spine { width: spine });
    let (mut made, mut found) = part(setting, edition, back_part)?;
    let (spine_made, spine_found) = part(setting, edition, spine_part)?;
    found.extend(spine_found);
    let back_page = single((setting, edition), &made, back_part)?;
    let spine_page = single((setting, edition), &spine_made, spine_part)?;
    let sheet = sheet([&back_page, &spine_page, front], Abs::pt(edition.print.bleed));
    made.document = PagedDocument::new([sheet].into_iter().collect(), made.document.info().clone());
    Ok((made, found))
}

fn part(setting: Setting<'_>, edition: &Resolved, part: BookPart) -> Result<(Paginated, Diagnostics), Diagnostics> {
    compile(setting, edition, &|| generate_part(setting.layout, edition, part))
}

/// Returns the only page of a part.
fn single((setting, edition): (Setting<'_>, &Resolved), made: &Paginated, part: BookPart) -> Result<Page, Diagnostics> {
    match made.document.pages() {
        [page] => Ok(page.clone()),
        pages => {
            let count = pages.len();
            let (message, hint) = match part {
                BookPart::BackCover { .. } => (
                    format!("the text of the back cover does not fit: it takes {count} pages"),
                    "shorten `text` in [print.cover], or the description if there is no such text".to_owned(),
                ),
                BookPart::HalfTitle { .. } | BookPart::Spine { .. } => (
                    format!("`{}` of the layout \"{}\" makes {count} pages, not one", part.name(), setting.layout.name),
                    "change the function so that the content fits on one page for this title".to_owned(),
                ),
            };
            let text = edition.print.cover.text_at.filter(|_| matches!(part, BookPart::BackCover { .. }));
            Err(Diagnostic::new(code::COVER_SHEET, message).at(text.or(edition.print.binding_at)).hint(hint).into())
        }
    }
}

/// Places panels beside each other on one page. Each panel is clipped at its edges, and extends into the bleed only at the edge
/// of the sheet.
///
/// The backgrounds are drawn first, each from its left edge to the right edge of the sheet, over the previous one. Two adjacent
/// backgrounds of the same colour would otherwise show a hairline between them in viewers.
fn sheet(panels: [&Page; 3], bleed: Abs) -> Page {
    let [back, _, front] = panels;
    let width: Abs = panels.iter().map(|page| page.frame.width()).sum();
    let height = panels.iter().map(|page| page.frame.height()).fold(Abs::zero(), Abs::max);
    let mut whole = Frame::hard(Size::new(width, height));
    let mut drawings = Vec::new();
    let mut x = Abs::zero();
    for (at, page) in panels.into_iter().enumerate() {
        let outer = |is_outer: bool| if is_outer { bleed } else { Abs::zero() };
        let reach = Sides::new(outer(at == 0), bleed, outer(at == 2), bleed);
        let start = Point::new(x - reach.left, -reach.top);
        let size = page.frame.size() + Size::new(reach.left + reach.right, reach.top + reach.bottom);
        if let Some(paint) = page.fill_or_transparent() {
            // A gradient is fitted to its panel.
            let is_plain = matches!(paint, Paint::Solid(_));
            let across = if is_plain { width + bleed - start.x } else { size.x };
            let background = Geometry::Rect(Size::new(across, size.y)).filled(paint);
            whole.push(start, FrameItem::Shape(background, Span::detached()));
        }
        drawings.push((start, clipped(page, reach, size)));
        x += page.frame.width();
    }
    drawings.into_iter().for_each(|(start, drawn)| whole.push_frame(start, drawn));
    Page {
        frame: whole,
        bleed: Sides::splat(bleed),
        fill: Smart::Custom(None),
        numbering: back.numbering.clone(),
        ..front.clone()
    }
}

/// Returns the drawing of a page as a frame of `size`, clipped at its edges. The frame extends beyond the page by `reach`, which
/// is zero at the edges without bleed.
fn clipped(page: &Page, reach: Sides<Abs>, size: Size) -> Frame {
    let mut panel = Frame::hard(size);
    panel.push_frame(Point::new(reach.left, reach.top), drawing(page));
    panel.clip(Curve::rect(size));
    panel
}

/// Returns the content of a page without links and tags, so that the introspection of the combined document does not find them
/// again.
pub fn drawing(page: &Page) -> Frame {
    let mut frame = page.frame.clone();
    keep_drawing(&mut frame);
    frame
}

fn keep_drawing(frame: &mut Frame) {
    frame.retain(|item| match item {
        FrameItem::Group(group) => {
            group.parent = None;
            keep_drawing(&mut group.frame);
            true
        }
        FrameItem::Text(_) | FrameItem::Shape(..) | FrameItem::Image(..) => true,
        FrameItem::Link(..) | FrameItem::Tag(_) => false,
    });
}

#[cfg(test)]
mod tests {
    use typst::visualize::Color;

    use super::*;

    fn page(width: f64, height: f64, colour: Color) -> Page {
        let mut frame = Frame::hard(Size::new(Abs::pt(width), Abs::pt(height)));
        frame.fill(Color::BLACK);
        Page {
            frame,
            bleed: Sides::splat(Abs::pt(30.0)),
            fill: Smart::Custom(Some(colour.into())),
            numbering: None,
            supplement: typst::foundations::Content::default(),
            number: 1,
        }
    }

    #[test]
    fn panels_meet_at_the_spine_and_reach_over_the_bleed_outside() {
        let panels = [page(100.0, 200.0, Color::RED), page(10.0, 200.0, Color::GREEN), page(100.0, 200.0, Color::BLUE)];
        let [back, spine, front] = &panels;
        let sheet = sheet([back, spine, front], Abs::pt(9.0));
        assert_eq!(sheet.frame.size(), Size::new(Abs::pt(210.0), Abs::pt(200.0)));
        assert_eq!((sheet.bleed, sheet.fill), (Sides::splat(Abs::pt(9.0)), Smart::Custom(None)));
        let (mut backgrounds, mut clips) = (Vec::new(), Vec::new());
        for (at, item) in sheet.frame.items() {
            let place = |size: Size| [at.x, at.y, size.x, size.y].map(Abs::to_pt);
            match item {
                FrameItem::Shape(background, _) => backgrounds.push(place(background.geometry.bbox(None).size())),
                FrameItem::Group(group) => {
                    assert_eq!(group.clip, Some(Curve::rect(group.frame.size())));
                    clips.push(place(group.frame.size()));
                }
                _ => panic!("neither a background nor a panel"),
            }
        }
        assert_eq!(backgrounds, [[-9.0, -9.0, 228.0, 218.0], [100.0, -9.0, 119.0, 218.0], [110.0, -9.0, 109.0, 218.0]]);
        assert_eq!(clips, [[-9.0, -9.0, 109.0, 218.0], [100.0, -9.0, 10.0, 218.0], [110.0, -9.0, 109.0, 218.0]]);
    }
}
