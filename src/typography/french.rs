//! Rules for French.

use super::bind::{Gap, bind, digit_groups, is_day, is_quantity, is_reference, is_roman};
use super::run::{Edits, NARROW, NO_BREAK, RunText, is_letter, is_word};
use super::{HOUSE, IMPRIMERIE_NATIONALE, Rule, Style, signs};
use crate::characters::ends_sentence;

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
        source: IMPRIMERIE_NATIONALE,
        explanation: "A pair of straight quotation marks becomes « »; inside another quotation it becomes “ ” (house).",
        names: false,
        triggers: "\"",
        apply: |line, _, edits| signs::quotes(line, [['«', '»'], ['“', '”']], edits),
    },
    Rule {
        name: "quotation-spaces",
        source: IMPRIMERIE_NATIONALE,
        explanation: "A no-break space is set after « and before ».",
        names: false,
        triggers: "«»",
        apply: quotation_spaces,
    },
    Rule {
        name: "apostrophe",
        source: HOUSE,
        explanation: "The straight apostrophe becomes ’ between letters and after an elision; after a digit it is not changed.",
        names: true,
        triggers: "'",
        apply: apostrophe,
    },
    Rule {
        name: "ordinal",
        source: IMPRIMERIE_NATIONALE,
        explanation: "The ending of 1er, 1re, 2e, 2nd and XXIe is a superscript.",
        names: false,
        triggers: "0IVX",
        apply: ordinal,
    },
    Rule {
        name: "digit-groups",
        source: IMPRIMERIE_NATIONALE,
        explanation: "The space that separates groups of three digits is narrow and does not break; ungrouped digits stay ungrouped.",
        names: false,
        triggers: "0",
        apply: |line, _, edits| digit_groups(line, edits),
    },
    Rule {
        name: "quantity",
        source: IMPRIMERIE_NATIONALE,
        explanation: "A number and the symbol of its unit are kept together: 5 min, 30 %, 3 €, 19 h 30.",
        names: false,
        triggers: "0",
        apply: |line, _, edits| bind(line, edits, |gap| is_quantity(gap) || is_large(gap)),
    },
    Rule {
        name: "reference",
        source: IMPRIMERIE_NATIONALE,
        explanation: "An abbreviation and its number are kept together: n° 2, p. 12, t. II, art. 5, § 3.",
        names: false,
        triggers: "0IVXLC",
        apply: |line, _, edits| bind(line, edits, is_cited),
    },
    Rule {
        name: "title",
        source: IMPRIMERIE_NATIONALE,
        explanation: "An abbreviated title and the name are kept together: M. Dupont, Mme Le Garrec, Dr Roux.",
        names: true,
        triggers: "MDP",
        apply: |line, _, edits| bind(line, edits, is_titled),
    },
    Rule {
        name: "date",
        source: IMPRIMERIE_NATIONALE,
        explanation: "The day and the month are kept together: 21 mars, 1er mai. So are av. or apr. and J.-C.",
        names: false,
        triggers: "0J",
        apply: |line, _, edits| bind(line, edits, is_date),
    },
    Rule {
        name: "roman-number",
        source: IMPRIMERIE_NATIONALE,
        explanation: "A number in Roman capitals and its noun are kept together: XXIe siècle, Louis XIV, François Ier.",
        names: true,
        triggers: "0IVX",
        apply: |line, _, edits| bind(line, edits, is_counted),
    },
    Rule {
        name: "dash-spaces",
        source: HOUSE,
        explanation: "A pair of dashes is kept with the words between them, and the dash of a dialogue with its first word.",
        names: false,
        triggers: "–—",
        apply: dash_spaces,
    },
    Rule {
        name: "high-punctuation",
        source: IMPRIMERIE_NATIONALE,
        explanation: "A narrow no-break space is set before ; ! and ?",
        names: false,
        triggers: ";!?",
        apply: high_punctuation,
    },
    Rule {
        name: "colon",
        source: IMPRIMERIE_NATIONALE,
        explanation: "A no-break space is set before the colon, but not in times, ratios and addresses.",
        names: false,
        triggers: ":",
        apply: colon,
    },
];

fn quotation_spaces(line: &RunText<'_>, style: &Style, edits: &mut Edits) {
    let space = style.guillemet_space;
    for at in 0..line.len() {
        if line.is(at, '«') {
            let end = line.spaces_after(at + 1);
            // Nothing follows, or the pair is empty: the text mentions the marks themselves.
            if line.at(end).is_whitespace() || line.at(end) == '»' && end == at + 1 {
                continue;
            }
            match end - (at + 1) {
                0 => edits.insert_after(at, space),
                _ => edits.bind(line, at + 1..end, space),
            }
        } else if line.is(at, '»') {
            let start = line.spaces_before(at);
            let before = line.before(start);
            if before.is_whitespace() || before == '«' {
                continue;
            }
            match at - start {
                0 => edits.insert_before(at, space),
                _ => edits.bind(line, start..at, space),
            }
        }
    }
}

const ELISIONS: [&str; 14] = ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"];

fn apostrophe(line: &RunText<'_>, _: &Style, edits: &mut Edits) {
    for at in (0..line.len()).filter(|at| line.is(*at, '\'')) {
        let after = line.at(at + 1);
        let before = line.before(at);
        if is_letter(before)
            && (is_word(after) || "«“\"(['’".contains(after) && elides(line, at) || line.space(at + 1) && elides(line, at))
        {
            edits.replace(at..at + 1, '’');
        }
    }
}

/// Returns whether an elided word ends at an index and does not follow a single quotation mark.
fn elides(line: &RunText<'_>, end: usize) -> bool {
    let start = (end.saturating_sub(8)..end).rev().take_while(|at| is_letter(line.at(*at))).last().unwrap_or(end);
    let word: String = (start..end).flat_map(|at| line.at(at).to_lowercase()).collect();
    !matches!(line.before(start), '\'' | '‘' | '’') && ELISIONS.contains(&word.as_str())
}

/// Returns the range of the ending of an ordinal that starts at an index.
fn ordinal_at(line: &RunText<'_>, at: usize) -> Option<(usize, usize)> {
    if !matches!(line.at(at), '0'..='9' | 'I' | 'V' | 'X') {
        return None;
    }
    let letters = |start: usize| (start..line.len().min(start + 9)).take_while(|at| line.at(*at).is_alphanumeric()).count();
    let length = letters(at);
    let word: String = (at..at + length).map(|at| line.at(at)).collect();
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        // The last group of « 10 000e » is not a separate number.
        let number = &word[..digits];
        let grouped = digits == 3 && at > 1 && line.space(at - 1) && line.at(at - 2).is_ascii_digit();
        let right = match &word[digits..] {
            "er" | "re" | "ers" | "res" => number == "1" && !grouped,
            "nd" | "nde" | "nds" | "ndes" | "de" => number == "2" && !grouped,
            "e" | "es" => grouped || number != "1" && !number.starts_with('0') && digits < 5,
            _ => false,
        };
        return right.then_some((at + digits, at + length));
    }
    if word == "Ier" {
        return Some((at + 1, at + length));
    }
    let roman = word.strip_suffix('e')?;
    // A single capital can also be a name, an article or a symbol.
    let counts = roman.len() > 1 || matches!(roman, "V" | "X") && counted_noun(line, at + length);
    (is_roman(roman) && counts).then_some((at + roman.len(), at + length))
}

const NOUNS: [&str; 10] = [
    "siècle",
    "siècles",
    "millénaire",
    "millénaires",
    "arrondissement",
    "république",
    "dynastie",
    "congrès",
    "régiment",
    "division",
];

fn counted_noun(line: &RunText<'_>, at: usize) -> bool {
    let start = line.spaces_after(at);
    let word: String = (start..line.len().min(start + 16)).map(|at| line.at(at)).take_while(|c| c.is_alphabetic()).collect();
    start > at && NOUNS.contains(&word.to_lowercase().as_str())
}

fn ordinal(line: &RunText<'_>, _: &Style, edits: &mut Edits) {
    if !line.inline {
        return;
    }
    // End of the preceding ordinal. A hyphen may precede an ordinal only after another one: « XIXe-XXe ».
    let mut last = usize::MAX;
    for at in 0..line.len() {
        let before = line.before(at);
        let joins = |c: char| matches!(c, '-' | '/');
        let starts = !before.is_alphanumeric() && !matches!(before, '.' | ',' | '_' | '#' | '@' | '\\' | '+');
        if !starts || joins(before) && (at < 2 || last != at - 1) {
            continue;
        }
        let Some((ending, end)) = ordinal_at(line, at) else { continue };
        let after = line.at(end);
        let continues = match after {
            // « 2e-3 » is a number.
            '-' | '/' => end - ending == 1 && line.at(end + 1).is_alphanumeric() && ordinal_at(line, end + 1).is_none(),
            '.' => line.at(end + 1).is_alphanumeric(),
            '_' | '@' | '\\' | '+' => true,
            _ => false,
        };
        if continues {
            continue;
        }
        last = end;
        if line.together(ending..end) && (ending..end).all(|at| line.free(at) && !line.shifted(at)) {
            edits.raise(ending..end);
        }
    }
}

fn is_large(gap: &Gap<'_>) -> bool {
    super::bind::is_number(gap.before) && matches!(gap.after, "million" | "millions" | "milliard" | "milliards")
}

fn is_cited(gap: &Gap<'_>) -> bool {
    const ABBREVIATIONS: [&str; 19] = [
        "n°", "nº", "n°s", "nºs", "p.", "pp.", "t.", "vol.", "art.", "§", "§§", "chap.", "ch.", "fig.", "tabl.", "pl.", "col.",
        "al.", "sect.",
    ];
    is_reference(gap.after) && ABBREVIATIONS.contains(&gap.before.to_lowercase().as_str())
}

fn is_titled(gap: &Gap<'_>) -> bool {
    const TITLES: [&str; 11] = ["M.", "MM.", "Mme", "Mmes", "Mlle", "Mlles", "Dr", "Drs", "Pr", "Prs", "Mgr"];
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let elided = |word: &str| ["d’", "d'"].iter().any(|particle| word.strip_prefix(particle).is_some_and(capital));
    let particle = |word: &str| PARTICLES.contains(&word);
    // « M. de Brume »: the particle stays with both words.
    TITLES.contains(&gap.before) && (capital(gap.after) || elided(gap.after) || particle(gap.after))
        || TITLES.contains(&gap.earlier) && particle(gap.before) && capital(gap.after)
}

/// Words between a title and a name.
const PARTICLES: [&str; 12] = ["de", "du", "des", "la", "le", "van", "von", "der", "di", "da", "dos", "el"];

fn is_date(gap: &Gap<'_>) -> bool {
    const MONTHS: [&str; 12] =
        ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
    let day = gap.before == "1er" || is_day(gap.before);
    day && MONTHS.contains(&gap.after.to_lowercase().as_str())
        || matches!(gap.before, "av." | "apr.") && gap.after.starts_with("J.-C")
}

fn is_counted(gap: &Gap<'_>) -> bool {
    let century = matches!(gap.after, "siècle" | "siècles" | "millénaire" | "millénaires" | "s");
    let king = gap.after == "Ier" || gap.after.len() > 1 && is_roman(gap.after);
    century && is_numbered(gap.before) || king && is_name(gap.before)
}

/// Returns whether a word ends in an ordinal: « XXIe », « IXe-Xe ».
fn is_numbered(word: &str) -> bool {
    let last = word.rsplit(['-', '/']).next().unwrap_or_default();
    let number = last.strip_suffix('e').or_else(|| last.strip_suffix("er")).filter(|number| !number.is_empty());
    number.is_some_and(|number| is_roman(number) || number.bytes().all(|b| b.is_ascii_digit()))
}

fn is_name(word: &str) -> bool {
    let named = |part: &str| part.starts_with(char::is_uppercase) && part.chars().count() > 1 && part.chars().all(is_letter);
    // The parts of a compound name: « Jean-Paul ».
    word.split(['-', '‑']).all(named)
}

fn dash_spaces(line: &RunText<'_>, _: &Style, edits: &mut Edits) {
    let mut bound: Vec<std::ops::Range<usize>> = Vec::new();
    let mut pending: Option<(usize, char)> = None;
    // The last character that is not a space.
    let mut last = super::run::END;
    for at in 0..line.len() {
        let c = line.at(at);
        if c == super::run::END {
            (pending, last) = (None, c);
            continue;
        }
        if c.is_whitespace() {
            continue;
        }
        if ends_sentence(last) && line.before(at).is_whitespace() && c.is_uppercase() {
            pending = None;
        }
        let before = std::mem::replace(&mut last, c);
        if !matches!(c, '–' | '—') || !line.free(at) {
            continue;
        }
        let next = line.spaces_after(at + 1);
        let spaced = next > at + 1 && next < line.len();
        if before == super::run::END || ends_sentence(before) && line.space(at.wrapping_sub(1)) {
            // This dash introduces direct speech.
            pending = None;
            if spaced {
                bound.push(at + 1..next);
            }
        } else if at > 0 && line.space(at - 1) && !(before.is_ascii_digit() && line.at(next).is_ascii_digit()) {
            match pending.take() {
                Some((open, sign)) if sign == c && (next > at + 1 || ",;:.)!?…".contains(line.at(at + 1))) => {
                    bound.push(open + 1..line.spaces_after(open + 1));
                    bound.push(line.spaces_before(at)..at);
                }
                _ => pending = spaced.then_some((at, c)),
            }
        }
    }
    for range in bound {
        edits.bind(line, range, NO_BREAK);
    }
}

fn high_punctuation(line: &RunText<'_>, _: &Style, edits: &mut Edits) {
    let mark = |c: char| matches!(c, ';' | '!' | '?');
    for at in (0..line.len()).filter(|at| mark(line.at(*at)) && line.free(*at)) {
        let c = line.at(at);
        let before = line.before(at);
        // Only the first mark of a group gets a space. Combinations such as « :! » are not prose.
        if mark(before) || before == ':' || c == ';' && is_emoticon(line, at) {
            continue;
        }
        let mut end = at + 1;
        while mark(line.at(end)) {
            end += 1;
        }
        let after = line.at(end);
        if before.is_whitespace() {
            if after != '=' && !after.is_ascii_digit() {
                fix_space_before(line, at, NARROW, edits);
            }
        } else if closes(after) && follows(line, at, c != '!') && !(c == ';' && is_entity(line, at)) {
            edits.insert_before(at, NARROW);
        }
    }
}

fn colon(line: &RunText<'_>, _: &Style, edits: &mut Edits) {
    for at in (0..line.len()).filter(|at| line.is(*at, ':')) {
        let (before, after) = (line.before(at), line.at(at + 1));
        let stops = after.is_whitespace() || "«“\"'‘([…»”)]".contains(after);
        if !stops || before == ':' || is_emoticon(line, at) {
            continue;
        }
        if before.is_whitespace() {
            fix_space_before(line, at, NO_BREAK, edits);
        } else if (follows(line, at, true) || ends_email(line, at)) && !is_drive(line, at) {
            edits.insert_before(at, NO_BREAK);
        }
    }
}

/// Replaces the spaces before a mark with one no-break space, if a word precedes them.
fn fix_space_before(line: &RunText<'_>, at: usize, space: char, edits: &mut Edits) {
    let start = line.spaces_before(at);
    let before = line.before(start);
    if start < at && !before.is_whitespace() && before != '«' {
        edits.bind(line, start..at, space);
    }
}

/// Returns whether a mark at an index follows a word, so that a space can be inserted. `digits` is whether a digit counts as a
/// word.
fn follows(line: &RunText<'_>, at: usize, digits: bool) -> bool {
    let before = line.before(at);
    let address = at > 0 && line.address(at - 1);
    !address && (is_letter(before) || digits && before.is_numeric() || matches!(before, '»' | '”' | ')' | ']' | '…' | '%' | '€'))
}

fn closes(after: char) -> bool {
    after.is_whitespace() || ")]}»”\"'’…,.".contains(after)
}

/// Returns whether a colon or semicolon starts an emoticon: `:-)`, `;)`, `:D`.
fn is_emoticon(line: &RunText<'_>, at: usize) -> bool {
    let nose = usize::from(matches!(line.at(at + 1), '-' | '\'' | '’'));
    match line.at(at + 1 + nose) {
        ')' | '(' | '/' | '|' | '*' => true,
        'D' | 'P' | 'p' | 'O' | 'o' => !is_word(line.at(at + 2 + nose)),
        _ => false,
    }
}

/// Returns whether a semicolon ends a character reference such as `&nbsp;`.
fn is_entity(line: &RunText<'_>, at: usize) -> bool {
    let start =
        (at.saturating_sub(10)..at).rev().take_while(|at| line.at(*at).is_ascii_alphanumeric() || line.at(*at) == '#').last();
    start.is_some_and(|start| line.before(start) == '&')
}

/// Returns whether an e-mail address ends before an index.
fn ends_email(line: &RunText<'_>, at: usize) -> bool {
    (0..at).rev().take_while(|at| line.address(*at)).any(|at| line.at(at) == '@')
}

/// Returns whether a colon follows a single capital, as in the drive `C:`, but not in « Chapitre I: ».
fn is_drive(line: &RunText<'_>, at: usize) -> bool {
    line.before(at).is_ascii_uppercase() && !is_word(line.before(at - 1)) && !is_numbered_part(line, at - 1)
}

/// Returns whether the word before an index names a numbered part, such as « Chapitre » or « Annexe ».
fn is_numbered_part(line: &RunText<'_>, at: usize) -> bool {
    const PARTS: [&str; 26] = [
        "acte",
        "annexe",
        "article",
        "catégorie",
        "chapitre",
        "classe",
        "encadré",
        "étape",
        "figure",
        "groupe",
        "lettre",
        "livre",
        "niveau",
        "option",
        "partie",
        "phase",
        "planche",
        "plan",
        "point",
        "question",
        "scène",
        "section",
        "tableau",
        "titre",
        "tome",
        "volume",
    ];
    let end = line.spaces_before(at);
    let start = (end.saturating_sub(10)..end).rev().take_while(|at| is_letter(line.at(*at))).last().unwrap_or(end);
    let word: String = (start..end).flat_map(|at| line.at(at).to_lowercase()).collect();
    end < at && PARTS.contains(&word.as_str())
}
