//! The contract of a layout: the files that it imports exist, and `main.typ` and `blocks.typ` export the functions that generated
//! code calls.
//!
//! The files are parsed but not evaluated, so missing functions are reported before any text is laid out.

use std::collections::{BTreeMap, BTreeSet};

use typst::syntax::LinkedNode;
use typst::syntax::ast;

use super::layouts::LayoutSet;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};

/// The functions of `blocks.typ`, with the parameters that each must accept.
const BLOCKS: [(&str, &str); 20] = [
    ("aside", "ctx, title: none, body"),
    ("callout", "ctx, kind: \"note\", title: none, body"),
    ("changes", "ctx"),
    ("code", "ctx, lang: none, lines: (), body"),
    ("credits", "ctx"),
    ("details", "ctx, summary: [], body"),
    ("epigraph", "ctx, attribution: none, body"),
    ("illustration", "ctx, path: \"\", alt: none, width: auto, caption: none, credit: none"),
    ("image-credits", "ctx"),
    ("imprint", "ctx"),
    ("inline-image", "ctx, path: \"\", alt: none"),
    ("kbd", "ctx, body"),
    ("licence", "ctx, form: \"full\""),
    ("quotation", "ctx, attribution: none, body"),
    ("reference", "ctx, target: \"\", page: \"\", title"),
    ("resources", "ctx, style: \"tiles\", badge: none, items: ()"),
    ("row-header", "ctx, body"),
    ("rule", "ctx"),
    ("task", "ctx, done: false"),
    ("video", "ctx, url: \"\", title: \"\""),
];

/// Modules that are generated for each edition.
const GENERATED: [&str; 3] = ["/page.typ", "/edition.typ", "/dated.typ"];

/// A function or value at the top level of a file. `parameters` is the number of positional parameters of a function, or `None` for
/// other values and for a function that takes any number of arguments.
#[derive(Clone, Debug)]
struct Export {
    parameters: Option<usize>,
    span: Span,
}

/// The names that a file exports.
type Exports = BTreeMap<String, Export>;

/// Validates the contract of a layout. `toml` is the location of its declarations.
pub fn validate(layouts: &LayoutSet, name: &str, toml: Span) -> Diagnostics {
    let mut reader =
        ContractReader { layouts, seen: BTreeMap::new(), open: BTreeSet::new(), broken: false, found: Diagnostics::default() };
    let main = reader.exports(&format!("/layouts/{name}/main.typ"));
    let blocks = reader.exports(&format!("/layouts/{name}/blocks.typ"));
    // Typst reports syntax errors. The exports of a file with syntax errors are unknown.
    if reader.broken {
        return Diagnostics::default();
    }
    let mut found = reader.found;
    match &main {
        None => found.push(no_file(name, "main.typ", toml)),
        Some(main) => {
            let definition = format!("#let publication(edition, bodies) = {{ … }} in layouts/{name}/main.typ");
            match main.get("publication") {
                None => {
                    let message = format!("the layout \"{name}\" has no function \"publication\"");
                    found.push(Diagnostic::new(code::TYPST, message).at(toml).hint(format!("add {definition}")));
                }
                Some(Export { parameters: Some(count), span }) if *count != 2 => {
                    let message = format!("\"publication\" is called with two arguments, but takes {count}");
                    found.push(Diagnostic::new(code::TYPST, message).at(*span).hint(format!("write {definition}")));
                }
                Some(_) => {}
            }
        }
    }
    match &blocks {
        None => found.push(no_file(name, "blocks.typ", toml)),
        Some(blocks) => validate_blocks(name, blocks, toml, &mut found),
    }
    found
}

fn validate_blocks(name: &str, blocks: &Exports, toml: Span, found: &mut Diagnostics) {
    let absent: Vec<&(&str, &str)> = BLOCKS.iter().filter(|(block, _)| !blocks.contains_key(*block)).collect();
    if !absent.is_empty() {
        let names: Vec<String> = absent.iter().map(|(block, _)| format!("\"{block}\"")).collect();
        let message = format!("the file blocks.typ of the layout \"{name}\" lacks {}", names.join(", "));
        let lines: Vec<String> = absent.iter().map(|(block, call)| format!("    #let {block}({call}) = …")).collect();
        let own = "import the functions that the layout does not draw itself: #import \"/layouts/common/blocks.typ\": *";
        let missing = Diagnostic::new(code::TYPST, message).at(toml).hint(own);
        found.push(missing.hint(format!("or write them:\n{}", lines.join("\n"))));
    }
    for (block, call) in BLOCKS {
        let wanted = call.split(", ").filter(|parameter| !parameter.contains(':')).count();
        if let Some(Export { parameters: Some(count), span }) = blocks.get(block)
            && *count != wanted
        {
            let message = format!("\"{block}\" is called with {wanted} positional arguments, but takes {count}");
            found.push(Diagnostic::new(code::TYPST, message).at(*span).hint(format!("write #let {block}({call}) = …")));
        }
    }
}

fn no_file(name: &str, file: &str, toml: Span) -> Diagnostic {
    let message = format!("the layout \"{name}\" has no file {file}");
    Diagnostic::new(code::TYPST, message)
        .at(toml)
        .hint(format!("add layouts/{name}/{file}, for example a copy from the layout \"simple\""))
}

/// Reads the exports of files, each once.
struct ContractReader<'a> {
    layouts: &'a LayoutSet,
    seen: BTreeMap<String, Exports>,
    /// The files that are being read, to detect cyclic imports.
    open: BTreeSet<String>,
    /// Whether a file has syntax errors.
    broken: bool,
    found: Diagnostics,
}

impl ContractReader<'_> {
    /// Returns the exports of a file, or `None` if there is no such file.
    fn exports(&mut self, path: &str) -> Option<Exports> {
        if let Some(known) = self.seen.get(path) {
            return Some(known.clone());
        }
        let source = *self.layouts.ids.get(path.trim_start_matches('/'))?;
        if !self.open.insert(path.to_owned()) {
            return Some(Exports::new());
        }
        let module = self.layouts.modules.at(path)?;
        let tree = module.root();
        self.broken |= tree.diagnosis().errors;
        let mut exports = Exports::new();
        let root = LinkedNode::new(tree);
        for node in root.children() {
            let span = Span::new(source, node.range());
            if let Some(binding) = node.cast::<ast::LetBinding<'_>>() {
                let parameters = parameters(binding);
                for name in binding.kind().bindings() {
                    exports.insert(name.as_str().to_owned(), Export { parameters, span });
                }
            } else if let Some(import) = node.cast::<ast::ModuleImport<'_>>() {
                self.import(import, path, span, &mut exports);
            }
        }
        self.open.remove(path);
        self.seen.insert(path.to_owned(), exports.clone());
        Some(exports)
    }

    /// Adds the names that an import brings into a file. Skips imports whose source is not a string literal.
    fn import(&mut self, import: ast::ModuleImport<'_>, from: &str, span: Span, exports: &mut Exports) {
        let ast::Expr::Str(written) = import.source() else { return };
        let written = written.get();
        if written.starts_with('@') {
            let message = format!("the package \"{written}\" is not available");
            let error = Diagnostic::new(code::TYPST, message).at(span);
            self.found.push(error.hint("copy its files into the folder of the layout, and import them from there"));
            return;
        }
        let path = absolute(from, &written);
        let module = match self.exports(&path) {
            Some(module) => module,
            None if GENERATED.contains(&path.as_str()) => Exports::new(),
            None => {
                let message = format!("there is no file \"{}\"", path.trim_start_matches('/'));
                let known = self.layouts.ids.keys().filter(|path| path.ends_with(".typ")).map(String::as_str);
                let missing = Diagnostic::new(code::TYPST, message).at(span);
                self.found.push(missing.suggest(path.trim_start_matches('/'), known));
                return;
            }
        };
        match import.imports() {
            Some(ast::Imports::Wildcard) => exports.extend(module),
            Some(ast::Imports::Items(items)) => {
                for item in items.iter() {
                    let original = item.original_name().as_str().to_owned();
                    let binding = module.get(&original).cloned().unwrap_or(Export { parameters: None, span });
                    exports.insert(item.bound_name().as_str().to_owned(), binding);
                }
            }
            None => {
                if let Some(name) = import.new_name() {
                    exports.insert(name.as_str().to_owned(), Export { parameters: None, span });
                }
            }
        }
    }
}

/// Returns the number of positional parameters of a function. Returns `None` for other values, and for a function that takes any
/// number of arguments.
fn parameters(binding: ast::LetBinding<'_>) -> Option<usize> {
    let ast::LetBindingKind::Closure(_) = binding.kind() else { return None };
    let Some(ast::Expr::Closure(closure)) = binding.init() else { return None };
    let mut count = 0;
    for parameter in closure.params().children() {
        match parameter {
            ast::Param::Pos(_) => count += 1,
            ast::Param::Named(_) => {}
            ast::Param::Spread(_) => return None,
        }
    }
    Some(count)
}

/// Resolves a path that the file `from` imports, relative to its folder or to the root of the project.
fn absolute(from: &str, written: &str) -> String {
    if written.starts_with('/') {
        return written.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    parts.pop();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::ProjectRoot;

    /// Returns the messages for a layout of a project whose files replace the files of `simple`.
    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let files: Vec<(String, String)> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        crate::disk::write_files(&folder.path().join("layouts/simple"), &files).unwrap();
        let layouts = LayoutSet::read(&ProjectRoot::new(folder.path()), "layouts");
        match layouts.layout("simple", None) {
            Ok(_) => Vec::new(),
            Err(found) => found.sorted().iter().map(|error| error.message.clone()).collect(),
        }
    }

    #[test]
    fn built_in_layouts_satisfy_the_contract() {
        let layouts = LayoutSet::read(&ProjectRoot::new(tempfile::tempdir().unwrap().path()), "layouts");
        for (name, _) in crate::workspace::built_in_layouts() {
            assert!(layouts.layout(name, None).is_ok(), "{name}");
        }
    }

    #[test]
    fn each_violation_is_reported() {
        let main = |text: &str| messages(&[("main.typ", text)]);
        assert_eq!(main("#let other = 1"), ["the layout \"simple\" has no function \"publication\""]);
        assert_eq!(main("#let publication(edition) = 1"), ["\"publication\" is called with two arguments, but takes 1"]);
        assert_eq!(main("#let publication(..arguments) = 1"), Vec::<String>::new());
        assert_eq!(
            main("#import \"@preview/x:1.0.0\": y\n#import \"/layouts/common/blok.typ\": *\n#let publication(e, b) = 1"),
            ["the package \"@preview/x:1.0.0\" is not available", "there is no file \"layouts/common/blok.typ\""]
        );
        let blocks = |text: &str| messages(&[("blocks.typ", text)]);
        let all = "#import \"/layouts/common/blocks.typ\": *\n";
        assert_eq!(blocks(all), Vec::<String>::new());
        assert_eq!(blocks(&format!("{all}#let rule() = 1")), ["\"rule\" is called with 1 positional arguments, but takes 0"]);
        let lacks = blocks("#import \"/layouts/common/blocks.typ\": callout\n#import \"blocks.typ\": *");
        assert!(lacks.len() == 1 && lacks[0].contains("\"aside\"") && !lacks[0].contains("\"callout\""), "{lacks:?}");
    }
}
