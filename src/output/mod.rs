//! Writers.
pub mod pdf;
pub mod epub {
    use crate::{diagnostic::Diagnostics, paginate::Cover, project::FontFace, resolve::{Fonts, Resolved}};
    pub struct Parts<'a> { pub cover: &'a Cover, pub common_css: &'a str, pub layout_css: &'a str, pub fonts: &'a [&'a FontFace] }
    pub fn choose_fonts<'a>(_: &Fonts, f: &'a [FontFace]) -> Vec<&'a FontFace> { f.iter().collect() }
    pub fn write(_: &Resolved, _: &Parts<'_>) -> Result<Vec<u8>, Diagnostics> { Ok(vec![]) }
}
