//! The links of the editions that were made, and what the network says of them.

use super::{Job, Made, Progress, Request, Rules};
use crate::check::Policy;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::probe::{self, Answer, Question};

/// Asks the network about the links of the editions without errors; allowances that were of use are added to `allowed`.
pub fn ask(
    jobs: &[Job<'_>],
    made: &[Made],
    rules: &[Rules],
    request: &Request,
    allowed: &mut [Vec<usize>],
    progress: &dyn Progress,
) -> Diagnostics {
    let whole = jobs.iter().zip(made).filter(|(_, made)| !made.diagnostics.has_errors());
    let questions = probe::questions(whole.flat_map(|(job, made)| made.links.iter().map(|outside| (job.number, outside))));
    progress.begin(questions.len());
    let begin = |address: &str| progress.step(&format!("asking {address}"));
    let answers = probe::ask(&questions, &begin, &|address| progress.finish_job(address));
    progress.end();
    let mut found = Diagnostics::default();
    for (question, answer) in questions.iter().zip(answers) {
        for (number, places) in &question.places {
            if let (Some(rules), Some(used)) = (rules.get(*number), allowed.get_mut(*number)) {
                found.extend(tell(question, &answer, places, rules.policy(request), used).into_iter().collect());
            }
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
