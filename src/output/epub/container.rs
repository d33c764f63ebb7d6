//! Assembles the EPUB container in two passes. First, epub-builder assembles and compresses the texts. The second pass replaces
//! its package document and navigation, which lack landmarks, manifest properties and accessibility metadata. It also adds
//! images and fonts.

use std::fmt::Display;
use std::io::{Cursor, Write};

use epub_builder::{EpubBuilder, EpubContent, EpubVersion, ZipLibrary};
use uuid::Uuid;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::fonts::WOFF2;
use super::nav::{NAV, NCX};
use super::package::{PACKAGE, PackageItem};
use crate::diagnostic::{Diagnostic, Diagnostics, code};

/// Folder of the publication in the container; epub-builder fixes it.
const ROOT: &str = "OEBPS/";
/// A style sheet that epub-builder adds and that no document uses.
const UNUSED: &str = "OEBPS/stylesheet.css";
const MIMETYPE: &str = "mimetype";
/// Permissions of every file in the archive.
const MODE: u32 = 0o644;

/// Assembles an EPUB from its files and its package document. The bytes depend only on the arguments.
///
/// # Errors
///
/// Returns an internal error if epub-builder or the ZIP writer fails.
pub fn assemble(items: &[PackageItem<'_>], package: &str, identifier: Uuid) -> Result<Vec<u8>, Diagnostics> {
    let draft = build(items, identifier).map_err(internal_error)?;
    finish(&draft, items, package).map_err(internal_error)
}

fn internal_error(error: impl Display) -> Diagnostics {
    let hint = "this is a defect of reliure: please report it";
    Diagnostic::new(code::INTERNAL, format!("the EPUB cannot be assembled: {error}")).hint(hint).into()
}

/// Returns whether this module writes its own version of a file that epub-builder also writes.
fn is_replaced(href: &str) -> bool {
    matches!(href, NAV | NCX | PACKAGE)
}

/// Returns how the second pass adds a file; `None` for texts, which epub-builder compresses.
fn compression(item: &PackageItem<'_>) -> Option<SimpleFileOptions> {
    match item.media_type {
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" | WOFF2 => Some(options(CompressionMethod::Stored)),
        // Higher levels take two to three times as long and save one percent.
        media_type if media_type.starts_with("font/") => Some(options(CompressionMethod::Deflated).compression_level(Some(1))),
        _ => None,
    }
}

/// Returns the options of a file, with the date and permissions that all files share.
fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(MODE).compression_method(method)
}

fn build(items: &[PackageItem<'_>], identifier: Uuid) -> Result<Vec<u8>, epub_builder::Error> {
    let mut builder = EpubBuilder::new(ZipLibrary::new()?)?;
    builder.epub_version(EpubVersion::V33).set_uuid(identifier);
    for item in items.iter().filter(|item| !is_replaced(&item.href) && compression(item).is_none()) {
        if item.in_spine {
            builder.add_content(EpubContent::new(&item.href, &*item.bytes))?;
        } else {
            builder.add_resource(&item.href, &*item.bytes, item.media_type)?;
        }
    }
    let mut draft = Vec::new();
    builder.generate(&mut draft)?;
    Ok(draft)
}

/// Writes the final archive: first `mimetype`, stored and without extra fields (OCF, EPUB 3.3 §4.2.2), then the package document
/// and the navigation of this module. Copies compressed data unchanged, and sets the same date for all files.
fn finish(draft: &[u8], items: &[PackageItem<'_>], package: &str) -> ZipResult<Vec<u8>> {
    let mut own = vec![(PACKAGE, package.as_bytes())];
    own.extend(items.iter().filter(|item| is_replaced(&item.href)).map(|item| (item.href.as_str(), &*item.bytes)));
    let mut archive = ZipArchive::new(Cursor::new(draft))?;
    let size = items.iter().map(|item| item.bytes.len()).sum();
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(size)));
    add(&mut out, MIMETYPE, b"application/epub+zip", options(CompressionMethod::Stored))?;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        let name = entry.name()?.into_owned();
        let href = name.strip_prefix(ROOT);
        if href.is_some() {
            for (href, bytes) in own.drain(..) {
                add(&mut out, &format!("{ROOT}{href}"), bytes, options(CompressionMethod::Deflated))?;
            }
        }
        if name != MIMETYPE && name != UNUSED && !href.is_some_and(is_replaced) {
            out.raw_copy_file_touch(entry, DateTime::default(), Some(MODE))?;
        }
    }
    for item in items {
        let Some(options) = compression(item) else { continue };
        add(&mut out, &format!("{ROOT}{}", item.href), &item.bytes, options)?;
    }
    Ok(out.finish()?.into_inner())
}

fn add(out: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, bytes: &[u8], options: SimpleFileOptions) -> ZipResult<()> {
    out.start_file(name, options)?;
    out.write_all(bytes)?;
    Ok(())
}
