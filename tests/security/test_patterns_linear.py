"""Every pattern of the code and its data takes time in proportion to the text: 10^5 hostile characters at each."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

LENGTH = 100_000
LIMIT = 4.0
"""Seconds of computing for one pattern on one text: far more than a linear one takes, far less than a square."""
GENERAL = "a1 \n，中年<(「\"'-.\\é\u3000"


def patterns() -> list[tuple[str, str, int, list[str]]]:
    collect = Path(__file__).with_name("collect.py")
    done = subprocess.run([sys.executable, collect], capture_output=True, text=True, check=True, timeout=900)
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def samples(pattern: str, flags: int) -> list[str]:
    """One character for each element of a pattern, in order."""
    found: list[str] = []

    def walk(items: object) -> None:
        for code, value in items:  # type: ignore[attr-defined]
            if code is codes.LITERAL:
                found.append(chr(value))
            elif code in (codes.ANY, codes.NOT_LITERAL):
                found.append("x")
            elif code is codes.IN:
                found.append(member(value))
            elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
                walk(value[2])
            elif code is codes.SUBPATTERN:
                walk(value[3])
            elif code is codes.BRANCH:
                for branch in value[1][:6]:
                    walk(branch)
            elif code in (codes.ASSERT, codes.ASSERT_NOT):
                walk(value[1])
            elif code is codes.ATOMIC_GROUP:
                walk(value)

    walk(parser.parse(pattern, flags))
    return found


def member(items: list[tuple[object, object]]) -> str:
    compiled = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "w"}
    for code, value in items:
        if code is codes.LITERAL:
            return chr(value)  # type: ignore[arg-type]
        if code is codes.RANGE:
            return chr(value[0])  # type: ignore[index]
        if code is codes.CATEGORY:
            return compiled.get(value, "\u4e2d")
    return "\u4e2d"


def hostile(pattern: str, flags: int) -> Iterator[str]:
    parts = samples(pattern, flags)[:24]
    seeds = {*GENERAL, *parts, *(a + b for a, b in pairwise(parts)), "".join(parts)}
    seeds |= {"".join(parts[:-1]), "".join(parts[:3])}
    for seed in sorted(s for s in seeds if s):
        text = (seed * (LENGTH // len(seed) + 1))[:LENGTH]
        yield text
        yield "".join(parts[:2]) + text + "\u0000"
    for n, part in enumerate(parts):
        yield "".join(parts[:n]) + part * LENGTH + "\u0000"


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def slow(pattern: str, flags: int, methods: list[str]) -> str | None:
    compiled = re.compile(pattern, flags)
    for text in hostile(pattern, flags):
        for method in {"match" if m in ("match", "fullmatch") else "finditer" for m in methods}:
            try:
                with limited(LIMIT):
                    if method == "match":
                        compiled.match(text)
                    else:
                        for _ in compiled.finditer(text):
                            pass
            except TimeoutError:
                return f"{method} of {pattern!r} on {text[:12]!r}…"
    return None


def test_every_pattern_is_linear() -> None:
    found = patterns()
    assert len(found) > 60
    assert [f"{place}: {told}" for place, *pattern in found if (told := slow(*pattern))] == []


def test_the_test_finds_what_is_not() -> None:
    assert slow(r"(a+)+b", 0, ["match"])
    assert slow(r"\s+$", 0, ["search"])
    assert slow(r"\s+$", 0, ["match"]) is None
