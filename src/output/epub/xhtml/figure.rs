//! Writes images.

use super::Writer;
use crate::diagnostic::Span;
use crate::model::Image;

/// Folder of the images in the container.
pub const IMAGES: &str = "images/";

impl<'a> Writer<'a> {
    /// Writes an image as a figure, with its caption and credit.
    pub(super) fn figure(&mut self, image: &'a Image, span: Span) {
        self.xml.open("figure").attr("class", "illustration").line();
        self.image(image, None, image.width, span);
        self.xml.line();
        if !image.caption.is_empty() || image.credit.is_some() {
            self.xml.open("figcaption");
            if !image.caption.is_empty() {
                self.xml.open("span").attr("class", "caption");
                self.inlines(&image.caption);
                self.xml.close();
            }
            if !image.caption.is_empty() && image.credit.is_some() {
                self.xml.text(" ");
            }
            if let Some(credit) = &image.credit {
                self.xml.leaf("span", Some("credit"), credit);
            }
            self.xml.close().line();
        }
        self.xml.close().line();
    }

    /// Writes the image element. An empty `alt` marks it as decorative (HTML §4.8.4.4.4).
    pub(super) fn image(&mut self, image: &Image, class: Option<&str>, width: Option<u8>, span: Span) {
        let Some(asset) = self.edition.assets.get(image.asset) else {
            self.internal_error(format!("no image of the publication has the number {}", image.asset), span);
            return;
        };
        self.images.insert(image.asset);
        let width = width.map(|percent| format!("width: {percent}%"));
        self.xml
            .open("img")
            .attr("src", &format!("{IMAGES}{}", asset.name))
            .attr("alt", image.alt.as_deref().unwrap_or_default());
        self.xml.attr_if("class", class).attr_if("style", width.as_deref()).void();
    }
}
