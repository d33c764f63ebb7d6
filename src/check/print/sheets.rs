//! Number and size of the pages.

use super::{INSIDE, PrintedFile, Spot, mm, on_pages, print_diagnostic};
use crate::check::run::RunPlace;
use crate::check::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::manifest::Binding;
use crate::output::pdf::print::PageReport;
use crate::product::Product;

/// R761: blank pages that were added for the binding.
pub struct BlankPages;

/// R762: pages of different sizes.
pub struct MixedSizes;

impl Check for BlankPages {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R761", Group::Print, Severity::Warning),
            title: "Blank pages that were added to a stitched booklet.",
            explanation: "\
A folded sheet of a booklet has four pages. If the number of pages of a publication with `binding = \"saddle-stitch\"` is not a multiple of
four, reliure adds blank pages to the print PDF: at the end, or before the last page if the layout marks it as the back cover.

Readers will see the blank pages. Add text or a picture, or shorten the text until the number of pages is a multiple of four, or allow
the finding. Other bindings need only an even number of pages. If a blank page is added for them, the list of files shows it, but it is
not a finding.",
        }
    }

    fn products(&self) -> &'static [Product] {
        INSIDE
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let (blanks, all) = (file.facts.blanks, file.report.pages.len());
        if blanks.count == 0 || subject.edition.print.binding != Binding::SaddleStitch {
            return;
        }
        let pages: Vec<usize> = blanks.pages(all).collect();
        let [named, nom] = pages_named(&pages);
        let [added, ajout] = match blanks.count {
            1 => ["1 blank page is added".to_owned(), "1 page blanche est ajoutée".to_owned()],
            more => [format!("{more} blank pages are added"), format!("{more} pages blanches sont ajoutées")],
        };
        let [place, lieu] = match blanks.before_back {
            true => ["before the back cover", "avant le dos de couverture"],
            false => ["at the end", "à la fin"],
        };
        let fact = [
            format!("{added} {place}, {named} of {all}: a stitched booklet needs a multiple of four pages"),
            format!("{ajout} {lieu}, {nom} sur {all} : une brochure piquée en a un multiple de quatre"),
        ];
        let spots: Vec<Spot> = pages.iter().map(|page| Spot { page: *page, bounds: None }).collect();
        let place = RunPlace { author: subject.publication_place(), layout: None };
        let diagnostic = print_diagnostic(&self.meaning(), fact, place, file.product, &spots);
        found.push(diagnostic.hint("add or remove pages, or set another `binding` in [print]"));
    }
}

fn pages_named(pages: &[usize]) -> [String; 2] {
    match pages {
        [only] => [format!("page {only}"), format!("page {only}")],
        [first, .., last] => [format!("pages {first} to {last}"), format!("pages {first} à {last}")],
        [] => [String::new(), String::new()],
    }
}

impl Check for MixedSizes {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R762", Group::Print, Severity::Warning),
            title: "Pages of different sizes.",
            explanation: "\
Printers put all pages of a file on sheets of one size, and refuse files whose pages differ. Set the same `width` and `height` for all
pages of the layout; print a folded map or a poster as a publication of its own.",
        }
    }

    fn products(&self) -> &'static [Product] {
        INSIDE
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let size = |page: &PageReport| {
            let [left, bottom, right, top] = page.trim.map(f64::from);
            [right - left, top - bottom]
        };
        let Some(first) = file.report.pages.first().map(size) else { return };
        let differs = |page: &PageReport| size(page).iter().zip(first).any(|(side, other)| (side - other).abs() > 0.5);
        let other: Vec<(usize, [f64; 2])> =
            file.pages().filter(|(_, page)| differs(page)).map(|(number, page)| (number, size(page))).collect();
        let Some((page, [width, height])) = other.first().copied() else { return };
        let pages: Vec<usize> = other.iter().map(|(number, _)| *number).collect();
        let ([on, sur], [width, height], [wide, high]) = (on_pages(file.product, &pages), [width, height].map(mm), first.map(mm));
        let fact = [
            format!("the trimmed size is {width:.0} by {height:.0} mm {on}, and {wide:.0} by {high:.0} mm on the first page"),
            format!(
                "le format rogné est de {width:.0} × {height:.0} mm {sur}, et de {wide:.0} × {high:.0} mm à la première page"
            ),
        ];
        let spots: Vec<Spot> = pages.iter().map(|page| Spot { page: *page, bounds: None }).collect();
        let place = super::ink::start(subject, file, page);
        let diagnostic = print_diagnostic(&self.meaning(), fact, place, file.product, &spots);
        found.push(diagnostic.hint("give all pages one size in the layout, or print those of another size separately"));
    }
}
