//! Quality of page breaks.

use typst::foundations::StyleChain;
use typst::layout::Abs;
use typst::model::HeadingElem;
use typst::pdf::ArtifactKind;
use typst::visualize::Geometry;

use super::run::{PageRun, RunPlaces, runs};
use super::structure::is_empty_heading;
use super::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity, Span};
use crate::model::BlockKind;
use crate::paginate::{Bounds, MappedPage, PageItem, PageMap, What};

/// R684: a heading at the bottom of a page, separated from its text.
pub struct StrandedHeading;

impl Check for StrandedHeading {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R684", Group::Check, Severity::Warning),
            title: "A heading at the bottom of a page, separated from its text.",
            explanation: "\
The text after a heading should start on the same page. A heading that is alone on its page is a design choice and is not
reported, nor is a heading before a table that is rotated on a page of its own.

In a layout, a heading stays with its text if its block is sticky and directly precedes the text:

    show heading: set block(sticky: true)

Otherwise shorten the text before it.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        let places = RunPlaces::new(subject, pages);
        let empty = empty_headings(subject);
        for (page, next) in pages.pages.iter().zip(pages.pages.iter().skip(1)) {
            let Some(heading) = stranded_heading(page) else { continue };
            // R661 reports a heading without text.
            let place = places.of(&heading);
            if empty.iter().any(|span| span.source == place.author.source && (span.start..span.end).contains(&place.author.start))
            {
                continue;
            }
            let Some(first) = runs(next).find(PageRun::is_flow) else { continue };
            // A turned table fills a page, so it cannot start below its heading.
            if !is_turned(&first) {
                let (words, number) = (heading.words(), page.number);
                let message =
                    format!("the heading \"{words}\" is at the bottom of page {number}, but its text is on page {}", next.number);
                let diagnostic = places.diagnostic(&self.meaning(), message, place);
                found.push(diagnostic.hint("shorten the text before it, or make the block of the heading sticky in the layout"));
            }
        }
    }
}

/// Returns whether a run is rotated by 90°, to the left or to the right.
fn is_turned(run: &PageRun<'_>) -> bool {
    run.item.to_page.kx.get().abs() > 0.5
}

/// Returns the heading at the end of a page that also has other text.
fn stranded_heading<'a>(page: &'a MappedPage<'a>) -> Option<PageRun<'a>> {
    let flow: Vec<PageRun<'a>> = runs(page).filter(PageRun::is_flow).collect();
    let last = flow.last()?;
    let heading = last.item.heading?;
    let own = |run: &&PageRun<'a>| run.item.heading.is_some_and(|other| other.location() == heading.location());
    let first = flow.iter().find(own)?;
    let before = flow.iter().any(|run| run.item.heading.is_none());
    // A picture or box below the heading counts as its content.
    let foot = last.body().bottom;
    let content_below = page.items.iter().any(|item| is_content(item) && bounds(item).bottom > foot + 1.0);
    (before && !is_title(first) && !content_below).then_some(*first)
}

/// Returns the locations of the headings without text.
fn empty_headings(subject: &Subject<'_>) -> Vec<Span> {
    let sections = subject.edition.sections.iter();
    let found = sections.flat_map(|section| {
        section.body.iter().enumerate().filter_map(|(at, block)| match &block.kind {
            BlockKind::Heading { level, .. } if is_empty_heading(*level, section.body.get(at + 1)) => Some(block.span),
            _ => None,
        })
    });
    found.collect()
}

/// Returns whether a run is the title of the publication.
fn is_title(run: &PageRun<'_>) -> bool {
    let heading = run.item.heading.and_then(|heading| heading.to_packed::<HeadingElem>());
    heading.is_some_and(|heading| heading.level.get(StyleChain::default()).is_custom_and(|level| level.get() == 1))
}

/// R685: a page that is nearly empty.
pub struct NearlyEmptyPage;

/// Maximum number of lines on a page that is nearly empty.
const MAX_LINES: usize = 2;

impl Check for NearlyEmptyPage {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R685", Group::Check, Severity::Warning),
            title: "A page that is nearly empty.",
            explanation: "\
The last lines of a paragraph are alone on a page, or the page has no content. The check reports pages without pictures or
boxes that have at most two lines of text, not counting running headers and footers. Covers and pages with a title or heading are
not reported.

Shorten the text by a line or two, or add some text. In a layout, look for a superfluous page break.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        let places = RunPlaces::new(subject, pages);
        let mut before: Option<PageRun<'_>> = None;
        for page in &pages.pages {
            let text: Vec<PageRun<'_>> = runs(page).filter(|run| run.item.artifact.is_none()).collect();
            // A bullet or a number does not identify the text.
            let named = text.iter().find(|run| run.text.text.chars().any(char::is_alphabetic));
            let reported = named.or(text.first()).copied().or(before);
            before = text.last().copied().or(before);
            let (Some(run), true) = (reported, is_nearly_empty(page, &text)) else { continue };
            let message = match lines(&text) {
                0 => format!("page {} is empty", page.number),
                1 => format!("page {} contains only \"{}\"", page.number, run.words()),
                few => format!("page {} contains only {few} lines, starting with \"{}\"", page.number, run.words()),
            };
            let diagnostic = places.diagnostic(&self.meaning(), message, places.of(&run));
            found.push(diagnostic.hint("shorten the text by a line or two, or add some text"));
        }
    }
}

fn is_nearly_empty(page: &MappedPage<'_>, text: &[PageRun<'_>]) -> bool {
    let designed = page.number == 1 || text.iter().any(|run| run.item.heading.is_some()) || page.items.iter().any(is_content);
    // A page with a drawing and without running header or footer is designed: a back cover or a plate.
    let running = |item: &PageItem<'_>| matches!(item.artifact, Some(ArtifactKind::Header | ArtifactKind::Footer));
    let is_text_page = page.items.iter().any(running) || page.items.iter().all(is_text_or_rule);
    !designed && lines(text) <= MAX_LINES && (is_text_page || !text.is_empty())
}

/// Counts the lines of a page. Columns beside each other are counted separately.
fn lines(text: &[PageRun<'_>]) -> usize {
    let apart = |(before, run): (&PageRun<'_>, &PageRun<'_>)| {
        let (left, right) = (before.body(), run.body());
        let size = before.size().max(run.size());
        (left.bottom - right.bottom).abs() > size / 2.0 || right.left - left.right > 3.0 * size || right.right < left.left
    };
    usize::from(!text.is_empty()) + text.iter().zip(text.iter().skip(1)).filter(|pair| apart(*pair)).count()
}

/// Returns whether an item is a picture, box or meaningful drawing. Rules do not count.
fn is_content(item: &PageItem<'_>) -> bool {
    match item.what {
        What::Image(..) => true,
        What::Shape(_) => item.artifact.is_none() && !is_text_or_rule(item),
        What::Text(_) => false,
    }
}

/// Returns whether an item is text or a rule.
fn is_text_or_rule(item: &PageItem<'_>) -> bool {
    match item.what {
        What::Image(..) => false,
        What::Shape(shape) => matches!(shape.geometry, Geometry::Line(_)),
        What::Text(_) => true,
    }
}

/// Returns the bounds of an item.
fn bounds(item: &PageItem<'_>) -> Bounds {
    match item.what {
        What::Image(_, size) => item.on_page(Abs::zero(), Abs::zero(), size.x, size.y),
        What::Shape(shape) => {
            let own = shape.bbox(true);
            item.on_page(own.min.x, own.min.y, own.max.x, own.max.y)
        }
        What::Text(text) => item.on_page(Abs::zero(), -text.size, text.width(), Abs::zero()),
    }
}
