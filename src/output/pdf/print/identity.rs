//! The catalog, the output intent, the information dictionary and the XMP packet (ISO 15930-7 §6.2, §6.7, §6.8).

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, text_string};

use super::walk::Walk;
use super::{FinishError, PrintJob, entry};
use crate::manifest::Date;

/// The registry of characterised printing conditions (ISO 32000-1 §14.11.5).
const REGISTRY: &str = "http://www.color.org";

/// The identifier of a printing condition that no registry has. `Info` then describes the condition (ISO 32000-1 table 365).
const UNREGISTERED: &str = "Custom";

/// Inserts the catalog and the information dictionary.
pub(super) fn write(walk: &mut Walk<'_>, job: &PrintJob<'_>, tree: ObjectId) -> Result<(ObjectId, ObjectId), FinishError> {
    let document = walk.document;
    let source = document.catalog().map_err(|_| FinishError::Missing("document catalog"))?;
    let mut catalog = Dictionary::new();
    catalog.set("Type", "Catalog");
    catalog.set("Pages", tree);
    catalog.set("Lang", text_string(job.lang));
    if let Some(labels) = entry(document, source, b"PageLabels") {
        catalog.set("PageLabels", walk.copy(labels)?);
    }
    let mut preferences = Dictionary::new();
    let viewer = entry(document, source, b"ViewerPreferences").and_then(|viewer| viewer.as_dict().ok());
    if let Some(direction) = viewer.and_then(|viewer| entry(document, viewer, b"Direction")) {
        preferences.set("Direction", direction.clone());
    }
    preferences.set("DisplayDocTitle", true);
    catalog.set("ViewerPreferences", preferences);
    catalog.set("OutputIntents", vec![intent(walk, job).into()]);
    let mut metadata = Dictionary::new();
    metadata.set("Type", "Metadata");
    metadata.set("Subtype", "XML");
    // Without a filter, for tools that scan for the packet.
    let packet = Stream::new(metadata, packet(job).into_bytes()).with_compression(false);
    catalog.set("Metadata", walk.add(packet));
    let info = information(document, job);
    Ok((walk.add(catalog), walk.add(info)))
}

fn intent(walk: &mut Walk<'_>, job: &PrintJob<'_>) -> Dictionary {
    let profile = job.press.profile;
    let mut stream = Dictionary::new();
    stream.set("N", 4);
    let id = walk.new_id();
    walk.insert_plain(id, Stream::new(stream, profile.bytes().to_vec()));
    let mut intent = Dictionary::new();
    intent.set("Type", "OutputIntent");
    intent.set("S", "GTS_PDFX");
    intent.set("OutputConditionIdentifier", text_string(profile.condition().unwrap_or(UNREGISTERED)));
    intent.set("OutputCondition", text_string(profile.name()));
    if profile.condition().is_some() {
        intent.set("RegistryName", Object::string_literal(REGISTRY));
    }
    intent.set("Info", text_string(profile.name()));
    intent.set("DestOutputProfile", id);
    intent
}

fn information(document: &Document, job: &PrintJob<'_>) -> Dictionary {
    let source = document.trailer.get(b"Info").ok().and_then(|info| document.dereference(info).ok()?.1.as_dict().ok());
    let mut info = Dictionary::new();
    info.set("Title", text_string(job.title));
    for key in ["Author", "Subject", "Keywords"] {
        if let Some(value) = source.and_then(|source| entry(document, source, key.as_bytes())) {
            info.set(key, value.clone());
        }
    }
    info.set("Creator", text_string(job.creator));
    info.set("Producer", text_string(job.creator));
    // ISO 32000-1 §7.9.4.
    let date = |date: Date| {
        let (year, month, day) = (date.year, date.month, date.first_day());
        Object::string_literal(format!("D:{year:04}{month:02}{day:02}000000Z"))
    };
    info.set("CreationDate", date(job.created));
    info.set("ModDate", date(job.modified.unwrap_or(job.created)));
    info.set("Trapped", "False");
    if job.claims {
        info.set("GTS_PDFXVersion", Object::string_literal("PDF/X-4"));
    }
    info
}

/// Returns the file identifier that Typst writes, otherwise one derived from the bytes.
pub(super) fn file_id(document: &Document, pdf: &[u8]) -> Object {
    match document.trailer.get(b"ID") {
        Ok(id @ Object::Array(parts)) if parts.len() == 2 => id.clone(),
        _ => {
            let digest = blake3::hash(pdf);
            let half = digest.as_bytes().get(..16).unwrap_or_default().to_vec();
            let part = Object::String(half, StringFormat::Hexadecimal);
            Object::Array(vec![part.clone(), part])
        }
    }
}

fn packet(job: &PrintJob<'_>) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let (title, lang, creator) = (escape(job.title), escape(job.lang), escape(job.creator));
    let version = escape(if job.version.is_empty() { "1" } else { job.version });
    let instant = |date: Date| date.instant().replace('Z', "+00:00");
    let (created, modified) = (instant(job.created), instant(job.modified.unwrap_or(job.created)));
    let id = job.identifier;
    let claim = if job.claims { "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>\n" } else { "" };
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li><rdf:li xml:lang="{lang}">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{created}</xmp:CreateDate>
<xmp:ModifyDate>{modified}</xmp:ModifyDate>
<xmp:MetadataDate>{modified}</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:{id}</xmpMM:DocumentID>
<xmpMM:VersionID>{version}</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<pdf:Producer>{creator}</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
{claim}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"#,
        bom = '\u{feff}'
    )
}
