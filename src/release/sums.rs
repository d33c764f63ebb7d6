//! `SHA256SUMS`: the SHA-256 checksum of each file of a release, in the format of the command `sha256sum`.

use std::collections::BTreeMap;

use crate::disk::{Sha256, stays_inside};

/// Name of the file.
pub const SUMS: &str = "SHA256SUMS";

/// Returns the text of the file, given the contents of the other files by name. Names contain no backslashes or line ends, so
/// they are not escaped.
pub fn write(files: &BTreeMap<String, Vec<u8>>) -> String {
    files.iter().map(|(name, bytes)| format!("{}  {name}\n", Sha256::of(bytes))).collect()
}

/// Parses the file. Returns the checksums by name.
///
/// # Errors
///
/// Returns the number of the first invalid line, from 1.
pub fn read(text: &str) -> Result<BTreeMap<String, Sha256>, usize> {
    let mut sums = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        // The second separator is a star for files that were read as binary.
        let parts = line.split_once("  ").or_else(|| line.split_once(" *"));
        let (sum, name) = parts.ok_or(index + 1)?;
        let sum = sum.parse().ok().filter(|_| stays_inside(name)).ok_or(index + 1)?;
        if sums.insert(name.to_owned(), sum).is_some() {
            return Err(index + 1);
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let files = BTreeMap::from([("a.pdf".to_owned(), b"abc".to_vec()), ("pages/1.png".to_owned(), Vec::new())]);
        let text = write(&files);
        assert!(text.starts_with("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.pdf\n"), "{text}");
        let read = read(&text).unwrap();
        assert_eq!(read.keys().collect::<Vec<_>>(), ["a.pdf", "pages/1.png"]);
        assert_eq!(read["a.pdf"], Sha256::of(b"abc"));
    }

    #[test]
    fn rejects_invalid_lines_and_names_outside_the_folder() {
        let sum = Sha256::of(b"abc");
        assert_eq!(read("x  a\n"), Err(1));
        for name in ["../a", "/a", "a/../../b", ""] {
            assert_eq!(read(&format!("{sum}  b\n{sum}  {name}\n")), Err(2), "{name}");
        }
        assert_eq!(read(&format!("{sum}  b\n{sum}  b\n")), Err(2), "a name occurs once");
    }
}
