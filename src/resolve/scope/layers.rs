//! The manifests that carry a brand, one over the other.

use std::ops::Range;

use crate::diagnostic::Span;
use crate::manifest::{BrandManifest, Manifest};
use crate::workspace::Publication;

/// A manifest that carries a brand, and how to point into it.
pub struct Layer<'a> {
    /// The brand.
    pub brand: &'a BrandManifest,
    /// Turns a range of its text into a place.
    pub place: Box<dyn Fn(Range<usize>) -> Span + 'a>,
}

impl<'a> Layer<'a> {
    /// Takes the brand of a manifest.
    pub fn new<T>(manifest: &'a Manifest<T>, brand: &'a BrandManifest) -> Self {
        Self { brand, place: Box::new(|range| manifest.range(range)) }
    }
}

/// Returns the layers of the brand: the publication's own, then its series'.
pub fn layers(publication: &Publication) -> Vec<Layer<'_>> {
    let own = Layer::new(&publication.manifest, &publication.manifest.value.brand);
    let series = publication.series.as_ref().map(|(series, _)| Layer::new(series, &series.value.brand));
    std::iter::once(own).chain(series).collect()
}
