//! Build script. Compiles the crate again when an embedded layout or font changes, computes an id of the build from its inputs,
//! and compresses the fonts for EPUBs in advance.

#![allow(clippy::print_stdout, reason = "build scripts pass instructions to cargo on standard output")]

use std::collections::hash_map::DefaultHasher;
use std::error::Error;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

/// Files that affect the artefacts.
const INPUTS: [&str; 4] = ["Cargo.lock", "fonts", "layouts", "src"];

fn main() -> Result<(), Box<dyn Error>> {
    // `DefaultHasher::default` has fixed keys, so equal inputs have equal ids on every machine.
    let mut hasher = DefaultHasher::new();
    for input in INPUTS {
        println!("cargo::rerun-if-changed={input}");
        files(Path::new(input), &mut |path| {
            path.hash(&mut hasher);
            fs::read(path).unwrap_or_default().hash(&mut hasher);
        });
    }
    println!("cargo::rustc-env=RELIURE_BUILD={:016x}", hasher.finish());
    let folder = env::var("OUT_DIR")?;
    fonts(Path::new(&folder))
}

/// Writes a ZIP archive of the fonts, unless it is up to date. The name of each entry is the BLAKE3 digest of the font.
fn fonts(folder: &Path) -> Result<(), Box<dyn Error>> {
    let target = folder.join("fonts.zip");
    let Some(record) = InputRecord::unless_current(&target, &["Cargo.lock", "fonts"]) else { return Ok(()) };
    let mut fonts = Vec::new();
    files(Path::new("fonts"), &mut |path| {
        if path.extension().is_some_and(|extension| extension == "otf" || extension == "ttf") {
            fonts.push(path.to_owned());
        }
    });
    let mut archive = ZipWriter::new(fs::File::create(target)?);
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).compression_level(Some(9));
    for font in fonts {
        let bytes = fs::read(font)?;
        archive.start_file(blake3::hash(&bytes).to_string(), options)?;
        archive.write_all(&bytes)?;
    }
    archive.finish()?;
    record.write()
}

/// The digest of the inputs of a generated file, stored beside it so that the file is generated again only when they change.
struct InputRecord {
    path: PathBuf,
    digest: String,
}

impl InputRecord {
    /// Returns `None` if the file was generated from the same inputs. Otherwise removes the stored record, because an interrupted
    /// build may leave an incomplete file.
    fn unless_current(target: &Path, inputs: &[&str]) -> Option<Self> {
        let mut hasher = blake3::Hasher::new();
        for input in inputs {
            files(Path::new(input), &mut |path| {
                let bytes = fs::read(path).unwrap_or_default();
                hasher.update(format!("{} {}\n", path.display(), bytes.len()).as_bytes()).update(&bytes);
            });
        }
        let record = Self { path: target.with_extension("made-of"), digest: hasher.finalize().to_string() };
        if target.exists() && fs::read_to_string(&record.path).is_ok_and(|before| before == record.digest) {
            return None;
        }
        let _ = fs::remove_file(&record.path);
        Some(record)
    }

    fn write(&self) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(&self.path, &self.digest)?)
    }
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
