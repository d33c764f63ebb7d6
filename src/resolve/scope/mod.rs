//! The content of one edition of a publication: texts, sections, declarations and anchors.

mod certification;
mod conditions;
mod declarations;
mod directory;
mod edition;
mod editions;
mod files;
mod ids;
mod index;
mod layers;
mod notes;

pub use certification::Certification;
pub use directory::{Directory, Party};
pub use edition::Edition;
#[cfg(test)]
pub use edition::{EditionChanges, Erratum};
pub use editions::{REPLACED, is_edition_id, refused_id};
pub use files::{SourceFile, anchor_like};
pub use index::{free_id, index};
pub use layers::{BrandLayer, layers};

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::Strictness;
use crate::manifest::EditionManifest;
use crate::model::AuthoredSection;
use crate::resolve::identifiers;
use crate::resolve::language::Language;
use crate::resolve::licence::Licence;
use crate::workspace::{Anchors, Publication};

/// A publication reduced to one of its editions.
pub struct Scope<'a> {
    /// The publication with the values and declarations of the edition, without its sections.
    pub publication: Publication,
    /// The edition.
    pub edition: &'a EditionManifest,
    /// Whether the text may be unfinished.
    pub strictness: Strictness,
    /// Its language.
    pub language: Language,
    /// Its licence.
    pub licence: Licence,
    /// UUID of the edition.
    pub uuid: Uuid,
    /// The link targets of the edition.
    pub anchors: Anchors,
    /// Id of each section, by the name of its file.
    pub files: BTreeMap<String, String>,
    /// The people and organisations that it can refer to.
    pub directory: Directory,
    /// The certification of its accessibility.
    pub certification: Option<Certification>,
}

/// Reduces a publication to one of its editions. Returns the sections separately, with numbered notes and an id for every
/// heading.
pub fn scope<'a>(
    publication: &Publication,
    edition: &'a EditionManifest,
    strictness: Strictness,
    found: &mut Diagnostics,
) -> (Scope<'a>, Vec<AuthoredSection>) {
    editions::validate(&publication.manifest, found);
    let mut publication = editions::of_edition(publication, edition, found);
    let (sections, anchors) = ids::number(std::mem::take(&mut publication.sections), strictness, found);
    let files = files::section_files(&sections);
    let language = declarations::language(&publication, found);
    declarations::validate_resources(&publication.manifest, found);
    identifiers::validate(&publication.manifest, found);
    let uuid = declarations::identity(&publication.manifest, edition, found);
    index::warn_about_numbered_ids(&anchors, &sections, found);
    let directory = Directory::of(&publication, found);
    let certification = Certification::of(&publication.manifest, edition, &directory, found);
    let licence = declarations::licence(&publication, language.tag, found);
    (Scope { publication, edition, strictness, language, licence, uuid, anchors, files, directory, certification }, sections)
}
