//! Makes releases: builds each edition alone, assembles its files, and moves them to their folder when they are complete.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::{self, Archive, replaced_path};
use super::assemble::{Before, Earlier, Material, assemble};
use super::manifest::{FROM_COMMAND, InputFile, ReleasedAllowance};
use super::recover::recover;
use super::signature::{SIGNATURE, SigningKey, sign};
use super::stale::stale;
use super::sums::SUMS;
use crate::build::{self, EditionParts, Interrupt, LeftOut, Outcome, Progress, Rebuild, Request};
use crate::check;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, Sources, Strictness, code};
use crate::disk::{self, MAX_BYTES, StagedFolder, sha256_file};
use crate::product::Product;
use crate::resolve::{is_edition_id, refused_id};
use crate::snapshot::{EditionSnapshot, TextBlock};
use crate::workspace::{Home, Workspace};

/// A request for releases.
#[derive(Clone, Debug, Default)]
pub struct ReleaseRequest {
    /// Root folder of the workspace.
    pub root: PathBuf,
    /// Folder names of the publications; empty for all.
    pub publications: Vec<String>,
    /// Id of the edition; `None` for every edition that has no release.
    pub edition: Option<String>,
    /// Codes whose findings are allowed, each with the reason.
    pub allow: Vec<(String, String)>,
    /// Whether an existing release is replaced. The old release is kept beside the new one.
    pub replace: bool,
    /// Key that signs the checksums.
    pub key: Option<SigningKey>,
    /// Number of threads; `None` for the default.
    pub threads: Option<usize>,
    /// Stops the work when raised.
    pub interrupt: Interrupt,
}

/// A release that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// Slug of the publication.
    pub publication: String,
    /// Id of the edition.
    pub edition: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Number of files.
    pub files: usize,
    /// Size of all files.
    pub bytes: u64,
    /// Id of the edition that it is compared with.
    pub previous: Option<String>,
    /// New path of the release that it replaces.
    pub replaced: Option<PathBuf>,
}

/// The outcome of a request.
#[derive(Debug, Default)]
pub struct ReleaseOutcome {
    /// Diagnostics with their sources.
    pub outcome: Outcome,
    /// The releases that were written, in order.
    pub released: Vec<Released>,
    /// Number of editions that already have a release and were skipped.
    pub existing: usize,
    /// The releases whose replacement was interrupted in an earlier run and was finished in this run.
    pub finished: Vec<PathBuf>,
}

/// Releases editions, each publication in the order of its editions, so that each edition is compared with the previous one.
pub fn release(request: &ReleaseRequest, progress: &Arc<dyn Progress>) -> ReleaseOutcome {
    let (workspace, found) = Workspace::open(&request.root);
    let mut done = ReleaseOutcome::default();
    done.outcome.sources = workspace.sources.clone();
    done.outcome.diagnostics = found;
    let allowed = allowed_codes(&request.allow, &mut done.outcome.diagnostics);
    let folder = workspace.release_folder();
    if let Some(mut outside) = workspace.check_inside(&folder) {
        outside.hints = vec!["remove the link, or name another folder of the project: [release] folder = \"…\"".to_owned()];
        done.outcome.diagnostics.push(outside);
    } else {
        match recover(&folder) {
            Ok(finished) => done.finished = finished,
            Err(error) => {
                done.outcome.diagnostics.push(build::unwritable(&folder, &error));
                done.outcome.failed = true;
            }
        }
    }
    let plan = editions(&workspace, request, &mut done.outcome);
    if done.outcome.diagnostics.has_errors() {
        return done;
    }
    let mut maker = Maker { workspace: &workspace, request, allowed, used: Vec::new(), folder, progress };
    for (at, (home, edition)) in plan.iter().enumerate() {
        if request.interrupt.is_raised() {
            done.outcome.interrupted = true;
            break;
        }
        let latest = plan.get(at + 1).is_none_or(|(next, _)| next.slug != home.slug);
        maker.edition(home, edition, latest, &mut done);
    }
    if !done.outcome.diagnostics.has_errors() && !done.released.is_empty() {
        done.outcome.diagnostics.extend(maker.unused());
    }
    done
}

/// Returns the codes that the command line allows. Reports unknown codes, codes that always stop a build, and missing reasons.
fn allowed_codes(allow: &[(String, String)], found: &mut Diagnostics) -> Vec<(Code, String)> {
    let mut codes = Vec::new();
    for (word, reason) in allow {
        let Some(meaning) = check::meaning(word) else {
            let unknown = Diagnostic::new(code::UNKNOWN_NAME, format!("no finding has the code \"{word}\""));
            found.push(unknown.hint("run `reliure explain` to see the codes"));
            continue;
        };
        let code = meaning.code;
        if !check::is_adjustable(code) {
            let message = format!("{code} always stops a release: it cannot be allowed");
            found.push(
                Diagnostic::new(code::ALLOW, message)
                    .hint(format!("fix the errors with this code, and leave out --allow {code}")),
            );
        } else if reason.trim().is_empty() {
            let message = format!("{code} is allowed without a reason");
            found.push(Diagnostic::new(code::ALLOW, message).hint("the reason is published with the release: --reason \"…\""));
        } else {
            codes.push((code, reason.trim().to_owned()));
        }
    }
    codes
}

/// Returns the requested editions. Reports unknown names.
fn editions(workspace: &Workspace, request: &ReleaseRequest, outcome: &mut Outcome) -> Vec<(Home, String)> {
    let mut found = Diagnostics::default();
    let names = Request { publications: request.publications.clone(), ..Request::default() };
    let homes = if outcome.diagnostics.has_errors() { Vec::new() } else { build::requested(workspace, &names, &mut found) };
    let (mut plan, mut known) = (Vec::new(), Vec::new());
    for home in homes {
        let read = workspace.read(&home, Strictness::Full);
        let Some(publication) = read.publication else {
            outcome.sources.extend(&read.sources);
            found.extend(read.found);
            outcome.unwritten.push(home.slug.clone());
            continue;
        };
        for edition in &publication.manifest.value.editions {
            let id = edition.id.get_ref();
            known.push(id.clone());
            if request.edition.as_ref().is_some_and(|wanted| wanted != id) {
                continue;
            }
            if is_edition_id(id) {
                plan.push((home.clone(), id.clone()));
            } else {
                outcome.sources.extend(&read.sources);
                found.push(refused_id(id, publication.manifest.span(&edition.id)));
                outcome.unwritten.push(format!("{}-{id}", home.slug));
            }
        }
    }
    if let (Some(id), true, false) = (&request.edition, plan.is_empty(), found.has_errors()) {
        let unknown = Diagnostic::new(code::UNKNOWN_NAME, format!("no edition has the id \"{id}\""));
        found.push(unknown.suggest(id, known.iter().map(String::as_str)));
    }
    outcome.diagnostics.extend(found);
    plan
}

/// Makes the releases of a request.
struct Maker<'a> {
    workspace: &'a Workspace,
    request: &'a ReleaseRequest,
    allowed: Vec<(Code, String)>,
    /// The allowed codes that occurred in findings.
    used: Vec<Code>,
    folder: PathBuf,
    progress: &'a Arc<dyn Progress>,
}

impl Maker<'_> {
    /// Releases an edition, unless it has a release. `latest` states whether it is the latest of its publication.
    fn edition(&mut self, home: &Home, edition: &str, latest: bool, done: &mut ReleaseOutcome) {
        let releases = self.folder.join(&home.slug);
        let path = releases.join(edition);
        let exists = disk::exists(&path);
        if exists && !self.request.replace {
            match (&self.request.edition, Archive::read(&path)) {
                (Some(_), Ok(_)) => done.outcome.diagnostics.push(exists_already(&path)),
                (None, Ok(release)) => {
                    done.existing += 1;
                    let stale = latest.then(|| stale(self.workspace, home, &release)).flatten();
                    done.outcome.diagnostics.extend(stale.into_iter().collect());
                    return;
                }
                // An empty folder or a file is not a release.
                (_, Err(fault)) => done.outcome.diagnostics.extend(fault),
            }
            done.outcome.unwritten.push(format!("{}-{edition}", home.slug));
            return;
        }
        match self.build_release(home, edition, &path, done) {
            Ok(Some(released)) => {
                done.released.push(released);
                return;
            }
            Ok(None) => {}
            Err(fault) => {
                done.outcome.failed |= fault.is_failure;
                done.outcome.diagnostics.extend(fault.found);
                done.outcome.unwritten.push(format!("{}-{edition}", home.slug));
            }
        }
        // Empty folders of a release that was not written are removed.
        [releases.as_path(), &self.folder].into_iter().chain(self.folder.parent()).for_each(disk::remove_folder);
    }

    /// Builds, assembles and writes a release. Returns `None` if the work was interrupted.
    fn build_release(
        &mut self,
        home: &Home,
        edition: &str,
        path: &Path,
        done: &mut ReleaseOutcome,
    ) -> Result<Option<Released>, ReleaseFault> {
        let releases = self.folder.join(&home.slug);
        let staged = StagedFolder::create(&releases, edition).map_err(|error| ReleaseFault::disk(path, &error))?;
        let build = BuildRequest {
            root: &self.request.root,
            publication: &home.slug,
            edition,
            allowed: &self.allowed,
            threads: self.request.threads,
            interrupt: &self.request.interrupt,
        };
        let built = build.run(&staged.scratch(), self.progress);
        done.outcome.sources.extend(&built.sources);
        done.outcome.diagnostics.extend(built.found);
        done.outcome.left_out.extend(built.left_out);
        done.outcome.failed |= built.failed;
        done.outcome.interrupted |= built.interrupted;
        let Some(material) = built.material else {
            if !built.interrupted {
                done.outcome.unwritten.push(format!("{}-{edition}", home.slug));
            }
            return Ok(None);
        };
        self.used.extend(material.allowed.iter().filter_map(|allowed| check::meaning(&allowed.code)).map(|meaning| meaning.code));
        let date = &material.parts.snapshot.inspection.edition.date;
        let previous = archive::previous(&releases, date, edition).map_err(ReleaseFault::refused)?;
        // A damaged release can be replaced, but not compared.
        let exists = self.request.replace && disk::exists(path);
        let replaced = exists.then(|| Archive::read(path).ok()).flatten();
        if let Some(replaced) = &replaced
            && is_undated_correction(&replaced.manifest.edition, &material.parts.snapshot)
        {
            return Err(ReleaseFault::refused(undated_correction(path).into()));
        }
        let earlier = Earlier { previous: previous.as_ref(), replaced: replaced.as_ref() };
        let mut files = assemble(&material, Before::Known(earlier));
        if let (Some(key), Some(sums)) = (&self.request.key, files.get(SUMS)) {
            let signature = sign(key, sums, &material.parts.snapshot).map_err(ReleaseFault::refused)?;
            files.insert(SIGNATURE.to_owned(), signature.into_bytes());
        }
        for (name, bytes) in &files {
            staged.write(name, bytes).map_err(|error| ReleaseFault::disk(&path.join(name), &error))?;
        }
        let aside = match exists {
            true => Some(replace(staged, path, replaced.as_ref())?),
            false => commit(staged, path).map(|()| None)?,
        };
        Ok(Some(Released {
            publication: home.slug.clone(),
            edition: edition.to_owned(),
            folder: path.to_owned(),
            files: files.len(),
            bytes: files.values().map(|bytes| bytes.len() as u64).sum(),
            previous: previous.map(|previous| previous.reference().edition),
            replaced: aside,
        }))
    }

    /// Returns a warning for each allowed code without a finding.
    fn unused(&self) -> Diagnostics {
        let idle = self.allowed.iter().filter(|(code, _)| !self.used.contains(code));
        idle.map(|(code, _)| {
            let message = format!("--allow {code} allows nothing: no finding has this code");
            Diagnostic::new(code::IDLE_ALLOW, message).hint(format!("leave out --allow {code}"))
        })
        .collect()
    }
}

/// Returns whether the texts of a released edition changed, but not its date of correction.
fn is_undated_correction(released: &EditionSnapshot, corrected: &EditionSnapshot) -> bool {
    // Older releases do not record the languages of texts.
    let texts = |edition: &EditionSnapshot| -> Vec<(String, Vec<TextBlock>)> {
        let plain = |block: &TextBlock| TextBlock { languages: Vec::new(), ..block.clone() };
        edition.sections.iter().map(|section| (section.id.clone(), section.blocks.iter().map(plain).collect())).collect()
    };
    texts(released) != texts(corrected) && released.inspection.edition.modified == corrected.inspection.edition.modified
}

fn undated_correction(path: &Path) -> Diagnostic {
    let message = format!("the texts of \"{}\" have changed, but `modified` of the edition has not", path.display());
    let hint = "write the date of the correction in the edition: modified = \"YYYY-MM-DD\", and errata = [\"…\"]";
    Diagnostic::new(code::UNDATED_CORRECTION, message).hint(hint)
}

fn exists_already(path: &Path) -> Diagnostic {
    let message = format!("\"{}\" exists: a release is never overwritten", path.display());
    let hint = "give the correction an edition of its own, or use --replace, which keeps the old release beside the new one";
    Diagnostic::new(code::RELEASE_EXISTS, message).hint(hint)
}

/// Moves a complete release to its folder. Fails if another process has written it meanwhile.
fn commit(staged: StagedFolder, path: &Path) -> Result<(), ReleaseFault> {
    staged.commit(path).map_err(|error| match disk::exists(path) {
        true => ReleaseFault::refused(exists_already(path).into()),
        false => ReleaseFault::disk(path, &error),
    })
}

/// Moves a complete release to its folder, after moving the release that it replaces to another path. Returns this path.
/// Fails if another process has meanwhile replaced the release with which this one was compared.
fn replace(staged: StagedFolder, path: &Path, compared: Option<&Archive>) -> Result<PathBuf, ReleaseFault> {
    if Archive::read(path).ok().map(|now| now.sum) != compared.map(|compared| compared.sum) {
        let message = format!("\"{}\" was replaced by another run of `release` meanwhile", path.display());
        return Err(ReleaseFault::refused(Diagnostic::new(code::RELEASE_EXISTS, message).hint("run the command again").into()));
    }
    let aside = replaced_path(path);
    staged.replace(path, &aside).map_err(|error| ReleaseFault::disk(path, &error))?;
    Ok(aside)
}

/// The reason why a release was not written.
struct ReleaseFault {
    found: Diagnostics,
    /// Whether the tool failed, rather than the sources.
    is_failure: bool,
}

impl ReleaseFault {
    fn disk(path: &Path, error: &std::io::Error) -> Self {
        Self { found: build::unwritable(path, error).into(), is_failure: true }
    }

    fn refused(found: Diagnostics) -> Self {
        Self { found, is_failure: false }
    }
}

/// The build of one edition for a release.
pub struct BuildRequest<'a> {
    /// Root folder of the workspace.
    pub root: &'a Path,
    /// Slug of the publication.
    pub publication: &'a str,
    /// Id of the edition.
    pub edition: &'a str,
    /// The codes that are allowed, with reasons.
    pub allowed: &'a [(Code, String)],
    /// Number of threads; `None` for the default.
    pub threads: Option<usize>,
    /// Stops the work when raised.
    pub interrupt: &'a Interrupt,
}

/// The result of building an edition for a release.
pub struct Built {
    /// The texts that the findings refer to.
    pub sources: Sources,
    /// Findings; errors if the edition cannot be released.
    pub found: Diagnostics,
    /// The parts of the release; `None` if it cannot be made.
    pub material: Option<Material>,
    /// The records that were not written, because a fact is missing.
    pub left_out: Vec<LeftOut>,
    /// Whether the work was interrupted.
    pub interrupted: bool,
    /// Whether the tool failed for a reason that is not in the sources.
    pub failed: bool,
}

impl BuildRequest<'_> {
    /// Builds all products of the edition into an empty folder, without the results of earlier builds.
    pub fn run(&self, scratch: &Path, progress: &Arc<dyn Progress>) -> Built {
        let request = Request {
            root: self.root.to_owned(),
            publications: vec![self.publication.to_owned()],
            edition: Some(self.edition.to_owned()),
            output: Some(scratch.to_owned()),
            deny_warnings: true,
            allowed: self.allowed.iter().map(|(code, _)| *code).collect(),
            rebuild: Rebuild::All,
            release: true,
            threads: self.threads,
            interrupt: self.interrupt.clone(),
            ..Request::default()
        };
        let mut outcome = build::build(&request, Arc::clone(progress));
        let (mut found, parts) = (std::mem::take(&mut outcome.diagnostics), outcome.releases.pop());
        let material = match parts.filter(|_| !found.has_errors() && !outcome.interrupted && !outcome.failed) {
            None => None,
            Some(parts) => match self.material(parts, scratch, &found, &outcome) {
                Ok(material) => Some(material),
                Err(fault) => {
                    found.extend(fault);
                    None
                }
            },
        };
        let Outcome { sources, left_out, interrupted, failed, .. } = outcome;
        Built { sources, found, material, left_out, interrupted, failed }
    }

    fn material(
        &self,
        parts: EditionParts,
        scratch: &Path,
        found: &Diagnostics,
        outcome: &Outcome,
    ) -> Result<Material, Diagnostics> {
        let mut artefacts = BTreeMap::new();
        let products: BTreeMap<String, Product> =
            outcome.artefacts.iter().filter_map(|artefact| Some((file_name(&artefact.path)?, artefact.product))).collect();
        let written = disk::list(scratch).map_err(|error| build::unwritable(scratch, &error))?;
        for path in written.iter().filter(|path| !path.split('/').any(|part| part.starts_with('.'))) {
            let name = path.rsplit('/').next().unwrap_or(path).to_owned();
            let bytes = disk::read_regular(&scratch.join(path), MAX_BYTES);
            let bytes =
                bytes.ok_or_else(|| build::unwritable(&scratch.join(path), &std::io::Error::other("it cannot be read back")))?;
            artefacts.insert(name.clone(), (products.get(&name).copied(), bytes));
        }
        let inputs = parts.inputs.iter().map(|path| {
            let sum = sha256_file(&self.root.join(path));
            let unread = |error: std::io::Error| {
                Diagnostics::from(
                    Diagnostic::new(code::FILE, format!("\"{path}\" cannot be read: {error}")).hint(disk::system_hint(&error)),
                )
            };
            Ok(InputFile { path: disk::composed(path), sha256: sum.map_err(unread)? })
        });
        let inputs = inputs.collect::<Result<Vec<InputFile>, Diagnostics>>()?;
        let allowed = self.allowances(found, &outcome.sources);
        Ok(Material { parts, artefacts, inputs, allowed })
    }

    /// Returns the allowances of the command line, with the findings of each.
    fn allowances(&self, found: &Diagnostics, sources: &Sources) -> Vec<ReleasedAllowance> {
        let list = found.sorted();
        let allowances = self.allowed.iter().map(|(code, reason)| {
            let own = list.iter().filter(|diagnostic| diagnostic.code == *code && diagnostic.severity() == Severity::Warning);
            ReleasedAllowance {
                code: code.to_string(),
                reason: reason.clone(),
                source: FROM_COMMAND.to_owned(),
                findings: own.map(|diagnostic| diagnostic.located(sources)).collect(),
            }
        });
        allowances.filter(|allowance| !allowance.findings.is_empty()).collect()
    }
}

fn file_name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}
