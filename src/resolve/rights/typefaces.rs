//! The fonts of a brand as items of the ledger, with the rights that the font files or the brand declare.

use super::ledger::{Inclusion, Item, ItemKind, is_url, short};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::FontManifest;
use crate::resolve::licence::{self, Licence, Terms};
use crate::resolve::scope::{BrandLayer, Scope, layers};
use crate::workspace::Typeface;

/// Returns the fonts of the brand, each once. `families` contains the families of the brand, `known` the available ones.
pub fn items(scope: &Scope<'_>, families: &[&str], known: &[Typeface], found: &mut Diagnostics) -> Vec<Item> {
    let layers = layers(&scope.publication);
    validate_declared(known, &layers, found);
    let mut items: Vec<Item> = Vec::new();
    for family in families {
        let Some(typeface) = known.iter().find(|typeface| typeface.family == *family) else { continue };
        if items.iter().any(|item| item.what == *family) {
            continue;
        }
        let Some(item) = item(typeface, &layers, scope.language.tag, found) else { continue };
        items.push(item.classified(&scope.licence, Inclusion::Part));
    }
    items
}

fn item(typeface: &Typeface, layers: &[BrandLayer<'_>], lang: &str, found: &mut Diagnostics) -> Option<Item> {
    let family = &typeface.family;
    let own = typeface.copyright.as_deref();
    let declared = layers.iter().flat_map(|layer| layer.brand.typography.fonts.iter().map(move |font| (layer, font)));
    if let Some((layer, font)) = declared.into_iter().find(|(_, font)| font.family.get_ref() == family) {
        let span = (layer.span)(font.licence.span());
        let terms = licence::terms(font.licence.get_ref(), lang, Some(span), found)?;
        let credit = font.credit.clone().or_else(|| own.and_then(holder));
        let source = font.source.clone().or_else(|| own.and_then(url));
        return Some(Item { credit, source, terms: Some(terms), ..Item::new(ItemKind::Font, family) });
    }
    let Some(terms) = stated(typeface, lang) else {
        let unstated = Diagnostic::new(code::LICENCE, format!("the font \"{family}\" does not state its licence"));
        let hint = "declare it:  [[brand.typography.fonts]]  family = \"…\"  licence = \"…\"  credit = \"…\"  source = \"…\"";
        found.push(unstated.at(span_of_family(family, layers)).hint(hint.replacen('…', family, 1)));
        return None;
    };
    let credit = own.and_then(holder);
    Some(Item { credit, source: own.and_then(url), terms: Some(terms), ..Item::new(ItemKind::Font, family) })
}

/// Reports declarations of fonts that are not available.
fn validate_declared(known: &[Typeface], layers: &[BrandLayer<'_>], found: &mut Diagnostics) {
    for layer in layers {
        for FontManifest { family, .. } in &layer.brand.typography.fonts {
            if !known.iter().any(|typeface| typeface.family == *family.get_ref()) {
                let message = format!("no font of the family \"{}\" is available", family.get_ref());
                let families = known.iter().map(|typeface| typeface.family.as_str());
                let missing = Diagnostic::new(code::BRAND, message).at((layer.span)(family.span()));
                found.push(missing.suggest(family.get_ref(), families));
            }
        }
    }
}

/// Returns the location at which the brand names a family.
fn span_of_family(family: &str, layers: &[BrandLayer<'_>]) -> Option<Span> {
    layers.iter().find_map(|layer| {
        let set = &layer.brand.typography;
        let mut lists = [&set.base, &set.headings, &set.interface, &set.monospace].into_iter().flatten();
        let list = lists.find(|list| list.get_ref().iter().any(|name| name == family))?;
        Some((layer.span)(list.span()))
    })
}

/// Texts in font files that identify a licence, with the id of the licence.
const STATED: [(&str, &str); 5] = [
    ("openfontlicense.org", "OFL-1.1"),
    ("scripts.sil.org/ofl", "OFL-1.1"),
    ("sil open font license", "OFL-1.1"),
    ("apache license", "Apache-2.0"),
    ("ubuntu font licence", "Ubuntu-font-1.0"),
];

/// Returns the terms that a font declares: a known licence, identified by its URL or name, otherwise the start of the text.
fn stated(typeface: &Typeface, lang: &str) -> Option<Terms> {
    let texts: Vec<&String> = [&typeface.url, &typeface.licence].into_iter().flatten().collect();
    let lower = texts.iter().map(|text| text.to_lowercase()).collect::<Vec<_>>().join(" ");
    if let Some((_, id)) = STATED.iter().find(|(words, _)| lower.contains(words)) {
        return Licence::find(id, lang).map(Terms::Licence);
    }
    let words = typeface.licence.as_deref().or(typeface.url.as_deref())?;
    Some(if is_url(words) { words.to_owned() } else { short(words) }).filter(|words| !words.is_empty()).map(Terms::Words)
}

/// Returns the holder in a copyright notice: "Adobe" in "© 2014-2023 Adobe (http://www.adobe.com/), with …".
fn holder(copyright: &str) -> Option<String> {
    let mut rest = copyright.trim();
    loop {
        let trimmed = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || "©-–,".contains(c));
        let word = ["copyright", "(c)"]
            .into_iter()
            .find(|word| trimmed.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)));
        match word {
            Some(word) => rest = &trimmed[word.len()..],
            None if trimmed.len() == rest.len() => break,
            None => rest = trimmed,
        }
    }
    let lower = rest.to_ascii_lowercase();
    let ends = [" (", ", with ", " with reserved", " all rights reserved"].iter().filter_map(|end| lower.find(end));
    let name = ends.min().and_then(|end| rest.get(..end)).unwrap_or(rest).trim().trim_end_matches(',');
    (!name.is_empty()).then(|| name.to_owned())
}

/// Returns the URL in a copyright notice.
fn url(copyright: &str) -> Option<String> {
    let start = copyright.find("https://").or_else(|| copyright.find("http://"))?;
    let rest = &copyright[start..];
    let end = rest.find(|c: char| c.is_whitespace() || ")>,;\"".contains(c)).unwrap_or(rest.len());
    Some(rest[..end].trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_holder_and_url_of_a_copyright_notice() {
        for (notice, name, site) in [
            ("Copyright 2017 IBM Corp. All rights reserved.", "IBM Corp.", None),
            (
                "© 2014 - 2023 Adobe (http://www.adobe.com/), with Reserved Font Name ‘Source’.",
                "Adobe",
                Some("http://www.adobe.com/"),
            ),
            (
                "Copyright 2017 The Spectral Project Authors (https://github.com/productiontype/Spectral)",
                "The Spectral Project Authors",
                Some("https://github.com/productiontype/Spectral"),
            ),
            ("Copyright (c) 2011, Jo Doe", "Jo Doe", None),
        ] {
            assert_eq!((holder(notice).as_deref(), url(notice).as_deref()), (Some(name), site), "{notice}");
        }
        assert_eq!(holder("© 2020"), None);
    }

    #[test]
    fn reads_the_licence_of_a_font() {
        let of = |licence: Option<&str>, url: Option<&str>| {
            let typeface = Typeface { licence: licence.map(Into::into), url: url.map(Into::into), ..Typeface::default() };
            stated(&typeface, "en").map(|terms| terms.code().to_owned())
        };
        assert_eq!(of(None, Some("http://scripts.sil.org/OFL")).as_deref(), Some("OFL-1.1"));
        assert_eq!(of(Some("Licensed under the Apache License, Version 2.0"), None).as_deref(), Some("Apache-2.0"));
        assert_eq!(of(Some("For our members only. Ask us."), None).as_deref(), Some("For our members only"));
        assert_eq!(of(None, None), None);
    }
}
