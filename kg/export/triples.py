"""The RDF formats. Turtle and N-Triples are written by `kg.rdf`; the others by pyoxigraph from our sorted triples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg import rdf
from kg.assembly import by_document
from kg.export.files import for_xml, write

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.graph import KnowledgeGraph

_JSON_TAG = re.compile(r'"@language":"zh-han[st]"')
_XML_TAG = re.compile(r'<[\w:.-]+ xml:lang="zh-han[st]"')


def turtle(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    return [write(folder / "graph.ttl", rdf.turtle(graph.triples, base=graph.base))]


def ntriples(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    return [write(folder / "graph.nt", graph.ntriples())]


def nquads(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    """A named graph for each document; what no single document bears out (the data set's own description) has none."""
    lines = (
        line if name is None else f"{line[:-2]}<{name}> .\n"
        for name, found in named_graphs(graph)
        for line in rdf.ntriples(found, base=graph.base)
    )
    return [write(folder / "graph.nq", sorted(lines))]


def trig(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    """As `nquads`, in Turtle's spelling."""

    def chunks() -> Iterator[str]:
        yield from rdf.declarations(graph.base)
        for name, found in named_graphs(graph):
            yield "\n" if name is None else f"\n<{name}> {{"
            yield from rdf.blocks(rdf.arrange(found))
            yield "" if name is None else "}\n"

    return [write(folder / "graph.trig", chunks())]


def jsonld(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    import pyoxigraph as ox

    prefixes = dict(sorted(rdf.prefixes(graph.base).items()))
    data = ox.serialize(_grouped(graph), format=ox.RdfFormat.JSON_LD, prefixes=prefixes)
    return [write(folder / "graph.jsonld", [_text(data, _JSON_TAG)])]


def rdfxml(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    """RDF/XML. Control characters, which XML cannot hold, are dropped from literals."""
    import pyoxigraph as ox

    def clean(triple: ox.Triple) -> ox.Triple:
        value = triple.object
        if not isinstance(value, ox.Literal) or for_xml(value.value) == value.value:
            return triple
        return ox.Triple(triple.subject, triple.predicate, ox.Literal(for_xml(value.value), datatype=value.datatype))

    prefixes = dict(sorted(rdf.prefixes(graph.base).items()))
    data = ox.serialize(map(clean, _grouped(graph)), format=ox.RdfFormat.RDF_XML, prefixes=prefixes)
    return [write(folder / "graph.rdf", [_text(data, _XML_TAG)])]


def named_graphs(graph: KnowledgeGraph) -> Iterator[tuple[str | None, set[rdf.Triple]]]:
    """Triples by document: (IRI of the document, triples); first those that belong to none, as None.

    The union of all is the graph.
    """
    own = [(id_, rdf.statements(parts)) for id_, parts in by_document(graph.parts)]
    yield None, set(graph.triples).difference(*(found for _, found in own))
    for id_, found in own:
        yield rdf.iri("doc", id_, graph.base), found


def _grouped(graph: KnowledgeGraph) -> Iterator[ox.Triple]:
    """The triples with those of one subject together, as JSON-LD and RDF/XML want them."""
    import pyoxigraph as ox

    return (quad.triple for quad in ox.parse("".join(graph.ntriples()), format=ox.RdfFormat.N_TRIPLES))


def _text(data: bytes | None, tag: re.Pattern[str]) -> str:
    """`data` with the case of language tags that pyoxigraph lowers; quotes in texts are escaped, so `tag` is exact."""
    return tag.sub(lambda m: m[0].replace("-hans", "-Hans").replace("-hant", "-Hant"), (data or b"").decode())
