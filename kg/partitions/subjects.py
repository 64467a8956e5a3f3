"""From all rows of one subject to its block in the graph's file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from kg import rdf
from kg.assembly.copies import Copies
from kg.assembly.merge import merged_claim, merged_observation
from kg.assembly.parts import MergedClaim, MergedObservation
from kg.partitions import contents
from kg.partitions.rows import ARTICLE, CLAIM, DOCUMENT, ENTITY, EVIDENCE, OBSERVATION, Row
from kg.rdf import Triple

Subject = tuple[int, str]
NO_WORDS: contents.Words = {}


def by_subject(rows: Iterable[Row]) -> dict[Subject, list[Row]]:
    """Rows of the graph's subjects by section and id; those of references and problems are left out."""
    found: dict[Subject, list[Row]] = defaultdict(list)
    for row in rows:
        if row.section <= DOCUMENT:
            found[row.section, row.subject].append(row)
    return found


def claim_of(id_: str, rows: Iterable[Row], copies: Copies, words: contents.Words = NO_WORDS) -> MergedClaim:
    return merged_claim(id_, [contents.as_claim(r.content).claim(r.document, words) for r in rows], copies)


def observation_of(
    id_: str, rows: Iterable[Row], copies: Copies, words: contents.Words = NO_WORDS
) -> MergedObservation:
    found = sorted(rows, key=lambda r: r.document)
    stated = [contents.as_observation(r.content).observation(r.document, words) for r in found]
    return merged_observation(id_, stated, copies)


def triples(subject: Subject, rows: Sequence[Row], copies: Copies) -> list[Triple]:
    """The triples of the subject's node, in the order of a file."""
    found = set(_TRIPLES[subject[0]](subject[1], rows, copies))
    return sorted(found, key=lambda t: (t[1] != "rdf:type", t[1], t[2]))


def block(found: Sequence[Triple]) -> str:
    """The triples of one subject in Turtle."""
    return "".join(rdf.blocks(found)).lstrip("\n")


def _entity(id_: str, rows: Sequence[Row], _: Copies) -> Iterator[Triple]:
    for row in rows:
        if row.document:
            yield f"ent:{id_}", *contents.as_pair(row.content)
        else:
            yield from rdf.entity_triples(contents.as_entity(row.content))


def _claim(id_: str, rows: Sequence[Row], copies: Copies) -> Iterator[Triple]:
    return rdf.claim_triples(claim_of(id_, rows, copies))


def _observation(id_: str, rows: Sequence[Row], copies: Copies) -> Iterator[Triple]:
    return rdf.observation_triples(observation_of(id_, rows, copies))


def _evidence(_: str, rows: Sequence[Row], __: Copies) -> Iterator[Triple]:
    for row in rows:
        yield from rdf.evidence_triples(contents.as_evidence(row.content).evidence(row.document))


def _article(_: str, rows: Sequence[Row], copies: Copies) -> Iterator[Triple]:
    for row in rows:
        content = contents.as_article(row.content)
        key = (row.document, content.article.id)
        yield from rdf.article_triples(content.article, content.credits, copies.get(key, key))


def _document(_: str, rows: Sequence[Row], __: Copies) -> Iterator[Triple]:
    for row in rows:
        yield from rdf.document_triples(contents.as_document(row.content))


_TRIPLES: dict[int, Callable[[str, Sequence[Row], Copies], Iterator[Triple]]] = {
    ENTITY: _entity,
    CLAIM: _claim,
    OBSERVATION: _observation,
    EVIDENCE: _evidence,
    ARTICLE: _article,
    DOCUMENT: _document,
}
