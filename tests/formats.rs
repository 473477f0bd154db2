//! Whatever a corpus is stored in: what was whole comes out, what is damaged is lost alone and named, and nothing comes out
//! that was not in it.
#![cfg(feature = "formats")]

use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::{
    ArrayRef, Decimal128Array, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray, StructArray,
    TimestampMicrosecondArray, TimestampMillisecondArray,
};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use bytes::Bytes;
use dehusk::Cleaner;
use dehusk::corpus::{self, Code, Destination, Inputs, OutputFormat, Problem, Reading, Tally, Writing};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
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
        run.manifest = Some(place.path().join("manifest.json"));
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

type Pack = fn(&[u8]) -> Vec<u8>;

const PACKINGS: [(&str, Pack); 2] = [("gz", gzip), ("zst", zstd)];

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
    corpus::restore(cleaned, &run.path("removals.jsonl"), None, to, false).expect("restored");
    assert_eq!(run.text("back/a.txt.gz"), text);
}

#[test]
fn lines_of_several_files_stay_lines() {
    let writing = Writing { format: OutputFormat::Jsonl, ..Writing::default() };
    let (a, b) = (line(1, ""), line(2, ""));
    let files: &[(&str, &[u8])] = &[("a.jsonl", a.trim_end().as_bytes()), ("b.jsonl", b.trim_end().as_bytes())];
    for output in ["out.jsonl", "out.jsonl.gz"] {
        let run = Run::with(files, output, Reading::default(), writing, 2);
        assert_eq!(run.text(output), [a.as_str(), &b].concat());
    }
}

#[test]
fn lines_with_byte_order_marks_become_rows() {
    let bytes = lines(0..3, "").replace('{', "\u{feff}\u{feff}{");
    let run = Run::new(&[("a.jsonl", bytes.as_bytes())], "out.csv");
    assert_eq!((run.codes(), run.text("out.csv").matches("The county opened bridge").count()), (vec![], 3));
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

const CSV: &str =
    "id,text,n\n1,\"The bridge opened, at last.\n\nFacebook Twitter WhatsApp Email\n\",7\n2,\"He said \"\"no\"\".\",\n";
const CLEAN_CSV: &str = "id,text,n\n1,\"The bridge opened, at last.\n\",7\n2,\"He said \"\"no\"\".\",\n";

#[test]
fn rows_of_cells_come_out_as_such() {
    let run = Run::new(&[("a.csv", CSV.as_bytes())], "out.csv");
    assert_eq!((run.text("out.csv"), run.codes()), (CLEAN_CSV.to_owned(), vec![]));
    let removals = run.text("removals.jsonl");
    assert!(removals.contains("\"id\":\"1\"") && removals.lines().count() == 1, "{removals}");
    let tabs = |cells: &str| {
        cells
            .replace("id,text,n", "id\ttext\tn")
            .replace("1,\"", "1\t\"")
            .replace("\",", "\"\t")
            .replace("2,\"", "2\t\"")
    };
    let run = Run::new(&[("a.tsv.gz", &gzip(tabs(CSV).as_bytes()))], "out.tsv.zst");
    assert_eq!((run.text("out.tsv.zst").replace('"', ""), run.codes()), (tabs(CLEAN_CSV).replace('"', ""), vec![]));
    let run = Run::new(&[("a.csv", CSV.as_bytes())], "out.jsonl");
    let lines = "{\"id\":\"1\",\"text\":\"The bridge opened, at last.\\n\",\"n\":\"7\"}\n{\"id\":\"2\",\"text\":\"He said \\\"no\\\".\",\"n\":\"\"}\n";
    assert_eq!(run.text("out.jsonl"), lines);
}

#[test]
fn a_row_that_does_not_fit_is_set_aside() {
    let bytes = b"text,n\nOne.,1\nTwo.\n\nThree.,3\nf\xFFur.,4\n\"Five.,5\n";
    let run = Run::new(&[("a.csv", bytes)], "out.csv");
    assert_eq!(run.text("out.csv"), "text,n\nOne.,1\nThree.,3\n");
    assert_eq!(run.codes(), [Code::Malformed, Code::Encoding, Code::Malformed]);
    assert_eq!(run.problems.iter().map(Problem::line).collect::<Vec<_>>(), [Some(3), Some(6), Some(7)]);
    for bytes in [&b""[..], b"id,n\n1,2\n"] {
        let run = Run::new(&[("a.csv", bytes)], "out.csv");
        assert!(matches!(run.codes()[..], [Code::Malformed | Code::Field]), "{:?}", run.problems);
    }
}

const TEXTS: [Option<&str>; 4] = [
    Some("The bridge opened, at last.\n\nFacebook Twitter WhatsApp Email\n"),
    None,
    Some("Nothing to remove here."),
    Some("The bridge opened, at last.\n\nFacebook Twitter WhatsApp Email\n"),
];
const CLEAN_TEXTS: [Option<&str>; 4] = [
    Some("The bridge opened, at last.\n"),
    None,
    Some("Nothing to remove here."),
    Some("The bridge opened, at last.\n"),
];

/// Rows with a text in a column of this type, and columns of many others.
fn table(texts: [Option<&str>; 4], kind: &DataType) -> RecordBatch {
    let dictionary = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    let strings: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
    let mut lists = ListBuilder::new(Int64Builder::new());
    lists.append_value([Some(1), None]);
    (0..3).for_each(|_| lists.append_null());
    let time = TimestampMicrosecondArray::from(vec![Some(1_700_000_000_000_000), None, Some(0), Some(-1)]);
    let sums = Decimal128Array::from(vec![Some(12345), None, Some(-1), Some(0)]).with_precision_and_scale(12, 2);
    let nested = StructArray::from(vec![(
        Arc::new(Field::new("x", DataType::Utf8View, true)),
        Arc::new(StringViewArray::from(vec![Some("a"), None, Some("a string that is longer than a view"), Some("")]))
            as ArrayRef,
    )]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3, 4]))),
        ("text", cast(&strings, kind).expect("text")),
        (
            "tags",
            cast(&(Arc::new(StringArray::from(vec!["a", "b", "a", "a"])) as ArrayRef), &dictionary).expect("tags"),
        ),
        ("lists", Arc::new(lists.finish())),
        ("time", Arc::new(time.with_timezone("UTC"))),
        ("sums", Arc::new(sums.expect("in range"))),
        ("nested", Arc::new(nested)),
        ("large", Arc::new(LargeStringArray::from(vec![Some("x"), None, Some("y"), None]))),
    ];
    let fields: Vec<_> =
        columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), *name != "id")).collect();
    let schema = Schema::new_with_metadata(fields, [("made by".to_owned(), "a test".to_owned())].into());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, column)| column).collect()).expect("rows")
}

/// A file with a row group for each of these.
fn parquet(groups: &[RecordBatch]) -> Vec<u8> {
    let mut file = ArrowWriter::try_new(Vec::new(), groups[0].schema(), None).expect("a file");
    for group in groups {
        file.write(group).and_then(|()| file.flush()).expect("memory");
    }
    file.into_inner().expect("memory")
}

fn read_parquet(bytes: Vec<u8>) -> (Arc<Schema>, Vec<RecordBatch>) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).expect("Parquet");
    let schema = Arc::clone(reader.schema());
    (schema, reader.with_batch_size(4).build().expect("rows").map(|batch| batch.expect("rows")).collect())
}

#[test]
fn parquet_keeps_its_columns_and_their_types() {
    let dictionary = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    for kind in [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View, dictionary] {
        let (came, wanted) = (table(TEXTS, &kind), table(CLEAN_TEXTS, &kind));
        let run = Run::new(&[("a.parquet", &parquet(&[came.clone(), came]))], "out.parquet");
        assert_eq!(run.problems, []);
        assert_eq!((run.tally.documents, run.tally.empty), (8, 2));
        let (schema, batches) = read_parquet(run.bytes("out.parquet"));
        assert_eq!(schema, wanted.schema());
        for batch in batches {
            assert_eq!(batch.columns(), wanted.columns(), "{kind}");
        }
        assert!(run.text("removals.jsonl").contains("\"id\":\"1\""));
    }
}

#[test]
fn a_time_that_no_calendar_has_takes_its_row_along_and_no_other() {
    // Nanoseconds where milliseconds should be.
    let times = || TimestampMillisecondArray::from(vec![Some(0), Some(1_700_000_000_000_000_000), None]);
    let inner = Arc::new(Field::new("at", DataType::Timestamp(TimeUnit::Millisecond, None), true));
    let nested = StructArray::from(vec![(inner, Arc::new(times()) as ArrayRef)]);
    for column in [Arc::new(times()) as ArrayRef, Arc::new(nested)] {
        let texts = Arc::new(StringArray::from(vec!["One.", "Two.", "Three."])) as ArrayRef;
        let rows = RecordBatch::try_from_iter([("text", texts), ("time", column)]).expect("rows");
        for (output, set_aside) in [("out.jsonl", 1), ("out.csv", 1), ("out.parquet", 0)] {
            let run = Run::new(&[("a.parquet", &parquet(std::slice::from_ref(&rows)))], output);
            assert_eq!((run.tally.written, run.tally.set_aside), (3 - set_aside, set_aside), "{output}");
            if set_aside > 0 {
                assert_eq!(run.codes(), [Code::Unsuited]);
                assert!(run.problems[0].reason.contains("`time`"), "{}", run.problems[0]);
                let text = run.text(output);
                assert!(text.contains("One.") && !text.contains("Two.") && text.contains("Three."), "{text}");
            }
        }
    }
}

#[test]
fn parquet_becomes_lines_and_cells() {
    let bytes = parquet(&[table(TEXTS, &DataType::Utf8)]);
    let run = Run::new(&[("a.parquet", &bytes)], "out.jsonl.gz");
    let lines = run.text("out.jsonl.gz");
    let first = "{\"id\":1,\"text\":\"The bridge opened, at last.\\n\",\"tags\":\"a\",\"lists\":[1,null],\"time\":\"2023-11-14T22:13:20Z\",\"sums\":123.45,\"nested\":{\"x\":\"a\"},\"large\":\"x\"}";
    assert_eq!(lines.lines().next().map(|line| line.replace("\"123.45\"", "123.45")), Some(first.to_owned()));
    assert!(lines.lines().nth(1).is_some_and(|line| line.starts_with("{\"id\":2,\"text\":null,")), "{lines}");
    let run = Run::new(&[("a.parquet", &bytes)], "out.csv");
    let first = "id,text,tags,lists,time,sums,nested,large\n1,\"The bridge opened, at last.\n\",a,\"[1,null]\",2023-11-14T22:13:20Z,123.45,";
    assert!(run.text("out.csv").starts_with(first), "{}", run.text("out.csv"));
}

#[test]
fn a_damaged_row_group_is_lost_alone() {
    let rows = table(TEXTS, &DataType::Utf8);
    let mut bytes = parquet(&[rows.clone(), rows.clone(), rows]);
    let metadata =
        ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes.clone())).expect("Parquet").metadata().clone();
    let (start, len) = metadata.row_group(1).column(1).byte_range();
    bytes[start as usize..(start + len) as usize].fill(0xAA);
    let run = Run::new(&[("a.parquet", &bytes)], "out.jsonl");
    assert_eq!((run.codes(), run.text("out.jsonl").lines().count()), (vec![Code::Corrupt], 8), "{:?}", run.problems);
}

fn record(kind: &str, media: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:{kind}:{}>\r\nWARC-Target-URI: https://a.example/{kind}\r\n\
         WARC-Date: 2024-02-03T04:05:06Z\r\nContent-Type: {media}\r\nContent-Length: {}\r\n\r\n",
        block.len(),
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(headers: &str, body: &[u8]) -> Vec<u8> {
    let block = [format!("HTTP/1.1 {headers}\r\n\r\n").as_bytes(), body].concat();
    record("response", "application/http; msgtype=response", &block)
}

fn page(word: &str) -> String {
    format!(
        "<html><title>Night buses</title><body><p>They run again from {word} on, every hour and on every line, said the county.</p></body></html>"
    )
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let (a, b) = body.split_at(body.len() / 2);
    [format!("{:x}\r\n", a.len()).as_bytes(), a, format!("\r\n{:X};x=y\r\n", b.len()).as_bytes(), b, b"\r\n0\r\n\r\n"]
        .concat()
}

fn archive() -> Vec<Vec<u8>> {
    let latin: Vec<u8> = page("M\u{e4}rz").chars().map(|c| c as u8).collect();
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    deflated.write_all(page("three").as_bytes()).expect("memory");
    vec![
        record("warcinfo", "application/warc-fields", b"software: a test\r\n"),
        record("request", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
        response("200 OK\r\nContent-Type: text/html; charset=iso-8859-1", &latin),
        response(
            "200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked",
            &chunked(&gzip(page("two").as_bytes())),
        ),
        response("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: deflate", &deflated.finish().expect("memory")),
        response("200 OK\r\nContent-Type: image/png", b"not a page"),
        response("404 Not Found\r\nContent-Type: text/html", page("never").as_bytes()),
        response("200", format!("<!doctype html>{}", page("four")).as_bytes()),
        // Said to be in chunks, which the crawler has put together.
        response(
            "200 OK\r\nContent-Type: application/xhtml+xml\r\nTransfer-Encoding: chunked\r\nContent-Encoding: zstd",
            page("five").as_bytes(),
        ),
        record("resource", "text/html", page("six").as_bytes()),
        record("conversion", "text/plain", b"A text.\n\nFacebook Twitter WhatsApp Email\n"),
    ]
}

/// The words that tell the pages apart, of those that came out.
fn words(lines: &str) -> Vec<String> {
    let text = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).expect("JSON")["text"].as_str().expect("text").to_owned()
    };
    lines
        .lines()
        .map(text)
        .map(|text| {
            text.split_once("again from ")
                .map_or(text.clone(), |(_, rest)| rest.split(' ').next().unwrap_or_default().to_owned())
        })
        .collect()
}

#[test]
fn pages_come_out_of_archives() {
    let wanted = ["M\u{e4}rz", "two", "three", "four", "five", "six", "A text.\n"];
    for (ending, pack) in [("", (|bytes: &[u8]| bytes.to_vec()) as Pack), (".gz", gzip), (".zst", zstd)] {
        let bytes: Vec<u8> = archive().iter().flat_map(|record| pack(record)).collect();
        for name in [format!("a.warc{ending}"), "a".to_owned()] {
            let run = Run::new(&[(&name, &bytes)], "out.jsonl");
            assert_eq!(run.problems, [], "{name}");
            let lines = run.text("out.jsonl");
            assert_eq!((words(&lines), run.codes()), (wanted.map(str::to_owned).to_vec(), vec![]), "{name}");
            let first: serde_json::Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
            assert_eq!(first["url"], "https://a.example/response");
            assert_eq!(first["warc_date"], "2024-02-03T04:05:06Z");
            assert_eq!(first["title"], "Night buses");
            assert!(first.get("html").is_none());
        }
    }
    let run = Run::new(&[("a.warc", &archive().concat())], "out.parquet");
    let (schema, batches) = read_parquet(run.bytes("out.parquet"));
    let names: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let wanted = [
        "id",
        "url",
        "warc_date",
        "text",
        "title",
        "author",
        "date",
        "lang",
        "description",
        "site",
        "kind",
        "captions",
    ];
    assert_eq!((names.as_slice(), batches.iter().map(RecordBatch::num_rows).sum::<usize>()), (&wanted[..], 7));
    let run = Run::new(&[("a.wet.gz", &gzip(&record("conversion", "text/plain", b"A text.")))], "out.jsonl");
    assert_eq!(
        run.text("out.jsonl"),
        "{\"id\":\"<urn:conversion:7>\",\"url\":\"https://a.example/conversion\",\"warc_date\":\"2024-02-03T04:05:06Z\",\"text\":\"A text.\"}\n"
    );
}

#[test]
fn a_damaged_record_is_lost_alone() {
    let records = |lengths: [usize; 3]| -> Vec<u8> {
        let record = |(word, len): (&str, usize)| {
            let whole = String::from_utf8(record("resource", "text/html", page(word).as_bytes())).expect("UTF-8");
            whole
                .replace(&format!("Content-Length: {}", page(word).len()), &format!("Content-Length: {len}"))
                .into_bytes()
        };
        ["one", "two", "six"].into_iter().zip(lengths).flat_map(record).collect()
    };
    let len = page("one").len();
    for wrong in [0, 1, len - 1, len + 5, len + 40, len * 2, 1 << 20, 1 << 40] {
        let run = Run::new(&[("a.warc", &records([len, wrong, len]))], "out.jsonl");
        let words = words(&run.text("out.jsonl"));
        // What is longer than a record may be is passed over, and so is what it swallows.
        let wanted: &[&str] = if wrong == 1 << 40 { &["one"] } else { &["one", "six"] };
        assert_eq!(
            (words.iter().map(String::as_str).collect::<Vec<_>>(), run.problems.len()),
            (wanted.to_vec(), 1),
            "{wrong} {:?}",
            run.problems
        );
    }
}

#[test]
fn an_archive_cut_short_is_kept_as_far_as_it_goes() {
    let records: Vec<Vec<u8>> =
        ["one", "two", "six"].map(|word| record("resource", "text/html", page(word).as_bytes())).to_vec();
    let bytes = records.concat();
    let len = records[0].len();
    for cut in 0..bytes.len() {
        let run = Run::new(&[("a.warc", &bytes[..cut])], "out.jsonl");
        // The line breaks behind a record are no part of it.
        let whole = (cut + 4) / len;
        let found = words(&run.text("out.jsonl"));
        assert_eq!(found, ["one", "two", "six"][..whole], "{cut}");
        let is_between = cut % len == 0 || cut % len >= len - 4;
        assert_eq!(run.codes(), if is_between { vec![] } else { vec![Code::Truncated] }, "{cut}");
    }
}

#[test]
fn cells_cut_short_lose_the_last_row_at_most() {
    for cut in 0..CSV.len() {
        let run = Run::new(&[("a.csv", &CSV.as_bytes()[..cut])], "out.jsonl");
        assert!(run.tally.written <= 2 && run.problems.len() <= 1, "{cut} {:?}", run.problems);
    }
    let bytes = parquet(&[table(TEXTS, &DataType::Utf8)]);
    for cut in 0..bytes.len() {
        let run = nowhere("a.parquet", &bytes[..cut]);
        assert_eq!((run.0.documents, run.1.len()), (0, 1), "{cut}");
    }
}

/// Cleans a file for nothing but the count.
fn nowhere(name: &str, bytes: &[u8]) -> (Tally, Vec<Problem>) {
    let place = tempfile::tempdir().expect("a folder");
    fs::write(place.path().join(name), bytes).expect("a file");
    let inputs = Inputs::new(&[place.path().join(name)], Reading::default());
    let mut problems = Vec::new();
    let run = corpus::Run::new(inputs, Destination::Nowhere);
    let tally =
        run.clean(&Cleaner::default(), |more: &[Problem], _: &Tally| problems.extend_from_slice(more)).expect("a run");
    assert!(tally.adds_up(), "{tally:?}");
    (tally, problems)
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // The builder refuses names that lead elsewhere.
        header.as_gnu_mut().expect("a header").name[..name.len().min(100)]
            .copy_from_slice(&name.as_bytes()[..name.len().min(100)]);
        header.set_cksum();
        archive.append(&header, *content).expect("memory");
    }
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    archive.append_link(&mut link, "link.txt", "/etc/passwd").expect("memory");
    let mut header = tar::Header::new_gnu();
    header.set_size(6);
    archive.append_data(&mut header, format!("{}/long.txt", "d".repeat(150)), &b"Long.\n"[..]).expect("memory");
    archive.into_inner().expect("memory")
}

#[test]
fn an_archive_of_files_is_a_tree() {
    let text = "A title\n\nThe bridge opened.\n";
    let lines = lines(0..3, "");
    let big = self::lines(0..9000, "");
    let members: &[(&str, &[u8])] = &[
        ("./a.txt", text.as_bytes()),
        ("b/c.jsonl.gz", &gzip(lines.as_bytes())),
        ("big.jsonl", big.as_bytes()),
        ("../evil.txt", b"Evil.\n"),
        ("/abs.txt", b"Evil.\n"),
        ("notes.doc", b"no"),
        ("p.csv", CSV.as_bytes()),
    ];
    for (ending, pack) in [("", (|bytes: &[u8]| bytes.to_vec()) as Pack), (".gz", gzip), (".zst", zstd)] {
        let run = Run::new(&[(&format!("x.tar{ending}"), &pack(&tar(members)))], "out");
        let at = |name: &str| format!("out/x.tar{ending}/{name}");
        assert_eq!(run.codes(), [Code::Unsuited, Code::Unsuited]);
        assert_eq!(run.text(&at("a.txt")), text);
        assert_eq!(run.text(&at("b/c.jsonl.gz")), lines);
        assert!(run.text(&at("big.jsonl")) == big);
        assert_eq!(run.text(&at("p.csv")), CLEAN_CSV);
        assert_eq!(run.text(&at(&format!("{}/long.txt", "d".repeat(150)))), "Long.\n");
        assert!(!run.path("evil.txt").exists() && !run.path(&at("link.txt")).exists());
    }
}

#[test]
fn lines_become_rows_of_known_columns() {
    let bytes = "{\"id\":7,\"text\":\"A text.\",\"n\":1.50,\"title\":null,\"big\":123456789012345678901234567890}\n{\"html\":\"<title>T</title><p>They run again from March on, said the county.\"}\n";
    let run = Run::new(&[("a.jsonl", bytes.as_bytes())], "out.csv");
    let wanted = "id,url,title,author,date,lang,description,site,kind,text,captions,fields\n7,,,,,,,,,A text.,,\"{\"\"n\"\":1.50,\"\"big\"\":123456789012345678901234567890}\"\n";
    assert!(run.text("out.csv").starts_with(wanted), "{}", run.text("out.csv"));
    let run = Run::new(
        &[("a.jsonl", bytes.as_bytes()), ("b.txt", b"Another text.\n"), ("c.html", page("May").as_bytes())],
        "out.parquet",
    );
    assert_eq!(run.problems, []);
    let (schema, batches) = read_parquet(run.bytes("out.parquet"));
    assert_eq!((schema.fields().len(), batches.iter().map(RecordBatch::num_rows).sum::<usize>()), (12, 4));
}

#[test]
fn what_has_other_columns_is_set_aside() {
    let other = b"title,text\nA,One.\nB,Two.\n";
    let lines = lines(0..3, "");
    for (ending, first, count) in [
        ("csv", CSV.as_bytes(), 2),
        ("csv.gz", CSV.as_bytes(), 2),
        ("parquet", &parquet(&[table(TEXTS, &DataType::Utf8)])[..], 4),
    ] {
        let name = if ending == "parquet" { "a.parquet" } else { "a.csv" };
        let files: &[(&str, &[u8])] = &[
            (name, first),
            ("b.csv", other),
            ("c.jsonl", lines.as_bytes()),
            ("d.txt", b"A text.\n"),
            (&format!("z{name}"), first),
        ];
        let output = format!("out.{ending}");
        let run = Run::new(files, &output);
        assert_eq!(run.codes(), [Code::Unsuited; 3], "{:?}", run.problems);
        let Tally { documents, written, empty, set_aside, .. } = run.tally;
        assert_eq!((documents, written + empty, set_aside), (2 * count + 6, 2 * count, 6));
        let alone = Run::new(&[(name, first), (&format!("z{name}"), first)], &output);
        assert!(
            run.bytes(&output) == alone.bytes(&output) && run.bytes("removals.jsonl") == alone.bytes("removals.jsonl")
        );
        let counted = Run::new(files, "out");
        assert_eq!((counted.tally.documents, counted.problems.len()), (2 * count + 6, 0));
    }
}

#[test]
fn threads_change_no_byte_of_rows() {
    let rows = table(TEXTS, &DataType::Utf8);
    let csv = format!("id,text,n\n{}", CSV.split_once('\n').expect("a header").1.repeat(4000));
    let warc: Vec<u8> = archive().concat().repeat(60);
    let files: [(&str, Vec<u8>, &str); 4] = [
        ("a.csv", csv.into_bytes(), "out.csv.gz"),
        ("a.warc.gz", gzip(&warc), "out.parquet"),
        ("a.parquet", parquet(&vec![rows; 40]), "out.parquet"),
        ("a.jsonl", lines(0..3000, JUNK).into_bytes(), "out.parquet"),
    ];
    for (name, bytes, output) in files {
        let run = |threads| Run::with(&[(name, &bytes)], output, Reading::default(), Writing::default(), threads);
        let one = run(1);
        for threads in [2, 3] {
            let more = run(threads);
            assert!(
                [output, "removals.jsonl"].iter().all(|file| one.bytes(file) == more.bytes(file)),
                "{name} {threads}"
            );
        }
    }
}

#[test]
fn whatever_is_damaged_is_lived_with() {
    let small = lines(0..6, JUNK);
    let files: [(&str, Vec<u8>); 6] = [
        ("a.jsonl.gz", [gzip(small.as_bytes()), gzip(small.as_bytes())].concat()),
        ("a.jsonl.zst", [zstd(small.as_bytes()), zstd(small.as_bytes())].concat()),
        ("a.csv", CSV.as_bytes().to_vec()),
        ("a.warc", archive().concat()),
        ("a.parquet", parquet(&[table(TEXTS, &DataType::Utf8), table(TEXTS, &DataType::Utf8)])),
        ("a.tar", tar(&[("a.txt", b"A text.\n"), ("b.csv", CSV.as_bytes())])),
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for (name, bytes) in files {
        for _ in 0..1000 {
            let mut damaged = bytes.clone();
            for _ in 0..=random(3) {
                let at = random(damaged.len());
                match random(4) {
                    0 => drop(damaged.drain(at..(at + random(40)).min(damaged.len()))),
                    1 => (0..random(20)).for_each(|_| damaged.insert(at, random(256) as u8)),
                    _ => damaged[at] = random(256) as u8,
                }
                if damaged.is_empty() {
                    break;
                }
            }
            nowhere(name, &damaged);
        }
    }
}

#[test]
fn patterns_and_lists_are_read() {
    let place = tempfile::tempdir().expect("a folder");
    for name in ["a/1.txt", "a/2.txt", "b/1.txt", "b/3.jsonl"] {
        let path = place.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, if name.ends_with("txt") { "A text.\n" } else { "{\"text\":\"x\"}\n" }).expect("a file");
    }
    let ids = |inputs: Inputs| -> Vec<String> {
        inputs.records().map(|record| record.map_or_else(|problem| problem.to_string(), |record| record.id)).collect()
    };
    let pattern = |pattern: &str| Inputs::new(&[place.path().join(pattern)], Reading::default());
    assert_eq!(ids(pattern("*/*.txt")), ["a/1.txt", "a/2.txt", "b/1.txt"]);
    assert_eq!(ids(pattern("[b]/*")), ["b/1.txt", "b/3.jsonl:1"]);
    assert!(ids(pattern("c/*"))[0].contains("c/*"));
    assert_eq!(Inputs::listed(b"a b\r\n\nc\n"), [PathBuf::from("a b"), "c".into()]);
    assert_eq!(Inputs::listed(b"a\nb\0c"), [PathBuf::from("a\nb"), "c".into()]);
}

#[test]
fn names_that_differ_in_case_alone_clash() {
    let run = Run::new(&[("A.txt", b"One.\n"), ("a.txt", b"Two.\n"), ("b.txt", b"Three.\n")], "out");
    assert_eq!(
        (run.codes(), run.text("out/A.txt"), run.text("out/b.txt")),
        (vec![Code::NameClash], "One.\n".into(), "Three.\n".into())
    );
}

#[test]
fn a_manifest_tells_what_went_in_and_came_out() {
    let table = parquet(&[table([Some("A text."), None, Some("Another."), Some("More.")], &DataType::Utf8)]);
    let tarred = tar(&[("x.txt", b"A text in an archive."), ("y.jsonl", lines(0..2, JUNK).as_bytes())]);
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("a.jsonl", lines(0..3000, JUNK).into_bytes()),
        ("b.jsonl.gz", gzip(lines(0..9, JUNK).as_bytes())),
        ("c.csv", b"id,text\n1,One\n".to_vec()),
        ("d.parquet", table),
        ("e.txt", b"A text.".to_vec()),
        ("f.warc", archive().concat()),
        ("g.tar", tarred),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let run = Run::new(&files, "out");
    let manifest: serde_json::Value = serde_json::from_slice(&run.bytes("manifest.json")).expect("JSON");
    let listed = |list: &str| {
        let entries = manifest[list].as_array().expect("a list").iter().map(|entry| {
            let [path, hash] = ["path", "blake3"].map(|key| entry[key].as_str().expect("a string").to_owned());
            (path, entry["bytes"].as_u64().expect("a number"), hash)
        });
        entries.collect::<Vec<_>>()
    };
    let entry = |path: PathBuf| {
        let bytes = fs::read(&path).expect("a file");
        (path.to_str().expect("UTF-8").to_owned(), bytes.len() as u64, blake3::hash(&bytes).to_hex().to_string())
    };
    assert_eq!(listed("inputs"), files.iter().map(|(name, _)| entry(run.path("in").join(name))).collect::<Vec<_>>());
    let outputs = listed("outputs");
    assert_eq!(outputs, outputs.iter().map(|(path, ..)| entry(path.into())).collect::<Vec<_>>());
    // The archive comes out as its three texts, and there is the record of removals.
    assert_eq!(outputs.len(), files.len() + 3, "{outputs:?}");
}

#[test]
fn shards_are_the_one_file_in_pieces() {
    let lines = lines(0..9000, JUNK);
    let csv: String = (0..9000).map(|n| format!("{n},The county opened bridge {n} on Tuesday\n")).collect();
    let csv = format!("id,text\n{csv}");
    for (name, bytes, output, head) in [
        ("a.jsonl", lines.as_bytes(), "out.jsonl", ""),
        ("a.jsonl", lines.as_bytes(), "out.jsonl.gz", ""),
        ("a.csv", csv.as_bytes(), "out.csv", "id,text\n"),
    ] {
        let whole = Run::new(&[(name, bytes)], output).text(output);
        let size = if output.ends_with("gz") { 10_000 } else { 200_000 };
        let writing = Writing { shard_size: Some(size), ..Writing::default() };
        let runs = [1, 3].map(|threads| Run::with(&[(name, bytes)], output, Reading::default(), writing, threads));
        let (stem, ending) = output.split_once('.').expect("an ending");
        let shard = |run: &Run, number: usize| {
            let name = format!("{stem}-{number:05}.{ending}");
            run.path(&name).exists().then(|| run.text(&name))
        };
        let shards: Vec<String> = (0..).map_while(|number| shard(&runs[0], number)).collect();
        assert_eq!(shards, (0..).map_while(|number| shard(&runs[1], number)).collect::<Vec<_>>());
        assert!(shards.len() > 1 && shards.iter().all(|shard| shard != head), "{output}");
        let rest: String = shards.iter().map(|shard| shard.strip_prefix(head).expect("a head")).collect();
        assert!(head.to_owned() + &rest == whole, "{output}");
    }
}

/// The shards of a run, by their numbers.
fn parquet_shards(run: &Run) -> Vec<Vec<u8>> {
    let name = |number: usize| format!("out-{number:05}.parquet");
    (0..).map(name).take_while(|name| run.path(name).exists()).map(|name| run.bytes(&name)).collect()
}

#[test]
fn shards_of_parquet_are_whole_files() {
    let texts = |from: i64| StringArray::from_iter_values((from..from + 2000).map(|n| format!("A text, the {n}th.")));
    let rows = |from| RecordBatch::try_from_iter([("text", Arc::new(texts(from)) as ArrayRef)]).expect("rows");
    let none = rows(0).slice(0, 0);
    let files: Vec<(String, Vec<u8>)> = vec![
        ("a.parquet".into(), parquet(&[rows(0), rows(2000)])),
        ("b.parquet".into(), parquet(&[table(TEXTS, &DataType::Utf8)])),
        ("c.parquet".into(), parquet(&[rows(4000)])),
        ("d.parquet".into(), parquet(std::slice::from_ref(&none))),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let writing = |size| Writing { shard_size: Some(size), ..Writing::default() };
    let together =
        |batches: &[RecordBatch]| arrow_select::concat::concat_batches(&none.schema(), batches).expect("one schema");
    // With one of a byte no shard is under way where a file begins.
    for size in [1, 2000] {
        let runs = [1, 3].map(|threads| Run::with(&files, "out.parquet", Reading::default(), writing(size), threads));
        let shards = parquet_shards(&runs[0]);
        assert!(shards == parquet_shards(&runs[1]));
        assert!(shards.len() > 2, "{}", shards.len());
        // What has other columns than the first is set aside, however many shards lie between.
        assert_eq!((runs[0].codes(), runs[0].tally.set_aside), (vec![Code::Unsuited], 4), "{size}");
        let batches: Vec<Vec<RecordBatch>> = shards.into_iter().map(|shard| read_parquet(shard).1).collect();
        assert!(batches.iter().all(|shard| shard.iter().any(|batch| batch.num_rows() > 0)));
        assert_eq!(together(&batches.concat()), together(&[rows(0), rows(2000), rows(4000)]), "{size}");
    }
    // Of nothing there is one, which tells the columns.
    let run = Run::with(
        &[("a.parquet", &parquet(std::slice::from_ref(&none)))],
        "out.parquet",
        Reading::default(),
        writing(1),
        2,
    );
    let shards = parquet_shards(&run);
    assert_eq!(shards.len(), 1);
    assert_eq!(read_parquet(shards[0].clone()).0, none.schema());
}
