//! The XMP packet of the document (ISO 32000-1 §14.3.2).

use lopdf::{Document, Object, ObjectId, Stream};

use super::{FinishError, catalog};

/// Replaces the XMP packet of the document. The stream is stored without a filter, for tools that scan for packets.
///
/// # Errors
///
/// Returns an error if there is no packet, if it cannot be decoded or is not UTF-8, or the errors of `write`.
pub(super) fn rewrite(
    document: &mut Document,
    write: impl FnOnce(&str) -> Result<String, FinishError>,
) -> Result<(), FinishError> {
    let id = metadata(document)?;
    let stream = document.get_object_mut(id).and_then(Object::as_stream_mut).map_err(FinishError::Unreadable)?;
    let packet = stream.get_plain_content().map_err(FinishError::Unreadable)?;
    let packet = String::from_utf8(packet).map_err(|_| FinishError::Unexpected("its XMP packet is not UTF-8".into()))?;
    let packet = write(&packet)?;
    let mut dict = stream.dict.clone();
    dict.remove(b"Filter");
    dict.remove(b"DecodeParms");
    *stream = Stream::new(dict, packet.into_bytes()).with_compression(false);
    Ok(())
}

fn metadata(document: &Document) -> Result<ObjectId, FinishError> {
    let metadata = catalog(document)?.get(b"Metadata").and_then(Object::as_reference);
    let id = metadata.map_err(|_| FinishError::Missing("XMP packet"))?;
    match document.get_object(id) {
        Ok(Object::Stream(_)) => Ok(id),
        _ => Err(FinishError::Missing("XMP packet")),
    }
}
