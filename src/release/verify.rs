//! Verifies a release: its checksums and its signature, and optionally that the sources are unchanged and produce the same bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::{Archive, MANIFEST, referred};
use super::assemble::{
    ALWAYS_WRITTEN, Before, CHANGES, COMPARISON_FILES, CORRECTION, DERIVED_FILES, Earlier, Material, assemble,
};
use super::differ::difference;
use super::make::{BuildRequest, Built};
use super::manifest::{FROM_COMMAND, PreviousRelease, ReleaseManifest, Tool};
use super::recover::interrupted;
use super::signature::{self, SIGNATURE};
use super::stale::new_inputs;
use super::sums::{self, SUMS};
use crate::build::{Interrupt, Outcome, Progress};
use crate::check;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, code};
use crate::disk::{self, MAX_BYTES, Sha256, StagedFolder, sha256_file};
use crate::resolve::REPLACED;
use crate::workspace::Workspace;

/// A request to verify a release.
#[derive(Clone, Debug, Default)]
pub struct VerifyRequest {
    /// The folder of the release.
    pub folder: PathBuf,
    /// Root folder of the workspace from which the release is rebuilt; `None` to verify the checksums only.
    pub sources: Option<PathBuf>,
    /// minisign public key for the signature of the checksums.
    pub key: Option<PathBuf>,
    /// Number of threads; `None` for the default.
    pub threads: Option<usize>,
    /// Stops the work when raised.
    pub interrupt: Interrupt,
}

/// The result of a verification.
#[derive(Debug, Default)]
pub struct Verification {
    /// Diagnostics of the differences, with their sources.
    pub outcome: Outcome,
    /// Confirmations, one sentence each, in the order of the checks.
    pub confirmed: Vec<String>,
    /// Parts that were not checked, with the reasons.
    pub unchecked: Vec<String>,
}

/// Verifies a release: first the checksums; then, if the sources are given, the input files, the tool, and the bytes of a new
/// build.
pub fn verify(request: &VerifyRequest, progress: &Arc<dyn Progress>) -> Verification {
    let mut done = Verification::default();
    if let Some(interrupted) = interrupted(&request.folder) {
        done.outcome.diagnostics.push(interrupted);
        return done;
    }
    let archive = Archive::read(&request.folder);
    check_sums(request, archive.as_ref().ok().map(|archive| &archive.manifest), &mut done);
    check_signature(request, &mut done);
    let archive = match archive {
        Ok(archive) => archive,
        Err(fault) => {
            done.outcome.diagnostics.extend(fault);
            return done;
        }
    };
    let Some(root) = &request.sources else {
        done.unchecked.push("the sources: give --sources ROOT to make the release again and compare its bytes".into());
        return done;
    };
    if !disk::exists(root) {
        let message = format!("the folder of the sources \"{}\" does not exist", root.display());
        done.outcome.diagnostics.push(Diagnostic::new(code::INPUT_CHANGED, message).hint(HINT_ROOT));
        return done;
    }
    let changed = check_inputs(root, &archive.manifest, &mut done);
    if !check_tool(&archive.manifest, &mut done) {
        return done;
    }
    match rebuild(request, root, &archive.manifest, progress, &mut done) {
        Ok((Some(material), _)) => check_bytes(&archive, &material, &changed, &mut done),
        // The findings result from the changed sources.
        Ok((None, _)) if !changed.is_empty() && !done.outcome.failed => {
            done.unchecked.push("the bytes: the edition cannot be built from sources that are not those of the release".into());
        }
        Ok((None, found)) => done.outcome.diagnostics.extend(found),
        Err(fault) => {
            done.outcome.failed = true;
            done.outcome.diagnostics.extend(fault);
        }
    }
    done
}

/// Compares the files with their checksums, and the checksums with the manifest.
fn check_sums(request: &VerifyRequest, manifest: Option<&ReleaseManifest>, done: &mut Verification) {
    let folder = &request.folder;
    let found = &mut done.outcome.diagnostics;
    let text = disk::read_regular(&folder.join(SUMS), MAX_BYTES);
    let Some(text) = text.and_then(|bytes| String::from_utf8(bytes).ok()) else {
        let message = format!("\"{}\" has no readable {SUMS}", folder.display());
        found.push(Diagnostic::new(code::RELEASE_FOLDER, message).hint(HINT_FOLDER));
        return;
    };
    let sums = match sums::read(&text) {
        Ok(sums) => sums,
        Err(line) => {
            let message = format!("line {line} of {SUMS} is not a sum with the name of a file");
            found.push(Diagnostic::new(code::RELEASE_FOLDER, message).hint(HINT_COPY));
            return;
        }
    };
    let before = found.sorted().len();
    for (name, sum) in &sums {
        match sha256_file(&folder.join(name)) {
            Ok(actual) if actual == *sum => {}
            Ok(actual) => {
                let message = format!("\"{name}\" changed: its sum is {actual}, and {SUMS} has {sum}");
                found.push(Diagnostic::new(code::FILE_CHANGED, message).hint(HINT_COPY));
            }
            Err(error) => {
                let message = match error.kind() {
                    std::io::ErrorKind::NotFound => format!("\"{name}\" is missing"),
                    _ => format!("\"{name}\" cannot be read: {error}"),
                };
                found.push(Diagnostic::new(code::FILE_MISSING, message).hint(HINT_COPY));
            }
        }
    }
    found.extend(contradictions(manifest, &sums));
    let is_own = |name: &&String| {
        [SUMS, SIGNATURE, MANIFEST].contains(&name.as_str())
            || sums.contains_key(*name)
            || manifest.is_some_and(|manifest| files_of(manifest).any(|file| file == *name))
    };
    match disk::list(folder) {
        Ok(files) => found.extend(files.iter().filter(|name| !is_own(name)).map(|name| unexpected(name)).collect()),
        Err(error) => found.push(
            Diagnostic::new(code::RELEASE_FOLDER, format!("\"{}\" cannot be listed: {error}", folder.display())).hint(HINT_COPY),
        ),
    }
    if found.sorted().len() == before {
        done.confirmed.push(format!("checksums: {} files match {SUMS}", sums.len()));
    }
}

/// Returns a diagnostic for each artefact whose checksum in the manifest differs from `SHA256SUMS`, and for each file of the
/// release that `SHA256SUMS` does not list: the manifest, and the files that it names.
fn contradictions(manifest: Option<&ReleaseManifest>, sums: &BTreeMap<String, Sha256>) -> Diagnostics {
    let artefacts = manifest.map(|manifest| manifest.artefacts.as_slice()).unwrap_or_default();
    let other = artefacts.iter().filter(|file| sums.get(&file.path).is_some_and(|sum| *sum != file.sha256));
    let other = other.map(|file| {
        let message = format!("\"{}\" is not the file of the release: {MANIFEST} and {SUMS} have different sums", file.path);
        Diagnostic::new(code::FILE_CHANGED, message).hint(HINT_COPY)
    });
    let files = std::iter::once(MANIFEST).chain(manifest.into_iter().flat_map(files_of));
    let unlisted = files.filter(|name| !sums.contains_key(*name)).map(|name| {
        let message = format!("\"{name}\" is part of the release, but {SUMS} does not list it");
        Diagnostic::new(code::FILE_MISSING, message).hint(HINT_COPY)
    });
    other.chain(unlisted).collect()
}

/// Returns the names of the files that a release with this manifest contains.
fn files_of(manifest: &ReleaseManifest) -> impl Iterator<Item = &str> {
    let artefacts = manifest.artefacts.iter().map(|file| file.path.as_str());
    let pages = manifest.pages.iter().map(|page| page.picture.as_str());
    let changes = manifest.previous.as_ref().map(|_| CHANGES);
    let correction = manifest.replaces.as_ref().map(|_| CORRECTION);
    artefacts.chain(manifest.cover.as_deref()).chain(pages).chain(ALWAYS_WRITTEN).chain(changes).chain(correction)
}

const HINT_FOLDER: &str = "give the folder of one edition, such as build/releases/PUBLICATION/EDITION";
const HINT_COPY: &str = "restore the release from another copy, or make it again with `reliure release --replace`";

fn unexpected(name: &str) -> Diagnostic {
    let message = format!("\"{name}\" does not belong to the release: {SUMS} does not list it");
    Diagnostic::new(code::FILE_UNEXPECTED, message).hint("move the file out of the folder")
}

fn check_signature(request: &VerifyRequest, done: &mut Verification) {
    let signature = disk::read_regular(&request.folder.join(SIGNATURE), MAX_BYTES);
    match (&request.key, signature) {
        (None, None) => {}
        (None, Some(_)) => done.unchecked.push("the signature: give --key FILE, the public key of the publisher".into()),
        (Some(_), None) => {
            let message = format!("the release is not signed: it has no {SIGNATURE}");
            let hint = "ask the publisher, or leave out --key to check the sums only";
            done.outcome.diagnostics.push(Diagnostic::new(code::SIGNATURE, message).hint(hint));
        }
        (Some(key), Some(signature)) => {
            let sums = disk::read_regular(&request.folder.join(SUMS), MAX_BYTES).unwrap_or_default();
            match signature::verify(key, &sums, &signature) {
                Ok(comment) => {
                    done.confirmed.push(format!("signature: {SUMS} is signed by this key ({})", comment.replace('\t', ", ")));
                }
                Err(fault) => done.outcome.diagnostics.extend(fault),
            }
        }
    }
}

/// Compares the source files with their recorded checksums. Returns those that changed, are missing or are new.
fn check_inputs(root: &Path, manifest: &ReleaseManifest, done: &mut Verification) -> Vec<String> {
    let mut changed = Vec::new();
    if !manifest.inputs.is_empty()
        && manifest.inputs.iter().all(|input| !disk::stays_inside(&input.path) || !disk::exists(&disk::locate(root, &input.path)))
    {
        let message = format!("\"{}\" contains no source of the release", root.display());
        done.outcome.diagnostics.push(Diagnostic::new(code::INPUT_CHANGED, message).hint(HINT_ROOT));
        return manifest.inputs.iter().map(|input| input.path.clone()).collect();
    }
    for input in &manifest.inputs {
        if !disk::stays_inside(&input.path) {
            let message = format!("the source \"{}\" of {MANIFEST} is outside of the project, and was not read", input.path);
            done.outcome.diagnostics.push(Diagnostic::new(code::RELEASE_FOLDER, message).hint(HINT_COPY));
            changed.push(input.path.clone());
            continue;
        }
        let place = disk::locate(root, &input.path);
        let message = match sha256_file(&place) {
            Ok(sum) if sum == input.sha256 => continue,
            Ok(_) => format!("the source \"{}\" changed since the release", input.path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => format!("the source \"{}\" is missing", input.path),
            Err(error) => format!("the source \"{}\" cannot be read: {error}", input.path),
        };
        changed.push(input.path.clone());
        done.outcome.diagnostics.push(Diagnostic::new(code::INPUT_CHANGED, message).hint(HINT_SOURCES));
    }
    let workspace = Workspace::open(root).0;
    let home = workspace.home(&manifest.edition.inspection.publication);
    let new = home.map(|home| new_inputs(&workspace, home, manifest)).unwrap_or_default();
    report_new_inputs(&new, &mut done.outcome.diagnostics);
    changed.extend(new);
    if changed.is_empty() {
        done.confirmed.push(format!("inputs: {} source files match the release", manifest.inputs.len()));
    }
    changed
}

const HINT_ROOT: &str = "give the root folder of the project, which contains `sources`";
const HINT_SOURCES: &str = "check out the sources of the release, for example by its tag";

/// Returns whether this tool made the release, and reports it otherwise.
fn check_tool(manifest: &ReleaseManifest, done: &mut Verification) -> bool {
    let (this, maker) = (Tool::this(), &manifest.tool);
    if this == *maker {
        done.confirmed.push(format!("tool: this is {}, which made the release", this.described()));
        return true;
    }
    let message = format!(
        "the release was made by {}, and this is {}: another build may produce other bytes, so the bytes were not compared",
        maker.described(),
        this.described()
    );
    let hint = format!("run `verify` with {} to compare the bytes", maker.described());
    done.outcome.diagnostics.push(Diagnostic::new(code::OTHER_TOOL, message).hint(hint));
    false
}

/// Rebuilds the edition with the allowances of the release. Returns the findings, and no material if it cannot be built.
fn rebuild(
    request: &VerifyRequest,
    root: &Path,
    manifest: &ReleaseManifest,
    progress: &Arc<dyn Progress>,
    done: &mut Verification,
) -> Result<(Option<Material>, Diagnostics), Diagnostics> {
    let inspection = &manifest.edition.inspection;
    let from_command = manifest.allowances.iter().filter(|allowance| allowance.source == FROM_COMMAND);
    let allowed = from_command.filter_map(|allowance| Some((check::meaning(&allowance.code)?.code, allowance.reason.clone())));
    let allowed: Vec<(Code, String)> = allowed.collect();
    let parent = disk::temporary();
    disk::sweep_folders(&parent);
    let staged = StagedFolder::create(&parent, "verify").map_err(|error| crate::build::unwritable(&parent, &error))?;
    let build = BuildRequest {
        root,
        publication: &inspection.publication,
        edition: &inspection.edition.id,
        allowed: &allowed,
        threads: request.threads,
        interrupt: &request.interrupt,
    };
    let Built { sources, found, material, interrupted, failed, .. } = build.run(&staged.scratch(), progress);
    done.outcome.sources = sources;
    done.outcome.interrupted = interrupted;
    done.outcome.failed |= failed;
    Ok((material, found))
}

/// Compares the files of the release with the rebuilt ones. `reported` contains the differing sources that were already reported.
fn check_bytes(archive: &Archive, material: &Material, reported: &[String], done: &mut Verification) {
    let manifest = &archive.manifest;
    let is_known = |path: &str| manifest.inputs.iter().any(|known| known.path == path);
    let new = material.inputs.iter().map(|input| &input.path).filter(|path| !is_known(path) && !reported.contains(path));
    report_new_inputs(&new.cloned().collect::<Vec<_>>(), &mut done.outcome.diagnostics);
    let beside = |reference: &Option<PreviousRelease>| referred(archive.folder.parent()?, reference.as_ref()?);
    let (previous, replaced) = (beside(&manifest.previous), beside(&manifest.replaces));
    let lost = [(&manifest.previous, &previous, "previous"), (&manifest.replaces, &replaced, "replaced")];
    let lost = lost.into_iter().find_map(|(recorded, found, kind)| Some((recorded.as_ref().filter(|_| found.is_none())?, kind)));
    let before = match lost {
        Some(_) => Before::Recorded(archive),
        None => Before::Known(Earlier { previous: previous.as_ref(), replaced: replaced.as_ref() }),
    };
    let mut expected = assemble(material, before);
    if let Some((reference, kind)) = lost {
        let compared: Vec<&str> = COMPARISON_FILES.into_iter().filter(|name| expected.contains_key(*name)).collect();
        done.unchecked.push(format!(
            "the contents of {}: they compare this release with the {kind} one ({}), whose folder is not beside it. Their sums were checked; \
             put the folder \"{}\" beside this one to make them again",
            compared.join(" and "),
            reference.edition,
            if kind == "previous" { reference.edition.clone() } else { format!("{}{REPLACED}…", reference.edition) },
        ));
        COMPARISON_FILES.iter().for_each(|name| drop(expected.remove(*name)));
    }
    // `SHA256SUMS` is derived from the other files.
    expected.remove(SUMS);
    let differing = differing(archive, &expected);
    if differing.is_empty() {
        done.confirmed.push(format!("rebuilt: {} files have the same bytes", expected.len()));
    }
    done.outcome.diagnostics.extend(differing);
}

fn report_new_inputs(new: &[String], found: &mut Diagnostics) {
    for path in new {
        let message = format!("the source \"{path}\" is new: the release was made without it");
        found.push(Diagnostic::new(code::INPUT_CHANGED, message).hint(HINT_SOURCES));
    }
}

/// Returns a diagnostic for each file that differs, artefacts first.
fn differing(archive: &Archive, expected: &BTreeMap<String, Vec<u8>>) -> Diagnostics {
    let is_artefact = |name: &str| archive.manifest.artefacts.iter().any(|file| file.path == name);
    let follows = |name: &str| name == MANIFEST || DERIVED_FILES.contains(&name);
    let mut names: Vec<&String> = expected.keys().collect();
    names.sort_by_key(|name| (!is_artefact(name), follows(name), name.as_str()));
    let mut found = Diagnostics::default();
    let mut following: Vec<&str> = Vec::new();
    for name in names {
        let Some(made) = expected.get(name) else { continue };
        if follows(name) && found.has_errors() {
            // These files list or show files that were already reported.
            following.extend((archive.file(name).as_ref() != Some(made)).then_some(name.as_str()));
            continue;
        }
        let message = match archive.file(name) {
            Some(bytes) if bytes == *made => continue,
            Some(bytes) => {
                let sizes = format!("{} and {} bytes", bytes.len(), made.len());
                let section = |id: &str| archive.manifest.edition.sections.iter().find(|section| section.id == id);
                let place = difference(name, &bytes, made, &|id| section(id).map(|section| section.title.clone()));
                format!("\"{name}\" differs from the rebuilt file ({sizes}), first {place}")
            }
            None => format!("the build writes \"{name}\", which is missing from the release"),
        };
        found.push(Diagnostic::new(code::REBUILD_DIFFERS, message).hint(HINT_REBUILD));
    }
    if !following.is_empty() {
        let message = format!("files that are derived from the others differ too: {}", following.join(", "));
        found.push(Diagnostic::new(code::REBUILD_DIFFERS, message).hint(HINT_REBUILD));
    }
    let gone = archive.manifest.artefacts.iter().filter(|file| !expected.contains_key(&file.path));
    found.extend(
        gone.map(|file| {
            let message = format!("\"{}\" is in the release, and the build does not make it", file.path);
            Diagnostic::new(code::REBUILD_DIFFERS, message).hint(HINT_REBUILD)
        })
        .collect(),
    );
    found
}

const HINT_REBUILD: &str = "compare the sources and the tool with those that manifest.json names";
