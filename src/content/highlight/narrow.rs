//! Grammars for less than all of Unicode: their patterns know the letters and digits of every script, of which each pattern
//! that is used takes most of a millisecond to prepare. Code is written with letters of few scripts; others lose a colour, no
//! more.
//!
//! The build script has grammars narrowed once, when the tool is compiled.

/// ASCII, and all that UTF-8 writes with two bytes from U+00C0 on: Latin letters with accents, Greek, Cyrillic, Hebrew, Arabic.
/// The few signs among them count as letters; one range costs least to prepare.
const LETTERS: &str = r"A-Za-z\x{C0}-\x{7FF}";

/// What stands for a class of Unicode: how it is written, and characters between brackets.
const CLASSES: [(&str, &str); 8] = [
    ("p{L}", LETTERS),
    ("p{Letter}", LETTERS),
    ("p{Lu}", "A-ZÀ-Þ"),
    ("p{Ll}", "a-zß-ÿ"),
    ("p{N}", "0-9"),
    ("w", r"0-9A-Z_a-z\x{C0}-\x{7FF}"),
    ("d", "0-9"),
    // Written by their numbers: where a pattern may be laid out, a plain space in it means nothing.
    ("s", r"\t\n\x0B\f\r\x20"),
];

/// The opposites, which have capital letters.
const OPPOSITES: [(&str, &str); 3] = [("W", "w"), ("D", "d"), ("S", "s")];

/// Narrows the classes of a pattern. A class between brackets becomes one class in another, which is their union.
pub fn narrow(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut rest = pattern;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let class = |name: &str| CLASSES.iter().find(|(class, _)| *class == name).map(|(_, characters)| *characters);
        let known = CLASSES.iter().find(|(class, _)| after.starts_with(class));
        let opposite = OPPOSITES.iter().find(|(opposite, _)| after.starts_with(opposite));
        let size = match (known, opposite) {
            (Some((name, characters)), _) => {
                out.push_str(&format!("[{characters}]"));
                name.len()
            }
            (None, Some((name, of))) => {
                out.push_str(&format!("[^{}]", class(of).unwrap_or_default()));
                name.len()
            }
            (None, None) => {
                out.push('\\');
                let size = after.chars().next().map_or(0, char::len_utf8);
                out.push_str(&after[..size]);
                size
            }
        };
        rest = &after[size..];
    }
    out.push_str(rest);
    out
}
