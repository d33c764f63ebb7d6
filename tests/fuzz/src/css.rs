//! Properties of the reader of style sheets: it returns ranges inside the text, and reads rules only if the brackets are balanced.

use reliure::stages::{CssFaultKind, scan_css, style_rules};

/// Checks a style sheet.
pub fn law(text: &str) {
    let found = scan_css(text);
    let faults = found.faults.iter().map(|fault| &fault.range);
    let addresses = found.addresses.iter().map(|address| &address.range);
    for range in faults.chain(addresses) {
        assert!(!range.is_empty() && text.get(range.clone()).is_some(), "{range:?} is outside {text:?}");
    }
    assert!(found.addresses.is_sorted_by_key(|address| address.range.start), "addresses are in order in {text:?}");
    let open = |kind: &CssFaultKind| matches!(kind, CssFaultKind::OpenBracket(_) | CssFaultKind::StrayBracket(_));
    if style_rules(text).is_some() {
        assert!(!found.faults.iter().any(|fault| open(&fault.kind)), "rules are read in {text:?}");
    }
}
