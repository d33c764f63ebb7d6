//! The tree from authored to linked: links and images settled.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use super::assets::{Asset, ImageFault, ImageFile};
use super::ledger::{Inclusion, Item, ItemKind, short};
use super::licence::{self, Licence, Terms, warning};
use super::links::Reach;
use super::resources::Shelf;
use super::sniff;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{AssetManifest, Manifest, PathFault, PublicationManifest, join_path, page_address};
use crate::model::{
    Attribution, Authored, AuthoredImage, AuthoredTarget, Block, BlockKind, DefinitionItem, Image, Inline, InlineKind, Linked,
    ListItem, Note, Table, plain_text, says_something,
};

/// An image that was read: none when there is none, or why it may not be read.
pub type ReadImage = Result<Option<ImageFile>, Box<Diagnostic>>;

/// Gives images their bytes; the project implements it.
pub trait Images: Sync {
    /// Reads an image by its path from the project's root.
    fn image(&self, path: &str) -> ReadImage;
    /// Reads the sidecar of an image.
    fn sidecar(&self, path: &str) -> Option<Manifest<AssetManifest>>;
    /// Lists the images near a path, for suggestions.
    fn images_in(&self, folder: &str) -> Vec<String>;
}

/// Turns authored blocks into linked ones.
pub struct Linker<'a> {
    /// The publication.
    pub manifest: &'a Manifest<PublicationManifest>,
    /// Its folder, from the project's root.
    pub folder: &'a str,
    /// Numbers of the `[[assets]]`, by path from the project's root.
    pub listed: BTreeMap<String, usize>,
    /// Where the bytes of images come from.
    pub images: &'a dyn Images,
    /// What links can reach.
    pub reach: &'a Reach<'a>,
    /// The resources.
    pub shelf: &'a Shelf<'a>,
    /// The publication's licence.
    pub licence: &'a Licence,
    /// Language of the section that is linked.
    pub section_lang: String,
    /// Language of the text that is linked, where spans name it.
    pub lang: String,
    /// Images used so far.
    pub assets: Vec<Asset>,
    /// Where each stands among them, by its path.
    pub placed: BTreeMap<String, usize>,
    /// Which of them are among the items, as what.
    pub entered: BTreeSet<(usize, ItemKind)>,
    /// What is somebody's, in order of appearance.
    pub items: Vec<Item>,
    /// What was found wrong.
    pub found: Diagnostics,
}

/// Finds the `[[assets]]` by their paths from the project's root; the first of a path counts.
pub fn listed(manifest: &Manifest<PublicationManifest>, folder: &str, found: &mut Diagnostics) -> BTreeMap<String, usize> {
    let mut listed = BTreeMap::new();
    for (number, asset) in manifest.value.assets.iter().enumerate() {
        let Some(written) = &asset.path else { continue };
        match join_path(folder, written.get_ref()) {
            Ok(path) => drop(listed.entry(path.nfc().collect()).or_insert(number)),
            Err(fault) => found.push(no_path(written.get_ref(), fault, manifest.span(written))),
        }
    }
    listed
}

impl Linker<'_> {
    /// Links blocks; those that cannot be are left out and reported.
    pub fn blocks(&mut self, blocks: Vec<Block<Authored>>) -> Vec<Block<Linked>> {
        blocks.into_iter().filter_map(|block| self.block(block)).collect()
    }

    fn block(&mut self, block: Block<Authored>) -> Option<Block<Linked>> {
        let span = block.span;
        let kind = match block.kind {
            BlockKind::Paragraph(text) => BlockKind::Paragraph(self.inlines(text)),
            BlockKind::Heading { level, id, text } => BlockKind::Heading { level, id: id?.0, text: self.inlines(text) },
            BlockKind::List { start, tight, items } => {
                let items = items.into_iter().map(|item| ListItem { task: item.task, body: self.blocks(item.body) }).collect();
                BlockKind::List { start, tight, items }
            }
            BlockKind::Definitions(items) => {
                BlockKind::Definitions(items.into_iter().map(|item| self.definition(item)).collect())
            }
            BlockKind::Quote(body) => BlockKind::Quote(self.blocks(body)),
            BlockKind::Code { lang, text, tokens } => BlockKind::Code { lang, text, tokens },
            BlockKind::Table(table) => BlockKind::Table(self.table(table)),
            BlockKind::Rule => BlockKind::Rule,
            BlockKind::Figure(image) => match self.image(image) {
                Ok(image) => BlockKind::Figure(image),
                Err(words) => BlockKind::Paragraph(vec![Inline { span, kind: InlineKind::Text(words?) }]),
            },
            BlockKind::Callout { kind, title, body } => BlockKind::Callout { kind, title, body: self.blocks(body) },
            BlockKind::Aside { title, body } => BlockKind::Aside { title, body: self.blocks(body) },
            BlockKind::Details { summary, open, body } => {
                BlockKind::Details { summary: self.inlines(summary), open, body: self.blocks(body) }
            }
            BlockKind::Epigraph { form, source, body } => {
                let body = self.blocks(body);
                self.quotation(&source, &body, span);
                BlockKind::Epigraph { form, source, body }
            }
            BlockKind::Passage(lang, body) => {
                let around = std::mem::replace(&mut self.lang, lang.clone());
                let body = self.blocks(body);
                self.lang = around;
                BlockKind::Passage(lang, body)
            }
            BlockKind::Resources(group) => BlockKind::Resources(self.shelf.group(&group, &mut self.found)),
            BlockKind::Video { url, title } => {
                BlockKind::Video { url: page_address(&url, "a video", span, &mut self.found)?, title }
            }
            BlockKind::Credits => BlockKind::Credits,
            BlockKind::Licence(form) => BlockKind::Licence(form),
            BlockKind::ImageCredits => BlockKind::ImageCredits,
            BlockKind::Imprint => BlockKind::Imprint,
            BlockKind::Changes => BlockKind::Changes,
            // The edition's conditions were decided before: none is left.
            BlockKind::Only(..) => return None,
        };
        Some(Block { span, kind })
    }

    fn definition(&mut self, item: DefinitionItem<Authored>) -> DefinitionItem<Linked> {
        let term = self.inlines(item.term);
        DefinitionItem { term, details: item.details.into_iter().map(|details| self.blocks(details)).collect() }
    }

    fn table(&mut self, table: Table<Authored>) -> Table<Linked> {
        let caption = self.inlines(table.caption);
        let header = table.header.into_iter().map(|cell| self.inlines(cell)).collect();
        let rows = table.rows.into_iter().map(|row| row.into_iter().map(|cell| self.inlines(cell)).collect()).collect();
        Table { caption, row_headers: table.row_headers, columns: table.columns, header, rows }
    }

    /// Links inlines.
    pub fn inlines(&mut self, inlines: Vec<Inline<Authored>>) -> Vec<Inline<Linked>> {
        let mut linked = Vec::with_capacity(inlines.len());
        for Inline { span, kind } in inlines {
            match kind {
                InlineKind::Link(target, inner) => linked.extend(self.link(&target, inner, span)),
                InlineKind::Reference(target) => linked.extend(self.reference(&target, span)),
                kind => linked.extend(self.inline(kind).map(|kind| Inline { span, kind })),
            }
        }
        linked
    }

    fn inline(&mut self, kind: InlineKind<Authored>) -> Option<InlineKind<Linked>> {
        Some(match kind {
            InlineKind::Text(text) => InlineKind::Text(text),
            InlineKind::Literal(text) => InlineKind::Literal(text),
            InlineKind::SoftBreak => InlineKind::SoftBreak,
            InlineKind::LineBreak => InlineKind::LineBreak,
            InlineKind::Emphasis(inner) => InlineKind::Emphasis(self.inlines(inner)),
            InlineKind::Strong(inner) => InlineKind::Strong(self.inlines(inner)),
            InlineKind::Strike(inner) => InlineKind::Strike(self.inlines(inner)),
            InlineKind::Super(inner) => InlineKind::Super(self.inlines(inner)),
            InlineKind::Sub(inner) => InlineKind::Sub(self.inlines(inner)),
            InlineKind::Code(text) => InlineKind::Code(text),
            InlineKind::Kbd(inner) => InlineKind::Kbd(self.inlines(inner)),
            InlineKind::Abbr(long, inner) => InlineKind::Abbr(long, self.inlines(inner)),
            InlineKind::Image(image) => match self.image(image) {
                Ok(image) => InlineKind::Image(image),
                Err(words) => InlineKind::Text(words?),
            },
            InlineKind::Lang(lang, inner) => {
                let around = std::mem::replace(&mut self.lang, lang.clone());
                let inner = self.inlines(inner);
                self.lang = around;
                InlineKind::Lang(lang, inner)
            }
            // `inlines` links them; the edition's conditions were decided before.
            InlineKind::Link(..) | InlineKind::Reference(_) | InlineKind::Only(..) => return None,
            InlineKind::Note(note) => {
                // A note is in the language of its section, wherever it is called.
                let around = std::mem::replace(&mut self.lang, self.section_lang.clone());
                let body = self.blocks(note.body);
                self.lang = around;
                InlineKind::Note(Note { number: note.number, call: note.call, body })
            }
        })
    }

    /// Links a link; where a text may be unfinished, the words of a dead one stand without it.
    fn link(&mut self, target: &AuthoredTarget, inner: Vec<Inline<Authored>>, span: Span) -> Vec<Inline<Linked>> {
        let held = inner.len();
        let inner = self.inlines(inner);
        let Some(target_of) = self.reach.target(target, &self.lang, &mut self.found) else {
            return if self.reach.strictness.is_lenient() { inner } else { Vec::new() };
        };
        // What could not be linked was told already.
        if inner.len() == held && !says_something(&inner) {
            let silent = Diagnostic::new(code::ALT, "this link is an image without alternative text").at(target.span);
            let silent = silent.hint("say where the link leads: words beside the image, or an alternative text for it");
            self.found.push(self.reach.strictness.soften(silent, "the image stands without a link"));
            return if self.reach.strictness.is_lenient() { inner } else { Vec::new() };
        }
        vec![Inline { span, kind: InlineKind::Link(target_of, inner) }]
    }

    /// Links a link without words; where a text may be unfinished, what a dead one names is printed.
    fn reference(&mut self, target: &AuthoredTarget, span: Span) -> Option<Inline<Linked>> {
        let kind = match self.reach.reference(target, &self.lang, &mut self.found) {
            Some(target) => InlineKind::Reference(target),
            None if self.reach.strictness.is_lenient() && !target.text.trim().is_empty() => {
                InlineKind::Code(target.text.trim().to_owned())
            }
            None => return None,
        };
        Some(Inline { span, kind })
    }

    /// Links an image; where a text may be unfinished, words stand in for one that is not there.
    fn image(&mut self, image: AuthoredImage) -> Result<Image, Option<String>> {
        let alt = image.alt.trim().to_owned();
        let before = std::mem::take(&mut self.found);
        let path = self.path(&image.path, image.span).map(|path| self.decoded(path, &image));
        let asset = path.and_then(|path| Some((self.asset(&path, image.span)?, path)));
        let told = std::mem::replace(&mut self.found, before);
        self.found.extend(self.reach.strictness.soften_all(told, "its alternative text stands for it"));
        let Some((asset, path)) = asset else {
            let words = if alt.is_empty() { self.shelf.language.terms.undescribed.to_owned() } else { alt };
            return Err(self.reach.strictness.is_lenient().then_some(words));
        };
        self.described(image, asset, &path).ok_or(None)
    }

    /// Decides what is said of an image.
    fn described(&mut self, image: AuthoredImage, asset: usize, path: &str) -> Option<Image> {
        let declared = self.declared(path, image.span)?;
        let Declared { words, span, .. } = declared;
        let declared = declared.asset;
        let written = Some(image.alt.trim()).filter(|alt| !alt.is_empty()).map(str::to_owned);
        let mut alt = written.or_else(|| declared.alt.clone().filter(|alt| !alt.trim().is_empty()));
        if alt.is_none() && !declared.decorative {
            let missing = Diagnostic::new(code::ALT, format!("the image \"{}\" has no alternative text", image.path))
                .at(image.span)
                .hint("say between the brackets what the image shows: ![…](…)")
                .hint("or declare decorative = true in [[assets]] when it shows nothing that the text needs");
            let meanwhile = self.shelf.language.terms.undescribed;
            self.found.push(self.reach.strictness.soften(missing, &format!("\"{meanwhile}\" stands for it")));
            if !self.reach.strictness.is_lenient() {
                return None;
            }
            alt = Some(meanwhile.to_owned());
        }
        let alt = if declared.decorative { None } else { alt };
        let caption = image.caption.or(declared.caption);
        let terms = licence::terms(&words, self.shelf.language.tag, Some(span), &mut self.found)?;
        let credit = declared.credit.as_ref().map(|credit| format!("{credit}, {}", terms.name()));
        let decorative = self.shelf.language.terms.decorative;
        let item = Item {
            credit: declared.credit,
            source: declared.source,
            date: declared.date,
            asset: Some(asset),
            ..Item::new(ItemKind::Image, short(caption.as_deref().or(alt.as_deref()).unwrap_or(decorative)))
        };
        self.enter(item, terms, &format!("the image \"{}\"", image.path), span);
        Some(Image { asset, alt, caption, credit, width: image.width })
    }

    /// Reads the signs of an address (`%20`) in the path of an image, unless a file is named with them as they stand.
    fn decoded(&self, path: String, image: &AuthoredImage) -> String {
        let Some(written) = percent_decoded(&image.path).filter(|_| matches!(self.images.image(&path), Ok(None))) else {
            return path;
        };
        join_path(self.folder, &written).ok().filter(|decoded| matches!(self.images.image(decoded), Ok(Some(_)))).unwrap_or(path)
    }

    /// Enters an item into the ledger, an image once; warns when its terms do not go with the publication's licence.
    pub fn enter(&mut self, item: Item, terms: Terms, what: &str, span: Span) {
        if item.asset.is_some_and(|asset| !self.entered.insert((asset, item.kind))) {
            return;
        }
        // Logos are seldom free, and nobody expects them to be.
        if let Some(told) = warning(self.licence, &terms, what, Some(span)).filter(|_| item.kind != ItemKind::Logo) {
            self.found.push(told);
        }
        self.items.push(Item { terms: Some(terms), ..item }.judged(self.licence, Inclusion::Part));
    }

    /// Enters a quotation that says where it comes from. Without terms it is short, and the law allows it.
    fn quotation(&mut self, source: &Attribution, body: &[Block<Linked>], span: Span) {
        if source.words.is_none() && source.licence.is_none() {
            return;
        }
        let first = body.iter().find_map(|block| match &block.kind {
            BlockKind::Paragraph(text) => Some(plain_text(text)),
            _ => None,
        });
        let language = self.shelf.language;
        let first = first.unwrap_or_default();
        let bare = first.trim().trim_matches(['«', '»', '“', '”', '"', ' ', '\u{a0}', '\u{202f}']);
        let what = if bare.is_empty() { language.terms.quotations.to_owned() } else { language.quoted(&short(bare)) };
        let item = Item {
            credit: source.words.clone(),
            source: source.url.clone(),
            date: source.date.clone().filter(|_| source.line() != source.words),
            ..Item::new(ItemKind::Quotation, what)
        };
        match &source.licence {
            None => {
                let terms = Some(Terms::Words(language.terms.short_quotation.to_owned()));
                self.items.push(Item { terms, ..item }.judged(self.licence, Inclusion::Allowed));
            }
            Some(words) => {
                if let Some(terms) = licence::terms(words, language.tag, Some(span), &mut self.found) {
                    let what = format!("the quotation {}", item.what);
                    self.enter(item, terms, &what, span);
                }
            }
        }
    }

    /// Makes a path from the project's root of one written in a section. Nothing outside the project can be named.
    pub fn path(&mut self, written: &str, span: Span) -> Option<String> {
        match join_path(self.folder, written) {
            Ok(path) => Some(path),
            Err(fault) => {
                self.found.push(no_path(written, fault, span));
                None
            }
        }
    }

    /// Finds or reads an image; its index among the assets.
    pub fn asset(&mut self, path: &str, span: Span) -> Option<usize> {
        if let Some(known) = self.placed.get(path) {
            return Some(*known);
        }
        let file = match self.images.image(path) {
            Ok(file) => file,
            Err(refused) => {
                self.found.push(refused.with_code(code::IMAGE).at(span));
                return None;
            }
        };
        let Some(file) = file else {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let near = self.images.images_in(folder);
            let message = format!("there is no image \"{path}\"");
            self.found.push(Diagnostic::new(code::IMAGE, message).at(span).suggest(path, near.iter().map(String::as_str)));
            return None;
        };
        match Asset::new(&file, self.assets.len() + 1) {
            Ok(asset) => {
                if let Some(told) = sniff::misnamed(path, &file.bytes) {
                    let misnamed = Diagnostic::new(code::MISNAMED_IMAGE, format!("\"{path}\" {told}")).at(span);
                    self.found.push(misnamed.hint("rename it: other programs go by the name"));
                }
                self.placed.insert(path.to_owned(), self.assets.len());
                self.assets.push(asset);
            }
            Err(fault) => {
                let held;
                let (message, hint) = match fault {
                    ImageFault::Format => {
                        ("is not a PNG, JPEG, GIF, WebP or SVG image", "export it as PNG, JPEG, GIF, WebP or SVG")
                    }
                    ImageFault::Profile => {
                        ("has a colour profile of more than 256 KiB", "save it with the profile sRGB, or none")
                    }
                    ImageFault::Damaged => ("is damaged", "export it again"),
                    ImageFault::TooLarge => {
                        ("has more than 100 million pixels", "save it with fewer pixels: 2400 on the long side are enough")
                    }
                    ImageFault::Holds(what) => {
                        held = format!("holds {what}");
                        (held.as_str(), "export it as a plain SVG, of shapes and text alone, or as a PNG")
                    }
                };
                let message = if fault == ImageFault::Format { sniff::refused(path, &file.bytes) } else { message.to_owned() };
                self.found.push(Diagnostic::new(code::IMAGE, format!("\"{path}\" {message}")).at(span).hint(hint));
                return None;
            }
        }
        Some(self.assets.len() - 1)
    }

    /// Finds what is declared about an image: in `[[assets]]`, or in its sidecar.
    fn declared(&mut self, path: &str, span: Span) -> Option<Declared> {
        let listed = self.listed.get(&path.nfc().collect::<String>()).and_then(|number| self.manifest.value.assets.get(*number));
        let sidecar = if listed.is_none() { self.images.sidecar(path) } else { None };
        let licence = match (listed, &sidecar) {
            (Some(asset), _) => asset.licence.as_ref().map(|words| (words, self.manifest.span(words))),
            (None, Some(sidecar)) => sidecar.value.licence.as_ref().map(|words| (words, sidecar.span(words))),
            (None, None) => None,
        };
        let licence =
            licence.map(|(words, span)| (words.get_ref().trim().to_owned(), span)).filter(|(words, _)| !words.is_empty());
        let asset = listed.cloned().or_else(|| sidecar.map(|sidecar| sidecar.value));
        if let (Some(asset), Some((words, span))) = (asset.clone(), licence) {
            return Some(Declared { asset, words, span });
        }
        let file = path.strip_prefix(self.folder).map_or(path, |rest| rest.trim_start_matches('/'));
        let licence = &self.licence.id;
        let undeclared = Diagnostic::new(code::LICENCE, format!("the image \"{file}\" has no licence"))
            .at(span)
            .hint(format!(
                "declare it in publication.toml:\n    [[assets]]\n    path    = \"{file}\"\n    credit  = \"…\"\n    licence = \"{licence}\""
            ))
            .hint(format!("or beside it, in {file}.toml:\n    credit  = \"…\"\n    licence = \"…\""));
        let words = self.undeclared(undeclared)?;
        Some(Declared { asset: asset.unwrap_or_default(), words, span })
    }

    /// Tells of something without a licence; where a text may be unfinished, gives the words that stand for one.
    pub fn undeclared(&mut self, told: Diagnostic) -> Option<String> {
        let meanwhile = self.shelf.language.terms.undeclared;
        self.found.push(self.reach.strictness.soften(told, &format!("its terms are given as \"{meanwhile}\"")));
        self.reach.strictness.is_lenient().then(|| meanwhile.to_owned())
    }
}

/// What is declared about an image, and the words of its licence.
struct Declared {
    asset: AssetManifest,
    words: String,
    span: Span,
}

/// Decodes `%20` and the like (RFC 3986 §2.1); none when there are none, or they are no UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    (bytes.len() < text.len()).then(|| String::from_utf8(bytes).ok()).flatten()
}

/// Tells of a path that is no file of the project.
pub fn no_path(written: &str, fault: PathFault, span: Span) -> Diagnostic {
    Diagnostic::new(code::IMAGE, format!("\"{written}\" does not name a file of the project: {fault}"))
        .at(span)
        .hint("write the path from this file's folder, with forward slashes: images/name.png")
}
