//! The files of a new project: a publication that builds without changes and shows the format by example.

use crate::characters::printable;
use crate::manifest::Date;
use crate::schema::SCHEMAS;

/// The values of a new project.
#[derive(Clone, Copy, Debug)]
pub struct NewProject<'a> {
    /// Title of the publication, any text.
    pub title: &'a str,
    /// Name from which the folder of the publication is derived, in lower-case ASCII.
    pub name: &'a str,
    /// Language of the texts.
    pub language: TemplateLanguage,
    /// Name of the layout.
    pub layout: &'a str,
    /// UUID of the publication, randomly generated.
    pub uuid: &'a str,
    /// Date of the first edition.
    pub date: Date,
}

/// A language of the example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateLanguage {
    /// French.
    French,
    /// English.
    English,
}

impl TemplateLanguage {
    /// Returns the title of a publication if there is no name to derive it from.
    pub fn untitled(self) -> &'static str {
        match self {
            Self::French => "Sans titre",
            Self::English => "Untitled",
        }
    }
}

/// A path and a text with placeholders such as `@TITLE@`.
type Template = (&'static str, &'static str);

const WORKSPACE: &str = include_str!("scaffold/reliure.toml");
const IGNORE: &str = "/build/\n";

const FRENCH: &[Template] = &[
    ("README.md", include_str!("scaffold/fr/README.md")),
    ("sources/@SLUG@/publication.toml", include_str!("scaffold/fr/publication.toml")),
    ("sources/@SLUG@/presentation.md", include_str!("scaffold/fr/presentation.md")),
    ("sources/@SLUG@/ecrire.md", include_str!("scaffold/fr/ecrire.md")),
    ("sources/@SLUG@/credits.md", include_str!("scaffold/fr/credits.md")),
];

const ENGLISH: &[Template] = &[
    ("README.md", include_str!("scaffold/en/README.md")),
    ("sources/@SLUG@/publication.toml", include_str!("scaffold/en/publication.toml")),
    ("sources/@SLUG@/introduction.md", include_str!("scaffold/en/introduction.md")),
    ("sources/@SLUG@/writing.md", include_str!("scaffold/en/writing.md")),
    ("sources/@SLUG@/credits.md", include_str!("scaffold/en/credits.md")),
];

fn templates(language: TemplateLanguage) -> &'static [Template] {
    match language {
        TemplateLanguage::French => FRENCH,
        TemplateLanguage::English => ENGLISH,
    }
}

/// Returns the files of a new publication of an existing project: paths relative to its folder, and texts. The manifest names its
/// schema in the folder `schemas` of the project, `depth` levels above.
pub fn publication_files(project: &NewProject<'_>, depth: usize) -> Vec<(String, String)> {
    let own = files(project).into_iter().filter_map(|(path, text)| {
        let name = path.strip_prefix("sources/")?.split_once('/')?.1.to_owned();
        let schemas = format!("#:schema {}schemas/", "../".repeat(depth));
        Some((name, text.replace("#:schema ../../schemas/", &schemas)))
    });
    own.collect()
}

/// Returns the text of a new `series.toml`, `depth` levels below the root of the project.
pub fn series_file(title: &str, depth: usize) -> String {
    let title = toml::Value::String(printable(title)).to_string();
    format!("#:schema {}schemas/series.schema.json\n\ntitle = {title}\n", "../".repeat(depth))
}

/// Returns the name of a folder for a title or a name: lower-case ASCII letters, digits and hyphens.
pub fn folder_name(name: &str) -> String {
    let readable = name.chars().any(|c| c.is_ascii_alphanumeric());
    let slug = crate::model::slug(name);
    if slug == crate::model::slug("") && !readable { "publication".into() } else { slug }
}

/// Returns the files of a new project: paths relative to its root, with forward slashes, and texts.
pub fn files(project: &NewProject<'_>) -> Vec<(String, String)> {
    let title = printable(project.title);
    // In TOML, the value replaces the placeholder together with its quotation marks: `title = "@TITLE@"`.
    let toml = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let values = [
        ("\"@TITLE@\"", toml(&title)),
        ("\"@LAYOUT@\"", toml(project.layout)),
        ("\"@UUID@\"", toml(project.uuid)),
        ("\"@DATE@\"", toml(&project.date.iso())),
        ("@TITLE@", markdown(&title)),
        ("@SLUG@", folder_name(project.name)),
    ];
    let templates = templates(project.language);
    let mut files = vec![(".gitignore".to_owned(), IGNORE.to_owned()), ("reliure.toml".to_owned(), WORKSPACE.to_owned())];
    files.extend(templates.iter().map(|(path, text)| (fill(path, &values), fill(text, &values))));
    files.extend(
        SCHEMAS
            .iter()
            .filter(|schema| schema.written)
            .map(|schema| (format!("schemas/{}.schema.json", schema.name), schema.json())),
    );
    files
}

/// Replaces the placeholders in one pass, so that values that look like placeholders are not replaced.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    // The leftmost placeholder comes first; at the same position, the first in the list.
    while let Some((at, place, value)) =
        values.iter().filter_map(|(place, value)| rest.find(place).map(|at| (at, *place, value))).min_by_key(|found| found.0)
    {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        out.push_str(value);
        rest = after.strip_prefix(place).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Escapes a text for a Markdown heading, on one line.
fn markdown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii_punctuation() && !matches!(c, '\'' | '"' | ',' | '.' | ':' | ';' | '?' | '!' | '(' | ')' | '/' | '%' | '-')
        {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostics, Sources};
    use crate::manifest::{PublicationManifest, WorkspaceManifest, parse};
    use crate::report::{ReportFormat, TerminalColour, diagnostics};

    const UUID: &str = "755d520a-2376-4357-ab5c-4d4f7aa7af39";

    fn project<'a>(title: &'a str, language: TemplateLanguage) -> NewProject<'a> {
        NewProject {
            title,
            name: "Mon bulletin n° 1",
            language,
            layout: "simple",
            uuid: UUID,
            date: Date { year: 2026, month: 5, day: None },
        }
    }

    fn explain(sources: &Sources, found: &Diagnostics) -> String {
        let mut out = Vec::new();
        diagnostics(&mut out, ReportFormat { colour: TerminalColour::Plain, width: 100, all: true }, sources, found).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Reads a project with the same types and functions as a build.
    fn publication(files: &[(String, String)]) -> PublicationManifest {
        let mut sources = Sources::default();
        let text = |name: &str| files.iter().find(|(path, _)| path == name).map(|(_, text)| text.as_str()).unwrap();
        let workspace = sources.add("reliure.toml", text("reliure.toml"));
        parse::<WorkspaceManifest>(workspace, text("reliure.toml")).map_err(|found| explain(&sources, &found)).unwrap();
        let folder = "sources/mon-bulletin-n-1";
        let manifest = text(&format!("{folder}/publication.toml"));
        let id = sources.add("publication.toml", manifest);
        let manifest = parse::<PublicationManifest>(id, manifest).map_err(|found| explain(&sources, &found)).unwrap().value;
        for slug in &manifest.sections {
            let name = format!("{folder}/{}.md", slug.get_ref());
            let id = sources.add(name.as_str(), text(&name));
            let read = crate::content::read(id, slug.get_ref(), text(&name), crate::diagnostic::Strictness::Full)
                .map_err(|found| explain(&sources, &found))
                .unwrap();
            assert!(read.1.is_empty(), "{}", explain(&sources, &read.1));
        }
        manifest
    }

    #[test]
    fn templates_have_no_diagnostics() {
        for language in [TemplateLanguage::French, TemplateLanguage::English] {
            let files = files(&project("Titre", language));
            let manifest = publication(&files);
            assert_eq!(manifest.sections.len(), 3);
            assert_eq!((manifest.uuid.get_ref().as_str(), manifest.editions[0].id.get_ref().as_str()), (UUID, "2026-05"));
            let text: String = files.iter().filter(|(path, _)| path.ends_with(".md")).map(|(_, text)| text.as_str()).collect();
            for expected in [
                "::: callout",
                "\n|:--",
                "[^note]: ",
                "](#contents)",
                "::: licence",
                "::: credits",
                "::: imprint",
                "::: resources",
            ] {
                let expected =
                    if language == TemplateLanguage::French { expected.replace("contents", "contenu") } else { expected.into() };
                assert!(text.contains(&expected), "{expected}");
            }
            let toml: String = files.iter().filter(|(path, _)| path.ends_with(".toml")).map(|(_, text)| text.as_str()).collect();
            let examples = crate::check::EXAMPLES.iter().filter(|example| toml.contains(&format!("\"{example}\""))).count();
            assert_eq!(examples, crate::check::EXAMPLES.len() / 2, "each language has its examples");
            assert!(!text.contains('@') && !text.contains(" '"), "a placeholder or a straight apostrophe remains");
        }
    }

    #[test]
    fn a_publication_of_a_project_has_no_files_outside_its_folder() {
        let files = publication_files(&project("x", TemplateLanguage::French), 3);
        let names: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(names, ["publication.toml", "presentation.md", "ecrire.md", "credits.md"]);
        assert!(files[0].1.starts_with("#:schema ../../../schemas/publication.schema.json\n"), "{}", files[0].1);
        let series = series_file("L’« eau »", 2);
        let id = Sources::default().add("series.toml", series.as_str());
        assert_eq!(parse::<crate::manifest::SeriesManifest>(id, &series).unwrap().value.title, "L’« eau »");
    }

    #[test]
    fn escapes_any_title() {
        for title in [
            "L’« été »",
            "\"\\\"",
            "''' \"\"\"",
            "a\nb",
            "@SLUG@ \"@UUID@\"",
            "# [x]{a} = \u{7}\u{1b}",
            "\u{202e}abc",
            " ",
            "日本",
        ] {
            let files = files(&project(title, TemplateLanguage::French));
            assert_eq!(*publication(&files).title.get_ref(), printable(title));
        }
        assert_eq!(markdown("a * b\n`c` <d>"), "a \\* b \\`c\\` \\<d\\>");
    }

    #[test]
    fn toml_files_refer_to_existing_schemas() {
        let files = files(&project("x", TemplateLanguage::English));
        let mut count = 0;
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".toml")) {
            let schema = text.lines().next().and_then(|line| line.strip_prefix("#:schema ")).unwrap();
            let up = "../".repeat(path.matches('/').count());
            let target = schema.strip_prefix("./").or_else(|| schema.strip_prefix(up.as_str())).unwrap();
            assert!(files.iter().any(|(path, _)| path == target), "{path}: {schema}");
            count += 1;
        }
        assert_eq!(count, 2);
        assert_eq!(
            files.iter().filter(|(path, _)| path.starts_with("schemas/")).count(),
            SCHEMAS.iter().filter(|s| s.written).count()
        );
    }

    #[test]
    fn folder_names_are_ascii_slugs() {
        let names = ["Été", "日本", "section", "2023", "..", "a/b"].map(folder_name);
        assert_eq!(names, ["ete", "publication", "section", "s-2023", "publication", "a-b"]);
    }
}
