//! A publication after reading.

use crate::diagnostic::{Sources, Span};
use crate::manifest::{EditionManifest, Manifest, PublicationManifest, SeriesManifest, strings};
use crate::model::AuthoredSection;

/// `series.toml`, and the folder of the series relative to the root of the project.
pub type SeriesFile = (Manifest<SeriesManifest>, String);

/// A publication after reading.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Name of its folder.
    pub slug: String,
    /// Its folder, relative to the root of the project.
    pub folder: String,
    /// Folder of its artefacts in the output folder, named after its series; `None` for a publication outside any series.
    pub series_folder: Option<String>,
    /// Its series, with the folder of the series.
    pub series: Option<SeriesFile>,
    /// `publication.toml`.
    pub manifest: Manifest<PublicationManifest>,
    /// Every section that one of its editions lists.
    pub sections: Vec<AuthoredSection>,
}

impl Publication {
    /// Returns the locations of its section titles, followed by the locations of the strings in its TOML files.
    pub fn declared(&self, sources: &Sources) -> Vec<Span> {
        let series = self.series.as_ref().map(|(series, _)| series.source);
        let files = std::iter::once(self.manifest.source).chain(series);
        let texts = files.filter_map(|id| Some(strings(id, &sources.get(id)?.text))).flatten().map(|(_, span)| span);
        self.sections.iter().map(|section| section.title_span).chain(texts).collect()
    }

    /// Returns the name of its layout (declared by it, otherwise by its series, otherwise `simple`) and the location of that
    /// name.
    pub fn layout(&self) -> (String, Option<Span>) {
        if let Some(layout) = &self.manifest.value.layout {
            return (layout.get_ref().clone(), Some(self.manifest.span(layout)));
        }
        let series = self.series.as_ref().map(|(series, _)| series);
        match series.and_then(|series| series.value.layout.as_ref().map(|layout| (series, layout))) {
            Some((series, layout)) => (layout.get_ref().clone(), Some(series.span(layout))),
            None => ("simple".into(), None),
        }
    }

    /// Returns the file name of the artefacts of an edition, without extension.
    pub fn stem(&self, edition: &EditionManifest) -> String {
        format!("{}-{}", self.slug, edition.id.get_ref())
    }
}
