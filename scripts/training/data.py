"""The shared data as training rows: documents, their blocks' features, and which blocks are content."""
import gzip, hashlib, json, re
from collections import Counter, defaultdict
from multiprocessing import Pool
from urllib.parse import urlparse

import numpy as np
from rapidfuzz.distance import LCSseq

FOLDS = 5
EXTRACTORS = ["trafilatura", "readability-lxml", "newspaper4k", "justext", "boilerpy3", "goose3"]
DUMPS = ["html-text", "inscriptis", "resiliparse-all"]
# A copy of a block is told from its first occurrence where it has so many words.
COPY = 12

words = lambda text: re.findall(r"\w+", (text or "").lower())


def rows(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def domain(url, fallback):
    """The registrable part of a host, nearly: enough to keep a site's pages together."""
    parts = urlparse(url or "").netloc.lower().split(":")[0].split(".")
    if len(parts) < 2:
        return fallback
    is_second_level = len(parts) > 2 and parts[-2] in ("co", "com", "org", "gov", "ac", "net", "edu") and len(parts[-1]) == 2
    return ".".join(parts[-3:] if is_second_level else parts[-2:])


def fold(url, fallback):
    return int(hashlib.md5(domain(url, fallback).encode()).hexdigest(), 16) % FOLDS


def coverage(task):
    """For each block the share of its words that a longest common subsequence with the gold text holds, and its words."""
    texts, gold = task
    gold, tokens, offsets = words(gold), [], [0]
    for text in texts:
        tokens += words(text)
        offsets.append(len(tokens))
    sizes = np.diff(offsets)
    known = defaultdict(lambda: len(known))
    target = [known[word] for word in gold]
    wanted = set(target)
    source = np.array([known[word] for word in tokens], int)
    kept = np.nonzero([token in wanted for token in source])[0]
    matched = np.zeros(len(tokens) + 1)
    gone = {edit.src_pos for edit in LCSseq.editops(source[kept].tolist(), target) if edit.tag == "delete"}
    matched[[place for index, place in enumerate(kept) if index not in gone]] = 1
    sums = np.concatenate([[0], np.cumsum(matched)])
    share = (sums[offsets[1:]] - sums[offsets[:-1]]) / np.maximum(sizes, 1)
    # Of equal blocks the first ones count as content.
    copies = defaultdict(list)
    for block, text in enumerate(texts):
        if sizes[block] >= COPY:
            copies[text].append(block)
    for blocks in copies.values():
        share[blocks] = sorted(share[blocks], reverse=True)
    return share.astype(np.float32), sizes.astype(np.float32)


class Data:
    """Documents with the features of their blocks, as `features` wrote them to PREFIX.f32 and PREFIX.jsonl."""

    def __init__(self, prefix, gold):
        lines = open(f"{prefix}.jsonl", encoding="utf-8")
        self.features = json.loads(next(lines))["features"]
        self.ids, self.hints, texts = [], [], []
        for line in lines:
            row = json.loads(line)
            self.ids.append(str(row["id"]))
            self.hints.append(row["hints"])
            texts.append(row["texts"])
        self.read(prefix)
        gold = {str(row["id"]): row for row in gold}
        self.gold = [gold[id] for id in self.ids]
        with Pool(2) as pool:
            covered = pool.map(coverage, [(t, g.get("text", "")) for t, g in zip(texts, self.gold)], chunksize=16)
        self.sizes = np.concatenate([size for _, size in covered])
        self.label = (np.concatenate([share for share, _ in covered]) >= 0.5).astype(np.float32)
        self.known = np.ones(len(self.label))
        counts = np.array([len(t) for t in texts])
        self.starts = np.concatenate([[0], np.cumsum(counts)])
        self.document = np.repeat(np.arange(len(texts)), counts)
        self.folds = np.array([fold(g.get("url"), g.get("page", id)) for g, id in zip(self.gold, self.ids)])
        self.fold = self.folds[self.document]
        self.gold_words = np.array([len(words(g.get("text"))) for g in self.gold], np.float32)
        for index, row in enumerate(self.gold):
            if "text" not in row:
                self.know_snippets(index, texts[index], row)

    def know_snippets(self, index, texts, row):
        """Of a page of which snippets are known, the blocks that hold one are: content, or junk."""
        flat = lambda text: " ".join(text.split())
        stays, goes = ([flat(snippet) for snippet in row[key]] for key in ("with", "without"))
        for block, text in enumerate(map(flat, texts), self.starts[index]):
            # A snippet may reach over several blocks.
            holds = lambda snippets: any(s in text or len(text) > 20 and text in s for s in snippets)
            content, junk = holds(stays), holds(goes)
            self.known[block] = content != junk
            self.label[block] = content
            self.gold_words[index] += self.sizes[block] * (content and not junk)

    def read(self, prefix):
        """Reads features again, with more columns."""
        with open(f"{prefix}.jsonl", encoding="utf-8") as lines:
            self.features = json.loads(next(lines))["features"]
        self.values = np.fromfile(f"{prefix}.f32", "<f4").reshape(-1, len(self.features))

    def weights(self, of_document=None, most=150):
        """Each document counts alike, each block by its share of the article; of many blocks of a class a sample stands
        for all. Returns weights (0 where a block is left out)."""
        weight = np.clip((self.sizes + 1) / np.maximum(self.gold_words[self.document], 80), 0.0005, 1) ** 0.7 * self.known
        count = len(self.ids)
        weight /= np.maximum(np.bincount(self.document, weight, count)[self.document], 1e-9)
        if of_document is not None:
            weight *= of_document[self.document]
        share = np.ones(len(weight))
        for label in (0, 1):
            blocks = np.bincount(self.document, self.label == label, count)[self.document]
            share = np.where(self.label == label, np.minimum(1, most / np.maximum(blocks, 1)), share)
        taken = np.random.default_rng(0).random(len(weight)) < share
        return np.where(taken, weight / share, 0)


def texts_of_scrapers(shared, path):
    """Writes what scrapers left of the article pages, clean articles and planted ones to one file; gives their gold."""
    articles = {row["id"]: row for row in rows(shared / "data/wcxb-dev/gold.jsonl") if row["type"] == "article"}
    clean = {row["id"]: row for row in rows(shared / "data/junk/clean.jsonl")}
    gold = []
    with open(path, "w", encoding="utf-8") as out:
        def put(kind, id, text, right):
            out.write(json.dumps({"id": f"{kind}:{id}", "text": text or ""}) + "\n")
            gold.append({"id": f"{kind}:{id}", "page": id, "kind": kind, "text": right, "url": articles[id]["url"], "title": articles[id].get("title")})
        for tool in sorted(EXTRACTORS + DUMPS):
            for row in rows(shared / f"data/scraped/{tool}.jsonl.gz"):
                if row["id"] in articles:
                    put(tool, row["id"], row["text"], articles[row["id"]]["text"])
        for id, row in clean.items():
            put("clean", id, row["text"], row["text"])
        for row in rows(shared / "data/junk/planted.jsonl"):
            put("planted", row["id"], row["text"], clean[row["id"]]["text"])
    return gold
