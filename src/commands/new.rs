//! `reliure new`: creates a project, or adds a publication to the project around it.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use reliure::manifest::Date;
use reliure::report::count;
use reliure::scaffold::{self, NewProject, TemplateLanguage};

use super::console::{Console, Status};
use super::current_folder;
use crate::cli::{Lang, New};

/// Writes the project, or the publication in a project, and suggests the next command.
///
/// # Errors
///
/// Fails if the output streams or the `series.toml` of a new series cannot be written to.
pub fn run(console: &Console, root: Option<&Path>, options: &New) -> io::Result<Status> {
    let folder = current_folder().join(&options.folder);
    let given_root = root.map(|root| current_folder().join(root)).filter(|root| root.join("reliure.toml").is_file());
    let project = given_root.or_else(|| project_around(&folder));
    let plan = match &project {
        Some(root) => in_project(root, &folder, options),
        None if options.series.is_some() => {
            Err("--series needs a project: there is no reliure.toml in this folder or its parent folders".into())
        }
        None => Ok(NewPlan { folder: folder.clone(), place: None }),
    };
    let (plan, known) = match (plan, reliure::layout_names(project.as_deref().unwrap_or(&folder))) {
        (Ok(plan), known) => (plan, known),
        (Err(why), _) => {
            console.misuse(&why);
            return Ok(Status::Misused);
        }
    };
    if !known.contains(&options.layout) {
        console.misuse(&format!("no layout is named \"{}\"; use one of {}", options.layout, known.join(", ")));
        return Ok(Status::Misused);
    }
    let name = folder_name(&plan.folder);
    let uuid = uuid::Uuid::new_v4().to_string();
    let language = match options.lang {
        Lang::Fr => TemplateLanguage::French,
        Lang::En => TemplateLanguage::English,
    };
    let title = options.title.clone().unwrap_or_else(|| title(&name, language));
    let date = Date { day: None, ..reliure::today() };
    let project = NewProject { title: &title, name: &name, language, layout: &options.layout, uuid: &uuid, date };
    let files = match &plan.place {
        Some(place) => scaffold::publication_files(&project, place.depth),
        None => scaffold::files(&project),
    };
    write(console, &plan, &files, options)
}

/// Writes the files of a plan, and suggests the next command.
fn write(console: &Console, plan: &NewPlan, files: &[(String, String)], options: &New) -> io::Result<Status> {
    let outcome = reliure::create(&plan.folder, files);
    console.diagnostics(&outcome)?;
    if outcome.failed || outcome.diagnostics.has_errors() {
        return console.summary(&outcome, "nothing created");
    }
    for (path, _) in files {
        console.created(&plan.folder.join(path))?;
    }
    let mut written = files.len();
    let mut next = format!("reliure --root {} build", quoted(&options.folder));
    if let Some(place) = &plan.place {
        if let Some((path, text)) = &place.series {
            reliure::write_new(path, text)?;
            console.created(path)?;
            written += 1;
        }
        next = format!("reliure build {}", quoted(Path::new(&folder_name(&plan.folder))));
    }
    let status = console.summary(&outcome, &format!("{} created", count(written, "file")))?;
    console.note(&format!("next: {next}"))?;
    Ok(status)
}

/// The location of the files of a new publication.
struct NewPlan {
    /// Its folder, or the folder of the project.
    folder: PathBuf,
    /// Its position in the project; `None` for a new project.
    place: Option<PublicationPlace>,
}

/// The position of a publication in a project.
struct PublicationPlace {
    /// Number of folders below the root of the project.
    depth: usize,
    /// The path and the text of a `series.toml` to write.
    series: Option<(PathBuf, String)>,
}

/// Returns the nearest project that contains a folder, which need not exist.
fn project_around(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().skip(1).find(|folder| folder.join("reliure.toml").is_file()).map(Path::to_path_buf)
}

/// Finds the folder of a new publication in a project.
///
/// # Errors
///
/// Returns the reason why the folder cannot contain a publication.
fn in_project(root: &Path, folder: &Path, options: &New) -> Result<NewPlan, String> {
    let sources = reliure::source_folder(root);
    let home = root.join(&sources);
    let given = options.folder.as_path();
    let inside = folder.strip_prefix(&home).ok().map(Path::to_path_buf);
    let is_name = given.components().count() == 1 && given.file_name().is_some();
    let inner = match (inside, &options.series) {
        (_, Some(series)) if is_name => Path::new(series).join(given),
        (Some(inner), Some(series)) if inner.parent() != Some(Path::new(series)) => {
            return Err(format!("\"{}\" is not in the series \"{series}\"; write only the name of the folder", given.display()));
        }
        (Some(inner), _) => inner,
        (None, None) if is_name => given.to_path_buf(),
        (None, _) => {
            return Err(format!(
                "publications of this project are in its folder \"{sources}\": write only the name of the folder"
            ));
        }
    };
    let parts: Vec<&str> = inner.iter().filter_map(OsStr::to_str).collect();
    let ([_, slug] | [slug]) = parts.as_slice() else {
        return Err(format!("a publication must be directly in \"{sources}\" or in the folder of a series there"));
    };
    if reliure::has_publication(root, slug) {
        return Err(format!("there is a publication \"{slug}\" already; choose another name"));
    }
    let series = parts.split_last().and_then(|(_, rest)| rest.first()).map(|series| home.join(series));
    let depth = Path::new(&sources).components().count() + parts.len();
    let series = series.filter(|series| !series.join("series.toml").exists()).map(|series| {
        let language = if options.lang == Lang::Fr { TemplateLanguage::French } else { TemplateLanguage::English };
        (series.join("series.toml"), scaffold::series_file(&title(&folder_name(&series), language), depth - 1))
    });
    Ok(NewPlan { folder: home.join(inner), place: Some(PublicationPlace { depth, series }) })
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
