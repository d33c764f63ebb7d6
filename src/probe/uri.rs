//! Addresses as the network takes them: in ASCII, absolute.

use unicode_normalization::UnicodeNormalization;

/// Gives the host and port of an address.
pub fn authority(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// Writes an address in ASCII (RFC 3987 §3.1): hosts by Punycode, all else by percent signs.
pub fn ascii(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return encode(address) };
    let host = authority(address);
    let before = rest.find(host).unwrap_or(0);
    let after = &rest[before + host.len()..];
    format!("{}://{}{}{}", scheme.to_ascii_lowercase(), encode(&rest[..before]), ascii_host(host), encode(after))
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            0x21..=0x7E if !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}') => {
                out.push(char::from(byte))
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn ascii_host(host: &str) -> String {
    let labels = host.split('.').map(|label| {
        if label.is_ascii() {
            return label.to_ascii_lowercase();
        }
        let folded: Vec<char> = label.to_lowercase().nfkc().collect();
        format!("xn--{}", punycode(&folded))
    });
    labels.collect::<Vec<_>>().join(".")
}

/// Encodes a label (RFC 3492 §6.3), with the parameters of §5.
fn punycode(label: &[char]) -> String {
    let mut out: String = label.iter().filter(|c| c.is_ascii()).collect();
    let basic = out.len();
    if basic > 0 {
        out.push('-');
    }
    let (mut n, mut delta, mut bias, mut handled) = (128_u32, 0_u32, 72_u32, basic);
    while handled < label.len() {
        let Some(next) = label.iter().map(|c| u32::from(*c)).filter(|c| *c >= n).min() else { break };
        let known = u32::try_from(handled).unwrap_or(u32::MAX);
        delta = delta.saturating_add((next - n).saturating_mul(known + 1));
        n = next;
        for c in label.iter().map(|c| u32::from(*c)) {
            if c < n {
                delta = delta.saturating_add(1);
            }
            if c == n {
                number(delta, bias, &mut out);
                let points = u32::try_from(handled + 1).unwrap_or(u32::MAX);
                bias = adapt(delta, points, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.saturating_add(1);
        n += 1;
    }
    out
}

/// Writes a number in the generalised base 36 of RFC 3492 §3.3.
fn number(mut value: u32, bias: u32, out: &mut String) {
    // Letters come before digits (RFC 3492 §5), as they do not in other bases.
    let digit = |value: u32| char::from_digit((value + 10) % 36, 36).unwrap_or('a');
    let mut k: u32 = 36;
    loop {
        let threshold = k.saturating_sub(bias).clamp(1, 26);
        if value < threshold {
            break;
        }
        out.push(digit(threshold + (value - threshold) % (36 - threshold)));
        value = (value - threshold) / (36 - threshold);
        k += 36;
    }
    out.push(digit(value));
}

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

/// Gives the address that a redirect leads to (RFC 3986 §5.2); none when it is no web address.
pub fn follow(base: &str, location: &str) -> Option<String> {
    let location = location.split('#').next()?.trim();
    let (scheme, rest) = base.split_once("://")?;
    let lower = location.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return Some(location.to_owned());
    }
    if let Some(rest) = location.strip_prefix("//") {
        return Some(format!("{scheme}://{rest}"));
    }
    let path = location.split(['/', '?']).next().unwrap_or_default();
    if path.contains(':') || location.is_empty() {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let here = rest[authority.len()..].split(['?', '#']).next().unwrap_or_default();
    let joined = match location.chars().next() {
        Some('/') => location.to_owned(),
        Some('?') => format!("{here}{location}"),
        _ => format!("{}/{location}", here.rsplit_once('/').map_or("", |(folder, _)| folder)),
    };
    let (path, query) = joined.split_once('?').map_or((joined.as_str(), None), |(path, query)| (path, Some(query)));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{scheme}://{authority}{}{query}", without_dots(path)))
}

/// Takes `.` and `..` out of a path (RFC 3986 §5.2.4).
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let last = path.rsplit('/').next().unwrap_or_default();
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let folder = if matches!(last, "." | "..") && !parts.is_empty() { "/" } else { "" };
    format!("/{}{folder}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_in_ascii() {
        for (written, wanted) in [
            ("https://example.org/a?b=c%20d", "https://example.org/a?b=c%20d"),
            ("https://école.Example:8080/été?q=œ", "https://xn--cole-9oa.example:8080/%C3%A9t%C3%A9?q=%C5%93"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            ("https://münchen-ost.example", "https://xn--mnchen-ost-9db.example"),
            ("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"),
            ("https://a@b.org/x|y", "https://a@b.org/x%7Cy"),
        ] {
            assert_eq!(ascii(written), wanted);
        }
        assert_eq!(authority("https://a@b.org:80/x@y"), "b.org:80");
    }

    #[test]
    fn redirects_are_followed_from_where_they_stand() {
        for (location, wanted) in [
            ("https://b.org/y#z", "https://b.org/y"),
            ("//b.org/y", "https://b.org/y"),
            ("/y?q", "https://a.org/y?q"),
            ("y", "https://a.org/one/y"),
            ("../y/./z", "https://a.org/y/z"),
            ("?p=2", "https://a.org/one/two?p=2"),
            ("..", "https://a.org/"),
        ] {
            assert_eq!(follow("https://a.org/one/two?q=1", location).as_deref(), Some(wanted), "{location}");
        }
        assert_eq!(follow("https://a.org", "y").as_deref(), Some("https://a.org/y"));
        assert_eq!(follow("https://a.org/", "mailto:a@b.org"), None);
        assert_eq!(follow("https://a.org/", ""), None);
    }
}
