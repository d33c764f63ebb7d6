//! Checks of the fonts in print PDFs.

use std::collections::BTreeMap;

use toml::Spanned;
use typst::text::FontInstance;

use super::facts::has_colour_glyphs;
use super::ink::start;
use super::{PRINTED, PrintedFile, PrintedPages, Spot, on_pages, print_diagnostic};
use crate::check::run::{PageRun, RunPlaces, runs};
use crate::check::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::manifest::Typography;
use crate::output::pdf::print::{FontUse, PrintReport};
use crate::product::Product;
use crate::resolve::layers;
use crate::workspace::SYMBOL_FAMILIES;

/// R741: a font that is not in the file.
pub struct FontNotEmbedded;

/// R742: colour glyphs, such as emoji.
pub struct ColourGlyphs;

/// R743: a character in a font family that the brand does not name.
pub struct ForeignFamily;

impl Check for FontNotEmbedded {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R741", Group::Print, Severity::Error),
            title: "A font that is not embedded.",
            explanation: "\
PDF/X-4 (ISO 15930-7, 6.3) requires every font to be embedded. A printer's software would substitute a missing font, which changes the
line breaks. reliure always embeds fonts: if this finding occurs, please report it.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        for font in missing(file.report) {
            let message = format!("the font \"{}\" is not embedded", font.name);
            let french = format!("la police « {} » n’est pas incorporée", font.name);
            let diagnostic = self.meaning().diagnostic(message).in_french(french).at(subject.publication_place());
            found.push(diagnostic.hint("this is a defect of the tool: please report it with these sources"));
        }
    }
}

/// Characters that micro-typography inserts. For them, a fallback font makes no visible difference.
const INSERTED: [char; 2] = ['\u{202F}', '\u{2011}'];

/// Returns the font families that the brand names for each use, or their defaults, and the symbol families.
fn named_families(subject: &Subject<'_>) -> Vec<String> {
    let (layers, fonts) = (layers(subject.entry), &subject.edition.brand.fonts);
    let pick = |get: fn(&Typography) -> &Option<Spanned<Vec<String>>>, default: &[String]| {
        let set = layers.iter().find_map(|layer| get(&layer.brand.typography).as_ref());
        set.map_or_else(|| default.to_vec(), |families| families.get_ref().clone())
    };
    let lists = [
        pick(|typography| &typography.base, &fonts.base),
        pick(|typography| &typography.headings, &fonts.headings),
        pick(|typography| &typography.interface, &fonts.interface),
        pick(|typography| &typography.monospace, &fonts.monospace),
    ];
    lists.into_iter().flatten().chain(SYMBOL_FAMILIES.map(str::to_owned)).collect()
}

/// Returns the fonts that are not embedded. A Type 3 font has no font file.
pub fn missing(report: &PrintReport) -> impl Iterator<Item = &FontUse> {
    report.fonts.iter().filter(|font| !font.embedded && !font.type3)
}

impl Check for ColourGlyphs {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R742", Group::Print, Severity::Warning),
            title: "Coloured glyphs, such as emoji.",
            explanation: "\
The characters of a colour font become a Type 3 font, in which each glyph is a content stream. PDF/X-4 allows Type 3 fonts, but some
printers refuse them, and their colours are converted like those of pictures.

Use a font without colours for these characters, or a picture.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let pages: Vec<usize> = file.pages().filter(|(_, page)| page.type3).map(|(number, _)| number).collect();
        let Some(first) = pages.first() else { return };
        let colour_text = |page: usize| file.facts.page(page).and_then(|facts| facts.colour_text.as_ref());
        let fact = pages.iter().find_map(|page| colour_text(*page));
        let unknown = || ["a text".to_owned(), "un texte".to_owned()];
        let [words, mots] = fact.map_or_else(unknown, |fact| [format!("\"{}\"", fact.words), format!("« {} »", fact.words)]);
        let [on, sur] = on_pages(file.product, &pages);
        let message = [
            format!("{words} contains coloured glyphs (Type 3) {on}"),
            format!("{mots} contient des glyphes en couleurs (Type 3) {sur}"),
        ];
        let spots: Vec<Spot> =
            pages.iter().map(|page| Spot { page: *page, bounds: colour_text(*page).map(|fact| fact.bounds) }).collect();
        let place = fact.map_or_else(|| start(subject, file, *first), |fact| fact.place);
        let diagnostic = print_diagnostic(&self.meaning(), message, place, file.product, &spots);
        found.push(diagnostic.hint("use a font without colours for them, or a picture"));
    }
}

impl Check for ForeignFamily {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R743", Group::Print, Severity::Warning),
            title: "A character from a family that the brand does not name.",
            explanation: "\
No family of `[brand.typography]` has the character, so it comes from another font and looks different from the text around it. The
families after the first one in a list are fallbacks for such characters and are not reported. Neither are coloured glyphs (R742), nor the
spaces and hyphens that micro-typography inserts. If the brand does not set a list, its default families are not reported either. There is
one finding for each other family, with the first words that are set in it.

Replace the character, or add a family that has it to the end of the list:

    base = [\"Spectral\", \"Source Serif 4\"]",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_pages(&self, subject: &Subject<'_>, pages: &PrintedPages<'_>, found: &mut Diagnostics) {
        let own = named_families(subject);
        let is_own = |family: &str| own.iter().any(|name| name.eq_ignore_ascii_case(family));
        let brand: BTreeMap<String, &FontInstance> = pages
            .map
            .pages
            .iter()
            .flat_map(runs)
            .map(|run| &run.text.font)
            .filter(|font| is_own(&font.info().family))
            .map(|font| (font.info().family.to_string(), font))
            .collect();
        let lacks = |c: char| brand.values().all(|font| font.ttf().glyph_index(c).is_none());
        let mut families: BTreeMap<String, Vec<PageRun<'_>>> = BTreeMap::new();
        for run in pages.map.pages.iter().flat_map(runs) {
            let family = &run.text.font.info().family;
            // If a brand font has the characters, the layout chose another family, which is allowed.
            let visible = run.text.text.chars().filter(|c| !c.is_whitespace() && !INSERTED.contains(c));
            if !is_own(family)
                && !has_colour_glyphs(run.text)
                && visible.clone().next().is_some()
                && visible.into_iter().all(lacks)
            {
                families.entry(family.to_string()).or_default().push(run);
            }
        }
        let places = RunPlaces::new(subject, pages.map);
        for (family, runs) in families {
            let Some(first) = runs.first() else { continue };
            let numbers: Vec<usize> = runs.iter().map(|run| run.page.number).collect();
            let spots: Vec<Spot> = runs.iter().map(|run| Spot { page: run.page.number, bounds: Some(run.ink()) }).collect();
            let ([on, sur], words) = (on_pages(pages.product, &numbers), first.words());
            let fact = [
                format!("\"{words}\" {on} is set in \"{family}\", which is not a font of the brand"),
                format!("« {words} » {sur} est composé en « {family} », qui n’est pas une police de la charte"),
            ];
            let diagnostic = print_diagnostic(&self.meaning(), fact, places.of(first), pages.product, &spots);
            found.push(diagnostic.hint("replace the character, or add a family that has it to [brand.typography]"));
        }
    }
}
