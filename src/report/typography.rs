//! The report of the changes of micro-typography.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Sources;
use crate::typography::Change;

/// A change as JSON.
#[derive(JsonSchema, Serialize)]
#[schemars(description = "A change by micro-typography, with a few characters of context.")]
pub struct ChangeRecord<'a> {
    #[schemars(extend("const" = "typography"))]
    reason: &'static str,
    /// Name of the rule.
    rule: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    before: &'a str,
    after: &'a str,
}

/// Writes one line per change, in order of location. Writes a change that several editions share only once.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn typography(out: &mut dyn Write, sources: &Sources, changes: &[Change], json: bool) -> io::Result<()> {
    let mut sorted: Vec<&Change> = changes.iter().collect();
    sorted.sort_by_key(|change| (change.span.is_none(), change.span, change.rule, &change.before, &change.after));
    sorted.dedup();
    for change in sorted {
        let place = change
            .span
            .and_then(|span| Some((sources.get(span.source)?.name.as_str(), sources.position(span.source, span.start)?)));
        let (before, after) = (spaces(&change.before), spaces(&change.after));
        if json {
            let (file, line, column) = (place.map(|p| p.0), place.map(|p| p.1.0), place.map(|p| p.1.1));
            let record = ChangeRecord {
                reason: "typography",
                rule: change.rule,
                file,
                line,
                column,
                before: &change.before,
                after: &change.after,
            };
            serde_json::to_writer(&mut *out, &record)?;
            writeln!(out)?;
            continue;
        }
        match place {
            Some((file, (line, column))) => writeln!(out, "{file}:{line}:{column}: {}: {before} → {after}", change.rule)?,
            None => writeln!(out, "{}: {before} → {after}", change.rule)?,
        }
    }
    Ok(())
}

/// Makes no-break spaces visible: ⍽ for U+00A0, ⎵ for U+202F.
fn spaces(text: &str) -> String {
    super::visible(&text.replace('\u{a0}', "⍽").replace('\u{202f}', "⎵"))
}
