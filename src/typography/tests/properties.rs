//! Properties of the rules for random texts: they are idempotent, keep letters and digits, and take linear time.

use super::markup::{read, set_inlines, show};
use super::*;

/// A deterministic pseudo-random generator.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn text(&mut self) -> String {
        const PARTS: &[&str] = &[
            "mot", "l", "d", "qu", "L", "XXI", "XIX", "e", "er", "1", "2", "12", "000", "2023", "siècle", "mai", "M.", "Dupont",
            "n°", "p.", "min", "%", "h", "m", " ", " ", " ", " ", "  ", "\u{A0}", "\u{202F}", "\u{2009}", "\n", "¶", "'", "'",
            "’", "\"", "\"", "«", "»", "“", "”", "?", "!", ";", ":", ":", ".", "...", ",", "-", "--", "---", "–", "—", "(", ")",
            "/", "@", "x.org", "https://", "www.", "\\", "é", "e\u{301}", "😀", "\u{200D}", "ﬁ", "ß", "中", "\u{202E}", "א", "²",
            "½", "\u{FEFF}", "\t", "…", "V", "&", "=", "C", "D",
        ];
        const MARKUP: &[&str] =
            &["*mot*", "*l'*", "`a ?`", "^e^", "[it's \"a\" ?]{en}", "†l'eau ?‡", "<https://x.org>", "[x ?]{de}"];
        let mut text = String::new();
        for _ in 0..=self.roll(14) {
            if self.roll(8) == 0 {
                text.push_str(MARKUP[self.roll(MARKUP.len())]);
            } else if self.roll(40) == 0 {
                text.extend(char::from_u32(u32::try_from(self.roll(0x11_0000)).unwrap()).filter(|c| !"*^`[]<>†‡{}".contains(*c)));
            } else {
                text.push_str(PARTS[self.roll(PARTS.len())]);
            }
        }
        text
    }
}

fn words(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn skipped_rules_would_change_nothing() {
    let mut dice = Dice(3);
    let mut skipped = 0;
    for _ in 0..20_000 {
        let text = dice.text();
        for rule in LANGUAGES.iter().flat_map(|(_, rules)| *rules) {
            let run = Run::of_text(&text, None);
            if !run.may_apply(rule) {
                skipped += 1;
                assert!(!run.would_change(rule, &Style::default()), "{} in {text:?}", rule.name);
            }
        }
    }
    assert!(skipped > 100_000, "{skipped}");
}

/// Applies the rules twice to every sequence of seven of these characters. Returns those that the second pass changes.
fn unstable(signs: [char; 7]) -> Vec<String> {
    let mut wrong = Vec::new();
    for number in 0..signs.len().pow(7) {
        let text: String = (0..7).map(|place| signs[number / signs.len().pow(place) % signs.len()]).collect();
        for language in ["fr", "en"] {
            let once = set_text(&text, language);
            let twice = set_text(&once, language);
            if once != twice {
                wrong.push(format!("{language} {text:?} gave {:?}, then {:?}", notation(&once), notation(&twice)));
            }
        }
    }
    wrong
}

#[test]
fn rules_are_idempotent_for_short_sequences_of_marks() {
    for signs in [['"', '“', '”', '«', ' ', 'a', '/'], ['\'', '‘', '’', ' ', 's', '4', '%'], ['\'', '"', ' ', 's', '4', '(', '.']]
    {
        let wrong = unstable(signs);
        assert!(wrong.is_empty(), "{} wrong: {}", wrong.len(), wrong.into_iter().take(12).collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn rules_are_idempotent_and_keep_letters_and_digits() {
    let mut dice = Dice(7);
    for _ in 0..20_000 {
        let text = dice.text();
        for language in ["fr", "en"] {
            let once = set_text(&text, language);
            assert_eq!(set_text(&once, language), once, "{language} {text:?}");
            assert_eq!(words(&text), words(&once), "{language} {text:?}");
            let before = read(&text);
            let set = set_inlines(&text, language);
            assert_eq!(words(&plain_text(&before)), words(&plain_text(&set)), "{language} {text:?}");
            let mut again = set.clone();
            super::edition::set_line(&mut again, language);
            assert_eq!(show(&again), show(&set), "{language} {text:?}");
        }
    }
}

#[test]
fn unchanged_runs_keep_their_markup() {
    let mut dice = Dice(11);
    for _ in 0..5_000 {
        let mut inlines = read(&dice.text());
        let before = show(&inlines);
        Run::of_inlines(&inlines, "fr", true).scatter(&mut inlines, "fr");
        assert_eq!(show(&inlines), before);
    }
}

#[test]
fn long_texts_take_linear_time() {
    for unit in ["\"", "'", " ", "« ", " :", "— ", "a@", "://", "1 000 ", "?", ".", "-", "XIXe-", "l'", "www."] {
        let text = unit.repeat(20_000);
        let start = std::time::Instant::now();
        set_text(&text, "fr");
        set_text(&text, "en");
        assert!(start.elapsed().as_secs() < 5, "{unit:?} took {:?}", start.elapsed());
    }
}
