//! The pages as sheets: how many there are, and of which size.

use super::{INSIDE, PrintedFile, Spot, mm, on_pages, tell};
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
            title: "Blank pages that were added for the binding.",
            explanation: "\
A leaf has two pages, and a folded sheet of a booklet four. If the number of pages of a publication is no multiple of that, reliure adds
blank pages to the print PDF. For `binding = \"perfect\"` they stand at the end, and are usual; otherwise before the last page, so that it
is still the outside of the back.

Readers will see the blank pages. Add text or a picture, or shorten the text by a page; or allow it.",
        }
    }

    fn products(&self) -> &'static [Product] {
        INSIDE
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let (blanks, all) = (file.facts.blanks, file.report.pages.len());
        let [wants, il_faut] = match subject.edition.print.binding {
            Binding::SaddleStitch => {
                ["a stitched booklet has a multiple of four", "une brochure piquée en a un multiple de quatre"]
            }
            Binding::Other => ["leaves have two pages each", "un feuillet a deux pages"],
            // A book ends with blank pages.
            Binding::Perfect => return,
        };
        if blanks == 0 {
            return;
        }
        let last = all.saturating_sub(blanks)..all;
        let pages: Vec<usize> = last.collect();
        let [named, nom] = pages_named(&pages);
        let [added, ajout] = match blanks {
            1 => ["1 blank page is added".to_owned(), "1 page blanche est ajoutée".to_owned()],
            more => [format!("{more} blank pages are added"), format!("{more} pages blanches sont ajoutées")],
        };
        let fact = [
            format!("{added} before the last page, {named} of {all}: {wants}"),
            format!("{ajout} avant la dernière, {nom} sur {all} : {il_faut}"),
        ];
        let spots: Vec<Spot> = pages.iter().map(|page| Spot { page: *page, bounds: None }).collect();
        let place = RunPlace { author: subject.publication_place(), layout: None };
        let told = tell(&self.meaning(), fact, place, file.product, &spots);
        found.push(told.hint("add or remove pages, or set the `binding` of [print]"));
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
        let told = tell(&self.meaning(), fact, place, file.product, &spots);
        found.push(told.hint("give all pages one size in the layout, or print those of another size apart"));
    }
}
