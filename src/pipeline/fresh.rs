//! What is up to date: editions whose inputs and artefacts are those of their last build.

use std::path::PathBuf;

use super::artefacts::{self, output_folder};
use super::{Format, Job, Request};
use crate::project::{self, Inputs, Project, Stamps};
use crate::workspace::{Index, Publication};

/// The stamps of a build: those read, and those that it makes.
pub struct Desk {
    folder: PathBuf,
    stamps: Stamps,
    /// Digest of the inputs of each publication.
    inputs: Vec<String>,
}

/// What the tool itself is made of: other code, layouts or fonts may make other artefacts.
const TOOL: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("RELIURE_BUILD"));

impl Desk {
    /// Reads the stamps of the output folder, and digests every input.
    pub fn open(project: &Project, index: &Index, request: &Request) -> Self {
        let folder = output_folder(project, request);
        project::sweep(&folder);
        let stamps = Stamps::read(&folder);
        let entries = &project.catalogue.entries;
        let all = request.force || stamps.is_empty();
        let made: Vec<&str> =
            entries.iter().filter(|entry| all && request.wants(&entry.slug)).map(|entry| entry.folder.as_str()).collect();
        let read = project.inputs(&made);
        let inputs = entries.iter().map(|entry| digest(project, index, entry, request, &read)).collect();
        Self { folder, stamps, inputs }
    }

    /// Tells whether every artefact that is asked for of an edition is up to date.
    pub fn is_current(&self, project: &Project, request: &Request, job: &Job<'_>) -> bool {
        let holds = |format: Format| self.stamps.hold(&self.folder, &name(project, request, job, format), self.of(job));
        !request.force && request.formats().into_iter().all(holds)
    }

    /// Stamps an artefact that was written, or forgets it where something is to be told again.
    pub fn stamp(&mut self, project: &Project, request: &Request, job: &Job<'_>, format: Format, bytes: &[u8], quiet: bool) {
        let (name, inputs) = (name(project, request, job, format), self.of(job).to_owned());
        match quiet {
            true => self.stamps.set(&name, &inputs, bytes),
            false => self.stamps.forget(&name),
        }
    }

    /// Keeps the stamps.
    pub fn close(&self) {
        self.stamps.keep(&self.folder);
    }

    fn of(&self, job: &Job<'_>) -> &str {
        self.inputs.get(job.number).map_or("", String::as_str)
    }
}

/// Path of an artefact in the output folder.
fn name(project: &Project, request: &Request, job: &Job<'_>, format: Format) -> String {
    let path = artefacts::name(project, request, job.entry, job.edition, format);
    path.strip_prefix(output_folder(project, request)).unwrap_or(&path).to_string_lossy().replace('\\', "/")
}

/// Digests what a publication is made from: its folder, the folders of the publications that it names, and all that belongs to none.
fn digest(project: &Project, index: &Index, entry: &Publication, request: &Request, read: &Inputs) -> String {
    let entries = &project.catalogue.entries;
    let names = index.publication(&entry.slug).map(|own| &own.names);
    let wanted = |path: &str| match entries.iter().find(|other| project::is_in(path, &other.folder)) {
        Some(home) => home.slug == entry.slug || names.is_some_and(|names| names.contains(&home.slug)),
        None => true,
    };
    read.digest(wanted, &words(TOOL, &entry.folder, request.lenient))
}

/// What else decides what is made: the tool, which publication it is, and how finished its text must be.
fn words<'a>(tool: &'a str, folder: &'a str, lenient: bool) -> [&'a str; 3] {
    [tool, folder, if lenient { "lenient" } else { "full" }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_tool_another_publication_or_another_option_is_another_input() {
        let digest = |tool: &str, folder: &str, lenient| Inputs::default().digest(|_| true, &words(tool, folder, lenient));
        let first = digest("0.1.0 a", "sources/a", false);
        assert_eq!(digest("0.1.0 a", "sources/a", false), first);
        for other in
            [digest("0.1.0 b", "sources/a", false), digest("0.1.0 a", "sources/b", false), digest("0.1.0 a", "sources/a", true)]
        {
            assert_ne!(other, first);
        }
        assert!(TOOL.starts_with(env!("CARGO_PKG_VERSION")) && TOOL.len() > env!("CARGO_PKG_VERSION").len() + 8, "{TOOL}");
    }
}
