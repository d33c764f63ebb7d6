//! The figures in a paragraph: images that are alone in their lines.

use super::{Authored, AuthoredImage, Block, BlockKind, Inline, InlineKind};

/// A line of a paragraph.
enum FigureLine {
    /// Images and nothing else.
    Images(Vec<AuthoredImage>),
    /// Emphasis and nothing else: the caption of the image in the line before.
    Caption(Vec<Inline<Authored>>),
}

impl BlockKind<Authored> {
    /// Creates a paragraph. If its lines contain only images, each with an optional caption as emphasis in the next line, creates
    /// a figure or a row of figures instead. A link around an image becomes the link of its figure.
    pub fn of_inlines(inlines: Vec<Inline<Authored>>) -> Self {
        match figures(&inlines) {
            Some(mut figures) if figures.len() < 2 => figures.pop().map_or(Self::Paragraph(inlines), Self::Figure),
            Some(figures) => {
                let block = |image: AuthoredImage| Block::new(Self::Figure(image.clone()), image.span);
                Self::FigureRow(figures.into_iter().map(block).collect())
            }
            None => Self::Paragraph(inlines),
        }
    }
}

/// Maximum number of figures side by side.
const MAX_COLUMNS: usize = 4;

/// Returns the number of columns in a row of figures. More figures than columns continue below, in lines of nearly equal length.
pub fn row_columns(figures: usize) -> usize {
    figures.div_ceil(figures.div_ceil(MAX_COLUMNS).max(1))
}

/// Returns the images of a paragraph with their captions, or `None` if it contains other text.
fn figures(inlines: &[Inline<Authored>]) -> Option<Vec<AuthoredImage>> {
    let is_break = |inline: &Inline<Authored>| matches!(inline.kind, InlineKind::SoftBreak | InlineKind::LineBreak);
    let mut figures: Vec<AuthoredImage> = Vec::new();
    // Whether the line before has one image without a caption.
    let mut captionable = false;
    for line in inlines.split(is_break) {
        match figure_line(line)? {
            FigureLine::Images(images) => {
                captionable = matches!(images.as_slice(), [image] if image.caption.is_empty());
                figures.extend(images);
            }
            FigureLine::Caption(caption) => {
                figures.last_mut().filter(|_| captionable)?.caption = caption;
                captionable = false;
            }
        }
    }
    Some(figures)
}

/// Reads a line. Returns `None` if it is text.
fn figure_line(line: &[Inline<Authored>]) -> Option<FigureLine> {
    let is_blank = |inline: &Inline<Authored>| matches!(&inline.kind, InlineKind::Text(text) if text.trim().is_empty());
    let parts: Vec<&Inline<Authored>> = line.iter().filter(|inline| !is_blank(inline)).collect();
    if let [Inline { kind: InlineKind::Emphasis(caption), .. }] = parts.as_slice() {
        return Some(FigureLine::Caption(caption.clone()));
    }
    let image = |inline: &&Inline<Authored>| match &inline.kind {
        InlineKind::Image(image) => Some(image.clone()),
        InlineKind::Link(target, _, inner) => match inner.as_slice() {
            [Inline { kind: InlineKind::Image(image), .. }] if image.link.is_none() => {
                Some(AuthoredImage { link: Some(target.clone()), ..image.clone() })
            }
            _ => None,
        },
        _ => None,
    };
    let images: Vec<AuthoredImage> = parts.iter().map(image).collect::<Option<_>>()?;
    (!images.is_empty()).then_some(FigureLine::Images(images))
}
