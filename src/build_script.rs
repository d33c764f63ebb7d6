//! Build script. Recompiles the crate when an embedded layout or font changes, computes an id of the build from its inputs, and
//! compresses the fonts for EPUBs as WOFF2.

#![allow(clippy::print_stdout, reason = "build scripts pass instructions to cargo on standard output")]

#[path = "build_script/latin.rs"]
mod latin;
#[path = "output/epub/fonts/latin_subset.rs"]
mod latin_subset;
#[path = "build_script/woff2.rs"]
mod woff2;

use std::collections::hash_map::DefaultHasher;
use std::error::Error;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, thread};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Files that affect the artefacts.
const INPUTS: [&str; 4] = ["Cargo.lock", "fonts", "layouts", "src"];

fn main() -> Result<(), Box<dyn Error>> {
    // `DefaultHasher::new` has fixed keys, so equal inputs have equal ids on every machine.
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

/// Writes a ZIP archive of the fonts as WOFF2, unless it is up to date. The name of each entry is the BLAKE3 digest of the font;
/// a suffix marks its Latin subset.
fn fonts(folder: &Path) -> Result<(), Box<dyn Error>> {
    let target = folder.join("fonts.zip");
    let inputs = ["Cargo.lock", "fonts", "src/build_script.rs", "src/build_script", "src/output/epub/fonts/latin_subset.rs"];
    let Some(record) = InputRecord::unless_current(&target, &inputs) else { return Ok(()) };
    let mut fonts = Vec::new();
    files(Path::new("fonts"), &mut |path| {
        // Symbol fonts are excluded, because EPUBs contain subsets of them.
        let is_symbols = path.iter().any(|part| part.to_string_lossy().starts_with("noto-"));
        if !is_symbols && path.extension().is_some_and(|extension| extension == "otf" || extension == "ttf") {
            fonts.push(fs::read(path));
        }
    });
    let fonts = fonts.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut archive = ZipWriter::new(fs::File::create(target)?);
    let options =
        SimpleFileOptions::default().last_modified_time(DateTime::default()).compression_method(CompressionMethod::Stored);
    // The best compression takes a second per font.
    let threads = thread::available_parallelism().map_or(1, usize::from);
    for group in fonts.chunks(threads) {
        let compressed: Vec<_> = thread::scope(|scope| {
            let compress = |font: &[u8]| -> Result<[Vec<u8>; 2], String> {
                let subset = latin::latin(font).map_err(|error| error.to_string())?;
                let woff2 = |font: &[u8]| woff2::compress(font).map_err(|error| error.to_string());
                Ok([woff2(font)?, woff2(&subset)?])
            };
            let running: Vec<_> = group.iter().map(|font| scope.spawn(move || compress(font))).collect();
            running.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        for (font, compressed) in group.iter().zip(compressed) {
            let [whole, subset] = compressed.map_err(|_| "a font cannot be compressed")??;
            let name = blake3::hash(font).to_string();
            archive.start_file(&name, options)?;
            archive.write_all(&whole)?;
            archive.start_file(format!("{name}{}", latin_subset::SUFFIX), options)?;
            archive.write_all(&subset)?;
        }
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
