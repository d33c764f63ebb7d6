//! Has the crate compiled again when a layout or a font that it carries changes, names the build by what it is made of, and
//! prepares the grammars of code.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo this way")]

#[path = "content/highlight/narrow.rs"]
mod narrow;

use std::collections::hash_map::DefaultHasher;
use std::error::Error;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

use syntect::dumps::dump_to_uncompressed_file;
use syntect::parsing::syntax_definition::Pattern;
use syntect::parsing::{Regex, SyntaxSetBuilder};

/// What decides on the artefacts that the command makes.
const INPUTS: [&str; 4] = ["Cargo.lock", "fonts", "layouts", "src"];

fn main() -> Result<(), Box<dyn Error>> {
    // The hasher has fixed keys: equal inputs give equal names on any machine.
    let mut hasher = DefaultHasher::new();
    for input in INPUTS {
        println!("cargo::rerun-if-changed={input}");
        files(Path::new(input), &mut |path| {
            path.hash(&mut hasher);
            fs::read(path).unwrap_or_default().hash(&mut hasher);
        });
    }
    println!("cargo::rustc-env=RELIURE_BUILD={:016x}", hasher.finish());
    grammars(Path::new(&env::var("OUT_DIR")?))
}

/// Writes the grammars of code with narrowed patterns, unless they are there.
fn grammars(folder: &Path) -> Result<(), Box<dyn Error>> {
    let made_of = [fs::read("Cargo.lock")?, fs::read("src/content/highlight/narrow.rs")?].concat();
    let (target, memory) = (folder.join("grammars.bin"), folder.join("grammars.made-of"));
    if target.exists() && fs::read(&memory).is_ok_and(|before| before == made_of) {
        return Ok(());
    }
    let mut narrowed = SyntaxSetBuilder::new();
    for grammar in two_face::syntax::extra_no_newlines().into_builder().syntaxes() {
        let mut grammar = grammar.clone();
        for pattern in grammar.contexts.values_mut().flat_map(|context| &mut context.patterns) {
            if let Pattern::Match(pattern) = pattern {
                pattern.regex = Regex::new(narrow::narrow(pattern.regex.regex_str()));
            }
        }
        narrowed.add(grammar);
    }
    dump_to_uncompressed_file(&narrowed.build(), target)?;
    Ok(fs::write(memory, made_of)?)
}

/// Calls `visit` on every file below a path, in order of name.
fn files(path: &Path, visit: &mut dyn FnMut(&Path)) {
    if !path.is_dir() {
        return visit(path);
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut inner: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    inner.sort();
    inner.iter().for_each(|path| files(path, visit));
}
