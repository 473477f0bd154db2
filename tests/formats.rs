//! Whatever a corpus is stored in: what was whole comes out, what is damaged is lost alone and named, and nothing comes out
//! that was not in it.
#![cfg(feature = "formats")]

use dehusk::Cleaner;
use dehusk::corpus::{self, Code, Destination, Inputs, Problem, Reading, Tally, Writing};
use std::fs;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What a run came to.
struct Run {
    place: TempDir,
    tally: Tally,
    problems: Vec<Problem>,
}

impl Run {
    /// Cleans files into `output` (in order of their names where there are several, from a folder).
    fn new(files: &[(&str, &[u8])], output: &str) -> Self {
        Self::with(files, output, Reading::default(), Writing::default(), 2)
    }

    fn with(files: &[(&str, &[u8])], output: &str, reading: Reading, writing: Writing, threads: usize) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        for (name, content) in files {
            let path = place.path().join("in").join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, content).expect("a file");
        }
        let input = match files {
            [(name, _)] => place.path().join("in").join(name),
            _ => place.path().join("in"),
        };
        let inputs = Inputs::new(&[input], reading);
        let mut run = corpus::Run::new(inputs, Destination::Path(place.path().join(output)));
        run.writing = writing;
        run.removals = Some(place.path().join("removals.jsonl"));
        run.threads = NonZeroUsize::new(threads).expect("a thread");
        let mut problems = Vec::new();
        let watch = |more: &[Problem], _: &Tally| problems.extend_from_slice(more);
        let tally = run.clean(&Cleaner::default(), watch).expect("a run");
        assert!(tally.adds_up(), "{tally:?}");
        Run { place, tally, problems }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(unpacked(Path::new(name), &self.bytes(name))).expect("UTF-8")
    }

    fn codes(&self) -> Vec<Code> {
        self.problems.iter().map(|problem| problem.code).collect()
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    member.write_all(bytes).and_then(|()| member.finish()).expect("memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut frame = zstd::stream::Encoder::new(Vec::new(), 3).expect("a frame");
    frame.include_checksum(true).expect("a checksum");
    frame.write_all(bytes).and_then(|()| frame.finish()).expect("memory")
}

const PACKINGS: [(&str, fn(&[u8]) -> Vec<u8>); 2] = [("gz", gzip), ("zst", zstd)];

/// What another program reads from a file of this name.
fn unpacked(name: &Path, bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    match name.extension().and_then(|ending| ending.to_str()) {
        Some("gz") => drop(std::io::copy(&mut flate2::read::MultiGzDecoder::new(bytes), &mut whole).expect("gzip")),
        Some("zst") => whole = zstd::stream::decode_all(bytes).expect("zstd"),
        _ => whole.extend_from_slice(bytes),
    }
    whole
}

const JUNK: &str = "\\n\\nFacebook Twitter WhatsApp Email\\n";

fn line(number: usize, junk: &str) -> String {
    format!("{{\"id\":\"{number}\",\"text\":\"The county opened bridge {number} on Tuesday, a year late.{junk}\"}}\n")
}

fn lines(numbers: std::ops::Range<usize>, junk: &str) -> String {
    numbers.map(|number| line(number, junk)).collect()
}

#[test]
fn packed_lines_come_out_packed() {
    for (ending, pack) in PACKINGS {
        let bytes: Vec<u8> = (0..5).flat_map(|part| pack(lines(part * 2..part * 2 + 2, JUNK).as_bytes())).collect();
        let run = Run::new(&[(&format!("a.jsonl.{ending}"), &bytes)], &format!("out.jsonl.{ending}"));
        assert_eq!(run.problems, [], "{ending}");
        assert_eq!(run.text(&format!("out.jsonl.{ending}")), lines(0..10, "\\n"));
        // Another ending, and none at all: the bytes tell.
        for name in ["a.jsonl", "a"] {
            let run = Run::new(&[(name, &bytes)], "out.jsonl");
            assert_eq!(run.text("out.jsonl"), lines(0..10, "\\n"), "{name} {ending}");
        }
    }
}

#[test]
fn a_packed_tree_comes_out_as_one() {
    let (text, page) =
        ("A title\n\nThe bridge opened.\n", "<title>Night buses</title><p>They run from March on, said the county.");
    let files: &[(&str, &[u8])] =
        &[("a.txt.gz", &gzip(text.as_bytes())), ("b/c.html.zst", &zstd(page.as_bytes())), ("d.jsonl.gz", &gzip(b""))];
    let run = Run::new(files, "out");
    assert_eq!(run.problems, []);
    assert_eq!(run.text("out/a.txt.gz"), text);
    assert!(run.text("out/b/c.txt.zst").contains("They run from March on"));
    assert_eq!(run.text("out/d.jsonl.gz"), "");
    let cleaned = Inputs::of_cleaned(&run.path("out"), Reading::default());
    let to = Destination::Path(run.path("back"));
    corpus::restore(cleaned, &run.path("removals.jsonl"), to, false).expect("restored");
    assert_eq!(run.text("back/a.txt.gz"), text);
}

#[test]
fn threads_change_no_byte() {
    for (ending, pack) in PACKINGS {
        let bytes: Vec<u8> =
            (0..40).flat_map(|part| pack(lines(part * 200..part * 200 + 200, JUNK).as_bytes())).collect();
        let run = |threads| {
            let name = format!("a.jsonl.{ending}");
            Run::with(&[(&name, &bytes)], &format!("o.jsonl.{ending}"), Reading::default(), Writing::default(), threads)
        };
        let one = run(1);
        for threads in [2, 3] {
            let more = run(threads);
            for name in [&format!("o.jsonl.{ending}"), "removals.jsonl"] {
                assert!(one.bytes(name) == more.bytes(name), "{name}, {threads} threads");
            }
        }
    }
}

#[test]
fn what_is_cut_short_is_kept_as_far_as_it_goes() {
    for (ending, pack) in PACKINGS {
        let parts: Vec<Vec<u8>> = (0..3).map(|part| pack(lines(part * 3..part * 3 + 3, "").as_bytes())).collect();
        let bytes = parts.concat();
        let ends: Vec<usize> = (1..=3).map(|count| parts[..count].concat().len()).collect();
        for len in 0..bytes.len() {
            let run = Run::new(&[(&format!("a.jsonl.{ending}"), &bytes[..len])], "out.jsonl");
            let out = run.text("out.jsonl");
            let whole = ends.iter().filter(|end| **end <= len).count() * 3;
            assert!(
                out.starts_with(&lines(0..whole, "")) && lines(0..9, "").starts_with(&out),
                "{ending} {len}: {out}"
            );
            let is_whole = ends.contains(&len);
            assert_eq!(run.codes(), if is_whole { vec![] } else { vec![Code::Truncated] }, "{ending} {len}");
        }
    }
}

#[test]
fn a_damaged_member_is_lost_alone() {
    for (ending, pack) in PACKINGS {
        let parts: Vec<Vec<u8>> = (0..3).map(|part| pack(lines(part * 3..part * 3 + 3, "").as_bytes())).collect();
        for at in 0..parts[1].len() {
            let mut damaged = parts.clone();
            damaged[1][at] ^= 0x20;
            let run = Run::new(&[(&format!("a.jsonl.{ending}"), &damaged.concat())], "out.jsonl");
            let out = run.text("out.jsonl");
            let without = [lines(0..3, ""), lines(6..9, "")].concat();
            // Some bits, as of gzip's time, say nothing.
            let is_whole = out == lines(0..9, "") && run.problems.is_empty();
            assert!(
                is_whole || (out == without && run.codes() == [Code::Corrupt]),
                "{ending} {at}: {:?} {out}",
                run.problems
            );
        }
    }
}

#[test]
fn what_lies_behind_the_data_is_named() {
    for (ending, pack) in PACKINGS {
        let data = pack(lines(0..3, "").as_bytes());
        for (behind, codes) in [(&b"not packed"[..], vec![Code::Trailing]), (&[0; 700], vec![])] {
            for (name, content) in [("a.jsonl", lines(0..3, "")), ("a.txt", "A text.\n".to_owned())] {
                let bytes = [&pack(content.as_bytes()), behind].concat();
                let run = Run::new(&[(&format!("{name}.{ending}"), &bytes)], "out");
                assert_eq!((run.text("out"), run.codes()), (content, codes.clone()), "{ending} {name}");
            }
        }
        let skippable = [&[0x52, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3], &data[..]].concat();
        if ending == "zst" {
            let run = Run::new(&[("a.jsonl.zst", &skippable)], "out");
            assert_eq!((run.text("out"), run.codes()), (lines(0..3, ""), vec![]));
        }
    }
}

#[test]
fn a_text_that_is_not_whole_is_set_aside() {
    for (ending, pack) in PACKINGS {
        let packed = pack("A text that goes on for a while.\n".repeat(20).as_bytes());
        let run =
            Run::new(&[(&format!("a.txt.{ending}"), &packed[..packed.len() - 9]), ("b.txt", b"Another.\n")], "out");
        assert_eq!((run.codes(), run.tally.documents, run.tally.set_aside), (vec![Code::Truncated], 2, 1));
    }
}

#[test]
fn a_bomb_stops() {
    for (ending, pack) in PACKINGS {
        let bomb = pack(&b"\n".repeat(64 << 20));
        let run = Run::new(&[(&format!("a.jsonl.{ending}"), &bomb)], "out.jsonl");
        assert_eq!(run.codes(), [Code::Bomb], "{ending}");
        let run = Run::new(&[(&format!("a.txt.{ending}"), &bomb)], "out.txt");
        assert!(matches!(run.codes()[..], [Code::Bomb | Code::TooLong]), "{ending}");
    }
}

#[test]
fn a_window_beyond_the_limit_is_refused() {
    let mut frame = zstd::stream::Encoder::new(Vec::new(), 3).expect("a frame");
    frame.set_parameter(zstd::zstd_safe::CParameter::WindowLog(28)).expect("a window");
    let content = lines(0..3, "");
    frame.write_all(content.as_bytes()).expect("memory");
    let bytes = [frame.finish().expect("memory"), zstd(lines(3..4, "").as_bytes())].concat();
    let run = Run::new(&[("a.jsonl.zst", &bytes)], "out.jsonl");
    assert_eq!(run.text("out.jsonl"), line(3, ""));
    assert!(run.problems[0].reason.contains("128 MiB"), "{:?}", run.problems);
}
