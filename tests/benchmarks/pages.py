"""Speed of reading and repairing pages: CPU milliseconds for 1,000 characters of text and for a page of PDF.

Run as `python tests/benchmarks/pages.py`; beside each figure stands its ratio to the target.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pdf_pages import Page, pdf
from stories import STORIES

from kg.layout import lay_out
from kg.read import read_bytes
from kg.settings import Settings

TARGETS = {"text, 1,000 characters": 3.0, "broken lines, 1,000 characters": 3.0, "PDF page": 60.0, "HTML page": 60.0}


def milliseconds(run: Callable[[], object], rounds: int = 30) -> float:
    """The median time of `run` after one to warm up."""
    run()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return sorted(times)[rounds // 2] * 1000


def extract(name: str, data: bytes) -> None:
    for document in read_bytes(name, data, Settings()):
        lay_out(document)


def main() -> None:
    text = "\n\n".join(f"{title}\n\n" + body.replace("\n", "\n\n") for title, body in STORIES)
    flowed = text.encode()
    broken = "\n".join(text[i : i + 16] for i in range(0, len(text), 16)).encode()
    page = Page()
    for column in range(3):
        page.column(40 + column * 180, 60, "\n".join(body for _, body in STORIES), 16, size=9)
    paper = pdf([page])
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n") if line)
    html = f"<html><body><article><h1>{STORIES[0][0]}</h1>{paragraphs}</article></body></html>"
    figures = {
        "text, 1,000 characters": milliseconds(lambda: extract("a.txt", flowed)) / len(text) * 1000,
        "broken lines, 1,000 characters": milliseconds(lambda: extract("a.txt", broken)) / len(text) * 1000,
        "PDF page": milliseconds(lambda: extract("a.pdf", paper)),
        "HTML page": milliseconds(lambda: extract("a.html", html.encode())),
    }
    for name, figure in figures.items():
        print(f"{name:32} {figure:8.2f} ms   {figure / TARGETS[name]:.2f} of the target")


if __name__ == "__main__":
    main()
