//! Roles that a credit can name, from the MARC relator list.

/// A role: its name in our files, its MARC relator code, its printed labels.
#[derive(Debug)]
pub struct Role {
    /// Name used in TOML.
    pub name: &'static str,
    /// MARC relator code, <https://id.loc.gov/vocabulary/relators>.
    pub marc: &'static str,
    /// French label for one holder and for several.
    pub fr: [&'static str; 2],
    /// English label for one holder and for several.
    pub en: [&'static str; 2],
}

/// The roles, in the order of the reference page.
pub const ROLES: &[Role] = &[
    Role { name: "author", marc: "aut", fr: ["Auteur ou autrice", "Auteurs et autrices"], en: ["Author", "Authors"] },
    Role { name: "editor", marc: "edt", fr: ["Direction éditoriale", "Direction éditoriale"], en: ["Editor", "Editors"] },
    Role { name: "coordination", marc: "pdr", fr: ["Coordination", "Coordination"], en: ["Coordination", "Coordination"] },
    Role { name: "research", marc: "res", fr: ["Réalisation", "Réalisation"], en: ["Research", "Research"] },
    Role {
        name: "contributor",
        marc: "ctb",
        fr: ["Avec le concours de", "Avec le concours de"],
        en: ["Contributor", "Contributors"],
    },
    Role { name: "partner", marc: "asn", fr: ["Structure partenaire", "Structures partenaires"], en: ["Partner", "Partners"] },
    Role { name: "support", marc: "fnd", fr: ["Avec le soutien de", "Avec le soutien de"], en: ["Supported by", "Supported by"] },
    Role { name: "illustration", marc: "ill", fr: ["Illustration", "Illustrations"], en: ["Illustration", "Illustrations"] },
    Role { name: "photography", marc: "pht", fr: ["Photographie", "Photographies"], en: ["Photography", "Photography"] },
    Role { name: "design", marc: "bkd", fr: ["Conception graphique", "Conception graphique"], en: ["Design", "Design"] },
    Role { name: "translation", marc: "trl", fr: ["Traduction", "Traduction"], en: ["Translation", "Translation"] },
    Role { name: "proofreading", marc: "pfr", fr: ["Relecture", "Relecture"], en: ["Proofreading", "Proofreading"] },
    Role { name: "publisher", marc: "pbl", fr: ["Édition", "Édition"], en: ["Publisher", "Publishers"] },
];

impl Role {
    /// Finds a role by its name or its MARC code.
    pub fn find(word: &str) -> Option<&'static Role> {
        ROLES.iter().find(|role| role.name == word || role.marc == word)
    }

    /// The printed label, agreeing in number.
    pub fn label(&self, lang: &str, holders: usize) -> &'static str {
        let labels = if lang == "en" { self.en } else { self.fr };
        labels[usize::from(holders > 1)]
    }
}
