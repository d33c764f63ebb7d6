//! Rules for English.

use super::bind::{Gap, bind, is_day, is_quantity, is_reference};
use super::run::{Edits, RunText, is_letter, is_word};
use super::{HOUSE, Rule, Style, signs};

/// The rules, in the order in which they apply.
pub const RULES: &[Rule] = &[
    Rule {
        name: "ellipsis",
        source: HOUSE,
        explanation: "Three dots become the character …",
        names: false,
        triggers: ".",
        apply: |line, _, edits| signs::ellipsis(line, edits),
    },
    Rule {
        name: "dash",
        source: HOUSE,
        explanation: "Two hyphens become –, three become —.",
        names: false,
        triggers: "-",
        apply: |line, _, edits| signs::dashes(line, edits),
    },
    Rule {
        name: "quotation-marks",
        source: HOUSE,
        explanation: "A pair of straight double quotation marks becomes “ ”.",
        names: false,
        triggers: "\"",
        apply: |line, _, edits| signs::quotes(line, [['“', '”'], ['“', '”']], edits),
    },
    Rule {
        name: "apostrophe",
        source: HOUSE,
        explanation: "The straight apostrophe becomes ’, also before a year: ’07; a pair of straight single quotation marks becomes ‘ ’; after a digit it is not changed.",
        names: true,
        triggers: "'",
        apply: apostrophe,
    },
    Rule {
        name: "punctuation",
        source: HOUSE,
        explanation: "The space before , . ; : ! and ? is removed, except in ratios (3 : 1) and between spaced dots (. . .).",
        names: false,
        triggers: ",.;:!?",
        apply: punctuation,
    },
    Rule {
        name: "quantity",
        source: HOUSE,
        explanation: "A number and the symbol of its unit are kept together: 5 min, 12 km.",
        names: false,
        triggers: "0",
        apply: |line, _, edits| bind(line, edits, is_quantity),
    },
    Rule {
        name: "reference",
        source: HOUSE,
        explanation: "An abbreviation and its number are kept together: p. 12, vol. 3, no. 2, § 3.",
        names: false,
        triggers: "0IVXLC",
        apply: |line, _, edits| bind(line, edits, is_cited),
    },
    Rule {
        name: "title",
        source: HOUSE,
        explanation: "An abbreviated title and the name are kept together: Mr Toad, Dr. Jekyll.",
        names: true,
        triggers: "MDP",
        apply: |line, _, edits| bind(line, edits, is_titled),
    },
    Rule {
        name: "date",
        source: HOUSE,
        explanation: "The day and the month are kept together: 17 May, May 17.",
        names: false,
        triggers: "0",
        apply: |line, _, edits| bind(line, edits, is_date),
    },
];

/// Words that start with an apostrophe.
const CLIPPED: [&str; 27] = [
    "tis", "tisn", "twas", "twasn", "twere", "twill", "twould", "em", "til", "cause", "cos", "coz", "cuz", "n", "round", "bout",
    "gainst", "neath", "twixt", "tween", "mongst", "mid", "cept", "nuff", "fraid", "kay", "tude",
];

fn apostrophe(line: &RunText<'_>, _: &Style, edits: &mut Edits) {
    let mut signs: Vec<(usize, char)> = Vec::new();
    let mut open: Option<usize> = None;
    for at in 0..line.len() {
        if line.at(at) == '‘' {
            // A nested quotation starts here, so the straight mark before it does not open a pair.
            open = None;
        }
        if !line.is(at, '\'') {
            continue;
        }
        let (before, after) = (line.before(at), line.at(at + 1));
        let possessive = after == 's' && !is_word(line.at(at + 2)) && matches!(before, '"' | '”' | '\'' | '’' | ')' | ']');
        if is_letter(before) && is_word(after) || before.is_ascii_digit() && after == 's' || possessive {
            signs.push((at, '’'));
        } else if starts(before) && is_word(after) {
            if is_clipped(line, at + 1) {
                signs.push((at, '’'));
            } else {
                open = Some(at);
            }
        } else if !before.is_whitespace() && !before.is_ascii_digit() && !is_word(after) {
            match open.take() {
                Some(start) => signs.extend([(start, '‘'), (at, '’')]),
                // Possessive of a plural: « the dogs’ bowl ».
                None if is_letter(before) => signs.push((at, '’')),
                None => {}
            }
        }
    }
    signs.sort_unstable();
    for (at, sign) in signs {
        edits.replace(at..at + 1, sign);
    }
}

fn starts(before: char) -> bool {
    before.is_whitespace() || "([{“\"-–—/".contains(before)
}

fn is_clipped(line: &RunText<'_>, start: usize) -> bool {
    let word: String = (start..line.len().min(start + 8)).map(|at| line.at(at)).take_while(|c| c.is_alphanumeric()).collect();
    let year = word.strip_suffix('s').unwrap_or(&word);
    let is_year = year.len() == 2 && year.bytes().all(|b| b.is_ascii_digit());
    is_year || CLIPPED.contains(&word.to_lowercase().as_str())
}

fn is_cited(gap: &Gap<'_>) -> bool {
    const ABBREVIATIONS: [&str; 14] =
        ["p.", "pp.", "vol.", "vols.", "no.", "nos.", "fig.", "figs.", "ch.", "chap.", "art.", "sect.", "§", "§§"];
    is_reference(gap.after) && ABBREVIATIONS.contains(&gap.before.to_lowercase().as_str())
}

fn is_titled(gap: &Gap<'_>) -> bool {
    const TITLES: [&str; 6] = ["Mr", "Mrs", "Ms", "Dr", "Prof", "Messrs"];
    let bare = gap.before.strip_suffix('.').unwrap_or(gap.before);
    TITLES.contains(&bare) && gap.after.starts_with(char::is_uppercase)
}

fn is_date(gap: &Gap<'_>) -> bool {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = |word: &str| MONTHS.contains(&word);
    is_day(gap.before) && month(gap.after) || is_day(gap.after) && month(gap.before)
}

fn punctuation(line: &RunText<'_>, _: &Style, edits: &mut Edits) {
    for at in 0..line.len() {
        if !matches!(line.at(at), ',' | '.' | ';' | ':' | '!' | '?') || !line.plain(at.wrapping_sub(1)) {
            continue;
        }
        let start = line.spaces_before(at);
        let before = line.before(start);
        let after = line.at(at + 1);
        let next = line.at(line.spaces_after(at + 1));
        let ratio = line.at(at) == ':' && before.is_ascii_digit() && next.is_ascii_digit();
        let dots = line.at(at) == '.' && (before == '.' || next == '.');
        if ratio || dots {
            continue;
        }
        let prose = is_word(before) || matches!(before, '”' | '’' | ')' | ']');
        if prose
            && (after.is_whitespace() || matches!(after, '”' | '’' | '"') || matches!(after, '!' | '?') && line.at(at) != ':')
        {
            edits.delete(start..at);
        }
    }
}
