//! The `World` of Typst: generated files, layouts, images and fonts, all in memory. It has no clock, network or file system.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::visualize::{Image, ImageKind};
use typst::{Feature, Library, LibraryExt};
use typst_kit::files::{FileLoader, FileStore};
use typst_kit::fonts::FontStore;

use super::glyphs::{parts_rule, stand_in_rule};
use super::markup::{Generated, Node, NodeForm, Segment, markup_characters, string_characters};
use super::{Setting, pictures};
use crate::diagnostic::{SourceId, Span};
use crate::model::TextPosition;
use crate::resolve::Resolved;
use crate::workspace::{LayoutModules, file_id};

/// The library of all worlds. Row headers of tables, which PDF/UA-1 §7.5 requires, are an experimental feature of Typst 0.15.
static LIBRARY: LazyLock<LazyHash<Library>> =
    LazyLock::new(|| LazyHash::new(Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build()));

/// The world for one edition.
pub struct World {
    fonts: Arc<FontStore>,
    modules: Arc<LayoutModules>,
    files: FileStore<Loader>,
    main: FileId,
    segments: BTreeMap<String, Vec<Segment>>,
    layouts: BTreeMap<String, SourceId>,
    /// The bytes of each image file in the world, with the index of its asset.
    pictures: Vec<(Bytes, usize)>,
    date: Option<Datetime>,
    /// The last count of [`World::position`].
    counted: Mutex<Option<Counted>>,
}

/// The number of characters before the node of the last request. Positions are requested in page order, so the next count starts
/// at this node. Otherwise, a long paragraph would be read from its start for each request.
#[derive(Clone, Copy)]
struct Counted {
    file: FileId,
    /// Start of the text in the file, in bytes.
    start: usize,
    /// Start of the node in the text, in bytes.
    node: usize,
    characters: usize,
}

struct Loader {
    files: BTreeMap<String, Bytes>,
}

impl FileLoader for Loader {
    fn load(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.vpath().get_without_slash();
        let known = matches!(id.root(), VirtualRoot::Project).then(|| self.files.get(path)).flatten();
        known.cloned().ok_or_else(|| FileError::NotFound(Path::new(path).to_owned()))
    }
}

impl World {
    /// Creates the world for an edition. The characters in `replaced` are printed as code points.
    pub fn new(setting: Setting<'_>, edition: &Resolved, generated: Generated, replaced: &[char]) -> Self {
        let mut files = BTreeMap::new();
        for (path, bytes) in &setting.layouts.files {
            files.insert(path.clone(), Bytes::new(bytes.clone()));
        }
        let mut pictures = Vec::new();
        for (index, asset) in edition.assets.iter().enumerate() {
            let wrapper = pictures::wrapper(asset).map(|(path, text)| (path, Bytes::from_string(text)));
            let drawing = pictures::drawing(asset, replaced).map(Bytes::from_string);
            let own = (pictures::own_path(asset), drawing.unwrap_or_else(|| Bytes::new(asset.bytes.clone().into_bytes())));
            for (path, bytes) in wrapper.into_iter().chain([own]) {
                pictures.push((bytes.clone(), index));
                files.insert(path, bytes);
            }
        }
        let mut segments = BTreeMap::new();
        let mut rules = generated.files.iter().find_map(|file| parts_rule(&file.text)).unwrap_or_default().to_owned();
        if !replaced.is_empty() {
            rules.push_str(&stand_in_rule(replaced));
        }
        for mut file in generated.files {
            if file_id(&file.path) == Some(generated.main) {
                file.text.insert_str(0, &rules);
            }
            files.insert(file.path.clone(), Bytes::from_string(file.text));
            segments.insert(file.path, file.segments);
        }
        let date = edition.edition.date;
        Self {
            fonts: setting.fonts.store.clone(),
            modules: setting.layouts.modules.clone(),
            files: FileStore::new(Loader { files }),
            main: generated.main,
            segments,
            pictures,
            layouts: setting.layouts.ids.clone(),
            date: Datetime::from_ymd(date.year.into(), date.month, date.first_day()),
            counted: Mutex::default(),
        }
    }

    /// Returns the source location of a byte of a generated file, from the innermost segment that contains it. Returns
    /// `None` if the byte has no segment.
    pub fn author(&self, id: FileId, byte: usize) -> Option<Span> {
        let segments = self.segments.get(id.vpath().get_without_slash())?;
        let after = segments.partition_point(|segment| segment.start <= byte);
        let segment = segments.get(..after)?.iter().rfind(|segment| byte <= segment.end)?;
        let offset = byte - segment.start;
        let length = segment.end.saturating_sub(segment.start);
        let near = if offset <= length { segment.span.start + offset } else { segment.span.start };
        let start = near.min(segment.span.end.saturating_sub(1)).max(segment.span.start);
        Some(Span { start, ..segment.span })
    }

    /// Returns the position of a text in the model, and the form of the innermost model node that contains it. `range` is
    /// the range of the text's node in Typst's syntax tree, `offset` the offset in the text of that node. Returns `None` if the
    /// text is not part of a body or lead.
    pub fn position(&self, id: FileId, range: Range<usize>, offset: usize) -> Option<(TextPosition, NodeForm)> {
        let segments = self.segments.get(id.vpath().get_without_slash())?;
        let at = |byte: usize| {
            let after = segments.partition_point(|segment| segment.start <= byte);
            segments.get(..after)?.iter().rfind(|segment| byte < segment.end)
        };
        let mut segment = at(range.start)?;
        let (mut node, mut offset) = (range.start, offset);
        // Typst reads adjacent texts of the model as one text, whose bytes are those of the source.
        if !matches!(segment.node?.form, NodeForm::Strings) {
            let byte = node + offset.min(range.len().saturating_sub(1));
            segment = at(byte)?;
            node = node.max(segment.start);
            offset = byte - node;
        }
        let Node { start, form } = segment.node?;
        let offset = match form {
            NodeForm::Inline | NodeForm::Block => 0,
            NodeForm::Abbreviation => 1,
            NodeForm::Markup | NodeForm::Strings => {
                let source = self.files.source(id).ok()?;
                let text = source.text().get(segment.start..segment.end)?;
                let node = node - segment.start;
                let before = self.characters_before(id, segment.start, (text, form), node);
                before + text.get(node..).map_or(0, |rest| count_characters(rest, form, 0, offset))
            }
        };
        Some((TextPosition { offset, ..start }, form))
    }

    /// Returns the number of characters of a text before one of its nodes.
    fn characters_before(&self, file: FileId, start: usize, (text, form): (&str, NodeForm), node: usize) -> usize {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let known = counted.filter(|known| (known.file, known.start) == (file, start) && known.node <= node);
        let (from, before) = known.map_or((0, 0), |known| (known.node, known.characters));
        let characters = before + text.get(from..).map_or(0, |rest| count_characters(rest, form, node - from, 0));
        *counted = Some(Counted { file, start, node, characters });
        characters
    }

    /// Returns the index of the asset that an image shows: the first with the same bytes. The address of the bytes in memory does
    /// not identify the asset, because Typst also reuses the images of other editions.
    pub fn asset(&self, image: &Image) -> Option<usize> {
        let data = match image.kind() {
            ImageKind::Raster(raster) => raster.data(),
            ImageKind::Svg(svg) => svg.data(),
            ImageKind::Pdf(_) => return None,
        };
        self.pictures.iter().find(|(bytes, _)| bytes == data).map(|(_, asset)| *asset)
    }

    /// Returns the span for a range of a layout file; `None` if the file is not part of a layout.
    pub fn layout(&self, id: FileId, range: Range<usize>) -> Option<Span> {
        Some(Span::new(*self.layouts.get(id.vpath().get_without_slash())?, range))
    }
}

impl typst::World for World {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.modules.source(id).map_or_else(|| self.files.source(id), Ok)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.file(id)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        self.date
    }
}

/// Returns the number of characters of a text before a byte of one of its nodes. `node` is the start of the node, `offset` the
/// offset of the byte in the text of the node.
fn count_characters(text: &str, form: NodeForm, node: usize, offset: usize) -> usize {
    match form {
        NodeForm::Strings => string_characters(text, node, offset),
        _ => markup_characters(text, node + offset),
    }
}
