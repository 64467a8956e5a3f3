"""What one document states, in terms of the graph's entities: its part in every claim and figure, before they merge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg import schema
from kg.assembly.check import claim_fault, observation_fault
from kg.assembly.identity import content_id
from kg.assembly.parts import Credited
from kg.assembly.summary import Summary
from kg.model import Claim, Document, Extraction, Observation, Problem
from kg.text import fold


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of the ids of all documents: which gave way to another, and the classes of those that stand."""

    became: Mapping[str, str]
    classes: Mapping[str, str]

    def known(self, id_: str | None) -> str | None:
        if id_ is None:
            return None
        id_ = self.became.get(id_, id_)
        return id_ if id_ in self.classes else None


@dataclass(frozen=True, slots=True)
class Facts:
    """Claims and figures by the id under which all documents that state the same meet; `credits` by article."""

    claims: tuple[tuple[str, Claim], ...]
    observations: tuple[tuple[str, Observation], ...]
    credits: Mapping[str, tuple[Credited, ...]]
    problems: tuple[Problem, ...]


def claim_id(claim: Claim) -> str:
    return content_id(claim.subject, claim.predicate, claim.object, claim.polarity, claim.modality)


def observation_id(o: Observation) -> str:
    return content_id(o.about, fold(o.indicator), o.value.normalize(), o.unit, o.kind, o.start, o.end)


def facts(extraction: Extraction, summary: Summary, resolution: Resolution) -> Facts:
    """What refers to an unknown entity, or does not fit the vocabulary's classes, is left out and becomes a problem."""
    aside = _Aside(extraction.document)
    claims = tuple((claim_id(c), c) for claim in extraction.claims if (c := _claim(claim, resolution, aside)))
    figures = tuple(
        (observation_id(o), o) for figure in extraction.observations if (o := _observation(figure, resolution, aside))
    )
    credits: dict[str, set[Credited]] = {}
    for writer in summary.writers:
        credits.setdefault(writer.article, set()).add((writer.part, writer.meant(resolution.became)))
    problems = (*summary.problems, *extraction.problems, *aside.problems)
    return Facts(claims, figures, {a: tuple(sorted(ids)) for a, ids in credits.items()}, problems)


class _Aside:
    """What is set aside of a document, with its reason."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def put(self, code: str, reason: str) -> None:
        self.problems.append(Problem(self.document.name, code, reason))


def _claim(claim: Claim, resolution: Resolution, aside: _Aside) -> Claim | None:
    subject, object_ = resolution.known(claim.subject), resolution.known(claim.object)
    named = f"{claim.subject} {claim.predicate} {claim.object}"
    if subject is None or object_ is None:
        aside.put("unknown-entity", f"claim of an entity that is not there: {named}")
        return None
    if subject == object_:
        aside.put("self-claim", f"subject and object are one thing: {named}")
        return None
    if fault := claim_fault(claim, aside.document):
        aside.put(fault[0], f"{fault[1]}: {named}")
        return None
    classes = resolution.classes[subject], resolution.classes[object_]
    vocabulary = schema.load()
    if not vocabulary.allows(claim.predicate, *classes):
        aside.put("classes", f"{claim.predicate} cannot join {' and '.join(classes)}: {named}")
        return None
    if vocabulary.relations[claim.predicate].symmetric and object_ < subject:
        subject, object_ = object_, subject
    speaker = resolution.known(claim.attributed_to)
    return replace(claim, subject=subject, object=object_, attributed_to=speaker)


def _observation(observation: Observation, resolution: Resolution, aside: _Aside) -> Observation | None:
    about = resolution.known(observation.about)
    if about is None:
        reason = f"figure of an entity that is not there: {observation.about} {observation.text}"
        aside.put("unknown-entity", reason)
        return None
    if fault := observation_fault(observation, aside.document):
        aside.put(fault[0], f"{fault[1]}: {observation.text}")
        return None
    speaker, indicator = resolution.known(observation.attributed_to), resolution.known(observation.indicator_entity)
    return replace(observation, about=about, attributed_to=speaker, indicator_entity=indicator)
