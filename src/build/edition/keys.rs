//! The keys of products in the store: digests of everything that determines their bytes.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use super::super::freshness::TOOL;
use super::super::{Purpose, press};
use super::Stages;
use crate::accessibility::AccessibilityFacts;
use crate::disk::Digest;
use crate::product::{Needs, Product};
use crate::resolve::Resolved;

impl Stages<'_> {
    /// Returns the key of each of these products: the digest of everything that determines its bytes.
    pub(super) fn keys(&self, edition: &Resolved, facts: &AccessibilityFacts, products: &[Product]) -> BTreeMap<Product, Digest> {
        if self.context.purpose != Purpose::Write {
            return BTreeMap::new();
        }
        let mut hasher = DigestHasher::default();
        edition.hash(&mut hasher);
        let edition_digest = hasher.digest();
        let mut hasher = DigestHasher::default();
        facts.hash(&mut hasher);
        let digests = [edition_digest, hasher.digest()];
        products.iter().map(|product| (*product, self.key(edition, *product, digests))).collect()
    }

    /// Digests the inputs of a product: the edition, its ISBN, the tool, the layouts, the fonts, any style sheets and the
    /// accessibility. `digests` contains the digests of the edition and of its accessibility.
    pub(super) fn key(&self, edition: &Resolved, product: Product, digests: [Digest; 2]) -> Digest {
        let (layouts, fonts) =
            (self.context.workspace.layouts().digest.to_string(), self.context.workspace.fonts().digest.to_string());
        let ([edition_digest, facts_digest], layout) = (digests.map(|digest| digest.to_string()), self.job.layout);
        let facts = if product.needs().accessibility { format!("{facts_digest} {}", edition.fit_images) } else { String::new() };
        let styles = if product.needs().styles { [layout.common_css.text(), layout.css.text()] } else { [""; 2] };
        let isbn = edition.isbn(product).unwrap_or_default();
        let press = match product.needs() {
            Needs { press: true, .. } => self.press_key(edition),
            Needs { page_count: true, .. } => self.record_key(edition),
            _ => String::new(),
        };
        let listed = if product == Product::Epub { listed_key(edition) } else { String::new() };
        Digest::of_list(
            [TOOL, product.id(), &edition_digest, isbn, &layouts, &layout.name, &fonts, &press, &facts, &listed]
                .into_iter()
                .chain(styles),
        )
    }

    /// Digests the inputs that only print products have: their settings with the thresholds of their checks, the inks of the
    /// brand, the press profile, and the ISBN on the cover.
    pub(super) fn press_key(&self, edition: &Resolved) -> String {
        let mut hasher = DigestHasher::default();
        (&edition.print, &edition.brand.inks, edition.isbn(Product::PrintPdf)).hash(&mut hasher);
        let profile = press::bytes(&edition.print, self.job.images, self.context.workspace.layouts());
        let profile = profile.map(|bytes| Digest::of(&bytes).to_string()).unwrap_or_default();
        format!("{} {profile} {:?}", hasher.digest(), edition.print.limits)
    }

    /// Digests the inputs that only records have: the formats and their ISBNs, and the print settings, on which the number of
    /// printed pages depends.
    pub(super) fn record_key(&self, edition: &Resolved) -> String {
        let mut hasher = DigestHasher::default();
        (&edition.print, self.described.as_ref().map(|described| &described.work)).hash(&mut hasher);
        hasher.digest().to_string()
    }
}

/// Returns the inputs of the page list of an EPUB, apart from the edition: the PDF whose pages it lists, its ISBN, and the gutter
/// of print pages.
fn listed_key(edition: &Resolved) -> String {
    let Some(source) = edition.page_list else { return String::new() };
    let isbn = edition.isbn(source).unwrap_or_default();
    let gutter = edition.print.gutter.filter(|_| source == Product::PrintPdf);
    format!("{source} {isbn} {gutter:?}")
}

/// Digests a value through its `Hash` implementation, whose output is stable for one platform. Buffers small writes, because a
/// book has millions of them.
#[derive(Default)]
struct DigestHasher {
    whole: blake3::Hasher,
    buffer: Vec<u8>,
}

const BUFFER_SIZE: usize = 1 << 14;

impl DigestHasher {
    fn digest(mut self) -> Digest {
        self.flush();
        Digest::from(&self.whole)
    }

    fn flush(&mut self) {
        self.whole.update(&self.buffer);
        self.buffer.clear();
    }
}

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.buffer.len() + bytes.len() > BUFFER_SIZE {
            self.flush();
        }
        if bytes.len() > BUFFER_SIZE {
            self.whole.update(bytes);
        } else {
            self.buffer.extend_from_slice(bytes);
        }
    }
}
