//! A publication as it was read.

use crate::diagnostic::{Sources, Span};
use crate::manifest::{EditionManifest, Manifest, PublicationManifest, SeriesManifest, strings};
use crate::model::AuthoredSection;

/// `series.toml`, and the folder of the series from the project's root.
pub type SeriesFile = (Manifest<SeriesManifest>, String);

/// A publication as it was read.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Name of its folder.
    pub slug: String,
    /// Its folder, from the project's root.
    pub folder: String,
    /// Folder of its artefacts in the output folder: that of its series; none for a publication outside any series.
    pub series_folder: Option<String>,
    /// Its series, and the series' folder from the project's root.
    pub series: Option<SeriesFile>,
    /// What it declares.
    pub manifest: Manifest<PublicationManifest>,
    /// Every section that one of its editions names.
    pub sections: Vec<AuthoredSection>,
}

impl Publication {
    /// Returns the places of its section titles, then those of the texts in its TOML files.
    pub fn declared(&self, sources: &Sources) -> Vec<Span> {
        let series = self.series.as_ref().map(|(series, _)| series.source);
        let files = std::iter::once(self.manifest.source).chain(series);
        let texts = files.filter_map(|id| Some(strings(id, &sources.get(id)?.text))).flatten().map(|(_, span)| span);
        self.sections.iter().map(|section| section.title_span).chain(texts).collect()
    }

    /// Returns the layout that it names (its own, its series', else `simple`) and where it names it.
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

    /// Returns the file name of an edition's artefacts, without extension.
    pub fn stem(&self, edition: &EditionManifest) -> String {
        format!("{}-{}", self.slug, edition.id.get_ref())
    }
}
