//! What a screen reader speaks: the structure trees of the PDFs, written by `tests/judges/lib/pdf_speech.py`.
//!
//! The goldens in `tests/goldens/speech` are for people: read each change as if you heard it, then set `SNAPSHOTS=overwrite`.

use std::path::Path;

use snapbox::Data;

use crate::artefacts::{PUBLICATIONS, artefact};
use crate::harness::{Project, repository};
use crate::pdf::run_script;

/// Returns the utterances for a PDF, one a line.
fn speech_of(pdf: &Path) -> String {
    run_script("pdf_speech.py", &[], pdf)
}

/// Returns the utterances for the PDF of a small publication with this body.
fn spoken(body: &str) -> String {
    spoken_project(&Project::small(body))
}

fn spoken_project(project: &Project) -> String {
    project.run(&["build", "--format", "pdf"]).succeeds();
    speech_of(&project.path("build/note-1.pdf"))
}

#[test]
fn publications_are_spoken_as_in_the_goldens() {
    for name in PUBLICATIONS.iter().flat_map(|(_, names)| *names) {
        let golden = repository().join("tests/goldens/speech").join(format!("{}.txt", name.replace('/', "-")));
        let speech = speech_of(&artefact(&format!("{name}.pdf")));
        snapbox::assert_data_eq!(speech, Data::read_from(&golden, None).raw());
    }
}

#[test]
fn every_picture_has_an_alternative_and_a_box() {
    for name in PUBLICATIONS.iter().flat_map(|(_, names)| *names) {
        let speech = speech_of(&artefact(&format!("{name}.pdf")));
        let faults = speech.lines().filter(|line| line.contains("[picture, no box") || line.contains("(no alternative)"));
        assert_eq!(faults.collect::<Vec<_>>(), [""; 0], "{name}");
    }
}
