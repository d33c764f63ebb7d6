//! Contributors, publishers and holders of rights, in codes of issue 75 of the ONIX code lists.

use super::leaf;
use crate::output::epub::{Xml, address};
use crate::records::name::PersonName;
use crate::records::work::{Contributor, Work};
use crate::resolve::Party;

/// Writes the contributors, or `NoContributor` if there are none.
pub fn contributors(xml: &mut Xml, work: &Work) {
    let mut number = 0;
    for contributor in &work.contributors {
        let codes = codes(contributor, contributor_code);
        if codes.is_empty() {
            continue;
        }
        number += 1;
        xml.open("Contributor").line();
        leaf(xml, "SequenceNumber", &format!("{number}"));
        codes.iter().for_each(|code| leaf(xml, "ContributorRole", code));
        name(xml, &contributor.party);
        if let Some(affiliation) = &contributor.party.affiliation {
            xml.open("ProfessionalAffiliation").leaf("Affiliation", None, affiliation).close().line();
        }
        if let Some(url) = &contributor.party.url {
            // List 73: website of the contributor.
            xml.open("Website").leaf("WebsiteRole", None, "06").leaf("WebsiteLink", None, &address(url)).close().line();
        }
        xml.close().line();
    }
    if number == 0 {
        xml.open("NoContributor").void().line();
    }
}

/// Writes the publishers, then the parties with a publishing role in ONIX, such as funders.
pub fn publishers(xml: &mut Xml, work: &Work) {
    for (index, party) in work.publishers.iter().enumerate() {
        // List 45: publisher, co-publisher.
        publisher(xml, if index == 0 { "01" } else { "02" }, party);
    }
    for contributor in &work.contributors {
        for code in codes(contributor, publishing_code) {
            publisher(xml, code, &contributor.party);
        }
    }
}

fn publisher(xml: &mut Xml, role: &str, party: &Party) {
    xml.open("Publisher").leaf("PublishingRole", None, role);
    if let Some(authority) = party.authority.as_ref().filter(|_| party.organisation) {
        // List 44: ROR.
        xml.open("PublisherIdentifier").leaf("PublisherIDType", None, "40").leaf("IDValue", None, bare(authority)).close();
    }
    xml.leaf("PublisherName", None, &party.name);
    if let Some(url) = &party.url {
        // List 73: corporate website of the publisher.
        xml.open("Website").leaf("WebsiteRole", None, "01").leaf("WebsiteLink", None, &address(url)).close();
    }
    xml.close().line();
}

/// Writes the year of the edition and the holder of the rights.
pub fn copyright(xml: &mut Xml, work: &Work) {
    let Some(holder) = &work.licensor else { return };
    let is_person = |party: &Party| party.name == *holder && !party.organisation;
    let person = work.contributors.iter().any(|known| is_person(&known.party)) || work.publishers.iter().any(is_person);
    xml.open("CopyrightStatement").leaf("CopyrightYear", None, &work.date.year.to_string()).open("CopyrightOwner");
    xml.leaf(if person { "PersonName" } else { "CorporateName" }, None, holder).close().close().line();
}

fn name(xml: &mut Xml, party: &Party) {
    if let Some(authority) = &party.authority {
        // List 44: ORCID, ROR.
        let kind = if party.organisation { "40" } else { "21" };
        xml.open("NameIdentifier")
            .leaf("NameIDType", None, kind)
            .leaf("IDValue", None, &bare(authority).replace('-', ""))
            .close()
            .line();
    }
    if party.organisation {
        leaf(xml, "CorporateName", &party.name);
        return;
    }
    let parts = PersonName::of(party);
    leaf(xml, "PersonName", &party.name);
    leaf(xml, "PersonNameInverted", &parts.inverted());
    let mut part = |name, text: &str| {
        if !text.is_empty() {
            leaf(xml, name, text);
        }
    };
    part("NamesBeforeKey", &parts.given);
    part("PrefixToKey", &parts.particle);
    part("KeyNames", &parts.family);
    part("SuffixToKey", &parts.suffix);
}

/// Returns an ORCID or ROR identifier without its address.
fn bare(authority: &str) -> &str {
    authority.rsplit('/').next().unwrap_or(authority)
}

/// Returns the codes of a contributor's roles, each once.
fn codes(contributor: &Contributor, code: fn(&str) -> Option<&'static str>) -> Vec<&'static str> {
    let mut codes: Vec<&str> = Vec::new();
    for code in contributor.roles.iter().filter_map(|role| code(role)) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// Returns the code of list 17 for a MARC relator code, or `None` for a role in publishing.
fn contributor_code(role: &str) -> Option<&'static str> {
    if publishing_code(role).is_some() {
        return None;
    }
    Some(match role {
        "aut" | "dis" => "A01",
        "cre" => "A09",
        "ill" | "drm" => "A12",
        "pht" => "A13",
        "art" => "A07",
        "wpr" => "A15",
        "waw" => "A19",
        "ann" => "A20",
        "cmm" | "cwt" => "A21",
        "wfw" => "A23",
        "win" => "A24",
        "prg" | "swd" => "A30",
        "ctb" => "A32",
        "cov" => "A36",
        "ctg" => "A39",
        "ivr" => "A43",
        "ive" => "A44",
        "res" | "rtm" | "rth" => "A51",
        "bkd" | "dsr" | "bjd" => "A11",
        "ccp" => "A10",
        "edt" => "B01",
        "abr" => "B04",
        "adp" => "B05",
        "trl" => "B06",
        "edc" => "B13",
        "pdr" => "B15",
        "edd" | "red" => "B16",
        "csl" | "csp" | "sad" | "exp" => "B20",
        "ths" | "dgs" => "B27",
        "dgc" => "B28",
        "trc" => "B33",
        "com" => "C01",
        "cur" => "C04",
        "nrt" => "E03",
        "spk" => "E09",
        "rev" => "Z04",
        // Other. List 17 has no role for the rest.
        _ => "Z99",
    })
}

/// Returns the code of list 45 for a MARC relator code.
fn publishing_code(role: &str) -> Option<&'static str> {
    Some(match role {
        "spn" | "pat" => "03",
        "dst" => "05",
        "isb" => "06",
        "asn" => "07",
        "fnd" | "dnr" => "16",
        "prt" => "17",
        "bnd" => "18",
        "mfr" => "19",
        _ => return None,
    })
}
