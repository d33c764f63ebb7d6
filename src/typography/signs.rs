//! Rules that languages share: ellipses, dashes, and pairs of straight quotation marks.

use super::run::{Edits, RunText, is_word};

/// Replaces exactly three dots with an ellipsis.
pub fn ellipsis(line: &RunText<'_>, edits: &mut Edits) {
    each_group(line, '.', |at, count| {
        let (before, after) = (line.before(at), line.at(at + count));
        let path = matches!(before, '/' | '\\') || matches!(after, '/' | '\\');
        let range = before.is_ascii_digit() && after.is_ascii_digit();
        if count == 3 && !path && !range {
            edits.replace(at..at + count, '…');
        }
    });
}

/// Replaces two hyphens with an en dash and three with an em dash, except in options (`--help`) and arrows.
pub fn dashes(line: &RunText<'_>, edits: &mut Edits) {
    each_group(line, '-', |at, count| {
        let (before, after) = (line.before(at), line.at(at + count));
        let drawn = |c: char| matches!(c, '<' | '>' | '|' | '+' | '=' | '!' | '*' | '_' | '~');
        let option = count == 2 && !is_word(before) && is_word(after);
        if drawn(before) || drawn(after) || option {
            return;
        }
        match count {
            2 => edits.replace(at..at + count, '–'),
            3 => edits.replace(at..at + count, '—'),
            _ => {}
        }
    });
}

fn each_group(line: &RunText<'_>, sign: char, mut visit: impl FnMut(usize, usize)) {
    let mut at = 0;
    while at < line.len() {
        if line.at(at) != sign {
            at += 1;
            continue;
        }
        let count = line.repeats(at);
        visit(at, count);
        at += count;
    }
}

/// A pair of straight quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Index of the opening mark.
    pub open: usize,
    /// Index of the closing mark.
    pub close: usize,
    /// Number of quotations that contain the pair.
    pub depth: usize,
}

/// Maximum number of consecutive straight marks: two end a nested quotation, but `"""` is code.
const MAX_CONSECUTIVE: usize = 2;

/// Finds the pairs of straight double quotation marks, in order of the opening mark. Skips inch marks, unpaired marks and
/// sequences longer than [`MAX_CONSECUTIVE`].
pub fn pairs(line: &RunText<'_>) -> Vec<Pair> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut found: Vec<Pair> = Vec::new();
    let mut typed = 0usize;
    // End of a sequence that is too long.
    let mut row = 0;
    for at in 0..line.len() {
        if at >= row && line.at(at) == '"' && line.repeats(at) > MAX_CONSECUTIVE {
            row = at + line.repeats(at);
        }
        match line.at(at) {
            _ if at < row => {}
            '«' | '“' => typed += 1,
            '»' | '”' => typed = typed.saturating_sub(1),
            '"' if line.free(at) => {
                let (before, after) = (line.before(at), line.at(at + 1));
                let opens = starts(before) && !after.is_whitespace();
                let closes = ends(after) && !before.is_whitespace();
                if closes && (!opens || !open.is_empty()) {
                    if let Some((start, depth)) = open.pop().filter(|(start, _)| start + 1 < at) {
                        found.push(Pair { open: start, close: at, depth });
                    }
                } else if opens {
                    open.push((at, typed));
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|pair| pair.open);
    let mut around: Vec<usize> = Vec::new();
    for pair in &mut found {
        while around.last().is_some_and(|close| *close < pair.open) {
            around.pop();
        }
        pair.depth += around.len();
        around.push(pair.close);
    }
    found
}

fn starts(before: char) -> bool {
    before.is_whitespace() || "([{«“‘'’\"-–—/".contains(before)
}

fn ends(after: char) -> bool {
    // A straight single mark may open or close. ‘ is included so that the rules give the same result when applied again.
    after.is_whitespace() || ".,;:!?)]}»”’‘'\"…-–—/".contains(after)
}

/// Replaces pairs of straight quotation marks: with `marks[0]` on the first level, with `marks[1]` on the others.
pub fn quotes(line: &RunText<'_>, marks: [[char; 2]; 2], edits: &mut Edits) {
    let mut signs: Vec<(usize, char)> = Vec::new();
    for pair in pairs(line) {
        let [open, close] = marks[pair.depth.min(1)];
        signs.extend([(pair.open, open), (pair.close, close)]);
    }
    signs.sort_unstable();
    for (at, sign) in signs {
        edits.replace(at..at + 1, sign);
    }
}
