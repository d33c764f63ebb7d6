//! The tables of the report: files, allowances, credits and rights.

use super::heading;
use crate::release::manifest::{FROM_COMMAND, ReleaseManifest, ReleasedFile};
use crate::release::terms::filled;
use crate::report::Html;
use crate::terms::ReleaseTerms;

/// Writes the files with their claims.
pub fn files(html: &mut Html, manifest: &ReleaseManifest, t: &ReleaseTerms) {
    heading(html, "files", t.files);
    html.table("", "files", &[t.file, &format!("#{}", t.size), t.conformance]);
    for file in &manifest.artefacts {
        html.row(&[&file.path, &format!("#{}", t.bytes(file.bytes)), &claims(file, t)]);
    }
    html.end_table().raw("<p>").text(t.claims_note).raw("</p>\n");
}

fn claims(file: &ReleasedFile, t: &ReleaseTerms) -> String {
    let claim = |claim: &String| match claim.strip_prefix("certified by ") {
        Some(name) => filled(t.certified_by, &[name]),
        None => claim.clone(),
    };
    let can_claim = ["application/pdf", "application/epub+zip"].contains(&file.media_type.as_str());
    match (file.claims.is_empty(), can_claim) {
        (true, false) => t.record.to_owned(),
        (true, true) => t.no_claim.to_owned(),
        (false, _) => file.claims.iter().map(claim).collect::<Vec<_>>().join("; "),
    }
}

/// Writes the findings that were allowed, and the levels that the project changed.
pub fn allowed(html: &mut Html, manifest: &ReleaseManifest, t: &ReleaseTerms) {
    heading(html, "allowed", t.allowed);
    if manifest.allowances.is_empty() {
        html.raw("<p>").text(t.nothing_allowed).raw("</p>\n");
    } else {
        html.table("", "allowed", &[t.code, t.reason, t.source, t.finding]);
        for allowance in &manifest.allowances {
            let source = if allowance.source == FROM_COMMAND { t.command_line } else { &allowance.source };
            html.row(&[&allowance.code, &allowance.reason, source, &allowance.findings.join(" · ")]);
        }
        html.end_table();
    }
    if !manifest.levels.is_empty() {
        html.raw("<p>").text(t.levels).text(t.colon).text(" ");
        let level = |level: &str| if level == "off" { t.off.to_owned() } else { level.to_owned() };
        let levels = manifest.levels.iter().map(|(code, own)| format!("{code} ({})", level(own)));
        html.text(&levels.collect::<Vec<_>>().join(", ")).raw("</p>\n");
    }
}

/// Writes the credits.
pub fn credits(html: &mut Html, manifest: &ReleaseManifest, t: &ReleaseTerms) {
    heading(html, "credits", t.credits);
    let credits = &manifest.edition.inspection.credits;
    if credits.is_empty() {
        html.raw("<p>").text(t.no_credits).raw("</p>\n");
        return;
    }
    html.table("", "credits", &[t.role, t.names]);
    for credit in credits {
        html.row(&[&credit.label, &credit.names.join(", ")]);
    }
    html.end_table();
}

/// Writes the licence and the third-party material.
pub fn rights(html: &mut Html, manifest: &ReleaseManifest, t: &ReleaseTerms) {
    heading(html, "rights", t.rights);
    html.raw("<p>").text(&manifest.edition.statement).raw("</p>\n");
    let ledger = &manifest.edition.inspection.ledger;
    if ledger.is_empty() {
        html.raw("<p>").text(t.all_own).raw("</p>\n");
        return;
    }
    html.table("", "rights", &[t.item, t.holder, t.terms]);
    for entry in ledger {
        let holder = entry.credit.as_deref().unwrap_or("–");
        html.row(&[&entry.what, holder, entry.licence.as_deref().unwrap_or("–")]);
    }
    html.end_table();
}
