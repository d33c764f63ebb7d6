//! Codes of languages in the forms that records use.

use isolang::Language;

/// Languages whose bibliographic code (ISO 639-2/B) differs from the code in ISO 639-3.
const BIBLIOGRAPHIC: [(&str, &str); 20] = [
    ("bod", "tib"),
    ("ces", "cze"),
    ("cym", "wel"),
    ("deu", "ger"),
    ("ell", "gre"),
    ("eus", "baq"),
    ("fas", "per"),
    ("fra", "fre"),
    ("hye", "arm"),
    ("isl", "ice"),
    ("kat", "geo"),
    ("mkd", "mac"),
    ("mri", "mao"),
    ("msa", "may"),
    ("mya", "bur"),
    ("nld", "dut"),
    ("ron", "rum"),
    ("slk", "slo"),
    ("sqi", "alb"),
    ("zho", "chi"),
];

/// Returns the primary subtag of a language tag (BCP 47).
pub fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Returns the bibliographic code of a language (ISO 639-2/B), or `None` for an unknown tag.
pub fn bibliographic(tag: &str) -> Option<&'static str> {
    let language = Language::from_639_1(primary(tag)).or_else(|| Language::from_639_3(primary(tag)))?;
    let code = language.to_639_3();
    Some(BIBLIOGRAPHIC.iter().find(|(term, _)| *term == code).map_or(code, |(_, code)| code))
}

/// Returns the name of a language in biblatex and babel; `None` for a language that is not in this short list.
pub fn babel(tag: &str) -> Option<&'static str> {
    Some(match primary(tag) {
        "fr" => "french",
        "en" => "english",
        "de" => "german",
        "es" => "spanish",
        "it" => "italian",
        "pt" => "portuguese",
        "nl" => "dutch",
        "ca" => "catalan",
        "br" => "breton",
        "eu" => "basque",
        "oc" => "occitan",
        "la" => "latin",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_bibliographic() {
        for (tag, code) in [("fr", Some("fre")), ("en-GB", Some("eng")), ("bre", Some("bre")), ("de", Some("ger")), ("qqq", None)]
        {
            assert_eq!(bibliographic(tag), code, "{tag}");
        }
        for (term, _) in BIBLIOGRAPHIC {
            assert!(Language::from_639_3(term).is_some(), "{term}");
        }
    }
}
