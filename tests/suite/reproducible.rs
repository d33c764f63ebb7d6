//! Equal sources give equal bytes, regardless of threads, folder, clock, time zone and locale.

use crate::harness::{Project, repository};

fn built(project: Project) -> Vec<(String, Vec<u8>)> {
    project.run(&["build", "--output", "made"]).succeeds();
    project.files("made").into_iter().map(|name| (name.clone(), project.read(&format!("made/{name}")))).collect()
}

fn assert_reproducible(copy: impl Fn() -> Project) {
    let one = built(copy().env("RAYON_NUM_THREADS", "1").env("TZ", "UTC").env("LC_ALL", "C"));
    let elsewhere = copy().env("RAYON_NUM_THREADS", "2").env("TZ", "Pacific/Auckland").env("LC_ALL", "fr_FR.UTF-8");
    // Another clock, set with libfaketime, which the setup of the validators installs.
    let library = ["/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"];
    let library = library.into_iter().find(|path| std::path::Path::new(path).exists()).expect("libfaketime is installed");
    let with_other_clock = |project: Project| project.env("LD_PRELOAD", library).env("FAKETIME", "@2001-02-03 04:05:06");
    let dated = with_other_clock(Project::new());
    let session = dated.run(&["new", "clock"]).succeeds();
    let manifest = String::from_utf8(dated.read("clock/sources/clock/publication.toml")).expect("UTF-8");
    assert!(manifest.contains("2001-02"), "the process uses the other clock\n{}{manifest}", session.stderr);
    let elsewhere = with_other_clock(elsewhere);
    let two = built(elsewhere.env("SOURCE_DATE_EPOCH", "1700000000"));
    assert!(!one.is_empty());
    assert_eq!(one.iter().map(|(name, _)| name).collect::<Vec<_>>(), two.iter().map(|(name, _)| name).collect::<Vec<_>>());
    for ((name, first), (_, second)) in one.iter().zip(&two) {
        assert!(first == second, "{name} differs: {} and {} bytes", first.len(), second.len());
    }
}

#[test]
fn brochure_is_reproducible() {
    assert_reproducible(|| Project::copy(repository()));
}

#[test]
fn book_with_images_and_notes_is_reproducible() {
    assert_reproducible(|| Project::fixture("carnet"));
}
