"""One document's extraction without what breaks the shapes: that is set aside, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg import rdf
from kg.assembly import Parts, merge
from kg.errors import ReadError
from kg.model import Claim, Evidence, Extraction, Observation, Problem
from kg.shapes.checking import Breach, breaches
from kg.shapes.constraints import Term

CODE = "shape"


def sift(extraction: Extraction) -> Extraction:
    """`extraction` with a problem in place of each fact, entity and article whose triples do not meet the shapes.

    Raises `ReadError` where the document itself does not.
    """
    while True:
        parts = merge([extraction])
        found = breaches(rdf.statements(parts))
        if not found:
            return extraction
        extraction = _without(extraction, parts, found)


def problems(extraction: Extraction) -> list[Problem]:
    """What of one document does not meet the shapes."""
    return _told(extraction, breaches(rdf.statements(merge([extraction]))))


def _told(extraction: Extraction, found: Iterable[Breach]) -> list[Problem]:
    reasons = {f"{(b.path or b.shape.name).partition(':')[2]}: {b.reason} <{b.focus}>" for b in found}
    return [Problem(extraction.document.name, CODE, reason) for reason in sorted(reasons)]


def _without(extraction: Extraction, parts: Parts, found: Sequence[Breach]) -> Extraction:
    document, told = extraction.document, _told(extraction, found)
    guilty = {node for breach in found for node in _guilty(breach, parts)}

    def sound(fact: Claim | Observation, evidences: Iterable[Evidence]) -> bool:
        nodes = {*_nodes(fact, parts), *(n for e in evidences for n in _places(e))}
        return not nodes & guilty

    kept = replace(
        extraction,
        articles=tuple(a for a in extraction.articles if _article(document.id, a.id) not in guilty),
        entities=tuple(e for e in extraction.entities if f"ent:{rdf.local(e.id)}" not in guilty),
        claims=tuple(c for c in extraction.claims if sound(c, c.evidence)),
        observations=tuple(o for o in extraction.observations if sound(o, (o.evidence,))),
    )
    if kept == extraction:
        raise ReadError(document.name, CODE, "; ".join(p.reason for p in told))
    return replace(kept, problems=(*extraction.problems, *told))


def _guilty(breach: Breach, parts: Parts) -> Iterator[Term]:
    """The node at fault; where the fault is a class at one end of a relation, the claims of that relation."""
    ends = {(end, breach.focus, predicate) for end, predicate in breach.shape.targets if end != "class"}
    if not ends:
        yield breach.focus
    for claim in parts.claims if ends else ():
        sides = (("subjects", claim.subject), ("objects", claim.object))
        if any((end, f"ent:{rdf.local(id_)}", f"jl:{claim.predicate}") in ends for end, id_ in sides):
            yield f"claim:{claim.id}"


def _nodes(fact: Claim | Observation, parts: Parts) -> Iterator[Term]:
    """The nodes that state `fact`."""
    if isinstance(fact, Claim):
        ends = {fact.subject, fact.object}
        manner = (fact.predicate, fact.polarity, fact.modality)
        for claim in parts.claims:
            if {claim.subject, claim.object} == ends and (claim.predicate, claim.polarity, claim.modality) == manner:
                yield f"claim:{claim.id}"
    else:
        for figure in parts.observations:
            if fact.evidence in figure.evidence and (fact.about, fact.value) == (figure.about, figure.value):
                yield f"obs:{figure.id}"


def _places(evidence: Evidence) -> tuple[Term, Term]:
    return f"ev:{rdf.evidence_id(evidence)}", _article(evidence.document, evidence.article)


def _article(document: str, article: str) -> Term:
    return f"article:{rdf.article_id(document, article)}"
