//! Writes images.

use super::Writer;
use super::inline::LinkForm;
use crate::diagnostic::Span;
use crate::model::{Block, BlockKind, Image, Linked, plain_text, row_columns};

/// Folder of the images in the container.
pub const IMAGES: &str = "images/";

impl<'a> Writer<'a> {
    /// Writes an image as a figure, with its caption and credit.
    pub(super) fn figure(&mut self, image: &'a Image, span: Span) {
        self.xml.open("figure").attr("class", "illustration").line();
        self.linked_image(image, image.width, span);
        self.legend(image);
    }

    /// Writes figures side by side.
    pub(super) fn figure_row(&mut self, figures: &'a [Block<Linked>]) {
        let count = figures.iter().filter(|block| matches!(block.kind, BlockKind::Figure(_))).count();
        let columns = row_columns(count);
        let class =
            if count > columns { format!("figure-row row-{columns} wrapped") } else { format!("figure-row row-{columns}") };
        self.xml.open("div").attr("class", &class).line();
        for block in figures {
            match &block.kind {
                BlockKind::Figure(image) => {
                    let style = image.width.map(|percent| format!("width: {percent}%; max-width: {percent}%"));
                    self.xml.open("figure").attr("class", "illustration").attr_if("style", style.as_deref()).line();
                    self.linked_image(image, image.width.map(|_| 100), block.span);
                    self.legend(image);
                }
                _ => self.block(block),
            }
        }
        self.xml.close().line();
    }

    /// Writes the image of a figure with the link around it.
    fn linked_image(&mut self, image: &Image, width: Option<u8>, span: Span) {
        let form = image.link.as_ref().filter(|_| image.alt.is_some()).and_then(|target| self.link_form(target, span));
        match form {
            Some(LinkForm::Link(href)) => {
                self.xml.open("a").attr("href", &href);
                self.image(image, None, width, span);
                self.xml.close();
            }
            Some(LinkForm::Words(title)) => {
                self.image(image, None, width, span);
                self.xml.line().open("p").attr("class", "publication-reference").leaf("cite", None, &title).close();
            }
            None => self.image(image, None, width, span),
        }
        self.xml.line();
    }

    /// Writes the caption and the credit of a figure, and ends it.
    fn legend(&mut self, image: &'a Image) {
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

    /// Writes the image element. An empty `alt` marks it as decorative (HTML §4.8.4.4.4). The natural width is written if it is
    /// smaller than the width in pixels, which reading systems use by default.
    pub(super) fn image(&mut self, image: &Image, class: Option<&str>, width: Option<u8>, span: Span) {
        let Some(asset) = self.edition.assets.get(image.asset) else {
            self.internal_error(format!("no image of the publication has the number {}", image.asset), span);
            return;
        };
        self.images.insert(image.asset);
        let natural =
            asset.natural.map(|natural| natural.css_pixels().round()).filter(|natural| *natural < f64::from(asset.width));
        let natural = natural
            .filter(|_| width.is_none() && !asset.is_drawing() && matches!(class, None | Some("inline-picture")))
            .map(|natural| natural.to_string());
        let width = width.map(|percent| format!("width: {percent}%"));
        self.xml
            .open("img")
            .attr("src", &format!("{IMAGES}{}", asset.name))
            .attr("alt", image.alt.as_deref().unwrap_or_default());
        let classes: Vec<&str> = class.into_iter().chain(asset.background.needs_light.then_some("on-light")).collect();
        let classes = (!classes.is_empty()).then(|| classes.join(" "));
        // A figure shows its caption as text. The caption of an image in a line of text is its `title`.
        let title = Some(plain_text(&image.caption)).filter(|title| class.is_some() && !title.is_empty());
        self.xml
            .attr_if("class", classes.as_deref())
            .attr_if("title", title.as_deref())
            .attr_if("width", natural.as_deref())
            .attr_if("style", width.as_deref())
            .void();
    }
}
