//! Names of the files in the container.

use std::collections::BTreeMap;

use crate::resolve::Section;

/// The file of each section: `<section-id>.xhtml`.
#[derive(Debug)]
pub struct Names<'a> {
    files: BTreeMap<&'a str, String>,
}

/// Files of our own that no section may take the name of.
const OWN: [&str; 3] = ["cover.xhtml", "title.xhtml", "nav.xhtml"];

impl<'a> Names<'a> {
    /// Names the files. EPUB 3.3 §4.2.3 wants names that differ by more than case: a number keeps them apart.
    pub fn new(sections: &'a [Section]) -> Self {
        let mut taken: Vec<String> = OWN.map(str::to_owned).to_vec();
        let mut files = BTreeMap::new();
        for section in sections {
            let mut file = format!("{}.xhtml", section.id);
            let mut number = section.number;
            while taken.contains(&file.to_ascii_lowercase()) {
                file = format!("{}-{number}.xhtml", section.id);
                number += 1;
            }
            taken.push(file.to_ascii_lowercase());
            files.insert(section.id.as_str(), file);
        }
        Self { files }
    }

    /// The file of a section.
    pub fn file(&self, section: &str) -> &str {
        self.files.get(section).map_or(OWN[1], String::as_str)
    }

    /// Address of a place, seen from the file of the section `from`; none when there is no such section.
    pub fn href(&self, section: &str, id: &str, from: &str) -> Option<String> {
        let file = self.files.get(section)?;
        Some(if section == from { format!("#{id}") } else { format!("{file}#{id}") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: &str, number: usize) -> Section {
        let title = id.to_owned();
        Section { id: id.into(), number, title: title.clone(), nav: title, lead: vec![], lang: None, accent: 0, body: vec![] }
    }

    #[test]
    fn names_never_meet_whatever_their_case() {
        let sections = [section("intro", 1), section("Intro", 2), section("nav", 3)];
        let names = Names::new(&sections);
        assert_eq!(["intro", "Intro", "nav"].map(|id| names.file(id)), ["intro.xhtml", "Intro-2.xhtml", "nav-3.xhtml"]);
        assert_eq!(names.href("intro", "a", "intro").as_deref(), Some("#a"));
        assert_eq!(names.href("intro", "a", "nav").as_deref(), Some("intro.xhtml#a"));
        assert_eq!(names.href("none", "a", "nav"), None);
    }
}
