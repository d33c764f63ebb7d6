//! Characters on the pages for which no font has a glyph, or which PDF/A-2a does not allow, and their locations in the sources.

use std::collections::BTreeMap;

use typst::WorldExt;
use typst::layout::{Frame, FrameItem};
use typst::text::{TextItem, is_default_ignorable};
use typst::visualize::{Image, ImageKind};
use typst_layout::PagedDocument;
use usvg::{Group, Node};

use super::{Setting, World};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span, code};
use crate::resolve::Resolved;

/// Maximum number of characters that are reported one by one.
const MAX_REPORTED: usize = 20;

/// A character without a glyph, or of a private use area, and its occurrences.
#[derive(Clone, Copy)]
struct MissingGlyph {
    /// Number of the first page that contains it, from 1.
    page: usize,
    /// Number of occurrences on the pages.
    count: usize,
    /// Its exact or approximate location in the sources, if known.
    near: Option<Span>,
    /// Index of the asset that contains it.
    asset: Option<usize>,
    /// Whether it is in a private use area, and a font has a glyph for it.
    private: bool,
}

/// The characters without a glyph, and those of private use areas.
#[derive(Default)]
pub struct MissingGlyphs(BTreeMap<char, MissingGlyph>);

impl MissingGlyphs {
    /// Finds the characters on the pages that have no glyph or are in a private use area. Variation selectors and joiners need no
    /// glyph.
    pub fn of(document: &PagedDocument, world: &World) -> Self {
        let mut missing = Self::default();
        for (index, page) in document.pages().iter().enumerate() {
            missing.frame(&page.frame, world, index + 1);
        }
        missing
    }

    /// Returns whether no such character was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the characters.
    pub fn characters(&self) -> impl Iterator<Item = char> {
        self.0.keys().copied()
    }

    fn frame(&mut self, frame: &Frame, world: &World, page: usize) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => self.frame(&group.frame, world, page),
                FrameItem::Text(text) => self.text(text, world, page),
                FrameItem::Image(image, ..) => self.image(image, world, page),
                FrameItem::Shape(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
    }

    fn text(&mut self, text: &TextItem, world: &World, page: usize) {
        for glyph in &text.glyphs {
            let shown = text.text.get(glyph.range()).unwrap_or_default();
            if glyph.id != 0 && !shown.contains(is_private) {
                continue;
            }
            let place = || {
                let (span, offset) = glyph.span;
                world.author(span.id()?, world.range(span)?.start + usize::from(offset))
            };
            self.add(shown, glyph.id, (page, None), &place);
        }
    }

    fn image(&mut self, image: &Image, world: &World, page: usize) {
        if let ImageKind::Svg(svg) = image.kind() {
            let asset = world.asset(image);
            drawn_text(svg.tree().root(), &mut |text, glyph| self.add(text, glyph, (page, asset), &|| None));
        }
    }

    fn add(&mut self, text: &str, glyph: u16, (page, asset): (usize, Option<usize>), place: &dyn Fn() -> Option<Span>) {
        let refused = |c: &char| if glyph == 0 { !c.is_whitespace() && !is_default_ignorable(*c) } else { is_private(*c) };
        for c in text.chars().filter(refused) {
            let new = MissingGlyph { page, count: 0, near: None, asset, private: glyph != 0 };
            let known = self.0.entry(c).or_insert(new);
            known.count += 1;
            known.near = known.near.or_else(place);
        }
    }

    /// Returns a diagnostic for each character, at its location in the sources.
    pub fn diagnostics(&self, setting: Setting<'_>, edition: &Resolved) -> Diagnostics {
        let mut found = Diagnostics::default();
        for (c, missing) in self.0.iter().take(MAX_REPORTED) {
            let unshown = unshown(code::STANDARD, *c, missing).at(self.place(*c, missing, setting, edition));
            found.push(unshown);
        }
        if let Some(others) = self.0.len().checked_sub(MAX_REPORTED + 1) {
            let message = format!("no font has {} other characters of the text", others + 1);
            let hint = "add a font for their script to fonts/, and its family to the end of the lists in [brand.typography]";
            found.push(
                Diagnostic::new(code::STANDARD, message)
                    .at(setting.publication.manifest.span(&setting.publication.manifest.value.title))
                    .hint(hint),
            );
        }
        edition.strictness.soften_all(found, "[U+…] is printed instead, with the code point of the character")
    }

    fn place(&self, c: char, missing: &MissingGlyph, setting: Setting<'_>, edition: &Resolved) -> Option<Span> {
        if let Some(asset) = missing.asset.and_then(|asset| edition.assets.get(asset)) {
            let name = asset.path.rsplit('/').next().unwrap_or(&asset.path);
            return first_in_sources(name, setting);
        }
        match missing.near {
            Some(near) => Some(nearest(c, near, setting)),
            None => {
                let mut bytes = [0; 4];
                let text = &*c.encode_utf8(&mut bytes);
                let layout = || setting.layouts.find_text(&setting.publication.layout().0, text);
                first_in_sources(text, setting).or_else(layout)
            }
        }
    }
}

fn unshown(code: Code, c: char, missing: &MissingGlyph) -> Diagnostic {
    let page = missing.page;
    let places = match missing.count {
        1 => format!("on page {page}"),
        count => format!("{count} times, first on page {page}"),
    };
    let drawing = if missing.asset.is_some() { " in a drawing" } else { "" };
    let number = u32::from(c);
    if missing.private {
        let message = format!("PDF/A-2a does not allow U+{number:04X}, which occurs{drawing} {places}");
        let hint =
            "replace the character, or show the sign as an image: private use characters have a different meaning in each font";
        return Diagnostic::new(code, message).hint(hint);
    }
    let message = format!("no font of the brand has the character \"{c}\" (U+{number:04X}), which occurs{drawing} {places}");
    Diagnostic::new(code, message)
        .hint("replace the character")
        .hint("or add a font with this character to fonts/, and its family to the end of the lists in [brand.typography]")
}

/// Returns the occurrence of a character that is nearest to `near` in its file, or `near` if the file does not contain the
/// character literally.
pub fn nearest(c: char, near: Span, setting: Setting<'_>) -> Span {
    let Some(source) = setting.sources.get(near.source) else { return near };
    let places = source.text.match_indices(c).map(|(at, _)| at);
    match places.min_by_key(|at| at.abs_diff(near.start)) {
        Some(at) => Span::new(near.source, at..at + c.len_utf8()),
        None => near,
    }
}

/// Returns the first occurrence of a text in the sections, otherwise in the strings of the TOML files.
pub fn first_in_sources(text: &str, setting: Setting<'_>) -> Option<Span> {
    let find = |span: Span| {
        let at = span.start + setting.sources.get(span.source)?.text.get(span.start..span.end)?.find(text)?;
        Some(Span::new(span.source, at..at + text.len()))
    };
    let files = setting.publication.sections.iter().filter_map(|section| {
        let source = section.title_span.source;
        Some(Span::new(source, 0..setting.sources.get(source)?.text.len()))
    });
    files.chain(setting.publication.declared(setting.sources)).filter(|_| !text.is_empty()).find_map(find)
}

/// Returns whether a character is in a private use area, which PDF/A-2a does not allow (ISO 19005-2, 6.2.11.7.3).
pub fn is_private(c: char) -> bool {
    matches!(u32::from(c), 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF)
}

/// Calls `visit` with the text and the id of every glyph of a drawing.
fn drawn_text(group: &Group, visit: &mut dyn FnMut(&str, u16)) {
    for node in group.children() {
        match node {
            Node::Group(group) => drawn_text(group, visit),
            Node::Text(text) => {
                let glyphs = text.layouted().iter().filter(|span| span.visible).flat_map(|span| &span.positioned_glyphs);
                glyphs.for_each(|glyph| visit(&glyph.text, glyph.id.0));
            }
            Node::Path(_) | Node::Image(_) => {}
        }
    }
}

/// Returns the show rule that replaces characters with their code points.
pub fn stand_in_rule(characters: &[char]) -> String {
    let class: String = characters.iter().map(|c| format!("\\u{{{:x}}}", u32::from(*c))).collect();
    format!(
        "#show regex(\"[{class}]\"): it => {{ let n = upper(str(it.text.to-unicode(), base: 16)); \"[U+\" + \"0\" * calc.max(0, 4 - n.len()) + n + \"]\" }}\n"
    )
}

/// Splits long emoji sequences. Some readers, such as MuPDF, extract at most eight UTF-16 units for a glyph of a PDF.
const PARTS_RULE: &str = concat!(
    r#"#show regex("\\p{Extended_Pictographic}[\u{FE0F}\u{E0020}-\u{E007F}\\p{Emoji_Modifier}]*(?:\u{200D}\\p{Extended_Pictographic}[\u{FE0F}\\p{Emoji_Modifier}]*)*"): it => "#,
    r#"if it.text.codepoints().map(c => if c.to-unicode() > 0xFFFF { 2 } else { 1 }).sum() <= 8 { it } else { "#,
    r#"it.text.matches(regex("\\p{Extended_Pictographic}[\u{FE0F}\\p{Emoji_Modifier}]*\u{200D}?")).map(it => it.text).join(h(0.001pt)) }"#,
    "\n"
);

/// Returns the rule for long emoji sequences if a text contains such sequences.
pub fn parts_rule(text: &str) -> Option<&'static str> {
    // A zero width joiner after an emoji or a variation selector, or the end of a tag sequence.
    let is_emoji = |c: char| c >= '\u{2190}';
    let joined = || {
        text.match_indices('\u{200D}')
            .any(|(at, _)| text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(is_emoji))
    };
    (joined() || text.contains('\u{E007F}')).then_some(PARTS_RULE)
}
