//! Editorial checks of the content and the pages of an edition, and print checks of its print products.
//!
//! A check is a unit struct with a stable code, an entry in [`CHECKS`], and a folder of fixtures named after its code. Its
//! [`Meaning`] is printed by `reliure explain` and in the reference page. Checks report every finding; a [`Policy`] then applies
//! the levels of the project and the allowances of the author.

mod accessibility;
mod certification;
mod contrast;
mod geometry;
mod image_places;
mod images;
mod language;
mod line;
mod metadata;
mod pages;
mod placeholder;
mod policy;
mod print;
mod prose;
mod rights;
mod run;
mod structure;
mod words;

pub use certification::{barriers, future_assessments, withheld};
pub use images::without_repeated;
pub use placeholder::EXAMPLES;
pub use policy::{Allowances, AllowedFinding, Levels, OptionalChecks, Policy, SourceAllowance};
pub use print::{PrintFacts, PrintedFile, PrintedPages, image_names, mark_bitonal_images};

use rayon::prelude::*;

use self::line::Prose;
use crate::accessibility::Topic;
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity, Sources, Span, code};
use crate::model::{Block, BlockKind, Inline, Linked, ModelNode, visit};
use crate::paginate::PageMap;
use crate::product::Product;
use crate::resolve::{Resolved, Section};
use crate::workspace::Publication;

/// A check. Editorial checks run on every edition, print checks on its print products.
pub trait Check: Sync {
    /// Returns its code, title and explanation.
    fn meaning(&self) -> Meaning;
    /// Returns the subject if its findings are barriers to accessibility: an EPUB with such a finding claims no conformance.
    fn topic(&self) -> Option<Topic> {
        None
    }
    /// Checks the content and the declarations before typography is applied, so that locations are exact.
    fn content(&self, _subject: &Subject<'_>, _found: &mut Diagnostics) {}
    /// Checks the laid out pages.
    fn pages(&self, _subject: &Subject<'_>, _pages: &PageMap<'_>, _found: &mut Diagnostics) {}
    /// Returns whether a page check applies to the PDF for screens only. It is skipped if only print products are made.
    fn is_for_screens(&self) -> bool {
        false
    }
    /// Returns the products that a print check applies to; empty for an editorial check.
    fn products(&self) -> &'static [Product] {
        &[]
    }
    /// Checks the pages of a print product.
    fn printed_pages(&self, _subject: &Subject<'_>, _pages: &PrintedPages<'_>, _found: &mut Diagnostics) {}
    /// Checks the file of a print product.
    fn printed_file(&self, _subject: &Subject<'_>, _file: &PrintedFile<'_>, _found: &mut Diagnostics) {}
}

/// The checks, in order of their codes.
pub const CHECKS: &[&dyn Check] = &[
    &accessibility::AltIsFileName,
    &accessibility::UnhelpfulAlt,
    &accessibility::EmptyTableHeader,
    &accessibility::VagueLink,
    &contrast::LowContrast,
    &language::UnknownLanguage,
    &language::OtherLanguage,
    &accessibility::SameLinkText,
    &rights::MissingCredit,
    &rights::SourceWithoutLicence,
    &prose::DoubledWord,
    &prose::BareCapital,
    &prose::UnpairedMark,
    &prose::EtCetera,
    &prose::SpaceBeforeComma,
    &images::LowResolution,
    &images::HeavyImage,
    &images::TooManyPixels,
    &images::UnseenOnPaper,
    &structure::EmptyHeading,
    &structure::EmptySection,
    &structure::UnprintedPart,
    &metadata::NoDescription,
    &metadata::NoKeywords,
    &metadata::NoAuthorOrPublisher,
    &placeholder::Placeholder,
    &geometry::TextOutside,
    &geometry::TextOverText,
    &geometry::TooSmall,
    &pages::StrandedHeading,
    &pages::NearlyEmptyPage,
    &geometry::WideLine,
    &geometry::WideTable,
    &print::UnusableImage,
    &print::CoarseImage,
    &print::CoarseLineArt,
    &print::InkOfColours,
    &print::InkOfImages,
    &print::RichBlackText,
    &print::WhiteOverprint,
    &print::FlatBlack,
    &print::Hairline,
    &print::SmallText,
    &print::SmallColouredText,
    &print::NearTheEdge,
    &print::PaintStopsAtTrim,
    &print::ShortBleed,
    &print::FontNotEmbedded,
    &print::ColourGlyphs,
    &print::ForeignFamily,
    &print::BlendPrintsOtherwise,
    &print::UndeclaredInks,
    &print::GivenInksDiffer,
    &print::SpotInGradient,
    &print::BlankPages,
    &print::MixedSizes,
];

/// Returns the documentation of all codes, those of stages and those of checks, sorted by code.
pub fn meanings() -> Vec<Meaning> {
    let mut all: Vec<Meaning> = code::MEANINGS.iter().copied().chain(CHECKS.iter().map(|check| check.meaning())).collect();
    all.sort_by_key(|meaning| meaning.code);
    all
}

/// Returns the documentation of a code; case is ignored.
pub fn meaning(code: &str) -> Option<Meaning> {
    meanings().into_iter().find(|meaning| meaning.code.id().eq_ignore_ascii_case(code))
}

/// Returns whether a project may lower or allow a code: the code of a check, or one whose default severity is a warning.
pub fn is_adjustable(code: Code) -> bool {
    matches!(code.group(), Group::Check | Group::Print) || code.severity() == Severity::Warning
}

/// Runs all checks on the content of an edition.
pub fn content(subject: &Subject<'_>) -> Diagnostics {
    let prose = Prose::of(subject);
    let subject = Subject { prose: &prose, ..*subject };
    run_all(|check, found| check.content(&subject, found))
}

/// Runs all checks on the pages of an edition. With `for_screens` unset, skips the checks that apply only to the PDF for screens.
pub fn pages(subject: &Subject<'_>, pages: &PageMap<'_>, for_screens: bool) -> Diagnostics {
    run_all(|check, found| {
        if for_screens || !check.is_for_screens() {
            check.pages(subject, pages, found);
        }
    })
}

/// Runs the print checks on the pages of a product.
pub fn printed_pages(subject: &Subject<'_>, pages: &PrintedPages<'_>) -> Diagnostics {
    run_all(|check, found| {
        if check.products().contains(&pages.product) {
            check.printed_pages(subject, pages, found);
        }
    })
}

/// Runs the print checks on the file of a product.
pub fn printed_file(subject: &Subject<'_>, file: &PrintedFile<'_>) -> Diagnostics {
    run_all(|check, found| {
        if check.products().contains(&file.product) {
            check.printed_file(subject, file, found);
        }
    })
}

/// Runs a function for every check in parallel, and returns the diagnostics in the order of [`CHECKS`].
fn run_all(run: impl Fn(&dyn Check, &mut Diagnostics) + Sync) -> Diagnostics {
    let each = |check: &&dyn Check| {
        let mut found = Diagnostics::default();
        run(*check, &mut found);
        found
    };
    let each: Vec<Diagnostics> = CHECKS.par_iter().map(each).collect();
    let mut found = Diagnostics::default();
    each.into_iter().for_each(|own| found.extend(own));
    found
}

/// The input of a check: an edition, its publication, and the texts that locations refer to.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    entry: &'a Publication,
    edition: &'a Resolved,
    sources: &'a Sources,
    /// The runs of text of the edition, leads before bodies, with notes. Computed once for all checks of content.
    prose: &'a [Prose<'a>],
}

/// A run of text with its section and its language.
struct Passage<'a> {
    section: &'a Section,
    /// Language of the innermost block or section that contains it (BCP 47).
    lang: &'a str,
    /// The text with its markup.
    inlines: &'a [Inline<Linked>],
}

impl<'a> Subject<'a> {
    /// Creates the subject of an edition, its publication and all texts, with an empty `prose`.
    pub fn new(entry: &'a Publication, edition: &'a Resolved, sources: &'a Sources) -> Self {
        Self { entry, edition, sources, prose: &[] }
    }

    /// Calls `callback` with every block and its section.
    fn blocks(&self, callback: &mut dyn FnMut(&'a Section, &Block<Linked>)) {
        for section in &self.edition.sections {
            visit(&section.body, &mut |part| {
                if let ModelNode::Block(block) = part {
                    callback(section, block);
                }
            });
        }
    }

    /// Calls `callback` with every run of text: leads, then bodies, with notes.
    fn passages(&self, callback: &mut dyn FnMut(Passage<'_>)) {
        self.edition.sections.iter().for_each(|section| self.passages_of(section, callback));
    }

    /// Calls `callback` with every run of text of a section.
    fn passages_of(&self, section: &'a Section, callback: &mut dyn FnMut(Passage<'_>)) {
        let lang = section.lang.as_deref().unwrap_or(self.edition.language.tag);
        callback(Passage { section, lang, inlines: &section.lead });
        // A note is defined outside the passage that refers to it, so it has the language of the section.
        let mut marked: Vec<(Span, String)> = Vec::new();
        visit(&section.body, &mut |part| match part {
            ModelNode::Block(Block { span, kind: BlockKind::Passage(lang, _), .. }) => marked.push((*span, lang.clone())),
            ModelNode::Block(_) => {}
            ModelNode::Text(inlines) | ModelNode::Title(inlines) => {
                let contains = |span: &Span| {
                    inlines.first().is_some_and(|first| span.start <= first.span.start && first.span.end <= span.end)
                };
                let inner = marked.iter().rfind(|(span, _)| contains(span)).map(|(_, lang)| lang.as_str());
                callback(Passage { section, lang: inner.unwrap_or(lang), inlines });
            }
        });
    }

    /// Returns the location of the title of a section.
    fn title_place(&self, section: &str) -> Option<Span> {
        self.entry.sections.iter().find(|written| written.id == section).map(|written| written.title_span)
    }

    /// Returns the location of the publication's title, used for findings that have no other location.
    fn publication_place(&self) -> Span {
        self.entry.manifest.span(&self.entry.manifest.value.title)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_explained() {
        let all = meanings();
        assert!(all.windows(2).all(|pair| pair[0].code.id() < pair[1].code.id()), "codes are sorted and unique");
        for meaning in &all {
            assert!(meaning.explanation.len() > 60 && !meaning.title.trim().is_empty(), "{} has no explanation", meaning.code);
        }
        // The codes of each group start with the same two characters.
        let hundreds: BTreeSet<(Group, &str)> =
            all.iter().map(|meaning| (meaning.code.group(), &meaning.code.id()[..2])).collect();
        assert_eq!(hundreds.len(), Group::ALL.len(), "{hundreds:?}");
        let checks: Vec<Code> = CHECKS.iter().map(|check| check.meaning().code).collect();
        assert!(checks.windows(2).all(|pair| pair[0] < pair[1]));
        for check in CHECKS {
            let group = if check.products().is_empty() { Group::Check } else { Group::Print };
            assert_eq!(check.meaning().code.group(), group, "{}", check.meaning().code);
        }
    }
}
