//! Removes the claims of conformance from the PDF of an unfinished text. The file conforms to the standards, but the content may
//! not.

use lopdf::Document;

use super::{FinishError, packet};

/// The XMP properties that claim PDF/A (ISO 19005-2 §6.6.4) and PDF/UA (ISO 14289-1 §5).
const CLAIMS: [&str; 3] = ["pdfaid:part", "pdfaid:conformance", "pdfuaid:part"];

/// Removes the claims from the XMP packet of the document.
///
/// # Errors
///
/// Returns the errors of [`packet::rewrite`].
pub(super) fn remove(document: &mut Document) -> Result<(), FinishError> {
    packet::rewrite(document, |packet| Ok(CLAIMS.iter().fold(packet.to_owned(), |packet, claim| without(&packet, claim))))
}

/// Returns the packet without an element; the element must contain only text.
fn without(packet: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = packet.split_once(&open).and_then(|(before, rest)| Some((before, rest.split_once(&close)?.1)));
    parts.map_or_else(|| packet.to_owned(), |(before, after)| format!("{before}{after}"))
}

#[cfg(test)]
mod tests {
    use super::super::sample::PACKET;
    use super::*;

    #[test]
    fn removes_only_the_claims() {
        let bare = CLAIMS.iter().fold(PACKET.to_owned(), |packet, claim| without(&packet, claim));
        assert!(PACKET.contains("<pdfaid:part>") && !bare.contains("<pdfaid:part>"), "{bare}");
        assert_eq!(without(&bare, "pdfaid:part"), bare);
    }
}
