//! File names in the container.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::PublicationTarget;
use crate::resolve::Section;

/// The file name of each section: `<section-id>.xhtml`.
#[derive(Debug)]
pub struct Names<'a> {
    files: BTreeMap<&'a str, String>,
}

/// Files that precede the sections in the spine. Sections cannot have these names.
const OWN: [&str; 3] = ["cover.xhtml", "title.xhtml", "nav.xhtml"];

/// Returns the address of another publication's EPUB; `None` if the workspace does not configure where it is published.
///
/// A target in it is addressed by its section, as `/6/10!/4/2/2[releve]` (EPUB Canonical Fragment Identifiers 1.1, §3.1). The
/// spine is the third element of the package (`/6`), and its items have even numbers. The body is the second element of a
/// document (`/4`), `main` the only element of the body (`/2`), and the section the only element of `main` (`/2`), with its id as
/// an assertion. Reading systems that do not support the scheme open the publication at its start.
pub fn online(elsewhere: &PublicationTarget) -> Option<String> {
    let file = elsewhere.published.as_ref()?;
    let fragment = elsewhere.anchor.as_ref().map(|anchor| {
        let item = 2 * (OWN.len() + anchor.number);
        // The brackets of the assertion are percent-encoded: fragments of URLs cannot contain them (RFC 3986 §3.5, EPUB CFI 1.1
        // §2.3).
        format!("#epubcfi(/6/{item}!/4/2/2%5B{}%5D)", anchor.section)
    });
    Some(format!("{file}.epub{}", fragment.unwrap_or_default()))
}

impl<'a> Names<'a> {
    /// Assigns a file name to each section. Adds a number to names that differ only in case, which EPUB 3.3 §4.2.3 does not
    /// allow.
    pub fn new(sections: &'a [Section]) -> Self {
        let mut taken = BTreeSet::from(OWN.map(str::to_owned));
        let mut files = BTreeMap::new();
        for section in sections {
            let mut file = format!("{}.xhtml", section.id);
            let mut number = section.number;
            while taken.contains(&file.to_ascii_lowercase()) {
                file = format!("{}-{number}.xhtml", section.id);
                number += 1;
            }
            taken.insert(file.to_ascii_lowercase());
            files.insert(section.id.as_str(), file);
        }
        Self { files }
    }

    /// Returns the file name of a section.
    pub fn file(&self, section: &str) -> &str {
        self.files.get(section).map_or(OWN[1], String::as_str)
    }

    /// Returns the address of an id, relative to the file of the section `from`; `None` if the section does not exist.
    pub fn href(&self, section: &str, id: &str, from: &str) -> Option<String> {
        let file = self.files.get(section)?;
        Some(if section == from { format!("#{id}") } else { format!("{file}#{id}") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: &str, number: usize) -> Section {
        Section {
            id: id.into(),
            number,
            title: vec![],
            nav: vec![],
            lead: vec![],
            lang: None,
            accent: 0,
            body: vec![],
            page_break: None,
        }
    }

    #[test]
    fn file_names_are_unique_ignoring_case() {
        let sections = [section("intro", 1), section("Intro", 2), section("nav", 3)];
        let names = Names::new(&sections);
        assert_eq!(["intro", "Intro", "nav"].map(|id| names.file(id)), ["intro.xhtml", "Intro-2.xhtml", "nav-3.xhtml"]);
        assert_eq!(names.href("intro", "a", "intro").as_deref(), Some("#a"));
        assert_eq!(names.href("intro", "a", "nav").as_deref(), Some("intro.xhtml#a"));
        assert_eq!(names.href("none", "a", "nav"), None);
    }
}
