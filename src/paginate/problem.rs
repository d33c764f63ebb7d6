//! What Typst found wrong, told at the Markdown, TOML or layout line that caused it.

use typst::WorldExt;
use typst::diag::{Severity, SourceDiagnostic};
use typst::syntax::{DiagSpan, FileId};

use super::World;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::project::Project;

/// Translates Typst's diagnostics.
pub fn translate(world: &World, problems: &[SourceDiagnostic], project: &Project, code: Code) -> Diagnostics {
    let mut found = Diagnostics::default();
    for problem in problems {
        found.push(one(world, problem, project, code));
    }
    found
}

fn one(world: &World, problem: &SourceDiagnostic, project: &Project, code: Code) -> Diagnostic {
    let message = lower_first(&problem.message);
    let mut diagnostic = match problem.severity {
        Severity::Error => Diagnostic::error(code, message),
        Severity::Warning => Diagnostic::warning(code, message),
    };
    let trace = problem.trace.iter().map(|point| DiagSpan::from(point.span));
    let places: Vec<DiagSpan> = std::iter::once(problem.span).chain(trace).collect();
    let author = places.iter().find_map(|place| author_span(world, *place));
    let layout = places.iter().find_map(|place| layout_span(world, *place, project));
    // The text that caused it comes first; the layout's line explains.
    let at_layout = layout_span(world, problem.span, project).is_some();
    match (author, layout) {
        (Some(author), Some(layout)) if at_layout => {
            diagnostic = diagnostic.at(layout).related(author, "while setting this");
        }
        (Some(author), Some(layout)) => diagnostic = diagnostic.at(author).related(layout, "set by this line of the layout"),
        (author, layout) => diagnostic = diagnostic.at(author.or(layout)),
    }
    for hint in &problem.hints {
        diagnostic = diagnostic.hint(hint.v.as_str());
    }
    diagnostic
}

fn located(world: &World, place: DiagSpan) -> Option<(FileId, std::ops::Range<usize>)> {
    Some((place.id()?, world.range(place)?))
}

fn author_span(world: &World, place: DiagSpan) -> Option<Span> {
    let (id, range) = located(world, place)?;
    world.author(id, range.start)
}

fn layout_span(world: &World, place: DiagSpan, project: &Project) -> Option<Span> {
    let (id, range) = located(world, place)?;
    let source = project.layout_sources.get(id.vpath().get_without_slash())?;
    Some(Span::new(*source, range))
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    // A standard's name keeps its capitals: "PDF/UA-1 error: …".
    if message.starts_with("PDF/") { message.to_owned() } else { format!("{first}{}", chars.as_str()) }
}
