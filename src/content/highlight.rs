//! Syntax highlighting. Only this module uses the highlighter.

use std::ops::Range;
use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::model::{Token, TokenKind};

/// Maximum size of highlighted code in bytes, because some grammars are slow.
const MAX_BYTES: usize = 100_000;

/// Maximum sum of the cubes of the line lengths, in bytes, of highlighted code. Some patterns evaluate a lookahead that contains
/// a lookbehind for each character of a line: the slowest grammar takes two seconds for a thousand consecutive spaces.
const MAX_EFFORT: u64 = 2_000_000_000;

/// Grammars for lines that include their line ends: without line ends, one of the grammars loops forever on an empty line.
static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// The token kinds of scopes (Sublime Text, "Scope Naming"); the longest matching name is used. Punctuation takes the kind of the
/// enclosing scope.
const SCOPES: [(&str, Option<TokenKind>); 31] = [
    ("comment", Some(TokenKind::Comment)),
    ("string", Some(TokenKind::String)),
    ("constant", Some(TokenKind::Number)),
    ("constant.character", Some(TokenKind::String)),
    ("constant.other.symbol", Some(TokenKind::String)),
    ("keyword", Some(TokenKind::Keyword)),
    ("keyword.operator", None),
    ("keyword.operator.word", Some(TokenKind::Keyword)),
    ("keyword.operator.logical.python", Some(TokenKind::Keyword)),
    ("storage", Some(TokenKind::Keyword)),
    ("variable.language", Some(TokenKind::Keyword)),
    ("entity.name.function", Some(TokenKind::Function)),
    ("support.function", Some(TokenKind::Function)),
    ("support.macro", Some(TokenKind::Function)),
    ("variable.function", Some(TokenKind::Function)),
    ("entity.name.tag", Some(TokenKind::Keyword)),
    ("entity.name.section", Some(TokenKind::Keyword)),
    ("markup.heading", Some(TokenKind::Keyword)),
    ("entity.other.attribute-name", Some(TokenKind::Attribute)),
    ("support.type.property-name", Some(TokenKind::Attribute)),
    ("entity.name.class", Some(TokenKind::Type)),
    ("entity.name.enum", Some(TokenKind::Type)),
    ("entity.name.struct", Some(TokenKind::Type)),
    ("entity.name.trait", Some(TokenKind::Type)),
    ("entity.name.type", Some(TokenKind::Type)),
    ("entity.other.inherited-class", Some(TokenKind::Type)),
    ("support.class", Some(TokenKind::Type)),
    ("support.type", Some(TokenKind::Type)),
    ("markup.inserted", Some(TokenKind::Inserted)),
    ("markup.deleted", Some(TokenKind::Deleted)),
    ("meta.diff.range", Some(TokenKind::Comment)),
];

/// The same scopes, in the form that the highlighter compares, longer names first.
static RULES: LazyLock<Vec<(Scope, Option<TokenKind>)>> = LazyLock::new(|| {
    let mut rules: Vec<_> = SCOPES.iter().filter_map(|(name, kind)| Some((Scope::new(name).ok()?, *kind))).collect();
    rules.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
    rules
});

/// Returns whether a language has a grammar.
pub fn knows(lang: &str) -> bool {
    GRAMMARS.find_syntax_by_token(lang).is_some()
}

/// Returns the tokens of code in a language. Returns none if the language has no grammar, or if the code is too long.
pub fn tokens(lang: &str, code: &str) -> Vec<Token> {
    if is_too_long(code) {
        return Vec::new();
    }
    GRAMMARS.find_syntax_by_token(lang).map_or_else(Vec::new, |grammar| tokens_by(grammar, code))
}

fn tokens_by(grammar: &SyntaxReference, code: &str) -> Vec<Token> {
    let mut state = ParseState::new(grammar);
    let mut stack = ScopeStack::new();
    let mut tokens = Vec::new();
    let mut start = 0;
    for line in code.split('\n') {
        // If a grammar fails, the rest is not highlighted.
        let Ok(changes) = state.parse_line(&format!("{line}\n"), &GRAMMARS) else { break };
        let mut at = 0;
        for (offset, change) in changes {
            let offset = offset.min(line.len());
            push(&mut tokens, &stack, start + at..start + offset);
            at = offset;
            if stack.apply(&change).is_err() {
                return tokens;
            }
        }
        push(&mut tokens, &stack, start + at..start + line.len());
        start += line.len() + 1;
    }
    tokens
}

fn is_too_long(code: &str) -> bool {
    let efforts = code.split('\n').map(|line| (line.len() as u64).saturating_pow(3));
    code.len() > MAX_BYTES || efforts.fold(0, u64::saturating_add) > MAX_EFFORT
}

/// Adds a token with the kind of the innermost scope that has one, and merges it with an adjacent token of the same kind.
fn push(tokens: &mut Vec<Token>, stack: &ScopeStack, range: Range<usize>) {
    let rule = |scope: &Scope| RULES.iter().find(|(rule, _)| rule.is_prefix_of(*scope)).map(|(_, kind)| *kind);
    let Some(kind) = stack.scopes.iter().rev().find_map(rule).flatten().filter(|_| !range.is_empty()) else { return };
    match tokens.last_mut() {
        Some(last) if last.kind == kind && last.end == range.start => last.end = range.end,
        _ => tokens.push(Token { kind, start: range.start, end: range.end }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named<'c>(lang: &str, code: &'c str) -> Vec<(&'static str, &'c str)> {
        tokens(lang, code).iter().map(|token| (token.kind.name(), &code[token.start..token.end])).collect()
    }

    #[test]
    fn distinguishes_the_kinds_of_token() {
        let rust = named("rust", "fn tide(h: f64) -> bool {\n    // low\n    h < 1.5 && name == \"é\"\n}");
        for wanted in [("keyword", "fn"), ("function", "tide"), ("comment", "// low"), ("number", "1.5"), ("string", "\"é\"")] {
            assert!(rust.contains(&wanted), "{wanted:?} in {rust:?}");
        }
        let python = named("py", "def f(x):\n    return 'a' if x else None");
        assert!(python.contains(&("keyword", "def")) && python.contains(&("string", "'a'")), "{python:?}");
        let diff = named("diff", "-old\n+new");
        assert_eq!(diff, [("deleted", "-old"), ("inserted", "+new")]);
    }

    /// Common languages, by their usual names.
    const COMMON: [&str; 30] = [
        "rust", "rs", "python", "py", "toml", "js", "ts", "tsx", "html", "xml", "css", "scss", "json", "yaml", "bash", "sh", "c",
        "cpp", "cs", "java", "kotlin", "go", "ruby", "php", "sql", "r", "latex", "lua", "diff", "md",
    ];

    #[test]
    fn common_languages_have_a_grammar_with_valid_patterns() {
        use syntect::parsing::Regex;
        use syntect::parsing::syntax_definition::Pattern;
        for lang in COMMON {
            assert!(GRAMMARS.find_syntax_by_token(lang).is_some(), "{lang}");
        }
        let whole = GRAMMARS.clone().into_builder();
        let patterns =
            whole.syntaxes().iter().flat_map(|grammar| grammar.contexts.values()).flat_map(|context| &context.patterns);
        let mut read = 0;
        for pattern in patterns {
            // A pattern with a backreference to a group of another pattern does not compile alone.
            if let Pattern::Match(pattern) = pattern
                && !pattern.has_captures
            {
                assert!(Regex::try_compile(pattern.regex.regex_str()).is_none(), "{}", pattern.regex.regex_str());
                read += 1;
            }
        }
        assert!(read > 10_000, "{read}");
    }

    #[test]
    fn every_grammar_terminates() {
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for grammar in GRAMMARS.syntaxes() {
                tokens_by(grammar, "\n\na\n \n# x\n{}\n=\n<a>\n\"b'\na = 1\n  -x, --y  z\n\nUsage: a [b]\n\n");
                let _ = sender.send(grammar.name.clone());
            }
        });
        let mut last = String::from("none");
        for _ in GRAMMARS.syntaxes() {
            let next = receiver.recv_timeout(std::time::Duration::from_secs(60));
            last = next.unwrap_or_else(|_| panic!("the grammar after {last} does not terminate"));
        }
    }

    #[test]
    fn recognises_names_in_any_script() {
        let python = named("py", "class Сумма(Βάση):\n    def été(self): return 'δ'");
        for wanted in [("type", "Сумма"), ("type", "Βάση"), ("function", "été")] {
            assert!(python.contains(&wanted), "{wanted:?} in {python:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn tokens_of_any_text_are_in_order(
            lang in proptest::sample::select(&COMMON[..]),
            code in "([a-z]{1,4}|[ \t\n(){}\\[\\]<>=+*/.,:;#$&|!?@%^~_\"'`\\\\-]{1,3}|[0-9]{1,2}|fn |if |\\PC|\0|é){0,60}",
        ) {
            let mut end = 0;
            for token in tokens(lang, &code) {
                prop_assert!(token.start >= end && token.start < token.end && code.get(token.start..token.end).is_some());
                end = token.end;
            }
        }
    }

    #[test]
    fn unknown_languages_and_long_code_have_no_tokens() {
        let line = |bytes: usize| format!("{}\n", "let x = 1; ".repeat(bytes / 11 + 1).split_at(bytes).0);
        assert!(named("nonsense", "let x = 1;").is_empty());
        assert!(named("rust", &line(3_000_000)).is_empty(), "the cube of the line length overflows");
        assert!(named("rust", &line(1_300)).is_empty() && !named("rust", &line(1_200)).is_empty());
        assert!(named("rust", &line(500).repeat(17)).is_empty() && !named("rust", &line(500).repeat(15)).is_empty());
        assert!(named("rust", &line(10).repeat(10_000)).is_empty() && !named("rust", &line(99).repeat(1_000)).is_empty());
    }

    #[test]
    fn tokens_do_not_cross_lines() {
        for (lang, code) in [
            ("js", "/* a\n b */ let s = `x\n${1 + 2}`;"),
            ("html", "<a href=\"x\">é</a>\n<!-- c -->"),
            ("toml", "a = 1\n[b]\nc = \"d\""),
        ] {
            let found = tokens(lang, code);
            assert!(!found.is_empty(), "{lang}");
            assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start), "{found:?}");
            assert!(found.iter().all(|token| !code[token.start..token.end].contains('\n')), "{found:?}");
        }
    }
}
