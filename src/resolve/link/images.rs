//! Images of an edition. Each is read once, numbered in order of appearance, and combined with its declarations.

use std::collections::BTreeMap;

use bytes::Bytes;
use rayon::prelude::*;

use super::assets::{Asset, AssetFault, ImageFile};
use super::claim::{Claim, ClaimKind};
use super::declared::{AssetDeclarations, DeclaredAsset};
use super::sniff;
use super::svg::SvgFault;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::disk::Digest;
use crate::icc::Channels;
use crate::images::{
    ColourFault, Format, Header, ImageFault, ScreenUse, ScreenVersion, jpeg_with_comment, may_be_transparent, screen_version,
};
use crate::manifest::{AssetManifest, Manifest, PathFault, join_path, percent_decoded};
use crate::model::{Authored, AuthoredImage, Image, Inline, InlineKind};
use crate::resolve::licence;
use crate::resolve::scope::Scope;

/// The result of reading an image: `None` if there is no file, or a diagnostic if it cannot be read.
pub type ReadImage = Result<Option<ImageFile>, Box<Diagnostic>>;

/// Access to images and their sidecar files.
pub trait Images: Sync {
    /// Reads an image; the path is relative to the root of the project. Returns `None` if there is no file.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if the file exists but cannot be read.
    fn image(&self, path: &str) -> ReadImage;
    /// Reads the sidecar file of an image.
    fn sidecar(&self, path: &str) -> Option<Manifest<AssetManifest>>;
    /// Returns the images in a folder, for suggestions.
    fn images_in(&self, folder: &str) -> Vec<String>;
    /// Returns the version of an image for screens. Returns `None` if the file can be used unchanged.
    ///
    /// # Errors
    ///
    /// Returns a fault if the image cannot be decoded.
    fn screen_version(&self, file: &ImageFile, header: &Header) -> Result<Option<ScreenVersion>, ImageFault> {
        screen_version(&file.bytes, header, &|| None)
    }
}

/// The images of an edition.
pub struct EditionImages<'a> {
    scope: &'a Scope<'a>,
    images: &'a dyn Images,
    declarations: AssetDeclarations<'a>,
    /// Indices into the assets, by path.
    indices: BTreeMap<String, usize>,
    /// The images used so far.
    pub assets: Vec<Asset>,
    /// The images that must be converted for screens, with their first location.
    unshown: Vec<(usize, ImageFile, Span)>,
    /// The images whose background may be transparent.
    transparent: Vec<(usize, ImageFile)>,
}

/// An image of the text, with its unresolved caption and its claim.
pub struct ResolvedImage {
    /// The image, without its caption.
    pub image: Image,
    /// Its caption from the text, otherwise from its declarations.
    pub caption: Vec<Inline<Authored>>,
    /// Its claim. If there is a caption, it replaces the name of the claim.
    pub claim: Claim,
}

/// The declarations of an image, with its licence as written and the location of the licence.
struct Declared {
    asset: AssetManifest,
    words: String,
    span: Span,
}

impl<'a> EditionImages<'a> {
    /// Creates the images of an edition.
    pub fn new(scope: &'a Scope<'a>, images: &'a dyn Images, found: &mut Diagnostics) -> Self {
        let declarations = AssetDeclarations::new(scope, found);
        Self {
            scope,
            images,
            declarations,
            indices: BTreeMap::new(),
            assets: Vec::new(),
            unshown: Vec::new(),
            transparent: Vec::new(),
        }
    }

    /// Resolves an image of the text and its claim.
    ///
    /// # Errors
    ///
    /// Fails if the image cannot be used: with the placeholder text in a lenient build, otherwise with `None`.
    pub fn image(&mut self, image: AuthoredImage, found: &mut Diagnostics) -> Result<ResolvedImage, Option<String>> {
        let strictness = self.scope.strictness;
        let alt = image.alt.trim().to_owned();
        let mut unread = Diagnostics::default();
        let path = self.path(&image, &mut unread).map(|path| self.decoded(path, &image));
        let asset = path.and_then(|path| Some((self.asset(&path, image.span, &mut unread)?, path)));
        found.extend(strictness.soften_all(unread, "its alternative text replaces it"));
        let Some((asset, path)) = asset else {
            let words = if alt.is_empty() { self.scope.language.terms.undescribed.to_owned() } else { alt };
            return Err(strictness.is_lenient().then_some(words));
        };
        self.described(image, asset, &path, found).ok_or(None)
    }

    /// Combines the texts of an image with its declarations.
    fn described(&self, image: AuthoredImage, asset: usize, path: &str, found: &mut Diagnostics) -> Option<ResolvedImage> {
        let Declared { asset: declared, words, span } = self.declared(path, image.span, found)?;
        let written = Some(image.alt.trim()).filter(|alt| !alt.is_empty()).map(str::to_owned);
        let mut alt = written.or_else(|| declared.alt.clone().filter(|alt| !alt.trim().is_empty()));
        if alt.is_none() && !declared.decorative {
            alt = Some(self.undescribed(&image, found)?);
        }
        let alt = if declared.decorative { None } else { alt };
        let caption = match declared.caption {
            Some(words) if image.caption.is_empty() => vec![Inline { span: image.span, kind: InlineKind::Text(words) }],
            _ => image.caption,
        };
        let terms = licence::terms(&words, self.scope.language.tag, Some(span), found)?;
        let credit = declared.credit.as_ref().map(|credit| format!("{credit}, {}", terms.name()));
        let decorative = self.scope.language.terms.decorative;
        let claim = Claim {
            kind: ClaimKind::Image { path: image.path },
            name: alt.as_deref().unwrap_or(decorative).to_owned(),
            credit: declared.credit,
            source: declared.source,
            date: declared.date,
            asset: Some(asset),
            terms: Some(terms),
            span,
        };
        let image = Image { asset, alt, caption: Vec::new(), credit, width: image.width, link: None };
        Some(ResolvedImage { image, caption, claim })
    }

    /// Reports a missing alternative text. Returns the placeholder in a lenient build.
    fn undescribed(&self, image: &AuthoredImage, found: &mut Diagnostics) -> Option<String> {
        let missing = Diagnostic::new(code::ALT, format!("the image \"{}\" has no alternative text", image.path))
            .at(image.span)
            .hint("describe the image between the brackets: ![…](…)")
            .hint("or declare decorative = true in [[assets]] if it conveys no information");
        let placeholder = self.scope.language.terms.undescribed;
        found.push(self.scope.strictness.soften(missing, &format!("\"{placeholder}\" replaces it")));
        self.scope.strictness.is_lenient().then(|| placeholder.to_owned())
    }

    /// Returns the path of an image relative to the root of the project. Reports a path outside the project.
    fn path(&self, image: &AuthoredImage, found: &mut Diagnostics) -> Option<String> {
        let path = join_path(&self.scope.publication.folder, &image.path);
        path.map_err(|fault| found.push(invalid_path(&image.path, fault, image.span))).ok()
    }

    /// Decodes escapes (`%20`) in the path of an image, unless a file has the literal name.
    fn decoded(&self, path: String, image: &AuthoredImage) -> String {
        let Some(written) = percent_decoded(&image.path).filter(|_| matches!(self.images.image(&path), Ok(None))) else {
            return path;
        };
        let decoded = join_path(&self.scope.publication.folder, &written).ok();
        decoded.filter(|decoded| matches!(self.images.image(decoded), Ok(Some(_)))).unwrap_or(path)
    }

    /// Returns the index of an image in the assets. Reads the image on first use.
    pub fn asset(&mut self, path: &str, span: Span, found: &mut Diagnostics) -> Option<usize> {
        if let Some(known) = self.indices.get(path) {
            self.assets.get_mut(*known).into_iter().for_each(|asset| asset.is_repeated = true);
            return Some(*known);
        }
        let file = match self.images.image(path) {
            Ok(file) => file,
            Err(error) => {
                found.push(error.with_code(code::IMAGE).at(span));
                return None;
            }
        };
        let Some(file) = file else {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            // Suggestions are relative to the folder of the publication, as the paths of authors are.
            let own = &self.scope.publication.folder;
            let near: Vec<String> = self.images.images_in(folder).iter().map(|near| relative_path(own, near)).collect();
            let message = format!("there is no image \"{path}\"");
            let missing = Diagnostic::new(code::IMAGE, message).at(span);
            found.push(match near.is_empty() {
                true => missing.hint(format!("put the file there: no image is in the folder \"{folder}\"")),
                false => missing.suggest(&relative_path(own, path), near.iter().map(String::as_str)),
            });
            return None;
        };
        let number = self.assets.len();
        let asset = Asset::new(&file, number + 1, &|inked| self.inner_version(inked))
            .map_err(|fault| found.push(unusable(path, &file, fault).at(span)))
            .ok()?;
        if let Some(mismatch) = sniff::misnamed(path, &file.bytes) {
            let misnamed = Diagnostic::new(code::MISNAMED_IMAGE, format!("\"{path}\" {mismatch}")).at(span);
            found.push(misnamed.hint("rename it: other programs rely on the file extension"));
        }
        if let Ok(header) = file.header() {
            found.extend(header.fault.map(|fault| discoloured(path, header, fault).at(span)).into_iter().collect());
            if may_be_transparent(header.format, &file.bytes) {
                self.transparent.push((number, file.clone()));
            }
            if !matches!(header.screen, ScreenUse::AsIs) {
                self.unshown.push((number, file, span));
            }
        }
        self.indices.insert(path.to_owned(), number);
        self.assets.push(asset);
        Some(number)
    }

    /// Converts the images that screens cannot show unchanged, and examines those with a transparent background, in parallel.
    pub fn convert(&mut self, found: &mut Diagnostics) {
        let transparent = std::mem::take(&mut self.transparent);
        let backgrounds: Vec<_> = transparent.par_iter().map(|(number, file)| (*number, file.background())).collect();
        for (number, background) in backgrounds {
            self.assets.get_mut(number).into_iter().for_each(|asset| asset.background = background);
        }
        let unshown = std::mem::take(&mut self.unshown);
        let images = self.images;
        let made = unshown.par_iter().map(|(_, file, _)| images.screen_version(file, file.header()?));
        let made: Vec<_> = made.collect();
        let mut sources = BTreeMap::new();
        for ((number, file, span), made) in unshown.iter().zip(made) {
            let shown = made.and_then(|version| match (version, self.assets.get_mut(*number)) {
                (Some(version), Some(asset)) => asset.replace_for_screens(distinguished(version, &file.bytes, &mut sources)),
                _ => Ok(()),
            });
            found.extend(shown.err().map(|fault| unusable(&file.path, file, fault.into()).at(*span)).into_iter().collect());
        }
    }

    /// Returns the version for screens of a CMYK image in a drawing, or `None` if the image cannot be decoded. A comment in a
    /// JPEG makes the version unique.
    fn inner_version(&self, file: &Bytes) -> Option<ScreenVersion> {
        let file = ImageFile::new("", file.clone());
        let version = self.images.screen_version(&file, file.header().ok()?).ok()??;
        let bytes = match version.format {
            Format::Jpeg => jpeg_with_comment(&version.bytes, &file.bytes.digest().to_string()).into(),
            _ => version.bytes,
        };
        Some(ScreenVersion { bytes, ..version })
    }

    /// Returns the declarations of an image. A missing licence is reported.
    fn declared(&self, path: &str, span: Span, found: &mut Diagnostics) -> Option<Declared> {
        let DeclaredAsset { asset, licence } = self.declarations.of(path, || self.images.sidecar(path));
        if let Some((words, span)) = licence {
            return Some(Declared { asset, words, span });
        }
        let file = path.strip_prefix(self.scope.publication.folder.as_str()).map_or(path, |rest| rest.trim_start_matches('/'));
        let licence = &self.scope.licence.id;
        let declaration =
            |path: &str| format!("    [[assets]]\n    path    = \"{path}\"\n    credit  = \"…\"\n    licence = \"{licence}\"");
        let mut undeclared = Diagnostic::new(code::LICENCE, format!("the image \"{file}\" has no licence"))
            .at(span)
            .hint(format!("declare it in publication.toml:\n{}", declaration(file)));
        // A sidecar file is recognised by the extension of its image.
        if file.rsplit('/').next().is_some_and(|name| name.contains('.')) {
            undeclared =
                undeclared.hint(format!("or beside it, in {file}.toml:\n    credit  = \"…\"\n    licence = \"{licence}\""));
        }
        if let Some((folder, _)) = file.rsplit_once('/') {
            undeclared = undeclared.hint(format!("or for all images of the folder: path = \"{folder}/*\""));
        }
        let words = self.undeclared(undeclared, found)?;
        Some(Declared { asset, words, span })
    }

    /// Reports an item without a licence. Returns the placeholder in a lenient build.
    pub fn undeclared(&self, missing: Diagnostic, found: &mut Diagnostics) -> Option<String> {
        let placeholder = self.scope.language.terms.undeclared;
        found.push(self.scope.strictness.soften(missing, &format!("its terms are given as \"{placeholder}\"")));
        self.scope.strictness.is_lenient().then(|| placeholder.to_owned())
    }
}

/// Returns a path as written in a file of the folder `from`. Both are relative to the root of the project.
fn relative_path(from: &str, path: &str) -> String {
    let (from, path): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), path.split('/').collect());
    let shared = from.iter().zip(&path).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(shared).map(|_| "..");
    up.chain(path.iter().skip(shared).copied()).collect::<Vec<_>>().join("/")
}

/// Returns the diagnostic for a path that does not name a file of the project.
pub fn invalid_path(written: &str, fault: PathFault, span: Span) -> Diagnostic {
    Diagnostic::new(code::IMAGE, format!("\"{written}\" does not name a file of the project: {fault}"))
        .at(span)
        .hint("write the path from this file's folder, with forward slashes: images/name.png")
}

/// Returns the diagnostic for a file that cannot be used as an image.
fn unusable(path: &str, file: &ImageFile, fault: AssetFault) -> Diagnostic {
    let (message, hint) = match fault {
        AssetFault::Raster(ImageFault::Format) | AssetFault::Drawing(SvgFault::Format) => {
            (sniff::unsupported(path, &file.bytes), "export it as PNG, JPEG, GIF, WebP or SVG")
        }
        AssetFault::Raster(ImageFault::Rare(kind)) => {
            (format!("is a JPEG {kind}, which few programs show"), "export it as an ordinary JPEG")
        }
        AssetFault::Raster(ImageFault::Damaged) => ("is damaged".into(), "export it again"),
        AssetFault::Raster(ImageFault::TooLarge) => {
            ("has more than 100 million pixels".into(), "save it with fewer pixels: 2400 on the long side are enough")
        }
        AssetFault::Drawing(SvgFault::Damaged(what)) => (what, "export it again"),
        AssetFault::Drawing(SvgFault::Forbidden { what, hint }) => (format!("contains {what}"), hint),
    };
    Diagnostic::new(code::IMAGE, format!("\"{path}\" {message}")).hint(hint)
}

/// Returns the diagnostic for an image whose colours may be shown incorrectly.
fn discoloured(path: &str, header: &Header, fault: ColourFault) -> Diagnostic {
    let message = format!("\"{path}\" {fault}: {}", fault.consequence(header.colours));
    let hint = match header.colours {
        Channels::Cmyk => "export it again with the profile of the press that it was made for",
        _ => "export it again with the profile sRGB, or none",
    };
    Diagnostic::new(code::IMAGE_COLOUR, message).hint(hint)
}

/// Makes the version of an image for screens unique, because the print PDF identifies the original file by its version. Without
/// this, images that differ only in their inks can have equal versions. `sources` maps each version to its file.
fn distinguished(version: ScreenVersion, file: &[u8], sources: &mut BTreeMap<Digest, Digest>) -> ScreenVersion {
    let file = Digest::of(file);
    if *sources.entry(Digest::of(&version.bytes)).or_insert(file) == file || version.format != Format::Jpeg {
        return version;
    }
    ScreenVersion { bytes: jpeg_with_comment(&version.bytes, &file.to_string()).into(), ..version }
}
