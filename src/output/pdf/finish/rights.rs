//! Writes the licence to the XMP packet: `dc:rights` and the Rights Management namespace (XMP part 1 §8.3, §8.5).
//!
//! Both schemas are predefined in PDF/A-2 (ISO 19005-2 §6.6.2.3.1, XMP specification 2005), so neither needs an extension
//! schema.

use std::fmt::Write;

use lopdf::Document;

use super::{FinishError, XmpRights, packet};

/// Start of the block of rights. It is unique, so that the block of an earlier pass can be found.
const OPEN: &str = concat!(
    r#"<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/""#,
    r#" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/">"#
);
/// End of the block of rights.
const CLOSE: &str = "</rdf:Description>";
/// End of the RDF. Properties after it are ignored.
const END: &str = "</rdf:RDF>";

/// Writes the rights to the metadata stream of the document.
///
/// # Errors
///
/// Returns an error if the packet is missing or malformed, or already states rights that are not from an earlier pass.
pub(super) fn write(document: &mut Document, rights: &XmpRights, lang: &str) -> Result<(), FinishError> {
    packet::rewrite(document, |packet| with_rights(packet, rights, lang))
}

/// Inserts the rights into a packet, and replaces the rights of an earlier pass.
fn with_rights(packet: &str, rights: &XmpRights, lang: &str) -> Result<String, FinishError> {
    let packet = without_rights(packet);
    if packet.contains("<dc:rights") || packet.contains("<xmpRights:") {
        return Err(FinishError::Unexpected("its XMP packet already states rights".into()));
    }
    let (before, after) =
        packet.rsplit_once(END).ok_or_else(|| FinishError::Unexpected(format!("its XMP packet has no {END}")))?;
    Ok(format!("{before}{}{END}{after}", block(rights, lang)))
}

/// Returns the packet without the block of an earlier pass.
fn without_rights(packet: &str) -> String {
    let found = packet.split_once(OPEN).and_then(|(before, rest)| Some((before, rest.split_once(CLOSE)?.1)));
    found.map_or_else(|| packet.to_owned(), |(before, after)| format!("{before}{after}"))
}

/// Returns the rights as a separate description of the document; empty if there are none.
fn block(rights: &XmpRights, lang: &str) -> String {
    let mut properties = String::new();
    if !rights.statement.is_empty() {
        property(&mut properties, "dc:rights", &alternatives(rights.statement, lang));
    }
    if let Some(marked) = rights.marked {
        // XMP part 1 §8.2.1.1 spells booleans with a capital.
        property(&mut properties, "xmpRights:Marked", if marked { "True" } else { "False" });
    }
    if !rights.owners.is_empty() {
        let mut owners = String::new();
        for owner in rights.owners {
            property(&mut owners, "rdf:li", &escaped(owner));
        }
        property(&mut properties, "xmpRights:Owner", &format!("<rdf:Bag>{owners}</rdf:Bag>"));
    }
    if let Some(terms) = rights.usage_terms {
        property(&mut properties, "xmpRights:UsageTerms", &alternatives(terms, lang));
    }
    if let Some(address) = rights.web_statement {
        property(&mut properties, "xmpRights:WebStatement", &escaped(address));
    }
    if properties.is_empty() { properties } else { format!("{OPEN}{properties}{CLOSE}") }
}

fn property(into: &mut String, name: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = write!(into, "<{name}>{value}</{name}>");
}

/// Returns a language alternative, with `x-default` first (XMP part 1 §8.2.2.4).
fn alternatives(text: &str, lang: &str) -> String {
    let mut items = String::new();
    for lang in ["x-default", lang].iter().filter(|lang| !lang.is_empty()) {
        let _ = write!(items, r#"<rdf:li xml:lang="{}">{}</rdf:li>"#, escaped(lang), escaped(text));
    }
    format!("<rdf:Alt>{items}</rdf:Alt>")
}

/// Escapes text for XML, and removes the characters that XML 1.0 §2.2 excludes.
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => {}
            c => xml.push(c),
        }
    }
    xml
}

#[cfg(test)]
mod tests {
    use super::super::sample::PACKET;
    use super::*;

    const NONE: XmpRights<'static> =
        XmpRights { statement: "", web_statement: None, marked: None, owners: &[], usage_terms: None };

    #[test]
    fn writes_every_property() -> Result<(), FinishError> {
        let owners = ["Techné & Cie".to_owned(), "B".to_owned()];
        let rights = XmpRights {
            statement: "Licence <2.0>",
            web_statement: Some("https://a.fr/?b=1&c"),
            marked: Some(false),
            owners: &owners,
            usage_terms: Some("Libre\u{0}"),
        };
        let packet = with_rights(PACKET, &rights, "fr")?;
        for property in [
            r#"<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Licence &lt;2.0&gt;</rdf:li>"#,
            r#"<rdf:li xml:lang="fr">Licence &lt;2.0&gt;</rdf:li></rdf:Alt></dc:rights>"#,
            "<xmpRights:Marked>False</xmpRights:Marked>",
            "<xmpRights:Owner><rdf:Bag><rdf:li>Techné &amp; Cie</rdf:li><rdf:li>B</rdf:li></rdf:Bag></xmpRights:Owner>",
            r#"<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Libre</rdf:li>"#,
            "<xmpRights:WebStatement>https://a.fr/?b=1&amp;c</xmpRights:WebStatement></rdf:Description></rdf:RDF>",
        ] {
            assert!(packet.contains(property), "{property} in {packet}");
        }
        Ok(())
    }

    #[test]
    fn replaces_the_rights_of_an_earlier_pass() -> Result<(), FinishError> {
        let first = with_rights(PACKET, &XmpRights { statement: "Mai", ..NONE }, "fr")?;
        let second = with_rights(&first, &XmpRights { statement: "Décembre", ..NONE }, "fr")?;
        assert!(!second.contains("Mai") && second.contains("Décembre"));
        assert_eq!(with_rights(&second, &NONE, "fr")?, PACKET, "empty rights write nothing");
        Ok(())
    }

    #[test]
    fn rejects_unexpected_packets() {
        let stated = PACKET.replace("<pdfaid:part>", "<dc:rights>x</dc:rights><pdfaid:part>");
        for packet in ["", &stated] {
            assert!(matches!(with_rights(packet, &NONE, "fr"), Err(FinishError::Unexpected(_))));
        }
    }
}
