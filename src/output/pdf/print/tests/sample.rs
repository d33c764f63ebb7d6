//! Documents for tests, compiled and exported like the print product.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::layout::{Abs, Sides};
use typst::model::Document as _;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::icc::OutputProfile;

const SERIF: &[u8] = include_bytes!("../../../../../fonts/source-serif-4/SourceSerif4-Regular.otf");

/// The font of the documents.
pub(super) const FONT: &[u8] = SERIF;

/// The profile that comes with the layouts.
pub(super) static PROFILE: LazyLock<OutputProfile> = LazyLock::new(|| {
    let bytes = include_bytes!("../../../../../layouts/common/print/ISOcoated_v2_300_bas.icc");
    OutputProfile::parse(bytes::Bytes::from_static(bytes)).unwrap()
});

struct SampleWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    font: Font,
    main: Source,
    files: BTreeMap<String, Bytes>,
}

fn id(path: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).unwrap()).intern()
}

impl typst::World for SampleWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::NotFound(Path::new("source").into())) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.vpath().get_without_slash();
        self.files.get(path).cloned().ok_or_else(|| FileError::NotFound(Path::new(path).into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        (index == 0).then(|| self.font.clone())
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Compiles a text and exports it with a bleed in points.
pub(super) fn export(text: &str, files: Vec<(&str, Vec<u8>)>, bleed: f64) -> Vec<u8> {
    let font = Font::new(Bytes::new(SERIF), 0).unwrap();
    let world = SampleWorld {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts([&font])),
        font,
        main: Source::new(id("main.typ"), text.to_owned()),
        files: files.into_iter().map(|(path, bytes)| (path.to_owned(), Bytes::new(bytes))).collect(),
    };
    let document = typst::compile::<PagedDocument>(&world).output.unwrap();
    let pages = document.pages().iter().map(|page| {
        let mut page = page.clone();
        page.bleed = Sides::splat(Abs::pt(bleed));
        page
    });
    let print = PagedDocument::new(pages.collect(), document.info().clone());
    let options = PdfOptions {
        ident: Smart::Custom("sample".into()),
        tagged: false,
        standards: PdfStandards::new(&[PdfStandard::V_1_6]).unwrap(),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&print, &options).unwrap()
}

fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.into().write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

pub(super) fn jpeg(pixels: &[u8], side: u16, colours: ColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 90).encode(pixels, side, side, colours).unwrap();
    bytes
}

/// Returns a document with every colour that Typst exports, except colour emoji, for which there is no font.
pub(super) fn every_form() -> Vec<u8> {
    let ramp = |x: u32, y: u32| [u8::try_from(x * 8).unwrap(), u8::try_from(y * 8).unwrap(), 128_u8];
    let rgb = RgbImage::from_fn(32, 32, |x, y| Rgb(ramp(x, y)));
    let pixels = rgb.as_raw().clone();
    let rgba = RgbaImage::from_fn(32, 32, |x, y| Rgba([ramp(x, y)[0], ramp(x, y)[1], 40, u8::try_from(x * 8).unwrap()]));
    let grey = GrayImage::from_fn(32, 32, |x, _| Luma([u8::try_from(x * 8).unwrap()]));
    let greyish = RgbImage::from_fn(32, 32, |x, _| Rgb([u8::try_from(x * 8).unwrap(); 3]));
    let deep = image::ImageBuffer::<Luma<u16>, Vec<u16>>::from_fn(32, 32, |x, _| Luma([u16::try_from(x * 2000).unwrap()]));
    let inks: Vec<u8> = (0..=255_u8).flat_map(|c| [c, 255 - c, 20, c / 4]).collect();
    let files = vec![
        ("rgb.png", png(rgb)),
        ("rgba.png", png(rgba)),
        ("grey.png", png(grey)),
        ("greyish.png", png(greyish)),
        ("deep.png", png(DynamicImage::ImageLuma16(deep))),
        ("rgb.jpg", jpeg(&pixels, 32, ColorType::Rgb)),
        ("cmyk.jpg", jpeg(&inks, 16, ColorType::Cmyk)),
        ("drawing.svg", SVG.as_bytes().to_vec()),
    ];
    export(FORMS, files, 10.0)
}

const FORMS: &str = r##"
#set page(width: 300pt, height: 420pt, margin: 12pt, fill: rgb("#FAF7F0"))
#set text(font: "Source Serif 4", size: 9pt, fill: rgb("#16263F"))
#set document(title: [Every form])
= Heading
Body text in the foreground. #link("https://example.org")[A link.]
#text(20pt)[Large] #text(fill: black)[black] #text(fill: luma(128))[grey]
#text(fill: rgb("#1B5E8C80"))[alpha] #text(fill: gradient.linear(red, blue))[gradient]
#text(fill: white, stroke: 0.2pt + rgb("#1B5E8C"))[outlined]
#let cell(fill) = box(rect(width: 40pt, height: 20pt, fill: fill))
#cell(rgb("#1B5E8C")) #cell(oklch(60%, 0.2, 30deg)) #cell(luma(60%)) #cell(cmyk(10%, 20%, 30%, 40%))
#cell(gradient.linear(red, blue)) #cell(gradient.linear(red, blue, space: rgb)) #cell(gradient.radial(yellow, green))
#cell(gradient.conic(red, yellow, blue)) #cell(gradient.linear(luma(0), luma(255)))
#cell(gradient.linear(rgb("#ff000080"), rgb("#0000ff10"))) #cell(gradient.conic(rgb("#ff0000"), rgb("#0000ff00")))
#cell(gradient.linear(red, blue).repeat(3)) #cell(gradient.linear(cmyk(0%, 10%, 90%, 0%), cmyk(90%, 0%, 0%, 0%)))
#cell(tiling(size: (6pt, 6pt), place(circle(radius: 2pt, fill: rgb("#21694B")))))
#cell(color.spot("PANTONE 286 C", rgb("#0033A0")).tint(80%))
#box(rect(width: 40pt, height: 20pt, stroke: 0.1pt + rgb("#6E3565"), fill: rgb("#A8442A66")))
#for name in ("rgb.png", "rgba.png", "grey.png", "greyish.png", "deep.png", "rgb.jpg", "cmyk.jpg") {
  box(image(name, width: 24pt))
}
#image("drawing.svg", width: 120pt)
"##;

const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60" viewBox="0 0 120 60">
<defs>
<linearGradient id="a" x1="0" x2="0.3" spreadMethod="repeat"><stop offset="0" stop-color="#ff8800"/><stop offset="1" stop-color="#0044aa"/></linearGradient>
<linearGradient id="b" x1="0" x2="0.4" spreadMethod="reflect"><stop offset="0" stop-color="#228833"/><stop offset="0.5" stop-color="#ffffff"/><stop offset="1" stop-color="#aa3377" stop-opacity="0.2"/></linearGradient>
<radialGradient id="c"><stop offset="0" stop-color="#ffffff"/><stop offset="1" stop-color="#000000"/></radialGradient>
<mask id="m"><rect width="40" height="30" fill="url(#c)"/></mask>
<mask id="l" mask-type="alpha"><circle cx="60" cy="15" r="12" fill="#ff0000" fill-opacity="0.7"/></mask>
<clipPath id="k"><circle cx="100" cy="15" r="12"/></clipPath>
<pattern id="p" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="#ee3333"/></pattern>
</defs>
<rect width="40" height="30" fill="#3355dd" mask="url(#m)"/>
<rect x="40" width="40" height="30" fill="url(#a)" mask="url(#l)"/>
<g clip-path="url(#k)" opacity="0.5"><rect x="80" width="40" height="30" fill="url(#b)"/><circle cx="100" cy="15" r="5" fill="#00ff00"/></g>
<rect y="30" width="60" height="30" fill="url(#p)" stroke="#808080"/>
<g style="mix-blend-mode:multiply"><rect x="50" y="30" width="60" height="30" fill="#ffcc00"/></g>
</svg>"##;
