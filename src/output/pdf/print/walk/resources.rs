//! Resource dictionaries, colour spaces and graphics states (ISO 32000-1 §7.8.3, §8.4.5).

use std::borrow::Cow;

use lopdf::{Dictionary, Object, ObjectId};

use super::super::content::ExtraResources;
use super::super::function::rounded;
use super::super::matrix::Matrix;
use super::super::space::{Space, spot};
use super::super::spots;
use super::super::{FinishError, InkSet, PaintContext, entry, numbers, resolved};
use super::{INLINE, KNOCK_OUT, OVERPRINT, SHADE, SPOT, TILES, Walk, subtype};

impl<'a> Walk<'a> {
    /// Converts a resource dictionary and adds the resources of the rewritten content.
    pub(in super::super) fn resources(
        &mut self,
        resources: &'a Dictionary,
        extra: &ExtraResources,
        context: PaintContext,
    ) -> Result<Dictionary, FinishError> {
        let mut new = Dictionary::new();
        for (category, entries) in resources {
            let Some(entries) = resolved(self.document, entries).and_then(|entries| entries.as_dict().ok()) else { continue };
            let mut converted = Dictionary::new();
            for (name, value) in entries {
                let value = match category.as_slice() {
                    b"XObject" => self.xobject(value, resources, context)?,
                    b"Pattern" => self.pattern(value, resources, (Matrix::IDENTITY, context))?.map(|made| made.id.into()),
                    b"Shading" => self.shading(value, resources, context)?.map(|made| made.id.into()),
                    b"ExtGState" => self.state(value, resources, context)?,
                    b"Font" => self.font(value, context)?,
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

    fn extend(&mut self, resources: &mut Dictionary, extra: &ExtraResources) {
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
            if let Some(id) = self.spot_space(*index) {
                add("ColorSpace", format!("{SPOT}{index}"), id.into());
            }
        }
        for index in &extra.shades {
            if let Some(id) = self.shade_space(*index) {
                add("ColorSpace", format!("{SHADE}{index}"), id.into());
            }
        }
        for (at, id) in extra.images.iter().enumerate() {
            add("XObject", format!("{INLINE}{at}"), (*id).into());
        }
    }

    /// Returns the colour space of a spot ink, by its index in `Painter::spots`.
    pub(in super::super) fn spot_space(&mut self, index: usize) -> Option<ObjectId> {
        if let Some(id) = self.spot_spaces.get(&index) {
            return Some(*id);
        }
        let (name, ink) = self.painter.spots.get(index).copied()?;
        let id = self.add(spot(name, ink));
        self.spot_spaces.insert(index, id);
        Some(id)
    }

    /// Returns the colour space of a spot ink under black ink, by its index in `Painter::spots`.
    fn shade_space(&mut self, index: usize) -> Option<ObjectId> {
        if let Some(id) = self.shade_spaces.get(&index) {
            return Some(*id);
        }
        let ink = self.painter.spots.get(index).copied()?;
        let space = spots::under_black(ink, &mut |stream| {
            let id = self.new_id();
            self.insert_plain(id, stream);
            id.into()
        });
        let id = self.add(space);
        self.shade_spaces.insert(index, id);
        Some(id)
    }

    /// Returns the colour space of spot inks, optionally with process inks.
    pub(in super::super) fn mixed_space(&mut self, spots: &[usize], process: bool) -> ObjectId {
        let key = (spots.to_vec(), process);
        if let Some(id) = self.mixed_spaces.get(&key) {
            return *id;
        }
        let inks: Vec<(&str, [f32; 4])> = spots.iter().filter_map(|spot| self.painter.spots.get(*spot).copied()).collect();
        let space = spots::mixed(&inks, process, &mut |stream| {
            let id = self.new_id();
            self.insert_plain(id, stream);
            id.into()
        });
        let id = self.add(space);
        self.mixed_spaces.insert(key, id);
        id
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

    /// Converts a colour space that is kept because it has separate plates. Returns `None` for others, whose colours are written
    /// as DeviceCMYK.
    fn kept_space(&mut self, object: &'a Object, resources: &'a Dictionary) -> Result<Option<Object>, FinishError> {
        let is_separation = resolved(self.document, object).and_then(|space| {
            let family = space.as_array().ok()?.first()?.as_name().ok()?;
            Some(matches!(family, b"Separation" | b"DeviceN"))
        });
        if is_separation != Some(true) || self.painter.press.mode == InkSet::Gray {
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

    fn xobject(
        &mut self,
        object: &'a Object,
        around: &'a Dictionary,
        context: PaintContext,
    ) -> Result<Option<Object>, FinishError> {
        let (Ok(id), Some(Object::Stream(stream))) = (object.as_reference(), resolved(self.document, object)) else {
            return Ok(None);
        };
        match subtype(stream) {
            b"Image" => Ok(Some(self.picture(id, Cow::Borrowed(stream), Some(around), context)?.1.into())),
            b"PS" => Ok(None),
            _ => Ok(Some(self.form(id, stream, around, (Matrix::IDENTITY, context))?.id.into())),
        }
    }

    /// Converts a graphics state parameter dictionary. Removes overprint, which the pass sets, and transfer functions, which
    /// PDF/X-4 forbids.
    fn state(
        &mut self,
        object: &'a Object,
        around: &'a Dictionary,
        context: PaintContext,
    ) -> Result<Option<Object>, FinishError> {
        let new = match self.reserve_at(object, context) {
            Ok(new) => new,
            Err(made) => return Ok(Some(made.id.into())),
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
        let context = if luminosity { PaintContext::Luminosity } else { PaintContext::Page };
        let form = mask.get(b"G").map_err(|_| fault())?;
        let Some(Object::Stream(stream)) = resolved(self.document, form) else { return Err(fault()) };
        let id = form.as_reference().map_err(|_| fault())?;
        let mut new = self.kept(mask, &[b"Type", b"S"]);
        if let Some(backdrop) = entry(self.document, mask, b"BC").filter(|_| luminosity) {
            let group = entry(self.document, &stream.dict, b"Group").and_then(|group| group.as_dict().ok()).ok_or_else(fault)?;
            let space = self.spaces.read(self.document, group.get(b"CS").map_err(|_| fault())?, Some(around))?;
            let light = space.light(&numbers(self.document, backdrop));
            new.set("BC", vec![rounded(light)]);
        }
        if let Ok(transfer) = mask.get(b"TR") {
            new.set("TR", self.copy(transfer)?);
        }
        new.set("G", self.form(id, stream, around, (Matrix::IDENTITY, context))?.id);
        Ok(new)
    }
}
