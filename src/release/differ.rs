//! Locates the first difference between two versions of a file: the page of a PDF, the chapter of an EPUB, the line of a text.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use lopdf::{Document, Object, ObjectId};
use roxmltree::Document as Xml;
use zip::ZipArchive;

use crate::disk::Digest;

/// Describes the location of the first difference: `on page 3`. `title` returns the title of the section with an id.
pub fn difference(name: &str, old: &[u8], new: &[u8], title: &dyn Fn(&str) -> Option<String>) -> String {
    let place = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("pdf") => pdf(old, new),
        Some("epub") => epub(old, new, title),
        _ => line(old, new),
    };
    place.unwrap_or_else(|| byte(old, new))
}

fn byte(old: &[u8], new: &[u8]) -> String {
    let at = old.iter().zip(new).position(|(old, new)| old != new).unwrap_or(old.len().min(new.len()));
    format!("at byte {}", at + 1)
}

/// Returns the first line that differs, if both are texts.
fn line(old: &[u8], new: &[u8]) -> Option<String> {
    let (old, new) = (std::str::from_utf8(old).ok()?, std::str::from_utf8(new).ok()?);
    let equal = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    Some(format!("in line {}", equal + 1))
}

/// Returns the first entry of an EPUB that differs, with the title of its chapter.
fn epub(old: &[u8], new: &[u8], title: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let (before, after) = (entries(old), entries(new)?);
    let Some(before) = before else { return container(old, new) };
    for (name, bytes) in &after {
        let same = before.iter().find(|(other, _)| other == name);
        match same {
            Some((_, Some(other))) if Some(other) == bytes.as_ref() => {}
            None => return Some(format!("in \"{name}\", which it does not contain")),
            Some((_, None)) => return container(old, new),
            Some(_) => return Some(chapter(name, bytes.as_deref(), title)),
        }
    }
    if let Some((name, _)) = before.iter().find(|(name, _)| !after.iter().any(|(other, _)| other == name)) {
        return Some(format!("in \"{name}\", which the rebuilt file does not contain"));
    }
    container(old, new)
}

/// Names the ZIP entry that contains the first differing byte in its header, its data, or its record in the central directory.
fn container(old: &[u8], new: &[u8]) -> Option<String> {
    let at = old.iter().zip(new).position(|(old, new)| old != new).unwrap_or(old.len().min(new.len()));
    let mut archive = ZipArchive::new(Cursor::new(new)).ok()?;
    // The central directory follows the entries.
    let mut places: Vec<(usize, String)> = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).ok()?;
        let name = entry.name().ok()?.into_owned();
        let start = |position: Option<u64>| position.and_then(|position| usize::try_from(position).ok());
        places.extend(start(Some(entry.header_start())).map(|start| (start, format!("in the header of \"{name}\""))));
        places.extend(start(entry.data_start()).map(|start| (start, format!("in \"{name}\""))));
        let record = format!("in the record of \"{name}\" in the directory of the container");
        places.extend(start(Some(entry.central_header_start())).map(|start| (start, record)));
    }
    // The end of the directory (APPNOTE.TXT 4.3.16), without a comment.
    places.push((new.len().saturating_sub(22), "at the end of the container".to_owned()));
    let place = places.into_iter().filter(|(start, _)| *start <= at).max_by_key(|(start, _)| *start);
    place.map(|(_, place)| format!("{place}, at byte {}", at + 1))
}

/// The entries of an archive by name; `None` for an unreadable entry.
type Entries = Vec<(String, Option<Vec<u8>>)>;

fn entries(bytes: &[u8]) -> Option<Entries> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    let read = |archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str| {
        let mut bytes = Vec::new();
        archive.by_name(name).ok()?.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    Some(names.into_iter().map(|name| (name.clone(), read(&mut archive, &name))).collect())
}

/// Names an entry: a chapter by the title of its section, or else of its document.
fn chapter(name: &str, bytes: Option<&[u8]>, title: &dyn Fn(&str) -> Option<String>) -> String {
    let stem = name.rsplit('/').next().and_then(|file| file.strip_suffix(".xhtml"));
    let own = || {
        let xml = Xml::parse(std::str::from_utf8(bytes?).ok()?).ok()?;
        let element = xml.descendants().find(|node| node.tag_name().name() == "title")?;
        element.text().map(str::to_owned)
    };
    let title = stem.and_then(|stem| title(stem).or_else(own));
    title.map_or_else(|| format!("in \"{name}\""), |title| format!("in the chapter \"{title}\" (\"{name}\")"))
}

/// Returns the first page of a PDF that differs.
fn pdf(old: &[u8], new: &[u8]) -> Option<String> {
    let after = Document::load_mem(new).ok()?;
    let Ok(before) = Document::load_mem(old) else { return Some(format!("{}, and cannot be parsed", byte(old, new))) };
    let (old_pages, new_pages) = (before.get_pages(), after.get_pages());
    // Content streams are compared first, because a change of one page may change a font that other pages share.
    for part in [contents as fn(&Document, ObjectId) -> Digest, digest] {
        for (number, new_page) in &new_pages {
            let Some(old_page) = old_pages.get(number) else { return Some(format!("on page {number}, which it does not have")) };
            if part(&before, *old_page) != part(&after, *new_page) {
                return Some(format!("on page {number}"));
            }
        }
    }
    if old_pages.len() > new_pages.len() {
        return Some(format!("on page {}, which the rebuilt file does not have", new_pages.len() + 1));
    }
    Some(format!("outside its pages, {}", byte(old, new)))
}

/// Digests the content streams of a page.
fn contents(document: &Document, page: ObjectId) -> Digest {
    let streams = document.get_page_contents(page).into_iter().filter_map(|id| document.get_object(id).ok()?.as_stream().ok());
    Digest::of(&streams.flat_map(|stream| stream.content.iter().copied()).collect::<Vec<u8>>())
}

/// Digests a page with everything that it refers to, except other pages and the structure tree.
fn digest(document: &Document, page: ObjectId) -> Digest {
    let mut walk = ObjectWalk { document, text: Vec::new(), seen: BTreeSet::from([page]) };
    if let Ok(object) = document.get_object(page) {
        walk.object(object, 0);
    }
    Digest::of(&walk.text)
}

/// Keys that refer to other pages or to the structure tree.
const OTHER_PAGES: [&[u8]; 5] = [b"Parent", b"P", b"StructParents", b"StructParent", b"Dest"];

/// Maximum depth of references that are followed.
const MAX_DEPTH: usize = 64;

struct ObjectWalk<'a> {
    document: &'a Document,
    text: Vec<u8>,
    seen: BTreeSet<ObjectId>,
}

impl ObjectWalk<'_> {
    fn object(&mut self, object: &Object, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match object {
            Object::Reference(id) => {
                if self.seen.insert(*id)
                    && let Ok(target) = self.document.get_object(*id)
                {
                    self.object(target, depth + 1);
                }
            }
            Object::Array(items) => items.iter().for_each(|item| self.object(item, depth + 1)),
            Object::Dictionary(dictionary) => self.dictionary(dictionary, depth),
            Object::Stream(stream) => {
                self.dictionary(&stream.dict, depth);
                self.text.extend_from_slice(&stream.content);
            }
            other => self.text.extend_from_slice(format!("{other:?} ").as_bytes()),
        }
    }

    fn dictionary(&mut self, dictionary: &lopdf::Dictionary, depth: usize) {
        for (key, value) in dictionary.iter().filter(|(key, _)| !OTHER_PAGES.contains(&key.as_slice())) {
            // A destination in the document refers to a page, so it is not followed.
            if key == b"D" && matches!(value, Object::Array(_)) {
                continue;
            }
            self.text.extend_from_slice(key);
            self.text.push(b' ');
            self.object(value, depth + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_line_and_the_first_byte() {
        let none = |_: &str| None;
        assert_eq!(difference("a.md", b"a\nb\n", b"a\nc\n", &none), "in line 2");
        assert_eq!(difference("a.png", b"\xff\x00", b"\xff\x01", &none), "at byte 2");
        assert_eq!(difference("a.pdf", b"x", b"y", &none), "at byte 1");
    }
}
