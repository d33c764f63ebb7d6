//! A small edition for the tests of this folder.

use uuid::Uuid;

use super::names::Names;
use super::xhtml;
use crate::accessibility::Presentation;
use crate::diagnostic::{Diagnostics, Sources, Span};
use crate::manifest::{Date, Length, Numerals, PageManifest, PublicationKind};
use crate::model::{
    AnchorTarget, Block, BlockKind, Colour, Inline, InlineKind, Linked, Note, PublicationTarget, Target, Title, TypstLanguages,
};
use crate::product::{PerProduct, Product};
use crate::resolve::{
    Accent, Asset, Brand, Compatibility, Credit, Edition, Fonts, Item, ItemKind, Language, Ledger, Licence, Notice, Party,
    PrintSettings, Resolved, Section, Terms, Words,
};

/// Returns a span in an empty source.
pub fn span() -> Span {
    Span::new(Sources::default().add("sample.md", ""), 0..0)
}

/// Returns an inline with this span.
pub fn inline(kind: InlineKind<Linked>) -> Inline<Linked> {
    Inline { span: span(), kind }
}

/// Returns inlines with this span.
pub fn inlines(kinds: Vec<InlineKind<Linked>>) -> Vec<Inline<Linked>> {
    kinds.into_iter().map(inline).collect()
}

/// Returns a block with this span.
pub fn block(kind: BlockKind<Linked>) -> Block<Linked> {
    Block::new(kind, span())
}

/// Returns a block with an id.
pub fn with_id(id: &str, kind: BlockKind<Linked>) -> Block<Linked> {
    Block { id: Some(id.into()), ..block(kind) }
}

fn words(text: &str) -> Vec<Inline<Linked>> {
    inlines(vec![InlineKind::Text(text.into())])
}

/// Returns a note of one paragraph; without text, a later reference to a note.
pub fn note(number: u32, call: u32, text: &str) -> InlineKind<Linked> {
    let body = match text {
        "" => vec![],
        _ => vec![block(BlockKind::Paragraph(inlines(vec![InlineKind::Text(text.into())])))],
    };
    InlineKind::Note(Note { number, call, body })
}

/// Writes a section that contains only these blocks.
pub fn section_of(kinds: Vec<BlockKind<Linked>>) -> String {
    section_in(&mut edition(), kinds)
}

/// Writes the first section of an edition, containing only these blocks.
pub fn section_in(edition: &mut Resolved, kinds: Vec<BlockKind<Linked>>) -> String {
    edition.sections[0].body = kinds.into_iter().map(block).collect();
    written(edition)
}

/// Writes the first section of an edition.
pub fn written(edition: &Resolved) -> String {
    let names = Names::new(&edition.sections);
    let mut found = Diagnostics::default();
    let document = xhtml::section(edition, &names, &edition.sections[0], &mut found);
    assert!(found.is_empty(), "{found:?}");
    document.text
}

/// Writes a section that contains only one paragraph.
pub fn paragraph(text: Vec<Inline<Linked>>) -> String {
    section_of(vec![BlockKind::Paragraph(text)])
}

fn party(id: &str, name: &str) -> Party {
    Party {
        id: id.into(),
        name: name.into(),
        sort: None,
        organisation: false,
        url: None,
        authority: None,
        affiliation: None,
        known: false,
        wordmark: None,
        logo: None,
    }
}

fn section(id: &str, number: usize, title: &str) -> Section {
    let title = words(title);
    Section {
        id: id.into(),
        number,
        nav: title.clone(),
        title,
        lead: vec![],
        lang: None,
        accent: number - 1,
        body: vec![],
        page_break: None,
    }
}

/// Returns a title in French.
pub fn title(text: &str) -> Title {
    Title::new(words(text), "fr", "fr")
}

/// Returns a target in another publication. Its anchor is the number of a section, an id and a title; the id of the section is
/// `s2` for the number 2.
pub fn elsewhere(file: &str, published: Option<&str>, name: &str, anchor: Option<(usize, &str, &str)>) -> Target {
    let target = |(number, id, text): (usize, &str, &str)| AnchorTarget {
        section: format!("s{number}"),
        number,
        id: id.into(),
        destination: id.into(),
        title: title(text),
    };
    Target::Publication(PublicationTarget {
        file: file.into(),
        published: published.map(str::to_owned),
        anchor: anchor.map(target),
        title: title(name),
    })
}

fn asset(name: &str, media_type: &'static str) -> Asset {
    let bytes = match media_type {
        "image/png" => &b"\x89PNG\r\n\x1a\n"[..],
        _ => &b"GIF89a"[..],
    };
    Asset {
        path: name.into(),
        name: name.into(),
        media_type,
        bytes: bytes.into(),
        width: 1,
        height: 1,
        natural: None,
        background: crate::resolve::TransparentBackground::default(),
        is_moving_drawing: false,
        is_plain: true,
        is_repeated: false,
        original: None,
        inner: Vec::new(),
    }
}

fn brand() -> Brand {
    let [ink, white, blue] = [[0x1D, 0x24, 0x33], [0xFF; 3], [0x1B, 0x5E, 0x8C]].map(Colour::screen);
    let family = |name: &str| vec![name.to_owned()];
    let accent = |base: Colour| Accent::derive(base, white, white, ink);
    Brand {
        foreground: ink,
        background: white,
        surface: white,
        muted: ink,
        primary: blue,
        highlight: blue,
        accents: vec![accent(blue), accent(ink)],
        fonts: Fonts {
            base: family("Source Serif 4"),
            headings: family("Spectral"),
            interface: family("Source Sans 3"),
            monospace: family("IBM Plex Mono"),
        },
        scale: 1.16,
        numerals: Numerals::Lining,
        inks: Vec::new(),
    }
}

/// Returns the accessibility of the style sheets of the tool's layouts.
pub fn presentation() -> Presentation {
    Presentation { adjustable: true, ordered: true, contrast: true }
}

/// Returns an edition of two sections without content, with credits, a licence and two images.
pub fn edition() -> Resolved {
    let maud = Party { sort: Some("Le Garrec, Maud".into()), ..party("le-garrec", "Maud Le Garrec") };
    let idris = Party {
        authority: Some("https://orcid.org/0000-0002-1825-0097".into()),
        affiliation: Some("Estran".into()),
        ..party("benhamou", "Idris Benhamou")
    };
    let observatory = Party {
        organisation: true,
        url: Some("https://example.org".into()),
        logo: Some((1, "Rivages".into())),
        ..party("observatoire", "Observatoire")
    };
    let credit = |label: &str, marc, parties| Credit { label: label.into(), marc, contribution: None, parties };
    Resolved {
        slug: "carnet".into(),
        stem: "carnet-2023-05".into(),
        uuid: Uuid::from_u128(0xbd65_d019_e7db_4242_968b_fb52_6444_e376),
        language: Language::find("fr").unwrap(),
        typst_languages: TypstLanguages::default(),
        title: "Carnet".into(),
        subtitle: Some("Une année".into()),
        description: Some("Un carnet & ses marées.".into()),
        keywords: vec!["marée".into()],
        period: Some("2022-2023".into()),
        kind: PublicationKind::Book,
        number: None,
        series: Some("Rivages".into()),
        publisher: Some(observatory.clone()),
        edition: Edition {
            id: "2023-05".into(),
            date: Date { year: 2023, month: 5, day: None },
            date_label: "mai 2023".into(),
            label: Some("Édition de mai 2023".into()),
            based_on: None,
            changes: None,
            erratum: None,
        },
        doi: Some("10.5072/carnet".into()),
        isbns: PerProduct([(Product::Epub, "978-2-9999990-1-5".to_owned())].into()),
        notice: Notice {
            licence: Licence { url: "https://example.org/lo".into(), ..Licence::find("etalab-2.0", "fr").unwrap() },
            licensor: Some("Observatoire".into()),
            statement: "Sous Licence Ouverte 2.0, sauf mention.".into(),
            whole: Some(1),
        },
        ledger: Ledger::new(vec![Item {
            credit: Some("X & Y".into()),
            terms: Licence::find("CC-BY-4.0", "fr").map(Terms::Licence),
            source: Some("https://example.org/x".into()),
            asset: Some(0),
            compatibility: Some(Compatibility::Compatible),
            exception: true,
            ..Item::new(ItemKind::Image, "Photographie")
        }]),
        credits: vec![
            credit("Auteurs et autrices", "aut", vec![maud.clone(), idris]),
            credit("Photographie", "pht", vec![maud]),
            credit("Coordination", "pdr", vec![observatory]),
        ],
        sources: vec![vec![Words::plain("« Journal », 1868.")]],
        sections: vec![section("releve", 1, "Le relevé"), section("courbe", 2, "La courbe")],
        assets: vec![asset("001-anime.gif", "image/gif"), asset("002-logo.png", "image/png")],
        brand: brand(),
        strictness: crate::diagnostic::Strictness::Full,
        guillemet_space: crate::manifest::GuillemetSpace::NoBreak,
        options: vec![],
        page: PageManifest { width: Length::mm(160.0), height: Length::mm(240.0) },
        print: PrintSettings::default(),
        page_list: None,
        fit_images: true,
        certification: None,
    }
}
