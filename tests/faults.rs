//! Bad input, bad places and bad neighbours: each has to end in a clear word, and in nothing lost.
#![cfg(all(feature = "cli", unix))]

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use tempfile::TempDir;

const ARTICLE: &str = "A title\n\nThe minister said on Tuesday that the bridge would open in spring, a year late.\n";
const JUNK: &str = "\nFacebook Twitter WhatsApp Email\n";

/// A folder with these files in it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    folder
}

fn command(place: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dehusk"));
    command.args(args).current_dir(place);
    command
}

fn run(place: &Path, args: &[&str]) -> Output {
    command(place, args).stdin(Stdio::null()).output().expect("the program runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Checks the exit code, and that one line on standard error holds all of `words`.
#[track_caller]
fn assert_complaint(output: &Output, expected: i32, words: &[&str]) {
    let stderr = stderr(output);
    assert_eq!(code(output), expected, "{stderr}");
    assert!(stderr.lines().any(|line| words.iter().all(|word| line.contains(word))), "{words:?} not in: {stderr}");
}

fn utf16(text: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
}

/// Cleans `in` into `out` and restores `out` into `back`.
fn clean_and_restore(place: &Path, options: &[&str]) -> (Output, Output) {
    let clean = run(place, &[&["clean", "in", "-o", "out"], options].concat());
    let restore = run(place, &["restore", "out", "--removals", "out.removals.jsonl", "-o", "back"]);
    (clean, restore)
}

#[test]
fn every_known_encoding_comes_out_as_it_came_in() {
    let text = format!("{ARTICLE}Élan 漢字 😀\n{JUNK}");
    let files: &[(&str, Vec<u8>)] = &[
        ("plain.txt", text.clone().into_bytes()),
        ("marked.txt", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        ("little.txt", utf16(&text, [0xFF, 0xFE], u16::to_le_bytes)),
        ("big.txt", utf16(&text, [0xFE, 0xFF], u16::to_be_bytes)),
    ];
    let place = tempfile::tempdir().expect("a folder");
    fs::create_dir(place.path().join("in")).expect("a folder");
    for (name, bytes) in files {
        fs::write(place.path().join("in").join(name), bytes).expect("a file");
    }
    let (clean, restore) = clean_and_restore(place.path(), &[]);
    assert_eq!((code(&clean), code(&restore)), (0, 0), "{}{}", stderr(&clean), stderr(&restore));
    for (name, bytes) in files {
        let cleaned = fs::read(place.path().join("out").join(name)).expect("clean text");
        assert!(cleaned.len() < bytes.len(), "{name} has lost nothing");
        assert_eq!(cleaned[..2], bytes[..2], "{name}");
        assert_eq!(&fs::read(place.path().join("back").join(name)).expect("a file"), bytes, "{name}");
    }
}

#[test]
fn jsonl_in_utf16_is_read() {
    let line = "{\"id\":1,\"text\":\"漢字\"}\n";
    let mut bytes = utf16(line, [0xFF, 0xFE], u16::to_le_bytes);
    // Half of a pair, which no text holds.
    bytes
        .extend("{\"text\":\"".encode_utf16().chain([0xD800]).chain("\"}\n".encode_utf16()).flat_map(u16::to_le_bytes));
    bytes.extend(line.encode_utf16().flat_map(u16::to_le_bytes));
    let place = folder(&[("in.jsonl", &bytes)]);
    let output = run(place.path(), &["clean", "in.jsonl"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{line}{line}"));
    assert_complaint(&output, 1, &["in.jsonl:2", "not UTF-16LE"]);
}

#[test]
fn what_cannot_be_decoded_is_set_aside() {
    let place =
        folder(&[("in/bad.txt", b"caf\xE9\n"), ("in/odd.txt", b"\xFF\xFEa\0b"), ("in/good.txt", ARTICLE.as_bytes())]);
    let output = run(place.path(), &["clean", "in", "-o", "out"]);
    assert_complaint(&output, 1, &["bad.txt", "not UTF-8", "byte 3"]);
    assert_complaint(&output, 1, &["odd.txt", "not UTF-16LE"]);
    assert_eq!(fs::read_to_string(place.path().join("out/good.txt")).expect("a file"), ARTICLE);
    assert!(!place.path().join("out/bad.txt").exists());
}

#[test]
fn odd_bytes_are_kept_as_they_came() {
    for text in ["a\0b\0\n", "one\r\ntwo\r\n", "one\rtwo\r", "", "\n\n \n", "no line break", "\u{feff}\u{feff}twice"] {
        let place = folder(&[("in/a.txt", text.as_bytes())]);
        let (clean, restore) = clean_and_restore(place.path(), &[]);
        assert_eq!((code(&clean), code(&restore)), (0, 0), "{text:?}");
        assert_eq!(fs::read_to_string(place.path().join("out/a.txt")).expect("a file"), text);
        assert_eq!(fs::read_to_string(place.path().join("back/a.txt")).expect("a file"), text);
    }
}

#[test]
fn line_breaks_survive_a_removal() {
    for line_break in ["\r\n", "\r"] {
        let text = format!("{ARTICLE}{JUNK}").replace('\n', line_break);
        let place = folder(&[("in/a.txt", text.as_bytes())]);
        let (clean, restore) = clean_and_restore(place.path(), &[]);
        assert_eq!((code(&clean), code(&restore)), (0, 0));
        let cleaned = fs::read_to_string(place.path().join("out/a.txt")).expect("a file");
        assert_eq!(cleaned, ARTICLE.replace('\n', line_break));
        assert_eq!(fs::read_to_string(place.path().join("back/a.txt")).expect("a file"), text);
    }
}

#[test]
fn an_empty_file_stays_one() {
    let place = folder(&[("in/a.txt", b""), ("in/b.jsonl", b"")]);
    assert_eq!(code(&run(place.path(), &["clean", "in", "-o", "out"])), 0);
    for name in ["out/a.txt", "out/b.jsonl", "out.removals.jsonl"] {
        assert_eq!(fs::read(place.path().join(name)).expect("a file"), b"", "{name}");
    }
}

/// One line of 8 MB; `DEHUSK_HUGE_MB=1000` for the real thing (in a release build).
#[test]
fn a_huge_line_takes_memory_in_proportion() {
    let megabytes = std::env::var("DEHUSK_HUGE_MB").map_or(8, |mb| mb.parse().expect("a number"));
    let words = "word ".repeat(megabytes * 200_000);
    let line = format!("{{\"id\":1,\"text\":\"{words}\"}}\n");
    let place = folder(&[("in.jsonl", line.as_bytes()), ("in.txt", words.as_bytes())]);
    let limit = 128 * 1024 + megabytes * 1024 * 12;
    for (input, content) in [("in.jsonl", &line), ("in.txt", &words)] {
        let script = format!("ulimit -v {limit}; exec \"$0\" clean {input} -o out --force --threads 1");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_dehusk")]).current_dir(place.path());
        let output = shell.output().expect("the program runs");
        assert_eq!(code(&output), 0, "{input}: {}", stderr(&output));
        assert!(fs::read(place.path().join("out")).expect("a file") == content.as_bytes(), "{input} has changed");
    }
}

/// One string of a megabyte in a dictionary, and four hundred rows that point at it.
#[test]
fn rows_that_unpack_to_much_take_little_memory() {
    let text = "The county opened the bridge on Tuesday, a year late.\n\n".repeat(20_000);
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values((0..400).map(|_| &text)));
    let rows = RecordBatch::try_from_iter([("text", texts)]).expect("rows");
    let properties = WriterProperties::builder().set_dictionary_page_size_limit(4 << 20).build();
    let mut file = ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties)).expect("a file");
    file.write(&rows).expect("memory");
    let bytes = file.into_inner().expect("memory");
    assert!(bytes.len() < 8 << 20, "{}", bytes.len());
    let place = folder(&[("in.parquet", &bytes)]);
    let script = "ulimit -v 300000; exec \"$0\" clean in.parquet -o out.parquet --only none --threads 1";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_dehusk")]).current_dir(place.path());
    let output = shell.output().expect("the program runs");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let manifest = fs::read_to_string(place.path().join("out.parquet.manifest.json")).expect("a file");
    assert!(manifest.contains("\"written\":400"), "{manifest}");
}

#[test]
fn a_million_one_word_lines_are_read() {
    let text = "word\n".repeat(1_000_000);
    let place = folder(&[("in.txt", text.as_bytes())]);
    let output = run(place.path(), &["clean", "in.txt", "-o", "out.txt"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let restore = run(place.path(), &["restore", "out.txt", "--removals", "out.txt.removals.jsonl", "-o", "back.txt"]);
    assert_eq!(code(&restore), 0, "{}", stderr(&restore));
    assert!(fs::read_to_string(place.path().join("back.txt")).expect("a file") == text);
}

#[test]
fn an_output_that_cannot_be_written_ends_the_run() {
    let place = folder(&[("in/a.txt", ARTICLE.as_bytes()), ("file", b"")]);
    let output = run(place.path(), &["clean", "in", "-o", "file/out"]);
    assert_complaint(&output, 3, &["file/out"]);
    let output = run(place.path(), &["clean", "in/a.txt", "-o", "file/out.txt"]);
    assert_complaint(&output, 3, &["file/out.txt"]);
    let output = run(place.path(), &["clean", "in/a.txt", "--removals", "file/r.jsonl"]);
    assert_complaint(&output, 3, &["file/r.jsonl"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_ends_the_run() {
    let place = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let output = run(place.path(), &["clean", "a.txt", "-o", "/dev/full"]);
    assert_complaint(&output, 3, &["/dev/full", "No space left"]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
    let output = command(place.path(), &["clean", "a.txt"]).stdout(full).output().expect("the program runs");
    assert_complaint(&output, 3, &["standard output", "No space left"]);
}

#[test]
fn an_output_folder_in_use_is_refused() {
    let place = folder(&[("in/a.txt", ARTICLE.as_bytes()), ("out/a.txt", b"precious")]);
    assert_complaint(&run(place.path(), &["clean", "in", "-o", "out"]), 2, &["out: exists"]);
    assert_eq!(fs::read(place.path().join("out/a.txt")).expect("a file"), b"precious");
    assert_eq!(code(&run(place.path(), &["clean", "in", "-o", "out", "--force"])), 0);
    assert_eq!(fs::read_to_string(place.path().join("out/a.txt")).expect("a file"), ARTICLE);
}

#[test]
fn the_input_is_never_written_over() {
    let place = folder(&[("in/a.txt", ARTICLE.as_bytes()), ("b.txt", ARTICLE.as_bytes())]);
    fs::hard_link(place.path().join("b.txt"), place.path().join("hard.txt")).expect("a link");
    symlink("b.txt", place.path().join("soft.txt")).expect("a link");
    symlink("in", place.path().join("link")).expect("a link");
    for args in [
        &["clean", "b.txt", "-o", "b.txt"],
        &["clean", "b.txt", "-o", "hard.txt"],
        &["clean", "b.txt", "-o", "soft.txt"],
        &["clean", "in", "-o", "in"],
        &["clean", "in", "-o", "link"],
        &["clean", "in", "-o", "."],
        &["clean", "b.txt", "--removals", "b.txt"],
    ] {
        let output = run(place.path(), &[args.as_slice(), &["--force"]].concat());
        assert_complaint(&output, 2, &["would write over the input"]);
    }
    let stdin = fs::File::open(place.path().join("b.txt")).expect("a file");
    let mut from_stdin = command(place.path(), &["clean", "-o", "b.txt", "--force"]);
    assert_complaint(&from_stdin.stdin(stdin).output().expect("the program runs"), 2, &["b.txt", "standard input"]);
    let stdout = fs::OpenOptions::new().append(true).open(place.path().join("b.txt")).expect("a file");
    let mut to_input = command(place.path(), &["clean", "b.txt"]);
    assert_complaint(&to_input.stdout(stdout).output().expect("the program runs"), 2, &["b.txt", "standard output"]);
    assert_eq!(fs::read_to_string(place.path().join("b.txt")).expect("a file"), ARTICLE);
}

/// A link is replaced, not what it leads to: that may be an input.
#[test]
fn what_a_link_leads_to_stays() {
    let place = folder(&[("in/a.txt", format!("{ARTICLE}{JUNK}").as_bytes()), ("out/other", b"")]);
    let link = place.path().join("out/a.txt");
    symlink("../in/a.txt", &link).expect("a link");
    assert_eq!(code(&run(place.path(), &["clean", "in", "-o", "out", "--force"])), 0);
    assert!(!link.is_symlink());
    assert_eq!(fs::read_to_string(link).expect("a file"), ARTICLE);
    assert_eq!(fs::read_to_string(place.path().join("in/a.txt")).expect("a file"), format!("{ARTICLE}{JUNK}"));

    symlink("gone", place.path().join("nowhere.txt")).expect("a link");
    let output = run(place.path(), &["clean", "in/a.txt", "-o", "nowhere.txt"]);
    assert_complaint(&output, 2, &["nowhere.txt: exists"]);
    assert_eq!(code(&run(place.path(), &["clean", "in/a.txt", "-o", "nowhere.txt", "--force"])), 0);
}

#[test]
fn two_inputs_of_one_name_are_refused() {
    let place = folder(&[("x/a.txt", b"one"), ("y/a.txt", b"two")]);
    assert_complaint(&run(place.path(), &["clean", "x/a.txt", "y/a.txt", "-o", "out"]), 2, &["two inputs", "a.txt"]);
    assert_eq!(run(place.path(), &["clean", "x/a.txt", "y/a.txt"]).stdout, b"one\ntwo");
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = folder(&[("in/a.txt", format!("{ARTICLE}{JUNK}").as_bytes())]);
    let output = run(place.path(), &["clean", "in", "-o", "out", "--removals", "r.jsonl", "--dry-run"]);
    assert_eq!((code(&output), output.stdout.as_slice()), (0, b"".as_slice()));
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 1);
}

#[test]
fn loops_pipes_and_what_has_vanished_are_passed_over() {
    let place = folder(&[("in/sub/a.txt", ARTICLE.as_bytes())]);
    let input = place.path().join("in");
    symlink("../..", input.join("sub/up")).expect("a link");
    symlink("itself.txt", input.join("itself.txt")).expect("a link");
    symlink("gone", input.join("vanished.txt")).expect("a link");
    symlink("gone", input.join("of no interest")).expect("a link");
    mkfifo(&input.join("pipe.txt"));
    for output in ["out", "out2"] {
        // The second time the walk meets the first output, through the link that leads up: it is a tree as any other.
        let output = run(place.path(), &["clean", "in", "-o", output]);
        assert_eq!(code(&output), 1);
        assert_complaint(&output, 1, &["pipe.txt", "neither a file nor a folder"]);
        assert_complaint(&output, 1, &["itself.txt", "symbolic links"]);
        assert_complaint(&output, 1, &["vanished.txt", "No such file"]);
        assert_complaint(&output, 1, &["up/in", "leads back"]);
        assert!(!stderr(&output).contains("of no interest"));
    }
    assert_eq!(fs::read_to_string(place.path().join("out/sub/a.txt")).expect("a file"), ARTICLE);
}

fn mkfifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
}

#[test]
fn a_named_pipe_is_read_as_a_stream() {
    let place = folder(&[]);
    let pipe = place.path().join("pipe");
    mkfifo(&pipe);
    let mut program = start(place.path(), &["clean", "pipe"]);
    let line = "{\"id\":1,\"text\":\"An article.\"}\n";
    let mut pipe = fs::OpenOptions::new().write(true).open(pipe).expect("the program reads");
    pipe.write_all(line.as_bytes()).expect("the program reads");
    let mut reader = BufReader::new(program.stdout.take().expect("a pipe"));
    assert_eq!(read_line(&mut reader), line);
    drop(pipe);
    assert!(program.wait().expect("the program ends").success());
}

fn start(place: &Path, args: &[&str]) -> Child {
    let mut command = command(place, args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

fn read_line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    assert!(reader.read_line(&mut line).expect("a line") > 0, "it has ended");
    line
}

/// Were records held back, this would never end.
#[test]
fn in_a_pipe_records_flow() {
    let place = folder(&[]);
    for threads in ["1", "3"] {
        let mut program = start(place.path(), &["clean", "--threads", threads]);
        let mut stdin = program.stdin.take().expect("a pipe");
        let mut stdout = BufReader::new(program.stdout.take().expect("a pipe"));
        for n in 0..5 {
            let line = format!("{{\"id\":{n},\"text\":\"An article.\"}}\n");
            stdin.write_all(line.as_bytes()).expect("the program reads");
            assert_eq!(read_line(&mut stdout), line);
        }
        drop(stdin);
        assert!(program.wait().expect("the program ends").success());
    }
}

#[test]
fn a_broken_pipe_is_quiet() {
    let lines = "{\"text\":\"An article.\"}\n".repeat(200_000);
    let place = folder(&[("in.jsonl", lines.as_bytes())]);
    for threads in ["1", "3"] {
        let mut program = start(place.path(), &["clean", "in.jsonl", "--threads", threads]);
        let mut stdout = BufReader::new(program.stdout.take().expect("a pipe"));
        read_line(&mut stdout);
        drop(stdout);
        let mut complaint = String::new();
        program.stderr.take().expect("a pipe").read_to_string(&mut complaint).expect("UTF-8");
        assert_eq!(complaint, "");
        assert_eq!(program.wait().expect("the program ends").code(), Some(0));
    }
}

#[test]
fn a_run_that_a_signal_ends_leaves_no_half_files() {
    use std::os::unix::process::ExitStatusExt;
    for (name, number) in [("INT", 2), ("TERM", 15)] {
        let place = folder(&[]);
        let mut program = start(place.path(), &["clean", "-o", "out.jsonl"]);
        let mut stdin = program.stdin.take().expect("a pipe");
        stdin.write_all(b"{\"text\":\"An article.\"}\n").expect("the program reads");
        while fs::read_dir(place.path()).expect("a folder").count() < 2 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let kill = Command::new("kill").args(["-s", name, &program.id().to_string()]).status();
        assert!(kill.expect("kill runs").success());
        assert_eq!(program.wait().expect("the program ends").signal(), Some(number));
        assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 0);
    }
}

/// Pages of one site, each with a line that no other has.
fn pages(count: usize) -> String {
    let letter = |i: usize| char::from(b'a' + (i % 26) as u8);
    let word = |i: usize| [i, i / 26, i / 676, i / 17_576].map(letter).iter().collect::<String>();
    let page = |i| format!("{{\"url\":\"https://a.example/{i}\",\"text\":\"Menu\\nStory {}\"}}\n", word(i));
    (0..count).map(page).collect()
}

#[test]
fn learning_that_a_signal_ends_leaves_nothing() {
    use std::os::unix::process::ExitStatusExt;
    let place = folder(&[]);
    let options = ["learn", "-o", "sites.profile", "--memory", "64KB", "--progress", "json"];
    let mut program =
        command(place.path(), &options).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
    let mut stdin = program.stdin.take().expect("a pipe");
    let mut told = BufReader::new(program.stderr.take().expect("a pipe"));
    // Until it tells that there are files.
    let mut line = String::new();
    let writer = std::thread::spawn(move || while stdin.write_all(pages(20_000).as_bytes()).is_ok() {});
    while !line.contains("\"spilled\":") || line.contains("\"spilled\":0,") {
        line = read_line(&mut told);
    }
    let kill = Command::new("kill").args(["-s", "INT", &program.id().to_string()]).status();
    assert!(kill.expect("kill runs").success());
    assert_eq!(program.wait().expect("the program ends").signal(), Some(2));
    writer.join().expect("it ends with the program");
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 0);
}

#[test]
fn learning_on_a_full_disk_leaves_nothing() {
    let place = folder(&[("in.jsonl", pages(20_000).as_bytes())]);
    // What is full is a file, at 64 KiB. The profile itself would fit.
    let script = "trap '' XFSZ; ulimit -f 128; exec \"$0\" learn in.jsonl -o sites.profile --memory 1MB";
    let program = env!("CARGO_BIN_EXE_dehusk");
    let output = Command::new("sh").args(["-c", script, program]).current_dir(place.path()).output().expect("runs");
    assert_complaint(&output, 3, &["too large"]);
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 1);
}

#[test]
fn a_page_that_panics_is_named_and_the_others_are_learned() {
    let lines = pages(300) + &pages(20).replace("Story", "kaboom");
    let place = folder(&[("in.jsonl", lines.as_bytes())]);
    let mut command = command(place.path(), &["learn", "in.jsonl", "-o", "sites.profile"]);
    let output = command.env("DEHUSK_PANIC_ON", "kaboom").stdin(Stdio::null()).output().expect("runs");
    assert_complaint(&output, 1, &["in.jsonl: record 301", "defect", "asked to"]);
    let profile = fs::read_to_string(place.path().join("sites.profile")).expect("a profile");
    assert!(profile.starts_with("{\"dehusk-profile\":1,\"fingerprints\":1,\"documents\":300,"), "{profile}");
}

#[test]
fn a_run_that_ends_early_leaves_no_half_files() {
    let place =
        folder(&[("clean.txt", b"Short."), ("r.jsonl", b"{\"id\":\"a\",\"start\":90,\"end\":91,\"text\":\"x\"}\n")]);
    let output = run(place.path(), &["restore", "clean.txt", "--removals", "r.jsonl", "-o", "back.txt"]);
    assert_complaint(&output, 3, &["do not fit", "byte 90"]);
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 2);
}

#[test]
fn panics_are_set_aside_and_nothing_else() {
    let lines: String = (0..100_000)
        .map(|id| {
            let word = if id % 1000 == 7 { "kaboom" } else { "bridge" };
            format!("{{\"id\":{id},\"text\":\"A title\\n\\nThe {word} opens in spring, the county said.\"}}\n")
        })
        .collect();
    let place = folder(&[("in.jsonl", lines.as_bytes())]);
    let mut command = command(place.path(), &["clean", "in.jsonl", "-o", "out.jsonl", "--report", "report.json"]);
    let output = command.env("DEHUSK_PANIC_ON", "kaboom").stdin(Stdio::null()).output().expect("runs");
    assert_complaint(&output, 1, &["in.jsonl:8", "defect", "asked to"]);
    let read = |name: &str| fs::read_to_string(place.path().join(name)).expect(name);
    assert_eq!(read("out.jsonl").lines().count(), 99_900);
    let quarantined: Vec<serde_json::Value> =
        read("out.jsonl.quarantine.jsonl").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(quarantined.len(), 100);
    assert!(quarantined.iter().all(|entry| entry["code"] == "defect"));
    assert_eq!((&quarantined[1]["record"], &quarantined[1]["id"]), (&1008.into(), &"1007".into()));
    let report: serde_json::Value = serde_json::from_str(&read("report.json")).expect("JSON");
    assert_eq!((&report["documents"], &report["set_aside"]), (&100_000.into(), &100.into()));
}

#[test]
fn a_rule_that_takes_too_much_stops_the_run() {
    let junk: String = (0..1500)
        .map(|id| {
            let text = "A title\\n\\nText.\\n\\nFacebook Twitter WhatsApp Email\\n";
            format!("{{\"id\":{id},\"text\":\"{text}\"}}\n")
        })
        .collect();
    let place = folder(&[("in.jsonl", junk.as_bytes())]);
    let run = |share: &str| run(place.path(), &["clean", "in.jsonl", "-o", "out.jsonl", "--halt-removed", share]);
    assert_complaint(&run("0.3"), 3, &["the last", "outside the 0 to 0.3", "`share-widget` took most"]);
    assert_complaint(&run("0.9..1"), 3, &["outside the 0.9 to 1"]);
    assert_eq!(code(&run("0.1..0.9")), 0);
}

#[test]
fn shards_are_written_over_by_force_alone_and_never_an_input() {
    let lines: String =
        (0..9000).map(|id| format!("{{\"id\":{id},\"text\":\"Text {id} of some length.\"}}\n")).collect();
    let place = folder(&[("in.jsonl", lines.as_bytes()), ("out-00000.jsonl", b"old"), ("out-00009.jsonl", b"old")]);
    let clean = |options: &[&str]| {
        run(place.path(), &[&["clean", "-o", "out.jsonl", "--shard-size", "200KB"], options].concat())
    };
    assert_complaint(&clean(&["in.jsonl"]), 2, &["out-00000.jsonl: exists"]);
    assert_complaint(&clean(&["out-00009.jsonl", "--force"]), 2, &["write over the input"]);
    assert_eq!(code(&clean(&["in.jsonl", "--force"])), 0);
    assert!(place.path().join("out-00001.jsonl").exists() && !place.path().join("out-00009.jsonl").exists());
}
