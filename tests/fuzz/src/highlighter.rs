//! Properties of highlighted code: its text is unchanged, and its tokens are in order, each within one line.

use reliure::diagnostic::{Sources, Strictness};
use reliure::stages::{BlockKind, ModelNode, lines, parse, visit};

/// Languages with grammars of different kinds.
pub const LANGUAGES: [&str; 16] =
    ["rust", "python", "js", "html", "css", "json", "toml", "yaml", "bash", "c", "java", "diff", "tex", "md", "sql", "haskell"];

/// Checks code in the language of [`LANGUAGES`] that the first byte selects.
pub fn law(text: &str) {
    let Some(first) = text.bytes().next() else { return };
    let code = text.get(1..).unwrap_or_default().replace("\r\n", "\n").replace('\r', "\n");
    code_law(LANGUAGES[usize::from(first) % LANGUAGES.len()], &code);
}

/// Checks code in a language.
pub fn code_law(language: &str, code: &str) {
    let fence = "`".repeat(3 + code.matches('`').count());
    let text = format!("+++\ntitle = \"T\"\n+++\n{fence}{language}\n{code}\n{fence}\n");
    let source = Sources::default().add("drawn.md", text.as_str());
    let Ok((section, _)) = parse(source, "drawn", &text, Strictness::Full) else { return };
    visit(&section.body, &mut |node| {
        let ModelNode::Block(block) = node else { return };
        let BlockKind::Code { text, tokens, .. } = &block.kind else { return };
        assert_eq!(text, code, "the code is unchanged");
        let mut end = 0;
        for token in tokens {
            let piece = text.get(token.start..token.end);
            assert!(
                token.start >= end && piece.is_some_and(|piece| !piece.is_empty() && !piece.contains('\n')),
                "{token:?} in {text:?}"
            );
            end = token.end;
        }
        let pieces = lines(text, tokens).into_iter().map(|line| line.into_iter().map(|(_, piece)| piece).collect::<String>());
        assert_eq!(pieces.collect::<Vec<_>>().join("\n"), *text, "the pieces are the code");
    });
}
