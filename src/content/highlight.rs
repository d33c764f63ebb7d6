//! What the words of code mean, by the grammars of its language. The only file that names the highlighter.

#[cfg(test)]
mod narrow;

use std::ops::Range;
use std::sync::LazyLock;

use syntect::dumps::from_uncompressed_data;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

use crate::model::{Token, TokenKind};

/// Code beyond this is set without colours: nobody reads it for them, and a grammar may be slow.
const MOST_BYTES: usize = 100_000;

/// The same for one line: grammars look ahead on it.
const LONGEST_LINE: usize = 2_000;

/// The grammars, narrowed by the build script.
static GRAMMARS: LazyLock<SyntaxSet> =
    LazyLock::new(|| from_uncompressed_data(include_bytes!(concat!(env!("OUT_DIR"), "/grammars.bin"))).unwrap_or_default());

/// What the scopes of grammars mean (Sublime Text, "Scope Naming"); of several that fit, the longest name counts. Punctuation has
/// no meaning of its own, and takes that of what it stands in.
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

/// The same, as the highlighter compares them; longer names first.
static RULES: LazyLock<Vec<(Scope, Option<TokenKind>)>> = LazyLock::new(|| {
    let mut rules: Vec<_> = SCOPES.iter().filter_map(|(name, kind)| Some((Scope::new(name).ok()?, *kind))).collect();
    rules.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
    rules
});

/// Finds the tokens of code in a language; none where the language has no grammar here, or the code is too long.
pub fn tokens(lang: &str, code: &str) -> Vec<Token> {
    tokens_by(&GRAMMARS, lang, code)
}

fn tokens_by(grammars: &SyntaxSet, lang: &str, code: &str) -> Vec<Token> {
    if code.len() > MOST_BYTES || code.lines().any(|line| line.len() > LONGEST_LINE) {
        return Vec::new();
    }
    let Some(syntax) = grammars.find_syntax_by_token(lang) else { return Vec::new() };
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut tokens = Vec::new();
    let mut start = 0;
    for line in code.split('\n') {
        // A grammar that fails leaves the rest plain.
        let Ok(changes) = state.parse_line(line, grammars) else { break };
        let mut at = 0;
        for (offset, change) in changes {
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

/// Adds a stretch with the meaning of the innermost scope that has one; what touches its like becomes one with it.
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
    use super::*;

    fn named<'c>(lang: &str, code: &'c str) -> Vec<(&'static str, &'c str)> {
        tokens(lang, code).iter().map(|token| (token.kind.name(), &code[token.start..token.end])).collect()
    }

    #[test]
    fn words_of_a_language_are_told_from_strings_numbers_and_comments() {
        let rust = named("rust", "fn tide(h: f64) -> bool {\n    // low\n    h < 1.5 && name == \"é\"\n}");
        for wanted in [("keyword", "fn"), ("function", "tide"), ("comment", "// low"), ("number", "1.5"), ("string", "\"é\"")] {
            assert!(rust.contains(&wanted), "{wanted:?} in {rust:?}");
        }
        let python = named("py", "def f(x):\n    return 'a' if x else None");
        assert!(python.contains(&("keyword", "def")) && python.contains(&("string", "'a'")), "{python:?}");
        let diff = named("diff", "-old\n+new");
        assert_eq!(diff, [("deleted", "-old"), ("inserted", "+new")]);
    }

    #[test]
    fn narrowed_grammars_are_all_there_and_every_pattern_of_them_can_be_read() {
        use syntect::parsing::Regex;
        use syntect::parsing::syntax_definition::Pattern;
        let (whole, narrowed) = (two_face::syntax::extra_no_newlines().into_builder(), GRAMMARS.clone().into_builder());
        let names = |syntaxes: &[syntect::parsing::SyntaxDefinition]| -> Vec<String> {
            syntaxes.iter().map(|grammar| grammar.name.clone()).collect()
        };
        assert_eq!(names(narrowed.syntaxes()), names(whole.syntaxes()));
        let mut changed = 0;
        for grammar in whole.syntaxes() {
            for pattern in grammar.contexts.values().flat_map(|context| &context.patterns) {
                let Pattern::Match(pattern) = pattern else { continue };
                let (wide, narrow) = (pattern.regex.regex_str(), narrow::narrow(pattern.regex.regex_str()));
                if wide != narrow {
                    changed += 1;
                    // What refers back to a group of another pattern can be read in neither form.
                    assert_eq!(Regex::try_compile(&narrow).is_some(), Regex::try_compile(wide).is_some(), "{wide} gave {narrow}");
                }
            }
        }
        assert!(changed > 3_000, "{changed}");
    }

    #[test]
    fn narrowed_grammars_colour_code_as_whole_ones_do() {
        let whole = two_face::syntax::extra_no_newlines();
        for (lang, code) in SAMPLES {
            let (wanted, found) = (tokens_by(&whole, lang, code), tokens(lang, code));
            assert!(!found.is_empty() && found == wanted, "{lang}: {found:?}, not {wanted:?}");
        }
    }

    /// A few lines of many languages.
    const SAMPLES: [(&str, &str); 21] = [
        (
            "rust",
            "/// Été\nimpl<'a, T: Fn(u8) -> Côté> Marée<'a> for x::Y {\n\tfn f(&self, n: i32) -> bool { n >= 0x1F && !vec![1.5e-3; 2].is_empty() }\n}",
        ),
        (
            "python",
            "@decor.ated(1)\nclass Marée(Base):\n    def f(self, *a, été=\"x\", **k) -> dict:\n        return {k: f'{v!r:>{w}}' for k, v in a.items() if v is not None}  # fin",
        ),
        ("toml", "[a.\"b c\"]\nd = 1979-05-27T07:32:00Z\ne = [1_000, -inf, 0xFF, 'x', \"\"\"y\"\"\"]"),
        (
            "js",
            "export const f = async ({ a, b: [c] }) => { const été = `x ${1 + a?.b ?? /r[e]g/gi}`; return new Map([[été, 0n]]); }",
        ),
        ("ts", "interface A<T extends B> { readonly x?: Array<T>; f(this: A<T>): x is string }"),
        ("html", "<!DOCTYPE html><p class=\"a\" data-x='1'>é &amp; <b>x</b><!-- c --><script>let a = 1;</script></p>"),
        (
            "css",
            "@media (min-width: 40em) { a:hover > .b[c=\"d\"]::before { color: rgb(1 2 3 / 50%); margin: -1.5rem !important } }",
        ),
        ("json", "{\"été\": [1, -2.5e3, true, null, \"\\u00e9\"]}"),
        ("yaml", "a: &x\n  - b: 'c'\n    <<: *x\n  - 2020-01-01 # é"),
        ("bash", "for f in \"$@\"; do [[ -n ${f%.*} ]] && echo \"$(wc -l < \"$f\")\" | sed 's/é/e/g'; done"),
        ("c", "#include <stdio.h>\nstatic inline int f(const char *s) { return *s ? printf(\"%d\\n\", 0x1Fu) : -1; } /* é */"),
        ("cpp", "template <typename T> auto f(T&& x) noexcept -> decltype(x) { return std::move(x); } // é"),
        ("java", "@Override public final List<String> f(int... n) throws E { return n.length > 0 ? List.of(\"é\") : null; }"),
        ("go", "func (m *Map[K, V]) Get(k K) (v V, ok bool) { defer m.mu.Unlock(); return m.m[k], len(m.m) != 0 }"),
        ("ruby", "class A < B\n  def f(x, *y, z: 1)\n    @a ||= %w[a b].map { |e| \"#{e} é\" }\n  end\nend"),
        ("php", "<?php function f(?int $x): string { return \"é {$x}\" . PHP_EOL; }"),
        ("sql", "SELECT COUNT(*) AS n, 'é' FROM t WHERE a >= 1.5 AND b IS NOT NULL ORDER BY n DESC; -- fin"),
        ("r", "f <- function(x, ...) { y <- c(1L, 2.5, NA); if (TRUE) y[[1]] %in% x else \"é\" }"),
        ("latex", "\\section{Été} $a_1^{2} + \\frac{1}{2}$ % fin\n\\begin{itemize} \\item x \\end{itemize}"),
        ("python", "δ = α_1 * 2  # сумма\nclass Сумма:\n    def σ(self): return self.δ"),
        ("diff", "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-été\n+hiver"),
    ];

    #[test]
    fn no_grammar_and_no_end_give_no_tokens() {
        assert!(named("nonsense", "let x = 1;").is_empty());
        assert!(named("rust", &"let x = 1; ".repeat(400)).is_empty(), "a line of 4,400 bytes");
        assert!(named("rust", &"let x = 1;\n".repeat(20_000)).is_empty(), "220,000 bytes");
    }

    #[test]
    fn tokens_are_in_order_and_keep_to_their_lines() {
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
