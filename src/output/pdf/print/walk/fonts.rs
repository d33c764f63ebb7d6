//! Fonts: copied, except Type 3 fonts, whose glyphs are content streams (ISO 32000-1 §9.6.5).

use std::rc::Rc;

use lopdf::{Dictionary, Object, Stream};

use super::super::content::{self, ExtraResources};
use super::super::font::{self, Font};
use super::super::matrix::{Matrix, Rect};
use super::super::usage::Usage;
use super::super::{FinishError, PaintContext, entry, plain, resolved};
use super::{ConvertedObject, Walk};

/// A font, with the usage of its glyphs if it is a Type 3 font.
type FontWithUsage = (Rc<Font>, Rc<Usage>);

impl<'a> Walk<'a> {
    pub(super) fn font(&mut self, object: &'a Object, context: PaintContext) -> Result<Option<Object>, FinishError> {
        let Some(font) = resolved(self.document, object).and_then(|font| font.as_dict().ok()) else { return Ok(None) };
        let id = object.as_reference().ok();
        if let Some(id) = id {
            self.fonts.entry(id).or_insert_with(|| font::report(self.document, font));
        }
        if entry(self.document, font, b"Subtype").and_then(|kind| kind.as_name().ok()) != Some(b"Type3") {
            return self.copy(object).map(Some);
        }
        let new = match self.reserve_at(object, context) {
            Ok(new) => new,
            Err(made) => return Ok(Some(made.id.into())),
        };
        self.enter()?;
        let resources = self.resources_of(font).unwrap_or(font);
        let mut made = Dictionary::new();
        for (key, value) in font {
            if !matches!(key.as_slice(), b"CharProcs" | b"Resources") {
                made.set(key.clone(), self.copy(value)?);
            }
        }
        let mut extra = ExtraResources::default();
        let mut usage = Usage::default();
        let mut glyphs = Dictionary::new();
        let drawings = entry(self.document, font, b"CharProcs").and_then(|drawings| drawings.as_dict().ok());
        for (name, glyph) in drawings.into_iter().flatten() {
            let Some(Object::Stream(stream)) = resolved(self.document, glyph) else { continue };
            let (content, used, drawn) = content::rewrite(self, &plain(stream)?, resources, (Matrix::IDENTITY, context))?;
            let id = self.new_id();
            self.insert_plain(id, Stream::new(Dictionary::new(), content));
            glyphs.set(name.clone(), id);
            extra.add(used);
            usage.add(&drawn, Matrix::IDENTITY, (Rect::ALL, false));
        }
        made.set("CharProcs", glyphs);
        made.set("Resources", self.resources(resources, &extra, context)?);
        self.insert(new, made);
        self.depth -= 1;
        self.keep_at(object, context, ConvertedObject { id: new, usage: Rc::new(usage) });
        Ok(Some(new.into()))
    }

    /// Returns the widths of a font in the resources, with the usage of its glyphs if it is a Type 3 font.
    pub(in super::super) fn widths(
        &mut self,
        object: &'a Object,
        context: PaintContext,
    ) -> Result<Option<FontWithUsage>, FinishError> {
        let Some(font) = resolved(self.document, object).and_then(|font| font.as_dict().ok()) else { return Ok(None) };
        let Ok(id) = object.as_reference() else { return Ok(Some((Rc::new(Font::read(self.document, font)), Rc::default()))) };
        let document = self.document;
        let read = Rc::clone(self.widths.entry(id).or_insert_with(|| Rc::new(Font::read(document, font))));
        if !read.type3 {
            return Ok(Some((read, Rc::default())));
        }
        self.font(object, context)?;
        let usage = self.made.get(&(id, context)).map(|made| Rc::clone(&made.usage)).unwrap_or_default();
        Ok(Some((read, usage)))
    }
}
