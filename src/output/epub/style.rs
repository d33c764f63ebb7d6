//! Writes `brand.css`: the brand tokens as custom properties, and the fonts.

use super::fonts::{FontFile, WOFF2};
use crate::manifest::Numerals;
use crate::model::Colour;
use crate::resolve::{Brand, ENHANCED, Resolved, code};

/// Folder of the fonts in the container.
pub const FONTS: &str = "fonts/";

/// Writes the style sheet. `symbols` are the fonts that follow the families of the brand in every list.
pub fn brand(edition: &Resolved, fonts: &[FontFile<'_>], symbols: &[FontFile<'_>]) -> String {
    let brand = &edition.brand;
    let mut css = String::from("@charset \"UTF-8\";\n");
    fonts.iter().chain(symbols).for_each(|file| css.push_str(&face(file)));
    css.push_str(":root {\n");
    let renamed = |family: &str| fonts.iter().find(|file| file.font.family == family).map(|file| file.family.clone());
    let after: Vec<&str> = symbols.iter().map(|file| file.family.as_str()).collect();
    for (name, value) in tokens(brand, &after, &|family| renamed(family).unwrap_or_else(|| family.to_owned())) {
        css.push_str(&format!("  --{name}: {value};\n"));
    }
    let code = |background: Colour, text: Colour| {
        let mut lines = format!("  --code-ground: {};\n  --code-text: {};\n", background.hex(), text.hex());
        for (kind, colour) in code::colours(background, ENHANCED) {
            lines.push_str(&format!("  --code-{}: {};\n", kind.name(), colour.hex()));
        }
        lines
    };
    css.push_str(&code(brand.surface, code::legible(brand.foreground, brand.surface, ENHANCED)));
    css.push_str("}\n@media (prefers-color-scheme: dark) {\n:root {\n");
    css.push_str(&code(code::DARK_BACKGROUND, code::DARK_TEXT));
    css.push_str("}\n}\n");
    for (index, accent) in brand.accents.iter().enumerate() {
        let (background, text) = accent.enhanced();
        let [base, tint, mid, on, on_tint] = [background, accent.tint, accent.mid, text, accent.on_tint].map(Colour::hex);
        css.push_str(&format!(
            ".accent-{} {{\n  --accent: {base};\n  --accent-tint: {tint};\n  --accent-mid: {mid};\n  --accent-on: {on};\n  \
             --accent-on-tint: {on_tint};\n}}\n",
            index + 1
        ));
    }
    css
}

/// Returns the custom properties. `after` are the families that end each list, and `named` returns the name of a family in the
/// style sheets.
fn tokens(brand: &Brand, after: &[&str], named: &dyn Fn(&str) -> String) -> [(&'static str, String); 12] {
    let numerals = match brand.numerals {
        Numerals::Lining => "lining-nums",
        Numerals::OldStyle => "oldstyle-nums",
    };
    [
        ("colour-foreground", brand.foreground.hex()),
        ("colour-background", brand.background.hex()),
        ("colour-surface", brand.surface.hex()),
        ("colour-muted", brand.muted.hex()),
        ("colour-primary", brand.primary.hex()),
        ("colour-highlight", brand.highlight.hex()),
        ("font-base", font_stack(&brand.fonts.base, after, "serif", named)),
        ("font-headings", font_stack(&brand.fonts.headings, after, "serif", named)),
        ("font-interface", font_stack(&brand.fonts.interface, after, "sans-serif", named)),
        ("font-monospace", font_stack(&brand.fonts.monospace, after, "monospace", named)),
        ("scale", brand.scale.to_string()),
        ("numerals", numerals.into()),
    ]
}

fn face(file: &FontFile<'_>) -> String {
    let font = file.font;
    let format = if file.media_type == WOFF2 { " format(\"woff2\")" } else { "" };
    format!(
        "@font-face {{\n  font-family: {};\n  font-weight: {};\n  font-style: {};\n  src: url({FONTS}{}){format};\n}}\n",
        quoted(&file.family),
        font.weight,
        if font.italic { "italic" } else { "normal" },
        file.name,
    )
}

/// Returns the families, then `after`, then a generic family that is derived from the name of the first family, or `usual`.
pub fn font_stack(families: &[String], after: &[&str], usual: &str, named: &dyn Fn(&str) -> String) -> String {
    let first = families.first().map(String::as_str).unwrap_or_default();
    let generic = match first {
        _ if first.contains("Mono") || first.contains("Code") => "monospace",
        _ if first.contains("Sans") => "sans-serif",
        _ if first.contains("Serif") => "serif",
        _ => usual,
    };
    let after = after.iter().map(|family| quoted(family)).chain([generic.to_owned()]);
    let names: Vec<String> = families.iter().map(|family| quoted(&named(family))).chain(after).collect();
    names.join(", ")
}

/// Quotes a CSS string (CSS Syntax §4.3.5).
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars().filter(|c| !c.is_control()) {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::epub::{EmbeddedFont, sample};

    #[test]
    fn tokens_and_accents_have_the_documented_names() {
        let font = EmbeddedFont {
            family: "Spectral",
            weight: 700,
            italic: true,
            name: "S.ttf",
            media_type: "font/ttf",
            bytes: b"x",
            coverage: None,
            fallback: false,
        };
        let file = FontFile {
            font: &font,
            family: "Spectral".into(),
            name: "S.ttf".into(),
            media_type: font.media_type,
            bytes: font.bytes.into(),
        };
        let css = brand(&sample::edition(), &[file], &[]);
        for wanted in [
            "--colour-foreground: #1D2433;",
            "--font-base: \"Source Serif 4\", serif;",
            "--font-interface: \"Source Sans 3\", sans-serif;",
            "--scale: 1.16;",
            "--numerals: lining-nums;",
            ".accent-2 {\n  --accent: ",
            "--accent-on-tint: #",
            "@font-face {\n  font-family: \"Spectral\";\n  font-weight: 700;\n  font-style: italic;\n  src: url(fonts/S.ttf);\n}",
        ] {
            assert!(css.contains(wanted), "{wanted}\n{css}");
        }
    }

    #[test]
    fn escapes_font_families() {
        assert_eq!(quoted("a\"};b\\\n"), "\"a\\\"};b\\\\\"");
    }
}
