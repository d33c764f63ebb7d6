//! The site: a static page for each publication, a catalogue of all publications, and a feed.
//!
//! [`write()`] is a pure function: equal descriptions give equal files. Pages need no script and no external resources. Links
//! between pages and files are relative, so the output folder can be published anywhere, or read from a disk. Absolute addresses,
//! in the feed and in the ids of the linked data, are written only if the address of the output folder is known.

mod catalogue;
mod citation;
mod edition;
mod feed;
mod linked_data;
mod page;
mod publication;
mod terms;
mod theme;

pub use edition::{SiteCover, SiteEdition, SiteFile};
pub use page::is_own_page;

use std::collections::BTreeMap;

use self::theme::Theme;
use crate::workspace::FontFace;

/// Name of each page in its folder.
const PAGE: &str = "index.html";
/// Name of the feed.
const FEED: &str = "feed.xml";
/// Folder of the fonts.
pub const FONTS: &str = "fonts";

/// The site of a workspace.
pub struct Site<'a> {
    /// The publications with at least one edition, in the order of the workspace.
    pub publications: &'a [SitePublication],
    /// URL of the published output folder, with a trailing slash.
    pub published_url: Option<&'a str>,
    /// The available fonts.
    pub faces: &'a [FontFace],
}

/// A publication and its editions.
pub struct SitePublication {
    /// Folder of its page, relative to the output folder: `reve/brochure`.
    pub folder: String,
    /// Its editions, the newest first; at least one.
    pub editions: Vec<SiteEdition>,
}

impl SitePublication {
    /// Returns the path of its page.
    fn page(&self) -> String {
        format!("{}/{PAGE}", self.folder)
    }

    /// Returns the newest edition.
    fn newest(&self) -> Option<&SiteEdition> {
        self.editions.first()
    }
}

/// Writes the files of the site, by their path relative to the output folder.
pub fn write(site: &Site<'_>) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let catalogue = catalogue::theme(site);
    let add_fonts = |theme: &Theme, files: &mut BTreeMap<String, Vec<u8>>| {
        files.extend(theme.fonts.iter().map(|font| (format!("{FONTS}/{}", font.file), font.bytes.clone())));
    };
    add_fonts(&catalogue, &mut files);
    for publication in site.publications {
        let Some(newest) = publication.newest() else { continue };
        if let Some(cover) = &newest.cover {
            files.insert(format!("{}/{}", publication.folder, cover.file), cover.bytes.clone());
        }
        add_fonts(&newest.theme, &mut files);
        files.insert(publication.page(), publication::page(site, publication, newest).into_bytes());
    }
    files.insert(PAGE.to_owned(), catalogue::page(site, &catalogue).into_bytes());
    if let Some(address) = site.published_url {
        files.insert(FEED.to_owned(), feed::write(site, address).into_bytes());
    }
    files
}

/// Returns a relative address of a path of the output folder, from a page in a folder of this depth.
fn relative(depth: usize, path: &str) -> String {
    format!("{}{}", "../".repeat(depth), encoded(path))
}

/// Returns the absolute address of a path of the output folder. The address of a page is the address of its folder.
fn absolute(published_url: &str, path: &str) -> String {
    let shown = path.strip_suffix(PAGE).filter(|folder| folder.is_empty() || folder.ends_with('/')).unwrap_or(path);
    format!("{published_url}{}", encoded(shown))
}

/// Encodes a path for an address (RFC 3986, §3.3).
fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_percent_encoded() {
        assert_eq!(relative(2, "série/note 1-#2.pdf"), "../../s%C3%A9rie/note%201-%232.pdf");
        assert_eq!(absolute("https://example.org/", "reve/brochure/index.html"), "https://example.org/reve/brochure/");
        assert_eq!(absolute("https://example.org/", "index.html"), "https://example.org/");
        assert_eq!(absolute("https://example.org/", "a/my-index.html"), "https://example.org/a/my-index.html");
    }
}
