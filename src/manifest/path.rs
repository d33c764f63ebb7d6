//! Paths of the project and file names: validation, joining, and percent-encoding.

use std::fmt;

/// The reason why a text is not a path of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFault {
    /// It is empty.
    Empty,
    /// It is absolute.
    Root,
    /// It starts with a drive letter.
    Drive,
    /// It is a network (UNC) path.
    Machine,
    /// It is a URL.
    Address,
    /// It contains backslashes.
    Backslash,
    /// It leads out of the project.
    Above,
    /// It contains a character that is not allowed in file names on every system.
    Character(char),
    /// It is a device name on some systems.
    Device,
    /// It contains folders where only a name is allowed.
    Folder,
    /// It starts with a dot.
    Hidden,
}

impl fmt::Display for PathFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty",
            Self::Root => "it starts at the root of the disk",
            Self::Drive => "it starts with the letter of a drive",
            Self::Machine => "it names another machine",
            Self::Address => "it is an address on the network",
            Self::Backslash => "it has a backslash",
            Self::Above => "it leads out of the project",
            Self::Character(c) if c.is_control() => return write!(f, "it has the character U+{:04X}", u32::from(*c)),
            Self::Character(c) => return write!(f, "it has the character {c}"),
            Self::Device => "it is the name of a device on some systems",
            Self::Folder => "it has a slash",
            Self::Hidden => "it starts with a dot",
        })
    }
}

/// Returns the reason why a text is not a path in the project that is valid on every system. The path is relative to a folder
/// `depth` levels below the root.
pub fn path_fault(text: &str, depth: usize) -> Option<PathFault> {
    if text.is_empty() {
        return Some(PathFault::Empty);
    }
    if text.starts_with("//") || text.starts_with("\\\\") {
        return Some(PathFault::Machine);
    }
    if text.starts_with('/') {
        return Some(PathFault::Root);
    }
    if text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && text.as_bytes().get(1) == Some(&b':') {
        return Some(PathFault::Drive);
    }
    if text.contains("://") {
        return Some(PathFault::Address);
    }
    if text.contains('\\') {
        return Some(PathFault::Backslash);
    }
    let mut depth = depth;
    for part in text.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            depth = match depth.checked_sub(1) {
                Some(depth) => depth,
                None => return Some(PathFault::Above),
            };
            continue;
        }
        depth += 1;
        if let Some(fault) = part_fault(part) {
            return Some(fault);
        }
    }
    None
}

/// Returns the reason why a text is not permitted as a file name.
pub fn name_fault(text: &str) -> Option<PathFault> {
    path_fault(text, 0).or_else(|| match text {
        _ if text.contains('/') => Some(PathFault::Folder),
        _ if text.starts_with('.') => Some(PathFault::Hidden),
        _ => None,
    })
}

fn part_fault(part: &str) -> Option<PathFault> {
    let forbidden = |c: char| c.is_control() || matches!(c, ':' | '<' | '>' | '"' | '|' | '?' | '*');
    if let Some(c) = part.chars().find(|c| forbidden(*c)) {
        return Some(PathFault::Character(c));
    }
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = |word: &str| stem.strip_prefix(word).is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']));
    let device =
        matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$") || numbered("com") || numbered("lpt");
    device.then_some(PathFault::Device)
}

/// Joins a folder and a path relative to it. Both are relative to the root of the project.
///
/// # Errors
///
/// Returns the reason if the text is not a path of the project.
pub fn join_path(folder: &str, written: &str) -> Result<String, PathFault> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if let Some(fault) = path_fault(written, parts.len()) {
        return Err(fault);
    }
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// Decodes percent-encoding (RFC 3986 §2.1). Returns `None` if there is none, or if the result is not UTF-8.
pub fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    (bytes.len() < text.len()).then(|| String::from_utf8(bytes).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_paths_inside_the_project() {
        for right in [
            "a",
            "a/b.png",
            "./a",
            "../a",
            "../../a",
            "a/../../b",
            "été/a b#1 100%.png",
            "a//b",
            "console/nulle.png",
            "comic.png",
        ] {
            assert_eq!(path_fault(right, 2), None, "{right}");
        }
    }

    #[test]
    fn each_invalid_path_has_its_fault() {
        for (wrong, fault) in [
            ("", PathFault::Empty),
            ("/etc/passwd", PathFault::Root),
            ("../../../a", PathFault::Above),
            ("a/../../../../b", PathFault::Above),
            ("C:\\a", PathFault::Drive),
            ("c:/a", PathFault::Drive),
            ("C:a", PathFault::Drive),
            ("\\\\server\\share\\a", PathFault::Machine),
            ("//server/share/a", PathFault::Machine),
            ("https://example.org/a.png", PathFault::Address),
            ("\\a", PathFault::Backslash),
            ("a\\..\\..\\b", PathFault::Backslash),
            ("NUL", PathFault::Device),
            ("a/con.png", PathFault::Device),
            ("Com1 .tar.gz", PathFault::Device),
            ("a\0b", PathFault::Character('\0')),
            ("a.png:stream", PathFault::Character(':')),
            ("what?.png", PathFault::Character('?')),
        ] {
            assert_eq!(path_fault(wrong, 2), Some(fault), "{wrong:?}");
        }
        assert_eq!(name_fault("a/b"), Some(PathFault::Folder));
        assert_eq!(name_fault(".hidden"), Some(PathFault::Hidden));
        assert_eq!(name_fault(".."), Some(PathFault::Above));
        assert_eq!(name_fault("é b"), None);
    }

    #[test]
    fn joins_paths_inside_the_project() {
        assert_eq!(join_path("sources/a", "images/x.png").as_deref(), Ok("sources/a/images/x.png"));
        assert_eq!(join_path("sources/a", "../b/x.png").as_deref(), Ok("sources/b/x.png"));
        for wrong in ["/etc/x.png", "../../../x.png", "C:\\x.png", "..\\x.png", "https://a/x.png", ""] {
            assert!(join_path("sources/a", wrong).is_err(), "{wrong}");
        }
    }
}
