//! Metadata of a layout for links in the PDF: areas that become links, such as tabs.

use typst::foundations::{Dict, Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::PicoStr;

use super::Paginated;

/// A rectangle that links to a section or heading. Lengths are in points.
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
    /// Id of the section or heading, or `cover`.
    pub target: String,
    /// Whether it belongs to the link with the same target in the text of the page.
    pub joined: bool,
}

/// Label of the metadata element in `layouts/common/areas.typ`.
const AREA: &str = "reliure-area";

impl Paginated {
    /// Returns the areas that the layout marked, by page, then in the order of the layout.
    pub fn areas(&self) -> Vec<Area> {
        let marks = self.marks(AREA).into_iter();
        marks
            .filter_map(|mark| {
                let length = |key: &str| match mark.values.get(key).ok()? {
                    Value::Length(length) => Some(length.abs.to_pt()),
                    _ => None,
                };
                let (width, height, target) = (length("width")?, length("height")?, mark.text("target")?);
                let joined = matches!(mark.values.get("joined"), Ok(Value::Bool(true)));
                Some(Area { page: mark.page, left: mark.left, top: mark.top, width, height, target, joined })
            })
            .collect()
    }

    fn marks(&self, label: &str) -> Vec<AreaMark> {
        let Some(label) = Label::new(PicoStr::intern(label)) else { return Vec::new() };
        let introspector = self.document.introspector();
        let mut marks: Vec<AreaMark> = introspector
            .query(&Selector::Label(label))
            .iter()
            .filter_map(|mark| {
                let position = introspector.position(mark.location()?)?;
                let Value::Dict(values) = &mark.to_packed::<MetadataElem>()?.value else { return None };
                let (left, top) = (position.point.x.to_pt(), position.point.y.to_pt());
                Some(AreaMark { page: position.page.get() - 1, left, top, values: values.clone() })
            })
            .collect();
        marks.sort_by_key(|mark| mark.page);
        marks
    }
}

/// A metadata element of a layout, with its position and value.
struct AreaMark {
    page: usize,
    left: f64,
    top: f64,
    values: Dict,
}

impl AreaMark {
    fn text(&self, key: &str) -> Option<String> {
        match self.values.get(key).ok()? {
            Value::Str(text) => Some(text.as_str().to_owned()),
            _ => None,
        }
    }
}
