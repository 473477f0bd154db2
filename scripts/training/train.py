"""Trains the scorer. Run by scripts/train, which see."""
import json, statistics, struct, subprocess, sys
from collections import defaultdict
from multiprocessing import Pool
from pathlib import Path

import numpy as np

import data
import forest

ROOT = Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "target/training"
SHARED = Path(sys.argv[1])
PAGES = SHARED / "data/wcxb-dev"
KINDS = ["article", "documentation", "service", "forum", "product", "collection", "listing"]
# A word of class names has to occur on so many sites, and to tell at least so much.
SITES, TELLING, PRIOR = 5, 0.25, 0.3
# A page of which a few blocks are known counts so much.
SNIPPETS = 0.5
# Clean and nearly clean text has to stay: a lost paragraph weighs more there.
OF_KIND = {"clean": 6.0, "planted": 2.0, "justext": 0.5, "boilerpy3": 0.5, "goose3": 0.5}
FIRST = dict(rounds=180, leaves=28, rate=0.1)
SECOND = dict(rounds=100, leaves=16, rate=0.1)
OF_KINDS = dict(rounds=40, leaves=8, rate=0.1, num_class=len(KINDS))


def say(*what):
    print(*what, flush=True)


def run(name, *arguments):
    subprocess.run([ROOT / "target/release/examples" / name, *map(str, arguments)], check=True)


def hash_of(word):
    """FNV-1a, 32 bits, as src/parse/html/markup.rs has it."""
    value = 0x811C9DC5
    for byte in word.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def learn_names(pages, known):
    """For the training part of each fold, and for all: what words of class names tell, by their hash."""
    content, junk = ([defaultdict(float) for _ in range(data.FOLDS)] for _ in range(2))
    sites = defaultdict(set)
    for index in known:
        blocks = slice(pages.starts[index], pages.starts[index + 1])
        size, label = np.sqrt(pages.sizes[blocks] + 1), pages.label[blocks] > 0
        site = data.domain(pages.gold[index]["url"], pages.ids[index])
        for table, is_its in ((content, label), (junk, ~label)):
            total = size[is_its].sum()
            for hints, weight, its in zip(pages.hints[index], size, is_its):
                for word in set(hints) if its else ():
                    table[pages.folds[index]][word] += weight / total
                    sites[word].add(site)
    common = sorted(word for word, on in sites.items() if len(on) >= SITES)

    def weights(folds):
        told = ((word, np.log((sum(content[f][word] for f in folds) + PRIOR) / (sum(junk[f][word] for f in folds) + PRIOR))) for word in common)
        return [[int(word), round(float(weight), 2)] for word, weight in told if abs(weight) >= TELLING]

    return [weights([f for f in range(data.FOLDS) if f != fold]) for fold in range(data.FOLDS)] + [weights(range(data.FOLDS))]


def words_of_names():
    """The words of class names on the pages, by hash, to write them down as words."""
    import gzip, re
    found = {}
    humps = re.compile(rb"[A-Z]*[a-z]+|[A-Z]+")
    for path in sorted((PAGES / "html").iterdir()):
        html = gzip.open(path).read()
        for value in re.findall(rb"""\s(?:class|id|itemprop|role|rel|property)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", html):
            for run in re.findall(rb"[A-Za-z]+", value):
                # As markup::words cuts: a capital behind a small letter begins a word.
                for word in re.sub(rb"([a-z])([A-Z])", rb"\1 \2", run).split():
                    word = word.decode().lower()
                    found[hash_of(word)] = word
    return found


def one_fold(task):
    fold, parameters = task
    used = np.where(WORK.fold != fold, WEIGHTS, 0) if fold is not None else WEIGHTS
    model = forest.train(WORK.values, WORK.label, used, **parameters)
    held = WORK.fold == fold
    return forest.pack(model), model.predict(WORK.values[held], num_threads=1) if held.any() else None


def look(documents, weights, parameters):
    """Forests for each fold and for all, and for each block the probability by the forest that did not see its site."""
    global WORK, WEIGHTS
    WORK, WEIGHTS = documents, weights
    p = np.zeros(len(documents.label), "<f4")
    forests = []
    with Pool(2) as pool:
        tasks = [(fold, parameters) for fold in [*range(data.FOLDS), None]]
        for (fold, _), (packed, predicted) in zip(tasks, pool.imap(one_fold, tasks)):
            forests.append(packed)
            if predicted is not None:
                p[documents.fold == fold] = predicted
    return forests, p


def learn_kinds(pages):
    """Forests for the kind of a page, for each fold and for all, from the first block's row: what it says of the page."""
    typed = [index for index in range(len(pages.ids)) if "type" in pages.gold[index] and pages.starts[index + 1] > pages.starts[index]]
    first = pages.starts[typed]
    of = pages.document[first]
    labels = np.array([KINDS.index(pages.gold[index]["type"]) for index in of])
    folds, right, packed = pages.folds[of], 0, []
    for fold in [*range(data.FOLDS), None]:
        model = forest.train(pages.values[first], labels, np.where(folds != fold, 1.0, 0.0), **OF_KINDS)
        held = folds == fold
        right += (model.predict(pages.values[first][held], num_threads=1).argmax(1) == labels[held]).sum() if held.any() else 0
        packed.append([forest.pack(model, len(KINDS), kind) for kind in range(len(KINDS))])
    say(f"kinds of pages: {right / len(labels):.4f} right")
    return packed


def two_looks(documents, dump, weights):
    first, p = look(documents, weights, FIRST)
    (OUT / "looks.f32").write_bytes(p.tobytes())
    dump(OUT / "looks.f32")
    second, _ = look(documents, weights, SECOND)
    return list(zip(first, second))


def of_pages():
    """What is learned of HTML: names, kinds, two looks, for each fold and for all."""
    all_pages(OUT / "pages")
    prefix = OUT / "html"
    run("features", "html", OUT / "pages", "-", prefix)
    pages = data.Data(prefix, data.rows(OUT / "pages/gold.jsonl"))
    whole = np.array(["text" in row for row in pages.gold])
    names = learn_names(pages, np.nonzero(whole)[0])
    told = {"folds": {id: int(fold) for id, fold in zip(pages.ids, pages.folds)}, "weights": names}
    (OUT / "names.json").write_text(json.dumps(told))
    run("features", "html", OUT / "pages", OUT / "names.json", prefix)
    pages.read(prefix)
    kinds = learn_kinds(pages)

    def dump(looks):
        run("features", "html", OUT / "pages", OUT / "names.json", prefix, looks)
        pages.read(prefix)

    return pages, names, kinds, two_looks(pages, dump, pages.weights(np.where(whole, 1.0, SNIPPETS)))


def all_pages(folder):
    """One folder with the pages whose text is known and those of which snippets are known."""
    (folder / "html").mkdir(parents=True, exist_ok=True)
    gold = []
    for part, source in (("", PAGES), ("m", SHARED / "data/multilingual")):
        for row in data.rows(source / "gold.jsonl"):
            id = part + str(row["id"])
            link = folder / f"html/{id}.html.gz"
            link.unlink(missing_ok=True)
            link.symlink_to(source / f"html/{row['id']}.html.gz")
            gold.append({**row, "id": id})
    (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in gold))


def of_texts():
    """What is learned of text, for each fold and for all."""
    prefix, source = OUT / "text", OUT / "texts.jsonl"
    gold = data.texts_of_scrapers(SHARED, source)
    run("features", "text", source, "-", prefix)
    texts = data.Data(prefix, gold)
    weight = np.array([OF_KIND.get(row["kind"], 1.0) for row in texts.gold])

    def dump(looks):
        run("features", "text", source, "-", prefix, looks)
        texts.read(prefix)

    return texts, two_looks(texts, dump, texts.weights(weight, most=60))


def write(path, names, words, kinds, html, text):
    out = struct.pack("<I", len(names))
    for hash, weight in names:
        word = words[hash].encode()
        out += struct.pack("<I", len(word)) + word + struct.pack("<f", weight)
    out += struct.pack("<I", len(kinds)) + b"".join(kinds)
    path.write_bytes(out + b"".join(html) + b"".join(text))


def figures(pages, texts):
    """The figures of the cross-validation, by the program's own extraction and the reference scorer."""
    sys.path.insert(0, str(SHARED / "eval"))
    import score

    def tell(what, row):
        say(f"{what}: " + ", ".join(f"{name} {value:.4f}" for name, value in row.items() if name != "pages"))

    def predicted(documents, source):
        found = {}
        for fold in range(data.FOLDS):
            (OUT / "ids").write_text("\n".join(id for id, its in zip(documents.ids, documents.folds) if its == fold))
            run("predict", OUT / f"fold-{fold}.bin", source, OUT / "ids", OUT / "predicted.jsonl")
            found.update({row["id"]: row for row in data.rows(OUT / "predicted.jsonl")})
        return {id: row["text"] for id, row in found.items()}, {id: row.get("titled") for id, row in found.items()}

    found, titled = predicted(pages, OUT / "pages")
    for kind, row in sorted(score.score_text([row for row in pages.gold if "text" in row], found).items()):
        tell(f"html, {kind}", row)
    tell("html, multilingual", score.score_with([row for row in pages.gold if "text" not in row], titled)["all"])
    found, _ = predicted(texts, OUT / "texts.jsonl")
    for kind in [*data.DUMPS, *data.EXTRACTORS]:
        gold = [row for row in texts.gold if row["kind"] == kind]
        tell(f"text, {kind}", score.score_text(gold, found)["all"])
    tell("text, clean", score.score_noop([row for row in texts.gold if row["kind"] == "clean"], found)["all"])


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    words = words_of_names()
    pages, names, kinds, html = of_pages()
    texts, text = of_texts()
    # A word that only the parser sees as one has no spelling here and is left out.
    names = [[name for name in table if name[0] in words] for table in names]
    for fold in range(data.FOLDS):
        write(OUT / f"fold-{fold}.bin", names[fold], words, kinds[fold], html[fold], text[fold])
    target = ROOT / "src/scorer/weights.bin"
    write(target, names[-1], words, kinds[-1], html[-1], text[-1])
    say(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes")
    figures(pages, texts)


if __name__ == "__main__":
    main()
