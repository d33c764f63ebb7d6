//! The PDF whose pages the EPUB of a publication lists.

use toml::Spanned;

use super::{PrintSettings, usual_products};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{LayoutManifest, Manifest, PageListSource, WorkspaceManifest};
use crate::product::Product;
use crate::workspace::Publication;

/// Returns the PDF whose pages the EPUB lists, set by the publication, its series or the workspace. The default is the print PDF
/// if its pages differ because of a gutter, since readers cite the printed book, otherwise the PDF for screens. The result
/// depends on the products of the publication, not on the requested ones.
pub fn page_list(
    publication: &Publication,
    workspace: Option<&Manifest<WorkspaceManifest>>,
    (layout, print): (&LayoutManifest, &PrintSettings),
    found: &mut Diagnostics,
) -> Option<Product> {
    let usual = usual_products(publication, workspace);
    let Some((source, place)) = declared(publication, workspace) else {
        let candidates = [(Product::PrintPdf, layout.gutter && print.has_gutter()), (Product::ScreenPdf, true)];
        return candidates.into_iter().find(|(product, follows)| *follows && usual.contains(product)).map(|(product, _)| product);
    };
    match source {
        PageListSource::Off => None,
        PageListSource::Pdf => Some(Product::ScreenPdf),
        PageListSource::Print if usual.contains(&Product::PrintPdf) => Some(Product::PrintPdf),
        PageListSource::Print => {
            let fault = Diagnostic::new(
                code::TOML_VALUE,
                "the EPUB cannot list the pages of the print PDF: this publication has no print PDF",
            );
            let hint = "add a table [print] for the print PDF, or write `page-list = \"pdf\"`";
            found.push(fault.at(place).hint(hint));
            None
        }
    }
}

fn declared(publication: &Publication, workspace: Option<&Manifest<WorkspaceManifest>>) -> Option<(PageListSource, Span)> {
    fn read<T>(manifest: &Manifest<T>, value: Option<&Spanned<PageListSource>>) -> Option<(PageListSource, Span)> {
        value.map(|value| (*value.get_ref(), manifest.span(value)))
    }
    let series = publication.series.as_ref();
    read(&publication.manifest, publication.manifest.value.page_list.as_ref())
        .or_else(|| series.and_then(|(series, _)| read(series, series.value.page_list.as_ref())))
        .or_else(|| workspace.and_then(|workspace| read(workspace, workspace.value.page_list.as_ref())))
}
