"""Terms of RDF in compact form: names with a prefix, quoted literals. The one place that makes IRIs."""

from __future__ import annotations

import re
from decimal import Decimal

from kg.assembly import content_id, is_date
from kg.model import Evidence
from kg.schema import JL

Triple = tuple[str, str, str]

VOCABULARIES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "jl": JL,
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
NODES = {"ent": "entity/", "claim": "claim/", "obs": "obs/", "ev": "ev/", "article": "article/", "doc": "doc/"}
"""Prefix to path below the base, in the order of the sections of a file."""
DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}
"""Datatypes of dates by their length."""
SAFE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\Z")
"""What may be the last part of an IRI as it is."""

_ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f\x85\u2028\u2029\ud800-\udfff]')
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def prefixes(base: str) -> dict[str, str]:
    """All prefixes of a graph whose IRIs begin with `base`."""
    return {**VOCABULARIES, **{name: base + path for name, path in NODES.items()}}


def local(id_: str) -> str:
    """`id_` as the last part of an IRI: itself when it is ASCII letters, digits and dashes, else a hash of it."""
    return id_ if SAFE.match(id_) else "x-" + content_id(id_)


def iri(kind: str, id_: str, base: str) -> str:
    """The full IRI of a node; `kind` is a key of `NODES`."""
    return base + NODES[kind] + local(id_)


def evidence_id(evidence: Evidence) -> str:
    return content_id(evidence.document, evidence.span.start, evidence.span.end)


def article_id(document: str, article: str) -> str:
    return content_id(document, article)


def literal(text: str, suffix: str = "") -> str:
    """A quoted literal; lone surrogates, which no RDF file can hold, become U+FFFD."""
    return f'"{_ESCAPED.sub(_escape, text)}"{suffix}'


def date(text: str) -> str:
    """As exact as `text` is; what is no date stays a plain string, which the shapes then refuse."""
    return literal(text, f"^^xsd:{DATES[len(text)]}") if is_date(text) else literal(text)


def integer(number: int) -> str:
    return f'"{number}"^^xsd:integer'


def decimal(number: Decimal) -> str:
    text = format(number, "f")
    return f'"{text if "." in text else text + ".0"}"^^xsd:decimal'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _ESCAPES:
        return _ESCAPES[char]
    return "\ufffd" if "\ud800" <= char <= "\udfff" else f"\\u{ord(char):04X}"
