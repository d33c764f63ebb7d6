//! The list of third-party material: complete, and generated.
//!
//! `SNAPSHOTS=overwrite cargo test --release --test suite third_party` regenerates it after a change of dependencies. It needs
//! the sources of the crates for all systems; cargo downloads missing ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use reliure::third_party::{Component, ComponentKind, ThirdParty, third_party};
use serde::Deserialize;
use serde_json::Value;

use crate::harness::{Project, repository};

/// Crates of `Cargo.lock` that are not in the executable: those of tests and of build scripts.
const UNUSED: &str = "third-party/unused.txt";

/// The list in the repository, with the texts of all licences.
const LIST: &str = "third-party/components.json";

#[test]
fn the_list_matches_the_dependencies() {
    let mut texts = Texts::default();
    let mut components = others(&mut texts);
    components.push(grammars(&mut texts));
    let (crates, unused) = packages(&mut texts);
    components.extend(crates);
    components.sort_by_key(|component| (!component.passed, component.kind, component.title().to_lowercase()));
    let list = texts.ordered(components);
    compare(LIST, &(serde_json::to_string_pretty(&list).unwrap() + "\n"));
    compare(UNUSED, &(unused.into_iter().collect::<Vec<_>>().join("\n") + "\n"));
}

/// Compares a generated file with the one in the repository, or writes it.
fn compare(path: &str, generated: &str) {
    let file = repository().join(path);
    if std::env::var_os("SNAPSHOTS").is_some_and(|mode| mode == "overwrite") {
        fs::write(&file, generated).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap();
    let lines = || committed.lines().zip(generated.lines()).find(|(committed, generated)| committed != generated);
    assert!(committed == generated, "{path} is not that of the dependencies: {:?}; see tests/suite/third_party.rs", lines());
}

/// Returns the packages of `Cargo.lock` except reliure, as `name version`.
fn locked() -> BTreeSet<String> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
    }
    let lock: Lock = toml::from_str(&fs::read_to_string(repository().join("Cargo.lock")).unwrap()).unwrap();
    let others = lock.package.into_iter().filter(|package| package.name != "reliure");
    others.map(|package| format!("{} {}", package.name, package.version)).collect()
}

#[test]
fn every_font_and_profile_is_listed() {
    let list = third_party();
    let families = fs::read_dir(repository().join("fonts")).unwrap().flatten().filter(|entry| entry.path().is_dir());
    for folder in families.map(|entry| entry.path()) {
        let terms = tidy(&fs::read_to_string(folder.join("OFL.txt")).unwrap());
        let of_font = |component: &&Component| component.kind == ComponentKind::Font && component.passed;
        let listed =
            list.components.iter().filter(of_font).any(|font| font.texts.iter().any(|index| list.texts[*index] == terms));
        assert!(listed, "{} is not listed with its terms", folder.display());
    }
    let mut profiles = Vec::new();
    files(&repository().join("layouts"), &mut profiles);
    profiles.retain(|path| path.extension().is_some_and(|extension| extension == "icc"));
    // The other profile is in the screen PDF and comes from the crate krilla.
    let listed = list.components.iter().filter(|component| component.kind == ComponentKind::Profile).count();
    assert_eq!(profiles.len() + 1, listed);
}

#[test]
fn the_page_is_generated() {
    let page = Project::new().run(&["licences", "--markdown"]).succeeds().stdout;
    let committed = fs::read_to_string(repository().join("THIRD-PARTY.md")).unwrap();
    assert_eq!(committed, page, "write it again: reliure licences --markdown > THIRD-PARTY.md");
}

#[test]
fn the_debian_package_contains_the_list_and_the_licences() {
    let manifest: toml::Table = fs::read_to_string(repository().join("Cargo.toml")).unwrap().parse().unwrap();
    let assets = manifest["package"]["metadata"]["deb"]["assets"].as_array().expect("a list");
    let paths: Vec<&str> = assets.iter().filter_map(|asset| asset[0].as_str()).collect();
    for file in ["THIRD-PARTY.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        assert!(paths.contains(&file) && repository().join(file).is_file(), "{file}: {paths:?}");
    }
}

#[test]
fn the_command_prints_the_licences_to_distribute() {
    let short = Project::new().run(&["licences"]).succeeds();
    let (made, executable) = short.stdout.split_once("\nIn the executable\n").unwrap();
    assert!(made.contains("Spectral") && made.contains("ISO Coated v2 300%") && !made.contains("typst "), "{made}");
    for name in ["typst 0.15.1", "hyphenation patterns", "grammars of code"] {
        assert!(executable.contains(name), "{name}");
    }
    let texts = Project::new().run(&["licences", "--texts"]).succeeds();
    for notice in ["SIL OPEN FONT LICENSE", "Daniel Flipo", "2007-2010 basICColor GmbH", "Apache License", "K.Kosako"] {
        assert!(texts.stdout.contains(notice), "{notice}");
    }
    let json = Project::new().run(&["licences", "--json"]).succeeds();
    assert_eq!(serde_json::from_str::<ThirdParty>(&json.stdout).unwrap(), third_party());
    let line = Project::new().run(&["licences", "--message-format", "json"]).succeeds();
    assert!(line.stdout.starts_with("{\"reason\":\"licences\",\"value\":{\"components\":[") && line.stdout.lines().count() == 1);
}

/// Texts of licences, each once. Texts that differ only in white space count as equal.
#[derive(Default)]
struct Texts {
    list: Vec<String>,
    known: BTreeMap<String, usize>,
}

impl Texts {
    /// Returns the texts of a file. The terms of the Apache licence are a text shared by all crates; additions in a file are a
    /// separate text.
    fn add(&mut self, text: &str) -> Vec<usize> {
        let Some((terms, appendix)) = text.split_once(APACHE_END).filter(|(terms, _)| is_apache(terms)) else {
            return vec![self.one(text)];
        };
        let is_copyright = |line: &&str| line.starts_with("Copyright") && !line.contains(['[', '{', '<']);
        let holders: Vec<&str> = appendix.lines().map(str::trim).filter(is_copyright).collect();
        let after = appendix.rsplit_once("limitations under the License.").map_or("", |(_, after)| after.trim());
        let added = [holders.join("\n"), after.to_owned()].into_iter().filter(|added| !added.is_empty());
        let mut texts: Vec<usize> = added.map(|added| self.one(&added)).collect();
        texts.push(self.one(&format!("{terms}{APACHE_END}")));
        texts
    }

    fn one(&mut self, text: &str) -> usize {
        let key: String = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        *self.known.entry(key).or_insert_with(|| {
            self.list.push(tidy(text));
            self.list.len() - 1
        })
    }

    /// Numbers the texts in the order in which the components name them.
    fn ordered(self, mut components: Vec<Component>) -> ThirdParty {
        let mut order: Vec<usize> = Vec::new();
        for component in &mut components {
            for index in &mut component.texts {
                let at = order.iter().position(|known| known == index);
                *index = at.unwrap_or_else(|| {
                    order.push(*index);
                    order.len() - 1
                });
            }
            component.texts.sort_unstable();
            component.texts.dedup();
        }
        ThirdParty { components, texts: order.into_iter().map(|index| self.list[index].clone()).collect() }
    }
}

/// Last line of the terms of the Apache licence, before its appendix.
const APACHE_END: &str = "END OF TERMS AND CONDITIONS";

/// Returns whether a text contains only the terms of the Apache licence, so that another copy can replace it.
fn is_apache(terms: &str) -> bool {
    let words: Vec<&str> = terms.split_whitespace().collect();
    words.starts_with(&["Apache", "License", "Version", "2.0,", "January", "2004"])
}

/// Removes white space at the ends of lines, and empty lines at the ends of the text.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Returns the components of `third-party/other.toml`.
fn others(texts: &mut Texts) -> Vec<Component> {
    #[derive(Deserialize)]
    struct Others {
        components: Vec<Other>,
    }
    #[derive(Deserialize)]
    struct Other {
        name: String,
        kind: ComponentKind,
        licence: String,
        source: String,
        #[serde(rename = "use")]
        used: String,
        passed: bool,
        texts: Vec<String>,
    }
    let written = fs::read_to_string(repository().join("third-party/other.toml")).unwrap();
    let others: Others = toml::from_str(&written).unwrap();
    let read = |path: &str| match path.strip_prefix("spdx:") {
        Some(id) => standard(id, ""),
        None => fs::read_to_string(repository().join(path)).unwrap(),
    };
    let one = |other: Other| Component {
        name: other.name,
        version: None,
        kind: other.kind,
        licence: other.licence,
        source: Some(other.source),
        used: Some(other.used),
        passed: other.passed,
        texts: other.texts.iter().flat_map(|path| texts.add(&read(path))).collect(),
    };
    others.components.into_iter().map(one).collect()
}

/// Returns the grammars of the crate `two-face`, with their licences as listed by the crate.
fn grammars(texts: &mut Texts) -> Component {
    let listing = two_face::acknowledgement::listing();
    let licences = listing.for_syntaxes().iter().filter(|licence| licence.needs_acknowledgement());
    let texts = licences.flat_map(|licence| texts.add(&format!("{}\n\n{}", licence.rel_path.display(), licence.text))).collect();
    Component {
        name: "grammars of code".into(),
        version: None,
        kind: ComponentKind::Data,
        licence: "MIT AND Apache-2.0 AND BSD-2-Clause AND BSD-3-Clause".into(),
        source: Some("https://github.com/CosmicHorrorDev/two-face".into()),
        used: Some("colours of code, by the crate two-face; the terms differ by language".into()),
        passed: false,
        texts,
    }
}

/// Returns the crates of the executable on any system, and the names of those in `Cargo.lock` that are not in it.
fn packages(texts: &mut Texts) -> (Vec<Component>, BTreeSet<String>) {
    let tree = cargo(&["tree", "--edges", "normal", "--target", "all", "--locked", "--prefix", "none", "--format", "{p}"]);
    let name = |line: &str| line.split(" (").next().unwrap_or_default().replacen(" v", " ", 1);
    let used: BTreeSet<String> = tree.lines().filter(|line| !line.is_empty()).map(name).collect();
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--locked"])).unwrap();
    let mut crates = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let text = |key: &str| package[key].as_str().map(str::to_owned);
        let (name, version) = (text("name").unwrap(), text("version").unwrap());
        if name == "reliure" || !used.contains(&format!("{name} {version}")) {
            continue;
        }
        let licence = text("license").unwrap_or_else(|| panic!("{name} states no licence"));
        let folder = PathBuf::from(text("manifest_path").unwrap()).parent().unwrap().to_owned();
        let authors: Vec<&str> = package["authors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let holders = if authors.is_empty() { format!("the authors of {name}") } else { authors.join(", ") };
        crates.push(Component {
            texts: terms(&folder, &licence, &holders).iter().flat_map(|text| texts.add(text)).collect(),
            source: text("repository").or(text("homepage")),
            kind: ComponentKind::Crate,
            version: Some(version),
            used: None,
            passed: false,
            name,
            // Before SPDX, a slash meant "or".
            licence: licence.replace(" / ", "/").replace('/', " OR "),
        });
    }
    let listed: BTreeSet<String> = crates.iter().map(Component::title).collect();
    (crates, locked().difference(&listed).cloned().collect())
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(repository()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the texts of a crate, with those of code and data that it contains. For a crate without licence texts, returns the
/// standard texts of its declared licences.
fn terms(folder: &Path, licence: &str, holders: &str) -> Vec<String> {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    let skipped = ["tests", "test", "benches", "examples", "fuzz", "docs", "doc"];
    paths.retain(|path| {
        let inside = path.strip_prefix(folder).unwrap();
        // The crate `spdx` has the texts of all licences as data, which the executable does not contain.
        !inside.iter().any(|part| skipped.iter().any(|name| part == *name)) && !inside.starts_with("src/text") && is_terms(path)
    });
    let found: Vec<String> = paths.iter().map(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()).collect();
    if !found.is_empty() {
        return found;
    }
    let words = licence.split([' ', '/', '(', ')']).filter(|word| !["", "OR", "AND", "WITH", "LLVM-exception"].contains(word));
    // One licence of a choice is sufficient.
    let first =
        words.min_by_key(|id| ["MIT", "0BSD", "BSD-3-Clause", "Apache-2.0"].iter().position(|known| known == id).unwrap_or(9));
    vec![standard(first.unwrap(), holders)]
}

fn is_terms(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy().to_lowercase();
    let starts = ["license", "licence", "copying", "notice", "copyright", "unlicense", "patents"];
    let source = [".rs", ".toml", ".html", ".py", ".sh"];
    starts.iter().any(|start| name.starts_with(start)) && !source.iter().any(|end| name.ends_with(end))
}

/// Returns the standard text of a licence, from the data of the crate `spdx`, with the holders of the copyright.
fn standard(id: &str, holders: &str) -> String {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--locked"])).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let spdx = packages.iter().find(|package| package["name"] == "spdx").unwrap();
    let folder = Path::new(spdx["manifest_path"].as_str().unwrap()).parent().unwrap().join("src/text/licenses");
    let raw = fs::read_to_string(folder.join(id)).unwrap_or_else(|error| panic!("{id}: {error}"));
    let text = raw.trim().trim_start_matches("r#\"").trim_end_matches("\"#");
    if holders.is_empty() {
        return text.lines().filter(|line| !line.starts_with("Copyright (c) <year>")).collect::<Vec<_>>().join("\n");
    }
    let text = text.replace("<year> <copyright holders>", holders).replace("<year> <owner>", holders);
    text.replace("[yyyy] [name of copyright owner]", holders)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}
