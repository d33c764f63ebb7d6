//! Disk errors and killed builds: the last artefacts stay complete, and no partial file remains.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{Project, Session};

const TEXT: &str = "sources/note/text.md";
const ARTEFACTS: [&str; 2] = ["build/note-1.pdf", "build/note-1.epub"];

fn artefacts(project: &Project) -> [Vec<u8>; 2] {
    ARTEFACTS.map(|name| project.read(name))
}

#[track_caller]
fn assert_unwritable(session: Session) {
    session
        .fails_with(3)
        .says("error[R101]")
        .says("cannot be written")
        .says("check the permissions of the folder and the free space");
}

#[test]
fn reports_an_output_folder_that_cannot_be_created() {
    let project = Project::small("x").file("taken", "mine");
    assert_unwritable(project.run(&["build", "--output", "taken"]));
    assert_unwritable(project.run(&["build", "--output", "taken/deeper"]));
    assert_eq!(project.read("taken"), b"mine");
    // No process may create a folder there, not even with root privileges.
    assert_unwritable(project.run(&["build", "--output", "/proc/reliure"]));
    assert_unwritable(project.run(&["build", "--output", "/dev/null"]));
    // A folder that is not empty has the name of the artefact.
    let project = Project::small("x").file("build/note-1.pdf/mine", "mine");
    assert_unwritable(project.run(&["build"]));
    assert_eq!(project.read("build/note-1.pdf/mine"), b"mine");
    assert_eq!(project.files("build"), ["note-1.epub", "note-1.pdf/mine"], "no partial file remains");
}

#[test]
fn reports_a_read_only_output_folder() {
    let project = Project::small("x");
    project.run(&["build"]).succeeds();
    let before = artefacts(&project);
    let project = project.edit(TEXT, "x", "y");
    // A user with fewer privileges than the one that runs the tests.
    let root = fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0);
    let mut command = Command::new(if root { "setpriv" } else { env!("CARGO_BIN_EXE_reliure") });
    let reach =
        Command::new("setpriv").args(["--reuid=65534", "--clear-groups", env!("CARGO_BIN_EXE_reliure"), "--version"]).output();
    if root && !reach.is_ok_and(|output| output.status.success()) {
        return;
    }
    if root {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_reliure")]);
    }
    for path in [".", "sources", "sources/note", "build"] {
        fs::set_permissions(project.path(path), std::os::unix::fs::PermissionsExt::from_mode(0o555)).expect("it is set");
    }
    let session = Session::of(command.arg("--root").arg(project.path(".")).arg("build"));
    for path in [".", "sources", "sources/note", "build"] {
        fs::set_permissions(project.path(path), std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("it is set");
    }
    assert_unwritable(session);
    assert!(artefacts(&project) == before);
}

#[test]
fn a_full_disk_keeps_the_last_artefacts() {
    let project = Project::small("x");
    project.run(&["build"]).succeeds();
    let before = artefacts(&project);
    let project = project.edit(TEXT, "x", "y");
    // Files may have at most 8 KiB. With the signal ignored, larger writes fail as on a full disk.
    let limited = format!("ulimit -f 8; trap '' XFSZ; exec '{}' build", env!("CARGO_BIN_EXE_reliure"));
    assert_unwritable(Session::of(Command::new("bash").args(["-c", &limited]).current_dir(project.path("."))));
    assert!(artefacts(&project) == before, "the artefacts are those of the last good build");
    assert_eq!(project.files("build"), ["note-1.epub", "note-1.pdf"], "no partial file remains");
    project.run(&["build"]).succeeds().says("2 files written");
    assert!(artefacts(&project) != before);
}

/// A deterministic pseudo-random generator.
struct Seed(u64);

impl Seed {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 31)
    }
}

fn start(project: &Project) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reliure"));
    command.arg("build").current_dir(project.path(".")).env("RAYON_NUM_THREADS", "1");
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command runs")
}

/// Returns the names of partial files.
fn partial_files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("it is read").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with('.') && name != ".reliure").collect()
}

/// Kills builds at different points, and checks the files that remain.
fn kill_builds(points: usize, seed: u64) {
    let states = ["One state.", "Another state, of more words."];
    let mut project = Project::small(states[0]);
    let mut good = Vec::new();
    let mut takes = Duration::ZERO;
    for state in [states[1], states[0]] {
        project = project.edit(TEXT, if state == states[0] { states[1] } else { states[0] }, state);
        let begun = Instant::now();
        assert!(start(&project).wait().expect("it ends").success());
        takes = takes.max(begun.elapsed());
        good.push(artefacts(&project));
    }
    let mut seed = Seed(seed);
    let mut now = 0;
    for point in 0..points {
        project = project.edit(TEXT, states[now], states[1 - now]);
        now = 1 - now;
        // Half of the points are near the end, where files are written.
        let part = if point % 2 == 0 { seed.next() * 1.05 } else { 0.8 + seed.next() * 0.25 };
        let mut child = start(&project);
        thread::sleep(takes.mul_f64(part));
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
        for (number, name) in ARTEFACTS.iter().enumerate() {
            let bytes = project.read(name);
            assert!(good.iter().any(|state| state[number] == bytes), "{name} is complete after point {point}");
        }
    }
    // The next complete build repairs everything.
    assert!(start(&project).wait().expect("it ends").success());
    assert_eq!(partial_files(&project.path("build")), Vec::<String>::new());
    assert!(artefacts(&project) == good[1 - now], "the artefacts are those of the sources");
}

#[test]
fn killed_builds_leave_complete_artefacts() {
    thread::scope(|scope| {
        let halves = [7, 11].map(|seed| scope.spawn(move || kill_builds(100, seed)));
        halves.into_iter().for_each(|half| half.join().expect("no point fails"));
    });
}

#[test]
fn removes_partial_files_of_earlier_builds() {
    let project = Project::small("x");
    project.run(&["build"]).succeeds();
    let project = project.file("build/.reliure-abc.part", "half").file("build/.other", "mine");
    project.run(&["build"]).succeeds().says("nothing to do");
    assert_eq!(partial_files(&project.path("build")), [".other"]);
}
