//! The manifests that declare a brand, in order of precedence.

use std::ops::Range;

use crate::diagnostic::Span;
use crate::manifest::{BrandManifest, Manifest};
use crate::workspace::Publication;

/// A manifest that declares a brand.
pub struct BrandLayer<'a> {
    /// The brand.
    pub brand: &'a BrandManifest,
    /// Converts a range of its text to a location.
    pub span: Box<dyn Fn(Range<usize>) -> Span + 'a>,
}

impl<'a> BrandLayer<'a> {
    /// Creates the layer of a manifest.
    pub fn new<T>(manifest: &'a Manifest<T>, brand: &'a BrandManifest) -> Self {
        Self { brand, span: Box::new(|range| manifest.range(range)) }
    }
}

/// Returns the layers of the brand: first the publication, then its series.
pub fn layers(publication: &Publication) -> Vec<BrandLayer<'_>> {
    let own = BrandLayer::new(&publication.manifest, &publication.manifest.value.brand);
    let series = publication.series.as_ref().map(|(series, _)| BrandLayer::new(series, &series.value.brand));
    std::iter::once(own).chain(series).collect()
}
