//! Finds formulae between dollar signs, which the rules must not change.

use std::ops::Range;

/// The delimiter of formulae.
pub const SIGN: char = '$';

/// Finds formulae: `$…$` and `$$…$$`. As in Pandoc, there is no space after the first dollar or before the last, and no digit
/// after the last: « 5 $ et 10 $ » are amounts of money.
pub fn find(chars: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = (at..chars.len()).find(|at| chars[*at] == SIGN) {
        let marks = if chars.get(open + 1) == Some(&SIGN) { 2 } else { 1 };
        match close(chars, open + marks, marks) {
            Some(end) => {
                found.push(open..end);
                at = end;
            }
            None => at = open + marks,
        }
    }
    found
}

/// Returns the end of a formula that starts at `from`.
fn close(chars: &[char], from: usize, marks: usize) -> Option<usize> {
    let opens = chars.get(from).is_some_and(|c| marks == 2 || !c.is_whitespace() && *c != '$');
    let last = chars.len().checked_sub(marks)?;
    let fits = |at: &usize| {
        let closes = chars[*at..*at + marks].iter().all(|c| *c == '$') && chars[*at - 1] != '\\';
        closes && (marks == 2 || !chars[*at - 1].is_whitespace() && !chars.get(at + 1).is_some_and(char::is_ascii_digit))
    };
    if !opens {
        return None;
    }
    // A formula does not continue on another line.
    let end = (from..chars.len()).find(|at| matches!(chars[*at], '\n' | super::run::OBJECT)).unwrap_or(chars.len());
    (from + 1..=last.min(end.saturating_sub(marks))).find(fits).map(|at| at + marks)
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn distinguishes_formulae_from_money() {
        let found = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            find(&chars).into_iter().map(|range| chars[range].iter().collect::<String>()).collect::<Vec<_>>()
        };
        assert_eq!(found("soit $a ; b$ puis $$x : y$$."), ["$a ; b$", "$$x : y$$"]);
        for money in ["5 $ et 10 $ ; non", "$5 et $10", "un $ seul", "$ x $", "$", "$$", "$$$"] {
            assert!(found(money).is_empty(), "{money}");
        }
    }
}
