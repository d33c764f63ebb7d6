//! The parts of a release that the stages provide: the texts of an edition, pictures of its pages, its fonts, and the allowances.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Rules};
use crate::accessibility::AccessibilityFacts;
use crate::check::{AllowedFinding, SourceAllowance};
use crate::diagnostic::Sources;
use crate::disk::Sha256;
use crate::icc::OutputProfile;
use crate::paginate::{PageImage, PageStart, Thumbnail};
use crate::resolve::Resolved;
use crate::snapshot::EditionSnapshot;
use crate::workspace::{Home, Workspace};

/// The parts of the release of one edition.
#[derive(Clone, Debug)]
pub struct EditionParts {
    /// Slug of the publication.
    pub publication: String,
    /// Id of the edition.
    pub edition: String,
    /// Texts, credits and rights.
    pub snapshot: EditionSnapshot,
    /// The first page as a large picture.
    pub cover: Option<PageImage>,
    /// The pages of the PDF as pictures, with their printed numbers; empty if no product has pages.
    pub pages: Vec<(Option<String>, Thumbnail)>,
    /// The fonts of the brand: family, file name and sum of each face.
    pub fonts: Vec<(String, String, Sha256)>,
    /// The press profile: name, printing condition and sum.
    pub profile: Option<(String, Option<String>, Sha256)>,
    /// The used allowances of the sources.
    pub allowances: Vec<SourceAllowance>,
    /// The levels of codes that the project sets.
    pub levels: BTreeMap<String, String>,
    /// The files that the build may read, relative to the root of the project.
    pub inputs: BTreeSet<String>,
}

impl EditionParts {
    /// Describes an edition before micro-typography.
    pub(super) fn of(edition: &Resolved, facts: &AccessibilityFacts, context: &Context) -> Self {
        let families = edition.brand.fonts.families();
        let faces = context.workspace.fonts().faces.iter().filter(|face| families.contains(&face.family.as_str()));
        Self {
            publication: edition.slug.clone(),
            edition: edition.edition.id.clone(),
            snapshot: EditionSnapshot::of(edition, facts, 0),
            cover: None,
            pages: Vec::new(),
            fonts: faces.map(|face| (face.family.clone(), face.name.clone(), Sha256::of(&face.bytes))).collect(),
            profile: None,
            allowances: Vec::new(),
            levels: BTreeMap::new(),
            inputs: BTreeSet::new(),
        }
    }

    /// Adds the pictures of the pages.
    pub fn add_pages(&mut self, starts: &[PageStart], thumbnails: Vec<Thumbnail>) {
        self.snapshot.inspection.pages = thumbnails.len();
        let labels = starts.iter().map(|start| Some(start.label.clone())).chain(std::iter::repeat(None));
        self.pages = labels.zip(thumbnails).collect();
    }

    /// Adds the press profile.
    pub fn add_profile(&mut self, profile: &OutputProfile, bytes: &[u8]) {
        self.profile = Some((profile.name().to_owned(), profile.condition().map(str::to_owned), Sha256::of(bytes)));
    }

    /// Adds the allowances that were used, and the levels that apply.
    pub fn add_rules(&mut self, rules: &Rules, used: &[AllowedFinding], sources: &Sources) {
        self.allowances = rules.allowances.used(used, sources);
        self.levels = rules.levels.names_by_code();
    }
}

/// Returns the files that the build of a publication may read: files of its folder, its series, the publications that it refers
/// to, the layouts and fonts of the project, and images elsewhere. Paths are relative to the root of the project.
pub fn input_files<'a>(
    workspace: &Workspace,
    home: &Home,
    referred: impl Iterator<Item = &'a str>,
    outside: impl Iterator<Item = &'a String>,
) -> BTreeSet<String> {
    let config = &workspace.config;
    let mut folders = vec!["reliure.toml".to_owned(), config.layouts.clone(), config.fonts.clone(), home.folder.clone()];
    folders.extend(workspace.series_file(home));
    folders.extend(referred.filter_map(|slug| workspace.home(slug)).map(|home| home.folder.clone()));
    let mut files: BTreeSet<String> =
        folders.iter().flat_map(|folder| crate::disk::files_below(&workspace.root, folder)).collect();
    files.extend(outside.filter(|path| workspace.root.is_file(path)).cloned());
    files
}
