//! The links of the editions that were made, and what the network says of them.

use super::Context;
use super::outcome::Collected;
use crate::check::Policy;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::probe::{self, Answer, Question};

/// Asks the network about the links of the editions without errors. The allowances that were of use are added to those of each
/// publication.
pub fn ask(publications: &mut [Collected], context: &Context) -> Diagnostics {
    let numbered = publications.iter().enumerate();
    let editions = numbered.flat_map(|(number, collected)| collected.editions.iter().map(move |made| (number, made)));
    let whole = editions.filter(|(_, made)| !made.diagnostics.has_errors());
    let questions = probe::questions(whole.flat_map(|(number, made)| made.links.iter().map(move |outside| (number, outside))));
    let progress = &context.progress;
    progress.begin(questions.len());
    let begin = |address: &str| progress.step(&format!("asking {address}"));
    let answers = probe::ask(&questions, &begin, &|address| progress.finish_job(address));
    progress.end();
    let mut found = Diagnostics::default();
    for (question, answer) in questions.iter().zip(answers) {
        for (number, places) in &question.places {
            let done = publications.get_mut(*number).and_then(|collected| collected.done.as_mut());
            let Some(done) = done else { continue };
            let Some(rules) = &done.rules else { continue };
            let policy = rules.policy(&context.request);
            found.extend(tell(question, &answer, places, policy, &mut done.allowed).into_iter().collect());
        }
    }
    found
}

/// Tells a publication of an answer once, with all the places that do not let it pass.
fn tell<'a>(
    question: &Question,
    answer: &Answer,
    places: impl IntoIterator<Item = &'a Span>,
    policy: Policy<'_>,
    used: &mut Vec<usize>,
) -> Option<Diagnostic> {
    let each: Diagnostics =
        places.into_iter().filter_map(|place| Some(answer.diagnostic(&question.address)?.at(*place))).collect();
    let mut kept = policy.apply(each, used).into_list().into_iter();
    let first = kept.next()?;
    Some(kept.filter_map(|other| other.span).fold(first, |told, place| told.related(place, "also named here")))
}
