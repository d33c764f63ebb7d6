//! `reliure release`, `reliure verify` and `reliure changes`.

use std::env;
use std::io;
use std::path::PathBuf;

use reliure::Outcome;
use reliure::diagnostic::{Diagnostic, Diagnostics, Severity, code};
use reliure::release::{
    self, ReleaseOutcome, ReleaseRequest, Released, SigningKey, Verification, VerifyRequest, changes_markdown, compare,
};
use reliure::report::{self, Record, ReleasedRecord, count};

use super::console::{Console, Status};
use super::{current_folder, interrupt_on_signals, shown, unwritten};
use crate::cli::{ChangesArguments, ReleaseArguments, Verify};

/// The environment variable with the password of a signing key.
const PASSWORD: &str = "RELIURE_SIGN_PASSWORD";

/// Runs `reliure release`.
///
/// # Errors
///
/// Fails if signal handlers cannot be registered, or the output streams cannot be written to.
pub fn release(console: &Console, root: PathBuf, options: &ReleaseArguments) -> io::Result<Status> {
    if options.allow.len() != options.reason.len() {
        let (codes, reasons) = (count(options.allow.len(), "code"), count(options.reason.len(), "reason"));
        console
            .misuse(&format!("--allow and --reason differ in number ({codes}, {reasons}): give one --reason after each --allow"));
        return Ok(Status::Misused);
    }
    let key = options.sign.as_ref().map(|path| SigningKey::read(&current_folder().join(path), env::var(PASSWORD).ok()));
    let key = match key.transpose() {
        Ok(key) => key,
        Err(fault) => return refuse(console, fault),
    };
    let request = ReleaseRequest {
        publications: reliure::publication_names(&root, &super::current_folder(), &options.publications),
        root,
        edition: options.edition.clone(),
        allow: options.allow.iter().cloned().zip(options.reason.iter().cloned()).collect(),
        replace: options.replace,
        key,
        threads: None,
        interrupt: interrupt_on_signals()?,
    };
    let ReleaseOutcome { outcome, released, existing, finished } = release::release(&request, &console.progress());
    console.diagnostics(&outcome)?;
    console.left_out(&outcome.left_out)?;
    finished.iter().try_for_each(|path| print_finished(console, &shown(path)))?;
    released.iter().try_for_each(|release| print_release(console, release))?;
    let done = match (released.len(), existing) {
        (0, existing) if existing > 0 && outcome.unwritten.is_empty() => {
            let changed = outcome.diagnostics.iter().any(|diagnostic| diagnostic.code == code::STALE_RELEASE);
            let changed = if changed { ", but some sources have changed since" } else { "" };
            format!("nothing to do: every edition has a release{changed}")
        }
        (written, 0) => format!("{} written", count(written, "release")),
        (written, existing) => format!("{} written, {existing} unchanged", count(written, "release")),
    };
    console.summary(&outcome, &format!("{done}{}{}", unwritten(&outcome), how_to_allow(&outcome)))
}

/// Describes how to allow a warning that stopped a release; empty if no warning did.
fn how_to_allow(outcome: &Outcome) -> String {
    let is_raised = |found: &&Diagnostic| found.severity() == Severity::Error && found.code.severity() == Severity::Warning;
    let raised = outcome.diagnostics.iter().find(is_raised);
    raised.map_or_else(String::new, |found| {
        format!("; a warning stops a release unless it is allowed: --allow {} --reason \"…\"", found.code)
    })
}

/// Writes a line for a release whose replacement was finished.
fn print_finished(console: &Console, path: &str) -> io::Result<()> {
    console.print(|out| match console.is_json() {
        true => report::record(out, &Record::Finished { path }),
        false if console.is_quiet() => Ok(()),
        false => {
            writeln!(out, "{} (finished: an earlier run was interrupted while it replaced this release)", report::visible(path))
        }
    })
}

/// Writes a line for a release.
fn print_release(console: &Console, release: &Released) -> io::Result<()> {
    let path = shown(&release.folder);
    let replaced = release.replaced.as_deref().map(shown);
    console.print(|out| match console.is_json() {
        true => report::record(
            out,
            &Record::Released(ReleasedRecord {
                publication: &release.publication,
                edition: &release.edition,
                path: &path,
                files: release.files,
                bytes: release.bytes,
                previous: release.previous.as_deref(),
                replaced: replaced.as_deref(),
            }),
        ),
        false if console.is_quiet() => Ok(()),
        false => {
            let compared = release.previous.as_ref().map(|previous| format!(", compared with {previous}")).unwrap_or_default();
            let kept = replaced.map(|kept| format!(", compared with the old one, {kept}")).unwrap_or_default();
            let size = report::size(release.bytes);
            writeln!(out, "{} ({}, {size}{compared}{kept})", report::visible(&path), count(release.files, "file"))
        }
    })
}

/// Runs `reliure verify`.
///
/// # Errors
///
/// Fails if signal handlers cannot be registered, or the output streams cannot be written to.
pub fn verify(console: &Console, options: &Verify) -> io::Result<Status> {
    let absolute = |path: &PathBuf| current_folder().join(path);
    let request = VerifyRequest {
        folder: absolute(&options.folder),
        sources: options.sources.as_ref().map(absolute),
        key: options.key.as_ref().map(absolute),
        threads: None,
        interrupt: interrupt_on_signals()?,
    };
    let Verification { outcome, confirmed, unchecked } = release::verify(&request, &console.progress());
    console.diagnostics(&outcome)?;
    console.print(|out| {
        for message in &confirmed {
            match console.is_json() {
                true => report::record(out, &Record::Confirmed { message })?,
                false if console.is_quiet() => {}
                false => writeln!(out, "{}", report::visible(message))?,
            }
        }
        for message in &unchecked {
            match console.is_json() {
                true => report::record(out, &Record::Unchecked { message })?,
                false if console.is_quiet() => {}
                false => writeln!(out, "not checked: {}", report::visible(message))?,
            }
        }
        Ok(())
    })?;
    let done = if outcome.diagnostics.has_errors() { "verification failed" } else { "no differences found" };
    console.summary(&outcome, done)
}

/// Runs `reliure changes`.
///
/// # Errors
///
/// Fails if the changes cannot be serialized, or the output streams cannot be written to.
pub fn changes(console: &Console, options: &ChangesArguments) -> io::Result<Status> {
    let changes = match compare(&current_folder().join(&options.old), &current_folder().join(&options.new)) {
        Ok(changes) => changes,
        Err(diagnostics) => {
            let outcome = Outcome { diagnostics, ..Outcome::default() };
            console.diagnostics(&outcome)?;
            return console.summary(&outcome, "");
        }
    };
    console.print(|out| match (console.is_json(), options.json) {
        (true, _) => report::record(out, &Record::Changes { value: &serde_json::to_value(&changes)? }),
        (false, true) => writeln!(out, "{}", serde_json::to_string_pretty(&changes)?),
        (false, false) => out.write_all(changes_markdown(&[&changes]).as_bytes()),
    })?;
    Ok(Status::Done)
}

/// Reports the diagnostics that stop a command before it starts.
fn refuse(console: &Console, diagnostics: Diagnostics) -> io::Result<Status> {
    let outcome = Outcome { diagnostics, ..Outcome::default() };
    console.diagnostics(&outcome)?;
    console.summary(&outcome, "")
}
