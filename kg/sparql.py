"""What must be known of a SPARQL query before it is parsed: that it is not too deep, and stays at home.

Oxigraph's parser reads keywords without looking for their end: `SERVICESILENT<…>`, `trueSERVICE<…>` and
`SERVICEex:a` call out to other servers. So a bare word that only contains SERVICE is refused, and so is a prefix
that does. Strings, IRIs, comments, variables and the local parts of names may hold it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from kg.errors import QueryError

NESTING = 100
"""Brackets within brackets, and signs in a row; far more of them end the process."""

_TOKEN = re.compile(
    r"""(?P<blank>\s+|\#[^\n\r]*+)
    |(?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*+\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*+'{3}
      |"(?!"")(?:[^"\\\n\r]|\\.)*+"|'(?!'')(?:[^'\\\n\r]|\\.)*+')
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*+>)
    |(?P<variable>[?$]\w++)
    |(?P<tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    |(?P<name>(?P<prefix>(?:[^\W\d][\w.-]*+)?+):
      (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])*+)?)
    |(?P<word>[^\W\d][\w.-]*+)
    |(?P<open>[({\[])
    |(?P<close>[)}\]])
    |(?P<unclosed>["'].*+)
    |(?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
_CALL = "SERVICE"


def check(query: str, *, nesting: int = NESTING) -> None:
    """Raises `QueryError` for a query that must not reach the parser."""
    depth = run = 0
    last = ""
    for token in _tokens(query):
        kind = token.lastgroup
        if kind == "unclosed":
            raise QueryError(f"a string that begins at character {token.start()} has no end")
        if _CALL in (token["word"] or token["prefix"] or "").upper():
            raise QueryError("SERVICE is not answered: a query stays within the graph; nor may a prefix hold that word")
        depth += (kind == "open") - (kind == "close")
        run = run + 1 if kind == "other" and token[0] == last else 1
        last = token[0]
        if max(depth, run) > nesting:
            raise QueryError(f"the query is nested deeper than {nesting} levels")


def replace(query: str, values: Mapping[str, str]) -> str:
    """`query` with the variables of `values` replaced, though not in strings, IRIs and comments."""
    return _TOKEN.sub(lambda m: values.get(m[0][1:], m[0]) if m.lastgroup == "variable" else m[0], query)


def graphs(query: str, prefixes: Mapping[str, str]) -> list[str]:
    """The IRIs that FROM and FROM NAMED name. A prefix that nobody declared is left to the parser to tell."""
    tokens = list(_tokens(query))
    known, base, found = dict(prefixes), "", []
    for n, token in enumerate(tokens):
        word, after = (token["word"] or "").upper(), tokens[n + 1 : n + 3]
        if word == "BASE" and after and after[0]["iri"]:
            base = _joined(base, after[0][0])
        elif word == "PREFIX" and len(after) == 2 and after[0]["name"] and after[1]["iri"]:
            known[after[0]["prefix"]] = _joined(base, after[1][0])
        elif word == "FROM" and after:
            named = after[1] if (after[0]["word"] or "").upper() == "NAMED" and len(after) == 2 else after[0]
            if named["iri"]:
                found.append(_joined(base, named[0]))
            elif named["name"] and named["prefix"] in known:
                found.append(known[named["prefix"]] + named[0].partition(":")[2])
    return found


def _joined(base: str, written: str) -> str:
    """The IRI that stands between angle brackets, made absolute; `urljoin` drops an empty fragment."""
    iri = written[1:-1]
    joined = urljoin(base, iri)
    return joined + "#" if iri.endswith("#") and not joined.endswith("#") else joined


def _tokens(query: str) -> Iterator[re.Match[str]]:
    return (token for token in _TOKEN.finditer(query) if token.lastgroup != "blank")
