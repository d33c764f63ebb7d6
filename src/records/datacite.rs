//! DataCite Metadata Schema 4.5, in the JSON form of its REST API (<https://schema.datacite.org/meta/kernel-4.5/>).
//!
//! The record is only written to a file. Nothing is sent to DataCite.

use serde_json::{Map, Value, json};

use super::name::PersonName;
use super::{Extents, Work};
use crate::manifest::PublicationKind;
use crate::output::epub::address;
use crate::product::Product;
use crate::resolve::Party;

/// MARC relator code of funders, which DataCite lists in a separate property.
const FUNDER: &str = "fnd";

/// Returns a record, or `None` if there is no DOI or no publisher.
pub fn write(work: &Work, extents: Extents) -> Option<String> {
    let (doi, publisher) = (work.doi.as_ref()?, work.publishers.first()?);
    let mut record = Map::new();
    let mut set = |key: &str, value: Value| {
        let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !empty {
            record.insert(key.to_owned(), value);
        }
    };
    set("schemaVersion", "http://datacite.org/schema/kernel-4".into());
    set("doi", doi.as_str().into());
    let (general, kind) = match work.kind {
        PublicationKind::Book => ("Book", "Book"),
        PublicationKind::Report => ("Report", "Report"),
        PublicationKind::Issue => ("Book", "Issue of a series"),
    };
    set("types", json!({ "resourceTypeGeneral": general, "resourceType": kind }));
    set("creators", work.responsible().into_iter().map(party).collect());
    set("titles", titles(work));
    set("publisher", publisher_of(publisher));
    set("publicationYear", work.date.year.to_string().into());
    set("dates", dates(work));
    set("language", work.languages.first().map_or(Value::Null, |tag| tag.as_str().into()));
    set("subjects", subjects(work));
    set("contributors", contributors(work));
    set("fundingReferences", funders(work));
    set("alternateIdentifiers", identifiers(work));
    set("relatedItems", series(work));
    let pages = extents.pages.filter(|_| work.forms.contains(&Product::ScreenPdf));
    set("sizes", pages.map(|pages| format!("{pages} pages")).into_iter().collect());
    set("formats", work.forms.iter().filter_map(|form| media_type(*form)).collect());
    set("version", work.edition.as_str().into());
    set("rightsList", json!([rights(work)]));
    set("descriptions", descriptions(work));
    let text = serde_json::to_string_pretty(&Value::Object(record)).ok()?;
    Some(text + "\n")
}

/// Returns the media type of a product that is read as a file; `None` for other products.
fn media_type(form: Product) -> Option<&'static str> {
    match form {
        Product::ScreenPdf => Some("application/pdf"),
        Product::Epub => Some("application/epub+zip"),
        _ => None,
    }
}

fn party(party: &Party) -> Value {
    let mut person = Map::new();
    if party.organisation {
        person.insert("name".into(), party.name.as_str().into());
        person.insert("nameType".into(), "Organizational".into());
    } else {
        let name = PersonName::of(party);
        person.insert("name".into(), name.inverted().into());
        person.insert("nameType".into(), "Personal".into());
        if !name.given.is_empty() {
            person.insert("givenName".into(), name.given.as_str().into());
            person.insert("familyName".into(), name.full_family().into());
        }
    }
    if let Some(authority) = &party.authority {
        let (scheme, uri) = scheme(party);
        let identifier = json!({ "nameIdentifier": authority, "nameIdentifierScheme": scheme, "schemeUri": uri });
        person.insert("nameIdentifiers".into(), json!([identifier]));
    }
    if let Some(affiliation) = &party.affiliation {
        person.insert("affiliation".into(), json!([{ "name": affiliation }]));
    }
    Value::Object(person)
}

/// Returns the scheme of the identifier of a party, and its address.
fn scheme(party: &Party) -> (&'static str, &'static str) {
    if party.organisation { ("ROR", "https://ror.org") } else { ("ORCID", "https://orcid.org") }
}

fn publisher_of(party: &Party) -> Value {
    match &party.authority {
        Some(authority) if party.organisation => json!({
            "name": party.name,
            "publisherIdentifier": authority,
            "publisherIdentifierScheme": "ROR",
            "schemeUri": "https://ror.org",
        }),
        _ => json!({ "name": party.name }),
    }
}

fn titles(work: &Work) -> Value {
    let lang = work.languages.first();
    let subtitle = work.subtitle.as_ref().map(|text| json!({ "title": text, "titleType": "Subtitle", "lang": lang }));
    std::iter::once(json!({ "title": work.title, "lang": lang })).chain(subtitle).collect()
}

fn dates(work: &Work) -> Value {
    let updated = (work.modified != work.date).then(|| json!({ "date": work.modified.iso(), "dateType": "Updated" }));
    std::iter::once(json!({ "date": work.date.iso(), "dateType": "Issued" })).chain(updated).collect()
}

fn subjects(work: &Work) -> Value {
    let mut list: Vec<Value> = Vec::new();
    for keyword in &work.keywords {
        let subject = json!({ "subject": keyword });
        if !list.contains(&subject) {
            list.push(subject);
        }
    }
    list.into()
}

fn contributors(work: &Work) -> Value {
    let cited = work.responsible();
    let mut list: Vec<Value> = Vec::new();
    for contributor in work.contributors.iter().filter(|known| !cited.contains(&&known.party)) {
        let mut kinds: Vec<&str> = Vec::new();
        for role in contributor.roles.iter().filter(|role| **role != FUNDER) {
            let kind = contributor_type(role);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        for kind in kinds {
            let mut value = party(&contributor.party);
            if let Some(map) = value.as_object_mut() {
                map.insert("contributorType".into(), kind.into());
            }
            list.push(value);
        }
    }
    list.into()
}

/// Returns the type of a contributor for a MARC relator code. Version 4.5 has no type for translators.
fn contributor_type(role: &str) -> &'static str {
    match role {
        "edt" | "edc" | "edd" | "red" => "Editor",
        "pdr" | "rth" => "ProjectLeader",
        "rtm" => "ProjectMember",
        "res" => "Researcher",
        "lbr" => "ResearchGroup",
        "dtm" => "DataManager",
        "dtc" => "DataCollector",
        "dst" => "Distributor",
        "his" => "HostingInstitution",
        "pro" => "Producer",
        "spn" => "Sponsor",
        "ths" | "dgs" => "Supervisor",
        "cph" | "lso" => "RightsHolder",
        _ => "Other",
    }
}

fn funders(work: &Work) -> Value {
    let funders = work.contributors.iter().filter(|known| known.roles.contains(&FUNDER)).map(|known| &known.party);
    let one = |party: &Party| match &party.authority {
        Some(authority) if party.organisation => {
            json!({ "funderName": party.name, "funderIdentifier": authority, "funderIdentifierType": "ROR" })
        }
        _ => json!({ "funderName": party.name }),
    };
    funders.map(one).collect()
}

fn identifiers(work: &Work) -> Value {
    let urn = json!({ "alternateIdentifier": work.urn, "alternateIdentifierType": "URN" });
    let isbns = work.hyphenated_isbns().into_iter();
    let isbns = isbns.map(|isbn| json!({ "alternateIdentifier": isbn, "alternateIdentifierType": "ISBN" }));
    std::iter::once(urn).chain(isbns).collect()
}

fn series(work: &Work) -> Value {
    let item = |title: &String| {
        let mut item =
            json!({ "titles": [{ "title": title }], "relatedItemType": "Collection", "relationType": "IsPublishedIn" });
        let key = match work.kind {
            PublicationKind::Book => "volume",
            PublicationKind::Report => "number",
            PublicationKind::Issue => "issue",
        };
        if let (Some(map), Some(number)) = (item.as_object_mut(), &work.number) {
            map.insert(key.to_owned(), number.as_str().into());
        }
        item
    };
    work.series.iter().map(item).collect()
}

fn rights(work: &Work) -> Value {
    let mut rights = Map::new();
    rights.insert("rights".into(), work.licence_name.as_str().into());
    rights.insert("rightsUri".into(), address(&work.licence_url).into());
    if work.is_spdx() {
        rights.insert("rightsIdentifier".into(), work.licence.into());
        rights.insert("rightsIdentifierScheme".into(), "SPDX".into());
        rights.insert("schemeUri".into(), "https://spdx.org/licenses/".into());
    }
    Value::Object(rights)
}

fn descriptions(work: &Work) -> Value {
    let lang = work.languages.first();
    let one = |text: &String| json!({ "description": text, "descriptionType": "Abstract", "lang": lang });
    work.description.iter().map(one).collect()
}
