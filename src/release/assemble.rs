//! The files of a release as a function of its parts: equal parts give equal bytes.

use std::collections::BTreeMap;

use super::archive::{Archive, MANIFEST};
use super::changes::{Changes, markdown};
use super::claims::claims;
use super::crate_metadata::{self, CRATE, media_type};
use super::manifest::{
    FORMAT, FROM_COMMAND, InputFile, ReleaseManifest, ReleasedAllowance, ReleasedFile, ReleasedFont, ReleasedPage,
    ReleasedProfile, Tool, json,
};
use super::report;
use super::sums::{self, SUMS};
use super::terms::terms;
use crate::build::EditionParts;
use crate::disk::Sha256;
use crate::product::Product;

/// Name of the picture of the cover.
const COVER: &str = "cover.png";

/// Names of the files that are derived from other files of the release and from earlier releases, apart from the manifest.
pub const DERIVED_FILES: [&str; 6] = ["changes.md", CHANGES, CORRECTION, "report.html", CRATE, SUMS];

/// The files that every release contains, apart from its artefacts, its pictures, its manifest and its checksums.
pub const ALWAYS_WRITTEN: [&str; 3] = ["changes.md", "report.html", CRATE];

/// The files among [`DERIVED_FILES`] that cannot be rebuilt without the earlier releases. The others can then be rebuilt from
/// them.
pub const COMPARISON_FILES: [&str; 3] = [CHANGES, CORRECTION, "report.html"];

/// Name of the list of changes since the previous edition, as JSON.
pub const CHANGES: &str = "changes.json";
/// Name of the list of changes since the release that a release replaces, as JSON.
pub const CORRECTION: &str = "correction.json";

/// The parts of a release.
pub struct Material {
    /// The parts that the stages of the edition provide.
    pub parts: EditionParts,
    /// The files that the build wrote, by name, each with the id of its product.
    pub artefacts: BTreeMap<String, (Option<Product>, Vec<u8>)>,
    /// The source files and their checksums.
    pub inputs: Vec<InputFile>,
    /// The allowances of the command line, with their findings.
    pub allowed: Vec<ReleasedAllowance>,
}

/// The earlier releases for comparison, or the references to them in the manifest.
#[derive(Clone, Copy)]
pub enum Before<'a> {
    /// The releases themselves.
    Known(Earlier<'a>),
    /// The references, if a folder of an earlier release is missing. [`COMPARISON_FILES`] are then taken from the archived
    /// release.
    Recorded(&'a Archive),
}

/// The earlier releases for comparison.
#[derive(Clone, Copy, Default)]
pub struct Earlier<'a> {
    /// The release of the previous edition, if there is one.
    pub previous: Option<&'a Archive>,
    /// The earlier release of the same edition, if this one replaces it.
    pub replaced: Option<&'a Archive>,
}

impl Before<'_> {
    /// Returns the changes since the release of the previous edition and since the replaced release, each if it exists and the
    /// changes are known.
    fn changes(self, manifest: &ReleaseManifest) -> [Option<Changes>; 2] {
        match self {
            Self::Known(Earlier { previous, replaced }) => {
                [previous, replaced].map(|archive| Some(Changes::between(&archive?.manifest, manifest)))
            }
            Self::Recorded(own) => [CHANGES, CORRECTION].map(|name| serde_json::from_slice(&own.file(name)?).ok()),
        }
    }
}

/// Returns the files of a release by name.
pub fn assemble(material: &Material, before: Before<'_>) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, Vec<u8>> =
        material.artefacts.iter().map(|(name, (_, bytes))| (name.clone(), bytes.clone())).collect();
    if let Some(cover) = &material.parts.cover {
        files.insert(COVER.to_owned(), cover.png.clone());
    }
    let names = picture_names(material.parts.pages.len());
    for (name, (_, page)) in names.iter().zip(&material.parts.pages) {
        files.insert(name.clone(), page.picture.png.clone());
    }
    let manifest = manifest(material, before, names);
    files.insert(MANIFEST.to_owned(), manifest.json());
    let [changes, correction] = before.changes(&manifest);
    for (name, changes) in [(CHANGES, &changes), (CORRECTION, &correction)] {
        files.extend(changes.as_ref().map(|changes| (name.to_owned(), json(changes))));
    }
    let all: Vec<&Changes> = correction.iter().chain(&changes).collect();
    let text = if all.is_empty() { first_changes(&manifest) } else { markdown(&all) };
    files.insert("changes.md".to_owned(), text.into_bytes());
    match before {
        Before::Known(earlier) => {
            let comparisons = [(earlier.replaced, &correction), (earlier.previous, &changes)].into_iter();
            let comparisons = comparisons.filter_map(|(archive, changes)| Some((archive?, changes.as_ref()?))).collect();
            let page = report::report(&report::ReportView { manifest: &manifest, comparisons, files: &files });
            files.insert("report.html".to_owned(), page.into_bytes());
        }
        Before::Recorded(own) => {
            files.extend(COMPARISON_FILES.into_iter().filter_map(|name| Some((name.to_owned(), own.file(name)?))));
        }
    }
    let metadata = crate_metadata::metadata(&manifest, &files);
    files.insert(CRATE.to_owned(), metadata);
    let sums = sums::write(&files);
    files.insert(SUMS.to_owned(), sums.into_bytes());
    files
}

/// Returns the names of the pictures of pages: `pages/001.png`.
fn picture_names(count: usize) -> Vec<String> {
    let digits = count.to_string().len().max(3);
    (1..=count).map(|number| format!("pages/{number:0digits$}.png")).collect()
}

/// Returns the text of `changes.md` in the first release.
fn first_changes(manifest: &ReleaseManifest) -> String {
    let inspection = &manifest.edition.inspection;
    let t = terms(&inspection.language);
    format!("# {} – {}\n\n{}\n", inspection.title, t.changes, t.first_release)
}

fn manifest(material: &Material, before: Before<'_>, pictures: Vec<String>) -> ReleaseManifest {
    let parts = &material.parts;
    let page = |(picture, (label, page)): (String, &(Option<String>, crate::paginate::Thumbnail))| ReleasedPage {
        label: label.clone(),
        picture,
        look: page.look.to_string(),
        body: Some(page.body.to_string()),
    };
    let font = |(family, file, sha256): &(String, String, Sha256)| ReleasedFont {
        family: family.clone(),
        file: file.clone(),
        sha256: *sha256,
    };
    ReleaseManifest {
        format: FORMAT,
        tool: Tool::this(),
        previous: match before {
            Before::Known(earlier) => earlier.previous.map(Archive::reference),
            Before::Recorded(own) => own.manifest.previous.clone(),
        },
        replaces: match before {
            Before::Known(earlier) => earlier.replaced.map(Archive::reference),
            Before::Recorded(own) => own.manifest.replaces.clone(),
        },
        artefacts: material.artefacts.iter().map(|(name, (product, bytes))| released(name, *product, bytes)).collect(),
        cover: parts.cover.as_ref().map(|_| COVER.to_owned()),
        pages: pictures.into_iter().zip(&parts.pages).map(page).collect(),
        inputs: material.inputs.clone(),
        fonts: parts.fonts.iter().map(font).collect(),
        profile: parts.profile.as_ref().map(|(name, condition, sha256)| ReleasedProfile {
            name: name.clone(),
            condition: condition.clone(),
            sha256: *sha256,
        }),
        allowances: allowances(material),
        levels: parts.levels.clone(),
        edition: parts.snapshot.clone(),
    }
}

fn released(name: &str, product: Option<Product>, bytes: &[u8]) -> ReleasedFile {
    ReleasedFile {
        path: name.to_owned(),
        product: product.map(|product| product.id().to_owned()),
        media_type: media_type(name).to_owned(),
        bytes: bytes.len() as u64,
        sha256: Sha256::of(bytes),
        claims: claims(name, bytes),
    }
}

/// Returns the allowances of the command line, then the used allowances of the sources.
fn allowances(material: &Material) -> Vec<ReleasedAllowance> {
    let own = material.parts.allowances.iter().map(|allowance| ReleasedAllowance {
        code: allowance.code.to_string(),
        reason: allowance.reason.clone(),
        source: format!("{}:{}", allowance.file, allowance.line),
        findings: allowance.findings.clone(),
    });
    debug_assert!(material.allowed.iter().all(|allowed| allowed.source == FROM_COMMAND));
    material.allowed.iter().cloned().chain(own).collect()
}
