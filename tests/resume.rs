//! A run that is broken off, at whatever moment, and gone on with, ends as one that was left alone: byte for byte.
//!
//! By default a sample of the moments is tried; with `DEHUSK_FAULTS=all` every system call of a kind, and 200 random moments.
#![cfg(all(feature = "cli", target_os = "linux"))]

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use parquet::arrow::ArrowWriter;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const DEHUSK: &str = env!("CARGO_BIN_EXE_dehusk");

/// The calls that change what is on the disk.
const CALLS: [&str; 4] =
    ["write", "fsync,fdatasync,syncfs", "rename,renameat,renameat2,linkat", "unlink,unlinkat,rmdir"];

fn is_thorough() -> bool {
    std::env::var_os("DEHUSK_FAULTS").is_some_and(|value| value == "all")
}

fn record(id: usize, lines: usize) -> String {
    let body: String = (0..lines)
        .map(|line| {
            format!("Paragraph {line} of {id} tells at some length what the council decided on the bridge.\\n\\n")
        })
        .collect();
    let id = if id % 7 == 3 { 3 } else { id };
    format!("{{\"id\":{id},\"text\":\"A title {id}\\n\\n{body}Facebook Twitter WhatsApp Email\\n\",\"n\":{id}}}\n")
}

/// The same as rows, in two row groups.
fn rows() -> Vec<u8> {
    let text = |id: i64| {
        let id = id as usize;
        let line: serde_json::Value = serde_json::from_str(&record(id, 25 + id % 17)).expect("JSON");
        let text = line["text"].as_str().expect("text").to_owned();
        if id % 40 == 7 { text.repeat(20) } else { text }
    };
    let group = |ids: std::ops::Range<i64>| {
        let times = TimestampMicrosecondArray::from_iter_values(ids.clone()).with_timezone("UTC");
        let columns: [(&str, ArrayRef); 3] = [
            ("id", Arc::new(Int64Array::from_iter_values(ids.clone()))),
            ("text", Arc::new(StringArray::from_iter_values(ids.map(text)))),
            ("time", Arc::new(times)),
        ];
        RecordBatch::try_from_iter(columns).expect("rows")
    };
    let groups = [group(0..150), group(150..220)];
    let mut file = ArrowWriter::try_new(Vec::new(), groups[0].schema(), None).expect("a file");
    for group in &groups {
        file.write(group).and_then(|()| file.flush()).expect("memory");
    }
    file.into_inner().expect("memory")
}

/// Records of half a megabyte, bad ones among them, the same as rows, and a tree of texts and pages.
fn corpus(place: &Path) {
    let mut lines = String::new();
    for id in 0..220 {
        lines += &record(id, 25 + id % 17);
        lines += if id % 40 == 7 { "{\"id\": broken\n" } else { "" };
    }
    fs::create_dir_all(place.join("in/below")).expect("a folder");
    fs::write(place.join("in/records.jsonl"), &lines).expect("a file");
    fs::write(place.join("in/rows.parquet"), rows()).expect("a file");
    for n in 0..12 {
        let text = format!("A title {n}\n\nThe minister said that the bridge would open in spring.\n\nAdvertisement\n");
        fs::write(place.join(format!("in/below/{n}.txt")), text).expect("a file");
        let page = format!("<title>Page {n}</title><p>The bridge opens in spring, said the county.<p>Share this");
        fs::write(place.join(format!("in/page-{n}.html")), page).expect("a file");
    }
    fs::write(place.join("in/bad.txt"), b"\xff\xfe\x00").expect("a file");
}

/// What a command comes to: the arguments behind `clean`. Some rows are longer than a record may be there.
const COMMANDS: [&[&str]; 8] = [
    &["in", "-o", "out", "--row-group", "1"],
    &["in/records.jsonl", "-o", "out.jsonl"],
    &["in/records.jsonl", "-o", "out.parquet", "--row-group", "1"],
    &["in/rows.parquet", "-o", "out.parquet", "--row-group", "1", "--max-record", "20KB"],
    &["in/rows.parquet", "in/records.jsonl", "-o", "out.csv", "--max-record", "20KB"],
    &["in/records.jsonl", "-o", "out.jsonl.gz", "--shard-size", "15KB"],
    // The second has other columns.
    &["in/rows.parquet", "in/records.jsonl", "-o", "out.parquet", "--row-group", "1", "--shard-size", "4KB"],
    &["in", "-o", "out.jsonl.gz", "--format", "jsonl", "--dedup", "near"],
];

fn command(place: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(DEHUSK);
    command.arg("clean").args(args).args(["--checkpoint", "0", "--threads", "2"]).current_dir(place);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// Everything in the place but the input, by path.
fn outputs(place: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![place.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let below = path.strip_prefix(place).expect("below").to_owned();
            if below.starts_with("in") {
            } else if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(below, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

fn clear(place: &Path) {
    for entry in fs::read_dir(place).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        match entry.is_dir() {
            _ if entry.ends_with("in") => {}
            true => fs::remove_dir_all(entry).expect("removed"),
            false => fs::remove_file(entry).expect("removed"),
        }
    }
}

/// A place with a corpus, and what a run over it comes to that is left alone.
struct Scene {
    place: TempDir,
    args: &'static [&'static str],
    wanted: BTreeMap<PathBuf, Vec<u8>>,
}

impl Scene {
    fn new(args: &'static [&'static str]) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        corpus(place.path());
        let output = command(place.path(), args).output().expect("runs");
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let wanted = outputs(place.path());
        let is_inside = args.last().is_some_and(|output| output.starts_with("in/"));
        let has_quarantine = wanted.keys().any(|path| path.to_string_lossy().contains("quarantine"));
        assert!(has_quarantine || is_inside, "{:?}", wanted.keys());
        clear(place.path());
        Scene { place, args, wanted }
    }

    fn place(&self) -> &Path {
        self.place.path()
    }

    /// Goes on, and checks that all is as it would have been.
    #[track_caller]
    fn go_on(&self, when: &str) {
        let mut output = command(self.place(), self.args);
        let output = output.arg("--resume").output().expect("runs");
        assert_eq!(output.status.code(), Some(1), "{when}: {}", String::from_utf8_lossy(&output.stderr));
        let found = outputs(self.place());
        let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&self.wanted), "{when}");
        for (path, bytes) in &self.wanted {
            assert!(found[path] == *bytes, "{when}: {} differs", path.display());
        }
        clear(self.place());
    }

    /// No file under its name holds part of what it should.
    #[track_caller]
    fn assert_whole(&self, when: &str) {
        for (path, bytes) in outputs(self.place()) {
            let is_hidden = path.iter().any(|part| part.to_string_lossy().starts_with('.'));
            assert!(is_hidden || self.wanted.get(&path) == Some(&bytes), "{when}: {} is not whole", path.display());
        }
    }
}

/// What is done to the program at a system call.
#[derive(Clone, Copy)]
enum Fault {
    Killed,
    /// The call fails with an error of this name.
    Error(&'static str),
}

/// Runs under strace, which lets a fault happen at the nth of these calls; without, tells how many there are.
fn strace(scene: &Scene, calls: &str, fault: Option<(Fault, usize)>) -> Option<usize> {
    let log = scene.place().join("in/strace.log");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o"]).arg(&log).args(["-e", &format!("trace={calls}")]);
    if let Some((fault, nth)) = fault {
        let what = match fault {
            Fault::Killed => "signal=SIGKILL".to_owned(),
            Fault::Error(name) => format!("error={name}"),
        };
        strace.args(["-e", &format!("inject={calls}:{what}:when={nth}")]);
    }
    strace.arg(DEHUSK).arg("clean").args(scene.args).args(["--checkpoint", "0", "--threads", "1"]);
    let output: Output = strace.current_dir(scene.place()).stdin(Stdio::null()).output().ok()?;
    let lines = fs::read_to_string(&log).ok()?;
    fs::remove_file(&log).ok()?;
    let is_traced = output.status.code() == Some(1) || fault.is_some();
    is_traced.then(|| lines.lines().filter(|line| line.contains('(')).count())
}

/// Lets a fault happen at calls, and goes on after each: at all, or at a sample of them, of every second kind for a command.
fn try_calls(kinds: &[&str], fault: Fault, name: &str) {
    for (which, args) in COMMANDS.into_iter().enumerate() {
        let scene = Scene::new(args);
        for (kind, calls) in kinds.iter().enumerate() {
            if !is_thorough() && (which + kind) % 2 == 1 {
                continue;
            }
            let Some(count) = strace(&scene, calls, None) else {
                eprintln!("skipped: strace is missing or not allowed here");
                return;
            };
            clear(scene.place());
            assert!(count > 3, "{calls}: {count}");
            let step = if is_thorough() { 1 } else { count.div_ceil(2) };
            for nth in (1..=count).step_by(step).chain([count]) {
                let when = format!("{args:?}, {name} at {calls} {nth} of {count}");
                strace(&scene, calls, Some((fault, nth)));
                scene.assert_whole(&when);
                scene.go_on(&when);
            }
        }
    }
}

#[test]
fn killed_at_any_call_that_writes_it_can_be_gone_on_with() {
    try_calls(&CALLS, Fault::Killed, "killed");
}

#[test]
fn after_an_error_of_the_disk_it_can_be_gone_on_with() {
    try_calls(&CALLS[1..3], Fault::Error("EIO"), "EIO");
}

#[test]
fn a_full_disk_can_be_made_room_on() {
    let place = tempfile::tempdir().expect("a folder");
    let mount = |options: &str| {
        let mut mount = Command::new("mount");
        let mount = mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(place.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success())
    };
    let scene = Scene::new(COMMANDS[0]);
    if !mount("size=5m") {
        eprintln!("skipped: no file system can be mounted here");
        return;
    }
    // What the seen ids take is four megabytes twice.
    corpus(place.path());
    let out = scene.place().join("in");
    let copied = Command::new("cp").args(["-r", "-p"]).arg(&out).arg(place.path()).status();
    assert!(copied.is_ok_and(|status| status.success()));
    let full = command(place.path(), scene.args).output().expect("runs");
    let stderr = String::from_utf8_lossy(&full.stderr).into_owned();
    assert_eq!(full.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("No space left"), "{stderr}");
    assert!(mount("remount,size=64m"));
    let resumed = command(place.path(), scene.args).arg("--resume").output().expect("runs");
    let unmounted = |found: BTreeMap<PathBuf, Vec<u8>>| {
        Command::new("umount").arg(place.path()).status().expect("umount runs");
        found
    };
    let found = unmounted(outputs(place.path()));
    assert_eq!(resumed.status.code(), Some(1), "{}", String::from_utf8_lossy(&resumed.stderr));
    // The manifest tells when inputs were changed; the rest is the same.
    let rest = |files: &BTreeMap<PathBuf, Vec<u8>>| {
        files
            .iter()
            .filter(|(path, _)| !path.ends_with("out.manifest.json"))
            .map(|(p, b)| (p.clone(), b.clone()))
            .collect::<Vec<_>>()
    };
    assert!(rest(&found) == rest(&scene.wanted));
}

#[test]
fn killed_at_random_moments_it_can_be_gone_on_with() {
    for args in COMMANDS {
        let scene = Scene::new(args);
        let start = Instant::now();
        command(scene.place(), args).output().expect("runs");
        let whole = start.elapsed();
        clear(scene.place());
        let moments = if is_thorough() { 100 } else { 3 };
        // The golden ratio spreads any number of moments evenly.
        for moment in (0..moments).map(|n| whole.mul_f64((f64::from(n) * 0.618_034).fract())) {
            let mut child = command(scene.place(), args).spawn().expect("runs");
            thread::sleep(moment);
            child.kill().expect("killed");
            child.wait().expect("ends");
            scene.assert_whole(&format!("{args:?}, killed after {moment:?}"));
            // Killed once more on the way.
            let mut child = command(scene.place(), args).arg("--resume").spawn().expect("runs");
            thread::sleep(Duration::from_millis(15));
            child.kill().expect("killed");
            child.wait().expect("ends");
            scene.go_on(&format!("{args:?}, killed after {moment:?} and again"));
        }
    }
}

#[test]
fn a_first_signal_commits_what_is_in_hand() {
    let scene = Scene::new(COMMANDS[1]);
    // Long enough to be met in the middle.
    let lines: String = (0..4000).map(|id| record(id, 60)).collect();
    let input = scene.place().join("in/records.jsonl");
    fs::write(&input, lines).expect("a file");
    command(scene.place(), scene.args).output().expect("runs");
    let wanted = outputs(scene.place());
    clear(scene.place());
    let child = command(scene.place(), scene.args).spawn().expect("runs");
    // Some of it is written down.
    let state = scene.place().join(".out.jsonl.dehusk/state.json");
    let has_begun = || fs::read_to_string(&state).is_ok_and(|state| !state.contains("\"saved\":0"));
    let start = Instant::now();
    while !has_begun() && start.elapsed() < Duration::from_secs(60) {
        thread::sleep(Duration::from_millis(1));
    }
    let pid = child.id().to_string();
    Command::new("kill").args(["-INT", &pid]).status().expect("kill runs");
    let output = child.wait_with_output().expect("ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("--resume"), "{stderr}");
    // Without it nothing is touched.
    let again = command(scene.place(), scene.args).output().expect("runs");
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("broken off"));
    let resumed = command(scene.place(), scene.args).arg("--resume").output().expect("runs");
    assert_eq!(resumed.status.code(), Some(0), "{}", String::from_utf8_lossy(&resumed.stderr));
    assert!(outputs(scene.place()) == wanted);
    // It is done: nothing is done again.
    let done = command(scene.place(), scene.args).arg("--resume").output().expect("runs");
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn an_output_inside_the_input_is_no_input() {
    let scene = Scene::new(&["in", "--format", "jsonl", "-o", "in/all.jsonl"]);
    let read = || fs::read(scene.place().join("in/all.jsonl")).expect("an output");
    let clear = || {
        for name in ["all.jsonl", "all.jsonl.removals.jsonl", "all.jsonl.quarantine.jsonl", "all.jsonl.manifest.json"] {
            fs::remove_file(scene.place().join("in").join(name)).expect("an output");
        }
    };
    let wanted = read();
    clear();
    let Some(count) = strace(&scene, CALLS[1], None) else { return };
    assert!(read() == wanted);
    clear();
    for nth in [count / 3, count / 2, count * 3 / 4] {
        strace(&scene, CALLS[1], Some((Fault::Killed, nth)));
        let resumed = command(scene.place(), scene.args).arg("--resume").output().expect("runs");
        assert_eq!(resumed.status.code(), Some(1), "{}", String::from_utf8_lossy(&resumed.stderr));
        assert!(read() == wanted, "killed at sync {nth} of {count}");
        clear();
    }
}

#[test]
fn shards_inside_the_input_are_no_input() {
    let place = tempfile::tempdir().expect("a folder");
    corpus(place.path());
    let shards = |folder: &str| {
        // Where it is read last, and has its first shards by then.
        fs::create_dir_all(place.path().join(folder)).expect("a folder");
        let mut clean = Command::new(DEHUSK);
        clean
            .args(["clean", "in", "--format", "jsonl", "-o", &format!("{folder}/all.jsonl")])
            .current_dir(place.path());
        let output = clean.args(["--shard-size", "4KB", "--checkpoint", "0", "--threads", "1"]).output().expect("runs");
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let path = |number: usize| place.path().join(format!("{folder}/all-{number:05}.jsonl"));
        (0..).map_while(|number| fs::read(path(number)).ok()).collect::<Vec<_>>()
    };
    let wanted = shards("out");
    assert!(wanted.len() > 2);
    assert!(shards("in/z") == wanted);
}

#[test]
fn what_has_changed_is_not_gone_on_with() {
    let scene = Scene::new(COMMANDS[1]);
    for (change, word) in [("--level=thorough", "options"), ("", "inputs")] {
        // The last call but a few: something is written down.
        let Some(count) = strace(&scene, CALLS[1], None) else { return };
        clear(scene.place());
        strace(&scene, CALLS[1], Some((Fault::Killed, count / 2)));
        if change.is_empty() {
            fs::write(scene.place().join("in/records.jsonl"), record(1, 3)).expect("a file");
        }
        let mut resumed = command(scene.place(), scene.args);
        let resumed = resumed.arg("--resume").args(Some(change).filter(|it| !it.is_empty())).output().expect("runs");
        let stderr = String::from_utf8_lossy(&resumed.stderr);
        assert_eq!(resumed.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(word) && stderr.contains("changed"), "{stderr}");
        clear(scene.place());
    }
}

#[test]
fn of_two_runs_to_one_place_one_is_refused() {
    let scene = Scene::new(COMMANDS[0]);
    for _ in 0..8 {
        let spawn = || command(scene.place(), scene.args).spawn().expect("runs");
        let children: Vec<_> = (0..3).map(|_| spawn()).collect();
        let outputs_of: Vec<Output> = children.into_iter().map(|it| it.wait_with_output().expect("ends")).collect();
        let codes: Vec<_> = outputs_of.iter().map(|output| output.status.code()).collect();
        assert_eq!(codes.iter().filter(|code| **code == Some(1)).count(), 1, "{outputs_of:?}");
        assert!(codes.iter().all(|code| matches!(code, Some(1..=3))), "{codes:?}");
        assert!(outputs(scene.place()) == scene.wanted);
        clear(scene.place());
    }
}
