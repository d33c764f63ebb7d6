//! The severity levels that a project sets for codes, and allowances, which suppress a finding at one location and give a reason.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::{is_adjustable, meaning};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Group, Severity, SourceId, Sources, Span, code};
use crate::manifest::{Level, Manifest};
use crate::workspace::Publication;

/// The levels that `[checks]` sets for codes.
#[derive(Clone, Debug, Default)]
pub struct Levels(BTreeMap<Code, Level>);

impl Levels {
    /// Reads a `[checks]` table. Unknown codes and levels that a code cannot have are reported.
    pub fn read<T>(manifest: &Manifest<T>, table: &BTreeMap<String, Spanned<Level>>, found: &mut Diagnostics) -> Self {
        let known = table.iter().filter_map(|(word, level)| {
            let code = adjustable(word, manifest.span(level), *level.get_ref() == Level::Error, found)?;
            Some((code, *level.get_ref()))
        });
        Self(known.collect())
    }

    /// Returns the name of the level of each code, by id.
    pub fn names_by_code(&self) -> BTreeMap<String, String> {
        self.0.iter().map(|(code, level)| (code.to_string(), level.name().to_owned())).collect()
    }

    /// Returns these levels, overridden by those in `other`.
    pub fn overridden_by(&self, other: &Self) -> Self {
        let mut levels = self.0.clone();
        levels.extend(other.0.iter().map(|(code, level)| (*code, *level)));
        Self(levels)
    }
}

/// Returns the code with this id if a project may adjust it, and reports an error otherwise. With `raise`, the new level is
/// `error`, which every code can have.
fn adjustable(word: &str, span: Span, raise: bool, found: &mut Diagnostics) -> Option<Code> {
    let Some(meaning) = meaning(word) else {
        let message = format!("no diagnostic has the code \"{word}\"");
        let unknown = Diagnostic::new(code::UNKNOWN_NAME, message).at(span);
        found.push(unknown.hint("run `reliure explain` to see the codes"));
        return None;
    };
    if !is_adjustable(meaning.code) && !raise {
        let message = format!("{} always stops the build: its level cannot be lowered, and it cannot be allowed", meaning.code);
        found.push(
            Diagnostic::new(code::ALLOW, message)
                .at(span)
                .hint("fix the errors with this code, and remove this level or allowance"),
        );
        return None;
    }
    Some(meaning.code)
}

/// An exemption of one passage from one code.
#[derive(Clone, Debug)]
struct Allowance {
    code: Code,
    reason: String,
    span: Span,
    covers: Span,
}

/// An allowance in the sources that suppressed a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceAllowance {
    /// The code.
    pub code: Code,
    /// The reason that it gives.
    pub reason: String,
    /// Its file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// The findings that it suppresses, each with its place.
    pub findings: Vec<String>,
}

/// A finding that an allowance in the sources suppresses.
#[derive(Clone, Debug)]
pub struct AllowedFinding {
    /// Index of the allowance.
    allowance: usize,
    finding: Diagnostic,
}

/// Whether the checks ran that only some builds run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionalChecks {
    /// The check of external links.
    pub links: bool,
    /// The print checks.
    pub print: bool,
}

/// The allowances in the sources of a publication.
#[derive(Clone, Debug, Default)]
pub struct Allowances(Vec<Allowance>);

impl Allowances {
    /// Reads the allowances in the comments of a publication: Markdown, front matter and TOML.
    pub fn read(entry: &Publication, sources: &Sources, found: &mut Diagnostics) -> Self {
        let mut list = Self::default();
        let series = entry.series.as_ref().map(|(series, _)| series.source);
        for id in std::iter::once(entry.manifest.source).chain(series) {
            if let Some(source) = sources.get(id) {
                list.toml(id, &source.text, 0..source.text.len(), found);
            }
        }
        for section in &entry.sections {
            let id = section.title_span.source;
            let Some(source) = sources.get(id) else { continue };
            list.toml(id, &source.text, 0..section.title_span.start.max(front_matter_end(&source.text)), found);
            for remark in &section.remarks {
                let covers = covered_block(&source.text, remark.span.start..remark.span.end);
                list.add(&remark.text, remark.span, Span::new(id, covers), found);
            }
        }
        list
    }

    /// Reads the allowances in the comments of a TOML text. A comment on its own line covers the following value or table; a
    /// comment after a value covers that line.
    fn toml(&mut self, id: SourceId, text: &str, within: Range<usize>, found: &mut Diagnostics) {
        let mut start = within.start;
        for line in text.get(within.clone()).unwrap_or_default().split_inclusive('\n') {
            let end = start + line.len();
            if let Some(at) = line.find("# allow ") {
                let words = line.get(at + 1..).unwrap_or_default();
                let alone = line.get(..at).is_some_and(|before| before.trim().is_empty());
                let covers = if alone { end..value_end(text, end, within.end) } else { start..end };
                let span = Span::new(id, start + at..start + at + words.trim_end().len() + 1);
                self.add(words, span, Span::new(id, covers), found);
            }
            start = end;
        }
    }

    fn add(&mut self, words: &str, span: Span, covers: Span, found: &mut Diagnostics) {
        let Some(rest) = words.trim().strip_prefix("allow").filter(|rest| rest.starts_with(char::is_whitespace)) else { return };
        let (codes, reason) = rest.split_once(':').unwrap_or((rest, ""));
        let codes: Vec<&str> = codes.split([',', ' ', '\t']).filter(|word| !word.is_empty()).collect();
        let is_code = |word: &&str| word.starts_with(['R', 'r']) && word.bytes().skip(1).all(|b| b.is_ascii_digit());
        // « allow me to explain » is an ordinary comment.
        if !codes.first().is_some_and(is_code) {
            return;
        }
        if reason.trim().is_empty() {
            let bare = Diagnostic::new(code::ALLOW, "this allowance gives no reason").at(span);
            found.push(bare.hint(format!("add the reason: allow {}: …", codes.join(", "))));
            return;
        }
        for word in codes {
            if let Some(code) = adjustable(word, span, false, found) {
                self.0.push(Allowance { code, reason: reason.trim().to_owned(), span, covers });
            }
        }
    }

    /// Returns the allowances that suppressed findings, in order of location.
    pub fn used(&self, used: &[AllowedFinding], sources: &Sources) -> Vec<SourceAllowance> {
        let of = |(number, allowance): (usize, &Allowance)| {
            let Allowance { code, reason, span, .. } = allowance;
            let file = sources.get(span.source)?.name.clone();
            let (line, _) = sources.position(span.source, span.start)?;
            let own = used.iter().filter(|allowed| allowed.allowance == number).map(|allowed| allowed.finding.clone());
            let own: Diagnostics = own.collect();
            let mut findings: Vec<String> = own.sorted().iter().map(|finding| finding.located(sources)).collect();
            // Several editions or products can have the same finding.
            findings.dedup();
            (!findings.is_empty()).then(|| SourceAllowance { code: *code, reason: reason.clone(), file, line, findings })
        };
        let mut list: Vec<SourceAllowance> = self.0.iter().enumerate().filter_map(of).collect();
        list.sort();
        list
    }

    /// Returns a warning for each allowance that suppressed no finding. Skips allowances for codes of checks that did not run.
    pub fn unused(&self, used: &[AllowedFinding], ran: OptionalChecks) -> Diagnostics {
        let checked =
            |code: &Code| (ran.links || !code::LINK_CHECK.contains(code)) && (ran.print || code.group() != Group::Print);
        let unused =
            self.0.iter().enumerate().filter(|(number, allowance)| {
                checked(&allowance.code) && used.iter().all(|allowed| allowed.allowance != *number)
            });
        unused
            .map(|(_, allowance)| {
                let message = format!("this allowance suppresses no finding of {}", allowance.code);
                Diagnostic::new(code::UNUSED_ALLOWANCE, message).at(allowance.span).hint("remove this allowance")
            })
            .collect()
    }
}

/// Returns the byte offset at which the front matter of a section ends; 0 if it has none.
fn front_matter_end(text: &str) -> usize {
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number > 0 && line.trim_end() == "+++" {
            return at;
        }
        at += line.len();
    }
    0
}

/// Returns the end of the value or table that follows a comment. A table ends before the next header; a value ends after its
/// continuation lines.
fn value_end(text: &str, from: usize, end: usize) -> usize {
    let mut at = from;
    let mut first: Option<&str> = None;
    for line in text.get(from..end).unwrap_or_default().split_inclusive('\n') {
        let bare = line.trim();
        let continues = match first {
            None => true,
            Some(head) if head.starts_with('[') => !bare.starts_with('['),
            Some(_) => line.starts_with([' ', '\t', ']', '}', '"', '\'']) && !bare.is_empty(),
        };
        if !continues {
            break;
        }
        if first.is_none() && !bare.is_empty() && !bare.starts_with('#') {
            first = Some(bare);
        }
        at += line.len();
    }
    at
}

/// Returns the block that a comment covers: the one that contains it, otherwise the following one. A blank line ends a block.
fn covered_block(text: &str, comment: Range<usize>) -> Range<usize> {
    let start = text.get(..comment.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let mut at = start;
    let mut written = false;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        if written && line.trim().is_empty() {
            break;
        }
        let inside = at.max(comment.start)..(at + line.len()).min(comment.end);
        let rest = line.len().saturating_sub(inside.len());
        let bare = if inside.is_empty() { line.trim().len() } else { rest.saturating_sub(usize::from(line.ends_with('\n'))) };
        written |= bare > 0;
        at += line.len();
    }
    start..at
}

/// The policy of a project for the findings of one publication.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    /// The levels of codes.
    pub levels: &'a Levels,
    /// The allowances in the sources.
    pub allowances: &'a Allowances,
    /// Codes whose findings become warnings, even with `strict`. Has no effect on codes whose level cannot be lowered.
    pub allowed: &'a [Code],
    /// Whether warnings stop the build.
    pub strict: bool,
}

impl Policy<'_> {
    /// Returns the diagnostics with their levels, without the allowed ones. Adds the allowed ones to `used`.
    pub fn apply(&self, found: Diagnostics, used: &mut Vec<AllowedFinding>) -> Diagnostics {
        found.into_list().into_iter().filter_map(|diagnostic| self.apply_to(diagnostic, used)).collect()
    }

    fn with_strictness(&self, diagnostic: Diagnostic) -> Diagnostic {
        match (self.allowed.contains(&diagnostic.code), self.strict) {
            (true, _) if is_adjustable(diagnostic.code) => diagnostic.with_severity(Severity::Warning),
            (false, true) => diagnostic.with_severity(Severity::Error),
            _ => diagnostic,
        }
    }

    fn apply_to(&self, diagnostic: Diagnostic, used: &mut Vec<AllowedFinding>) -> Option<Diagnostic> {
        if !is_adjustable(diagnostic.code) {
            return Some(self.with_strictness(diagnostic));
        }
        let covers = |allowance: &Allowance, span: Span| {
            let around = allowance.covers;
            allowance.code == diagnostic.code && around.source == span.source && (around.start..around.end).contains(&span.start)
        };
        let allowed = |(_, allowance): &(usize, &Allowance)| diagnostic.span.is_some_and(|span| covers(allowance, span));
        if let Some((allowance, _)) = self.allowances.0.iter().enumerate().find(allowed) {
            used.push(AllowedFinding { allowance, finding: diagnostic });
            return None;
        }
        let diagnostic = match self.levels.0.get(&diagnostic.code) {
            Some(Level::Off) => return None,
            Some(Level::Warning) => diagnostic.with_severity(Severity::Warning),
            Some(Level::Error) => diagnostic.with_severity(Severity::Error),
            None => diagnostic,
        };
        Some(self.with_strictness(diagnostic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_cover_the_next_or_the_containing_block() {
        let text = "One.\n\n<!-- allow R604: so -->\n\n[here](x)\nmore\n\nAnother.\n";
        let start = text.find("<!--").unwrap();
        let covered = &text[covered_block(text, start..start + "<!-- allow R604: so -->".len())];
        assert!(covered.contains("[here](x)\nmore") && !covered.contains("Another"), "{covered:?}");
        let text = "A [here](x) <!-- allow R604: so --> and\nmore\n\nAnother.\n";
        let start = text.find("<!--").unwrap();
        assert_eq!(&text[covered_block(text, start..start + 23)], "A [here](x) <!-- allow R604: so --> and\nmore\n");
    }

    #[test]
    fn toml_comments_cover_a_value_or_a_table() {
        let text = "a = 1\nb = [\n  2,\n]\nc = 3\n";
        assert_eq!(&text[6..value_end(text, 6, text.len())], "b = [\n  2,\n]\n");
        let text = "[[a]]\nx = 1\n\ny = 2\n\n[b]\nz = 3\n";
        assert_eq!(&text[..value_end(text, 0, text.len())], "[[a]]\nx = 1\n\ny = 2\n\n");
    }

    #[test]
    fn allowances_need_a_code_and_a_reason() {
        let mut sources = Sources::default();
        let id = sources.add("a", "x");
        let span = Span::new(id, 0..1);
        let read = |words: &str| {
            let (mut list, mut found) = (Allowances::default(), Diagnostics::default());
            list.add(words, span, span, &mut found);
            (list.0.len(), found.sorted().len())
        };
        assert_eq!(read(" allow R604, R608: quoted literally "), (2, 0));
        assert_eq!(read("allow R604"), (0, 1));
        assert_eq!(read("allow R604: "), (0, 1));
        assert_eq!(read("allow R999: because"), (0, 1));
        assert_eq!(read("allow R301: because"), (0, 1), "errors of stages cannot be allowed");
        assert_eq!(read("allow me to explain: this"), (0, 0));
        assert_eq!(read("allowed R604: this"), (0, 0));
    }
}
