//! Names of people, divided into their parts.
//!
//! A manifest contains the printed name and optionally the inverted name for sorting: `sort = "Le Garrec, Maud"`. Formats that
//! list the parts of a name use the inverted name. Without it, the printed name is divided: the last word is the family name,
//! with particles before it.

use crate::resolve::Party;

/// The parts of a person's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// Given names; empty for a single name.
    pub given: String,
    /// Particle that is not part of the family name for sorting: `de` of « Charles de Gaulle ».
    pub particle: String,
    /// Family name, or a single name.
    pub family: String,
    /// Suffix: `Jr.`
    pub suffix: String,
}

/// Words that are written after a name.
const SUFFIXES: [&str; 7] = ["Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"];

/// Capitalised words that begin a family name.
const BEGINNINGS: [&str; 22] = [
    "Al", "Ben", "Da", "De", "Del", "Della", "Den", "Der", "Des", "Di", "Dos", "Du", "El", "La", "Las", "Le", "Les", "Mac",
    "Saint", "San", "Van", "Von",
];

impl PersonName {
    /// Divides the name of a person.
    pub fn of(party: &Party) -> Self {
        match &party.sort {
            Some(sort) => Self::from_inverted(sort),
            None => Self::from_printed(&party.name),
        }
    }

    /// Divides `Family, Given` or `Family, Given, Suffix`. A particle is before the family name or after the given names.
    fn from_inverted(text: &str) -> Self {
        let mut parts = text.split(',').map(str::trim);
        let (family, given, suffix) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next());
        let given: Vec<&str> = given.split_whitespace().collect();
        let family: Vec<&str> = family.split_whitespace().collect();
        let before = family.iter().take_while(|word| is_particle(word)).count().min(family.len().saturating_sub(1));
        let after = given.iter().rev().take_while(|word| is_particle(word)).count().min(given.len().saturating_sub(1));
        let (given, after) = given.split_at(given.len() - after);
        let (before, family) = family.split_at(before);
        Self {
            given: given.join(" "),
            particle: [after, before].concat().join(" "),
            family: family.join(" "),
            suffix: suffix.unwrap_or_default().to_owned(),
        }
    }

    /// Divides a name in the order in which it is spoken. Names in scripts without capitals are not divided.
    fn from_printed(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let suffix = words.last().filter(|word| words.len() > 2 && SUFFIXES.contains(*word)).copied();
        let words = words.get(..words.len() - usize::from(suffix.is_some())).unwrap_or_default();
        let cased = text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
        let Some((first, rest)) = words.split_first().filter(|(_, rest)| cased && !rest.is_empty()) else {
            return Self { family: words.join(" "), ..Self::default() };
        };
        let begins = |word: &&str| is_particle(word) || BEGINNINGS.contains(word);
        // Only words directly before the last word are particles.
        let last = rest.len() - 1;
        let start = rest.get(..last).unwrap_or_default().iter().rev().take_while(|word| begins(word)).count();
        let (given, family) = rest.split_at(last - start);
        let before = family.iter().take_while(|word| is_particle(word)).count().min(family.len().saturating_sub(1));
        let (particle, family) = family.split_at(before);
        Self {
            given: [&[*first], given].concat().join(" "),
            particle: particle.join(" "),
            family: family.join(" "),
            suffix: suffix.unwrap_or_default().to_owned(),
        }
    }

    /// Returns the particle and the family name: `de Gaulle`, `d’Ormesson`.
    pub fn full_family(&self) -> String {
        match self.particle.as_str() {
            "" => self.family.clone(),
            particle if particle.ends_with(['\'', '’']) => format!("{particle}{}", self.family),
            particle => format!("{particle} {}", self.family),
        }
    }

    /// Returns the name in the order of catalogues, with the particle before the family name: `de Gaulle, Charles`.
    pub fn inverted(&self) -> String {
        let parts = [self.full_family(), self.given.clone(), self.suffix.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// Returns whether a word starts with a lower-case letter, as `de`, `von` and `d’` do.
fn is_particle(word: &str) -> bool {
    word.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &PersonName) -> [&str; 4] {
        [&name.given, &name.particle, &name.family, &name.suffix]
    }

    #[test]
    fn divides_inverted_names() {
        for (text, wanted) in [
            ("Le Garrec, Maud", ["Maud", "", "Le Garrec", ""]),
            ("Gaulle, Charles de", ["Charles", "de", "Gaulle", ""]),
            ("de Gaulle, Charles", ["Charles", "de", "Gaulle", ""]),
            ("Ormesson, Jean d’", ["Jean", "d’", "Ormesson", ""]),
            ("Vidal de la Blache, Paul", ["Paul", "", "Vidal de la Blache", ""]),
            ("King, Martin Luther, Jr.", ["Martin Luther", "", "King", "Jr."]),
            ("Hergé", ["", "", "Hergé", ""]),
            ("hooks, bell", ["bell", "", "hooks", ""]),
        ] {
            assert_eq!(parts(&PersonName::from_inverted(text)), wanted, "{text}");
        }
    }

    #[test]
    fn divides_printed_names() {
        for (text, wanted) in [
            ("Idris Benhamou", ["Idris", "", "Benhamou", ""]),
            ("Maud Le Garrec", ["Maud", "", "Le Garrec", ""]),
            ("Charles de Gaulle", ["Charles", "de", "Gaulle", ""]),
            ("Jean de La Fontaine", ["Jean", "de", "La Fontaine", ""]),
            ("Ludwig van der Rohe", ["Ludwig", "van der", "Rohe", ""]),
            ("Martin Luther King Jr.", ["Martin Luther", "", "King", "Jr."]),
            ("Anne-Marie Ó Súilleabháin", ["Anne-Marie Ó", "", "Súilleabháin", ""]),
            ("Hergé", ["", "", "Hergé", ""]),
            ("山田 太郎", ["", "", "山田 太郎", ""]),
            ("", ["", "", "", ""]),
        ] {
            assert_eq!(parts(&PersonName::from_printed(text)), wanted, "{text}");
        }
    }

    #[test]
    fn writes_names_in_the_order_of_catalogues() {
        let inverted = |text: &str| PersonName::from_inverted(text).inverted();
        assert_eq!(inverted("Gaulle, Charles de"), "de Gaulle, Charles");
        assert_eq!(inverted("Ormesson, Jean d’"), "d’Ormesson, Jean");
        assert_eq!(inverted("King, Martin Luther, Jr."), "King, Martin Luther, Jr.");
        assert_eq!(inverted("Hergé"), "Hergé");
    }
}
