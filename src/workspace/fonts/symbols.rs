//! The families of symbols and emoji that come with the tool, as fallbacks after the families of a brand.

use icu_properties::CodePointSetDataBorrowed;
use icu_properties::props::EmojiPresentation;

/// The family of emoji. It has one colour, so it prints like text.
const EMOJI: &str = "Noto Emoji";

/// The families, in order of preference for a character that is shown as text. Their licence reserves no font names.
pub const SYMBOL_FAMILIES: [&str; 4] = ["Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Math", EMOJI];

/// Returns whether a character is shown as an emoji unless U+FE0E follows it (UTS #51 §2, `Emoji_Presentation`).
fn is_shown_as_emoji(c: char) -> bool {
    const SHOWN: CodePointSetDataBorrowed<'static> = CodePointSetDataBorrowed::new::<EmojiPresentation>();
    SHOWN.contains(c)
}

/// Returns the family that shows a character, if one of them has it. `next` is the character after it: U+FE0F asks for an emoji, U+FE0E
/// for text. `has` returns whether a family has a character.
pub fn symbol_family(c: char, next: Option<char>, has: impl Fn(&str, char) -> bool) -> Option<&'static str> {
    let as_emoji = match next {
        Some('\u{FE0F}') => true,
        Some('\u{FE0E}') => false,
        _ => is_shown_as_emoji(c),
    };
    let first = as_emoji.then_some(EMOJI);
    first.into_iter().chain(SYMBOL_FAMILIES).find(|family| has(family, c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variation_selectors_choose_between_text_and_emoji() {
        let all = |_: &str, _: char| true;
        for (c, next, family) in [
            ('\u{263A}', None, "Noto Sans Symbols"),
            ('\u{263A}', Some('\u{FE0F}'), EMOJI),
            ('\u{263A}', Some('!'), "Noto Sans Symbols"),
            ('\u{231A}', None, EMOJI),
            ('\u{231A}', Some('\u{FE0E}'), "Noto Sans Symbols"),
        ] {
            assert_eq!(symbol_family(c, next, all), Some(family), "{c:?} {next:?}");
        }
        assert_eq!(symbol_family('\u{231A}', None, |family, _| family == "Noto Sans Math"), Some("Noto Sans Math"));
        assert_eq!(symbol_family('x', None, |_, _| false), None);
    }
}
