//! The rules of style sheets that choose a font.
//!
//! `simplecss` matches selectors. A selector that it does not support makes a rule uncertain. The settings of an uncertain rule
//! are added to those of other rules, so a face can be embedded unnecessarily, but never omitted wrongly.

use simplecss::Selector;

use crate::css::{Declaration, StyleRule};
use crate::resolve::Fonts;

/// A list of font families of the brand, or a font of the reading system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stack {
    /// Running text.
    Base,
    /// Titles.
    Headings,
    /// Labels, tables and boxes.
    Interface,
    /// Code.
    Monospace,
    /// A font of the reading system.
    Generic,
}

impl Stack {
    /// The lists, with the names of their custom properties.
    const NAMED: [(&'static str, Self); 4] = [
        ("--font-base", Self::Base),
        ("--font-headings", Self::Headings),
        ("--font-interface", Self::Interface),
        ("--font-monospace", Self::Monospace),
    ];

    /// Returns the families of the list.
    pub fn families(self, fonts: &Fonts) -> &[String] {
        match self {
            Self::Base => &fonts.base,
            Self::Headings => &fonts.headings,
            Self::Interface => &fonts.interface,
            Self::Monospace => &fonts.monospace,
            Self::Generic => &[],
        }
    }

    fn of(value: &str) -> Self {
        Self::NAMED.into_iter().find(|(name, _)| value.contains(name)).map_or(Self::Generic, |(_, stack)| stack)
    }
}

/// A weight that a rule sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// 1 to 1000.
    Number(u16),
    /// Bolder than the parent.
    Bolder,
    /// Lighter than the parent.
    Lighter,
}

/// The settings of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FontSetting {
    /// The families.
    pub stack: Option<Stack>,
    /// The weight.
    pub weight: Option<Weight>,
    /// Whether the style is italic.
    pub italic: Option<bool>,
}

/// A rule that chooses a font.
pub struct FontRule<'a> {
    /// Selector of its elements; `None` if it may apply to any element.
    pub selector: Option<Selector<'a>>,
    /// Tag or class of these elements.
    pub key: Option<&'a str>,
    /// Whether the rule may apply to only some of the elements that the selector matches.
    pub uncertain: bool,
    /// Whether it applies to generated text, which is text even in an empty element.
    pub generated: bool,
    /// Its settings.
    pub setting: FontSetting,
}

/// Reads the rules of style sheets that choose a font, in the order in which they apply. Returns `None` if a sheet chooses fonts
/// in a way that cannot be read: all faces are then needed.
pub fn rules<'a>(sheets: &[&'a [StyleRule]]) -> Option<Vec<FontRule<'a>>> {
    let mut found = Vec::new();
    for written in sheets.iter().copied().flatten() {
        rule(written, &mut found)?;
    }
    found.sort_by_key(|rule: &FontRule<'_>| rule.selector.as_ref().map_or([u8::MAX; 3], Selector::specificity));
    Some(found)
}

fn rule<'a>(written: &'a StyleRule, found: &mut Vec<FontRule<'a>>) -> Option<()> {
    let (setting, important) = setting(written)?;
    let nested = written.condition.is_some();
    if setting == FontSetting::default() {
        return Some(());
    }
    for written in split_list(&written.selectors) {
        let written = written.trim();
        let known = Selector::parse(written).filter(|_| is_known(written));
        let uncertain = nested || important || known.is_none();
        let base = written.find([':', '[', '~']).and_then(|at| written.get(..at)).unwrap_or(written);
        // The part before the first unsupported token may select an ancestor. The rule may then apply to any element.
        let whole = written.get(base.len()..).is_some_and(|rest| !rest.contains([' ', '>', '+', '~']));
        let selector = known.or_else(|| Selector::parse(base.trim()).filter(|_| whole && !base.trim().is_empty()));
        let key = selector.as_ref().and_then(|_| key(base));
        let generated = written.contains("before") || written.contains("after") || written.contains("marker");
        found.push(FontRule { selector, key, uncertain, generated, setting });
    }
    Some(())
}

/// Returns whether a selector has only parts whose matches are certain.
fn is_known(selector: &str) -> bool {
    !selector.replace(":first-child", "").contains([':', '[', '~', '\\'])
}

/// Returns the tag or the class of the last part of a selector.
fn key(selector: &str) -> Option<&str> {
    let last = selector.rsplit([' ', '>', '+']).find(|part| !part.is_empty())?;
    let mut names = last.split('.');
    let tag = names.next().filter(|tag| !tag.is_empty() && !tag.contains(['*', '#']));
    names.next().and_then(|class| class.split('#').next()).filter(|class| !class.is_empty()).or(tag)
}

/// Splits a list of selectors at its commas, except those in parentheses.
fn split_list(list: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    list.split(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
    .collect()
}

/// Reads the declarations of a rule, and whether one of them is important. Returns `None` if a declaration cannot be read.
fn setting(rule: &StyleRule) -> Option<(FontSetting, bool)> {
    let mut setting = FontSetting::default();
    let mut any_important = false;
    for Declaration { name, value, important } in &rule.declarations {
        match (name.as_str(), value.as_str()) {
            ("font-family" | "font-weight" | "font-style", "inherit" | "unset") => {}
            ("font-family", value) => setting.stack = Some(Stack::of(value)),
            ("font-weight", value) => setting.weight = Some(weight(value)?),
            ("font-style", value) => setting.italic = Some(italic(value)?),
            // The shorthand and other values of the custom properties are not supported.
            ("font", "inherit") => {}
            ("font", _) => return None,
            (name, _) if Stack::NAMED.iter().any(|(custom, _)| *custom == name) => return None,
            _ => continue,
        }
        any_important |= *important;
    }
    Some((setting, any_important))
}

fn weight(value: &str) -> Option<Weight> {
    Some(match value {
        "normal" | "initial" => Weight::Number(400),
        "bold" => Weight::Number(700),
        "bolder" => Weight::Bolder,
        "lighter" => Weight::Lighter,
        number => Weight::Number(number.parse().ok()?),
    })
}

fn italic(value: &str) -> Option<bool> {
    match value {
        "normal" | "initial" => Some(false),
        "italic" => Some(true),
        value => value.starts_with("oblique").then_some(true),
    }
}
