//! The style rules of a style sheet and their declarations.

use cssparser::Token;

use super::token::{CssToken, closing, counterpart, opening, tokens};

/// A style rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StyleRule {
    /// The list of selectors, without comments.
    pub selectors: String,
    /// The declarations, in their order.
    pub declarations: Vec<Declaration>,
    /// The at-rules that contain the rule, such as `media (prefers-color-scheme: dark)`, separated by spaces.
    pub condition: Option<String>,
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

/// At-rules that contain style rules.
const GROUPS: [&str; 7] = ["media", "supports", "layer", "container", "scope", "starting-style", "document"];

/// Maximum depth of nested rules.
const MAX_DEPTH: usize = 30;

/// Returns the style rules of a style sheet in order, including those in other rules. Returns `None` if a block is not closed or
/// if rules are nested too deeply.
pub fn style_rules(sheet: &str) -> Option<Vec<StyleRule>> {
    let tokens = tokens(sheet);
    let mut reader = RuleReader { text: sheet, tokens: &tokens, at: 0, found: Vec::new() };
    reader.block(&Surroundings::default())?;
    Some(reader.found)
}

/// Returns the declarations of a style attribute.
pub fn declarations(style: &str) -> Vec<Declaration> {
    let tokens = tokens(style);
    let mut depth = 0_usize;
    let parts = tokens.split(|token| {
        depth += usize::from(opening(&token.token).is_some());
        depth = depth.saturating_sub(usize::from(closing(&token.token).is_some()));
        depth == 0 && token.token == Token::Semicolon
    });
    parts.filter_map(|part| declaration(style, part)).collect()
}

/// The rules around a rule.
#[derive(Clone, Default)]
struct Surroundings {
    /// The selectors of the rules that contain it.
    selectors: Option<String>,
    condition: Option<String>,
    depth: usize,
}

struct RuleReader<'a> {
    text: &'a str,
    tokens: &'a [CssToken<'a>],
    at: usize,
    found: Vec<StyleRule>,
}

/// How a statement ends.
#[derive(PartialEq, Eq)]
enum StatementEnd {
    Semicolon,
    Block,
    /// The end of the block that contains it, or of the text.
    Outer,
}

impl RuleReader<'_> {
    /// Reads the statements up to the end of a block. Returns `None` if it is not closed.
    fn block(&mut self, around: &Surroundings) -> Option<()> {
        if around.depth > MAX_DEPTH {
            return None;
        }
        let own = around.selectors.as_ref().map(|selectors| {
            self.found.push(StyleRule {
                selectors: selectors.clone(),
                declarations: Vec::new(),
                condition: around.condition.clone(),
            });
            self.found.len() - 1
        });
        loop {
            let start = self.at;
            let end = self.statement(own.is_some())?;
            let last = self.at;
            let statement = self.tokens.get(start..last)?;
            self.at += usize::from(end != StatementEnd::Outer || around.depth > 0);
            match end {
                StatementEnd::Block => self.nested(statement, around)?,
                StatementEnd::Semicolon | StatementEnd::Outer => {
                    let rule = own.and_then(|own| self.found.get_mut(own));
                    if let (Some(rule), Some(declaration)) = (rule, declaration(self.text, statement)) {
                        rule.declarations.push(declaration);
                    }
                }
            }
            if end == StatementEnd::Outer {
                // Only the style sheet itself ends at the end of the text.
                return (self.tokens.get(last).is_some() == (around.depth > 0)).then_some(());
            }
        }
    }

    /// Moves to the end of the statement that starts here. Returns `None` if a bracket in it is not closed.
    fn statement(&mut self, in_rule: bool) -> Option<StatementEnd> {
        let mut open = Vec::new();
        let first = self.tokens.get(self.at..)?.iter().find(|token| !is_space(&token.token));
        // A semicolon does not end the selectors of a rule (CSS Syntax §5.4.3).
        let ends_at_semicolon = in_rule || first.is_some_and(|token| matches!(token.token, Token::AtKeyword(_)));
        let custom = first.is_some_and(|token| matches!(&token.token, Token::Ident(name) if name.starts_with("--")));
        while let Some(CssToken { token, .. }) = self.tokens.get(self.at) {
            match token {
                Token::Semicolon if open.is_empty() && ends_at_semicolon => return Some(StatementEnd::Semicolon),
                Token::CurlyBracketBlock if open.is_empty() && !(in_rule && custom) => return Some(StatementEnd::Block),
                Token::CloseCurlyBracket if open.is_empty() => return Some(StatementEnd::Outer),
                token => nest(token, &mut open)?,
            }
            self.at += 1;
        }
        open.is_empty().then_some(StatementEnd::Outer)
    }

    /// Reads the block of a rule, after its opening brace.
    fn nested(&mut self, prelude: &[CssToken<'_>], around: &Surroundings) -> Option<()> {
        let mut inner = Surroundings { depth: around.depth + 1, ..around.clone() };
        let first = prelude.iter().find(|token| !is_space(&token.token));
        let at_rule = first.and_then(|token| match &token.token {
            Token::AtKeyword(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        });
        let written = without_comments(self.text, prelude);
        match at_rule {
            Some(name) if GROUPS.contains(&name.as_str()) => {
                let own = written.trim_start_matches('@');
                inner.condition = Some(around.condition.iter().map(String::as_str).chain([own]).collect::<Vec<_>>().join(" "));
                self.block(&inner)
            }
            // Other at-rules, such as `@font-face`, do not set properties of elements.
            Some(_) => self.skip(),
            None => {
                inner.selectors = Some(match &around.selectors {
                    Some(outer) => nested_selectors(outer, &written),
                    None => written,
                });
                self.block(&inner)
            }
        }
    }

    /// Moves past the end of a block. Returns `None` if it is not closed.
    fn skip(&mut self) -> Option<()> {
        let mut open = vec!['{'];
        while !open.is_empty() {
            nest(&self.tokens.get(self.at)?.token, &mut open)?;
            self.at += 1;
        }
        Some(())
    }
}

/// Adds the bracket that a token opens, or removes the one that it closes. Returns `None` if it does not match the last open
/// bracket.
fn nest(token: &Token<'_>, open: &mut Vec<char>) -> Option<()> {
    open.extend(opening(token));
    match closing(token) {
        Some(closed) => open.pop().filter(|bracket| counterpart(*bracket) == closed).map(drop),
        None => Some(()),
    }
}

/// Returns the full selectors of a rule that is nested in a rule with the selectors `outer` (CSS Nesting §3).
fn nested_selectors(outer: &str, selectors: &str) -> String {
    let outer = if outer.contains(',') { format!(":is({outer})") } else { outer.to_owned() };
    if selectors.contains('&') { selectors.replace('&', &outer) } else { format!("{outer} {selectors}") }
}

fn is_space(token: &Token<'_>) -> bool {
    matches!(token, Token::WhiteSpace(_) | Token::Comment(_) | Token::CDO | Token::CDC)
}

/// Returns the text of tokens with a space for each comment, without spaces at the ends.
fn without_comments(text: &str, tokens: &[CssToken<'_>]) -> String {
    let written = tokens.iter().map(|token| match token.token {
        Token::Comment(_) | Token::CDO | Token::CDC => " ",
        _ => text.get(token.range.clone()).unwrap_or_default(),
    });
    written.collect::<String>().trim().to_owned()
}

/// Reads a declaration. Returns `None` if the tokens do not start with a name and a colon.
fn declaration(text: &str, tokens: &[CssToken<'_>]) -> Option<Declaration> {
    let mut rest = tokens;
    let mut next = || {
        let skipped = rest.iter().position(|token| !is_space(&token.token))?;
        let (token, after) = rest.get(skipped..)?.split_first()?;
        rest = after;
        Some(&token.token)
    };
    let Some(Token::Ident(name)) = next() else { return None };
    let name = name.to_ascii_lowercase();
    let Some(Token::Colon) = next() else { return None };
    let bang = rest.iter().rposition(|token| token.token == Token::Delim('!'));
    let important = bang.filter(|at| {
        let after = rest.get(at + 1..).unwrap_or_default();
        without_comments(text, after).eq_ignore_ascii_case("important")
    });
    let value = rest.get(..important.unwrap_or(rest.len()))?;
    Some(Declaration { name, value: without_comments(text, value).to_ascii_lowercase(), important: important.is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Selectors, condition, and the names and values of the declarations.
    type ReadRule = (String, Option<String>, Vec<(String, String)>);

    fn read(sheet: &str) -> Vec<ReadRule> {
        let rules = style_rules(sheet).unwrap();
        let declared = |rule: &StyleRule| {
            rule.declarations.iter().map(|declaration| (declaration.name.clone(), declaration.value.clone())).collect()
        };
        rules.iter().map(|rule| (rule.selectors.clone(), rule.condition.clone(), declared(rule))).collect()
    }

    fn rule(selectors: &str, condition: Option<&str>, declared: &[(&str, &str)]) -> ReadRule {
        let declared = declared.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        (selectors.to_owned(), condition.map(str::to_owned), declared)
    }

    #[test]
    fn rules_keep_their_condition_and_their_declarations() {
        let sheet = "@charset \"UTF-8\"; p, q { Color: #FFF ! important; content: \"}\" } @font-face { src: url(x) }\n\
                     @media (prefers-color-scheme: dark) { p { color: red } }";
        assert_eq!(
            read(sheet),
            [
                rule("p, q", None, &[("color", "#fff"), ("content", "\"}\"")]),
                rule("p", Some("media (prefers-color-scheme: dark)"), &[("color", "red")]),
            ]
        );
        assert!(style_rules(sheet).unwrap()[0].declarations[0].important);
    }

    #[test]
    fn semicolons_in_data_urls_and_strings_do_not_end_a_declaration() {
        let sheet =
            "p { background: url(data:image/png;base64,AA==); content: \"; color: red\"; --x: { a: b; c: d }; color: blue }";
        assert_eq!(
            read(sheet),
            [rule(
                "p",
                None,
                &[
                    ("background", "url(data:image/png;base64,aa==)"),
                    ("content", "\"; color: red\""),
                    ("--x", "{ a: b; c: d }"),
                    ("color", "blue"),
                ]
            )]
        );
    }

    #[test]
    fn comments_and_escapes_are_read() {
        let sheet = "p/* x { */em { c\\6flor /* ; */: /* } */ red; content: \"/*\" } q { color: blue } /* last";
        assert_eq!(
            read(sheet),
            [rule("p em", None, &[("color", "red"), ("content", "\"/*\"")]), rule("q", None, &[("color", "blue")])]
        );
    }

    #[test]
    fn rules_in_rules_have_the_selectors_and_conditions_around_them() {
        let sheet = "@layer base { p { color: red; em { color: blue } @media print { color: black } &.x { top: 0 } } }\n\
                     a, b { i { top: 1px } }";
        assert_eq!(
            read(sheet),
            [
                rule("p", Some("layer base"), &[("color", "red")]),
                rule("p em", Some("layer base"), &[("color", "blue")]),
                rule("p", Some("layer base media print"), &[("color", "black")]),
                rule("p.x", Some("layer base"), &[("top", "0")]),
                rule("a, b", None, &[]),
                rule(":is(a, b) i", None, &[("top", "1px")]),
            ]
        );
    }

    #[test]
    fn sheets_with_open_blocks_have_no_rules() {
        let deep = "p{".repeat(10_000);
        for sheet in ["p { color: red", "p { width: calc(1px }", "p { width: (} }", "p { }}", "@font-face { src: url(x)", &deep] {
            assert_eq!(style_rules(sheet), None, "{}", &sheet[..sheet.len().min(40)]);
        }
        assert_eq!(style_rules(""), Some(Vec::new()));
        assert_eq!(style_rules(" /* x */ "), Some(Vec::new()));
    }

    #[test]
    fn style_attributes_are_read() {
        let found = declarations("fill:url(data:a;b); Stroke : #000 !important; x");
        let found: Vec<_> = found.iter().map(|found| (found.name.as_str(), found.value.as_str(), found.important)).collect();
        assert_eq!(found, [("fill", "url(data:a;b)", false), ("stroke", "#000", true)]);
    }
}
