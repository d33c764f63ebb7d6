//! Keeps words together: replaces the space between them with a no-break space.

use std::ops::Range;

use super::run::{END, Edits, NARROW, NO_BREAK, OBJECT, RunText};

/// Spaces that a rule may replace with one no-break space, with the words on both sides.
#[derive(Debug)]
pub struct Gap<'a> {
    /// The word before, after its last opening mark or apostrophe.
    pub before: &'a str,
    /// The word after, without the punctuation that follows it.
    pub after: &'a str,
    /// The word before `before`.
    pub earlier: &'a str,
}

/// The gaps of a line that are next to a digit or a capital; no rule keeps two lower-case words together. They are computed once
/// per line, for all rules.
#[derive(Debug, Default)]
pub struct Gaps {
    /// The words of all gaps, concatenated.
    text: String,
    found: Vec<GapRanges>,
}

/// The position of a gap in the line, and of its words in [`Gaps::text`].
#[derive(Debug)]
struct GapRanges {
    spaces: Range<usize>,
    before: Range<usize>,
    after: Range<usize>,
    earlier: Range<usize>,
}

/// Upper bound for the length of the words in the rules.
const MAX_WORD: usize = 24;

/// Replaces the spaces of each gap for which `keeps` returns true with a no-break space.
pub fn bind(line: &RunText<'_>, edits: &mut Edits, keeps: impl Fn(&Gap<'_>) -> bool) {
    let gaps = line.gaps();
    let word = |range: &Range<usize>| gaps.text.get(range.clone()).unwrap_or_default();
    for place in &gaps.found {
        let gap = Gap { before: word(&place.before), after: word(&place.after), earlier: word(&place.earlier) };
        if keeps(&gap) {
            edits.bind(line, place.spaces.clone(), NO_BREAK);
        }
    }
}

impl Gaps {
    /// Lists the gaps of a line.
    pub fn of(line: &RunText<'_>) -> Self {
        let mut gaps = Self::default();
        let (mut at, mut word) = (0, 0);
        while at < line.len() {
            if !line.space(at) {
                at += 1;
                word = if separates(line.before(at)) { at } else { word };
                continue;
            }
            let end = line.spaces_after(at);
            let changes = end - at > 1 || line.plain(at);
            if changes && at > 0 && end < line.len() {
                gaps.add(line, word, at..end);
            }
            (at, word) = (end, end);
        }
        gaps
    }

    /// Adds a gap whose preceding word starts at `from`.
    fn add(&mut self, line: &RunText<'_>, from: usize, spaces: Range<usize>) {
        // Longer words cannot match a rule.
        let before = if spaces.start - from > MAX_WORD { 0..0 } else { from..spaces.start };
        let marked = |at: usize| line.at(at).is_numeric() || line.at(at).is_uppercase();
        if !marked(spaces.end) && !marked(before.start) && !line.before(spaces.start).is_numeric() {
            return;
        }
        let start = line.spaces_before(from);
        let earlier = if start < from { word_before(line, start) } else { 0..0 };
        let stops = |c: char| c.is_whitespace() || matches!(c, ';' | ':' | '!' | '?' | '»' | '”' | '…' | '–' | '—');
        let far = line.len().min(spaces.end + MAX_WORD);
        let mut end = (spaces.end..far).find(|at| stops(line.at(*at))).unwrap_or(far);
        while end > spaces.end && matches!(line.before(end), '.' | ',' | ')' | ']' | '"' | '’' | '\'') {
            end -= 1;
        }
        let [before, after, earlier] = [before, spaces.end..end, earlier].map(|word| {
            let start = self.text.len();
            self.text.extend(word.map(|at| line.at(at)));
            start..self.text.len()
        });
        self.found.push(GapRanges { spaces, before, after, earlier });
    }
}

/// Returns the word that ends at `end`.
fn word_before(line: &RunText<'_>, end: usize) -> Range<usize> {
    let start = (end.saturating_sub(MAX_WORD)..end).rev().take_while(|at| !separates(line.at(*at))).last().unwrap_or(end);
    // Longer words cannot match a rule.
    let cut = start > 0 && !separates(line.before(start));
    if cut { 0..0 } else { start..end }
}

/// Returns whether a word starts after this character.
fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | '[' | '{' | '«' | '“' | '‘' | '"' | '\'' | '’' | '–' | '—') || c == OBJECT
}

/// Returns whether a word is a quantity: `12`, `0,62`, `−5`, `½`.
pub fn is_number(word: &str) -> bool {
    let bare = word.trim_start_matches(['+', '-', '−', '±', '~', '≈', '<', '>', '=', '≤', '≥', '×']);
    bare.starts_with(char::is_numeric)
        && bare.ends_with(char::is_numeric)
        && bare.chars().all(|c| c.is_numeric() || ",.-–/×:".contains(c))
}

/// Symbols of units, and words that follow numbers like units.
const UNITS: &[&str] = &[
    "km", "m", "dm", "cm", "mm", "µm", "μm", "nm", "m²", "m2", "m³", "m3", "km²", "km2", "cm²", "cm2", "cm³", "cm3", "mm²", "ha",
    "kg", "g", "mg", "µg", "t", "l", "L", "hl", "hL", "dl", "dL", "cl", "cL", "ml", "mL", "h", "min", "mn", "s", "ms", "µs",
    "ns", "°C", "°F", "°", "K", "Pa", "hPa", "kPa", "MPa", "bar", "mbar", "Hz", "kHz", "MHz", "GHz", "W", "kW", "MW", "GW", "Wh",
    "kWh", "MWh", "GWh", "TWh", "V", "kV", "mV", "A", "mA", "J", "kJ", "MJ", "cal", "kcal", "N", "mol", "dB", "lx", "lm", "Ω",
    "o", "ko", "Mo", "Go", "To", "kB", "MB", "GB", "TB", "bit", "bits", "px", "pt", "dpi", "km/h", "m/s", "m/s²", "g/l", "g/L",
    "mg/l", "mg/L", "t/ha", "€", "$", "£", "¥", "CHF", "k€", "M€", "Md€", "%", "‰", "m³/s", "m3/s", "kW/h", "pp", "ppm",
];

/// Returns whether a word is the symbol of a unit or of a quotient of units: `km`, `€/kg`.
fn is_unit(word: &str) -> bool {
    UNITS.contains(&word) || word.split_once('/').is_some_and(|(unit, per)| UNITS.contains(&unit) && UNITS.contains(&per))
}

/// Returns whether a number precedes the symbol of a unit, or minutes follow hours: « 19 h 30 min ».
pub fn is_quantity(gap: &Gap<'_>) -> bool {
    if is_number(gap.before) {
        return is_unit(gap.after);
    }
    let minutes = matches!(gap.after.len(), 1 | 2) && gap.after.bytes().all(|b| b.is_ascii_digit());
    gap.before == "h" && is_number(gap.earlier) && minutes
}

/// Returns whether a word starts with a digit or is a number in Roman capitals.
pub fn is_reference(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        || word.len() < 9 && !word.is_empty() && word.chars().all(|c| "IVXLC".contains(c))
}

/// Returns whether a word is a number in Roman capitals up to 39, in its canonical form.
pub fn is_roman(word: &str) -> bool {
    let units = word.trim_start_matches('X');
    word.len() - units.len() <= 3
        && !word.is_empty()
        && matches!(units, "" | "I" | "II" | "III" | "IV" | "V" | "VI" | "VII" | "VIII" | "IX")
}

/// Returns whether a word is a day of a month.
pub fn is_day(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()) && word.parse().is_ok_and(|day: u8| (1..=31).contains(&day))
}

/// Replaces the spaces between groups of three digits with narrow no-break spaces. Digits without spaces are not grouped.
pub fn digit_groups(line: &RunText<'_>, edits: &mut Edits) {
    let digit = |at: usize| line.at(at).is_ascii_digit();
    let mut at = 0;
    while at < line.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let first = at;
        while digit(at) {
            at += 1;
        }
        let before = line.before(first);
        let grouped =
            at - first <= 3 && line.at(first) != '0' && (before.is_whitespace() || before == END || !continues_word(before));
        let mut gaps = Vec::new();
        while grouped && line.space(at) && (1..=3).all(|offset| digit(at + offset)) && !digit(at + 4) {
            gaps.push(at);
            at += 4;
        }
        // « 3 500e » is an ordinal; « 3 500b » is an identifier.
        if !line.at(at).is_alphabetic() || gaps.len() > 1 || is_suffix(line, at) {
            gaps.into_iter().filter(|gap| line.plain(*gap)).for_each(|gap| edits.replace(gap..gap + 1, NARROW));
        }
    }
}

fn is_suffix(line: &RunText<'_>, at: usize) -> bool {
    line.at(at) == 'e' && !line.at(at + 1).is_alphanumeric()
}

fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ',' | '.' | '-' | '/' | '_' | '#')
}
