//! Inline images, which become image objects (ISO 32000-1 §8.9.7).

use std::borrow::Cow;

use lopdf::{Dictionary, Object, Stream};

use super::super::FinishError;
use super::super::token::{Kind, PdfToken, name, number, text};
use super::super::walk::INLINE;
use super::Rewriter;
use super::state::Mark;

impl Rewriter<'_, '_> {
    /// Reads the entries of an inline image, whose names may be abbreviated (ISO 32000-1 §8.9.7).
    pub(super) fn inline_entries(&mut self, operands: &[PdfToken]) {
        let mut dictionary = Dictionary::new();
        let mut rest = operands.iter().peekable();
        while let Some(key) = rest.next() {
            let key = name(self.bytes(key));
            let long: &[u8] = match key.as_slice() {
                b"BPC" => b"BitsPerComponent",
                b"CS" => b"ColorSpace",
                b"D" => b"Decode",
                b"DP" => b"DecodeParms",
                b"F" => b"Filter",
                b"H" => b"Height",
                b"IM" => b"ImageMask",
                b"W" => b"Width",
                other => other,
            };
            let mut items = Vec::new();
            let mut depth = 0_i32;
            for token in rest.by_ref() {
                let bytes = self.bytes(token);
                match (token.kind, bytes) {
                    (Kind::Bracket, b"[" | b"<<") => depth += 1,
                    (Kind::Bracket, _) => depth -= 1,
                    (Kind::Name, bytes) => items.push(Object::Name(long_value(&name(bytes)))),
                    (Kind::Number, bytes) => items.push(whole_or_real(number(bytes))),
                    (Kind::Text, bytes) => items.push(Object::string_literal(text(bytes))),
                    (Kind::Word, bytes) => items.push(Object::Boolean(bytes == b"true")),
                    _ => {}
                }
                if depth <= 0 {
                    break;
                }
            }
            let is_list = matches!(long, b"Decode") || items.len() > 1;
            let value = if is_list { Some(Object::Array(items)) } else { items.pop() };
            if let Some(value) = value {
                dictionary.set(long, value);
            }
        }
        if let Some((_, entries)) = &mut self.inline {
            *entries = dictionary;
        }
    }

    /// Converts an inline image to an image object.
    pub(super) fn inline_data(&mut self, token: PdfToken) -> Result<(), FinishError> {
        let Some((start, dictionary)) = self.inline.take() else { return Ok(()) };
        let data = self.bytes(&token).to_vec();
        let mut stream = Stream::new(dictionary, data);
        stream.dict.set("Type", "XObject");
        stream.dict.set("Subtype", "Image");
        stream.allows_compression = false;
        let id = self.walk.new_id();
        let (index, id) = self.walk.picture(id, Cow::Owned(stream), Some(self.resources), self.context)?;
        self.prepare_paint(start, [Some(Mark::Other); 2]);
        let end = self.source.get(token.end..).and_then(|rest| rest.windows(2).position(|pair| pair == b"EI"));
        let end = end.map_or(self.source.len(), |at| token.end + at + 2);
        self.splice(start, end, format!("/{INLINE}{} Do", self.extra.images.len()).as_bytes());
        self.extra.images.push(id);
        self.image(index, [false; 2]);
        Ok(())
    }
}

fn whole_or_real(value: f32) -> Object {
    if value.fract() == 0.0 && value.abs() < 1e6 {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number under a million")]
        Object::Integer(value as i64)
    } else {
        Object::Real(value)
    }
}

fn long_value(name: &[u8]) -> Vec<u8> {
    let long: &[u8] = match name {
        b"AHx" => b"ASCIIHexDecode",
        b"A85" => b"ASCII85Decode",
        b"LZW" => b"LZWDecode",
        b"Fl" => b"FlateDecode",
        b"RL" => b"RunLengthDecode",
        b"CCF" => b"CCITTFaxDecode",
        b"DCT" => b"DCTDecode",
        other => other,
    };
    long.to_vec()
}
