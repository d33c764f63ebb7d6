//! The colours of a drawing without a background.

use roxmltree::Document;
use usvg::{Group, Node, Paint, Path};

/// Opacity from which a paint is visible.
const VISIBLE: f32 = 0.5;

/// Minimum share of the width and of the height of a drawing that a background covers.
const COVERED: f32 = 0.97;

/// Returns the colours of a drawing, or `None` if an opaque shape or an image covers it as a background.
pub fn colours(document: &Document<'_>, tree: &usvg::Tree) -> Option<Vec<[u8; 3]>> {
    let mut colours = Vec::new();
    if covers(tree.root(), tree, &mut colours) {
        return None;
    }
    // Text is not converted to paths here. It counts as black if no attribute can set its colour.
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    let has_colour = |node: roxmltree::Node<'_, '_>| ["fill", "style", "class"].iter().any(|name| node.has_attribute(*name));
    colours.extend(texts.filter(|text| !text.ancestors().any(has_colour)).map(|_| [0; 3]));
    Some(colours)
}

/// Adds the colours of a group. Returns whether a part of it covers the drawing.
fn covers(group: &Group, tree: &usvg::Tree, colours: &mut Vec<[u8; 3]>) -> bool {
    if group.opacity().get() < VISIBLE {
        return false;
    }
    group.children().iter().any(|node| match node {
        Node::Group(inner) => covers(inner, tree, colours),
        Node::Path(path) => {
            colours.extend(of_path(path));
            path.fill().is_some_and(|fill| fill.opacity().get() == 1.0) && is_whole(path.abs_bounding_box(), tree)
        }
        Node::Image(image) => is_whole(image.abs_bounding_box(), tree),
        Node::Text(_) => false,
    })
}

fn is_whole(part: usvg::Rect, tree: &usvg::Tree) -> bool {
    let (width, height) = (tree.size().width(), tree.size().height());
    let (across, down) = (part.right().min(width) - part.left().max(0.0), part.bottom().min(height) - part.top().max(0.0));
    across >= COVERED * width && down >= COVERED * height
}

fn of_path(path: &Path) -> Vec<[u8; 3]> {
    if !path.is_visible() {
        return Vec::new();
    }
    let fill = path.fill().filter(|fill| fill.opacity().get() >= VISIBLE).map(usvg::Fill::paint);
    let stroke = path.stroke().filter(|stroke| stroke.opacity().get() >= VISIBLE).map(usvg::Stroke::paint);
    let rgb = |colour: usvg::Color| [colour.red, colour.green, colour.blue];
    let of_paint = |paint: &Paint| match paint {
        Paint::Color(colour) => vec![rgb(*colour)],
        Paint::LinearGradient(gradient) => gradient.stops().iter().map(|stop| rgb(stop.color())).collect(),
        Paint::RadialGradient(gradient) => gradient.stops().iter().map(|stop| rgb(stop.color())).collect(),
        Paint::Pattern(_) => Vec::new(),
    };
    fill.into_iter().chain(stroke).flat_map(of_paint).collect()
}
