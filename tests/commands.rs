//! What the commands that show things say, where it follows from the library or the machine and no scenario can tell.
#![cfg(feature = "cli")]

use dehusk::{Level, RULES, Rule};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn dehusk(args: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dehusk"));
    command.args(args).current_dir(folder).stdin(Stdio::null()).output().expect("runs")
}

fn stdout(args: &[&str]) -> String {
    let output = dehusk(args, Path::new("."));
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn every_rule_is_in_the_table_once_with_its_level_and_summary() {
    let table = stdout(&["rules"]);
    let columns = |row: &str| -> Vec<String> {
        row.split("  ").map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect()
    };
    let rows: Vec<Vec<String>> = table.lines().map(columns).collect();
    let level = |level| match level {
        Level::Gentle => "gentle",
        Level::Standard => "standard",
        Level::Thorough => "thorough",
    };
    let row = |rule: &Rule| [rule.name, level(rule.level), rule.summary].map(str::to_owned).to_vec();
    assert_eq!(rows, RULES.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn every_rule_has_its_page() {
    for rule in RULES {
        assert_eq!(stdout(&["rules", rule.name]), rule.page);
    }
}

#[test]
fn a_page_in_colour_says_the_same() {
    for rule in RULES {
        let words = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
        let fence_languages = |text: &str| -> String {
            text.lines().map(|line| if line.starts_with("```") { "" } else { line }).collect::<Vec<_>>().join("\n")
        };
        let shown = stdout(&["rules", rule.name, "--color", "always"]);
        let plain = shown.replace("\u{1b}[0m", "").replace("\u{1b}[1m", "").replace("\u{1b}[36m", "");
        assert_eq!(words(&plain), words(&fence_languages(rule.page)), "{shown}");
    }
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(&["completions", shell]);
        for command in ["clean", "diff", "explain", "rules", "restore", "eval", "sites", "completions"] {
            assert!(script.contains(command), "{shell} does not know {command}");
        }
    }
}

#[test]
fn every_command_shows_an_example() {
    for command in ["clean", "diff", "explain", "rules", "restore", "eval", "sites", "completions"] {
        let help = stdout(&[command, "--help"]);
        assert!(help.contains("Examples:") && help.contains(&format!("dehusk {command} ")), "{help}");
        let too_wide = help.lines().find(|line| line.chars().count() > 100);
        assert_eq!(too_wide, None, "{command}");
    }
}

const TEXT: &str = "A title\n\nIts text.\n\nFacebook Twitter WhatsApp Email\n";

#[test]
fn a_colon_can_belong_to_a_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "a:5";
    if std::fs::write(folder.path().join(name), TEXT).is_err() || !folder.path().join(name).is_file() {
        println!("skipped: file names here hold no colon");
        return;
    }
    let explained = |input: &str| {
        let output = dehusk(&["explain", input, "--from", "text"], folder.path());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(explained("a:5").contains("    5 removed  Facebook"));
    assert!(explained("a:5:1").contains("    1 kept     A title"));
}

#[test]
fn colours_mark_what_brackets_mark_without_them() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.txt"), TEXT).expect("written");
    let word = |color: &str| {
        let output = dehusk(&["diff", "--word", "a.txt", "--color", color], folder.path());
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(word("never").contains("[-Facebook Twitter WhatsApp Email-]\n"));
    assert!(word("always").contains("\u{1b}[31mFacebook Twitter WhatsApp Email\u{1b}[0m\n"));
}

/// A patch that is piped on is the text's, escape sequences and all.
#[test]
fn a_patch_is_not_touched_by_escaping() {
    let folder = tempfile::tempdir().expect("a folder");
    let odd = "A \u{1b}[31mtitle\u{202e}\r\n\r\nIts text.\r\n\r\nFacebook Twitter WhatsApp Email\r\n";
    std::fs::write(folder.path().join("a.txt"), odd).expect("written");
    let output = dehusk(&["diff", "--unified", "a.txt"], folder.path());
    let patch = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(patch.contains("\n A \u{1b}[31mtitle\u{202e}\r\n"), "{patch:?}");
    assert!(patch.contains("\n-Facebook Twitter WhatsApp Email\r\n"), "{patch:?}");
}

#[test]
fn whoever_stops_reading_is_not_told_off() {
    let folder = tempfile::tempdir().expect("a folder");
    for i in 0..400 {
        std::fs::write(folder.path().join(format!("{i}.txt")), TEXT.replace("Its", &"Its ".repeat(100)))
            .expect("written");
    }
    for args in [&["diff", "."][..], &["diff", "--unified", "."], &["explain", "."]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dehusk"));
        let command = command.args(args).current_dir(&folder).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("ends");
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{args:?}");
    }
}

#[test]
fn learning_tells_a_program_how_far_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let page =
        |i: usize| format!("{{\"url\":\"https://a.example/{i}\",\"text\":\"Menu\\n{}\"}}\n", "word ".repeat(i + 1));
    let corpus: String = (0..100).map(page).collect();
    fs::write(folder.path().join("in.jsonl"), &corpus).expect("a file");
    let mut profiles = Vec::new();
    for (memory, spills) in [("1KB", true), ("1GB", false)] {
        let options = ["learn", "in.jsonl", "-o", memory, "--memory", memory, "--progress", "json", "--threads", "2"];
        let output = dehusk(&options, folder.path());
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        let last: serde_json::Value = serde_json::from_str(said.lines().last().expect("a line")).expect("JSON");
        assert_eq!((&last["done"], &last["documents"]), (&true.into(), &100.into()), "{said}");
        assert_eq!((&last["bytes"], &last["problems"]), (&corpus.len().into(), &0.into()));
        assert_eq!(last["spilled"].as_u64().expect("a number") > 0, spills, "{said}");
        profiles.push(fs::read(folder.path().join(memory)).expect("a profile"));
    }
    assert_eq!(profiles[0], profiles[1]);
}
