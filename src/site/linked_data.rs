//! Linked data in the pages: schema.org as JSON-LD.

use serde_json::{Map, Value, json};

use super::{PAGE, Site, SiteEdition, SitePublication, absolute};
use crate::product::Product;
use crate::records;

/// Describes an edition for its page. The ids and addresses of the page and of the files are included only if the address of the
/// output folder is known.
pub fn edition(site: &Site<'_>, publication: &SitePublication, edition: &SiteEdition) -> Option<String> {
    let record = records::write(Product::JsonLd, &edition.work, edition.extents)?;
    let mut book: Map<String, Value> = serde_json::from_str(&record).ok()?;
    match site.published_url {
        Some(address) => {
            let page = absolute(address, &publication.page());
            let file = |product: Product| edition.files.iter().find(|file| file.product == product);
            for (product, example) in edition.work.forms.iter().zip(examples(&mut book)) {
                if let Some(file) = file(*product) {
                    example.insert("contentUrl".into(), absolute(address, &file.path).into());
                    example.insert("contentSize".into(), format!("{} B", file.bytes).into());
                }
            }
            book.insert("@id".into(), page.as_str().into());
            book.insert("mainEntityOfPage".into(), page.into());
        }
        None => {
            book.remove("@id");
            for example in examples(&mut book) {
                example.remove("@id");
            }
        }
    }
    Some(Value::Object(book).to_string())
}

fn examples(book: &mut Map<String, Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    book.get_mut("workExample").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

/// Describes the catalogue. Returns `None` if the address of the output folder is unknown.
pub fn catalogue(site: &Site<'_>, title: &str) -> Option<String> {
    let address = site.published_url?;
    let parts: Vec<Value> = site
        .publications
        .iter()
        .filter_map(|publication| {
            let name = &publication.newest()?.work.title;
            Some(json!({ "@type": "Book", "@id": absolute(address, &publication.page()), "name": name }))
        })
        .collect();
    let page = absolute(address, PAGE);
    let catalogue =
        json!({ "@context": "https://schema.org", "@type": "CollectionPage", "@id": page, "name": title, "hasPart": parts });
    Some(catalogue.to_string())
}
