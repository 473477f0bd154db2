"""Times whole corpora in each format and prints tables. Called by scripts/bench-corpus."""

import argparse
import gzip
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import matplotlib
import pyarrow
import pyarrow.parquet

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402 (a drawing surface is chosen first)

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT.parent / "shared" / "data" / "wcxb-dev" / "html"

# Text formats, and what packs and unpacks them for the plain read and write.
PACKED = {"": None, ".gz": ["gzip", "-6", "-c"], ".zst": ["zstd", "-3", "-q", "-c"]}

DATATROVE = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters import C4QualityFilter
from datatrove.pipeline.readers import JsonlReader, ParquetReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

folder, name, out = sys.argv[1:]
is_parquet = name.endswith("parquet")
compression = "gzip" if name.endswith(".gz") else "zstd" if name.endswith(".zst") else None
reader = ParquetReader(folder, glob_pattern=name) if is_parquet else JsonlReader(folder, glob_pattern=name, compression=compression)
writer = ParquetWriter(out) if is_parquet else JsonlWriter(out, compression=compression)
pipeline = [reader, C4QualityFilter(filter_no_terminal_punct=True, min_num_sentences=0, split_paragraph=True), writer]
LocalPipelineExecutor(pipeline=pipeline, tasks=1, logging_dir=out + "-logs", skip_completed=False).run()
"""


def articles():
    """Texts of some length, with junk: the sample articles' paragraphs, shuffled."""
    paths = sorted((ROOT / "corpus" / "articles").glob("*.txt"))
    texts = [path.read_text("utf-8") for path in paths]
    draw = random.Random(4)
    number = 0
    while True:
        text = draw.choice(texts)
        lines = [line for other in draw.sample(texts, 2) for line in other.splitlines() if len(line) > 120]
        number += 1
        yield {"id": f"article-{number}", "url": f"https://site-{number % 97}.example/{number}", "text": text + "\n" + "\n\n".join(lines) + "\n"}


def make_jsonl(path, size):
    made = 0
    with path.open("w", encoding="utf-8") as out:
        for article in articles():
            line = json.dumps(article, ensure_ascii=False) + "\n"
            out.write(line)
            made += len(line.encode())
            if made >= size:
                return


def make_parquet(jsonl, path):
    writer = None
    with jsonl.open(encoding="utf-8") as lines:
        while rows := [json.loads(line) for line in (lines.readline() for _ in range(20_000)) if line]:
            table = pyarrow.Table.from_pylist(rows)
            writer = writer or pyarrow.parquet.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
    writer.close()


def make_warc(path, size):
    """The pages of WCXB dev as HTTP responses, over and over, each record a gzip member of its own."""
    pages = sorted(PAGES.glob("*.html.gz"))
    made = 0
    with path.open("wb") as out:
        while made < size:
            for page in pages:
                body = gzip.decompress(page.read_bytes())
                http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
                head = (
                    "WARC/1.0\r\nWARC-Type: response\r\n"
                    f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{made:012x}>\r\n"
                    f"WARC-Target-URI: https://pages.example/{page.name}\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
                    f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
                )
                record = head.encode() + http + b"\r\n\r\n"
                out.write(gzip.compress(record, 6))
                made += len(record)
                if made >= size:
                    break
    return made


def run(command, shell=False, fine=(0,)):
    """Seconds and peak memory in MB of a command that ends with one of the fine codes."""
    with tempfile.NamedTemporaryFile("r") as report:
        command = ["bash", "-c", command] if shell else [str(part) for part in command]
        start = time.perf_counter()
        timed = ["/usr/bin/time", "--quiet", "-f", "%M", "-o", report.name, *command]
        code = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        seconds = time.perf_counter() - start
        if code not in fine:
            sys.exit(f"{' '.join(command)}: exit code {code}")
        return seconds, int(report.read()) / 1024


def clean(program, source, out, threads, *options):
    return [program, "clean", source, "-o", out, "--force", "--quiet", "--threads", threads, *options]


def plain(source, out):
    """A read and a write of the same format that does nothing else."""
    if source.suffix == ".parquet":
        copy = (
            "import sys, pyarrow.parquet as p; f = p.ParquetFile(sys.argv[1]); "
            "w = p.ParquetWriter(sys.argv[2], f.schema_arrow, compression='zstd'); "
            "[w.write_batch(b) for b in f.iter_batches()]; w.close()"
        )
        return [sys.executable, "-c", copy, source, out], False
    pack = PACKED.get(source.suffix)
    if pack:
        return f"{pack[0]} -d -q -c '{source}' | {' '.join(pack)} > '{out}'", True
    return ["cp", source, out], False


def formats(program, folder, size, rounds):
    jsonl = folder / "in.jsonl"
    make_jsonl(jsonl, size)
    sources = {jsonl: size}
    for ending, pack in PACKED.items():
        if pack:
            packed = folder / f"in.jsonl{ending}"
            subprocess.run(f"{' '.join(pack)} '{jsonl}' > '{packed}'", shell=True, check=True)
            sources[packed] = size
    parquet = folder / "in.parquet"
    make_parquet(jsonl, parquet)
    sources[parquet] = size
    if PAGES.exists():
        warc = folder / "in.warc.gz"
        sources[warc] = make_warc(warc, size)
    print("| format | plain read and write | every rule, 1 thread | 2 threads | of 1 thread | peak MB | datatrove, C4 filter |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for source, size in sources.items():
        is_warc = ".warc" in source.name
        out = folder / ("out.jsonl.gz" if is_warc else source.name.replace("in.", "out."))
        taken = {name: [] for name in ("plain", "one", "two")}
        peak = 0
        for _ in range(rounds):
            if not is_warc:
                command, shell = plain(source, folder / "plain")
                taken["plain"].append(run(command, shell)[0])
            for name, threads in (("one", 1), ("two", 2)):
                seconds, memory = run(clean(program, source, out, threads), fine=(0, 1))
                taken[name].append(seconds)
                peak = max(peak, memory)
        speed = lambda seconds: f"{size / 1e6 / statistics.median(seconds):.0f} MB/s" if seconds else ""
        ratio = statistics.median(one / two for one, two in zip(taken["one"], taken["two"]))
        other = "" if is_warc else datatrove(folder, source, size)
        print(f"| {source.name[3:]} | {speed(taken['plain'])} | {speed(taken['one'])} | {speed(taken['two'])} | {ratio:.2f} | {peak:.0f} | {other} |", flush=True)


def datatrove(folder, source, size):
    """Once, over a twentieth: it takes minutes."""
    size /= 20
    part = folder / "part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    small = part / "in.jsonl"
    make_jsonl(small, size)
    if source.suffix == ".parquet":
        make_parquet(small, part / "in.parquet")
    elif source.suffix != ".jsonl":
        subprocess.run(f"{' '.join(PACKED[source.suffix])} '{small}' > '{part / source.name}'", shell=True, check=True)
    seconds, _ = run([sys.executable, "-c", DATATROVE, part, source.name, part / "out"])
    return f"{size / 1e6 / seconds:.1f} MB/s"


def growth(program, folder):
    print("| size | seconds | MB/s | peak MB |")
    print("| --- | --- | --- | --- |")
    points = []
    for megabytes in (10, 100, 1_000, 10_000):
        source = folder / "in.jsonl"
        make_jsonl(source, megabytes * 1e6)
        seconds, memory = run(clean(program, source, folder / "out.jsonl", os.cpu_count()))
        size = source.stat().st_size / 1e6
        points.append((size, seconds, memory))
        print(f"| {size:,.0f} MB | {seconds:.1f} | {size / seconds:.0f} | {memory:.0f} |", flush=True)
    plot(points, ROOT / "benches" / "growth.svg")


def plot(points, path):
    """Time and peak memory over the size of a corpus, time beside what it would be in proportion to the largest."""
    sizes, seconds, memory = zip(*points)
    matplotlib.rcParams.update({"svg.hashsalt": "dehusk", "svg.fonttype": "none", "axes.grid": True, "grid.alpha": 0.3})
    figure, (time_axes, memory_axes) = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    rate = seconds[-1] / sizes[-1]
    time_axes.loglog(sizes, [size * rate for size in sizes], ":", color="gray", label="in proportion to size")
    time_axes.loglog(sizes, seconds, "o-", label="measured")
    time_axes.set(title="Time", xlabel="corpus, MB", ylabel="seconds")
    time_axes.legend()
    memory_axes.semilogx(sizes, memory, "o-")
    memory_axes.set(title="Peak memory", xlabel="corpus, MB", ylabel="MB", ylim=(0, 2 * max(memory)))
    figure.savefig(path, metadata={"Date": None})


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--megabytes", type=float, default=1_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--growth", action="store_true")
    options = options.parse_args()
    program = Path(options.program).resolve()
    with tempfile.TemporaryDirectory(dir=ROOT / "target") as folder:
        if options.growth:
            growth(program, Path(folder))
        else:
            formats(program, Path(folder), options.megabytes * 1e6, options.rounds)


if __name__ == "__main__":
    main()
