//! Splits style sheets into rules and declarations (CSS Syntax Level 3).

/// A style rule.
#[derive(Clone, Copy, Debug)]
pub struct StyleRule<'a> {
    /// The list of selectors.
    pub selectors: &'a str,
    /// The declarations, separated by semicolons.
    body: &'a str,
    /// The conditions of the rule, such as `media (prefers-color-scheme: dark)`, if there are any. Only the innermost is kept.
    pub condition: Option<&'a str>,
}

/// A declaration, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The name of the property.
    pub name: String,
    /// The value, without `!important`.
    pub value: String,
    /// Whether it is important.
    pub important: bool,
}

impl<'a> StyleRule<'a> {
    /// Returns the declarations in their order.
    pub fn declarations(&self) -> impl Iterator<Item = Declaration> + use<'a> {
        self.body.split(';').filter_map(|written| {
            let (name, value) = written.split_once(':')?;
            let value = value.trim().to_ascii_lowercase();
            let (value, important) = value.split_once('!').map_or((value.as_str(), false), |(value, _)| (value.trim_end(), true));
            Some(Declaration { name: name.trim().to_ascii_lowercase(), value: value.to_owned(), important })
        })
    }
}

/// Removes the comments of a style sheet.
pub fn without_comments(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        out.push(' ');
        rest = after.split_once("*/").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

/// Returns the style rules of a style sheet without comments, in order, including rules with conditions. Returns `None` if a
/// block is not closed.
pub fn style_rules(sheet: &str) -> Option<Vec<StyleRule<'_>>> {
    let mut found = Vec::new();
    block(sheet, None, &mut found)?;
    Some(found)
}

fn block<'a>(mut text: &'a str, condition: Option<&'a str>, found: &mut Vec<StyleRule<'a>>) -> Option<()> {
    while let Some(open) = text.find(['{', ';']) {
        let (head, rest) = (text.get(..open)?.trim(), text.get(open + 1..)?);
        if text.as_bytes().get(open) == Some(&b';') {
            text = rest;
            continue;
        }
        let end = closing(rest)?;
        let body = rest.get(..end)?;
        text = rest.get(end + 1..)?;
        match head.strip_prefix('@') {
            Some(at) if at.starts_with("media") || at.starts_with("supports") => block(body, Some(at), found)?,
            // A font that the layout embeds is not a brand font. Other at-rules do not set properties of elements.
            Some(_) => {}
            None => found.push(StyleRule { selectors: head, body, condition }),
        }
    }
    Some(())
}

/// Returns the position of the brace that closes a block.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') if depth == 0 => return Some(at),
            (None, b'}') => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_keep_their_condition_and_their_declarations() {
        let sheet = "@charset \"UTF-8\"; p, q { Color: #FFF ! important; content: \"}\" } @font-face { src: url(x) }\n\
                     @media (prefers-color-scheme: dark) { p { color: red } }";
        let rules = style_rules(sheet).unwrap();
        let read: Vec<_> = rules.iter().map(|rule| (rule.selectors, rule.condition)).collect();
        assert_eq!(read, [("p, q", None), ("p", Some("media (prefers-color-scheme: dark)"))]);
        let first = rules[0].declarations().next().unwrap();
        assert_eq!(first, Declaration { name: "color".into(), value: "#fff".into(), important: true });
        assert!(style_rules("p { color: red").is_none());
    }
}
