//! Fonts of the tool and of the project, in sorted order. System fonts are never used.

mod character_map;
mod damage;
mod file;
mod symbols;

pub use damage::damaged_face;
pub use symbols::{SYMBOL_FAMILIES, symbol_family};

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use include_dir::{Dir, include_dir};
use typst::layout::Abs;
use typst::text::{Coverage, Font, FontStyle, FontVariations};
use typst_kit::fonts::FontStore;

use super::layouts::{digest, embedded};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::disk::{Digest, Files, ProjectRoot};

static FONTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fonts");

/// The available fonts.
pub struct FontSet {
    /// The faces, in order of path.
    pub faces: Vec<FontFace>,
    /// The families, sorted by name, each with the rights that its first face declares.
    pub typefaces: Vec<Typeface>,
    /// Identifies all font files, together with the build id of the tool.
    pub digest: Digest,
    /// The faces for Typst, in the same order.
    pub store: Arc<FontStore>,
}

/// An available font family and the rights that its files declare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typeface {
    /// Name of the family.
    pub family: String,
    /// Copyright notice (OpenType `name` 0).
    pub copyright: Option<String>,
    /// Licence description (OpenType `name` 13).
    pub licence: Option<String>,
    /// Address of the licence (OpenType `name` 14).
    pub url: Option<String>,
    /// The characters of the first face.
    pub coverage: Option<Coverage>,
}

impl FontSet {
    /// Reads the fonts of the tool and those in a folder of the project.
    pub fn read(root: &ProjectRoot, folder: &str) -> Self {
        let built_in = embedded(&FONTS, "fonts");
        let mut files = built_in.clone();
        root.read_folder(folder, "fonts", &mut files);
        Self::of_files(&files, &built_in)
    }

    /// Reads the fonts of the tool.
    pub fn built_in() -> Self {
        let files = embedded(&FONTS, "fonts");
        Self::of_files(&files, &files)
    }

    fn of_files(files: &Files, built_in: &Files) -> Self {
        let by_file: Vec<Vec<FontFace>> = files.iter().map(|(path, bytes)| faces(path, bytes).unwrap_or_default()).collect();
        let fonts = files.iter().zip(&by_file).filter(|(_, faces)| !faces.is_empty()).map(|(file, _)| file);
        let digest = digest(fonts, built_in);
        let faces = by_file.concat();
        let mut families: BTreeMap<&str, Typeface> = BTreeMap::new();
        for face in &faces {
            families.entry(&face.family).or_insert_with(|| face.rights());
        }
        let typefaces = families.into_values().collect();
        let mut store = FontStore::new();
        store.extend(faces.iter().map(|face| (face.font.clone(), face.font.info().clone())));
        Self { faces, typefaces, digest, store: Arc::new(store) }
    }

    /// Reports the files in a folder of fonts of the project that cannot be used: those that are too large, damaged or in another
    /// format. Other files, such as the licence of a font, are allowed.
    pub fn faults(root: &ProjectRoot, folder: &str) -> Diagnostics {
        let mut files = Files::new();
        let mut found = Diagnostics::default();
        for (path, error) in root.read_folder(folder, folder, &mut files) {
            found.push(error.diagnostic(&path));
        }
        for (path, bytes) in &files {
            if let Err(fault) = faces(path, bytes) {
                found.push(Diagnostic::new(code::FONT_FILE, format!("\"{path}\" is not used: {fault}")).hint(fault.hint()));
            }
        }
        found
    }
}

/// A face of a font file.
#[derive(Clone, Debug)]
pub struct FontFace {
    /// Name of the family.
    pub family: String,
    /// Weight, 100 to 900.
    pub weight: u16,
    /// Whether it is italic or oblique.
    pub italic: bool,
    /// File name, unique among the faces of a folder.
    pub name: String,
    /// `font/otf` or `font/ttf`.
    pub media_type: &'static str,
    /// The unmodified file, or the unmodified tables of a face of a collection.
    pub bytes: Bytes,
    /// The font in Typst's representation.
    pub font: Font,
}

impl FontFace {
    /// Returns the rights that the `name` table declares (OpenType 1.9.1 §`name`, ids 0, 13 and 14).
    pub fn rights(&self) -> Typeface {
        let variant = self.font.info().variant;
        let instance = self.font.clone().instantiate(variant, Abs::pt(10.0), &FontVariations::default());
        let name = |id: u16| {
            let mut names = instance.ttf().names().into_iter().filter(|name| name.name_id == id);
            names.find_map(|name| name.to_string()).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        Typeface {
            family: self.family.clone(),
            copyright: name(0),
            licence: name(13),
            url: name(14),
            coverage: Some(self.font.info().coverage.clone()),
        }
    }
}

/// Returns the faces of a file, or nothing if its extension is not that of a font.
fn faces(path: &str, bytes: &Bytes) -> Result<Vec<FontFace>, file::FontFault> {
    Ok(file::faces(path, bytes)?.into_iter().map(|part| face(path, part)).collect())
}

fn face(path: &str, file::FaceFile { bytes, media_type, font, number }: file::FaceFile) -> FontFace {
    let info = font.info();
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    FontFace {
        family: info.family.to_string(),
        weight: info.variant.weight.to_number(),
        italic: info.variant.style != FontStyle::Normal,
        name: number
            .map_or_else(|| name.to_owned(), |number| format!("{stem}-{number}.{}", media_type.trim_start_matches("font/"))),
        media_type,
        bytes,
        font,
    }
}
