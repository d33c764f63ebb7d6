//! People, organisations, roles and identifiers: which declarations are rejected, and how they appear in the outputs and the
//! metadata.

use crate::epub::{chapters, package};
use crate::harness::{Project, Session};
use crate::pdf::{facts, list, text};

/// Checks a small publication with these declarations before its edition, from line 12.
fn check(declared: &str) -> Session {
    let manifest = "sources/note/publication.toml";
    Project::small("x").edit(manifest, "[[editions]]", &format!("{declared}\n\n[[editions]]")).run(&["check"])
}

/// Asserts that a declaration is rejected with a message that contains the words.
#[track_caller]
fn assert_rejected(declared: &str, words: &[&str]) {
    let session = check(declared).fails_with(1);
    words.iter().fold(session, |session, word| session.says(word));
}

#[test]
fn rejects_invalid_orcids() {
    let person = |orcid: &str| format!("[people.a]\nname = \"A\"\norcid = \"{orcid}\"");
    assert_rejected(
        &person("0000-0002-1825-0098"),
        &["R404", "its check digit is wrong", "copy it again from orcid.org", ":14:9"],
    );
    assert_rejected(&person("1825-0097"), &["R404", "\"1825-0097\" is not an ORCID iD", "0000-0000-0000-0000", ":14:9"]);
    check(&person("https://orcid.org/0000-0002-1825-0097")).succeeds();
}

#[test]
fn rejects_invalid_ror_identifiers() {
    let body = |ror: &str| format!("[organisations.a]\nname = \"A\"\nror = \"{ror}\"");
    assert_rejected(
        &body("https://ror.org/03yrm5c27"),
        &["R404", "its check digits are wrong", "copy it again from ror.org", ":14:7"],
    );
    assert_rejected(&body("https://example.org/03yrm5c26"), &["R404", "is not a ROR identifier", "https://ror.org/0", ":14:7"]);
    check(&body("03yrm5c26")).succeeds();
}

#[test]
fn rejects_invalid_isbns() {
    assert_rejected("[isbn]\npdf = \"978-2-9999990-0-9\"", &["R105", "its check digit is wrong", "copy it again", ":13:7"]);
    assert_rejected("[isbn]\nepub = \"2-9999990-0-8\"", &["R105", "not an ISBN of thirteen digits", "978 or 979", ":13:8"]);
    let twice = "[isbn]\npdf = \"978-2-9999990-0-8\"\nepub = \"9782999999008\"";
    assert_rejected(
        twice,
        &["R105", "the EPUB has the same ISBN as the PDF", "give each format its own ISBN", ":14:8", "first given here"],
    );
}

#[test]
fn rejects_invalid_dois_and_addresses() {
    let doi = |doi: &str| {
        Project::small("x")
            .edit("sources/note/publication.toml", "publisher", &format!("doi = \"{doi}\"\npublisher"))
            .run(&["check"])
    };
    let address = doi("https://doi.org/10.5072/a").fails_with(1);
    address.says("R105").says("contains more than a DOI").says("write doi = \"10.5072/a\"").says(":5:7");
    doi("5072/a").fails_with(1).says("R105").says("\"5072/a\" is not a DOI").says(":5:7");
    doi("10.5072/a").succeeds();
    doi("10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1").succeeds();

    assert_rejected("[people.a]\nname = \"A\"\nurl = \"example.org\"", &["R304", "\"example.org\" is not an address", ":14:7"]);
    assert_rejected(
        "[organisations.a]\nname = \"A\"\nurl = \"https://example.org/a b\"",
        &["R304", "write https://example.org/a%20b", ":14:7"],
    );
    assert_rejected("[[sources]]\ntitle = \"A\"\nurl = \"www.example.org\"", &["R304", "is not an address", ":14:7"]);
}

#[test]
fn rejects_affiliations_that_are_not_organisations() {
    assert_rejected("[people.a]\nname = \"A\"\naffiliation = \"uss\"", &["R404", "did you mean \"us\"?", ":14:15"]);
    let person = "[people.a]\nname = \"A\"\naffiliation = \"b\"\n\n[people.b]\nname = \"B\"";
    assert_rejected(person, &["R404", "\"b\" is a person", "the only known name is \"us\"", ":14:15"]);
}

#[test]
fn accepts_role_names_codes_and_credit_roles() {
    let role = |role: &str| check(&format!("[[credits]]\nrole = \"{role}\"\nnames = [\"us\"]"));
    for known in ["cartographer", "ctg", "writing-original-draft", "translator", "aui"] {
        role(known).succeeds();
    }
    for (unknown, near) in [("cartographe", "cartographer"), ("data-curaton", "data-curation"), ("funders", "funder")] {
        role(unknown).fails_with(1).says("R404").says(&format!("did you mean \"{near}\"?")).says(":13:8");
    }
}

#[test]
fn credits_show_affiliation_and_orcid_once_per_person() {
    let chapters = chapters("carnet-2024-03.epub");
    let credits = chapters.iter().find(|(_, text)| text.contains("class=\"credits\"")).expect("a chapter has the credits");
    let credits = credits.1.replace("\n</", "</");
    let idris = "Idris Benhamou</span>, <span class=\"affiliation\">Laboratoire Estran</span> \
        <a class=\"orcid\" href=\"https://orcid.org/0000-0002-1825-0097\" aria-label=\"ORCID iD d’Idris Benhamou\">ORCID\u{a0}iD</a></dd>";
    assert!(credits.contains(idris), "{credits}");
    assert_eq!(credits.matches("Idris Benhamou</span>").count(), 2, "he has two roles");
    assert_eq!(credits.matches("class=\"orcid\"").count(), 1, "and one link");

    let facts = facts("carnet-2024-03.pdf");
    let links = list(&facts, "pages").iter().flat_map(|page| list(page, "links"));
    let contents: Vec<&str> = links.map(|link| text(link, "contents")).filter(|contents| contents.contains("ORCID")).collect();
    assert_eq!(contents, ["ORCID iD d’Idris Benhamou (site externe\u{a0}: https://orcid.org/0000-0002-1825-0097)"]);
}

#[test]
fn package_contains_sort_names_and_credit_roles() {
    let package = package("carnet-2024-03.epub");
    assert!(package.contains("prefix=\"credit: https://credit.niso.org/\""), "{package}");
    assert!(package.contains("property=\"file-as\">Le Garrec, Maud</meta>"), "{package}");
    let role = "scheme=\"credit:contributor-roles\">https://credit.niso.org/contributor-roles/data-curation/</meta>";
    assert!(package.contains(role) && package.contains(">dtm</meta>"), "{package}");
}
