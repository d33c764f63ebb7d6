//! Checks the external links of the editions that were built.

use super::Context;
use super::outcome::Collected;
use crate::check::{AllowedFinding, Policy};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::probe::{self, Answer, LinkQuery};

/// Requests the external links of the editions without errors. Records suppressed findings in the result of each publication.
pub fn check_links(publications: &mut [Collected], context: &Context) -> Diagnostics {
    let numbered = publications.iter().enumerate();
    let editions = numbered.flat_map(|(number, collected)| collected.editions.iter().map(move |made| (number, made)));
    let whole = editions.filter(|(_, made)| !made.diagnostics.has_errors());
    let queries = probe::queries(whole.flat_map(|(number, made)| made.links.iter().map(move |link| (number, link))));
    let progress = &context.progress;
    progress.begin(queries.len());
    let begin = |address: &str| progress.step(&format!("requesting {address}"));
    let answers = probe::request_all(&queries, &begin, &|address| progress.finish_job(address));
    progress.end();
    let mut found = Diagnostics::default();
    for (query, answer) in queries.iter().zip(answers) {
        for (number, places) in &query.places {
            let done = publications.get_mut(*number).and_then(|collected| collected.done.as_mut());
            let Some(done) = done else { continue };
            let Some(rules) = &done.rules else { continue };
            let policy = rules.policy(&context.request);
            found.extend(report(query, &answer, places, policy, &mut done.allowed).into_iter().collect());
        }
    }
    found
}

/// Returns one diagnostic for all locations in a publication that link to an address, except those with an allowance.
fn report<'a>(
    query: &LinkQuery,
    answer: &Answer,
    places: impl IntoIterator<Item = &'a Span>,
    policy: Policy<'_>,
    used: &mut Vec<AllowedFinding>,
) -> Option<Diagnostic> {
    let each: Diagnostics = places.into_iter().filter_map(|place| Some(answer.diagnostic(&query.address)?.at(*place))).collect();
    let mut kept = policy.apply(each, used).into_list().into_iter();
    let first = kept.next()?;
    Some(kept.filter_map(|other| other.span).fold(first, |diagnostic, place| diagnostic.related(place, "also linked here")))
}
