//! Inheritance between editions.

use toml::Spanned;

use super::{EditionManifest, PublicationManifest};

/// An edition, followed by the editions that it is based on, nearest first.
pub struct Lineage<'a> {
    manifest: &'a PublicationManifest,
    editions: Vec<&'a EditionManifest>,
}

impl<'a> Lineage<'a> {
    /// Follows `based-on` from an edition. Stops at an unknown id and before an edition that is already in the lineage.
    pub fn of(manifest: &'a PublicationManifest, edition: &'a EditionManifest) -> Self {
        let mut lineage = Self { manifest, editions: vec![edition] };
        let mut last = edition;
        while let Some(base) = base(manifest, last).filter(|base| !lineage.has(base.id.get_ref())) {
            lineage.editions.push(base);
            last = base;
        }
        lineage
    }

    /// Returns whether the edition itself has the id.
    pub fn is(&self, id: &str) -> bool {
        self.editions.first().is_some_and(|edition| edition.id.get_ref() == id)
    }

    /// Returns whether the edition or one that it is based on has the id.
    pub fn has(&self, id: &str) -> bool {
        self.editions.iter().any(|edition| edition.id.get_ref() == id)
    }

    /// Returns the edition and the editions that it is based on, nearest first.
    pub fn editions(&self) -> &[&'a EditionManifest] {
        &self.editions
    }

    /// Returns the value that the edition sets, or else the value of the nearest edition that sets it.
    pub fn pick<T>(&self, pick: impl Fn(&'a EditionManifest) -> Option<T>) -> Option<T> {
        self.editions.iter().find_map(|edition| pick(edition))
    }

    /// Returns the edition that this one is based on.
    pub fn base(&self) -> Option<&'a EditionManifest> {
        base(self.manifest, self.editions.first()?)
    }

    /// Returns whether `based-on` leads back to the edition.
    pub fn is_circular(&self) -> bool {
        self.editions.last().and_then(|last| base(self.manifest, last)).is_some_and(|back| self.is(back.id.get_ref()))
    }

    /// Returns the title of the edition.
    pub fn title(&self) -> &'a str {
        self.pick(|edition| edition.title.as_ref()).unwrap_or(&self.manifest.title).get_ref()
    }

    /// Returns the sections of the edition in order.
    pub fn sections(&self) -> &'a [Spanned<String>] {
        self.pick(|edition| edition.sections.as_deref()).unwrap_or(&self.manifest.sections)
    }
}

fn base<'a>(manifest: &'a PublicationManifest, edition: &EditionManifest) -> Option<&'a EditionManifest> {
    let id = edition.based_on.as_ref()?.get_ref();
    manifest.editions.iter().find(|other| other.id.get_ref() == id)
}
