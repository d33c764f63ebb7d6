//! Third-party material: as a list, as the page of the repository, and with the texts of its licences.

use std::io::{self, Write};

use crate::third_party::{Component, ThirdParty};

/// A part of the list.
struct ListPart<'a> {
    heading: &'static str,
    introduction: &'static str,
    components: Vec<&'a Component>,
}

fn parts(list: &ThirdParty) -> [ListPart<'_>; 2] {
    let of = |passed: bool| list.components.iter().filter(|component| component.passed == passed).collect();
    [
        ListPart {
            heading: "In the files that reliure makes",
            introduction: "It is distributed with every published file.",
            components: of(true),
        },
        ListPart {
            heading: "In the executable",
            introduction: "It is distributed with reliure. The files that reliure makes do not contain it.",
            components: of(false),
        },
    ]
}

/// Writes one line for each component, with its licence and its source.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn licences(out: &mut dyn Write, list: &ThirdParty) -> io::Result<()> {
    for part in parts(list) {
        writeln!(out, "{}\n", part.heading)?;
        let width = part.components.iter().map(|component| component.title().chars().count()).max().unwrap_or(0);
        for component in part.components {
            writeln!(out, "  {:width$}  {}", component.title(), component.licence)?;
            if let Some(used) = &component.used {
                writeln!(out, "  {:width$}  {used}", "")?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Writes the list, then every text with the components that it applies to.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn licence_texts(out: &mut dyn Write, list: &ThirdParty) -> io::Result<()> {
    licences(out, list)?;
    for (index, text) in list.texts.iter().enumerate() {
        let components = list.components.iter().filter(|component| component.texts.contains(&index));
        let names: Vec<String> = components.map(Component::title).collect();
        writeln!(out, "{}\n{}\n\n{text}\n", "=".repeat(100), names.join(", "))?;
    }
    Ok(())
}

/// Writes the page of the repository, in Markdown.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn licence_page(out: &mut dyn Write, list: &ThirdParty) -> io::Result<()> {
    writeln!(out, "# Third-party material\n")?;
    writeln!(
        out,
        "Generated: do not edit. `reliure licences --texts` prints the texts of the licences, which must be distributed with it."
    )?;
    for part in parts(list) {
        writeln!(out, "\n## {}\n\n{}\n\n| name | licence | source | use |\n|---|---|---|---|", part.heading, part.introduction)?;
        for component in part.components {
            let source = component.source.as_ref().map(|source| format!("<{source}>")).unwrap_or_default();
            let used = component.used.as_deref().unwrap_or("");
            writeln!(out, "| {} | {} | {source} | {used} |", component.title(), component.licence)?;
        }
    }
    Ok(())
}
