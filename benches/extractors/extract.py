"""Runs one HTML extractor over a list of pages and times each page: the Python side of scripts/bench-html.

Arguments and output are those of the Rust program beside it, see src/main.rs.
"""

import json
import logging
import sys
import time
from functools import partial
from pathlib import Path

# So many pages go through before the clock counts, as in src/main.rs.
WARM_UP = 10
# The elements that begin and end a line: what readability-lxml returns is HTML, and text needs breaks between blocks.
BLOCKS = set(
    "address article aside blockquote br caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)


def readability_lxml():
    import lxml.html
    from readability import Document

    def extract(html):
        tree = lxml.html.fromstring(Document(html).summary())
        for element in tree.iter():
            if element.tag in BLOCKS:
                element.text = "\n" + (element.text or "")
                element.tail = "\n" + (element.tail or "")
        return tree.text_content()

    return extract


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text

    return partial(extract_plain_text, main_content=True, alt_texts=False, list_bullets=False)


def trafilatura(**options):
    from trafilatura import extract

    return partial(extract, include_comments=False, include_tables=True, **options)


# What makes each extractor: an extractor's imports are its own, so that its memory is too.
TOOLS = {
    "resiliparse": resiliparse,
    "readability-lxml": readability_lxml,
    "trafilatura": trafilatura,
    "trafilatura, fast": partial(trafilatura, fast=True),
}


def timed(extract, html):
    """Seconds of processor time and text of one page; no text where the extractor raised an error."""
    start = time.process_time()
    try:
        text = extract(html) or ""
    except Exception:
        text = None
    return time.process_time() - start, text


def measure(extract, pages, out):
    for page in pages[:WARM_UP]:
        timed(extract, page.read_text("utf-8"))
    for page in pages:
        seconds, text = timed(extract, page.read_text("utf-8"))
        out.write(json.dumps({"id": page.stem, "seconds": seconds, "text": text}) + "\n")


def main():
    if len(sys.argv) == 1:
        print("\n".join(TOOLS))
        return
    logging.disable()
    tool, pages, out = sys.argv[1:]
    with open(out, "w", encoding="utf-8") as lines:
        measure(TOOLS[tool](), [Path(page) for page in Path(pages).read_text("utf-8").splitlines()], lines)


if __name__ == "__main__":
    main()
