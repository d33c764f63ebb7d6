//! Follows what pages use, from object to object, and makes the objects of the print PDF.
//!
//! Nothing is changed in place: an object keeps its number on a page and gets a new one in a luminosity mask, because both may use it.
//! What nothing on a page uses is left out.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::colour::Painter;
use super::content::{self, Extra};
use super::font::{self, Font};
use super::image::Layout;
use super::matrix::{Matrix, Rect};
use super::report::FontUse;
use super::space::{Space, Spaces, spot};
use super::usage::Usage;
use super::{FinishError, Ground, Press, entry, numbers, plain, resolved, shading};

/// Forms in forms, patterns in patterns: more are refused.
const DEEPEST: usize = 40;

/// Operators that overprint, and that end it: names in the resources.
pub(super) const OVERPRINT: &str = "RelK";
pub(super) const KNOCK_OUT: &str = "RelN";
pub(super) const SPOT: &str = "RelS";
pub(super) const INLINE: &str = "RelI";
pub(super) const TILES: &str = "RelP";

/// An image to convert.
pub(super) struct Picture<'a> {
    pub id: ObjectId,
    pub ground: Ground,
    pub stream: Cow<'a, Stream>,
    pub layout: Layout,
}

/// A form, pattern or font that was converted.
#[derive(Clone)]
pub(super) struct Made {
    pub id: ObjectId,
    pub usage: Rc<Usage>,
}

pub(super) struct Walk<'a> {
    pub document: &'a Document,
    pub painter: Painter<'a>,
    pub spaces: Spaces,
    pub pictures: Vec<Picture<'a>>,
    /// Streams that are not deflated yet.
    pub plain: BTreeSet<ObjectId>,
    pub fonts: BTreeMap<ObjectId, FontUse>,
    out: BTreeMap<ObjectId, Object>,
    next: u32,
    made: BTreeMap<(ObjectId, Ground), Made>,
    images: BTreeMap<(ObjectId, Ground), usize>,
    copied: BTreeSet<ObjectId>,
    widths: BTreeMap<ObjectId, Rc<Font>>,
    spot_spaces: BTreeMap<usize, ObjectId>,
    states: BTreeMap<bool, ObjectId>,
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
            states: BTreeMap::new(),
            depth: 0,
        }
    }

    /// Returns the objects that were made.
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

    /// Inserts a stream that is to be deflated.
    pub(super) fn insert_plain(&mut self, id: ObjectId, stream: Stream) {
        self.plain.insert(id);
        self.insert(id, stream);
    }

    pub(super) fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let id = self.new_id();
        self.insert(id, object);
        id
    }

    /// Copies an object that has no colours, with all that it refers to.
    pub(super) fn copy(&mut self, object: &Object) -> Result<Object, FinishError> {
        self.depth += 1;
        if self.depth > 4 * DEEPEST {
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
            // Metadata of parts may claim what no longer holds.
            if !matches!(key.as_slice(), b"Metadata" | b"PieceInfo" | b"Parent") {
                new.set(key.clone(), self.copy(value)?);
            }
        }
        Ok(new)
    }

    /// Reserves the number of an object on this ground. `None` if it is made already, or being made.
    fn reserve(&mut self, id: ObjectId, ground: Ground) -> Result<ObjectId, Made> {
        if let Some(made) = self.made.get(&(id, ground)) {
            return Err(made.clone());
        }
        let new = if ground == Ground::Page { id } else { self.new_id() };
        self.made.insert((id, ground), Made { id: new, usage: Rc::default() });
        Ok(new)
    }

    fn keep(&mut self, id: ObjectId, ground: Ground, made: Made) -> Made {
        self.made.insert((id, ground), made.clone());
        made
    }

    fn enter(&mut self) -> Result<(), FinishError> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(FinishError::Unexpected("forms are nested too deeply".into())) } else { Ok(()) }
    }

    fn resources_of(&self, dictionary: &'a Dictionary) -> Option<&'a Dictionary> {
        entry(self.document, dictionary, b"Resources").and_then(|resources| resources.as_dict().ok())
    }

    /// Converts a form; `matrix` is where it is drawn first, by which the sizes of its text are known.
    pub(super) fn form(
        &mut self,
        id: ObjectId,
        stream: &'a Stream,
        around: &'a Dictionary,
        (matrix, ground): (Matrix, Ground),
    ) -> Result<Made, FinishError> {
        let new = match self.reserve(id, ground) {
            Ok(new) => new,
            Err(made) => return Ok(made),
        };
        self.enter()?;
        let resources = self.resources_of(&stream.dict).unwrap_or(around);
        let mut dictionary = self.kept(&stream.dict, &[b"Type", b"Subtype", b"FormType", b"BBox", b"Matrix"]);
        let matrix = Matrix::of(entry(self.document, &stream.dict, b"Matrix")).then(matrix);
        let (content, extra, mut usage) = content::rewrite(self, &plain(stream)?, resources, (matrix, ground))?;
        dictionary.set("Resources", self.resources(resources, &extra, ground)?);
        if let Some(group) = entry(self.document, &stream.dict, b"Group").and_then(|group| group.as_dict().ok()) {
            dictionary.set("Group", self.group(group, ground));
            usage.transparent = true;
        }
        self.insert_plain(new, Stream::new(dictionary, content));
        self.depth -= 1;
        Ok(self.keep(id, ground, Made { id: new, usage: Rc::new(usage) }))
    }

    fn group(&self, group: &Dictionary, ground: Ground) -> Dictionary {
        let mut new = self.kept(group, &[b"Type", b"S", b"I", b"K"]);
        new.set("CS", if ground == Ground::Luminosity { "DeviceGray" } else { "DeviceCMYK" });
        new
    }

    /// Returns entries that have no colours, with their values in place.
    fn kept(&self, dictionary: &Dictionary, keys: &[&[u8]]) -> Dictionary {
        let mut kept = Dictionary::new();
        for key in keys {
            if let Some(value) = entry(self.document, dictionary, key) {
                kept.set(*key, value.clone());
            }
        }
        kept
    }

    /// Converts a dictionary of resources and adds what the rewritten content names.
    pub(super) fn resources(
        &mut self,
        resources: &'a Dictionary,
        extra: &Extra,
        ground: Ground,
    ) -> Result<Dictionary, FinishError> {
        let mut new = Dictionary::new();
        for (category, entries) in resources {
            let Some(entries) = resolved(self.document, entries).and_then(|entries| entries.as_dict().ok()) else { continue };
            let mut converted = Dictionary::new();
            for (name, value) in entries {
                let value = match category.as_slice() {
                    b"XObject" => self.xobject(value, resources, ground)?,
                    b"Pattern" => self.pattern(value, resources, (Matrix::IDENTITY, ground))?.map(|made| made.id.into()),
                    b"Shading" => self.shading(value, resources, ground)?.map(|made| made.id.into()),
                    b"ExtGState" => self.state(value, resources, ground)?,
                    b"Font" => self.font(value, ground)?,
                    b"ColorSpace" => self.kept_space(value, resources)?,
                    b"Properties" => Some(self.copy(value)?),
                    _ => None,
                };
                if let Some(value) = value {
                    converted.set(name.clone(), value);
                }
            }
            if !converted.is_empty() {
                new.set(category.clone(), converted);
            }
        }
        self.extend(&mut new, extra);
        Ok(new)
    }

    fn extend(&mut self, resources: &mut Dictionary, extra: &Extra) {
        let mut add = |category: &str, name: String, value: Object| {
            let mut entries = match resources.remove(category.as_bytes()) {
                Some(Object::Dictionary(entries)) => entries,
                _ => Dictionary::new(),
            };
            entries.set(name, value);
            resources.set(category, entries);
        };
        if extra.overprint {
            for (name, on) in [(OVERPRINT, true), (KNOCK_OUT, false)] {
                add("ExtGState", name.into(), self.overprint(on).into());
            }
        }
        if extra.tiles {
            add("ColorSpace", TILES.into(), Object::Array(vec!["Pattern".into(), "DeviceCMYK".into()]));
        }
        for index in &extra.spots {
            if let Some((name, ink)) = self.painter.spots.get(*index).copied() {
                let id = match self.spot_spaces.get(index) {
                    Some(id) => *id,
                    None => self.add(spot(name, ink)),
                };
                self.spot_spaces.insert(*index, id);
                add("ColorSpace", format!("{SPOT}{index}"), id.into());
            }
        }
        for (at, id) in extra.images.iter().enumerate() {
            add("XObject", format!("{INLINE}{at}"), (*id).into());
        }
    }

    fn overprint(&mut self, on: bool) -> ObjectId {
        if let Some(id) = self.states.get(&on) {
            return *id;
        }
        let mut state = Dictionary::new();
        state.set("Type", "ExtGState");
        state.set("OP", on);
        state.set("op", on);
        state.set("OPM", i64::from(on));
        let id = self.add(state);
        self.states.insert(on, id);
        id
    }

    /// Returns a colour space that stays: one with plates of its own. Colours in all others are written without it.
    fn kept_space(&mut self, object: &'a Object, resources: &'a Dictionary) -> Result<Option<Object>, FinishError> {
        let is_separation = resolved(self.document, object).and_then(|space| {
            let family = space.as_array().ok()?.first()?.as_name().ok()?;
            Some(matches!(family, b"Separation" | b"DeviceN"))
        });
        if is_separation != Some(true) || self.painter.press.mode == super::ColourMode::Gray {
            return Ok(None);
        }
        match self.spaces.read(self.document, object, Some(resources))? {
            Space::Tint(tint) if tint.is_kept() => {
                let mut streams = Vec::new();
                let mut next = self.next;
                let space = tint.object(&mut self.painter, &mut |object| {
                    next += 1;
                    streams.push(((next, 0), object));
                    (next, 0)
                });
                self.next = next;
                for (id, object) in streams {
                    if let Object::Stream(stream) = object {
                        self.insert_plain(id, stream);
                    }
                }
                Ok(Some(space))
            }
            _ => Ok(None),
        }
    }

    fn xobject(&mut self, object: &'a Object, around: &'a Dictionary, ground: Ground) -> Result<Option<Object>, FinishError> {
        let (Ok(id), Some(Object::Stream(stream))) = (object.as_reference(), resolved(self.document, object)) else {
            return Ok(None);
        };
        match subtype(stream) {
            b"Image" => Ok(Some(self.picture(id, Cow::Borrowed(stream), Some(around), ground)?.1.into())),
            b"PS" => Ok(None),
            _ => Ok(Some(self.form(id, stream, around, (Matrix::IDENTITY, ground))?.id.into())),
        }
    }

    /// Registers an image. Returns its place in the list, if it has colours of its own, and its number.
    pub(super) fn picture(
        &mut self,
        id: ObjectId,
        stream: Cow<'a, Stream>,
        resources: Option<&'a Dictionary>,
        ground: Ground,
    ) -> Result<(Option<usize>, ObjectId), FinishError> {
        if let Some(index) = self.images.get(&(id, ground)) {
            let id = self.pictures.get(*index).map_or(id, |picture| picture.id);
            return Ok((Some(*index), id));
        }
        let is_stencil = entry(self.document, &stream.dict, b"ImageMask").and_then(|mask| mask.as_bool().ok()) == Some(true);
        let new = match self.reserve(id, ground) {
            Ok(new) => new,
            Err(made) => return Ok((None, made.id)),
        };
        if is_stencil {
            let copy = self.copy(&Object::Stream(stream.into_owned()))?;
            self.insert(new, copy);
            return Ok((None, new));
        }
        let space = stream.dict.get(b"ColorSpace").map_err(|_| FinishError::Unexpected("an image has no colour space".into()))?;
        let space = self.spaces.read(self.document, space, resources)?;
        let layout = Layout::new(&space, &mut self.painter)?;
        for mask in [&b"SMask"[..], b"Mask"] {
            match stream.dict.get(mask) {
                Ok(Object::Reference(mask)) => {
                    self.copy(&Object::Reference(*mask))?;
                    if let Some(Object::Stream(mask)) = self.out.get_mut(mask)
                        && mask.dict.has(b"ColorSpace")
                    {
                        mask.dict.set("ColorSpace", "DeviceGray");
                    }
                }
                Ok(Object::Array(_)) => return Err(FinishError::Unexpected("an image is transparent by colour".into())),
                _ => {}
            }
        }
        self.images.insert((id, ground), self.pictures.len());
        self.pictures.push(Picture { id: new, ground, stream, layout });
        Ok((Some(self.pictures.len() - 1), new))
    }

    /// Converts a pattern. `None` if the object is none.
    pub(super) fn pattern(
        &mut self,
        object: &'a Object,
        around: &'a Dictionary,
        (matrix, ground): (Matrix, Ground),
    ) -> Result<Option<Made>, FinishError> {
        let id = object.as_reference().ok();
        let new = match id.map(|id| self.reserve(id, ground)) {
            Some(Err(made)) => return Ok(Some(made)),
            Some(Ok(new)) => new,
            None => self.new_id(),
        };
        self.enter()?;
        let usage = match resolved(self.document, object) {
            Some(Object::Stream(stream)) => {
                let keys: [&[u8]; 8] =
                    [b"Type", b"PatternType", b"PaintType", b"TilingType", b"BBox", b"XStep", b"YStep", b"Matrix"];
                let mut dictionary = self.kept(&stream.dict, &keys);
                let resources = self.resources_of(&stream.dict).unwrap_or(around);
                let own = Matrix::of(entry(self.document, &stream.dict, b"Matrix"));
                let (content, extra, usage) = content::rewrite(self, &plain(stream)?, resources, (own.then(matrix), ground))?;
                dictionary.set("Resources", self.resources(resources, &extra, ground)?);
                self.insert_plain(new, Stream::new(dictionary, content));
                let mut placed = Usage::default();
                placed.add(&usage, own, Rect::ALL);
                placed
            }
            Some(Object::Dictionary(pattern)) => {
                let mut dictionary = self.kept(pattern, &[b"Type", b"PatternType", b"Matrix"]);
                let shading = pattern.get(b"Shading").map_err(|_| FinishError::Unexpected("a pattern has no gradient".into()))?;
                let made = self.shading(shading, around, ground)?.ok_or(FinishError::Missing("gradient"))?;
                dictionary.set("Shading", made.id);
                self.insert(new, dictionary);
                (*made.usage).clone()
            }
            _ => Usage::default(),
        };
        self.depth -= 1;
        let made = Made { id: new, usage: Rc::new(usage) };
        Ok(Some(id.map_or(made.clone(), |id| self.keep(id, ground, made))))
    }

    /// Converts a gradient. `None` if the object is none.
    pub(super) fn shading(
        &mut self,
        object: &'a Object,
        around: &'a Dictionary,
        ground: Ground,
    ) -> Result<Option<Made>, FinishError> {
        let id = object.as_reference().ok();
        let new = match id.map(|id| self.reserve(id, ground)) {
            Some(Err(made)) => return Ok(Some(made)),
            Some(Ok(new)) => new,
            None => self.new_id(),
        };
        let Some(shading) = resolved(self.document, object) else { return Ok(None) };
        let (shading, usage) = shading::convert(self, shading, Some(around), ground)?;
        match shading {
            Object::Stream(stream) => self.insert_plain(new, stream),
            other => self.insert(new, other),
        }
        let made = Made { id: new, usage: Rc::new(usage) };
        Ok(Some(id.map_or(made.clone(), |id| self.keep(id, ground, made))))
    }

    /// Converts a graphics state. Overprint is the pass's alone to decide, and transfer functions are forbidden.
    fn state(&mut self, object: &'a Object, around: &'a Dictionary, ground: Ground) -> Result<Option<Object>, FinishError> {
        let id = object.as_reference().ok();
        let new = match id.map(|id| self.reserve(id, ground)) {
            Some(Err(made)) => return Ok(Some(made.id.into())),
            Some(Ok(new)) => new,
            None => self.new_id(),
        };
        let Some(state) = resolved(self.document, object).and_then(|state| state.as_dict().ok()) else { return Ok(None) };
        let keys: [&[u8]; 15] =
            [b"Type", b"LW", b"LC", b"LJ", b"ML", b"D", b"RI", b"FL", b"SM", b"SA", b"CA", b"ca", b"BM", b"AIS", b"TK"];
        let mut kept = self.kept(state, &keys);
        if let Some(font) = entry(self.document, state, b"Font") {
            kept.set("Font", self.copy(font)?);
        }
        match entry(self.document, state, b"SMask") {
            Some(Object::Dictionary(mask)) => kept.set("SMask", self.mask(mask, around)?),
            Some(none) => kept.set("SMask", none.clone()),
            None => {}
        }
        self.insert(new, kept);
        Ok(Some(new.into()))
    }

    fn mask(&mut self, mask: &'a Dictionary, around: &'a Dictionary) -> Result<Dictionary, FinishError> {
        let fault = || FinishError::Unexpected("a soft mask is damaged".into());
        let luminosity = entry(self.document, mask, b"S").and_then(|kind| kind.as_name().ok()) == Some(b"Luminosity");
        let ground = if luminosity { Ground::Luminosity } else { Ground::Page };
        let form = mask.get(b"G").map_err(|_| fault())?;
        let Some(Object::Stream(stream)) = resolved(self.document, form) else { return Err(fault()) };
        let id = form.as_reference().map_err(|_| fault())?;
        let mut new = self.kept(mask, &[b"Type", b"S"]);
        if let Some(backdrop) = entry(self.document, mask, b"BC").filter(|_| luminosity) {
            let group = entry(self.document, &stream.dict, b"Group").and_then(|group| group.as_dict().ok()).ok_or_else(fault)?;
            let space = self.spaces.read(self.document, group.get(b"CS").map_err(|_| fault())?, Some(around))?;
            let light = space.light(&numbers(self.document, backdrop));
            new.set("BC", vec![super::function::rounded(light)]);
        }
        if let Ok(transfer) = mask.get(b"TR") {
            new.set("TR", self.copy(transfer)?);
        }
        new.set("G", self.form(id, stream, around, (Matrix::IDENTITY, ground))?.id);
        Ok(new)
    }

    fn font(&mut self, object: &'a Object, ground: Ground) -> Result<Option<Object>, FinishError> {
        let Some(font) = resolved(self.document, object).and_then(|font| font.as_dict().ok()) else { return Ok(None) };
        let id = object.as_reference().ok();
        if let Some(id) = id {
            self.fonts.entry(id).or_insert_with(|| font::report(self.document, font));
        }
        if entry(self.document, font, b"Subtype").and_then(|kind| kind.as_name().ok()) != Some(b"Type3") {
            return self.copy(object).map(Some);
        }
        let new = match id.map(|id| self.reserve(id, ground)) {
            Some(Err(made)) => return Ok(Some(made.id.into())),
            Some(Ok(new)) => new,
            None => self.new_id(),
        };
        self.enter()?;
        let resources = self.resources_of(font).unwrap_or(font);
        let mut made = Dictionary::new();
        for (key, value) in font {
            if !matches!(key.as_slice(), b"CharProcs" | b"Resources") {
                made.set(key.clone(), self.copy(value)?);
            }
        }
        let mut extra = Extra::default();
        let mut usage = Usage::default();
        let mut glyphs = Dictionary::new();
        let drawings = entry(self.document, font, b"CharProcs").and_then(|drawings| drawings.as_dict().ok());
        for (name, glyph) in drawings.into_iter().flatten() {
            let Some(Object::Stream(stream)) = resolved(self.document, glyph) else { continue };
            let (content, used, drawn) = content::rewrite(self, &plain(stream)?, resources, (Matrix::IDENTITY, ground))?;
            let id = self.new_id();
            self.insert_plain(id, Stream::new(Dictionary::new(), content));
            glyphs.set(name.clone(), id);
            extra.add(used);
            usage.add(&drawn, Matrix::IDENTITY, Rect::ALL);
        }
        made.set("CharProcs", glyphs);
        made.set("Resources", self.resources(resources, &extra, ground)?);
        self.insert(new, made);
        self.depth -= 1;
        if let Some(id) = id {
            self.keep(id, ground, Made { id: new, usage: Rc::new(usage) });
        }
        Ok(Some(new.into()))
    }

    /// Returns the widths of a font in the resources, and what its glyphs print if they are drawings.
    pub(super) fn widths(&mut self, object: &'a Object, ground: Ground) -> Result<Option<(Rc<Font>, Rc<Usage>)>, FinishError> {
        let Some(font) = resolved(self.document, object).and_then(|font| font.as_dict().ok()) else { return Ok(None) };
        let Ok(id) = object.as_reference() else { return Ok(Some((Rc::new(Font::read(self.document, font)), Rc::default()))) };
        let document = self.document;
        let read = Rc::clone(self.widths.entry(id).or_insert_with(|| Rc::new(Font::read(document, font))));
        if !read.type3 {
            return Ok(Some((read, Rc::default())));
        }
        self.font(object, ground)?;
        let usage = self.made.get(&(id, ground)).map(|made| Rc::clone(&made.usage)).unwrap_or_default();
        Ok(Some((read, usage)))
    }
}

pub(super) fn subtype(stream: &Stream) -> &[u8] {
    stream.dict.get(b"Subtype").and_then(Object::as_name).unwrap_or_default()
}
