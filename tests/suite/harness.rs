//! A project in a temporary folder, and the commands that run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A project folder.
pub struct Project {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// The result of a command.
pub struct Session {
    output: Output,
    pub stdout: String,
    pub stderr: String,
}

/// Returns the root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Project {
    pub fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder"), environment: Vec::new() }
    }

    /// Copies the workspace of a fixture.
    pub fn fixture(name: &str) -> Self {
        Self::copy(&repository().join("tests/fixtures").join(name))
    }

    /// Copies the sources and the `reliure.toml` of a workspace.
    pub fn copy(from: &Path) -> Self {
        let project = Self::new();
        copy_folder(&from.join("sources"), &project.path("sources"));
        fs::copy(from.join("reliure.toml"), project.path("reliure.toml")).expect("reliure.toml is copied");
        project
    }

    /// Creates a publication of one section and a colophon, in English, with the layout `simple`. Only its body can cause
    /// diagnostics.
    pub fn small(body: &str) -> Self {
        Self::new()
            .file("sources/note/publication.toml", SMALL)
            .file("sources/note/text.md", &format!("+++\ntitle = \"Text\"\n+++\n{body}\n"))
            .file("sources/note/colophon.md", "+++\ntitle = \"Colophon\"\n+++\n\n::: licence\n:::\n")
    }

    /// Returns the absolute path of a file of the project.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, and creates its folder.
    pub fn file(self, path: &str, text: &str) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
        self
    }

    /// Replaces the first occurrence of `from` in a file, which must contain it.
    pub fn edit(self, path: &str, from: &str, to: &str) -> Self {
        let text = fs::read_to_string(self.path(path)).expect("the file is read");
        assert!(text.contains(from), "{path} does not contain {from:?}");
        self.file(path, &text.replacen(from, to, 1))
    }

    /// Sets an environment variable of the commands.
    pub fn env(mut self, key: &str, value: &str) -> Self {
        self.environment.push((key.into(), value.into()));
        self
    }

    /// Runs `reliure` in the project folder.
    pub fn run(&self, arguments: &[&str]) -> Session {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reliure"));
        command.args(arguments).current_dir(self.folder.path()).env("COLUMNS", "100").env_remove("RUST_BACKTRACE");
        command.envs(self.environment.iter().map(|(key, value)| (key, value)));
        Session::of(&mut command)
    }

    /// Returns the bytes of a file of the project.
    pub fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Returns the paths of all files of a folder, including hidden ones, except those of the artefact store.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        list(&self.path(folder), "", &mut files);
        files.retain(|name| !name.contains(".reliure/"));
        files.sort();
        files
    }
}

const SMALL: &str = r#"title = "A note"
lang = "en"
uuid = "4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10"
sections = ["text", "colophon"]
publisher = "us"
description = "A note on a canal."
keywords = ["canal"]

[organisations.us]
name = "Us"

[[editions]]
id = "1"
date = "2024-05-17"
"#;

impl Session {
    /// Runs a command.
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the command runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { stdout: text(&output.stdout), stderr: text(&output.stderr), output }
    }

    /// Asserts that the exit code is 0.
    #[track_caller]
    pub fn succeeds(self) -> Self {
        assert!(self.output.status.success(), "{}\n{}{}", self.output.status, self.stdout, self.stderr);
        self
    }

    /// Asserts an exit code.
    #[track_caller]
    pub fn fails_with(self, code: i32) -> Self {
        assert_eq!(self.output.status.code(), Some(code), "{}{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that the standard error contains these words.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "no {words:?} in\n{}", self.stderr);
        self
    }

    /// Asserts that the standard output contains these words.
    #[track_caller]
    pub fn prints(self, words: &str) -> Self {
        assert!(self.stdout.contains(words), "no {words:?} in\n{}", self.stdout);
        self
    }
}

/// Copies a folder with its content.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder is made");
    for entry in fs::read_dir(from).expect("the folder is read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file is copied");
        }
    }
}

fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{name}/"), files);
        } else {
            files.push(name);
        }
    }
}
