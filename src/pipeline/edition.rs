//! One edition, from its sources to its files.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::inspect::summary;
use super::{Format, Job, Made, Progress, Request, Rules};
use crate::check::{self, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::output::{embedded_fonts, epub, pdf};
use crate::paginate::{Cover, Paginated, cover, paginate};
use crate::project::Project;
use crate::resolve::{Resolved, Source, outside, resolve};
use crate::typography;

/// Makes an edition; a fault of the tool is told as one and stops nothing else.
pub fn guarded(project: &Project, job: &Job<'_>, rules: &Rules, request: &Request, progress: &dyn Progress) -> Made {
    let name = job.entry.stem(job.edition);
    let made = catch_unwind(AssertUnwindSafe(|| make(project, job, rules, request, progress)));
    progress.finish_job(&name);
    match made {
        Ok(made) => made,
        Err(_) => {
            let broken = Diagnostic::error(code::INTERNAL, format!("reliure itself failed on \"{name}\""));
            Made {
                diagnostics: broken.hint("this is a fault of the tool: please report it with these sources").into(),
                ..Made::default()
            }
        }
    }
}

/// Makes an edition, as far as its errors let it come.
fn make(project: &Project, job: &Job<'_>, rules: &Rules, request: &Request, progress: &dyn Progress) -> Made {
    let step = |what: &str| progress.step(&format!("{}: {what}", job.entry.stem(job.edition)));
    let mut made = Made::default();
    let mut found = Diagnostics::default();
    if let Err(errors) = stages(project, job, request, &step, &mut made, &mut found) {
        found.extend(errors);
    }
    made.diagnostics = rules.policy(request).apply(found, &mut made.allowed);
    made
}

/// Runs the stages in order, up to the first that cannot go on; `step` hears of each, and what it found besides is added to `found`.
fn stages(
    project: &Project,
    job: &Job<'_>,
    request: &Request,
    step: &dyn Fn(&str),
    made: &mut Made,
    found: &mut Diagnostics,
) -> Result<(), Diagnostics> {
    step("texts");
    let (mut edition, warnings) = resolved(project, job, request)?;
    found.extend(warnings);
    found.extend(check::content(&subject(project, job, &edition)));
    made.links = outside(job.entry, &edition);
    made.typography = typography::set(&mut edition, request.typography);
    let formats = request.formats();
    let cover = match formats.contains(&Format::Epub) {
        true => {
            step("cover");
            cover(project, &job.layout, &edition)?
        }
        false => None,
    };
    // An EPUB alone needs no pages, unless its cover picture is made of them.
    let pages = match formats.contains(&Format::Pdf) || cover.is_none() {
        true => {
            step("pages");
            Some(laid_out(project, job, &edition, found)?)
        }
        false => None,
    };
    let cover = match (cover, &pages) {
        (Some((cover, _)), Some(_)) => Some(cover),
        (Some((cover, warnings)), None) => {
            found.extend(warnings);
            Some(cover)
        }
        (None, Some(pages)) if formats.contains(&Format::Epub) => Some(pages.cover()?),
        (None, _) => None,
    };
    made.looked = pages.is_some();
    made.value = summary(&edition, pages.as_ref().map_or(0, |pages| pages.document.pages().len()));
    if let (true, Some(pages)) = (formats.contains(&Format::Pdf), pages) {
        step("PDF");
        made.files.push((Format::Pdf, pdf(project, &edition, pages)?));
    }
    if let Some(cover) = cover {
        step("EPUB");
        made.files.push((Format::Epub, epub(project, job, &edition, &cover)?));
    }
    Ok(())
}

/// Lays the pages out and looks them over.
fn laid_out(project: &Project, job: &Job<'_>, edition: &Resolved, found: &mut Diagnostics) -> Result<Paginated, Diagnostics> {
    let (pages, warnings) = paginate(project, &job.layout, edition)?;
    found.extend(warnings);
    found.extend(check::pages(&subject(project, job, edition), &pages));
    Ok(pages)
}

/// Writes the PDF. The pages are given up before it is finished: they take most of the memory.
fn pdf(project: &Project, edition: &Resolved, pages: Paginated) -> Result<Vec<u8>, Diagnostics> {
    let exported = pdf::export(project, edition, &pages)?;
    drop(pages);
    pdf::finish(edition, &exported)
}

fn epub(project: &Project, job: &Job<'_>, edition: &Resolved, cover: &Cover) -> Result<Vec<u8>, Diagnostics> {
    let fonts = embedded_fonts(&edition.brand.fonts, &project.fonts);
    let parts = epub::Parts { cover, common_css: &job.layout.common_css, layout_css: &job.layout.css, fonts: &fonts };
    epub::write(edition, &parts)
}

fn subject<'a>(project: &'a Project, job: &Job<'a>, edition: &'a Resolved) -> Subject<'a> {
    Subject::new(job.entry, edition, &project.sources)
}

fn resolved(project: &Project, job: &Job<'_>, request: &Request) -> Result<(Resolved, Diagnostics), Diagnostics> {
    resolve(&Source {
        publication: job.entry,
        edition: job.edition,
        layout: &job.layout.manifest,
        index: job.index,
        images: project,
        typefaces: &project.typefaces(),
        rigour: request.rigour(),
    })
}
