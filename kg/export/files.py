"""Files that are there whole or not at all, and the characters that XML can hold."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(path: Path, chunks: Iterable[str]) -> Path:
    """Write UTF-8 text beside `path`, then put it in its place."""
    new = path.with_name(path.name + ".new")
    try:
        with new.open("w", encoding="utf-8", newline="") as file:
            file.writelines(chunks)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    return path


def for_xml(text: str) -> str:
    """`text` without the control characters that XML 1.0 forbids."""
    return _NOT_XML.sub("", text)
