//! The font faces that the documents of an EPUB use.
//!
//! The style sheets are applied to the documents, which gives the possible families, weights and styles of each element with text
//! ([`rules`]). Faces that no text can use are not embedded.

mod rules;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use roxmltree::{Document, Node, ParsingOptions};
use simplecss::{AttributeOperator, Element, PseudoClass};

use self::rules::{FontRule, FontSetting, Stack, Weight};
use super::EmbeddedFont;
use crate::css::{StyleSheet, declarations};
use crate::resolve::Fonts;

/// A family, weight and style of a text.
type FaceStyle = (Stack, u16, bool);

/// Returns whether each font is a face that a document may show. `sheets` are the style sheets in their order, `brand` are the
/// font families of the brand.
pub fn shown(fonts: &[EmbeddedFont<'_>], documents: &[&str], sheets: &[&StyleSheet], brand: &Fonts) -> Vec<bool> {
    let Some(sheets) = sheets.iter().map(|sheet| sheet.rules()).collect::<Option<Vec<_>>>() else {
        return vec![true; fonts.len()];
    };
    let Some(rules) = rules::rules(&sheets) else { return vec![true; fonts.len()] };
    let cascade = Cascade::new(&rules);
    let styles: Option<Vec<BTreeSet<FaceStyle>>> = documents.par_iter().map(|document| cascade.styles(document)).collect();
    let Some(styles) = styles else { return vec![true; fonts.len()] };
    let mut shown = vec![false; fonts.len()];
    for (stack, weight, italic) in styles.into_iter().flatten().collect::<BTreeSet<FaceStyle>>() {
        for family in stack.families(brand) {
            if let Some(face) = matching(fonts, family, weight, italic).and_then(|face| shown.get_mut(face)) {
                *face = true;
            }
        }
    }
    shown
}

/// Returns the face of a family that a reading system chooses (CSS Fonts Level 4 §5.2): by style, then by weight.
fn matching(fonts: &[EmbeddedFont<'_>], family: &str, weight: u16, italic: bool) -> Option<usize> {
    let own = fonts.iter().enumerate().filter(|(_, font)| font.family == family);
    // Below 400, lighter weights are preferred to bolder ones; from 400 to 500, bolder weights up to 500, then lighter ones;
    // above 500, bolder weights.
    let distance = |font: &EmbeddedFont<'_>| {
        let preferred = match weight {
            400..=500 => (weight..=500).contains(&font.weight) || font.weight < weight,
            _ if weight < 400 => font.weight <= weight,
            _ => font.weight >= weight,
        };
        let up_to_500 = (400..=500).contains(&weight) && (weight..=500).contains(&font.weight);
        (!preferred, (400..=500).contains(&weight) && !up_to_500, font.weight.abs_diff(weight))
    };
    own.min_by_key(|(_, font)| (font.italic != italic, distance(font))).map(|(at, _)| at)
}

/// The possible fonts of an element.
#[derive(Clone)]
struct Possible {
    stacks: BTreeSet<Stack>,
    weights: BTreeSet<u16>,
    italics: BTreeSet<bool>,
}

impl Possible {
    fn apply(&mut self, setting: &FontSetting, parent: &BTreeSet<u16>, uncertain: bool) {
        fn set<T: Ord>(old: &mut BTreeSet<T>, new: BTreeSet<T>, uncertain: bool) {
            if !uncertain {
                old.clear();
            }
            old.extend(new);
        }
        if let Some(stack) = setting.stack {
            set(&mut self.stacks, [stack].into(), uncertain);
        }
        if let Some(italic) = setting.italic {
            set(&mut self.italics, [italic].into(), uncertain);
        }
        // CSS Fonts Level 4 §2.2.1.
        let relative = |bolder: fn(u16) -> u16| parent.iter().map(|weight| bolder(*weight)).collect();
        if let Some(weight) = setting.weight {
            let weights = match weight {
                Weight::Number(number) => [number].into(),
                Weight::Bolder => relative(|weight| {
                    if weight < 350 {
                        400
                    } else if weight < 550 {
                        700
                    } else {
                        900
                    }
                }),
                Weight::Lighter => relative(|weight| {
                    if weight < 550 {
                        100
                    } else if weight < 750 {
                        400
                    } else {
                        700
                    }
                }),
            };
            set(&mut self.weights, weights, uncertain);
        }
    }

    fn styles(&self) -> impl Iterator<Item = FaceStyle> {
        let pairs = self.stacks.iter().flat_map(|stack| self.weights.iter().map(move |weight| (*stack, *weight)));
        pairs.flat_map(|(stack, weight)| self.italics.iter().map(move |italic| (stack, weight, *italic)))
    }
}

/// The rules, by the tag or class of the elements that they apply to.
struct Cascade<'a> {
    rules: &'a [FontRule<'a>],
    by_key: BTreeMap<&'a str, Vec<usize>>,
    /// Rules for any element.
    general: Vec<usize>,
}

impl<'a> Cascade<'a> {
    fn new(rules: &'a [FontRule<'a>]) -> Self {
        let (mut by_key, mut general) = (BTreeMap::<&str, Vec<usize>>::new(), Vec::new());
        for (at, rule) in rules.iter().enumerate() {
            match rule.key {
                Some(key) => by_key.entry(key).or_default().push(at),
                None => general.push(at),
            }
        }
        Self { rules, by_key, general }
    }

    /// Returns the styles of the text of a document; `None` if it cannot be read or sets a font itself.
    fn styles(&self, document: &str) -> Option<BTreeSet<FaceStyle>> {
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        let document = Document::parse_with_options(document, options).ok()?;
        let root = document.root_element();
        let initial = Possible { stacks: [Stack::Generic].into(), weights: [400].into(), italics: [false].into() };
        let mut found = BTreeSet::new();
        let root_style = self.element(root, initial, &mut found)?;
        for child in root.children().filter(|child| child.has_tag_name("body")) {
            self.tree(child, &root_style, &mut found)?;
        }
        Some(found)
    }

    fn tree(&self, node: Node<'_, '_>, parent: &Possible, found: &mut BTreeSet<FaceStyle>) -> Option<()> {
        let own = self.element(node, parent.clone(), found)?;
        let has_text = |child: Node<'_, '_>| child.is_text() && child.text().is_some_and(|text| !text.trim().is_empty());
        // A list item has a number or a bullet.
        if node.has_tag_name("li") || node.children().any(has_text) {
            found.extend(own.styles());
        }
        for child in node.children().filter(Node::is_element) {
            self.tree(child, &own, found)?;
        }
        Some(())
    }

    /// Returns the possible fonts of an element. Adds the fonts of text that is generated before or after it to `found`.
    fn element(&self, node: Node<'_, '_>, inherited: Possible, found: &mut BTreeSet<FaceStyle>) -> Option<Possible> {
        let sets_font = |style: &str| declarations(style).iter().any(|declaration| declaration.name.contains("font"));
        if node.attribute("style").is_some_and(sets_font) {
            return None;
        }
        let parent = inherited.weights.clone();
        let mut own = inherited;
        own.apply(&usual(node.tag_name().name()), &parent, false);
        let classes = node.attribute("class").unwrap_or_default().split_ascii_whitespace();
        let keys = std::iter::once(node.tag_name().name()).chain(classes);
        let mut candidates: Vec<usize> = keys.filter_map(|key| self.by_key.get(key)).flatten().copied().collect();
        candidates.extend(&self.general);
        candidates.sort_unstable();
        candidates.dedup();
        let mut generated = Vec::new();
        for rule in candidates.into_iter().filter_map(|at| self.rules.get(at)) {
            if rule.selector.as_ref().is_some_and(|selector| !selector.matches(&XhtmlElement(node))) {
                continue;
            }
            if rule.generated { generated.push(rule) } else { own.apply(&rule.setting, &parent, rule.uncertain) }
        }
        for rule in generated {
            let mut text = own.clone();
            text.apply(&rule.setting, &own.weights, true);
            found.extend(text.styles());
        }
        Some(own)
    }
}

/// Returns the default style of an element in reading systems (HTML §15.3).
fn usual(tag: &str) -> FontSetting {
    match tag {
        "b" | "strong" => FontSetting { weight: Some(Weight::Bolder), ..FontSetting::default() },
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "th" => {
            FontSetting { weight: Some(Weight::Number(700)), ..FontSetting::default() }
        }
        "em" | "i" | "cite" | "var" | "dfn" | "address" => FontSetting { italic: Some(true), ..FontSetting::default() },
        "code" | "kbd" | "samp" | "pre" | "tt" => FontSetting { stack: Some(Stack::Generic), ..FontSetting::default() },
        _ => FontSetting::default(),
    }
}

/// An element of a document, for selector matching.
struct XhtmlElement<'a, 'input>(Node<'a, 'input>);

impl Element for XhtmlElement<'_, '_> {
    fn parent_element(&self) -> Option<Self> {
        self.0.parent_element().map(Self)
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.0.prev_sibling_element().map(Self)
    }

    fn has_local_name(&self, name: &str) -> bool {
        self.0.tag_name().name() == name
    }

    fn attribute_matches(&self, name: &str, operator: AttributeOperator<'_>) -> bool {
        self.0.attribute(name).is_some_and(|value| operator.matches(value))
    }

    fn pseudo_class_matches(&self, class: PseudoClass<'_>) -> bool {
        class == PseudoClass::FirstChild && self.prev_sibling_element().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILIES: [(&str, u16, bool); 9] = [
        ("Base", 400, false),
        ("Base", 400, true),
        ("Base", 700, false),
        ("Base", 700, true),
        ("Heads", 400, true),
        ("Heads", 700, false),
        ("Label", 400, false),
        ("Label", 700, false),
        ("Code", 400, false),
    ];

    /// Returns the faces that a body shows with these style sheets.
    fn faces(body: &str, sheets: &[&str]) -> Vec<String> {
        let font = |(family, weight, italic)| EmbeddedFont {
            family,
            weight,
            italic,
            name: "x.otf",
            media_type: "font/otf",
            bytes: b"",
            coverage: None,
            fallback: false,
        };
        let fonts: Vec<EmbeddedFont<'_>> = FAMILIES.into_iter().map(font).collect();
        let of = |name: &str| vec![name.to_owned()];
        let brand = Fonts { base: of("Base"), headings: of("Heads"), interface: of("Label"), monospace: of("Code") };
        let document = format!(
            "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>T</title></head><body>{body}</body></html>"
        );
        let sheets: Vec<StyleSheet> = sheets.iter().map(|sheet| StyleSheet::new((*sheet).to_owned())).collect();
        let shown = shown(&fonts, &[&document], &sheets.iter().collect::<Vec<_>>(), &brand);
        let named = |font: &EmbeddedFont<'_>| format!("{} {}{}", font.family, font.weight, if font.italic { "i" } else { "" });
        fonts.iter().zip(shown).filter(|(_, shown)| *shown).map(|(font, _)| named(font)).collect()
    }

    const SHEET: &str = "/* body { font-family: var(--font-monospace) } */
        body { font-family: serif; font-family: var(--font-base, serif); }
        h1, h2 { font-family: var(--font-headings) }
        .lead { font-style: italic }
        blockquote { font-style: italic } blockquote em { font-style: normal }
        code { font-family: var(--font-monospace) }
        .box > .title { font-family: var(--font-interface); font-weight: 600 }";

    #[test]
    fn elements_have_the_faces_that_their_rules_choose() {
        for (body, expected) in [
            ("<p>a</p>", &["Base 400"][..]),
            ("<p> </p><div/>", &[]),
            ("<p>a <em>b</em></p>", &["Base 400", "Base 400i"]),
            ("<p>a <strong>b <em>c</em></strong></p>", &["Base 400", "Base 700", "Base 700i"]),
            ("<h1>a</h1>", &["Heads 700"]),
            ("<h1>a <em>b</em></h1>", &["Heads 400i", "Heads 700"]),
            ("<blockquote><p>a</p></blockquote>", &["Base 400i"]),
            ("<blockquote><p><em>a</em></p></blockquote>", &["Base 400"]),
            ("<p><code>a</code></p>", &["Code 400"]),
            ("<div class=\"box\"><p class=\"x title\">a</p></div>", &["Label 700"]),
            ("<div class=\"box\"><div><p class=\"title\">a</p></div></div>", &["Base 400"]),
            ("<table><tr><th>a</th></tr></table>", &["Base 700"]),
            ("<ol><li><p class=\"lead\">a</p></li></ol>", &["Base 400", "Base 400i"]),
        ] {
            assert_eq!(faces(body, &[SHEET]), expected, "{body}");
        }
    }

    #[test]
    fn later_and_more_specific_rules_win() {
        assert_eq!(faces("<p class=\"a\">a</p>", &[SHEET, "p.a { font-weight: 700 } .a { font-weight: 400 }"]), ["Base 700"]);
        assert_eq!(faces("<p class=\"a\">a</p>", &[SHEET, ".a { font-weight: 700 }", ".a { font-weight: 400 }"]), ["Base 400"]);
    }

    #[test]
    fn uncertain_rules_add_faces() {
        for sheet in [
            "p:nth-child(2n) { font-style: italic }",
            "@media (min-width: 30em) { p { font-style: italic } }",
            "p:not(.a, .b) { font-style: italic }",
            "h1 ~ p { font-style: italic }",
            "p { font-style: italic !important }",
            "[class^=\"x\"] { font-style: italic }",
            "p::before { content: \"x\"; font-style: italic }",
        ] {
            assert_eq!(faces("<p>a</p>", &[SHEET, sheet]), ["Base 400", "Base 400i"], "{sheet}");
        }
        assert_eq!(faces("<p>a</p>", &[SHEET, "h1:hover { font-style: italic }"]), ["Base 400"]);
    }

    #[test]
    fn sheets_that_cannot_be_read_need_all_faces() {
        for sheet in ["p { font: 12px var(--font-base) }", "p { font-weight: var(--weight) }", ":root { --font-base: x }", "p {"]
        {
            assert_eq!(faces("<p>a</p>", &[SHEET, sheet]).len(), FAMILIES.len(), "{sheet}");
        }
        assert_eq!(faces("<p style=\"font-weight: 700\">a</p>", &[SHEET]).len(), FAMILIES.len());
    }
}
