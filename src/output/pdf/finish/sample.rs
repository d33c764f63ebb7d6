//! A minimal PDF with the structures that Typst writes around links, for tests.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, decode_text_string, dictionary, text_string};

use super::{FinishError, Sentences};

/// The initial XMP packet.
pub(super) const PACKET: &str = concat!(
    r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">"#,
    r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="">"#,
    "<pdfaid:part>2</pdfaid:part></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>"
);

/// Patterns in French.
pub(super) const FRENCH: Sentences<'static> = Sentences {
    section: "Aller à : {}",
    page: "Aller à la page {}",
    leads_to: "{words} (aller à : {})",
    on_page: ", p. {}",
    address: "{} (site externe)",
    bare_address: "{} (site externe)",
    note: "Note {}",
    back: "Retour au texte (note {})",
    page_word: "page",
};

/// A PDF of three pages, labelled i, ii and A-1, with the headings "Un" at 700 pt on the first and "Données (2023)" on the
/// second; `un`, `deux` and `fig` are named destinations.
pub(super) struct SamplePdf {
    document: Document,
    catalog: ObjectId,
    pages: Vec<ObjectId>,
    links: Vec<Object>,
    parents: Vec<Object>,
}

impl SamplePdf {
    pub(super) fn new() -> Self {
        let mut document = Document::with_version("1.7");
        let tree = document.new_object_id();
        let sides: Vec<Object> = [0, 0, 600, 800].map(Object::from).into();
        let page = |_| document.add_object(dictionary! { "Type" => "Page", "Parent" => tree, "MediaBox" => sides.clone() });
        let pages: Vec<ObjectId> = (0..3).map(page).collect();
        let kids: Vec<Object> = pages.iter().copied().map(Object::from).collect();
        document.objects.insert(tree, dictionary! { "Type" => "Pages", "Count" => 3, "Kids" => kids }.into());
        let packet = Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, PACKET.into());
        let metadata = document.add_object(packet);
        let catalog = document.add_object(dictionary! {
            "Type" => "Catalog",
            "Pages" => tree,
            "Metadata" => metadata,
            "PageLabels" => dictionary! { "Nums" => vec![
                0.into(),
                dictionary! { "S" => "r" }.into(),
                2.into(),
                dictionary! { "S" => "D", "P" => text_string("A-") }.into(),
            ] },
        });
        document.trailer.set("Root", catalog);
        let mut sample = Self { document, catalog, pages, links: Vec::new(), parents: Vec::new() };
        sample.name_places();
        sample
    }

    fn name_places(&mut self) {
        let [un, deux, fig] = [self.at(0, 34.0, 700.0), self.at(1, 34.0, 700.0), self.at(1, 34.0, 300.0)];
        let names = vec![text_string("deux"), deux.clone(), text_string("fig"), fig, text_string("un"), un.clone()];
        let (first, second) = (self.document.new_object_id(), self.document.new_object_id());
        let item = dictionary! { "Title" => text_string("Un"), "Dest" => un, "Next" => second };
        self.document.objects.insert(first, item.into());
        let item = dictionary! { "Title" => text_string("Données (2023)"), "Dest" => deux };
        self.document.objects.insert(second, item.into());
        self.set("Outlines", dictionary! { "First" => first, "Last" => second });
        self.set("Names", dictionary! { "Dests" => dictionary! { "Names" => names } });
    }

    /// Sets an entry of the catalog.
    pub(super) fn set(&mut self, key: &str, value: impl Into<Object>) {
        if let Ok(catalog) = self.document.get_dictionary_mut(self.catalog) {
            catalog.set(key, value);
        }
    }

    /// Returns an explicit destination; pages are numbered from 0.
    pub(super) fn at(&self, page: usize, left: f32, top: f32) -> Object {
        let page = self.pages.get(page).copied().unwrap_or_default();
        Object::Array(vec![page.into(), "XYZ".into(), left.into(), top.into(), 0.into()])
    }

    /// Adds a link on the first page, with its `Contents`, its target, and its structure elements from the outermost to the
    /// innermost.
    pub(super) fn link(&mut self, contents: &str, target: Dictionary, tags: &[&str]) {
        let mut above: Option<ObjectId> = None;
        for tag in tags {
            let mut element = dictionary! { "S" => *tag };
            if let Some(above) = above {
                element.set("P", above);
            }
            let own = self.document.add_object(element);
            if let Some(Object::Dictionary(parent)) = above.and_then(|above| self.document.objects.get_mut(&above)) {
                parent.set("K", vec![own.into()]);
            }
            above = Some(own);
        }
        if tags.last() == Some(&"Figure") {
            above = above.and_then(|figure| self.describe(figure));
        }
        let parent = i64::try_from(self.parents.len() / 2).unwrap_or_default();
        self.parents.extend([parent.into(), above.map_or(Object::Null, Object::from)]);
        let rect: Vec<Object> = [100, 500, 104, 514].map(Object::from).into();
        let mut annotation = dictionary! {
            "Subtype" => "Link", "Contents" => text_string(contents), "StructParent" => parent, "Rect" => rect,
        };
        annotation.extend(&target);
        self.links.push(self.document.add_object(annotation).into());
    }

    /// Adds a text alternative to a figure, makes it a child of its link, and returns the link.
    fn describe(&mut self, figure: ObjectId) -> Option<ObjectId> {
        let element = self.document.get_dictionary_mut(figure).ok()?;
        element.set("Alt", text_string("Logo d’Éduscol"));
        let link = element.get(b"P").and_then(Object::as_reference).ok()?;
        self.document.get_dictionary_mut(link).ok()?.set("K", vec![0.into(), figure.into()]);
        Some(link)
    }

    /// Serialises the file as Typst does, with a cross-reference table.
    pub(super) fn pdf(mut self) -> Result<Vec<u8>, FinishError> {
        let parents = dictionary! { "Nums" => std::mem::take(&mut self.parents) };
        let roles = dictionary! { "Strong" => "Span" };
        self.set("StructTreeRoot", dictionary! { "ParentTree" => parents, "RoleMap" => roles });
        let links = std::mem::take(&mut self.links);
        let first = self.pages.first().copied().unwrap_or_default();
        self.document.get_dictionary_mut(first).map_err(FinishError::Unreadable)?.set("Annots", links);
        let mut pdf = Vec::new();
        self.document.save_to(&mut pdf).map_err(FinishError::Unwritable)?;
        Ok(pdf)
    }
}

/// Returns the annotation entries of a link to an address.
pub(super) fn address(address: &str) -> Dictionary {
    dictionary! { "A" => dictionary! { "S" => "URI", "URI" => Object::string_literal(address) } }
}

/// Returns the `Contents` of each annotation of the first page.
pub(super) fn contents(pdf: &[u8]) -> Result<Vec<String>, FinishError> {
    let document = Document::load_mem(pdf).map_err(FinishError::Unreadable)?;
    let page = document.page_iter().next().ok_or(FinishError::Missing("page"))?;
    let annotations = document.get_page_annotations(page).map_err(FinishError::Unreadable)?;
    let text = |annotation: &&Dictionary| decode_text_string(annotation.get(b"Contents")?);
    annotations.iter().map(text).collect::<Result<_, _>>().map_err(FinishError::Unreadable)
}

/// Returns the stored XMP packet.
pub(super) fn packet(pdf: &[u8]) -> Result<String, FinishError> {
    let document = Document::load_mem(pdf).map_err(FinishError::Unreadable)?;
    let metadata = super::catalog(&document)?.get(b"Metadata").and_then(|id| document.get_object(id.as_reference()?));
    let stream = metadata.and_then(Object::as_stream).map_err(FinishError::Unreadable)?;
    Ok(String::from_utf8_lossy(&stream.content).into_owned())
}
