//! Releases: the contents of their folders, rejected requests, and atomic writing.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Project, Session, repository};
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
    assert!(first.contains("première parution"), "{first}");
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
    let project = Project::small("Good.");
    project.run(&["release"]).succeeds();
    let first = contents(&project, NOTE);
    let project = project.edit("sources/note/text.md", "Good.", "Better.");
    project.run(&["release"]).succeeds().says("nothing to do: every edition has a release");
    let refused = project.run(&["release", "--edition", "1"]).fails_with(1);
    refused.says("error[R801]").says("is never overwritten").says("use --replace");
    assert!(contents(&project, NOTE) == first);
    project.run(&["release", "--replace"]).succeeds().prints("the old one is build/releases/note/1.replaced-1");
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
    project.run(&["release"]).fails_with(1).says("error[R604]").says("not written: note-1");
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
fn allowances_of_the_sources_are_recorded_and_idle_ones_reported() {
    let text = "<!-- allow R604: quoted literally -->\n\nRead it [here](https://example.org/report).";
    let project = Project::small(text).file("reliure.toml", "[checks]\nR605 = \"off\"\n");
    let session = project.run(&["release", "--allow", "R643", "--reason", "none here"]).succeeds();
    session.says("warning[R803]: --allow R643 allows nothing");
    let manifest = json(&project, "build/releases/note/1/manifest.json");
    assert_eq!(manifest["allowances"].as_array().expect("a list").len(), 1, "{}", manifest["allowances"]);
    assert_eq!(manifest["allowances"][0]["source"], "sources/note/text.md:4");
    assert_eq!(manifest["allowances"][0]["reason"], "quoted literally");
    assert_eq!(manifest["levels"], serde_json::json!({ "R605": "off" }));
}

#[test]
fn the_manifest_lists_every_input_and_no_clock() {
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
    // The bytes do not depend on the folder or the day.
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
fn an_interrupted_release_leaves_nothing() {
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
