"""Loaded by every Python process of a fault test: a light pipeline that documents can wreck, deaths at chosen points.

A document does what the words in it say: CRASH, SEGFAULT, EXIT, LOOP, SLEEP, HOG, DEEP, RAISE, REFUSE, ONCE.
`DIE_AT=N` kills the build itself (not its workers) at its Nth rename; `CLOCK` makes the clock run backwards in leaps.
"""

import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from pathlib import Path


class _Patch(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Replaces kg.pipeline with a module of one function."""

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name == "kg.pipeline" else None

    def exec_module(self, module):
        module.extract = _extract


def _extract(document, settings):
    from kg.model import Article, Claim, Entity, Evidence, Extraction, Piece, Span

    text = document.text
    for word, act in _ACTS.items():
        if word in text:
            act(document)
    article = Article("a1", document.id, "", text, (Piece(0, 0, len(text)),))
    said = Evidence(document.id, "a1", Span(0, 10), text[:10].replace("\n", ""))
    names = ["sk-hynix", "samsung", "hbm", "x-" + document.id]
    classes = ["Company", "Company", "Technology", "Company"]
    things = tuple(Entity(i, c, (("zh-Hant", i),), mentions=1) for i, c in zip(names, classes, strict=True))
    number = int(document.id[:4], 16)
    subject = names[(0, 1, 3)[number % 3]]
    claims = (Claim(subject, "produces", "hbm", confidence=number % 100 / 100, evidence=(said,)),)
    return Extraction(document, (article,), things, claims)


def _loop(document):
    while True:
        pass


def _hog(document):
    kept = []
    while True:
        kept.append(bytearray(1 << 24))


def _deep(document):
    _deep(document)


def _raise(document):
    raise ValueError("no such thing")


def _refuse(document):
    from kg.errors import DataError

    raise DataError("reader.onnx: is missing")


def _once(document):
    """Dies on the first attempt, is fine on the next."""
    mark = Path(os.environ["ONCE_AT"])
    if not mark.exists():
        mark.write_text("")
        os.kill(os.getpid(), signal.SIGKILL)


_ACTS = {
    "CRASH": lambda d: os.kill(os.getpid(), signal.SIGKILL),
    "SEGFAULT": lambda d: os.kill(os.getpid(), signal.SIGSEGV),
    "EXIT": lambda d: os._exit(0),
    "LOOP": _loop,
    "SLEEP": lambda d: time.sleep(0.2),
    "HOG": _hog,
    "DEEP": _deep,
    "RAISE": _raise,
    "REFUSE": _refuse,
    "ONCE": _once,
}


def _die_at(count):
    real = os.replace
    left = [count]

    def replace(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    os.replace = replace


sys.meta_path.insert(0, _Patch())
if os.environ.get("DIE_AT") and "build" in sys.orig_argv:
    _die_at(int(os.environ["DIE_AT"]))
if os.environ.get("CLOCK"):
    _jumps = iter(range(0, 10**9, 86_399_999))
    time.time = lambda: 1.7e9 - next(_jumps)
