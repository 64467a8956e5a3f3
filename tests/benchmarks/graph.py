"""Speed of assembly, RDF and queries against RDFLib and raw pyoxigraph on one made-up graph. Prints ratios.

    python tests/benchmarks/graph.py [TRIPLES]

1,000,000 triples (the default) take some minutes, nearly all of them RDFLib's.
"""

from __future__ import annotations

import random
import signal
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median

from kg import graph, query, rdf, sparql
from kg.model import Article, Claim, Document, Entity, Evidence, Extraction, Observation, Piece, Span
from kg.schema import load

TEXT = "韓國的SK海力士生產高頻寬記憶體，並向英偉達供貨，今年的產能早已售罄。" * 40
CLASSES = ("Company", "Person", "Country", "Technology", "Product", "Index", "Policy", "Industry", "Market")
PER_TRIPLE = 0.0577
"""Claims and figures that make one triple."""
PATIENCE = 10


def extractions(triples: int) -> list[Extraction]:
    """Documents of 30 claims and 6 figures each, over entities a tenth as many as the claims, drawn by one seed."""
    rng = random.Random(7)
    documents = max(2, int(triples * PER_TRIPLE / 36))
    entities = [
        Entity(
            f"e{n}", CLASSES[n % len(CLASSES)], (("en", f"Thing {n}"), ("zh-Hans", f"事物{n}"), ("zh-Hant", f"事物{n}"))
        )
        for n in range(documents * 3)
    ]
    vocabulary = load()
    fits = {(a, b): [p for p in vocabulary.relations if vocabulary.allows(p, a, b)] for a in CLASSES for b in CLASSES}
    return [_extraction(n, rng, entities, fits) for n in range(documents)]


def _extraction(
    n: int, rng: random.Random, entities: list[Entity], fits: dict[tuple[str, str], list[str]]
) -> Extraction:
    document = Document(
        f"d{n}", f"{n}.txt", TEXT, f"{n:064x}", title=f"文件{n}", date=f"2025-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
    )

    def place() -> Evidence:
        start = rng.randrange(len(TEXT) - 60)
        end = start + rng.randrange(8, 60)
        return Evidence(document.id, "a", Span(start, end), TEXT[start:end])

    # Some entities are named far more often than others, as in life.
    own = [entities[int(len(entities) * rng.random() ** 3)] for _ in range(20)]
    claims = []
    while len(claims) < 30:
        a, b = rng.sample(own, 2)
        if a.id != b.id and (predicates := fits[a.cls, b.cls]):
            polarity = "negated" if rng.random() < 0.05 else "affirmed"
            modality = rng.choice(("fact", "fact", "fact", "forecast"))
            speaker = rng.choice((None, None, rng.choice(own).id))
            confidence = round(rng.uniform(0.4, 1), 3)
            claims.append(
                Claim(a.id, rng.choice(predicates), b.id, polarity, modality, confidence, (place(),), speaker)
            )
    figures = [
        Observation(
            rng.choice(own).id, rng.choice(("升幅", "收入", "成交")), Decimal(rng.randrange(-999, 999)) / 10, "percent",
            "升", place(), start=document.date, end=document.date,
        )
        for _ in range(6)
    ]  # fmt: skip
    article = Article("a", document.id, document.title, TEXT, (Piece(0, 0, len(TEXT)),))
    return Extraction(document, (article,), tuple({e.id: e for e in own}.values()), tuple(claims), tuple(figures))


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of this process, so that others on the machine do not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def limited(work: Callable[[], object]) -> tuple[float, bool]:
    """(seconds, whether it came to its end within `PATIENCE`)."""

    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        return timed(work), True
    except TimeoutError:
        return float(PATIENCE), False
    finally:
        signal.alarm(0)


def main(triples: int) -> None:
    import rdflib

    made = extractions(triples)
    known = graph.assemble(made, copies={})
    parts, base = known.parts, known.base
    assembly = timed(lambda: graph.assemble(made, copies={}))
    making = timed(lambda: rdf.triples(parts, base=base))
    found = known.triples
    writing = timed(lambda: "".join(rdf.turtle(found, base=base)))
    lines = known.ntriples()
    per = 1e6 / len(found)
    print(f"{len(found):,} triples, {len(known.claims):,} claims, {len(known.documents):,} documents")
    print(
        f"assembly {assembly:.1f} s; triples made and sorted {making * per:.1f} µs each; Turtle {writing * per:.1f} µs"
    )
    filling = timed(lambda: known.store)
    foreign = rdflib.Graph()
    reading = timed(lambda: foreign.parse(data="".join(lines), format="nt"))
    for prefix, namespace in rdf.prefixes(base).items():
        foreign.bind(prefix, namespace)
    print(f"store filled in {filling:.1f} s, RDFLib's in {reading:.1f} s: {reading / filling:.1f} times as fast")
    theirs = timed(lambda: foreign.serialize(format="turtle"))
    print(f"Turtle: RDFLib {theirs:.1f} s, ours {writing:.2f} s: {theirs / writing:.1f} times as fast")
    print(f"Turtle, making and sorting the triples too: {theirs / (writing + making):.1f} times as fast")
    queries(known, foreign)


def queries(known: graph.KnowledgeGraph, foreign: object) -> None:
    """The cookbook here, in RDFLib and in raw pyoxigraph. A query that RDFLib does not end counts with its limit."""
    import rdflib

    from kg import resources, store

    assert isinstance(foreign, rdflib.Graph)
    for name in store.VOCABULARY:
        foreign.parse(resources.ontology() / name, format="turtle")
    prefixes = rdf.prefixes(known.base)
    values = {"first": '"2025-03-01"', "last": '"2025-03-31"', "word": '"升"'}
    values["entity"] = f"<{rdf.iri('ent', known.claims[-1].subject, known.base)}>"
    against_theirs, against_raw = [], []
    for name, asked in query.named().items():
        text = sparql.replace(asked.text, {p.name: values[p.name] for p in asked.parameters})
        ours = min(timed(lambda text=text: known.query(text)) for _ in range(3))
        raw = min(timed(lambda text=text: list(known.store.query(text, prefixes=prefixes))) for _ in range(3))
        theirs, ended = limited(lambda text=text: list(foreign.query(text, initNs=prefixes)))
        against_theirs.append(theirs / ours)
        against_raw.append(ours / raw)
        mark = "" if ended else " (not ended)"
        print(f"  {name:22} {ours * 1e3:9.2f} ms, raw {raw * 1e3:9.2f} ms, RDFLib {theirs * 1e3:9.1f} ms{mark}")
    print(f"cookbook, median: {median(against_theirs):.0f} times as fast as RDFLib,", end=" ")
    print(f"{median(against_raw):.2f} of the time of raw pyoxigraph")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
