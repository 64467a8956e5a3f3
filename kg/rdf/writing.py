"""Turtle and N-Triples of sorted triples, written by ourselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.rdf.terms import Triple, prefixes

_NUMBERS = ('"^^xsd:decimal', '"^^xsd:integer', '"^^xsd:boolean')


def ntriples(found: Iterable[Triple], *, base: str) -> list[str]:
    """Sorted N-Triples lines, each with its line break."""
    expand = Expander(base)
    return sorted(f"{expand.term(s)} {expand.term(p)} {expand.term(o)} .\n" for s, p, o in found)


def turtle(found: Iterable[Triple], *, base: str) -> Iterator[str]:
    """Turtle in chunks. `found` is sorted as `triples` gives it."""
    yield from declarations(base)
    yield from blocks(found)


def declarations(base: str) -> Iterator[str]:
    """The prefixes as Turtle and TriG declare them."""
    return (f"@prefix {name}: <{namespace}> .\n" for name, namespace in sorted(prefixes(base).items()))


def blocks(found: Iterable[Triple]) -> Iterator[str]:
    """Turtle without its declarations: a block for each subject."""
    subject = predicate = ""
    for s, p, o in found:
        value, verb = _short(o), "a" if p == "rdf:type" else p
        if s != subject:
            yield f"{' .' if subject else ''}\n\n{s} {verb} {value}" if subject else f"\n{s} {verb} {value}"
        elif p != predicate:
            yield f" ;\n    {verb} {value}"
        else:
            yield f", {value}"
        subject, predicate = s, p
    yield " .\n" if subject else ""


class Expander:
    """Compact terms to N-Triples terms; names are looked up once."""

    def __init__(self, base: str) -> None:
        self._namespaces = prefixes(base)
        self._known: dict[str, str] = {}

    def term(self, compact: str) -> str:
        if compact[0] == '"':
            text, mark, datatype = compact.rpartition('"^^')
            typed = mark and '"' not in datatype  # else the mark stands in the text itself
            return f'{text}"^^{self._name(datatype)}' if typed else compact
        return compact if compact[0] == "<" else self._name(compact)

    def _name(self, compact: str) -> str:
        full = self._known.get(compact)
        if full is None:
            prefix, _, name = compact.partition(":")
            full = self._known[compact] = f"<{self._namespaces[prefix]}{name}>"
        return full


def _short(term: str) -> str:
    """Numbers as Turtle writes them."""
    return term[1 : -len(_NUMBERS[0])] if term.endswith(_NUMBERS) else term
