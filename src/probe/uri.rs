//! Absolute addresses in ASCII, as HTTP requests require them.

use url::Url;

/// Parses an address. Its host is written in Punycode, its other non-ASCII characters are percent-encoded, and its fragment is
/// removed.
///
/// # Errors
///
/// Fails if the address is not absolute or its host is not a valid domain name.
pub fn parse(address: &str) -> Result<Url, url::ParseError> {
    Url::parse(address).map(without_fragment)
}

/// Returns the address that a redirect from `base` to `location` leads to, or `None` if it is not a web address.
pub fn redirect(base: &Url, location: &str) -> Option<Url> {
    let location = location.trim();
    if location.is_empty() {
        return None;
    }
    let target = base.join(location).ok()?;
    matches!(target.scheme(), "http" | "https").then(|| without_fragment(target))
}

/// Returns the host and the port of an address, with the default port of its scheme left out.
pub fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_addresses_to_ascii() {
        for (written, wanted) in [
            ("https://example.org/a?b=c%20d", "https://example.org/a?b=c%20d"),
            ("https://école.Example:8080/été?q=œ#x", "https://xn--cole-9oa.example:8080/%C3%A9t%C3%A9?q=%C5%93"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            ("https://münchen-ost.example", "https://xn--mnchen-ost-9db.example/"),
            ("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"),
            ("https://a@b.org/x y", "https://a@b.org/x%20y"),
        ] {
            assert_eq!(parse(written).unwrap().as_str(), wanted);
        }
        assert_eq!(authority(&parse("https://a@b.org:80/x@y").unwrap()), "b.org:80");
        assert!(parse("https://").is_err());
    }

    #[test]
    fn resolves_redirects_against_their_base() {
        let redirected =
            |base: &str, location: &str| redirect(&parse(base).unwrap(), location).map(|target| target.as_str().to_owned());
        for (location, wanted) in [
            ("https://b.org/y#z", "https://b.org/y"),
            ("//b.org/y", "https://b.org/y"),
            ("/y?q", "https://a.org/y?q"),
            ("y", "https://a.org/one/y"),
            ("../y/./z", "https://a.org/y/z"),
            ("?p=2", "https://a.org/one/two?p=2"),
            ("..", "https://a.org/"),
        ] {
            assert_eq!(redirected("https://a.org/one/two?q=1", location).as_deref(), Some(wanted), "{location}");
        }
        assert_eq!(redirected("https://a.org", "y").as_deref(), Some("https://a.org/y"));
        assert_eq!(redirected("https://a.org/", "mailto:a@b.org"), None);
        assert_eq!(redirected("https://a.org/", ""), None);
    }
}
