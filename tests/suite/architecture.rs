//! Modules import in one direction only. Imports are read from the text of the sources: `use` trees, and paths such as
//! `crate::x::y`. Test modules are skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::repository;

/// The submodules of `resolve`. Each may import only from those before it. The table in `src/resolve/mod.rs` has the same order.
const RESOLVE: &[&str] = &["licence", "language", "identifiers", "scope", "link", "rights", "assemble"];

#[test]
fn submodules_of_resolve_import_in_one_direction() {
    assert_eq!(modules_of("resolve"), RESOLVE.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(imports_against("resolve", RESOLVE), Vec::<String>::new());
    let stated = fs::read_to_string(repository().join("src/resolve/mod.rs")).unwrap();
    let rows: Vec<&str> = stated.lines().filter_map(|line| line.strip_prefix("//! | `")?.split('`').next()).collect();
    assert_eq!(rows, RESOLVE);
}

/// The modules of the library. Each may import only from those before it. The table in `docs/architecture.md` has the reverse
/// order.
const LIBRARY: &[&str] = &[
    "product",
    "third_party",
    "terms",
    "diagnostic",
    "characters",
    "css",
    "disk",
    "icc",
    "images",
    "model",
    "manifest",
    "content",
    "workspace",
    "resolve",
    "accessibility",
    "typography",
    "paginate",
    "output",
    "records",
    "site",
    "check",
    "inspection",
    "snapshot",
    "probe",
    "build",
    "report",
    "release",
    "schema",
    "scaffold",
    "stages",
];

/// The command, which uses only the public interface of the library, and the build script.
const OUTSIDE: [&str; 3] = ["cli", "commands", "build_script"];

#[test]
fn modules_of_the_library_import_in_one_direction() {
    let mut modules = modules_of("");
    OUTSIDE.iter().for_each(|name| assert!(modules.remove(*name), "{name}"));
    assert_eq!(modules, LIBRARY.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(imports_against("", LIBRARY), Vec::<String>::new());
    let stated = fs::read_to_string(repository().join("docs/architecture.md")).unwrap();
    let table = stated.split("## Modules").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let mut rows: Vec<&str> = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(rows.remove(0), "main, cli, commands");
    rows.reverse();
    assert_eq!(rows, LIBRARY);
}

#[test]
fn only_disk_uses_the_file_system() {
    let mut files = Vec::new();
    rust_files(&repository().join("src"), &mut files);
    let outside = files.iter().filter(|file| {
        let path = file.strip_prefix(repository().join("src")).unwrap();
        !path.starts_with("disk") && !path.starts_with("build_script.rs")
    });
    for file in outside {
        let code = code_of(&fs::read_to_string(file).unwrap());
        let named = code.windows(3).any(|words| words[0] == "std" && words[1] == "::" && words[2] == "fs");
        assert!(!named, "{} uses std::fs", file.display());
    }
}

#[test]
fn names_of_types_are_unique() {
    let src = repository().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let for_tests: Vec<PathBuf> = files.iter().flat_map(|file| test_modules(file)).collect();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| !for_tests.iter().any(|module| file.starts_with(module))) {
        let place = file.strip_prefix(&src).unwrap().display().to_string();
        for name in types_of(&code_of(&fs::read_to_string(file).unwrap())) {
            places.entry(name).or_default().push(place.clone());
        }
    }
    assert!(places.len() > 500, "{} types", places.len());
    places.retain(|_, files| files.len() > 1);
    assert_eq!(places, BTreeMap::new());
}

/// Returns the names of the structs, enums, traits and aliases that a file defines, without associated types and without names
/// that a macro receives.
fn types_of(tokens: &[String]) -> Vec<String> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for pair in tokens.windows(2).filter(|pair| pair[1] != "$") {
        match pair[0].as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "struct" | "enum" | "trait" => found.push(pair[1].clone()),
            "type" if depth == 0 => found.push(pair[1].clone()),
            _ => {}
        }
    }
    found
}

/// Returns the modules of a folder below `src`.
fn modules_of(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(repository().join("src").join(folder)).unwrap().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let names = names.filter_map(|name| match name.split_once('.') {
        Some((stem, "rs")) => Some(stem.to_owned()),
        Some(_) => None,
        None => Some(name),
    });
    names.filter(|name| !ROOTS.contains(&name.as_str())).collect()
}

/// Files that belong to no module of their folder and may import all of them.
const ROOTS: [&str; 3] = ["lib", "main", "mod"];

/// Returns the imports in a folder below `src` that `order` forbids: a module may import only from modules before it. A path that
/// ends at the folder itself, or at a reexport, hides its target and is returned too.
fn imports_against(folder: &str, order: &[&str]) -> Vec<String> {
    let src = repository().join("src");
    let base: Vec<String> = folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let mut files = Vec::new();
    rust_files(&src.join(folder), &mut files);
    let for_tests: Vec<PathBuf> = files.iter().flat_map(|file| test_modules(file)).collect();
    let mut found = BTreeSet::new();
    for file in files.iter().filter(|file| !for_tests.iter().any(|module| file.starts_with(module))) {
        let module = module_path(file.strip_prefix(&src).unwrap());
        let place = |name: &String| order.iter().position(|known| known == name);
        let Some((owner, rank)) = module.get(base.len()).and_then(|owner| Some((owner, place(owner)?))) else { continue };
        for path in paths(&code_of(&fs::read_to_string(file).unwrap())) {
            let Some(target) = absolute(&path, &module).filter(|target| target.starts_with(&base)) else { continue };
            let target = target.get(base.len()).cloned().unwrap_or_else(|| "itself".into());
            if target != *owner && place(&target).is_none_or(|place| place > rank) {
                let file = file.strip_prefix(repository()).unwrap().display();
                found.insert(format!("{file}: `{owner}` imports `{target}`"));
            }
        }
    }
    found.into_iter().collect()
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

/// Returns the path of the module in a file, from the root of the crate.
fn module_path(file: &Path) -> Vec<String> {
    let path = file.with_extension("");
    let mut parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| ROOTS.contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

/// Returns the files and folders of the test modules that a file declares.
fn test_modules(file: &Path) -> Vec<PathBuf> {
    let is_root = file.file_stem().is_some_and(|stem| ROOTS.iter().any(|root| stem == *root));
    let folder = if is_root { file.parent().unwrap().to_owned() } else { file.with_extension("") };
    let tokens = tokens(&fs::read_to_string(file).unwrap());
    let declared = tokens.windows(CFG_TEST.len() + 3).filter(|window| window.starts_with(&CFG_TEST.map(str::to_owned)));
    let names = declared.filter_map(|window| match &window[CFG_TEST.len()..] {
        [word, name, end] if word == "mod" && end == ";" => Some(name.clone()),
        _ => None,
    });
    names.flat_map(|name| [folder.join(&name), folder.join(format!("{name}.rs"))]).collect()
}

const CFG_TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];

/// Returns the tokens of a text without test code.
fn code_of(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut kept = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if rest.starts_with(&CFG_TEST.map(str::to_owned)) {
            rest = after_item(&rest[CFG_TEST.len()..]);
        } else {
            kept.push(first.clone());
            rest = after;
        }
    }
    kept
}

/// Returns the tokens after an item, which ends with a semicolon or its closing brace.
fn after_item(tokens: &[String]) -> &[String] {
    let is_use = tokens.iter().find(|token| *token != "pub").is_some_and(|token| token == "use");
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 && (token == ";" || token == "}" && !is_use) {
            return &tokens[at + 1..];
        }
    }
    &[]
}

/// Splits a text into words, double colons and other signs, without comments, strings and character literals.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => string_end(rest),
            '\'' => character_end(rest),
            'r' | 'b' if raw_hashes(rest).is_some() => {
                let hashes = raw_hashes(rest).unwrap_or_default();
                let start = rest.find('"').unwrap() + 1;
                let end = format!("\"{}", "#".repeat(hashes));
                rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
            }
            ':' if rest.starts_with("::") => {
                tokens.push("::".into());
                2
            }
            c if is_word(c) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                tokens.push(rest[..length].to_owned());
                length
            }
            c => {
                tokens.extend((!c.is_whitespace()).then(|| c.to_string()));
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    tokens
}

/// Returns the number of hashes at the start of a raw string, or `None` if there is no raw string.
fn raw_hashes(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let bare = rest.trim_start_matches('#');
    bare.starts_with('"').then(|| rest.len() - bare.len())
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Returns the length of a character literal or of the quote of a lifetime.
fn character_end(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), Some((escaped, _))) => text[escaped + 1..].find('\'').map_or(1, |end| escaped + 2 + end),
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1,
    }
}

/// Returns the paths that start in this crate.
fn paths(tokens: &[String]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        let is_start = matches!(first.as_str(), "crate" | "super" | "self");
        if first == "use" {
            let end = after.iter().position(|token| token == ";").unwrap_or(after.len());
            use_tree(&after[..end], &[], &mut paths);
            rest = &after[end..];
        } else if is_start && after.first().is_some_and(|next| next == "::") {
            let (path, left) = path_at(rest);
            paths.push(path);
            rest = left;
        } else {
            rest = after;
        }
    }
    paths
}

/// Returns the words of a path that are joined by `::`, and the remaining tokens.
fn path_at(tokens: &[String]) -> (Vec<String>, &[String]) {
    let mut path = Vec::new();
    let mut rest = tokens;
    while let Some((word, after)) =
        rest.split_first().filter(|(word, _)| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
    {
        path.push(word.clone());
        match after.split_first() {
            Some((colons, next)) if colons == "::" => rest = next,
            _ => return (path, after),
        }
    }
    (path, rest)
}

/// Collects the paths of a `use` tree: `a::{b, c::{d, e}}`.
fn use_tree(tokens: &[String], before: &[String], paths: &mut Vec<Vec<String>>) {
    let (words, rest) = path_at(tokens);
    let path = [before, &words].concat();
    if rest.first().is_none_or(|next| next != "{") {
        // `{self}` is the path before it.
        let path =
            if path.len() > 1 { path.strip_suffix(&["self".to_owned()]).map_or(path.clone(), <[_]>::to_vec) } else { path };
        paths.extend((!path.is_empty()).then_some(path));
        return;
    }
    let mut depth = 0_usize;
    let inner = &rest[1..rest.len() - 1];
    let branches = inner.split(|token| {
        depth = if token == "{" { depth + 1 } else { depth - usize::from(token == "}") };
        depth == 0 && token == ","
    });
    branches.filter(|branch| !branch.is_empty()).for_each(|branch| use_tree(branch, &path, paths));
}

/// Returns the path from the root of the crate, or `None` for a path of another crate.
fn absolute(path: &[String], module: &[String]) -> Option<Vec<String>> {
    let mut words = path.iter().peekable();
    let mut absolute = match words.next()?.as_str() {
        "crate" => Vec::new(),
        "self" => module.to_vec(),
        "super" => module.split_last()?.1.to_vec(),
        _ => return None,
    };
    while words.next_if(|word| *word == "super").is_some() {
        absolute.pop();
    }
    absolute.extend(words.cloned());
    Some(absolute)
}

#[test]
fn parses_imports_like_the_compiler() {
    let code = r###"
        use std::fmt;
        // use crate::comment::X;
        pub use super::{self, a::{self, B}, c::D as E};
        const S: &str = "crate::string"; const R: &str = r#"crate::"raw""#; const C: [char; 3] = ['"', '\'', '{'];
        fn f<'a>(x: &'a str) -> crate::inline::Y { super::super::up::call(x) }
        #[cfg(test)]
        pub use crate::only::{Tests, Here};
        #[cfg(test)]
        mod tests { use crate::tested::Z; fn g() { crate::tested::g() } }
        use crate::last::*;
    "###;
    let module = ["resolve", "scope", "ids"].map(str::to_owned);
    let paths = paths(&code_of(code));
    let found: Vec<String> = paths.iter().filter_map(|path| absolute(path, &module)).map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        [
            "resolve::scope",
            "resolve::scope::a",
            "resolve::scope::a::B",
            "resolve::scope::c::D",
            "inline::Y",
            "resolve::up::call",
            "last"
        ]
    );
}
