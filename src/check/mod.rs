//! Editorial checks: what a careful editor would look for before release, on every edition.
//!
//! A check is a unit struct with a stable code, one line in [`CHECKS`], and a folder of fixtures named after its code. What
//! it says of itself serves `reliure explain` and the reference page. Checks only look: a [`Policy`] decides afterwards how
//! much each finding matters in this project, and which ones an author lets pass with a reason.

mod accessibility;
mod contrast;
mod geometry;
mod images;
mod language;
mod line;
mod metadata;
mod pages;
mod policy;
mod prose;
mod rights;
mod run;
mod structure;
mod words;

pub use policy::{Allowances, Levels, Policy};

use rayon::prelude::*;

use self::line::Prose;
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity, Sources, Span, code};
use crate::model::{Block, BlockKind, Inline, Linked, Seen, visit};
use crate::paginate::PageMap;
use crate::resolve::{Resolved, Section};
use crate::workspace::Publication;

/// Something that every edition is looked over for.
pub trait Check: Sync {
    /// Says what it finds, and why that matters.
    fn meaning(&self) -> Meaning;
    /// Looks at the content and the declarations, before typography: places are exact.
    fn content(&self, _subject: &Subject<'_>, _found: &mut Diagnostics) {}
    /// Looks at the pages.
    fn pages(&self, _subject: &Subject<'_>, _pages: &PageMap<'_>, _found: &mut Diagnostics) {}
}

/// The checks, in order of their codes.
pub const CHECKS: &[&dyn Check] = &[
    &accessibility::AltIsFileName,
    &accessibility::AltServesBadly,
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
    &structure::EmptyHeading,
    &structure::EmptySection,
    &structure::Unshown,
    &metadata::NoDescription,
    &metadata::NoKeywords,
    &metadata::NobodyNamed,
    &geometry::TextOutside,
    &geometry::TextOverText,
    &geometry::TooSmall,
    &pages::HeadingLeftBehind,
    &pages::PageNearlyEmpty,
    &geometry::WideLine,
];

/// What every code means: those of the stages, and those of the checks.
pub fn meanings() -> Vec<Meaning> {
    let mut all: Vec<Meaning> = code::MEANINGS.iter().copied().chain(CHECKS.iter().map(|check| check.meaning())).collect();
    all.sort_by_key(|meaning| meaning.code);
    all
}

/// Finds what a code means, whatever its case.
pub fn meaning(code: &str) -> Option<Meaning> {
    meanings().into_iter().find(|meaning| meaning.code.id().eq_ignore_ascii_case(code))
}

/// Tells whether a project may say how much a code matters: it may for checks, and for what need not stop a build.
fn is_adjustable(code: Code) -> bool {
    code.group() == Group::Check || code.severity() == Severity::Warning
}

/// Looks over the content of an edition.
pub fn content(subject: &Subject<'_>) -> Diagnostics {
    let prose = Prose::of(subject);
    let subject = Subject { prose: &prose, ..*subject };
    all(|check, found| check.content(&subject, found))
}

/// Looks over the pages of an edition.
pub fn pages(subject: &Subject<'_>, pages: &PageMap<'_>) -> Diagnostics {
    all(|check, found| check.pages(subject, pages, found))
}

/// Lets every check look, side by side; what they find comes in their order.
fn all(look: impl Fn(&dyn Check, &mut Diagnostics) + Sync) -> Diagnostics {
    let each = |check: &&dyn Check| {
        let mut found = Diagnostics::default();
        look(*check, &mut found);
        found
    };
    let each: Vec<Diagnostics> = CHECKS.par_iter().map(each).collect();
    let mut found = Diagnostics::default();
    each.into_iter().for_each(|own| found.extend(own));
    found
}

/// What is looked over: an edition, what was written for it, and the texts that places point into.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    entry: &'a Publication,
    edition: &'a Resolved,
    sources: &'a Sources,
    /// Its runs of text, leads, then bodies, notes included: gathered once for all checks of content.
    prose: &'a [Prose<'a>],
}

/// A run of text, where it stands, and the language around it.
struct Passage<'a> {
    section: &'a Section,
    /// Language of the blocks around it: of the section, or of a passage in it (BCP 47).
    lang: &'a str,
    /// Characters and markup.
    inlines: &'a [Inline<Linked>],
}

impl<'a> Subject<'a> {
    /// An edition, the publication as it was read, and every text.
    pub fn new(entry: &'a Publication, edition: &'a Resolved, sources: &'a Sources) -> Self {
        Self { entry, edition, sources, prose: &[] }
    }

    /// Shows `seen` every block, with its section.
    fn blocks(&self, seen: &mut dyn FnMut(&'a Section, &Block<Linked>)) {
        for section in &self.edition.sections {
            visit(&section.body, &mut |part| {
                if let Seen::Block(block) = part {
                    seen(section, block);
                }
            });
        }
    }

    /// Shows `seen` every run of text: leads, then bodies, notes included.
    fn passages(&self, seen: &mut dyn FnMut(Passage<'_>)) {
        self.edition.sections.iter().for_each(|section| self.passages_of(section, seen));
    }

    /// Shows `seen` every run of text of a section.
    fn passages_of(&self, section: &'a Section, seen: &mut dyn FnMut(Passage<'_>)) {
        let lang = section.lang.as_deref().unwrap_or(self.edition.language.tag);
        seen(Passage { section, lang, inlines: &section.lead });
        // A note is written outside the passage that calls it: it is in the language of its section.
        let mut marked: Vec<(Span, String)> = Vec::new();
        visit(&section.body, &mut |part| match part {
            Seen::Block(Block { span, kind: BlockKind::Passage(lang, _) }) => marked.push((*span, lang.clone())),
            Seen::Block(_) => {}
            Seen::Text(inlines) => {
                let holds = |span: &Span| {
                    inlines.first().is_some_and(|first| span.start <= first.span.start && first.span.end <= span.end)
                };
                let inner = marked.iter().rfind(|(span, _)| holds(span)).map(|(_, lang)| lang.as_str());
                seen(Passage { section, lang: inner.unwrap_or(lang), inlines });
            }
        });
    }

    /// Where a section says its title.
    fn title_place(&self, section: &str) -> Option<Span> {
        self.entry.sections.iter().find(|written| written.id == section).map(|written| written.title_span)
    }

    /// Where the publication says its title: the place of what is said nowhere.
    fn publication_place(&self) -> Span {
        self.entry.manifest.span(&self.entry.manifest.value.title)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_in_order_and_each_says_what_to_do() {
        let all = meanings();
        assert!(all.windows(2).all(|pair| pair[0].code.id() < pair[1].code.id()), "a code is declared once");
        for meaning in &all {
            assert!(meaning.explanation.len() > 60 && !meaning.title.trim().is_empty(), "{} is explained", meaning.code);
        }
        // A group has one hundred of its own.
        let hundreds: BTreeSet<(Group, &str)> =
            all.iter().map(|meaning| (meaning.code.group(), &meaning.code.id()[..2])).collect();
        assert_eq!(hundreds.len(), Group::ALL.len(), "{hundreds:?}");
        let checks: Vec<Code> = CHECKS.iter().map(|check| check.meaning().code).collect();
        assert!(checks.windows(2).all(|pair| pair[0] < pair[1]) && checks.iter().all(|code| code.group() == Group::Check));
    }
}
