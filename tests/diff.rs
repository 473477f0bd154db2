//! Patches and views of what went: they tell the truth, and the tools that read patches agree.

use dehusk::diff::{Piece, lines, unified};
use dehusk::{Removal, restore};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::path::Path;
use std::process::{Command, Stdio};

/// Stretches that texts are made of: what ends lines, what patches are written with, and characters of several bytes.
const STRETCHES: &[&str] =
    &["\n", "\n", "\r\n", "\r", "a", "b c", "-", "+ ", "@@ -1 +1 @@", "\\ No", "é", "\u{1b}[1m", "\t"];

/// A text, what is left of it, and what went.
#[derive(Debug, Clone)]
struct Cut {
    text: String,
    kept: String,
    removals: Vec<Removal>,
}

/// Cuts a text of stretches, each of which goes or stays and may have something put in its place.
fn cut(stretches: &[(&str, bool, &str)]) -> Cut {
    let model = dehusk::clean("A title\n\nIts text.\n\nAdvertisement\n").removals.remove(0);
    let mut cut = Cut { text: String::new(), kept: String::new(), removals: Vec::new() };
    for &(stretch, goes, replacement) in stretches {
        let start = cut.text.len();
        cut.text += stretch;
        if !goes {
            cut.kept += stretch;
            continue;
        }
        cut.kept += replacement;
        let mut removal = model.clone();
        removal.span = start..cut.text.len();
        removal.text = stretch.to_owned();
        removal.replacement = replacement.to_owned();
        cut.removals.push(removal);
    }
    cut
}

fn cuts() -> impl Strategy<Value = Cut> {
    let replacement = prop_oneof![9 => Just(""), 1 => Just("new"), 1 => Just("new\n")];
    let stretch = (proptest::sample::select(STRETCHES), prop::bool::weighted(0.3), replacement);
    proptest::collection::vec(stretch, 1..40).prop_map(|stretches| cut(&stretches))
}

/// Applies a patch of one file in reverse, strictly: context and counts have to fit.
fn apply_reverse(patch: &str, kept: &str) -> String {
    let mut patch_lines = patch.split_inclusive('\n').peekable();
    let mut rest = kept.split_inclusive('\n');
    let mut original = String::new();
    let (mut old_at, mut new_at) = (0, 0);
    assert!(patch_lines.next().is_none_or(|line| line.starts_with("--- ")));
    assert!(patch_lines.next().is_none_or(|line| line.starts_with("+++ ")));
    while let Some(header) = patch_lines.next() {
        let places: Vec<&str> = header.split(' ').collect();
        let [(old_start, old_count), (new_start, new_count)] = [places[1], places[2]].map(place);
        while new_at < new_start {
            original.push_str(rest.next().expect("as many lines as the hunk says are before it"));
            (old_at, new_at) = (old_at + 1, new_at + 1);
        }
        assert_eq!((old_at, new_at), (old_start, new_start), "{header}");
        while old_at < old_start + old_count || new_at < new_start + new_count {
            let line = patch_lines.next().expect("as many lines as the hunk says");
            let mut content = &line[1..];
            if patch_lines.next_if(|next| next.starts_with("\\ ")).is_some() {
                content = content.strip_suffix('\n').expect("a line break to take away");
            }
            if line.starts_with([' ', '+']) {
                assert_eq!(rest.next(), Some(content));
                new_at += 1;
            }
            if line.starts_with([' ', '-']) {
                original.push_str(content);
                old_at += 1;
            }
        }
    }
    original + &rest.collect::<String>()
}

/// Lines before a hunk, and lines in it.
fn place(range: &str) -> (usize, usize) {
    let (start, count) = range[1..].split_once(',').unwrap_or((&range[1..], "1"));
    let (start, count): (usize, usize) = (start.parse().expect("a number"), count.parse().expect("a number"));
    (if count == 0 { start } else { start - 1 }, count)
}

proptest! {
    #[test]
    fn a_patch_in_reverse_gives_the_original(cut in cuts()) {
        prop_assert_eq!(apply_reverse(&unified("name", &cut.text, &cut.removals), &cut.kept), cut.text);
    }

    #[test]
    fn lines_hold_all_that_was_and_all_that_is_left(cut in cuts()) {
        prop_assert_eq!(&restore(&cut.kept, &cut.removals).unwrap(), &cut.text);
        let lines = lines(&cut.text, &cut.removals);
        let (mut was, mut is_left) = (String::new(), String::new());
        for (number, line) in (1..).zip(&lines) {
            prop_assert_eq!(line.number, number);
            for piece in &line.pieces {
                match *piece {
                    Piece::Kept(text) => { was += text; is_left += text; }
                    Piece::Removed(text, _) => was += text,
                    Piece::Added(text, number) => {
                        prop_assert_eq!(text, &cut.removals[number].replacement);
                        is_left += text;
                    }
                }
            }
        }
        prop_assert_eq!(lines.len(), cut.text.split_inclusive('\n').count());
        prop_assert_eq!(was, cut.text);
        prop_assert_eq!(is_left, cut.kept);
    }

    #[test]
    fn names_stay_in_their_folder(id in "[./a\\\\\"\n\r\0 é]{0,12}") {
        let cut = cut(&[("a\n", true, "")]);
        let patch = unified(&id, &cut.text, &cut.removals);
        let name = patch.lines().next().unwrap().strip_prefix("--- ").unwrap();
        let inner = name.trim_matches('"').strip_prefix("a/").unwrap().trim_end_matches('\t');
        prop_assert!(!inner.is_empty() && inner.split('/').all(|part| !matches!(part, "" | "." | "..")), "{}", patch);
        prop_assert_eq!(patch.lines().count(), 4);
    }
}

#[test]
fn whole_lines_go_where_a_removal_takes_the_break_before_them() {
    for (stretches, expected) in [
        (&[("a", false, ""), ("\nb", true, ""), ("\nc\n", false, "")][..], "@@ -1,3 +1,2 @@\n a\n-b\n c\n"),
        (
            &[("a", false, ""), ("\r\nb", true, ""), ("\r\nc\r\n", true, ""), ("\r\n", false, "")][..],
            "@@ -1,4 +1 @@\n a\r\n-b\r\n-c\r\n-\r\n",
        ),
        (
            &[("a", false, ""), ("\nb", true, "")][..],
            "@@ -1,2 +1 @@\n-a\n-b\n\\ No newline at end of file\n+a\n\\ No newline at end of file\n",
        ),
        (&[("a\nb\n", true, "")][..], "@@ -1,2 +0,0 @@\n-a\n-b\n"),
    ] {
        let cut = cut(stretches);
        let patch = unified("name", &cut.text, &cut.removals);
        assert_eq!(patch, format!("--- a/name\n+++ b/name\n{expected}"));
    }
}

/// Names that tools have to be told with care.
const NAMES: &[&str] =
    &["plain.txt", "with space.txt", "dir/ümlaut.txt", "quote\".txt", "back\\slash.txt", "tab\t.txt", "-dash"];

/// A patch of many files, and the folder in which they are clean.
fn corpus(folder: &Path) -> (String, Vec<(String, Cut)>) {
    let mut runner = TestRunner::deterministic();
    let mut patch = String::new();
    let mut files = Vec::new();
    for i in 0..200 {
        let cut = cuts().new_tree(&mut runner).expect("a case").current();
        let name = NAMES.get(i).map_or(format!("{i}.txt"), |&name| name.to_owned());
        let path = folder.join(&name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, &cut.kept).expect("written");
        patch += &unified(&name, &cut.text, &cut.removals);
        files.push((name, cut));
    }
    (patch, files)
}

fn assert_tool_restores(tool: &str, args: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let (patch, files) = corpus(folder.path());
    let patch_file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(patch_file.path(), patch).expect("written");
    let input = Stdio::from(std::fs::File::open(patch_file.path()).expect("open"));
    let Ok(output) = Command::new(tool).args(args).current_dir(&folder).stdin(input).output() else {
        println!("skipped: needs {tool}");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool}: {said}");
    for (name, cut) in files {
        let restored =
            std::fs::read(folder.path().join(&name)).unwrap_or_else(|error| panic!("{name:?}: {error}\n{said}"));
        assert_eq!(String::from_utf8(restored).unwrap(), cut.text, "{name:?}");
    }
}

#[test]
fn patch_restores() {
    assert_tool_restores("patch", &["-R", "-p1"]);
}

#[test]
fn git_restores() {
    assert_tool_restores("git", &["-c", "core.autocrlf=false", "apply", "-R", "--whitespace=nowarn"]);
}
