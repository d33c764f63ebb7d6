//! Claims of conformance, withdrawn: what typst wrote keeps the standards' rules, but the text is not finished.

use lopdf::Document;

use super::{FinishError, packet};

/// What claims PDF/A (ISO 19005-2 §6.6.4) and PDF/UA (ISO 14289-1 §5) in the XMP packet.
const CLAIMS: [&str; 3] = ["pdfaid:part", "pdfaid:conformance", "pdfuaid:part"];

/// Takes the claims out of the document's packet.
pub(super) fn withdraw(document: &mut Document) -> Result<(), FinishError> {
    packet::rewrite(document, |packet| Ok(CLAIMS.iter().fold(packet.to_owned(), |packet, claim| without(&packet, claim))))
}

/// Gives the packet without an element of text alone.
fn without(packet: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = packet.split_once(&open).and_then(|(before, rest)| Some((before, rest.split_once(&close)?.1)));
    parts.map_or_else(|| packet.to_owned(), |(before, after)| format!("{before}{after}"))
}

#[cfg(test)]
mod tests {
    use super::super::trial::PACKET;
    use super::*;

    #[test]
    fn claims_are_taken_out_and_nothing_else() {
        let bare = CLAIMS.iter().fold(PACKET.to_owned(), |packet, claim| without(&packet, claim));
        assert!(PACKET.contains("<pdfaid:part>") && !bare.contains("<pdfaid:part>"), "{bare}");
        assert_eq!(without(&bare, "pdfaid:part"), bare);
    }
}
