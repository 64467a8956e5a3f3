"""Whether a graph is as it should be: SHACL shapes, rules over the whole graph, and the stored quotations.

`shapes` is pySHACL, for files of others (it takes about a second for 5,000 triples); our own documents are checked
by kg.shapes where they are extracted, and again by `output`. `rules` runs the queries of ontology/checks on a store of
any size; `verify` reads all of an output folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import graph as graphs
from kg import query, resources, store
from kg import shapes as document_shapes
from kg.assembly import is_quoted
from kg.errors import GraphError
from kg.settings import Settings

if TYPE_CHECKING:
    import pyoxigraph as ox
    import rdflib

TURTLE, PARTITIONS = "graph.ttl", "partitions"
_SH = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: the shape, rule or file that is not met, the node it is about, and what is wrong with it."""

    rule: str
    focus: str
    reason: str


def shapes(data: rdflib.Graph) -> list[Finding]:
    """What in `data` breaks ontology/shapes.ttl."""
    import pyshacl
    from rdflib import RDF, Namespace, URIRef

    sh = Namespace(_SH)
    _, report, _ = pyshacl.validate(data, shacl_graph=_shapes(), inference="none", meta_shacl=False)
    if not hasattr(report, "subjects"):
        raise GraphError(f"the shapes could not be run: {report!r}")
    found = set()
    for result in report.subjects(RDF.type, sh.ValidationResult):
        shape, path = report.value(result, sh.sourceShape), report.value(result, sh.resultPath)
        rule = str(path if path is not None else shape if isinstance(shape, URIRef) else "shape")
        reason = str(report.value(result, sh.resultMessage) or "does not fit")
        value = report.value(result, sh.value)
        shown = f"{reason} (found {value})" if value is not None else reason
        found.add(Finding(rule.replace("/", "#").rpartition("#")[2], str(report.value(result, sh.focusNode)), shown))
    return sorted(found)


def rules(data: ox.Store, *, base: str = Settings().base) -> list[Finding]:
    """What in `data`, a store with the vocabulary in it, breaks the queries of ontology/checks."""
    found = []
    for path in sorted((resources.ontology() / "checks").glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        meaning = text.partition("\n")[0].removeprefix("# en: ")
        for row in query.ask(data, text, base=base):
            found.append(Finding(path.stem, str(row["focus"]), f"{meaning} ({row['detail']})"))
    return sorted(found)


def file(path: Path) -> list[Finding]:
    """The faults of an RDF file of whatever origin: its shapes, then the rules. Raises `GraphError` if unreadable."""
    import pyoxigraph as ox
    import rdflib

    kind = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if kind is None:
        raise GraphError(f"{path}: is no RDF file by its name; use .ttl, .nt, .nq, .trig, .rdf or .jsonld")
    try:
        triples = {quad.triple for quad in ox.parse(path=str(path), format=kind)}
    except (OSError, SyntaxError, ValueError) as error:
        raise GraphError(f"{path}: cannot be read as RDF ({error})") from error
    lines = sorted(f"{triple} .\n" for triple in triples)
    data = rdflib.Graph().parse(data="".join(lines), format="nt")
    return [*shapes(data), *rules(store.memory(lines))]


def output(folder: Path) -> list[Finding]:
    """The faults of an output folder: shapes document by document, then the rules over the whole."""
    found = set()
    for path in graphs.extraction_files(folder):
        problems = document_shapes.problems(graphs.read_extraction(path))
        found |= {Finding("shape", p.document, p.reason) for p in problems}
    return [*sorted(found), *rules(store.open_store(folder), base=graphs.base_of(folder))]


def verify(folder: Path) -> list[Finding]:
    """Reads an output folder in full: files against the graph of its extractions, the store, and every quotation."""
    known = graphs.load(folder)
    return sorted(
        {
            *_listed(folder),
            *_turtle(folder, known),
            *_stored(folder, known),
            *_quotations(known),
            *_texts(folder, known),
        }
    )


def _listed(folder: Path) -> Iterator[Finding]:
    """Files against the sums that the manifests list: of the folder, and of its partitions where it has some."""
    yield from _checked(folder, lambda manifest: manifest["outputs"])
    if (folder / PARTITIONS / graphs.MANIFEST).is_file():
        yield from _checked(folder / PARTITIONS, lambda manifest: {f["name"]: f["sha256"] for f in manifest["files"]})


def _checked(folder: Path, sums: Callable[[Any], Any]) -> Iterator[Finding]:
    try:
        for name, wanted in sorted(dict(sums(json.loads((folder / graphs.MANIFEST).read_bytes()))).items()):
            with (folder / name).open("rb") as stream:
                if file_digest(stream, "sha256").hexdigest() != wanted:
                    yield Finding("file", name, "is not what was written; build again")
    except FileNotFoundError as error:
        yield Finding("file", str(error.filename), "is missing; build again")
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield Finding("file", graphs.MANIFEST, f"is damaged ({error}); build again")


def _turtle(folder: Path, known: graphs.KnowledgeGraph) -> Iterator[Finding]:
    path = folder / TURTLE
    try:
        same = path.read_bytes() == known.turtle().encode()
    except OSError as error:
        yield Finding("file", TURTLE, f"cannot be read ({error}); build again")
        return
    if not same:
        yield Finding("file", TURTLE, "is not the graph of the extractions; build again")


def _stored(folder: Path, known: graphs.KnowledgeGraph) -> Iterator[Finding]:
    """Reading every quad of the store finds blocks that are damaged."""
    try:
        there = {str(quad.triple) for quad in store.open_store(folder)}
    except (OSError, GraphError) as error:
        yield Finding("store", store.FOLDER, f"is damaged ({error}); build again")
        return
    wanted = {str(quad.triple) for quad in known.store}
    for kind, triples in (("is missing", wanted - there), ("should not be there", there - wanted)):
        yield from (Finding("store", triple.split(" ", 1)[0], f"{kind}: {triple}") for triple in triples)


def _quotations(known: graphs.KnowledgeGraph) -> Iterator[Finding]:
    texts = {document.id: document.text for document in known.documents}
    evidences = {e for c in known.claims for e in c.evidence} | {e for o in known.observations for e in o.evidence}
    for evidence in evidences:
        if not is_quoted(evidence, texts.get(evidence.document, "")):
            where = f"{evidence.span.start}-{evidence.span.end}"
            yield Finding("quote", evidence.document, f"the words at {where} are not {evidence.quote!r}")


def _texts(folder: Path, known: graphs.KnowledgeGraph) -> Iterator[Finding]:
    """The copies of the documents' texts beside the graph, where they are kept."""
    if not (folder / "texts").is_dir():
        return
    for known_document in known.documents:
        path = folder / "texts" / f"{known_document.id}.txt"
        try:
            same = path.read_bytes().decode("utf-8", "surrogatepass") == known_document.text
        except (OSError, UnicodeDecodeError) as error:
            yield Finding("text", known_document.name, f"cannot be read ({error}); build again")
            continue
        if not same:
            yield Finding("text", known_document.name, f"{path.name} is not the text that was read; build again")


@cache
def _shapes() -> rdflib.Graph:
    import rdflib

    return rdflib.Graph().parse(resources.ontology() / "shapes.ttl", format="turtle")
