//! The program as scenarios. Each `tests/cli/NAME.toml` is one: arguments, standard input, and the exit code and output
//! they have to lead to. It runs in a copy of `NAME.in`, and has to leave every file of `NAME.out` there. `[..]` stands
//! for anything on a line.
#![cfg(feature = "cli")]

use serde::Deserialize;
use snapbox::{Assert, Data};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    args: Vec<String>,
    #[serde(default)]
    status: i32,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    stdout: String,
    #[serde(default)]
    stderr: String,
}

#[test]
fn scenarios() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let files = files_below(&folder).into_iter().filter(|file| file.extension().is_some_and(|e| e == "toml"));
    let scenarios: Vec<_> = files.filter(|file| !file.iter().any(is_part_of_a_scenario)).collect();
    assert!(!scenarios.is_empty());
    let failures: Vec<String> = scenarios.iter().flat_map(|name| check(&folder.join(name))).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn is_part_of_a_scenario(part: &std::ffi::OsStr) -> bool {
    Path::new(part).extension().is_some_and(|extension| extension == "in" || extension == "out")
}

/// Runs a scenario, and says what came out wrong.
fn check(path: &Path) -> Vec<String> {
    let scenario: Scenario = toml::from_str(&fs::read_to_string(path).expect("readable")).expect("a scenario");
    let place = tempfile::tempdir().expect("a folder");
    for file in files_below(&path.with_extension("in")) {
        let copy = place.path().join(&file);
        fs::create_dir_all(copy.parent().expect("a folder")).expect("a folder");
        fs::copy(path.with_extension("in").join(&file), copy).expect("a copy");
    }

    let (status, stdout, stderr) = run(&scenario, place.path());
    let mut compared = vec![
        ("exit code".into(), status.to_string().into_bytes(), scenario.status.to_string().into_bytes()),
        ("stdout".into(), stdout, scenario.stdout.into_bytes()),
        ("stderr".into(), stderr, scenario.stderr.into_bytes()),
    ];
    for file in files_below(&path.with_extension("out")) {
        let left = fs::read(place.path().join(&file)).unwrap_or_else(|error| error.to_string().into_bytes());
        let wanted = fs::read(path.with_extension("out").join(&file)).expect("readable");
        compared.push((file.display().to_string(), left, wanted));
    }
    let assert = Assert::new().normalize_paths(false);
    let name = path.file_stem().unwrap_or_default().display();
    let differs = |(what, got, wanted): (String, Vec<u8>, Vec<u8>)| {
        let (got, wanted) = (String::from_utf8_lossy(&got), String::from_utf8_lossy(&wanted));
        let result = assert.try_eq(None, Data::text(got.as_ref()), Data::text(wanted.as_ref()));
        result.err().map(|difference| format!("{name}: {what}{difference}"))
    };
    compared.into_iter().filter_map(differs).collect()
}

fn run(scenario: &Scenario, place: &Path) -> (i32, Vec<u8>, Vec<u8>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dehusk"))
        .args(&scenario.args)
        .current_dir(place)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that does not read to the end closes its side; that is for the exit code to judge.
    let _ = child.stdin.take().expect("a pipe").write_all(scenario.stdin.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    (output.status.code().expect("an exit code"), output.stdout, output.stderr)
}

/// Every file below a folder, by its path below it. None where there is no such folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(folder.join(&below)).into_iter().flatten() {
            let entry = entry.expect("an entry");
            let path = below.join(entry.file_name());
            if entry.path().is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}
