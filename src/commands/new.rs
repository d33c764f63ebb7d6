//! `reliure new`: creates a project in a new folder.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use reliure::manifest::Date;
use reliure::report::count;
use reliure::scaffold::{self, NewProject, TemplateLanguage};

use super::console::{Console, Status};
use super::current_folder;
use crate::cli::{Lang, New};

/// Writes the project and suggests the next command.
///
/// # Errors
///
/// Fails if the output streams cannot be written to.
pub fn run(console: &Console, options: &New) -> io::Result<Status> {
    let folder = current_folder().join(&options.folder);
    let name = folder_name(&folder);
    let uuid = uuid::Uuid::new_v4().to_string();
    let language = match options.lang {
        Lang::Fr => TemplateLanguage::French,
        Lang::En => TemplateLanguage::English,
    };
    let title = options.title.clone().unwrap_or_else(|| title(&name, language));
    let files = scaffold::files(&NewProject {
        title: &title,
        name: &name,
        language,
        layout: &options.layout,
        uuid: &uuid,
        date: Date { day: None, ..reliure::today() },
    });
    let outcome = reliure::create(&folder, &files);
    console.diagnostics(&outcome)?;
    if outcome.failed || outcome.diagnostics.has_errors() {
        return console.summary(&outcome, "nothing created");
    }
    for (path, _) in &files {
        console.created(&folder.join(path))?;
    }
    let status = console.summary(&outcome, &format!("{} created", count(files.len(), "file")))?;
    console.note(&format!("next: reliure --root {} build", quoted(&options.folder)))?;
    Ok(status)
}

/// Returns the name of a folder, resolving `.` and `..`.
fn folder_name(folder: &Path) -> String {
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    real.file_name().map(OsStr::to_string_lossy).unwrap_or_default().into_owned()
}

/// Derives a title from the name of a folder: « Mon bulletin » from `mon-bulletin`.
fn title(name: &str, language: TemplateLanguage) -> String {
    let words = name.split(|c: char| c == '-' || c == '_' || c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let words = words.collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => language.untitled().into(),
    }
}

/// Quotes a path for a POSIX shell.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '/' | '-' | '_');
    if !text.is_empty() && text.chars().all(plain) { text.into_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_the_title_from_the_folder() {
        let titles = [("mon-bulletin", "Mon bulletin"), ("été_2026", "Été 2026"), ("--", "Sans titre"), ("", "Sans titre")];
        for (name, wanted) in titles {
            assert_eq!(title(name, TemplateLanguage::French), wanted);
        }
    }

    #[test]
    fn quotes_paths_for_the_shell() {
        assert_eq!(quoted(Path::new("mon/bulletin-1")), "mon/bulletin-1");
        assert_eq!(quoted(Path::new("l'été")), "'l'\\''été'");
    }
}
