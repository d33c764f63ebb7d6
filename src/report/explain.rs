//! Explanations of codes: one for the terminal, or all of them as a reference page.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::{Group, Meaning};

/// The explanation of a code, for programs.
#[derive(JsonSchema, Serialize)]
#[schemars(description = "What a diagnostic's code means.")]
pub struct ExplanationRecord<'a> {
    #[schemars(extend("const" = "explanation"))]
    reason: &'static str,
    code: &'a str,
    severity: &'static str,
    title: &'a str,
    explanation: &'a str,
}

fn severity(meaning: &Meaning) -> &'static str {
    meaning.code.severity().name()
}

/// Writes the explanation of a code.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn explanation(out: &mut dyn Write, meaning: &Meaning, json: bool) -> io::Result<()> {
    if json {
        let (code, title) = (meaning.code.id(), meaning.title.trim());
        let record = ExplanationRecord {
            reason: "explanation",
            code,
            severity: severity(meaning),
            title,
            explanation: meaning.explanation,
        };
        serde_json::to_writer(&mut *out, &record)?;
        return writeln!(out);
    }
    writeln!(out, "{}  {}\n({})\n\n{}", meaning.code, meaning.title.trim(), severity(meaning), meaning.explanation)
}

/// Writes one line per code.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn codes(out: &mut dyn Write, meanings: &[Meaning], json: bool) -> io::Result<()> {
    meanings.iter().try_for_each(|meaning| match json {
        true => explanation(out, meaning, true),
        false => writeln!(out, "{}  {:7}  {}", meaning.code, severity(meaning), meaning.title.trim()),
    })
}

const HEAD: &str = "\
# Diagnostics

Every code that reliure tells of, what it means and what to do. The same text is printed by `reliure explain CODE`. This page is
written by `reliure explain --markdown`; do not edit it.

An **error** stops the build: nothing is written, and the last good files stay. A **warning** does not. How much an editorial check
matters is for each project to say, and a finding can be let pass where it stands, with a reason: see
[formats.md](formats.md#checks).
";

/// Writes the reference page as Markdown.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn reference(out: &mut dyn Write, meanings: &[Meaning]) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    for group in Group::ALL {
        writeln!(out, "\n## {}", group.title())?;
        for meaning in meanings.iter().filter(|meaning| meaning.code.group() == group) {
            let (code, title) = (meaning.code, meaning.title.trim());
            writeln!(out, "\n### {code}\n\n**{title}** ({})\n\n{}", severity(meaning), meaning.explanation)?;
        }
    }
    Ok(())
}
