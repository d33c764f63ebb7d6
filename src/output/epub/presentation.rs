//! The effects of the style sheets of an EPUB on accessibility: whether readers can adapt the text, whether it is shown in
//! document order, and the contrast of its colours.
//!
//! A declaration that cannot be evaluated counts as a fault, so that the metadata never state a feature wrongly.

use std::collections::BTreeMap;

use super::style;
use crate::accessibility::Presentation;
use crate::css::{Declaration, StyleRule, StyleSheet};
use crate::model::{BLACK, Colour, WHITE};
use crate::resolve::{ENHANCED, Resolved};

/// Properties of text that readers can adapt.
const ADAPTED: [&str; 12] = [
    "background",
    "background-color",
    "color",
    "font",
    "font-family",
    "font-size",
    "hyphens",
    "letter-spacing",
    "line-height",
    "text-align",
    "text-size-adjust",
    "word-spacing",
];
/// Units of lengths that do not follow the text size that readers choose.
const FIXED_UNITS: [&str; 13] = ["px", "pt", "pc", "cm", "mm", "in", "q", "vw", "vh", "vmin", "vmax", "dvh", "dvw"];

/// Reads the style sheets of an edition: the style sheets of its layout, and the one generated from its brand.
pub fn presentation(edition: &Resolved, common_css: &StyleSheet, layout_css: &StyleSheet) -> Presentation {
    let brand = StyleSheet::new(style::brand(edition, &[], &[]));
    let rules: Option<Vec<&[StyleRule]>> = [&brand, common_css, layout_css].into_iter().map(StyleSheet::rules).collect();
    let Some(rules) = rules.map(|rules| rules.into_iter().flatten().collect::<Vec<_>>()) else { return Presentation::default() };
    let mut declared = rules.iter().flat_map(|rule| &rule.declarations);
    Presentation {
        adjustable: !declared.any(is_fixed),
        ordered: !rules.iter().any(|rule| moves(rule)),
        contrast: palettes(&rules).iter().all(|palette| rules.iter().all(|rule| has_contrast(rule, palette))),
    }
}

/// Returns whether a declaration overrides the choices of readers.
fn is_fixed(declaration: &Declaration) -> bool {
    let Declaration { name, value, important } = declaration;
    let name = name.trim_start_matches("-webkit-").trim_start_matches("-epub-");
    if !ADAPTED.contains(&name) {
        return false;
    }
    let sizes = matches!(name, "font" | "font-size" | "letter-spacing" | "line-height" | "word-spacing");
    *important || (name == "text-size-adjust" && value == "none") || (sizes && has_fixed_unit(value))
}

/// Returns whether a value contains a length in a fixed unit.
fn has_fixed_unit(value: &str) -> bool {
    let mut words = value.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '%'));
    words.any(|word| {
        let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        unit.len() < word.len() && FIXED_UNITS.contains(&unit)
    })
}

/// Returns whether a rule changes the position of content. Generated marks, such as check boxes, are not content of the document,
/// and text for screen readers only is not shown.
fn moves(rule: &StyleRule) -> bool {
    let generated = rule.selectors.split(',').all(|selector| {
        let selector = selector.trim_end();
        [":before", ":after", "::marker"].iter().any(|mark| selector.ends_with(mark))
    });
    let hidden = rule.declarations.iter().any(|declaration| declaration.name == "clip-path" && declaration.value == "inset(50%)");
    !generated && !hidden && rule.declarations.iter().any(is_moving)
}

fn is_moving(declaration: &Declaration) -> bool {
    let value = declaration.value.as_str();
    match declaration.name.as_str() {
        "order" => value != "0",
        "position" => matches!(value, "absolute" | "fixed"),
        "flex-direction" | "flex-flow" | "flex-wrap" => value.contains("reverse"),
        "grid-area" | "grid-template-areas" => true,
        name => name.starts_with("grid-row") || name == "grid-column" || name.starts_with("grid-column-"),
    }
}

/// Custom properties by name.
type Properties = BTreeMap<String, String>;

/// Returns the possible sets of custom properties: for the light and the dark scheme, in the sections of each accent.
fn palettes(rules: &[&StyleRule]) -> Vec<Properties> {
    let is_dark = |rule: &StyleRule| rule.condition.as_ref().is_some_and(|condition| condition.contains("dark"));
    let of = |selectors: &str, dark: bool| -> Properties {
        let own = rules.iter().filter(|rule| rule.selectors == selectors && (dark || !is_dark(rule)));
        let declared = own.flat_map(|rule| &rule.declarations).filter(|declaration| declaration.name.starts_with("--"));
        declared.map(|declaration| (declaration.name.clone(), declaration.value.clone())).collect()
    };
    let accents = rules.iter().map(|rule| rule.selectors.as_str()).filter(|selectors| selectors.starts_with(".accent-"));
    let accents: Vec<&str> = accents.collect();
    let both = [false, true].into_iter().flat_map(|dark| accents.iter().map(move |accent| (dark, *accent)));
    both.map(|(dark, accent)| {
        let mut properties = of(":root", dark);
        properties.extend(of(accent, dark));
        properties
    })
    .collect()
}

/// Returns whether the text of a rule has the enhanced contrast with its background (WCAG 2.2, 1.4.6). A rule must set both
/// colours or neither, because a colour that it inherits is unknown here. The first of several declarations is the fallback for
/// reading systems without custom properties, so the first colours are compared, and the last ones too.
fn has_contrast(rule: &StyleRule, palette: &Properties) -> bool {
    let (mut texts, mut backgrounds) = (Vec::new(), Vec::new());
    for Declaration { name, value, .. } in &rule.declarations {
        match (name.as_str(), value.as_str()) {
            ("color", "inherit" | "currentcolor" | "unset") | ("background" | "background-color", "none" | "transparent") => {}
            ("color", value) => texts.push(colour(value, palette)),
            ("background" | "background-color", value) => backgrounds.push(colour(value, palette)),
            ("background-image" | "filter" | "mix-blend-mode", value) if value != "none" => return false,
            ("opacity", value) if value != "1" => return false,
            _ => {}
        }
    }
    let enough = |pair: (Option<&Option<Colour>>, Option<&Option<Colour>>)| match pair {
        (None, None) => true,
        (Some(Some(text)), Some(Some(background))) => text.contrast(*background) >= ENHANCED,
        _ => false,
    };
    enough((texts.first(), backgrounds.first())) && enough((texts.last(), backgrounds.last()))
}

/// Returns the colour that a value has with these custom properties, if it is known.
fn colour(value: &str, palette: &Properties) -> Option<Colour> {
    if let Some(inner) = value.strip_prefix("var(").and_then(|rest| rest.strip_suffix(')')) {
        let (name, fallback) = inner.split_once(',').map_or((inner, None), |(name, fallback)| (name, Some(fallback.trim())));
        return match palette.get(name.trim()) {
            Some(set) => colour(set, &Properties::new()),
            None => colour(fallback?, palette),
        };
    }
    match value {
        "white" => Some(WHITE),
        "black" => Some(BLACK),
        _ if value.len() == 4 => {
            Colour::parse(&value.chars().flat_map(|c| [c; 2].into_iter().skip(usize::from(c == '#'))).collect::<String>())
        }
        _ => Colour::parse(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::epub::sample;

    const COMMON: &str = include_str!("../../../layouts/common/epub.css");

    fn of(layout_css: &str) -> Presentation {
        presentation(&sample::edition(), &StyleSheet::new(COMMON.to_owned()), &StyleSheet::new(layout_css.to_owned()))
    }

    #[test]
    fn the_layouts_of_the_tool_let_readers_decide_and_have_contrast() {
        let all = Presentation { adjustable: true, ordered: true, contrast: true };
        for css in [include_str!("../../../layouts/simple/epub.css"), include_str!("../../../layouts/brochure/epub.css")] {
            assert_eq!(of(css), all);
        }
    }

    #[test]
    fn fixed_sizes_and_important_declarations_are_found() {
        for css in [
            "p { font-size: 11pt }",
            "p { line-height: calc(1em + 2PX) }",
            "h1 { color: inherit !important }",
            "p { font: 1vw x }",
        ] {
            assert!(!of(css).adjustable, "{css}");
        }
        for css in ["p { font-size: 1.1em; border: 1px solid }", "p { font-size: 120%; margin: 0 !important }"] {
            assert!(of(css).adjustable, "{css}");
        }
    }

    #[test]
    fn declarations_that_move_content_are_found() {
        let moving = [
            "li { order: 2 }",
            "p, li::before { position: absolute }",
            "p { position: absolute }",
            "ol { flex-direction: row-reverse }",
            "p { grid-column: 2 }",
        ];
        for css in moving {
            assert!(!of(css).ordered, "{css}");
        }
        for css in [
            "li { order: 0 }",
            "li::before { position: absolute }",
            "p { position: absolute; clip-path: inset(50%) }",
            "p { position: relative }",
            "ol { display: grid; grid-template-columns: 1fr 1fr }",
        ] {
            assert!(of(css).ordered, "{css}");
        }
    }

    #[test]
    fn low_and_unknown_contrast_is_found() {
        for css in [
            "p { color: #777; background-color: #FFF }",
            "p { color: #000000 }",
            "p { background: #FFFFFF }",
            "p { color: red; background-color: white }",
            "p { opacity: 0.5 }",
            "@media (prefers-color-scheme: dark) { p { color: #888888; background-color: #000000 } }",
            "p { color: var(--colour-foreground); background-color: var(--nothing) }",
        ] {
            assert!(!of(css).contrast, "{css}");
        }
        for css in
            ["p { color: #333; background-color: #fff }", "p { color: var(--accent-on, #777); background: var(--accent, #777) }"]
        {
            assert!(of(css).contrast, "{css}");
        }
        let mut pale = sample::edition();
        pale.brand.foreground = Colour::screen([0x70; 3]);
        assert!(
            !presentation(&pale, &StyleSheet::new(COMMON.to_owned()), &StyleSheet::new(String::new())).contrast,
            "text of 4.9:1"
        );
    }
}
