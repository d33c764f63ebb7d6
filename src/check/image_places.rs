//! The source locations of the images in the text and of the logos that manifests declare.

use std::collections::BTreeMap;

use typst::visualize::Image;

use super::Subject;
use super::accessibility::images;
use crate::diagnostic::Span;
use crate::manifest::{Manifest, Organisation, join_path};
use crate::paginate::{PageItem, PageMap, What};

/// The locations of the images of an edition, by their assets.
pub struct ImagePlaces {
    /// The locations of each asset in the text, in reading order.
    written: BTreeMap<usize, Vec<Span>>,
    /// The locations of the logos.
    logos: BTreeMap<usize, Span>,
    /// The addresses of the items that show each asset, in page order.
    drawn: BTreeMap<usize, Vec<usize>>,
}

impl ImagePlaces {
    /// Collects the locations of the images on these pages.
    pub fn new(subject: &Subject<'_>, map: &PageMap<'_>) -> Self {
        let mut written: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
        places(subject).into_iter().for_each(|(asset, place)| written.entry(asset).or_default().push(place));
        let mut drawn: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for item in map.pages.iter().flat_map(|page| &page.items) {
            if let Some(asset) = image(item).and_then(|image| map.asset(image)) {
                drawn.entry(asset).or_default().push(std::ptr::from_ref(item).addr());
            }
        }
        Self { written, logos: logos(subject), drawn }
    }

    /// Returns the location of the image that an item shows. If an asset is drawn as often as it occurs in the text, its nth
    /// item has its nth location; otherwise all items have its first location. An asset that is not in the text has the
    /// location of the logo.
    pub fn of(&self, asset: usize, item: &PageItem<'_>) -> Option<Span> {
        let logo = self.logos.get(&asset).copied();
        let Some(written) = self.written.get(&asset) else { return logo };
        let drawn = self.drawn.get(&asset)?;
        let address = std::ptr::from_ref(item).addr();
        let rank = drawn.iter().position(|other| *other == address).filter(|_| drawn.len() == written.len());
        written.get(rank.unwrap_or_default()).copied()
    }

    /// Returns whether an asset is used as a logo and not in the text.
    pub fn is_logo(&self, asset: usize) -> bool {
        self.logos.contains_key(&asset) && !self.written.contains_key(&asset)
    }
}

fn image<'a>(item: &PageItem<'a>) -> Option<&'a Image> {
    match item.what {
        What::Image(image, _) => Some(image),
        What::Text(_) | What::Shape(_) => None,
    }
}

/// Returns the locations of the logo paths in the manifests, for the logos that are assets of the edition.
fn logos(subject: &Subject<'_>) -> BTreeMap<usize, Span> {
    let publication = subject.entry;
    let mut logos = BTreeMap::new();
    let own = publication.manifest.value.organisations.values();
    add_logos(&mut logos, subject, (&publication.manifest, &publication.folder), own);
    if let Some((series, folder)) = &publication.series {
        add_logos(&mut logos, subject, (series, folder), series.value.organisations.values());
    }
    logos
}

fn add_logos<'a, T>(
    logos: &mut BTreeMap<usize, Span>,
    subject: &Subject<'_>,
    (manifest, folder): (&Manifest<T>, &str),
    organisations: impl Iterator<Item = &'a Organisation>,
) {
    for logo in organisations.filter_map(|organisation| organisation.logo.as_ref()) {
        let path = join_path(folder, logo.get_ref()).ok();
        if let Some(asset) = subject.edition.assets.iter().position(|asset| Some(&asset.path) == path.as_ref()) {
            logos.entry(asset).or_insert_with(|| manifest.span(logo));
        }
    }
}

/// Returns the asset index and location of every image of the text, sorted by index, then in reading order.
pub fn places(subject: &Subject<'_>) -> Vec<(usize, Span)> {
    let mut places = Vec::new();
    images(subject, &mut |image, span| places.push((image.asset, span)));
    places.sort_by_key(|(asset, _)| *asset);
    places
}
