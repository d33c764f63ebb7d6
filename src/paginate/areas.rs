//! Link areas: rectangles that a layout marks on a page, such as tabs. The PDF gets links over them, outside the text's tags.

use typst::foundations::{Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::PicoStr;

use super::Paginated;

/// A rectangle that leads to a place of the publication; lengths in points.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Page, from 0.
    pub page: usize,
    /// Left edge from the page's left edge.
    pub left: f64,
    /// Top edge from the page's top edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Id of the place.
    pub target: String,
}

/// Label of the marks, see `layouts/common/areas.typ`.
const LABEL: &str = "reliure-area";

impl Paginated {
    /// Lists the areas that the layout marked, page by page, in the order of the layout.
    pub fn areas(&self) -> Vec<Area> {
        let Some(label) = Label::new(PicoStr::intern(LABEL)) else { return Vec::new() };
        let introspector = self.document.introspector();
        let marks = introspector.query(&Selector::Label(label));
        let mut areas: Vec<Area> = marks
            .iter()
            .filter_map(|mark| {
                let position = introspector.position(mark.location()?)?;
                let metadata = mark.to_packed::<MetadataElem>()?;
                let Value::Dict(values) = &metadata.value else { return None };
                let length = |key: &str| match values.get(key).ok()? {
                    Value::Length(length) => Some(length.abs.to_pt()),
                    _ => None,
                };
                let Value::Str(target) = values.get("target").ok()? else { return None };
                Some(Area {
                    page: position.page.get() - 1,
                    left: position.point.x.to_pt(),
                    top: position.point.y.to_pt(),
                    width: length("width")?,
                    height: length("height")?,
                    target: target.as_str().to_owned(),
                })
            })
            .collect();
        areas.sort_by_key(|area| area.page);
        areas
    }
}
