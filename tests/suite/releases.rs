//! Releases: the contents of their folders, rejected requests, and atomic writing.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Project, Session, copy_folder, repository};
use crate::judges::failures;
use crate::site::site_judged;

const NOTE: &str = "build/releases/note/1";

fn json(project: &Project, path: &str) -> Value {
    serde_json::from_slice(&project.read(path)).expect("JSON")
}

/// Returns the files of a folder with their bytes.
fn contents(project: &Project, folder: &str) -> BTreeMap<String, Vec<u8>> {
    project.files(folder).into_iter().map(|name| (name.clone(), project.read(&format!("{folder}/{name}")))).collect()
}

/// Releases both editions of the brochure.
fn brochure() -> Project {
    let project = Project::copy(repository());
    project.run(&["release"]).succeeds().prints("build/releases/brochure/2023-12 (14 files").prints("compared with 2023-05");
    project
}

#[test]
fn both_editions_of_the_brochure_are_released() {
    let project = brochure();
    let pages = |number| format!("pages/00{number}.png");
    let mut expected = ["SHA256SUMS", "brochure-2023-12.epub", "brochure-2023-12.pdf", "changes.json", "changes.md", "cover.png"]
        .map(str::to_owned)
        .to_vec();
    expected.push("manifest.json".into());
    expected.extend((1..=5).map(pages));
    expected.extend(["report.html", "ro-crate-metadata.json"].map(str::to_owned));
    assert_eq!(project.files("build/releases/brochure/2023-12"), expected);
    let markdown = String::from_utf8(project.read("build/releases/brochure/2023-12/changes.md")).expect("UTF-8");
    let golden = repository().join("tests/goldens/releases/brochure.md");
    snapbox::assert_data_eq!(markdown, snapbox::Data::read_from(&golden, None).raw());
    let changes = json(&project, "build/releases/brochure/2023-12/changes.json");
    assert_eq!(changes["sections"].as_array().expect("a list").len(), 1);
    assert_eq!(changes["sections"][0]["blocks"][0]["change"], "reworded");
    for list in ["links", "credits", "rights", "resources"] {
        assert_eq!(changes[list], serde_json::json!({ "added": [], "removed": [] }), "{list}");
    }
    assert_eq!(changes["pages"]["changed"], serde_json::json!([[5, 5]]));
    let first = String::from_utf8(project.read("build/releases/brochure/2023-05/changes.md")).expect("UTF-8");
    assert!(first.contains("Aucune édition antérieure"), "{first}");
    // A release contains the files that `build` writes.
    project.run(&["build"]).succeeds();
    for name in ["brochure-2023-12.pdf", "brochure-2023-12.epub"] {
        let [built, released] = [format!("build/reve/{name}"), format!("build/releases/brochure/2023-12/{name}")];
        assert!(project.read(&built) == project.read(&released), "{name}");
    }
}

#[test]
fn sums_are_those_of_sha256sum() {
    let project = Project::small("Good.");
    project.run(&["release"]).succeeds();
    let check = || Session::of(Command::new("sha256sum").args(["-c", "SHA256SUMS"]).current_dir(project.path(NOTE)));
    let session = check().succeeds();
    let listed = session.stdout.lines().count();
    assert_eq!(listed + 1, project.files(NOTE).len(), "every other file has a sum\n{}", session.stdout);
    fs::write(project.path(&format!("{NOTE}/cover.png")), "x").expect("it is written");
    check().fails_with(1).prints("cover.png: FAILED");
}

#[test]
fn an_existing_release_is_never_overwritten() {
    let project = Project::small("Good.\n\n::: imprint\n:::");
    project.run(&["release"]).succeeds();
    let first = contents(&project, NOTE);
    let project = project.edit("sources/note/text.md", "Good.", "Better.");
    let stale =
        project.run(&["release"]).succeeds().says("nothing to do: every edition has a release, but some sources have changed");
    stale
        .says("warning[R805]: the sources of note-1 changed since its release: \"sources/note/text.md\"")
        .says("--edition 1 --replace");
    let refused = project.run(&["release", "--edition", "1"]).fails_with(1);
    refused.says("error[R801]").says("is never overwritten").says("use --replace");
    assert!(contents(&project, NOTE) == first);
    // Two releases with different texts must have different dates of modification.
    project.run(&["release", "--replace"]).fails_with(1).says("error[R806]").says("modified = ");
    assert!(contents(&project, NOTE) == first);
    let modified = "date = \"2024-05-17\"\nmodified = \"2024-06-01\"";
    let project = project.edit("sources/note/publication.toml", "date = \"2024-05-17\"", modified);
    project.run(&["release", "--replace"]).succeeds().prints("the old one, build/releases/note/1.replaced-1");
    assert!(contents(&project, "build/releases/note/1.replaced-1") == first, "the old release is kept");
    assert!(contents(&project, NOTE) != first);
    project.run(&["release", "--replace"]).succeeds().prints("1.replaced-2");
    // A replaced release does not count as an earlier edition.
    assert!(!project.files(NOTE).contains(&"changes.json".to_owned()));
    project.run(&["clean"]).succeeds();
    assert_eq!(project.files("build/releases/note/1.replaced-1").len(), first.len(), "clean keeps releases");
}

#[test]
fn findings_stop_a_release_unless_they_are_allowed_with_a_reason() {
    let project = Project::small("Read it [here](https://example.org/report).");
    project.run(&["release"]).fails_with(1).says("error[R604]").says("not written: note-1").says("--allow R604 --reason");
    assert!(!project.path("build").exists(), "nothing is written");
    project.run(&["release", "--allow", "R604"]).fails_with(2).says("--reason");
    project.run(&["release", "--allow", "R604", "--reason", " "]).fails_with(1).says("allowed without a reason");
    project.run(&["release", "--allow", "R999", "--reason", "x"]).fails_with(1).says("error[R106]");
    project.run(&["release", "--allow", "R301", "--reason", "x"]).fails_with(1).says("always stops a release");
    let two = ["release", "--allow", "R604", "--allow", "R605", "--reason", "x"];
    project.run(&two).fails_with(2).says("one --reason after each --allow");
    let session = project.run(&["release", "--allow", "R604", "--reason", "quoted literally"]).succeeds();
    session.says("warning[R604]").says("1 release written");
    let manifest = json(&project, "build/releases/note/1/manifest.json");
    let allowance = &manifest["allowances"][0];
    assert_eq!((&allowance["code"], &allowance["reason"]), (&"R604".into(), &"quoted literally".into()));
    assert!(allowance["findings"][0].as_str().expect("a text").starts_with("sources/note/text.md:4: "), "{allowance}");
    let report = String::from_utf8(project.read("build/releases/note/1/report.html")).expect("UTF-8");
    assert!(report.contains("quoted literally") && report.contains("when it was released"));
    // The same allowance is used again when the release is verified.
    project.run(&["verify", NOTE, "--sources", "."]).succeeds().prints("rebuilt: ");
}

#[test]
fn a_release_names_the_records_that_lack_a_fact_and_the_ids_that_name_no_files() {
    let project = Project::small("Good.").edit("sources/note/publication.toml", "lang =", "records = true\nlang =");
    project.run(&["release"]).succeeds().says("left out: DataCite record of note-1: there is no DOI");
    for id in ["a b", "../x", "", "con", "1.", "1.replaced-1"] {
        let edited = Project::small("Good.").edit("sources/note/publication.toml", "id = \"1\"", &format!("id = \"{id}\""));
        edited.run(&["release"]).fails_with(1).says("error[R105]").says("cannot be the id of an edition");
        assert!(!edited.path("build/releases").exists(), "{id}");
    }
    let second = "[[editions]]\nid = \"a\"\ndate = \"2025-01\"\n\n[[editions]]\nid = \"A\"\ndate = \"2025-02\"\n";
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("UTF-8");
    let project = project.file("sources/note/publication.toml", &(manifest + "\n" + second));
    project.run(&["check"]).fails_with(1).says("the ids \"a\" and \"A\" name the same files on some systems");
}

#[test]
fn allowances_of_the_sources_are_recorded_and_unused_ones_are_reported() {
    let text = "<!-- allow R604: quoted literally -->\n\nRead it [here](https://example.org/report).";
    let project = Project::small(text).file("reliure.toml", "[checks]\nR605 = \"off\"\n");
    let session = project.run(&["release", "--allow", "R643", "--reason", "none here"]).succeeds();
    session.says("warning[R803]: --allow R643 allows nothing");
    let manifest = json(&project, "build/releases/note/1/manifest.json");
    assert_eq!(manifest["allowances"].as_array().expect("a list").len(), 1, "{}", manifest["allowances"]);
    assert_eq!(manifest["allowances"][0]["source"], "sources/note/text.md:4");
    assert_eq!(manifest["allowances"][0]["reason"], "quoted literally");
    let finding = manifest["allowances"][0]["findings"][0].as_str().expect("a finding");
    assert!(finding.starts_with("sources/note/text.md:6: ") && finding.contains("here"), "{finding}");
    let report = String::from_utf8(project.read("build/releases/note/1/report.html")).expect("UTF-8");
    assert!(report.contains("sources/note/text.md:6: ") && report.contains("quoted literally"), "{report}");
    project.run(&["verify", "build/releases/note/1", "--sources", "."]).succeeds().prints("rebuilt: ");
    assert_eq!(manifest["levels"], serde_json::json!({ "R605": "off" }));
}

#[test]
fn the_manifest_lists_every_input() {
    let project = Project::small("![A heron](heron.png)").file("reliure.toml", "[release]\nfolder = \"archive\"\n");
    let heron = repository().join("tests/fixtures/checks/R602/good/heron.png");
    fs::copy(heron, project.path("sources/note/heron.png")).expect("it is copied");
    let project = project.file("sources/note/heron.png.toml", "licence = \"CC0-1.0\"\n");
    project.run(&["release"]).succeeds().prints("archive/note/1 (");
    let manifest = json(&project, "archive/note/1/manifest.json");
    let inputs: Vec<&str> =
        manifest["inputs"].as_array().expect("a list").iter().filter_map(|input| input["path"].as_str()).collect();
    let names = ["colophon.md", "heron.png", "heron.png.toml", "publication.toml", "text.md"];
    let mut expected: Vec<String> = names.iter().map(|name| format!("sources/note/{name}")).collect();
    expected.insert(0, "reliure.toml".into());
    assert_eq!(inputs, expected);
    let sum = Session::of(Command::new("sha256sum").arg(project.path("sources/note/text.md"))).stdout;
    assert!(sum.starts_with(manifest["inputs"][5]["sha256"].as_str().expect("a sum")), "{sum}");
    assert_eq!(manifest["tool"]["name"], "reliure");
    assert!(manifest["fonts"].as_array().is_some_and(|fonts| fonts.len() > 3), "{}", manifest["fonts"]);
    assert_eq!(manifest["edition"]["sections"][0]["blocks"][1]["text"], "A heron");
    // The same project is released in another folder and time zone.
    let again = Project::small("![A heron](heron.png)").file("reliure.toml", "[release]\nfolder = \"archive\"\n");
    for name in ["heron.png", "heron.png.toml"] {
        fs::write(again.path(&format!("sources/note/{name}")), project.read(&format!("sources/note/{name}"))).expect("written");
    }
    again.env("TZ", "Pacific/Auckland").env("RAYON_NUM_THREADS", "1").run(&["release"]).succeeds();
}

#[test]
fn releases_stay_inside_the_project() {
    let project = Project::small("Good.").file("reliure.toml", "[release]\nfolder = \"../archive\"\n");
    project.run(&["release"]).fails_with(1).says("error[R101]").says("does not name a folder of the project");
    let project = Project::small("Good.");
    let outside = tempfile::tempdir().expect("a folder");
    fs::create_dir(project.path("build")).expect("a folder");
    std::os::unix::fs::symlink(outside.path(), project.path("build/releases")).expect("a link");
    project.run(&["release"]).fails_with(1).says("leads out of the project").says("[release] folder");
    assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 0);
    let project = Project::small("Good.");
    project.run(&["release", "none"]).fails_with(1).says("no publication is named \"none\"");
    project.run(&["release", "--edition", "2"]).fails_with(1).says("no edition has the id \"2\"").says("\"1\"");
}

#[test]
fn the_research_object_describes_every_file() {
    let project = Project::small("Good.");
    project.run(&["release"]).succeeds();
    let metadata = json(&project, "build/releases/note/1/ro-crate-metadata.json");
    let graph = metadata["@graph"].as_array().expect("a graph");
    let entity = |id: &str| graph.iter().find(|entity| entity["@id"] == id).unwrap_or_else(|| panic!("no {id}"));
    assert_eq!(entity("ro-crate-metadata.json")["conformsTo"]["@id"], "https://w3id.org/ro/crate/1.2");
    let root = entity("./");
    for key in ["name", "description", "datePublished", "license"] {
        assert!(!root[key].is_null(), "{key} is required");
    }
    let licence = entity(root["license"]["@id"].as_str().expect("an id"));
    assert!(licence["name"].is_string() && licence["description"].is_string());
    let files = project.files(NOTE);
    let described: Vec<&str> =
        root["hasPart"].as_array().expect("a list").iter().filter_map(|part| part["@id"].as_str()).collect();
    let others = ["SHA256SUMS", "ro-crate-metadata.json"];
    assert_eq!(described, files.iter().filter(|name| !others.contains(&name.as_str())).collect::<Vec<_>>());
    for name in described {
        let file = entity(name);
        let bytes = project.read(&format!("{NOTE}/{name}"));
        assert_eq!(file["contentSize"], bytes.len().to_string(), "{name}");
        assert!(file["encodingFormat"] != "application/octet-stream" && file["sha256"].is_string(), "{file}");
    }
    let action = entity("#build");
    assert_eq!(entity(action["instrument"]["@id"].as_str().expect("an id"))["name"], "reliure");
    assert_eq!(action["result"].as_array().expect("a list").len(), 2);
}

#[test]
fn the_report_needs_no_other_file_and_has_no_violations() {
    let project = brochure();
    // A report in English with all its parts.
    let second = "\n[[editions]]\nid = \"2\"\ndate = \"2024-08\"\nlabel = \"Second edition\"\n";
    let english = Project::small("The [lock](https://example.org/lock) at noon.");
    english.run(&["release"]).succeeds();
    let manifest = String::from_utf8(english.read("sources/note/publication.toml")).expect("UTF-8");
    let english = english.file("sources/note/publication.toml", &(manifest + second)).edit(
        "sources/note/text.md",
        "noon",
        "[here](https://a.example/)",
    );
    english.run(&["release", "--allow", "R604", "--reason", "as in the original"]).succeeds();
    for (project, path) in
        [(project, "build/releases/brochure/2023-12/report.html"), (english, "build/releases/note/2/report.html")]
    {
        let page = String::from_utf8(project.read(path)).expect("UTF-8");
        for fetched in ["src=\"http", "<script", "<link", "url("] {
            assert!(!page.contains(fetched), "{path} needs {fetched:?}");
        }
        let judge = repository().join("tests/judges/judge-print");
        let output = Command::new(judge).arg(project.path(path)).output().expect("the judge runs");
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(failures(&report, &["axe"]).is_empty() && report.contains("violations=0"), "{path}: {report}");
        let report = site_judged(project.path(path).parent().expect("a folder"));
        assert!(report.contains("pages=1 findings=0") && report.contains("ro-crate     PASS files="), "{path}: {report}");
    }
}

#[test]
fn an_interrupted_release_leaves_no_partial_release() {
    let project = Project::copy(repository());
    let mut killed = 0;
    for delay in [20, 60, 120, 200, 300, 450, 600] {
        let _ = fs::remove_dir_all(project.path("build"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_reliure"))
            .args(["release", "--edition", "2023-12"])
            .current_dir(project.path("."))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        // The time is measured from the first write of the release.
        let waited = Instant::now();
        while !project.path("build/releases/brochure").exists() && waited.elapsed() < Duration::from_secs(60) {
            thread::sleep(Duration::from_millis(2));
        }
        thread::sleep(Duration::from_millis(delay));
        let running = child.try_wait().expect("it is asked").is_none();
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
        killed += usize::from(running);
        let release = project.path("build/releases/brochure/2023-12");
        if release.exists() {
            project.run(&["verify", "build/releases/brochure/2023-12"]).succeeds().prints("sums: ");
        } else {
            project.run(&["release", "--edition", "2023-12"]).succeeds();
        }
        let names: Vec<_> = fs::read_dir(project.path("build/releases/brochure")).expect("a folder").flatten().collect();
        assert_eq!(names.len(), 1, "nothing else is left: {names:?}");
    }
    assert!(killed > 0, "no release was interrupted");
}

#[test]
fn two_runs_at_the_same_time_write_one_release() {
    let project = Project::small("Good.");
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_reliure"))
            .args(["release", "--edition", "1"])
            .current_dir(project.path("."))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts")
    };
    let both = [start(), start()].map(|child| child.wait_with_output().expect("it ends"));
    let mut codes = both.each_ref().map(|output| output.status.code());
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(1)], "{both:?}");
    let refused = both.iter().find(|output| !output.status.success()).expect("one is refused");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("error[R801]"), "{refused:?}");
    let names: Vec<_> = fs::read_dir(project.path("build/releases/note")).expect("a folder").flatten().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    project.run(&["verify", NOTE]).succeeds();
}

#[test]
fn a_correction_is_compared_with_the_release_that_it_replaces() {
    let project = Project::small("The lock closes at noon.").edit(
        "sources/note/colophon.md",
        "::: licence",
        "::: imprint\n:::\n\n::: licence",
    );
    project.run(&["release"]).succeeds();
    let project = project.edit("sources/note/text.md", "noon", "ten").edit(
        "sources/note/publication.toml",
        "date = \"2024-05-17\"",
        "date = \"2024-05-17\"\nmodified = \"2024-06-01\"\nerrata = [\"The hour of the lock.\"]",
    );
    project.run(&["release", "--replace"]).succeeds().prints("compared with the old one, build/releases/note/1.replaced-1");
    let text = String::from_utf8(project.read(&format!("{NOTE}/changes.md"))).expect("UTF-8");
    assert!(
        text.contains("earlier release of") && text.contains("which replaces it") && !text.contains("No earlier edition"),
        "{text}"
    );
    assert!(text.contains("closes at ~~noon~~ **ten**") && text.contains("- The hour of the lock."), "{text}");
    let correction = json(&project, &format!("{NOTE}/correction.json"));
    assert_eq!((&correction["old"]["id"], &correction["new"]["id"]), (&"1".into(), &"1".into()));
    assert!(!project.files(NOTE).contains(&"changes.json".to_owned()), "there is no edition before");
    project.run(&["verify", NOTE, "--sources", "."]).succeeds().prints("rebuilt: ");
    let report = String::from_utf8(project.read(&format!("{NOTE}/report.html"))).expect("UTF-8");
    assert!(report.contains("which replaces it"));
    // A later edition is compared with the previous edition, its correction also with the replaced release.
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("UTF-8");
    let second = "\n[[editions]]\nid = \"2\"\ndate = \"2025-05\"\n";
    let project = project.file("sources/note/publication.toml", &(manifest + second)).edit("sources/note/text.md", "ten", "two");
    project.run(&["release"]).succeeds();
    let project = project.edit("sources/note/text.md", "two", "three").edit(
        "sources/note/publication.toml",
        "date = \"2025-05\"",
        "date = \"2025-05\"\nmodified = \"2025-06\"",
    );
    project.run(&["release", "--edition", "2", "--replace"]).succeeds();
    let files = project.files("build/releases/note/2");
    assert!(files.contains(&"changes.json".to_owned()) && files.contains(&"correction.json".to_owned()), "{files:?}");
    let text = String::from_utf8(project.read("build/releases/note/2/changes.md")).expect("UTF-8");
    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part} in {text}"));
    assert!(place("## Since the release that this one replaces") < place("~~two~~ **three**"), "{text}");
    assert!(place("~~two~~ **three**") < place("## Since Edition of 17") && text.contains("~~ten~~ **three**"), "{text}");
    project.run(&["verify", "build/releases/note/2", "--sources", "."]).succeeds().prints("rebuilt: ");
    // Without the replaced release, the lists of changes cannot be rebuilt.
    fs::remove_dir_all(project.path("build/releases/note/2.replaced-1")).expect("it is removed");
    let session = project.run(&["verify", "build/releases/note/2", "--sources", "."]).succeeds();
    session.prints("they compare this release with the replaced one (2)");
}

/// Creates the state of a folder after a process was killed while it replaced a release, when it had moved the old one aside.
fn killed_while_replacing(project: &Project) {
    let releases = project.path("build/releases/note");
    let staged = releases.join(".reliure-1-1.folder.part");
    copy_folder(&releases.join("1"), &staged.join("content"));
    fs::write(staged.join("content/mark"), "new").expect("it is written");
    fs::write(staged.join("lock"), "").expect("it is written");
    fs::write(staged.join("replaces"), "1\n1.replaced-1\n").expect("it is written");
    fs::rename(releases.join("1"), releases.join("1.replaced-1")).expect("it is moved");
}

#[test]
fn a_replacement_that_was_killed_is_finished_by_the_next_run() {
    let project = Project::small("Good.");
    project.run(&["release"]).succeeds();
    killed_while_replacing(&project);
    let missing = project.run(&["verify", NOTE]).fails_with(1);
    missing.says("error[R802]").says("was interrupted while it replaced this release").says("run `reliure release`");
    project.run(&["clean"]).succeeds();
    let session = project.run(&["release"]).succeeds().prints("build/releases/note/1 (finished: an earlier run was interrupted");
    session.says("nothing to do");
    assert!(project.path(&format!("{NOTE}/mark")).exists() && project.path("build/releases/note/1.replaced-1").exists());
    let names: Vec<_> = fs::read_dir(project.path("build/releases/note")).expect("a folder").flatten().collect();
    assert_eq!(names.len(), 2, "nothing else is left: {names:?}");
}

#[test]
fn remains_of_killed_processes_are_removed_by_release_and_clean() {
    let project = Project::small("Good.");
    project.run(&["release"]).succeeds();
    let remains = ["note/.reliure-1-1.folder.part", "gone/.reliure-1-2.folder.part"];
    for command in ["release", "clean"] {
        for part in remains {
            fs::create_dir_all(project.path(&format!("build/releases/{part}/content"))).expect("a folder");
        }
        project.run(&[command]).succeeds();
        for part in remains {
            assert!(!project.path(&format!("build/releases/{part}")).exists(), "{command} leaves {part}");
        }
        assert!(project.path(NOTE).exists() && !project.path("build/releases/gone").exists(), "{command}");
    }
}

#[test]
fn a_new_source_file_is_named_before_anything_is_built() {
    let project = Project::small("Good.");
    project.run(&["release"]).succeeds();
    let project = project.file("sources/note/more.md", "+++\ntitle = \"More\"\n+++\n\nMore.\n");
    let session = project.run(&["verify", NOTE, "--sources", "."]).fails_with(1);
    assert!(!session.stderr.contains("R109"), "{}", session.stderr);
    session.says("error[R814]: the source \"sources/note/more.md\" is new").prints("not checked: the bytes");
}

#[test]
fn output_and_source_folders_must_not_overlap() {
    for folder in ["sources", "sources/archive", "./sources/", "layouts/x", "build", "build/.reliure/x"] {
        let project = Project::small("Good.").file("reliure.toml", &format!("[release]\nfolder = \"{folder}\"\n"));
        let session = project.run(&["release"]).fails_with(1);
        session.says("error[R101]").says("cannot be the folder of releases").says("reliure.toml:2");
        assert_eq!(project.files("sources/note").len(), 3, "{folder}");
    }
    for folder in ["sources", "sources/out", "fonts"] {
        let project = Project::small("Good.").file("reliure.toml", &format!("output = \"{folder}\"\n"));
        project.run(&["build"]).fails_with(1).says("error[R101]").says("cannot be the output folder").says("output = \"build\"");
    }
    let project = Project::small("Good.").file("reliure.toml", "[release]\nfolder = \"build/archive\"\n");
    project.run(&["release"]).succeeds().prints("build/archive/note/1");
}

#[test]
fn pages_with_only_another_running_head_are_listed_separately() {
    let project = Project::small("The lock.\n\n## Hours\n\nAt noon.");
    let label = "date = \"2024-05-17\"\nlabel = \"First printing\"\ntitle = \"A note\"";
    let project = project.edit("sources/note/publication.toml", "date = \"2024-05-17\"", label);
    project.run(&["release"]).succeeds();
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("UTF-8");
    let second = "\n[[editions]]\nid = \"2\"\ndate = \"2025-05-17\"\nlabel = \"Second printing\"\ntitle = \"Another note\"\n";
    let project = project.file("sources/note/publication.toml", &(manifest + second));
    project.run(&["release"]).succeeds();
    let changes = json(&project, "build/releases/note/2/changes.json");
    let (heads, changed) = (&changes["pages"]["only-heads"], &changes["pages"]["changed"]);
    assert!(heads.as_array().is_some_and(|heads| !heads.is_empty()), "{}", changes["pages"]);
    assert!(changed.as_array().is_some_and(|changed| !changed.is_empty()), "the title page differs: {}", changes["pages"]);
    let text = String::from_utf8(project.read("build/releases/note/2/changes.md")).expect("UTF-8");
    assert!(text.contains("Same content, another running head or folio: "), "{text}");
    // The claims of the files come before the changes, and these before the pictures.
    let report = String::from_utf8(project.read("build/releases/note/2/report.html")).expect("UTF-8");
    let order = ["id=\"summary\"", "id=\"files\"", "id=\"changes\"", "id=\"rights\"", "id=\"before-after\"", "id=\"pages\""];
    let places: Vec<usize> = order.iter().map(|id| report.find(id).unwrap_or_else(|| panic!("no {id}"))).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn reports_the_changed_sentence_of_a_licence_notice() {
    let licence = "[licence]\nid = \"CC-BY-4.0\"\n\n[[editions]]";
    let project = Project::small("Good.").edit("sources/note/publication.toml", "[[editions]]", licence);
    project.run(&["release"]).succeeds();
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("UTF-8");
    let second = "\n[[editions]]\nid = \"2\"\ndate = \"2025-05-17\"\n";
    let project = project.file("sources/note/publication.toml", &(manifest + second));
    project.run(&["release"]).succeeds();
    let changes = json(&project, "build/releases/note/2/changes.json");
    assert_eq!(changes["rights"], serde_json::json!({ "added": [], "removed": [] }), "a section shows the notice");
    let text = String::from_utf8(project.read("build/releases/note/2/changes.md")).expect("UTF-8");
    let line = text.lines().find(|line| line.contains("last updated")).expect("the notice changed");
    assert!(line.contains("~~2024~~ **2025**"), "{line}");
}
