//! Words that stay together: a plain space between them becomes a no-break space.

use std::ops::Range;

use super::run::{END, Edits, Line, NARROW, NO_BREAK, OBJECT};

/// Spaces that may become one no-break space, and what stands on their two sides.
#[derive(Debug)]
pub struct Gap {
    /// The spaces.
    spaces: Range<usize>,
    /// The word before, from its last opening sign or apostrophe.
    pub before: String,
    /// The word after, without the punctuation that follows it.
    pub after: String,
    /// The word before that one.
    pub earlier: String,
}

/// Longest word that any rule knows, with room.
const LONGEST: usize = 24;

/// Makes a no-break space of each space that `keeps` wants.
pub fn bind(line: &Line<'_>, edits: &mut Edits, keeps: impl Fn(&Gap) -> bool) {
    for gap in line.gaps().iter().filter(|gap| keeps(gap)) {
        edits.bind(line, gap.spaces.clone(), NO_BREAK);
    }
}

impl Gap {
    /// Lists the gaps of a line. A line knows them, so that they are looked for once for many rules.
    pub fn all(line: &Line<'_>) -> Vec<Self> {
        let mut gaps = Vec::new();
        let mut at = 0;
        while at < line.len() {
            if !line.space(at) {
                at += 1;
                continue;
            }
            let end = line.spaces_after(at);
            let changes = end - at > 1 || line.plain(at);
            if changes && at > 0 && end < line.len() {
                gaps.push(Self::around(line, at..end));
            }
            at = end;
        }
        gaps
    }

    fn around(line: &Line<'_>, spaces: Range<usize>) -> Self {
        let (before, from) = word_before(line, spaces.start);
        let earlier = line.spaces_before(from);
        let stops = |c: &char| c.is_whitespace() || matches!(c, ';' | ':' | '!' | '?' | '»' | '”' | '…' | '–' | '—');
        let far = line.len().min(spaces.end + LONGEST);
        let mut after: String = (spaces.end..far).map(|at| line.at(at)).take_while(|c| !stops(c)).collect();
        after.truncate(after.trim_end_matches(['.', ',', ')', ']', '"', '’', '\'']).len());
        let earlier = if earlier < from { word_before(line, earlier).0 } else { String::new() };
        Self { spaces, before, after, earlier }
    }
}

/// Gives the word that ends at `end`, and where it starts.
fn word_before(line: &Line<'_>, end: usize) -> (String, usize) {
    let cuts = |c: char| {
        c.is_whitespace() || matches!(c, '(' | '[' | '{' | '«' | '“' | '‘' | '"' | '\'' | '’' | '–' | '—') || c == OBJECT
    };
    let start = (end.saturating_sub(LONGEST)..end).rev().take_while(|at| !cuts(line.at(*at))).last().unwrap_or(end);
    // A longer word is no word of ours.
    let cut = start > 0 && !cuts(line.before(start));
    (if cut { String::new() } else { (start..end).map(|at| line.at(at)).collect() }, start)
}

/// Tells whether a word is a quantity: `12`, `0,62`, `−5`, `½`.
pub fn is_number(word: &str) -> bool {
    let bare = word.trim_start_matches(['+', '-', '−', '±', '~', '≈', '<', '>', '=', '≤', '≥', '×']);
    bare.starts_with(char::is_numeric)
        && bare.ends_with(char::is_numeric)
        && bare.chars().all(|c| c.is_numeric() || ",.-–/×:".contains(c))
}

/// Symbols of units, and of what is counted like them.
const UNITS: &[&str] = &[
    "km", "m", "dm", "cm", "mm", "µm", "μm", "nm", "m²", "m2", "m³", "m3", "km²", "km2", "cm²", "cm2", "cm³", "cm3", "mm²", "ha",
    "kg", "g", "mg", "µg", "t", "l", "L", "hl", "hL", "dl", "dL", "cl", "cL", "ml", "mL", "h", "min", "mn", "s", "ms", "µs",
    "ns", "°C", "°F", "°", "K", "Pa", "hPa", "kPa", "MPa", "bar", "mbar", "Hz", "kHz", "MHz", "GHz", "W", "kW", "MW", "GW", "Wh",
    "kWh", "MWh", "GWh", "TWh", "V", "kV", "mV", "A", "mA", "J", "kJ", "MJ", "cal", "kcal", "N", "mol", "dB", "lx", "lm", "Ω",
    "o", "ko", "Mo", "Go", "To", "kB", "MB", "GB", "TB", "bit", "bits", "px", "pt", "dpi", "km/h", "m/s", "m/s²", "g/l", "g/L",
    "mg/l", "mg/L", "t/ha", "€", "$", "£", "¥", "CHF", "k€", "M€", "Md€", "%", "‰", "m³/s", "m3/s", "kW/h", "pp", "ppm",
];

/// Tells whether a number stands before the symbol of a unit, or minutes after hours: « 19 h 30 min ».
pub fn is_quantity(gap: &Gap) -> bool {
    if is_number(&gap.before) {
        return UNITS.contains(&gap.after.as_str());
    }
    let minutes = matches!(gap.after.len(), 1 | 2) && gap.after.bytes().all(|b| b.is_ascii_digit());
    gap.before == "h" && is_number(&gap.earlier) && minutes
}

/// Tells whether a word starts with a digit or is a number in Roman capitals.
pub fn is_reference(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        || word.len() < 9 && !word.is_empty() && word.chars().all(|c| "IVXLC".contains(c))
}

/// Tells whether a word is a number in Roman capitals up to 39, in its one right form.
pub fn is_roman(word: &str) -> bool {
    let units = word.trim_start_matches('X');
    word.len() - units.len() <= 3
        && !word.is_empty()
        && matches!(units, "" | "I" | "II" | "III" | "IV" | "V" | "VI" | "VII" | "VIII" | "IX")
}

/// Tells whether a word is a day of a month.
pub fn is_day(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()) && word.parse().is_ok_and(|day: u8| (1..=31).contains(&day))
}

/// Groups of three digits that a space separates: the space becomes narrow and no-break. Digits are never grouped here.
pub fn digit_groups(line: &Line<'_>, edits: &mut Edits) {
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
        let grouped = at - first <= 3 && line.at(first) != '0' && (before.is_whitespace() || before == END || !wordlike(before));
        let mut gaps = Vec::new();
        while grouped && line.space(at) && (1..=3).all(|offset| digit(at + offset)) && !digit(at + 4) {
            gaps.push(at);
            at += 4;
        }
        // « 3 500e » is an ordinal; « 3 500b » is some code.
        if !line.at(at).is_alphabetic() || gaps.len() > 1 || is_suffix(line, at) {
            gaps.into_iter().filter(|gap| line.plain(*gap)).for_each(|gap| edits.replace(gap..gap + 1, NARROW));
        }
    }
}

fn is_suffix(line: &Line<'_>, at: usize) -> bool {
    line.at(at) == 'e' && !line.at(at + 1).is_alphanumeric()
}

fn wordlike(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ',' | '.' | '-' | '/' | '_' | '#')
}
