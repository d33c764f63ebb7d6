//! Writes self-contained HTML pages.

/// The style of all pages.
const STYLE: &str = include_str!("page.css");

/// A page that is being written.
#[derive(Default)]
pub struct Html(String);

impl Html {
    /// Starts a page, up to and including the skip link to the element `main`. `style` follows the style of all pages.
    pub fn start(&mut self, lang: &str, title: &str, skip: &str, style: &str) -> &mut Self {
        self.raw("<!doctype html>\n<html lang=\"").raw(lang).raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
        self.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>").text(title);
        self.raw("</title>\n<style>\n").raw(STYLE).raw(style).raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">");
        self.text(skip).raw("</a>\n")
    }

    /// Adds markup.
    pub fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text, escaped.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                c if c.is_control() || super::is_hidden(c) => self.0.push('\u{FFFD}'),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Adds a PNG as a data address.
    pub fn png(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.push_str("data:image/png;base64,");
        for group in bytes.chunks(3) {
            let at = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
            let value = at(0) << 16 | at(1) << 8 | at(2);
            for place in 0..4 {
                let digit = (value >> (18 - 6 * place) & 63) as usize;
                self.0.push(if place > group.len() { '=' } else { char::from(DIGITS[digit]) });
            }
        }
        self
    }

    /// Returns the page.
    pub fn finish(self) -> String {
        self.0
    }

    /// Starts a table that can be scrolled sideways, with the headings of its columns. A heading that starts with `#` is for a
    /// column of numbers.
    pub fn table(&mut self, class: &str, caption_id: &str, columns: &[&str]) -> &mut Self {
        self.raw(&format!(
            "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"{caption_id}\">\n<table class=\"{class}\">\n"
        ));
        if !columns.is_empty() {
            self.raw("<thead><tr>");
            for column in columns {
                let (class, name) = column.strip_prefix('#').map_or(("", *column), |name| (" class=\"number\"", name));
                self.raw(&format!("<th scope=\"col\"{class}>")).text(name).raw("</th>");
            }
            self.raw("</tr></thead>\n");
        }
        self.raw("<tbody>\n")
    }

    /// Ends a table.
    pub fn end_table(&mut self) -> &mut Self {
        self.raw("</tbody>\n</table>\n</div>\n")
    }

    /// Adds a row whose first cell is its heading. A cell that starts with `#` is a number.
    pub fn row(&mut self, cells: &[&str]) -> &mut Self {
        self.raw("<tr>");
        for (index, cell) in cells.iter().enumerate() {
            let (class, text) =
                cell.strip_prefix('#').filter(|_| index > 0).map_or(("", *cell), |text| (" class=\"number\"", text));
            match index {
                0 => self.raw("<th scope=\"row\">").text(text).raw("</th>"),
                _ => self.raw(&format!("<td{class}>")).text(text).raw("</td>"),
            };
        }
        self.raw("</tr>\n")
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_in_base_64() {
        let written = |bytes: &[u8]| {
            let mut html = Html::default();
            html.png(bytes);
            html.finish()
        };
        let head = "data:image/png;base64,";
        assert_eq!(written(b"Man"), format!("{head}TWFu"));
        assert_eq!(written(b"Ma"), format!("{head}TWE="));
        assert_eq!(written(b"M\xff\x00\xfe"), format!("{head}Tf8A/g=="));
    }

    #[test]
    fn a_text_cannot_be_markup() {
        let mut html = Html::default();
        html.text("<b a=\"&\">\u{202e}");
        assert_eq!(html.finish(), "&lt;b a=&quot;&amp;&quot;&gt;\u{FFFD}");
    }
}
