//! `reliure new`: creates a project in a new folder.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

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
        date: today(),
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

/// Returns the current month in UTC, or that of `SOURCE_DATE_EPOCH` if it is set.
fn today() -> Date {
    let given = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let seconds = given.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()));
    month(seconds / 86_400)
}

/// Returns the month of a day since 1 January 1970, computed in cycles of 400 years that start on 1 March.
fn month(day: u64) -> Date {
    // 719 468 days lie between 1 March of year 0 and 1 January 1970.
    let day = day + 719_468;
    let (cycle, day) = (day / 146_097, day % 146_097);
    let year_of_cycle = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = cycle * 400 + year_of_cycle + u64::from(month <= 2);
    Date { year: u16::try_from(year).unwrap_or(9999).clamp(1000, 9999), month: u8::try_from(month).unwrap_or(1), day: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_days_to_months() {
        let days = [
            (0, "1970-01"),
            (58, "1970-02"),
            (59, "1970-03"),
            (11_016, "2000-02"),
            (11_017, "2000-03"),
            (19_722, "2023-12"),
            (19_723, "2024-01"),
        ];
        for (day, wanted) in days {
            assert_eq!(month(day).iso(), wanted, "{day}");
        }
        assert_eq!(month(u64::MAX / 86_400).year, 9999);
    }

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
