//! What was cleaned comes back as it was, in every format that holds records: every text byte for byte, every other column
//! and member untouched, in the order in which they came.
#![cfg(feature = "formats")]

use arrow_array::{
    Array, ArrayRef, BinaryArray, FixedSizeBinaryArray, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};
use arrow_select::concat::concat_batches;
use bytes::Bytes;
use dehusk::Cleaner;
use dehusk::corpus::{self, Dedup, Destination, Inputs, OutputFormat, Reading, Run, Stop, Writing};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

const JUNK: &str = "\n\nFacebook Twitter WhatsApp Email\n";

/// A folder in which files are cleaned and restored.
struct Place(TempDir);

impl Place {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let place = Place(tempfile::tempdir().expect("a folder"));
        for (name, content) in files {
            let path = place.path(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, content).expect("a file");
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Cleans a file or folder, with what a run can be asked for.
    fn clean(&self, input: &str, output: &str, dedup: Option<Dedup>, ask: impl FnOnce(&mut Run)) {
        let inputs = Inputs::new(&[self.path(input)], Reading::default());
        let mut run = Run::new(inputs, Destination::Path(self.path(output)));
        run.removals = Some(self.path("removals"));
        run.dedup = dedup;
        run.duplicates = dedup.map(|_| self.path("duplicates"));
        run.threads = NonZeroUsize::new(2).expect("a thread");
        (run.row_group, run.force) = (1, true);
        ask(&mut run);
        let tally = run.clean(&Cleaner::default(), |problems, _| assert_eq!(problems, [])).expect("a run");
        assert!(tally.adds_up(), "{tally:?}");
    }

    fn restore(&self, cleaned: &str, output: &str, dedup: Option<Dedup>) -> Result<(), Stop> {
        let inputs = Inputs::of_cleaned(&self.path(cleaned), Reading::default());
        let duplicates = dedup.map(|_| self.path("duplicates"));
        let to = Destination::Path(self.path(output));
        corpus::restore(inputs, &self.path("removals"), duplicates.as_deref(), to, false)
    }

    /// Cleans a file and restores it, and gives what comes back.
    fn there_and_back(&self, input: &str, cleaned: &str, back: &str, dedup: Option<Dedup>) -> Vec<u8> {
        self.clean(input, cleaned, dedup, |_| ());
        self.restore(cleaned, back, dedup).expect("restored");
        self.bytes(back)
    }
}

fn parquet(groups: &[RecordBatch]) -> Vec<u8> {
    let mut file = ArrowWriter::try_new(Vec::new(), groups[0].schema(), None).expect("a file");
    for group in groups {
        file.write(group).and_then(|()| file.flush()).expect("memory");
    }
    file.into_inner().expect("memory")
}

fn read_parquet(bytes: Vec<u8>) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).expect("Parquet");
    let schema = Arc::clone(reader.schema());
    let batches: Vec<_> = reader.build().expect("rows").map(|batch| batch.expect("rows")).collect();
    concat_batches(&schema, &batches).expect("one schema")
}

/// A table as other programs write it.
fn csv(table: &RecordBatch, delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(table.schema().fields().iter().map(|field| field.name())).expect("memory");
    let columns: Vec<_> = table.columns().iter().map(|column| cast(column, &DataType::Utf8).expect("text")).collect();
    for row in 0..table.num_rows() {
        let cell = |column: &ArrayRef| {
            let column = column.as_any().downcast_ref::<StringArray>().expect("text");
            if column.is_valid(row) { column.value(row).to_owned() } else { String::new() }
        };
        writer.write_record(columns.iter().map(cell)).expect("memory");
    }
    writer.into_inner().expect("memory")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    member.write_all(bytes).and_then(|()| member.finish()).expect("memory")
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    std::io::copy(&mut flate2::read::MultiGzDecoder::new(bytes), &mut whole).expect("gzip");
    whole
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => Just("The minister said on Tuesday that the bridge would open in spring, a year late.\n".to_owned()),
        2 => Just(JUNK.to_owned()),
        1 => Just("Advertisement\n".to_owned()),
        1 => Just("He said \"no\", / 橋 😀\r\n\t".to_owned()),
        1 => "\\PC{0,12}",
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// Ids of every kind: none, the same twice, and such as could have been made.
fn id() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        Just(None),
        Just(Some(String::new())),
        (0..3_i32).prop_map(|n| Some(n.to_string())),
        (1..6_i32).prop_map(|n| Some(format!("in.parquet:{n}"))),
        (1..6_i32).prop_map(|n| Some(format!("in.csv:{n}"))),
    ]
}

/// A table with a column for ids or none, and maybe with columns that have the names of marks.
fn table() -> impl Strategy<Value = RecordBatch> {
    let row = (id(), prop::option::weighted(0.9, text()), any::<Option<i64>>(), prop::option::of("[ab]"));
    let kind = prop_oneof![Just(DataType::Utf8), Just(DataType::LargeUtf8), Just(DataType::Utf8View)];
    (prop::collection::vec(row, 1..9), kind, 0..2_u8, 0..4_u8).prop_map(|(rows, kind, has_ids, own)| {
        let strings = |value: fn(&(_, _, _, _)) -> Option<String>| -> ArrayRef {
            Arc::new(rows.iter().map(value).collect::<StringArray>())
        };
        let texts =
            cast(&strings(|row: &(Option<String>, Option<String>, Option<i64>, Option<String>)| row.1.clone()), &kind);
        let numbers = || Arc::new(rows.iter().map(|row| row.2).collect::<Int64Array>()) as ArrayRef;
        let mut columns = vec![("text", texts.expect("text")), ("n", numbers())];
        if has_ids > 0 {
            columns.insert(0, ("id", strings(|row| row.0.clone())));
        }
        if own > 1 {
            columns.push(("duplicate_of", strings(|row| row.3.clone())));
        }
        if own > 2 {
            let similarities = rows.iter().map(|row| row.2.map(|n| (n % 8) as f64 / 8.0)).collect::<Float64Array>();
            columns.push(("duplicate_similarity", Arc::new(similarities)));
        }
        let columns = columns.into_iter().map(|(name, column)| (name, column, true));
        RecordBatch::try_from_iter_with_nullable(columns).expect("rows")
    })
}

fn dedup() -> impl Strategy<Value = Option<Dedup>> {
    prop_oneof![Just(None), Just(Some(Dedup::Exact)), Just(Some(Dedup::Near))]
}

/// A line of JSONL, maybe with members that have the names of marks.
fn line() -> impl Strategy<Value = String> {
    let own = prop_oneof![
        Just(""),
        Just(r#","duplicate_of":"1""#),
        Just(r#","duplicate_of":"1" "#),
        Just(r#","duplicate_of":"1","duplicate_similarity":1.0"#),
    ];
    (id(), text(), own, prop_oneof![Just("\n"), Just(" \r\n")]).prop_map(|(id, text, own, end)| {
        let id = id.map(|id| format!("\"id\":{}, ", serde_json::json!(id))).unwrap_or_default();
        format!("{{{id}\"text\" : {}, \"n\":1.50{own}}}{end}", serde_json::json!(text))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_comes_back_as_it_was(table in table(), cut in 0.0..1.0_f64, dedup in dedup()) {
        let first = (table.num_rows() as f64 * cut) as usize;
        let groups = [table.slice(0, first), table.slice(first, table.num_rows() - first)];
        let place = Place::new(&[
            ("in.parquet", &parquet(&groups)),
            ("in.csv", &csv(&table, b',')),
            ("in.tsv.gz", &gzip(&csv(&table, b'\t'))),
        ]);
        let back = place.there_and_back("in.parquet", "clean.parquet", "back.parquet", dedup);
        let back = read_parquet(back);
        prop_assert_eq!(back.schema(), table.schema());
        prop_assert_eq!(back.columns(), table.columns());
        let back = place.there_and_back("in.csv", "clean.csv", "back.csv", dedup);
        prop_assert_eq!(back, csv(&table, b','));
        let back = place.there_and_back("in.tsv.gz", "clean.tsv.gz", "back.tsv.gz", dedup);
        prop_assert_eq!(gunzip(&back), csv(&table, b'\t'));
    }

    #[test]
    fn a_table_in_another_format_comes_back_there(table in table(), dedup in dedup()) {
        let place = Place::new(&[("in.parquet", &parquet(std::slice::from_ref(&table)))]);
        let back = place.there_and_back("in.parquet", "clean.csv", "back.csv", dedup);
        prop_assert_eq!(back, csv(&table, b','));
        // As lines it is what cleaning makes of it that takes nothing out.
        let back = place.there_and_back("in.parquet", "clean.jsonl", "back.jsonl", dedup);
        let nothing = Cleaner::builder().only(["none"]).expect("no rules").build();
        let inputs = Inputs::new(&[place.path("in.parquet")], Reading::default());
        let run = Run::new(inputs, Destination::Path(place.path("as-it-is.jsonl")));
        run.clean(&nothing, |_, _| ()).expect("a run");
        prop_assert_eq!(back, place.bytes("as-it-is.jsonl"));
    }

    #[test]
    fn lines_come_back_as_they_were(lines in prop::collection::vec(line(), 1..9), dedup in dedup()) {
        let place = Place::new(&[("in.jsonl", lines.concat().as_bytes()), ("in.jsonl.gz", &gzip(lines.concat().as_bytes()))]);
        let back = place.there_and_back("in.jsonl", "clean.jsonl", "back.jsonl", dedup);
        prop_assert_eq!(String::from_utf8(back).expect("UTF-8"), lines.concat());
        let back = place.there_and_back("in.jsonl.gz", "clean.jsonl.zst", "back.jsonl.gz", dedup);
        prop_assert_eq!(String::from_utf8(gunzip(&back)).expect("UTF-8"), lines.concat());
    }

    #[test]
    fn a_tree_comes_back_as_it_was(
        tables in prop::collection::vec(table(), 2),
        lines in prop::collection::vec(line(), 1..5),
        text in text(),
        dedup in dedup(),
    ) {
        let lines = lines.concat();
        let place = Place::new(&[
            ("in/a.parquet", &parquet(&[tables[0].clone()])),
            ("in/b/in.csv", &csv(&tables[1], b',')),
            ("in/b/in.jsonl", lines.as_bytes()),
            ("in/c.txt", text.as_bytes()),
            ("in/d.txt", text.as_bytes()),
        ]);
        place.clean("in", "clean", dedup, |_| ());
        place.restore("clean", "back", dedup).expect("restored");
        prop_assert_eq!(read_parquet(place.bytes("back/a.parquet")), tables[0].clone());
        prop_assert_eq!(place.bytes("back/b/in.csv"), csv(&tables[1], b','));
        prop_assert_eq!(place.bytes("back/b/in.jsonl"), lines.into_bytes());
        for name in ["back/c.txt", "back/d.txt"] {
            prop_assert_eq!(place.bytes(name), text.as_bytes());
        }
    }
}

#[test]
fn records_without_ids_in_a_tree_of_another_format_come_back() {
    let lines = format!("{{\"text\":{}}}\n", serde_json::json!(format!("The bridge opened.{JUNK}"))).repeat(3);
    let place = Place::new(&[("in/a.jsonl", lines.as_bytes()), ("in/b.jsonl", lines.as_bytes())]);
    let ask = |run: &mut Run| run.writing.format = OutputFormat::Csv;
    place.clean("in", "clean", None, ask);
    place.restore("clean", "back", None).expect("restored");
    for name in ["back/a.csv", "back/b.csv"] {
        let back = String::from_utf8(place.bytes(name)).expect("UTF-8");
        assert_eq!(back.matches("The bridge opened.\n\nFacebook Twitter WhatsApp Email\n").count(), 3, "{back}");
    }
}

#[test]
fn files_that_were_cleaned_into_one_come_back_as_one() {
    let line = |n: usize| {
        let junk = if n.is_multiple_of(2) { JUNK } else { "" };
        format!("{{\"n\":{n},\"text\":{}}}\n", serde_json::json!(format!("The bridge opened.{junk}")))
    };
    let [a, b]: [String; 2] = [0..3, 3..9].map(|numbers| numbers.map(line).collect());
    let place = Place::new(&[("in/a.jsonl", a.as_bytes()), ("in/b.jsonl", b.as_bytes())]);
    let dedup = Some(Dedup::Exact);
    place.clean("in", "clean.jsonl", dedup, |run| run.writing.format = OutputFormat::Jsonl);
    place.restore("clean.jsonl", "back.jsonl", dedup).expect("restored");
    assert_eq!(place.bytes("back.jsonl"), [a, b].concat().into_bytes());
}

/// Rows of which every third is a duplicate of an earlier one.
fn rows(count: i64) -> RecordBatch {
    let ids = Int64Array::from_iter_values((0..count).map(|n| n % (count - 7)));
    let texts = (0..count).map(|n| match n % 3 {
        0 => format!("The county opened bridge {} on Tuesday, a year late.{JUNK}", n % 300),
        _ => format!("The county opened bridge {n} on Tuesday, as was planned.\n"),
    });
    let columns = [("id", Arc::new(ids) as ArrayRef), ("text", Arc::new(StringArray::from_iter_values(texts)))];
    RecordBatch::try_from_iter(columns).expect("rows")
}

#[test]
fn shards_come_back_as_one_file() {
    let table = rows(6000);
    let place = Place::new(&[("in.parquet", &parquet(std::slice::from_ref(&table))), ("in.csv", &csv(&table, b','))]);
    let ask = |run: &mut Run| run.writing = Writing { shard_size: Some(10_000), ..Writing::default() };
    for dedup in [None, Some(Dedup::Near)] {
        let clean = |input, output: &str| {
            place.clean(input, output, dedup, ask);
            let (stem, ending) = output.split_once('.').expect("an ending");
            assert!(place.path(&format!("{stem}-00001.{ending}")).exists(), "{output}");
            let back = format!("back-{}-{output}", dedup.is_some());
            place.restore(output, &back, dedup).expect("restored");
            place.bytes(&back)
        };
        let output = |name: &str| format!("{}-{name}", if dedup.is_some() { "marked" } else { "clean" });
        assert_eq!(read_parquet(clean("in.parquet", &output("out.parquet"))), table);
        assert!(clean("in.csv", &output("out.csv")) == csv(&table, b','));
        let lines = String::from_utf8(gunzip(&clean("in.csv", &output("out.jsonl.gz")))).expect("UTF-8");
        let ids: Vec<i64> = lines
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
            .map(|line| line["id"].as_str().expect("an id").parse().expect("a number"))
            .collect();
        assert_eq!(ids, (0..6000).map(|n| n % 5993).collect::<Vec<_>>());
        assert_eq!(lines.matches("Facebook").count(), 2000);
    }
}

#[test]
fn ids_of_any_type_are_known_again_in_any_format() {
    let strings = StringArray::from(vec![Some("a"), None, Some("b,\"\n")]);
    let numbers = Arc::new(Int64Array::from(vec![Some(1), None, Some(1 << 36)])) as ArrayRef;
    let bytes: [Option<&[u8]>; 3] = [Some(b"ab"), None, Some(b"\xff\x00")];
    let columns: [ArrayRef; 13] = [
        Arc::new(strings.clone()),
        cast(&strings, &DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))).expect("cast"),
        cast(&numbers, &DataType::UInt64).expect("cast"),
        cast(&numbers, &DataType::Decimal128(20, 3)).expect("cast"),
        cast(&numbers, &DataType::Boolean).expect("cast"),
        cast(&numbers, &DataType::Date64).expect("cast"),
        cast(&numbers, &DataType::Timestamp(TimeUnit::Microsecond, None)).expect("cast"),
        cast(&numbers, &DataType::Timestamp(TimeUnit::Millisecond, Some("Europe/Berlin".into()))).expect("cast"),
        cast(&numbers, &DataType::Time64(TimeUnit::Microsecond)).expect("cast"),
        cast(&numbers, &DataType::Duration(TimeUnit::Second)).expect("cast"),
        Arc::new(Float64Array::from(vec![Some(1.0), Some(3e-7), Some(1e21)])),
        Arc::new(BinaryArray::from(bytes.to_vec())),
        Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(bytes.into_iter(), 2).expect("two bytes each")),
    ];
    let texts = || StringArray::from_iter_values((0..3).map(|n| format!("Bridge {n} is open.{JUNK}")));
    for ids in columns {
        let kind = ids.data_type().clone();
        let table = RecordBatch::try_from_iter([("id", ids), ("text", Arc::new(texts()) as ArrayRef)]).expect("rows");
        for ending in ["parquet", "jsonl", "csv"] {
            let place = Place::new(&[("in.parquet", &parquet(std::slice::from_ref(&table)))]);
            place.clean("in.parquet", &format!("clean.{ending}"), None, |_| ());
            let back = format!("back.{ending}");
            place.restore(&format!("clean.{ending}"), &back, None).unwrap_or_else(|e| panic!("{kind}, {ending}: {e}"));
            let back = place.bytes(&back);
            if ending == "parquet" {
                assert_eq!(read_parquet(back), table);
            } else {
                assert_eq!(String::from_utf8(back).expect("UTF-8").matches("Facebook").count(), 3, "{kind}, {ending}");
            }
        }
    }
}

#[test]
fn of_shards_none_may_be_missing() {
    let lines: String = (0..20_000).map(|n| format!("{{\"text\":\"The county opened bridge {n}.\"}}\n")).collect();
    // The last has no removals that would miss it, but stands in the manifest.
    for is_last in [false, true] {
        let place = Place::new(&[("in.jsonl", lines.as_bytes())]);
        place.clean("in.jsonl", "clean.jsonl", None, |run| {
            run.writing = Writing { shard_size: Some(100_000), ..Writing::default() };
            run.manifest = Some(corpus::beside(&place.path("clean.jsonl"), corpus::MANIFEST));
        });
        let shards = (0..).map(|number| format!("clean-{number:05}.jsonl"));
        let shards: Vec<String> = shards.take_while(|shard| place.path(shard).exists()).collect();
        assert!(shards.len() > 2, "{shards:?}");
        let missing = &shards[if is_last { shards.len() - 1 } else { 0 }];
        place.restore("clean.jsonl", "back", None).expect("restored");
        fs::remove_file(place.path(missing)).expect("there");
        let stop = place.restore("clean.jsonl", "again", None).expect_err("one is missing").to_string();
        assert!(stop.contains(missing), "{stop}");
    }
}

#[test]
fn what_was_cut_down_to_little_is_not_held_together() {
    // Six megabytes a row, of which one is left.
    let removed = "x".repeat(6 << 20);
    let texts = StringArray::from_iter_values((0..5).map(|n| n.to_string()));
    let table = RecordBatch::try_from_iter([("text", Arc::new(texts) as ArrayRef)]).expect("rows");
    let removals: String = (1..6)
        .map(|n| format!("{{\"id\":\"in:{n}\",\"start\":1,\"end\":{},\"text\":\"{removed}\"}}\n", 1 + removed.len()))
        .collect();
    let lines: String = (0..5).map(|n| format!("{{\"text\":\"{n}\"}}\n")).collect();
    let place = Place::new(&[
        ("clean.parquet", &parquet(&[table])),
        ("clean.jsonl", lines.as_bytes()),
        ("removals", removals.as_bytes()),
    ]);
    place.restore("clean.parquet", "back.parquet", None).expect("restored");
    let back = read_parquet(place.bytes("back.parquet"));
    let wanted = StringArray::from_iter_values((0..5).map(|n| format!("{n}{removed}")));
    assert!(*back.column(0) == Arc::new(wanted) as ArrayRef);
    place.restore("clean.jsonl", "back.jsonl", None).expect("restored");
    let wanted: String = (0..5).map(|n| format!("{{\"text\":\"{n}{removed}\"}}\n")).collect();
    assert!(place.bytes("back.jsonl") == wanted.into_bytes());
}

#[test]
fn marks_stay_without_the_list_and_another_list_is_refused() {
    let table = rows(600);
    let lines: String = ["a", "b"].map(|id| format!("{{\"id\":\"{id}\",\"text\":\"The bridge opened.\"}}\n")).concat();
    for (name, content) in [("in.parquet", parquet(std::slice::from_ref(&table))), ("in.jsonl", lines.into_bytes())] {
        let place = Place::new(&[(name, &content)]);
        let cleaned = name.replace("in", "clean");
        place.clean(name, &cleaned, Some(Dedup::Exact), |_| ());
        place.restore(&cleaned, "marked", None).expect("restored");
        let marked = place.bytes("marked");
        assert!(String::from_utf8_lossy(&marked).contains("duplicate_of"), "{name}");
        let list = String::from_utf8(place.bytes("duplicates")).expect("UTF-8");
        for other in
            [list.replace("\"duplicate_of\":\"", "\"duplicate_of\":\"x"), list.replace("\"id\":\"", "\"id\":\"x")]
        {
            fs::write(place.path("duplicates"), other).expect("a file");
            let stop = place.restore(&cleaned, "back", Some(Dedup::Exact)).expect_err("another list");
            assert!(matches!(stop, Stop::Restore(_)), "{name}: {stop}");
            assert!(!place.path("back").exists());
        }
        // What has no marks.
        place.clean(name, &format!("plain-{cleaned}"), None, |_| ());
        fs::write(place.path("duplicates"), &list).expect("a file");
        let stop = place.restore(&format!("plain-{cleaned}"), "back", Some(Dedup::Exact)).expect_err("no marks");
        assert!(matches!(stop, Stop::Restore(_)), "{name}: {stop}");
    }
}

#[test]
fn of_pages_in_rows_the_text_that_they_show_comes_back() {
    let page = |n: i32| {
        let story = format!("<p>The county opened bridge {n} on Tuesday, a year late, said the mayor of the town.</p>");
        format!("<title>Bridge {n}</title><nav><a href=/>Home</a> <a href=/x>News</a></nav>{}", story.repeat(3))
    };
    let pages: Vec<String> = (0..4).map(page).collect();
    let html: ArrayRef = Arc::new(StringArray::from_iter_values(&pages));
    let table = RecordBatch::try_from_iter([("html", html)]).expect("rows");
    let place = Place::new(&[("in.parquet", &parquet(&[table]))]);
    let back = read_parquet(place.there_and_back("in.parquet", "clean.parquet", "back.parquet", None));
    let shown: Vec<String> =
        pages.iter().map(|page| dehusk::html::Page::parse(page).document().text().to_owned()).collect();
    let texts = back.column_by_name("text").expect("a column");
    assert_eq!(**texts, StringArray::from_iter_values(&shown));
    assert_ne!(read_parquet(place.bytes("clean.parquet")).column_by_name("text"), Some(texts));
}

#[test]
fn a_folder_is_not_restored_into_one_file() {
    let place = Place::new(&[("clean/a.txt", b"One.\n"), ("clean/b.txt", b"Two.\n"), ("removals", b"")]);
    let stop = place.restore("clean", "back.csv", None).expect_err("one file");
    assert!(matches!(stop, Stop::Refused(_)), "{stop}");
    assert!(!Path::new(&place.path("back.csv")).exists());
}
