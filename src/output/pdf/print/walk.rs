//! Traverses the objects that pages use, and builds the objects of the print PDF.
//!
//! An object keeps its id where a page uses it. Where a luminosity mask uses it, a copy with a new id is made, because a page and
//! a mask may use the same object. Objects that no page uses are omitted.

mod fonts;
mod resources;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::colour::Painter;
use super::content;
use super::font::Font;
use super::image::SampleLayout;
use super::matrix::{Matrix, Rect};
use super::report::FontUse;
use super::space::{Space, Spaces};
use super::unpack::{self, Coding, OwnColours};
use super::usage::Usage;
use super::{FinishError, PaintContext, Press, entry, plain, resolved, shading};

/// Maximum nesting depth of forms and patterns.
const MAX_DEPTH: usize = 40;

/// Names in the resource dictionaries: graphics states that start and end overprint, and prefixes of new resources.
pub(super) const OVERPRINT: &str = "RelK";
pub(super) const KNOCK_OUT: &str = "RelN";
pub(super) const SPOT: &str = "RelS";
/// Resource name of the colour space of a spot ink under black ink, before its index.
pub(super) const SHADE: &str = "RelB";
pub(super) const INLINE: &str = "RelI";
pub(super) const TILES: &str = "RelP";

/// An image to convert.
pub(super) struct Picture<'a> {
    pub id: ObjectId,
    pub context: PaintContext,
    pub stream: Cow<'a, Stream>,
    pub layout: SampleLayout,
    pub coding: Coding,
    /// The mask that is part of it, and the object id of the extracted mask.
    pub own_mask: Option<(ObjectId, OwnMask)>,
    /// The first page that shows it, from 1.
    pub page: usize,
}

/// A mask that is part of an image.
pub(super) enum OwnMask {
    /// Pixels whose samples are all within these bounds are not painted (ISO 32000-1 §8.9.6.4).
    Key(Vec<[u32; 2]>),
    /// The opacity channel of a JPEG 2000 file (ISO 32000-1 §8.9.5, `SMaskInData`).
    Opacity,
}

/// A form, pattern or font that was converted.
#[derive(Clone)]
pub(super) struct ConvertedObject {
    pub id: ObjectId,
    pub usage: Rc<Usage>,
}

/// The traversal, with the objects of the print PDF so far.
pub(super) struct Walk<'a> {
    pub document: &'a Document,
    pub painter: Painter<'a>,
    pub spaces: Spaces,
    pub pictures: Vec<Picture<'a>>,
    /// Streams to deflate at the end.
    pub plain: BTreeSet<ObjectId>,
    pub fonts: BTreeMap<ObjectId, FontUse>,
    out: BTreeMap<ObjectId, Object>,
    next: u32,
    made: BTreeMap<(ObjectId, PaintContext), ConvertedObject>,
    images: BTreeMap<(ObjectId, PaintContext), usize>,
    copied: BTreeSet<ObjectId>,
    widths: BTreeMap<ObjectId, Rc<Font>>,
    spot_spaces: BTreeMap<usize, ObjectId>,
    /// Colour spaces of several inks, by their spot inks and whether they have process inks.
    mixed_spaces: BTreeMap<(Vec<usize>, bool), ObjectId>,
    /// Colour spaces of a spot ink under black ink.
    shade_spaces: BTreeMap<usize, ObjectId>,
    states: BTreeMap<bool, ObjectId>,
    /// The page that is converted, from 1.
    pub page: usize,
    depth: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(document: &'a Document, press: Press<'a>) -> Self {
        let next = document.objects.keys().map(|(number, _)| *number).max().unwrap_or(0).max(document.max_id);
        Self {
            document,
            painter: Painter::new(press),
            spaces: Spaces::new(press.profile.digest()),
            pictures: Vec::new(),
            plain: BTreeSet::new(),
            fonts: BTreeMap::new(),
            out: BTreeMap::new(),
            next,
            made: BTreeMap::new(),
            images: BTreeMap::new(),
            copied: BTreeSet::new(),
            widths: BTreeMap::new(),
            spot_spaces: BTreeMap::new(),
            mixed_spaces: BTreeMap::new(),
            shade_spaces: BTreeMap::new(),
            states: BTreeMap::new(),
            page: 0,
            depth: 0,
        }
    }

    /// Returns the objects of the print PDF.
    pub(super) fn into_objects(self) -> BTreeMap<ObjectId, Object> {
        self.out
    }

    pub(super) fn new_id(&mut self) -> ObjectId {
        self.next += 1;
        (self.next, 0)
    }

    pub(super) fn insert(&mut self, id: ObjectId, object: impl Into<Object>) {
        self.out.insert(id, object.into());
    }

    /// Inserts a stream, to be deflated later.
    pub(super) fn insert_plain(&mut self, id: ObjectId, stream: Stream) {
        self.plain.insert(id);
        self.insert(id, stream);
    }

    pub(super) fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let id = self.new_id();
        self.insert(id, object);
        id
    }

    /// Copies an object without colours, with everything that it refers to.
    pub(super) fn copy(&mut self, object: &Object) -> Result<Object, FinishError> {
        self.depth += 1;
        if self.depth > 4 * MAX_DEPTH {
            return Err(FinishError::Unexpected("objects are nested too deeply".into()));
        }
        let copy = match object {
            Object::Reference(id) => {
                if self.copied.insert(*id)
                    && !self.out.contains_key(id)
                    && let Ok(target) = self.document.get_object(*id)
                {
                    let target = self.copy(target)?;
                    self.insert(*id, target);
                }
                object.clone()
            }
            Object::Array(items) => Object::Array(items.iter().map(|item| self.copy(item)).collect::<Result<_, _>>()?),
            Object::Dictionary(dictionary) => Object::Dictionary(self.copy_entries(dictionary)?),
            Object::Stream(stream) => {
                let mut new = Stream::new(self.copy_entries(&stream.dict)?, stream.content.clone());
                new.allows_compression = false;
                Object::Stream(new)
            }
            other => other.clone(),
        };
        self.depth -= 1;
        Ok(copy)
    }

    fn copy_entries(&mut self, dictionary: &Dictionary) -> Result<Dictionary, FinishError> {
        let mut new = Dictionary::new();
        for (key, value) in dictionary {
            // The metadata of an object may be invalid after the conversion.
            if !matches!(key.as_slice(), b"Metadata" | b"PieceInfo" | b"Parent") {
                new.set(key.clone(), self.copy(value)?);
            }
        }
        Ok(new)
    }

    /// Reserves the id of an object in this context. Fails with the converted object if it exists or is in progress.
    fn reserve(&mut self, id: ObjectId, context: PaintContext) -> Result<ObjectId, ConvertedObject> {
        if let Some(made) = self.made.get(&(id, context)) {
            return Err(made.clone());
        }
        let new = if context == PaintContext::Page { id } else { self.new_id() };
        self.made.insert((id, context), ConvertedObject { id: new, usage: Rc::default() });
        Ok(new)
    }

    /// Reserves the id of an object that may be direct.
    fn reserve_at(&mut self, object: &Object, context: PaintContext) -> Result<ObjectId, ConvertedObject> {
        match object.as_reference() {
            Ok(id) => self.reserve(id, context),
            Err(_) => Ok(self.new_id()),
        }
    }

    fn keep(&mut self, id: ObjectId, context: PaintContext, made: ConvertedObject) -> ConvertedObject {
        self.made.insert((id, context), made.clone());
        made
    }

    /// Caches the converted object, unless it is direct.
    fn keep_at(&mut self, object: &Object, context: PaintContext, made: ConvertedObject) -> ConvertedObject {
        match object.as_reference() {
            Ok(id) => self.keep(id, context, made),
            Err(_) => made,
        }
    }

    fn enter(&mut self) -> Result<(), FinishError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(FinishError::Unexpected("forms are nested too deeply".into())) } else { Ok(()) }
    }

    fn resources_of(&self, dictionary: &'a Dictionary) -> Option<&'a Dictionary> {
        entry(self.document, dictionary, b"Resources").and_then(|resources| resources.as_dict().ok())
    }

    /// Converts a form XObject. `matrix` is its transformation at the first use, which determines the sizes of its text.
    pub(super) fn form(
        &mut self,
        id: ObjectId,
        stream: &'a Stream,
        around: &'a Dictionary,
        (matrix, context): (Matrix, PaintContext),
    ) -> Result<ConvertedObject, FinishError> {
        let new = match self.reserve(id, context) {
            Ok(new) => new,
            Err(made) => return Ok(made),
        };
        self.enter()?;
        let resources = self.resources_of(&stream.dict).unwrap_or(around);
        let mut dictionary = self.kept(&stream.dict, &[b"Type", b"Subtype", b"FormType", b"BBox", b"Matrix"]);
        let matrix = Matrix::of(entry(self.document, &stream.dict, b"Matrix")).then(matrix);
        let (content, extra, mut usage) = content::rewrite(self, &plain(stream)?, resources, (matrix, context))?;
        dictionary.set("Resources", self.resources(resources, &extra, context)?);
        if let Some(group) = entry(self.document, &stream.dict, b"Group").and_then(|group| group.as_dict().ok()) {
            dictionary.set("Group", self.group(group, context));
            usage.transparent = true;
        }
        self.insert_plain(new, Stream::new(dictionary, content));
        self.depth -= 1;
        Ok(self.keep(id, context, ConvertedObject { id: new, usage: Rc::new(usage) }))
    }

    fn group(&self, group: &Dictionary, context: PaintContext) -> Dictionary {
        let mut new = self.kept(group, &[b"Type", b"S", b"I", b"K"]);
        new.set("CS", if context == PaintContext::Luminosity { "DeviceGray" } else { "DeviceCMYK" });
        new
    }

    /// Returns the entries with these keys, with references resolved.
    fn kept(&self, dictionary: &Dictionary, keys: &[&[u8]]) -> Dictionary {
        let mut kept = Dictionary::new();
        for key in keys {
            if let Some(value) = entry(self.document, dictionary, key) {
                kept.set(*key, value.clone());
            }
        }
        kept
    }

    /// Registers an image. Returns its index, unless it is a stencil mask, and its object id.
    pub(super) fn picture(
        &mut self,
        id: ObjectId,
        stream: Cow<'a, Stream>,
        resources: Option<&'a Dictionary>,
        context: PaintContext,
    ) -> Result<(Option<usize>, ObjectId), FinishError> {
        if let Some(index) = self.images.get(&(id, context)) {
            let id = self.pictures.get(*index).map_or(id, |picture| picture.id);
            return Ok((Some(*index), id));
        }
        let is_stencil = entry(self.document, &stream.dict, b"ImageMask").and_then(|mask| mask.as_bool().ok()) == Some(true);
        let new = match self.reserve(id, context) {
            Ok(new) => new,
            Err(made) => return Ok((None, made.id)),
        };
        if is_stencil {
            let copy = self.copy(&Object::Stream(stream.into_owned()))?;
            self.insert(new, copy);
            return Ok((None, new));
        }
        let (stream, coding) = unpack::open(self.document, stream)?;
        let space = self.image_space(&stream, &coding, resources)?;
        let unsupported = |error| match error {
            FinishError::Unexpected(what) => FinishError::unsupported(what),
            other => other,
        };
        let layout = SampleLayout::new(&space, &mut self.painter).map_err(unsupported)?;
        for mask in [&b"SMask"[..], b"Mask"] {
            if let Ok(Object::Reference(mask)) = stream.dict.get(mask) {
                self.copy(&Object::Reference(*mask))?;
                if let Some(Object::Stream(mask)) = self.out.get_mut(mask)
                    && mask.dict.has(b"ColorSpace")
                {
                    mask.dict.set("ColorSpace", "DeviceGray");
                }
            }
        }
        let own_mask = self.own_mask(&stream)?.map(|mask| (self.new_id(), mask));
        self.images.insert((id, context), self.pictures.len());
        self.pictures.push(Picture { id: new, context, stream, layout, coding, own_mask, page: self.page });
        Ok((Some(self.pictures.len() - 1), new))
    }

    /// Reads the colour space of an image. A JPEG 2000 file contains a colour space, which is used if the PDF has none.
    fn image_space(&mut self, stream: &Stream, coding: &Coding, resources: Option<&'a Dictionary>) -> Result<Space, FinishError> {
        if let Ok(space) = stream.dict.get(b"ColorSpace") {
            return self.spaces.read(self.document, space, resources);
        }
        if !matches!(coding, Coding::Jpeg2000) {
            return Err(FinishError::Unexpected("an image has no colour space".into()));
        }
        match unpack::own_colours(&stream.content)?.0 {
            OwnColours::Gray => Ok(Space::Gray),
            OwnColours::Rgb => Ok(Space::Rgb),
            OwnColours::Cmyk => Ok(Space::Cmyk),
            OwnColours::Profile(bytes) => self.spaces.of_profile(&bytes, None),
        }
    }

    /// Returns the mask that is part of an image. A soft mask takes precedence.
    fn own_mask(&self, stream: &Stream) -> Result<Option<OwnMask>, FinishError> {
        if entry(self.document, &stream.dict, b"SMask").is_some() {
            return Ok(None);
        }
        match entry(self.document, &stream.dict, b"SMaskInData").and_then(|kind| kind.as_i64().ok()) {
            None | Some(0) => {}
            Some(1) => return Ok(Some(OwnMask::Opacity)),
            Some(_) => return Err(FinishError::unsupported("an image in it is preblended with its background (SMaskInData 2)")),
        }
        let Some(Object::Array(key)) = entry(self.document, &stream.dict, b"Mask") else { return Ok(None) };
        let bound = |object: &Object| u32::try_from(resolved(self.document, object)?.as_i64().ok()?).ok();
        let bounds: Option<Vec<u32>> = key.iter().map(bound).collect();
        let bounds =
            bounds.filter(|bounds| bounds.len() >= 2).ok_or_else(|| FinishError::unsupported("a mask in it is damaged"))?;
        Ok(Some(OwnMask::Key(bounds.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect())))
    }

    /// Converts a pattern. Returns `None` if the object is not a pattern.
    pub(super) fn pattern(
        &mut self,
        object: &'a Object,
        around: &'a Dictionary,
        (matrix, context): (Matrix, PaintContext),
    ) -> Result<Option<ConvertedObject>, FinishError> {
        let new = match self.reserve_at(object, context) {
            Ok(new) => new,
            Err(made) => return Ok(Some(made)),
        };
        self.enter()?;
        let usage = match resolved(self.document, object) {
            Some(Object::Stream(stream)) => {
                let keys: [&[u8]; 8] =
                    [b"Type", b"PatternType", b"PaintType", b"TilingType", b"BBox", b"XStep", b"YStep", b"Matrix"];
                let mut dictionary = self.kept(&stream.dict, &keys);
                let resources = self.resources_of(&stream.dict).unwrap_or(around);
                let own = Matrix::of(entry(self.document, &stream.dict, b"Matrix"));
                let (content, extra, usage) = content::rewrite(self, &plain(stream)?, resources, (own.then(matrix), context))?;
                dictionary.set("Resources", self.resources(resources, &extra, context)?);
                self.insert_plain(new, Stream::new(dictionary, content));
                let mut placed = Usage::default();
                placed.add(&usage, own, (Rect::ALL, false));
                placed
            }
            Some(Object::Dictionary(pattern)) => {
                let mut dictionary = self.kept(pattern, &[b"Type", b"PatternType", b"Matrix"]);
                let shading = pattern.get(b"Shading").map_err(|_| FinishError::Unexpected("a pattern has no gradient".into()))?;
                let made = self.shading(shading, around, context)?.ok_or(FinishError::Missing("gradient"))?;
                dictionary.set("Shading", made.id);
                self.insert(new, dictionary);
                (*made.usage).clone()
            }
            _ => Usage::default(),
        };
        self.depth -= 1;
        Ok(Some(self.keep_at(object, context, ConvertedObject { id: new, usage: Rc::new(usage) })))
    }

    /// Converts a shading. Returns `None` if the object is not a shading.
    pub(super) fn shading(
        &mut self,
        object: &'a Object,
        around: &'a Dictionary,
        context: PaintContext,
    ) -> Result<Option<ConvertedObject>, FinishError> {
        let new = match self.reserve_at(object, context) {
            Ok(new) => new,
            Err(made) => return Ok(Some(made)),
        };
        let Some(shading) = resolved(self.document, object) else { return Ok(None) };
        let (shading, usage) = shading::convert(self, shading, Some(around), context)?;
        match shading {
            Object::Stream(stream) => self.insert_plain(new, stream),
            other => self.insert(new, other),
        }
        Ok(Some(self.keep_at(object, context, ConvertedObject { id: new, usage: Rc::new(usage) })))
    }
}

pub(super) fn subtype(stream: &Stream) -> &[u8] {
    stream.dict.get(b"Subtype").and_then(Object::as_name).unwrap_or_default()
}
