"""Times dehusk on files made for it and prints two tables. Called by scripts/bench."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JUNK = ROOT.parent / "shared" / "data" / "junk"
SMALL_FILES = 20_000

# What is measured on each stream: name and options.
STREAM_RUNS = {
    "all rules, 1 thread": ["--threads", "1"],
    "--only none, 1 thread": ["--threads", "1", "--only", "none"],
    "all rules, 2 threads": ["--threads", "2"],
    "thorough, 1 thread": ["--threads", "1", "--level", "thorough"],
}
BASE = "all rules, 1 thread"


def sources():
    """Name and JSONL lines of each kind of stream."""
    articles = sorted((ROOT / "corpus" / "articles").glob("*.txt"))
    yield "corpus", [json.dumps({"id": path.stem, "text": path.read_text("utf-8")}, ensure_ascii=False) for path in articles]
    for path in (JUNK / "planted.jsonl", JUNK / "clean.jsonl"):
        if path.exists():
            yield path.stem, path.read_text("utf-8").split("\n")[:-1]


def repeat(lines, path, size):
    """Writes the lines over and over, up to `size` bytes."""
    block = "".join(line + "\n" for line in lines).encode()
    with path.open("wb") as out:
        for _ in range(max(1, round(size / len(block)))):
            out.write(block)
    return path.stat().st_size


def run(command):
    """Seconds and peak memory in MB of one run.

    `time` stands between, because a child begins with the peak of the process it was forked from: Python's own.
    """
    with tempfile.NamedTemporaryFile("r") as report:
        timed = ["/usr/bin/time", "--quiet", "-f", "%M", "-o", report.name, *command]
        start = time.perf_counter()
        code = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        seconds = time.perf_counter() - start
        if code not in (0, 1):
            sys.exit(f"{' '.join(map(str, command))}: exit code {code}")
        return seconds, int(report.read()) / 1024


def rounds(commands, count):
    """Runs each command once a round, so that what else the machine does strikes all alike."""
    taken = {name: [] for name in commands}
    for _ in range(count):
        for name, command in commands.items():
            taken[name].append(run(command))
    return taken


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def streams(dehusk, folder, size, count):
    row("stream", "run", "MB/s", "peak MB", "time, of all rules with 1 thread")
    row("---", "---", "---:", "---:", "---:")
    for name, lines in sources():
        path = folder / f"{name}.jsonl"
        bytes_in = repeat(lines, path, size)
        output = ["-o", folder / "out.jsonl", "--force", "--quiet"]
        taken = rounds({run: [dehusk, "clean", path, *output, *options] for run, options in STREAM_RUNS.items()}, count)
        for run_name, results in taken.items():
            seconds = statistics.median(seconds for seconds, _ in results)
            memory = statistics.median(memory for _, memory in results)
            ratio = statistics.median(mine / base for (mine, _), (base, _) in zip(results, taken[BASE]))
            row(name, run_name, f"{bytes_in / seconds / 1e6:.0f}", f"{memory:.0f}", f"{ratio:.2f}")
        path.unlink()


def others(dehusk, folder, size, count):
    name, lines = next(sources())
    output = ["-o", folder / "out", "--force", "--quiet"]
    texts = [json.loads(line)["text"] for line in lines]
    article = folder / "article.txt"
    article.write_bytes("".join(texts).encode()[:5000].decode(errors="ignore").encode())
    once, twice, tree = folder / "once.jsonl", folder / "twice.jsonl", folder / "tree"
    repeat(lines, once, size)
    repeat(lines, twice, 2 * size)
    for number in range(SMALL_FILES):
        path = tree / f"{number // 1000:02}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[number % len(texts)], "utf-8")
    few = {"a 5 KB article": [dehusk, "clean", article, "-o", folder / "article.out", "--force", "--quiet"]}
    many = {
        f"{size // 10**6} MB of {name}": [dehusk, "clean", once, *output],
        "the same, twice as long": [dehusk, "clean", twice, *output],
    }
    files = {f"{SMALL_FILES} small files": [dehusk, "clean", tree, "-o", folder / "tree.out", "--force", "--quiet"]}
    row("run", "from start to exit", "peak MB")
    row("---", "---:", "---:")
    for taken in (rounds(few, 4 * count), rounds(many, count), rounds(files, count)):
        for run_name, results in taken.items():
            seconds = statistics.median(seconds for seconds, _ in results)
            memory = statistics.median(memory for _, memory in results)
            row(run_name, f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s", f"{memory:.0f}")


def main():
    dehusk, megabytes, count = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="dehusk-bench-") as folder:
        streams(dehusk, Path(folder), int(megabytes) * 10**6, int(count))
        print()
        others(dehusk, Path(folder), int(megabytes) * 10**6, int(count))


if __name__ == "__main__":
    main()
