//! Validation of external addresses. Invalid addresses are errors; addresses that are probably wrong are warnings.

use crate::characters::is_trailing_punctuation;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};

/// Validates an absolute `https`, `http`, `mailto` or `tel` address. Returns it if it is valid.
pub fn link_address(text: &str, span: Span, found: &mut Diagnostics) -> Option<String> {
    checked(text, fault(text), span, found)
}

/// Reports the fault of an address, or warns about the parts that are probably wrong. Returns the address if it has no fault.
fn checked(text: &str, fault: Option<AddressFault>, span: Span, found: &mut Diagnostics) -> Option<String> {
    if let Some((message, hint)) = fault {
        found.push(Diagnostic::new(code::ADDRESS, message).at(span).hint(hint));
        return None;
    }
    for (message, hints) in doubts(text) {
        let doubt = Diagnostic::new(code::DOUBTFUL_ADDRESS, message).at(span);
        found.push(hints.into_iter().fold(doubt, Diagnostic::hint));
    }
    Some(text.to_owned())
}

/// Validates an absolute `https` or `http` address, and returns it if it is valid. A mail address is an error. `what` names the
/// page in messages: `a report`.
pub fn page_address(text: &str, what: &str, span: Span, found: &mut Diagnostics) -> Option<String> {
    checked(text, page_fault(text, what), span, found)
}

/// The message and the hint for an address that is not valid.
type AddressFault = (String, String);

/// Returns the fault of the address of a page. The hints do not suggest links inside the publication, because the page is outside
/// of it.
fn page_fault(text: &str, what: &str) -> Option<AddressFault> {
    let is_file = source_file(text).is_some() || local_file(text).is_some() || written_file(text);
    if is_file {
        let message = format!("\"{text}\" is a file beside the text, not the address of {what}");
        return Some((message, online_hint(text)));
    }
    if text.starts_with("mailto:") || text.starts_with("tel:") || is_mail(text) {
        let message = format!("\"{text}\" is not the address of {what}");
        return Some((message, "write the complete address, starting with https://".to_owned()));
    }
    let (message, hint) = fault(text)?;
    let hint = if hint == COMPLETE_HINT { "write a complete address such as https://example.org".to_owned() } else { hint };
    Some((message, hint))
}

const COMPLETE_HINT: &str =
    "write a complete address such as https://example.org, or #id for a section or heading of this publication";
const COPY_HINT: &str = "copy the address again";

/// Returns the fault of the target of a link.
fn fault(text: &str) -> Option<AddressFault> {
    if written_file(text) {
        let message = format!("\"{text}\" is a file that reliure writes: readers of the outputs do not have it beside the text");
        return Some((message, format!("for another publication, write publication:NAME; otherwise {}", online_hint(text))));
    }
    if let Some(id) = source_file(text) {
        let message = format!("\"{text}\" is a text that is not part of a publication");
        return Some((message, format!("list it in `sections` and write #{id}, or put it online and write its address")));
    }
    if let Some(number) = text.strip_prefix("tel:") {
        let hint = "write the number with its country and without spaces: tel:+33123456789";
        return (!is_telephone(number)).then(|| (format!("\"{text}\" is not a telephone number"), hint.into()));
    }
    if let Some(kind) = local_file(text) {
        let message = format!("\"{text}\" is {kind} beside the text, which readers of the outputs do not have");
        return Some((message, local_hint(text, kind)));
    }
    if let Some(right) = correction(text) {
        return Some((format!("\"{text}\" is not an address"), format!("write {right}")));
    }
    let (mail, rest) = match scheme(text) {
        Some((scheme, rest)) => (scheme == "mailto:", rest),
        None => return Some((format!("\"{text}\" is not an address"), COMPLETE_HINT.into())),
    };
    if text.contains(forbidden) {
        let message = format!("the address \"{text}\" contains characters that are not allowed in addresses");
        // A host name with a space has no obvious correction.
        let spaces = !host(rest).contains(' ') && !text.contains(|c: char| forbidden(c) && c != ' ');
        return Some((message, if spaces { format!("write {}", text.replace(' ', "%20")) } else { COPY_HINT.into() }));
    }
    // Punctuation at the end of a sentence is reported by `doubts`, not as a wrong host name.
    let rest = sentence_end(rest).map_or(rest, |(kept, _)| kept);
    if mail && rest.contains('#') {
        // A raw `#` would start a fragment (RFC 6068 §2).
        let message = format!("the mail address \"{text}\" has a # that is not encoded");
        return Some((message, format!("write {}", text.replace('#', "%23"))));
    }
    if mail {
        let addresses = rest.split('?').next().unwrap_or_default();
        let whole = addresses.split(',').all(is_mail);
        let hint = "write it as mailto:name@example.org";
        return (!whole).then(|| (format!("\"{text}\" is not a mail address"), hint.into()));
    }
    let host = host(rest);
    (!is_host(host)).then(|| (format!("the address \"{text}\" is not valid: \"{host}\" is not a host name"), COPY_HINT.into()))
}

fn scheme(text: &str) -> Option<(&str, &str)> {
    ["https://", "http://", "mailto:"].iter().find_map(|scheme| Some((*scheme, text.strip_prefix(scheme)?)))
}

/// Returns whether a character is not allowed in addresses (RFC 3987 §2.2): spaces, control characters and delimiters.
fn forbidden(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '}')
}

/// Returns the section id for a link whose address is the path of a Markdown file.
fn source_file(text: &str) -> Option<&str> {
    let path = text.split('#').next().filter(|path| !path.contains(':'))?;
    let stem = path.strip_suffix(".md")?;
    Some(text.split_once('#').map_or_else(|| stem.rsplit('/').next().unwrap_or(stem), |(_, id)| id))
}

/// Extensions of files that authors link to, by kind. None of them is a common top-level domain.
const LOCAL: [(&str, &[&str]); 4] = [
    ("a page", &["html", "htm", "xhtml", "php"]),
    ("a text", &["qmd", "rmd", "rst", "adoc", "tex", "ipynb", "mdx", "markdown", "txt"]),
    ("an image", &["jpg", "jpeg", "png", "gif", "webp", "svg", "tif", "tiff"]),
    (
        "a file",
        &[
            "pdf", "epub", "doc", "docx", "odt", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "rtf", "json", "xml", "mp3",
            "mp4", "wav", "ogg", "webm",
        ],
    ),
];

/// Returns the kind of a local file, if an address is a relative path to one: `annex.pdf`, `../next.html#x`.
fn local_file(text: &str) -> Option<&'static str> {
    let path = text.split(['#', '?']).next().unwrap_or_default();
    let relative = !path.contains(':') && !path.starts_with("//") && !path.starts_with("www.");
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    // `example.org/annex.pdf` is an address without its scheme.
    let first = parent.split('/').next().unwrap_or_default();
    if !relative || (first.contains('.') && !first.starts_with('.') && is_host(first)) {
        return None;
    }
    let extension = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())?.1.to_ascii_lowercase();
    LOCAL.iter().find(|(_, extensions)| extensions.contains(&extension.as_str())).map(|(kind, _)| *kind)
}

/// Names of files in releases and sites.
const WRITTEN: [&str; 9] = [
    "SHA256SUMS",
    "SHA256SUMS.minisig",
    "changes.json",
    "changes.md",
    "correction.json",
    "feed.xml",
    "index.html",
    "report.html",
    "ro-crate-metadata.json",
];

/// Endings of the file names of records.
const RECORDS: [&str; 6] = [".onix.xml", ".cff", ".bib", ".ris", ".datacite.json", ".jsonld"];

/// Returns whether an address is a relative path to a file of the output folder, a release or a site.
fn written_file(text: &str) -> bool {
    let path = text.split(['#', '?']).next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !matches!(*part, "" | "." | "..")).peekable();
    let first = parts.peek().copied().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    // `example.org/index.html` is an address without its scheme.
    let is_site = path.contains('/') && first.contains('.') && is_host(first);
    let relative = !path.contains(':') && !path.starts_with("//") && !path.starts_with("www.") && !is_site;
    let is_written = WRITTEN.contains(&name) || RECORDS.iter().any(|end| name.len() > end.len() && name.ends_with(end));
    relative && (is_written || name.contains('.') && path.contains('/') && parts.any(|part| matches!(part, "build" | "releases")))
}

/// Returns the hint to publish a file.
fn online_hint(text: &str) -> String {
    let path = text.split(['#', '?']).next().unwrap_or_default();
    "put the file online and write its address, such as https://example.org/".to_owned()
        + path.rsplit('/').next().unwrap_or_default()
}

/// Returns the hint for a link to a local file.
fn local_hint(text: &str, kind: &str) -> String {
    let (path, id) = text.split_once('#').unwrap_or((text, ""));
    let stem = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    let id = if id.is_empty() { stem } else { id };
    match kind {
        "a page" | "a text" => {
            format!("for a section of this publication, write #{id}; otherwise put the file online and write its address")
        }
        "an image" => format!("to show it, write ![description]({path}); to link to it, put it online and write its address"),
        _ => online_hint(text),
    }
}

/// Returns whether a text is a telephone number (RFC 3966 §3): digits with visual separators, an optional + and parameters.
fn is_telephone(text: &str) -> bool {
    let (number, parameters) = text.split_once(';').unwrap_or((text, ""));
    let digits = number.strip_prefix('+').unwrap_or(number);
    let plain = digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | '(' | ')'));
    plain && digits.chars().any(|c| c.is_ascii_digit()) && !parameters.contains(forbidden)
}

/// Returns the probable address if the text contains a common typing mistake.
fn correction(text: &str) -> Option<String> {
    if let Some((scheme, rest)) = scheme(text) {
        if scheme == "mailto:" {
            return rest.strip_prefix("//").map(|rest| format!("mailto:{rest}"));
        }
        // In https://https://… and https://http:/…, an address was pasted after the scheme.
        let doubled = rest.starts_with("http:/")
            || rest.starts_with("https:/")
            || rest.starts_with("http//")
            || rest.starts_with("https//");
        return doubled.then(|| correction(rest).unwrap_or_else(|| rest.to_owned()));
    }
    if text.starts_with("www.") {
        return Some(format!("https://{text}"));
    }
    let word = text.len() - text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (word, after) = text.split_at(word);
    let rest = after.trim_start_matches([':', '/']);
    let marks = &after[..after.len() - rest.len()];
    if (marks.starts_with(':') || marks.starts_with("//")) && !rest.is_empty() {
        let word = word.to_ascii_lowercase();
        if word == "mailto" {
            return Some(format!("mailto:{rest}"));
        }
        return is_misspelt_scheme(&word).then(|| format!("{}://{rest}", if word == "http" { "http" } else { "https" }));
    }
    if is_mail(text) {
        return Some(format!("mailto:{text}"));
    }
    let host = host(text);
    let last = host.rsplit_once('.').map_or("", |(_, last)| last);
    let names_a_site = last.len() >= 2 && last.chars().all(char::is_alphabetic) && is_host(host) && !text.contains(' ');
    names_a_site.then(|| format!("https://{text}"))
}

/// Returns whether a word is a misspelling of `https` or `http`, and not another, similar scheme.
fn is_misspelt_scheme(word: &str) -> bool {
    const OTHERS: [&str; 6] = ["ftp", "ftps", "sftp", "shttp", "htcpcp", "httpd"];
    let near = |scheme: &str, edits| strsim::osa_distance(word, scheme) <= edits;
    word.is_empty() || !OTHERS.contains(&word) && (near("http", 1) || word.len() > 2 && near("https", 2))
}

fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Returns whether a name is a valid host name: labels of letters (of any script), digits and hyphens, or an IPv6 address.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let label = |label: &str| {
        let inner = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_') || unicode_normalization::char::is_combining_mark(c);
        !label.is_empty() && !label.starts_with('-') && label.chars().all(inner)
    };
    host.split('.').all(label)
}

fn is_mail(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let local_part = |c: char| !c.is_whitespace() && !matches!(c, '@' | ':' | '/' | '(' | ')' | ',' | ';' | '[' | ']');
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    !local.is_empty() && !dots && local.chars().all(local_part) && host.contains('.') && is_host(host)
}

/// Returns a message and hints for each part of an address that is probably wrong.
fn doubts(text: &str) -> Vec<(String, Vec<String>)> {
    let mut doubts = Vec::new();
    if let Some((kept, end)) = sentence_end(text) {
        let message = format!("the address \"{text}\" ends with \"{end}\", which probably belongs to the sentence");
        let mut hints = vec![format!("write {kept}, and \"{end}\" after the link")];
        if let [byte] = end.as_bytes() {
            hints.push(format!("or write it as %{byte:02X}, if it is part of the address"));
        }
        doubts.push((message, hints));
    }
    if let Some(rest) = text.strip_prefix("http://") {
        let message = format!("the address \"{text}\" is not encrypted: it starts with http://");
        doubts.push((message, vec![format!("write https://{rest}, if the site supports it")]));
    }
    if text.contains("%2520") {
        let message = format!("a space is encoded twice in the address \"{text}\"");
        doubts.push((message, vec![format!("write {}", text.replace("%2520", "%20"))]));
    }
    let encodes = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit());
    if text.split('%').skip(1).any(|rest| !encodes(rest)) {
        let message = format!("the address \"{text}\" contains a % that is not part of a code such as %20");
        doubts.push((message, vec!["write %20 for a space, and %25 for a percent sign".into()]));
    }
    doubts
}

/// Splits off the punctuation at the end of an address that probably belongs to the sentence: full stops, quotation marks, unbalanced
/// closing brackets.
fn sentence_end(text: &str) -> Option<(&str, &str)> {
    let mut kept = text;
    while let Some(last) = kept.chars().next_back() {
        let unopened = |open: char| kept.matches(open).count() < kept.matches(last).count();
        let closes = match last {
            ')' => unopened('('),
            ']' => unopened('['),
            c => is_trailing_punctuation(c),
        };
        if !closes {
            break;
        }
        kept = &kept[..kept.len() - last.len_utf8()];
    }
    (kept.len() < text.len()).then(|| (kept, &text[kept.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Severity, Sources};

    /// Returns the severity and the first hint of each finding.
    fn findings(text: &str) -> Vec<(Severity, String)> {
        let span = Span::new(Sources::default().add("a.md", text), 0..text.len());
        let mut found = Diagnostics::default();
        let kept = link_address(text, span, &mut found);
        assert_eq!(kept.is_none(), found.has_errors(), "{text}");
        found.sorted().iter().map(|d| (d.severity(), d.hints[0].clone())).collect()
    }

    #[test]
    fn accepts_valid_addresses() {
        for right in [
            "https://example.org",
            "https://example.org/a_(b)?q=1&r=a,b#c",
            "https://user@example.org:8080/",
            "https://école.example/été",
            "https://[2001:db8::1]/x",
            "https://web.archive.org/web/2020/https://example.org/",
            "https://127.0.0.1:8000/x",
            "mailto:a.b@example.org?subject=Bonjour",
            "mailto:a@example.org,b@example.org",
            "mailto:%23a@example.org",
            "tel:0102030405",
            "tel:+33-1-02-03-04-05",
            "tel:3114;phone-context=+33",
        ] {
            assert_eq!(findings(right), [], "{right}");
        }
    }

    #[test]
    fn corrects_typing_mistakes() {
        for (typed, meant) in [
            ("www.example.org/x", "https://www.example.org/x"),
            ("example.org", "https://example.org"),
            ("htps://example.org", "https://example.org"),
            ("htpps://example.org", "https://example.org"),
            ("ttps://example.org", "https://example.org"),
            ("htp://example.org", "https://example.org"),
            ("https//example.org", "https://example.org"),
            ("https:/example.org", "https://example.org"),
            ("http:example.org", "http://example.org"),
            ("HTTPS://example.org", "https://example.org"),
            ("://example.org", "https://example.org"),
            ("https://https://example.org/x", "https://example.org/x"),
            ("https://http//example.org", "http://example.org"),
            ("mailto://a@example.org", "mailto:a@example.org"),
            ("a@example.org", "mailto:a@example.org"),
            ("https://example.org/a b", "https://example.org/a%20b"),
            ("mailto:#a@example.org", "mailto:%23a@example.org"),
        ] {
            assert_eq!(findings(typed), [(Severity::Error, format!("write {meant}"))], "{typed}");
        }
    }

    #[test]
    fn names_files_beside_the_text() {
        let hint = |text: &str| findings(text).remove(0).1;
        assert_eq!(hint("docs/annexe.pdf"), "put the file online and write its address, such as https://example.org/annexe.pdf");
        assert!(hint("../photo.JPG").contains("![description](../photo.JPG)"));
        assert!(hint("suite.html#x").contains("write #x"), "{}", hint("suite.html#x"));
        assert!(hint("./suite.qmd").contains("write #suite"));
        assert_eq!(hint("example.org/annexe.pdf"), "write https://example.org/annexe.pdf");
    }

    #[test]
    fn names_files_that_the_tool_writes() {
        for (file, name) in [
            ("SHA256SUMS", "SHA256SUMS"),
            ("../build/releases/note/1/changes.md", "changes.md"),
            ("report.html#files", "report.html"),
            ("note-1.cff", "note-1.cff"),
            ("note-1.onix.xml", "note-1.onix.xml"),
            ("build/reve/index.html", "index.html"),
            ("./build/note-1.pdf", "note-1.pdf"),
        ] {
            let hint = findings(file).remove(0).1;
            assert!(hint.ends_with(&format!("write its address, such as https://example.org/{name}")), "{file}: {hint}");
            assert!(hint.starts_with("for another publication, write publication:NAME"), "{file}: {hint}");
        }
        assert_eq!(findings("example.org/report.html")[0].1, "write https://example.org/report.html");
        assert!(findings("building.md")[0].1.contains("#building"));
    }

    #[test]
    fn the_address_of_a_page_is_never_a_place_in_the_publication() {
        let span = Span::new(Sources::default().add("a.md", ""), 0..0);
        let hint = |text: &str| {
            let mut found = Diagnostics::default();
            assert!(page_address(text, "a report", span, &mut found).is_none(), "{text}");
            found.sorted()[0].hints[0].clone()
        };
        for (text, wanted) in [
            ("not a url", "write a complete address such as https://example.org"),
            ("#audit", "write a complete address such as https://example.org"),
            ("audit.html", "put the file online and write its address, such as https://example.org/audit.html"),
            ("audit.md#x", "put the file online and write its address, such as https://example.org/audit.md"),
            ("audit.png", "put the file online and write its address, such as https://example.org/audit.png"),
            ("mailto:a@example.org", "write the complete address, starting with https://"),
            ("www.example.org", "write https://www.example.org"),
        ] {
            assert_eq!(hint(text), wanted, "{text}");
        }
    }

    #[test]
    fn rejects_invalid_addresses() {
        for wrong in [
            "",
            "#",
            "exemple",
            "ftp://example.org/x",
            "javascript:alert(1)",
            "tel:",
            "tel:appelez-nous",
            "tel:+33 1 23",
            "annexe.pdf",
            "photo.jpg",
            "suite.html#x",
            "suite.qmd",
            "https://",
            "https:///x",
            "https://a..b/",
            "https://-a.b",
            "https://exa<mple.org",
            "mailto:",
            "mailto:a",
            "mailto:a@b",
            "mailto:a b@c.org",
            "mailto:a@b@c.org",
            "../x.pdf",
            "releve.md",
            "data:text/plain,x",
            "file:///etc/passwd",
        ] {
            let found = findings(wrong);
            assert!(matches!(found.as_slice(), [(Severity::Error, _)]), "{wrong}: {found:?}");
        }
    }

    #[test]
    fn warns_of_doubtful_addresses() {
        let warns = |text: &str, wanted: &str| {
            let found = findings(text);
            assert!(found.iter().any(|(severity, hint)| *severity == Severity::Warning && hint == wanted), "{text}: {found:?}");
        };
        warns("https://example.org/x.", "write https://example.org/x, and \".\" after the link");
        warns("https://example.org,", "write https://example.org, and \",\" after the link");
        warns("https://example.org/x).", "write https://example.org/x, and \").\" after the link");
        warns("mailto:a@example.org.", "write mailto:a@example.org, and \".\" after the link");
        warns("http://example.org", "write https://example.org, if the site supports it");
        warns("https://example.org/a%2520b", "write https://example.org/a%20b");
        warns("https://example.org/100%", "write %20 for a space, and %25 for a percent sign");
    }
}
