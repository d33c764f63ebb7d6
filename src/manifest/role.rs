//! Roles of credits: MARC relators and CRediT contributor roles.

mod table;

pub use table::ROLES;

use super::localized;

/// A role with its identifiers and its printed labels.
#[derive(Debug)]
pub struct Role {
    /// Name in TOML. For a CRediT role, the last part of its URL.
    pub name: &'static str,
    /// MARC relator code, <https://id.loc.gov/vocabulary/relators>. For a CRediT role, that of the most similar relator.
    pub marc: &'static str,
    /// Alternative names: the MARC term if it differs, and discontinued MARC codes.
    pub also: &'static [&'static str],
    /// Whether it is one of the fourteen CRediT contributor roles (ANSI/NISO Z39.104-2022).
    pub is_contribution: bool,
    /// French label, in the singular and the plural.
    pub fr: [&'static str; 2],
    /// English label, in the singular and the plural.
    pub en: [&'static str; 2],
}

impl Role {
    /// Returns the role with this name, alternative name or MARC code.
    pub fn find(word: &str) -> Option<&'static Role> {
        ROLES.iter().find(|role| role.words().any(|known| known == word))
    }

    /// Returns every word that identifies it in TOML. The code of a CRediT role is not included, because it identifies a MARC
    /// relator.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        let code = (!self.is_contribution).then_some(self.marc);
        std::iter::once(self.name).chain(self.also.iter().copied()).chain(code)
    }

    /// Returns the URL of a CRediT role, <https://credit.niso.org>.
    pub fn contribution(&self) -> Option<String> {
        self.is_contribution.then(|| format!("https://credit.niso.org/contributor-roles/{}/", self.name))
    }

    /// Returns the printed label for a number of holders.
    pub fn label(&self, lang: &str, holders: usize) -> &'static str {
        localized([self.fr, self.en], lang)[usize::from(holders > 1)]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ROLES, Role};

    #[test]
    fn every_word_identifies_one_role() {
        let mut seen = BTreeSet::new();
        for word in ROLES.iter().flat_map(Role::words) {
            assert!(seen.insert(word), "{word} identifies two roles");
            assert!(word.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{word}");
        }
        assert_eq!(ROLES.iter().filter(|role| role.is_contribution).count(), 14);
    }

    #[test]
    fn every_code_is_a_relator() {
        for role in ROLES {
            assert!(role.marc.len() == 3 && role.marc.bytes().all(|b| b.is_ascii_lowercase()), "{}", role.marc);
            assert!(
                Role::find(role.marc).is_some_and(|found| !found.is_contribution),
                "{} is not a relator of the table",
                role.marc
            );
            assert!(role.fr.iter().chain(&role.en).all(|label| !label.trim().is_empty()), "{}", role.name);
        }
    }

    #[test]
    fn finds_a_role_by_name_code_and_term() {
        for word in ["translation", "translator", "trl"] {
            assert_eq!(Role::find(word).map(|role| role.name), Some("translation"), "{word}");
        }
        let software = Role::find("software").unwrap();
        assert_eq!(software.contribution().as_deref(), Some("https://credit.niso.org/contributor-roles/software/"));
        assert_eq!(Role::find("prg").and_then(Role::contribution), None, "a code names the relator");
        assert!(Role::find("Author").is_none() && Role::find("").is_none());
    }

    #[test]
    fn the_reference_page_contains_the_table() {
        let page = include_str!("../../docs/formats.md");
        let section = page.split("\n#### Roles\n").nth(1).and_then(|rest| rest.split("\n### ").next()).unwrap();
        let written: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
        let both = |labels: [&str; 2]| if labels[0] == labels[1] { labels[0].to_owned() } else { labels.join(" / ") };
        let row = |role: &Role| {
            let also: String = role.also.iter().map(|word| format!(", `{word}`")).collect();
            format!("| `{}`{also} | `{}` | {} | {} |", role.name, role.marc, both(role.fr), both(role.en))
        };
        let wanted: Vec<String> = ROLES.iter().map(row).collect();
        assert_eq!(written, wanted, "docs/formats.md, Roles");
    }
}
