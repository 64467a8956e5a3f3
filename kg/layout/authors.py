"""Authors as a text states them: names, roles and organizations, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.layout.marks import Marks

_HAN = re.compile("[一-鿿·]+$")
_PEN_NAME = 6


@dataclass(frozen=True, slots=True)
class Stated:
    """An author as stated in some text; the numbers are offsets in that text, `name` (0, 0) when unnamed."""

    name: tuple[int, int]
    organization: tuple[int, int] | None = None
    role: tuple[int, int] | None = None
    whole: tuple[int, int] = (0, 0)


def is_name(text: str, marks: Marks) -> bool:
    """Whether folded `text` looks like a Chinese person's name: a surname and one or two characters."""
    if not _HAN.match(text) or text in marks.not_names:
        return False
    if text[:2] in marks.compound_surnames:
        return 3 <= len(text) <= 4
    return 2 <= len(text) <= 3 and text[0] in marks.surnames


def statement(text: str, marks: Marks) -> list[Stated]:
    """The authors of a line such as (作者为…), (甲为…;乙为…), (某某团队); empty when it is none."""
    whole = (0, len(text))
    if match := marks.named.match(text):
        found = []
        for part in marks.part.finditer(text):
            if is_name(part[1], marks):
                found.append(Stated(part.span(1), *_position(text, *part.span(2), marks), part.span()))
        if found:
            return found
    if match := marks.statement.match(text):
        return list(_positions(text, *match.span(1), marks))
    if match := marks.group.match(text):
        return [Stated((0, 0), match.span(1), None, match.span(1))]
    if match := marks.handle.match(text):
        return [Stated(match.span(1), None, None, whole)]
    return []


def byline(text: str, marks: Marks) -> list[Stated]:
    """The authors of a line that names them: 本报记者 甲 乙, 撰文:甲, or a bare name; else empty."""
    if is_name(text, marks):
        return [Stated((0, len(text)), whole=(0, len(text)))]
    if match := marks.byline.match(text):
        return list(_named(match, marks))
    return []


def reporters(text: str, marks: Marks) -> list[Stated]:
    """The reporters named at the head of a paragraph: 某社某地5月1日电(记者 甲、乙)."""
    head = text[:80]
    match = marks.reporter.search(head)
    if match is None:
        return []
    found = list(_named(match, marks))
    sent = marks.dispatch.match(head)
    if found and sent and not found[0].organization and sent.end() - 1 == match.start():
        return [Stated(a.name, sent.span("org"), a.role, (sent.start("org"), match.end())) for a in found]
    return found


def portrait(text: str, marks: Marks) -> list[Stated]:
    """The writer whom a closing paragraph presents: 【甲·专栏】某校教授,… or 甲,某会主席。"""
    match = marks.portrait.match(text)
    if match is None or not is_name(match[1], marks):
        return []
    stop = re.compile(r"[,。;]").search(text, match.end())
    end = stop.start() if stop else len(text)
    first = text.find("、", match.end(), end)
    organization, role = _position(text, match.end(), end if first < 0 else first, marks)
    if organization is None:
        role = _title(text, match.end(), end, marks) or role
    return [Stated(match.span(1), organization, role, (0, end))]


def _title(text: str, start: int, end: int, marks: Marks) -> tuple[int, int] | None:
    """Several roles in a row, such as 经济学家、专栏作家."""
    return (start, end) if all(marks.role.search(part) for part in text[start:end].split("、")) else None


def _named(match: re.Match[str], marks: Marks) -> Iterator[Stated]:
    role = match.span("role") if match["role"] else None
    org = match.span("org") if match["org"] else None
    if org and role and marks.desk.search(match["org"]):
        role, org = (org[0], role[1]), None
    at = match.start("names")
    for part in re.finditer(r"[^ 、,/;&]+", match["names"]):
        if is_name(part[0], marks):
            yield Stated((at + part.start(), at + part.end()), org, role, match.span())


def _positions(text: str, start: int, end: int, marks: Marks) -> Iterator[Stated]:
    """Positions of one unnamed author: the parts between commas that each name a role."""
    at, name = start, (0, 0)
    titled = marks.role.search(text, start, end)
    if titled and titled.start() > start and is_name(text[start : titled.start()], marks):
        yield Stated((start, titled.start()), None, titled.span(), (start, end))
        return
    lead = marks.lead.match(text, start, end)
    if lead and is_name(lead[1], marks):
        name, at = lead.span(1), lead.end()
    if is_name(text[start:end], marks):
        yield Stated((start, end), whole=(start, end))
        return
    for part in re.compile(r"[^,、;]+").finditer(text, at, end):
        organization, role = _position(text, *part.span(), marks)
        if role or organization:
            yield Stated(name, organization, role, (start, end))
            return
    if end - at <= _PEN_NAME:
        yield Stated((at, end), None, None, (start, end))
    elif name != (0, 0):
        yield Stated(name, None, (at, end), (start, end))


def _position(text: str, start: int, end: int, marks: Marks) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Organization and role in `text[start:end]`, such as 某行首席经济学家, a department counting to the role."""
    end = _before(text, start, end)
    match = marks.role.search(text, start, end)
    if match is None:
        return None, None
    cut = match.start()
    if department := marks.department.search(text, start, cut):
        cut = department.start(1)
    while cut > start and text[cut - 1] == " ":
        cut -= 1
    return ((start, cut) if cut - start >= 2 else None), (cut if cut - start >= 2 else start, end)


def _before(text: str, start: int, end: int) -> int:
    at = text.find("@", start, end)
    return at if at > start else end
