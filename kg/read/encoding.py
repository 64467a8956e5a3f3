"""Bytes to text: byte order marks, UTF-8, then GB18030 and Big5 by the plausibility of what comes out.

Big5 text decodes as GB18030 without an error, so that a strict decode proves only UTF-8. What tells them apart
is how common the resulting characters are: each encoding has its everyday characters in the first of its two
levels (Big5 A440-C67E, GB2312 B0A1-D7F9), and text read in the wrong one falls outside both.
"""

import codecs

from kg.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 20_000
_LEAST = 0.5
_BAD = 0.01


def decode(name: str, data: bytes) -> str:
    """The text of `data`. Raises `ReadError` (`encoding`, `binary`)."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(name, data, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _cut_off(data, error):
            return data[: error.start].decode("utf-8")
        return _guess(name, data)
    if "\0" in text:
        raise ReadError(name, "binary", "it holds zero bytes: not a text file, or UTF-16 without a byte order mark")
    return text


def named(name: str, data: bytes, encoding: str) -> str:
    """The text of `data` in the encoding that it names itself; as `decode` reads it where that does not fit."""
    known = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(encoding.lower(), encoding)
    try:
        return data.decode(known)
    except (UnicodeDecodeError, LookupError):
        return decode(name, data)


def _strict(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"its byte order mark says {encoding}, its bytes do not ({error.reason}): save it as UTF-8"
        raise ReadError(name, "encoding", reason) from error


def _cut_off(data: bytes, error: UnicodeDecodeError) -> bool:
    """Only the last character is cut in two, in a file that is otherwise UTF-8."""
    return len(data) - error.start < 4 and error.start > 8 and any(byte > 0x7F for byte in data[: error.start])


def _guess(name: str, data: bytes) -> str:
    sample = data[:_SAMPLE]
    best, encoding = max(((plausibility(sample, e), e) for e in ("gb18030", "big5hkscs")), key=lambda pair: pair[0])
    if best < _LEAST or b"\0" in sample:
        raise ReadError(name, "encoding", "not UTF-8, GB18030, Big5 or UTF-16 with a byte order mark: save it as UTF-8")
    text = data.decode(encoding, errors="replace")
    if text.count("\ufffd") > max(2, len(text) * _BAD):
        raise ReadError(name, "encoding", f"it looks like {encoding} but many bytes do not fit: save it as UTF-8")
    return text


def plausibility(data: bytes, encoding: str) -> float:
    """Share of the characters beyond ASCII that are everyday Chinese ones when `data` is read in `encoding`."""
    text = data.decode(encoding, errors="replace")
    others = [char for char in text if char > "\x7f"]
    if not others:
        return 0.0
    return sum(map(_worth, others)) / len(others)


def _worth(char: str) -> float:
    if char == "\ufffd":
        return -3.0
    if char in "，。、；：？！「」『』（）《》“”‘’—…％　·．":
        return 1.0
    if "一" <= char <= "鿿":
        return max(_level(char, "gb2312", 0xD7), _level(char, "big5", 0xC6))
    if "０" <= char <= "ｚ":
        return 0.5
    return 0.0 if ("①" <= char <= "⓿" or "–" <= char <= "℃") else -1.0


def _level(char: str, encoding: str, last: int) -> float:
    try:
        return 1.0 if char.encode(encoding)[0] <= last else 0.2
    except UnicodeEncodeError:
        return -0.3
