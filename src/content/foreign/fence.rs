//! The opening line of a code fence: the language, and attributes of other tools.

use super::{Construct, MarkupFate};
use crate::content::highlight;

/// The contents of the opening line of a code fence.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fence {
    /// The language of the code.
    pub lang: Option<String>,
    /// The id of the code.
    pub id: Option<String>,
    /// The title of the code, such as the name of its file.
    pub title: Option<String>,
    /// The kind of unsupported markup in it, and its text.
    pub foreign: Option<(Construct, String)>,
}

const ATTRIBUTES: Construct = Construct {
    name: "an attribute of code",
    tool: "Docusaurus, VuePress, MkDocs and Pandoc",
    hint: "keep the language, and an id: ```rust {#listing}",
    fate: MarkupFate::LeftOut,
};

const TITLE: Construct = Construct {
    name: "a title of code",
    tool: "Docusaurus, VuePress, MkDocs and Quarto",
    hint: "write it in the text before the code, and keep the language only",
    fate: MarkupFate::Above,
};

const CHUNK: Construct = Construct {
    name: "code that is to be run",
    tool: "Quarto and R Markdown",
    hint: "run it, and write its result here; to show the code, write the language without braces",
    fate: MarkupFate::Printed,
};

const DIRECTIVE: Construct = Construct {
    name: "a directive",
    tool: "MyST",
    hint: "write a container: ::: callout {kind=\"note\"} for a note, ::: table for a table with a caption",
    fate: MarkupFate::Printed,
};

const RAW: Construct = Construct {
    name: "output for another format",
    tool: "Pandoc and Quarto",
    hint: "write it in Markdown: it is not used for the PDF or the EPUB",
    fate: MarkupFate::Printed,
};

const DIAGRAM: Construct = Construct {
    name: "a diagram",
    tool: "Mermaid, PlantUML and Graphviz",
    hint: "draw it with that tool, save it as SVG, and insert the image",
    fate: MarkupFate::Printed,
};

/// Languages whose code draws a diagram in other tools.
const DIAGRAMS: [&str; 5] = ["mermaid", "plantuml", "dot", "graphviz", "d2"];

/// Languages that Quarto and R Markdown execute and that have no grammar for syntax highlighting.
const EXECUTED: [&str; 4] = ["ojs", "stan", "observable", "rcpp"];

/// Reads the text after the backquotes or tildes of a fence: `rust`, `rust {#listing}`, `rust,ignore` (mdBook), `{.python}`
/// (Pandoc), `{r, echo=FALSE}` (R Markdown), `js title="x"` (Docusaurus).
pub fn read(info: &str) -> Fence {
    let mut fence = match without_id(info.trim()) {
        Some((id, rest)) => Fence { id: Some(id), ..read_rest(rest.trim()) },
        None => read_rest(info.trim()),
    };
    fence.title = title(info);
    if let Some((construct, _)) = &mut fence.foreign
        && fence.title.is_some()
        && *construct == ATTRIBUTES
    {
        *construct = TITLE;
    }
    fence
}

/// Returns the title in the attributes of code: `title="src/a.rs"`, `filename="a.py"` (Quarto).
fn title(info: &str) -> Option<String> {
    let (_, value) = ["title=", "filename="]
        .into_iter()
        .find_map(|key| info.split_once(key).filter(|(before, _)| before.ends_with([' ', '{', ',', '\t'])))?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (title, _) = value.get(1..)?.split_once(quote)?;
    Some(title.trim().to_owned()).filter(|title| !title.is_empty())
}

/// Returns the id in braces, and the text without it.
fn without_id(info: &str) -> Option<(String, String)> {
    let (before, braced) = info.split_once('{')?;
    let words: Vec<&str> = braced.strip_suffix('}')?.split_whitespace().collect();
    let id = words.iter().find_map(|word| word.strip_prefix('#').filter(|id| !id.is_empty()))?;
    let rest: Vec<&str> = words.iter().copied().filter(|word| word.strip_prefix('#') != Some(id)).collect();
    let braces = if rest.is_empty() { String::new() } else { format!("{{{}}}", rest.join(" ")) };
    Some((id.to_owned(), format!("{before}{braces}")))
}

fn read_rest(info: &str) -> Fence {
    let found = |construct: Construct| Some((construct, info.to_owned()));
    let Some(braced) = info.strip_prefix('{') else {
        let end = info.find(|c: char| c.is_whitespace() || matches!(c, ',' | '{')).unwrap_or(info.len());
        let (lang, rest) = info.split_at(end);
        // Words after a comma are flags for mdBook tests, which are not printed.
        let rest = rest.trim_start_matches(|c: char| c == ',' || c.is_alphanumeric() || matches!(c, '_' | '-')).trim();
        let foreign = match () {
            () if DIAGRAMS.contains(&lang) => found(DIAGRAM),
            () if !rest.is_empty() => found(ATTRIBUTES),
            () => None,
        };
        return Fence { lang: Some(lang.to_owned()).filter(|lang| !lang.is_empty()), id: None, title: None, foreign };
    };
    let words = braced.split('}').next().unwrap_or_default();
    if words.starts_with('=') {
        return Fence { lang: None, id: None, title: None, foreign: found(RAW) };
    }
    let mut parts = words.split_whitespace();
    if let Some(class) = parts.clone().find_map(|part| part.strip_prefix('.')) {
        let more = parts.clone().count() > 1 || braced.split_once('}').is_some_and(|(_, rest)| !rest.trim().is_empty());
        return Fence { lang: Some(class.to_owned()), id: None, title: None, foreign: found(ATTRIBUTES).filter(|_| more) };
    }
    let name = parts.next().unwrap_or_default().trim_end_matches(',');
    let name = name.split(',').next().unwrap_or_default();
    if highlight::knows(name) || EXECUTED.contains(&name) {
        let construct = if DIAGRAMS.contains(&name) { DIAGRAM } else { CHUNK };
        return Fence { lang: Some(name.to_owned()), id: None, title: None, foreign: found(construct) };
    }
    Fence { lang: None, id: None, title: None, foreign: found(if DIAGRAMS.contains(&name) { DIAGRAM } else { DIRECTIVE }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_language_in_the_notation_of_other_tools() {
        let lang = |info: &str| read(info).lang.unwrap_or_default();
        for (info, wanted) in [
            ("rust", "rust"),
            ("rust,ignore", "rust"),
            ("rust, ignore", "rust"),
            ("{.python}", "python"),
            ("{.python .numberLines}", "python"),
            ("{#listing .haskell startFrom=\"100\"}", "haskell"),
            ("{r}", "r"),
            ("{r setup, echo=FALSE}", "r"),
            ("{r,echo=FALSE}", "r"),
            ("{python}", "python"),
            ("js {1,3-4}", "js"),
            ("js{1,3}", "js"),
            ("py title=\"a.py\"", "py"),
            ("{=latex}", ""),
            ("{note}", ""),
            ("", ""),
        ] {
            assert_eq!(lang(info), wanted, "{info}");
        }
    }

    #[test]
    fn ids_in_braces_are_no_attributes_of_other_tools() {
        for (info, lang, id) in [
            ("rust {#lock}", "rust", "lock"),
            ("{#lock}", "", "lock"),
            ("{#lock .rust}", "rust", "lock"),
            ("{.rust #lock}", "rust", "lock"),
        ] {
            let fence = read(info);
            assert_eq!(
                (fence.lang.unwrap_or_default().as_str(), fence.id.as_deref(), fence.foreign),
                (lang, Some(id), None),
                "{info}"
            );
        }
        assert_eq!(read("{#lock .rust .numberLines}").foreign.map(|(construct, _)| construct), Some(ATTRIBUTES));
        assert_eq!(read("js {1,3}").id, None);
    }

    #[test]
    fn fences_of_other_tools_are_identified() {
        let name = |info: &str| read(info).foreign.map(|(construct, _)| construct);
        for info in ["rust", "rust,ignore", "rust,no_run,edition2021", "{.python}", "", "c++"] {
            assert_eq!(name(info), None, "{info}");
        }
        assert_eq!(name("py title=\"a.py\""), Some(TITLE));
        assert_eq!(read("py title=\"src/a b.py\" {1}").title.as_deref(), Some("src/a b.py"));
        assert_eq!(read("{.python filename='a.py'}").title.as_deref(), Some("a.py"));
        assert_eq!(read("py subtitle=\"x\"").title, None);
        assert_eq!(name("js {1,3}"), Some(ATTRIBUTES));
        assert_eq!(name("{.python .numberLines}"), Some(ATTRIBUTES));
        assert_eq!(name("{r, fig.cap=\"x\"}"), Some(CHUNK));
        assert_eq!(name("{ojs}"), Some(CHUNK));
        assert_eq!(name("{note}"), Some(DIRECTIVE));
        assert_eq!(name("{=html}"), Some(RAW));
        assert_eq!(name("mermaid"), Some(DIAGRAM));
        assert_eq!(name("{mermaid}"), Some(DIAGRAM));
    }
}
