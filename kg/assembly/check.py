"""What a claim or figure must be to stand in a graph: the rules of ontology/shapes.ttl, on the data types.

Each check tells what is wrong as a code and a reason, or None. That a graph of facts which pass also passes
the shapes is a property test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from kg.model import (
    ACTUAL,
    AFFIRMED,
    FACT,
    FORECAST,
    NEGATED,
    PROPOSAL,
    TARGET,
    Claim,
    Document,
    Entity,
    Evidence,
    Observation,
)
from kg.offsets import unbroken
from kg.schema import load

Fault = tuple[str, str]

_POLARITIES = (AFFIRMED, NEGATED)
_MODALITIES = (FACT, FORECAST, PROPOSAL)
_KINDS = (ACTUAL, FORECAST, TARGET)
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}\Z")
_UNIT = re.compile(r"[A-Za-z][A-Za-z0-9/-]*\Z")


def entity_fault(entity: Entity) -> Fault | None:
    """What keeps `entity` out of a graph: a class that the vocabulary lacks, or no name."""
    if entity.cls not in load().classes:
        return "class", f"{entity.cls} is no class of the vocabulary"
    if not any(name.strip() for _, name in entity.labels):
        return "no-name", "an entity without a name"
    return None


def claim_fault(claim: Claim, document: Document) -> Fault | None:
    """What keeps `claim` of `document` out of a graph. Classes are not looked at here."""
    if claim.polarity not in _POLARITIES or claim.modality not in _MODALITIES:
        return "term", f"{claim.polarity} {claim.modality} is no polarity and modality"
    if not claim.evidence:
        return "no-evidence", "a claim without evidence"
    return _shared_fault(claim.confidence, (claim.start, claim.end), claim.evidence, document)


def observation_fault(observation: Observation, document: Document) -> Fault | None:
    """What keeps `observation` of `document` out of a graph."""
    if observation.kind not in _KINDS:
        return "term", f"{observation.kind} is no kind of figure"
    if not observation.value.is_finite():
        return "value", f"{observation.value} is no number"
    if not _UNIT.match(observation.unit):
        return "unit", f"{observation.unit!r} is no unit"
    period = (observation.start, observation.end)
    return _shared_fault(observation.confidence, period, (observation.evidence,), document)


def is_date(text: str) -> bool:
    """Whether `text` is a day, month or year of the calendar in ISO 8601."""
    if not _DATE.match(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def is_quoted(evidence: Evidence, text: str) -> bool:
    """Whether the words of `evidence` stand in `text` at its offsets, line breaks aside."""
    span = evidence.span
    inside = 0 <= span.start < span.end <= len(text)
    return inside and unbroken(text[span.start : span.end]) == evidence.quote != ""


def _shared_fault(
    confidence: float, period: tuple[str | None, str | None], evidences: Iterable[Evidence], document: Document
) -> Fault | None:
    if not 0.0 <= confidence <= 1.0:
        return "confidence", f"confidence {confidence} is not between 0 and 1"
    wrong = next((d for d in period if d and not is_date(d)), None)
    if wrong is not None:
        return "date", f"{wrong!r} is no date, month or year"
    start, end = period
    if start and end and end[: len(start)] < start[: len(end)]:
        return "date", f"the period from {start} to {end} ends before it begins"
    for evidence in evidences:
        if evidence.document != document.id or not is_quoted(evidence, document.text):
            return "quote", f"the words at {evidence.span.start}-{evidence.span.end} are not {evidence.quote!r}"
    return None
