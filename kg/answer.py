"""What a query gives, as Python values and in the formats of the SPARQL recommendations."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from kg.errors import QueryError

if TYPE_CHECKING:
    import pyoxigraph as ox

    Term = ox.NamedNode | ox.BlankNode | ox.Literal

Value = str | int | float | bool | None

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}  # pyoxigraph lowers the case of language tags
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SHOWN = 50
"""Rows in a notebook."""
_RESULTS = "http://www.w3.org/2005/sparql-results#"


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of terms (SELECT), a truth (ASK) or sorted triples (CONSTRUCT, DESCRIBE). Iterates over rows as dicts."""

    columns: tuple[str, ...] = ()
    terms: tuple[tuple[Term | None, ...], ...] = ()
    truth: bool | None = None
    triples: tuple[ox.Triple, ...] | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.terms if self.triples is None else self.triples)

    def __bool__(self) -> bool:
        return len(self) > 0 if self.truth is None else self.truth

    @property
    def rows(self) -> list[tuple[Value, ...]]:
        """Rows as Python values; IRIs of the graph in short form (`ent:sk-hynix`)."""
        return [tuple(self._value(term) for term in row) for row in self.terms]

    def write(self, format: str) -> str:
        """The answer as csv, tsv, json or xml; triples as turtle or ntriples. Raises `QueryError` for others."""
        if self.triples is not None:
            return self._graph(format)
        writers = {"csv": self._separated, "tsv": self._separated, "json": self._json, "xml": self._xml}
        if format not in writers:
            raise QueryError(f"this query gives rows: ask for {', '.join(writers)}, not {format}")
        return writers[format]() if format != "tsv" else self._separated("\t")

    def _repr_html_(self) -> str:
        """A table for notebooks, of the first rows."""
        if self.truth is not None:
            return f"<p>{str(self.truth).lower()}</p>"
        if self.triples is not None:
            return f"<pre>{escape(self.write('turtle'))}</pre>"
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        cells = ["".join(f"<td>{escape('' if v is None else str(v))}</td>" for v in row) for row in self.rows[:_SHOWN]]
        more = f"<p>… {len(self)} rows</p>" if len(self) > _SHOWN else ""
        return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>{more}"

    def _graph(self, format: str) -> str:
        import pyoxigraph as ox

        kinds = {"turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES}
        if format not in kinds:
            raise QueryError(f"this query gives triples: ask for {' or '.join(kinds)}, not {format}")
        prefixes = dict(self.prefixes) if format == "turtle" else None
        return (ox.serialize(self.triples or (), format=kinds[format], prefixes=prefixes) or b"").decode()

    def _separated(self, separator: str = ",") -> str:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator, lineterminator="\n")
        if self.truth is not None:
            writer.writerow([str(self.truth).lower()])
        else:
            writer.writerow(self.columns)
            writer.writerows([defuse(value) for value in row] for row in self.rows)
        return out.getvalue()

    def _json(self) -> str:
        if self.truth is not None:
            return json.dumps({"head": {}, "boolean": self.truth}) + "\n"
        bindings = [
            {c: _binding(t) for c, t in zip(self.columns, row, strict=True) if t is not None} for row in self.terms
        ]
        whole = {"head": {"vars": list(self.columns)}, "results": {"bindings": bindings}}
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"

    def _xml(self) -> str:
        head = "".join(f'<variable name="{c}"/>' for c in self.columns)
        lines = ['<?xml version="1.0"?>', f'<sparql xmlns="{_RESULTS}">', f"<head>{head}</head>"]
        if self.truth is not None:
            lines.append(f"<boolean>{str(self.truth).lower()}</boolean>")
        else:
            cells = ([(c, t) for c, t in zip(self.columns, row, strict=True) if t is not None] for row in self.terms)
            rows = ("".join(f'<binding name="{c}">{_element(t)}</binding>' for c, t in row) for row in cells)
            lines += ["<results>", *(f"<result>{row}</result>" for row in rows), "</results>"]
        return "\n".join([*lines, "</sparql>"]) + "\n"

    def _value(self, term: Term | None) -> Value:
        if term is None:
            return None
        text = str(term.value)
        datatype = _datatype(term)
        if not datatype.startswith(_XSD):
            return text if datatype or _language(term) else self._short(text)
        kind = datatype.removeprefix(_XSD)
        if kind == "integer":
            return int(text)
        if kind in ("decimal", "double", "float"):
            number = float(text)
            return int(number) if kind == "decimal" and number.is_integer() else number
        return text == "true" if kind == "boolean" else text

    def _short(self, iri: str) -> str:
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def defuse(value: Value) -> Value:
    """A cell that a spreadsheet would take for a formula, made plain text by an apostrophe."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


def _language(term: Term) -> str:
    tag = getattr(term, "language", None) or ""
    return _TAGS.get(tag, tag)


def _datatype(term: Term) -> str:
    """The datatype's IRI of a literal; for the other terms, and beside a language, nothing."""
    datatype = getattr(term, "datatype", None)
    return "" if datatype is None or _language(term) else str(datatype.value)


def _binding(term: Term) -> dict[str, str]:
    kind = {"NamedNode": "uri", "BlankNode": "bnode"}.get(type(term).__name__, "literal")
    bound = {"type": kind, "value": str(term.value)}
    if language := _language(term):
        bound["xml:lang"] = language
    elif (datatype := _datatype(term)) and datatype != _XSD + "string":
        bound["datatype"] = datatype
    return bound


def _element(term: Term) -> str:
    bound = _binding(term)
    extra = f' xml:lang="{bound["xml:lang"]}"' if "xml:lang" in bound else ""
    extra += f' datatype="{escape(bound["datatype"])}"' if "datatype" in bound else ""
    text = "".join(c for c in bound["value"] if c >= " " or c in "\t\n\r")
    return f"<{bound['type']}{extra}>{escape(text)}</{bound['type']}>"
