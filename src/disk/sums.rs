//! SHA-256 sums, which anyone can check without this tool, and the list of the files below a folder.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256 as Hasher};

use super::ProjectRoot;
use super::digest::{Found, walk};

/// A SHA-256 sum (FIPS 180-4), written as 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
#[schemars(transparent)]
pub struct Sha256(#[schemars(with = "String")] [u8; 32]);

impl Sha256 {
    /// Returns the sum of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Hasher::digest(bytes).into())
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Sha256 {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FAULT: &str = "a SHA-256 sum has 64 hexadecimal digits";
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(FAULT);
        }
        let mut sum = [0; 32];
        for (place, byte) in sum.iter_mut().enumerate() {
            let digits = text.get(place * 2..place * 2 + 2).ok_or(FAULT)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| FAULT)?;
        }
        Ok(Self(sum))
    }
}

impl Serialize for Sha256 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Returns the sum of a regular file of any size.
///
/// # Errors
///
/// Fails if the file cannot be read, or is not a regular file.
pub fn sha256_file(path: &Path) -> io::Result<Sha256> {
    let mut file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Sha256(hasher.finalize().into())),
            read => hasher.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// Returns the paths of the files below a path of the project, as [`FileDigests`](super::FileDigests) finds them: hidden files
/// are skipped, and symbolic links inside the project are followed.
pub fn files_below(root: &ProjectRoot, path: &str) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    walk(root, path, &mut |_, found| {
        if let Found::File(path) = found {
            files.insert(path.to_owned());
        }
    });
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_sha256sum() {
        // The example of FIPS 180-4 for the message "abc".
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Sha256::of(b"abc").to_string(), sum);
        assert_eq!(sum.parse::<Sha256>(), Ok(Sha256::of(b"abc")));
        assert!(sum.get(1..).unwrap().parse::<Sha256>().is_err() && "é".repeat(32).parse::<Sha256>().is_err());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "abc").unwrap();
        assert_eq!(sha256_file(&folder.path().join("a")).unwrap(), Sha256::of(b"abc"));
        assert!(sha256_file(folder.path()).is_err());
    }
}
