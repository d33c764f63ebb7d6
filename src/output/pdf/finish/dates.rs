//! Sets the date of modification, for which Typst writes the date of creation.
//!
//! The document information dictionary and the XMP packet must agree (ISO 19005-2 §6.6.2.3.1).

use lopdf::{Document, Object};

use super::{FinishError, packet};
use crate::manifest::Date;

const OPEN: &str = "<xmp:ModifyDate>";
const CLOSE: &str = "</xmp:ModifyDate>";

/// Sets the date of modification in both places.
///
/// # Errors
///
/// Returns an error if the information dictionary, the packet, or its date of modification is missing.
pub(super) fn modify(document: &mut Document, date: Date) -> Result<(), FinishError> {
    let info = document.trailer.get(b"Info").and_then(Object::as_reference);
    let info = info.and_then(|id| document.get_dictionary_mut(id)).map_err(|_| FinishError::Missing("information dictionary"))?;
    // ISO 32000-1 §7.9.4.
    let Date { year, month, .. } = date;
    info.set("ModDate", Object::string_literal(format!("D:{year:04}{month:02}{:02}000000Z", date.first_day())));
    // XMP part 1 §8.2.1.2, in the format of Typst's other dates.
    let instant = date.instant().replace('Z', "+00:00");
    packet::rewrite(document, |packet| {
        let parts = packet.split_once(OPEN).and_then(|(before, rest)| Some((before, rest.split_once(CLOSE)?.1)));
        let (before, after) = parts.ok_or(FinishError::Missing("date of modification"))?;
        Ok(format!("{before}{OPEN}{instant}{CLOSE}{after}"))
    })
}

#[cfg(test)]
mod tests {
    use lopdf::{Stream, dictionary};

    use super::*;
    use crate::output::pdf::finish::catalog;

    const JUNE: Date = Date { year: 2023, month: 6, day: Some(12) };

    fn document(packet: &str) -> Document {
        let mut document = Document::with_version("1.7");
        let metadata = document.add_object(Stream::new(dictionary! {}, packet.into()));
        let root = document.add_object(dictionary! { "Type" => "Catalog", "Metadata" => metadata });
        let date = Object::string_literal("D:20230501000000Z");
        let info = document.add_object(dictionary! { "CreationDate" => date.clone(), "ModDate" => date });
        document.trailer.set("Root", root);
        document.trailer.set("Info", info);
        document
    }

    #[test]
    fn changes_only_the_date_of_modification() {
        let written = "<a><xmp:ModifyDate>2023-05-01T00:00:00+00:00</xmp:ModifyDate><xmp:CreateDate>2023-05-01T00:00:00+00:00</xmp:CreateDate></a>";
        let mut document = document(written);
        modify(&mut document, JUNE).unwrap();
        let info = document.trailer.get(b"Info").and_then(Object::as_reference).unwrap();
        let info = document.get_dictionary(info).unwrap();
        assert_eq!(info.get(b"ModDate").and_then(Object::as_str).unwrap(), b"D:20230612000000Z");
        assert_eq!(info.get(b"CreationDate").and_then(Object::as_str).unwrap(), b"D:20230501000000Z");
        let metadata = catalog(&document).unwrap().get(b"Metadata").and_then(Object::as_reference).unwrap();
        let packet = document.get_object(metadata).and_then(Object::as_stream).unwrap();
        assert_eq!(packet.content, written.replacen("05-01", "06-12", 1).into_bytes());
    }

    #[test]
    fn rejects_a_packet_without_a_date() {
        let error = modify(&mut document("<a/>"), JUNE).unwrap_err();
        assert_eq!(error.to_string(), "the exported PDF has no date of modification");
    }
}
