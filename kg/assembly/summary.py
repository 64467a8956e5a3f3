"""What the other documents must know of one document: its entities, who works where, its authors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kg.assembly.check import entity_fault
from kg.assembly.identity import content_id
from kg.assembly.resolve import Edge
from kg.model import AFFIRMED, HASHED, Article, Entity, Extraction, Problem
from kg.text import fold


@dataclass(frozen=True, slots=True)
class Writer:
    """A writer of an article, or who else it credits by `part`, a property of dcterms.

    `candidates` are the document's entities of that name, `own` is an id that is free.
    """

    article: str
    name: str
    own: str
    candidates: tuple[str, ...]
    cls: str = "Person"
    part: str = "creator"

    def meant(self, became: Mapping[str, str]) -> str:
        """The entity meant: the one known, where the document has one of that name alone."""
        known = {became.get(id_, id_) for id_ in self.candidates}
        return known.pop() if len(known) == 1 else self.own

    def entity(self) -> Entity:
        return Entity(self.own, self.cls, (("zh-Hant", self.name),))


@dataclass(frozen=True, slots=True)
class Summary:
    """`entities` are those with a class and a name; `colleagues` pairs of a person and where that person works."""

    document: str
    entities: tuple[Entity, ...]
    colleagues: tuple[Edge, ...]
    writers: tuple[Writer, ...]
    problems: tuple[Problem, ...]

    @property
    def ids(self) -> set[str]:
        """All entities whose fate across documents this document depends on."""
        return {e.id for e in self.entities} | {i for a in self.writers for i in (a.own, *a.candidates)}


def summarize(extraction: Extraction) -> Summary:
    problems: list[Problem] = []
    entities = tuple(_sound(extraction, problems))
    colleagues = {
        (c.subject, c.object) for c in extraction.claims if c.predicate == "worksFor" and c.polarity == AFFIRMED
    }
    named: dict[tuple[bool, str], set[str]] = defaultdict(set)
    for entity in entities if any(a.authors or a.credits for a in extraction.articles) else ():
        for _, name in (*entity.labels, *entity.aliases):
            named[entity.cls == "Person", fold(name)].add(entity.id)
    writers = tuple(w for article in extraction.articles for w in _writers(article, named))
    return Summary(extraction.document.id, entities, tuple(sorted(colleagues)), writers, tuple(problems))


def _sound(extraction: Extraction, problems: list[Problem]) -> Iterator[Entity]:
    """The entities that have a class and a name; the others become problems."""
    for entity in extraction.entities:
        if fault := entity_fault(entity):
            problems.append(Problem(extraction.document.name, fault[0], f"{fault[1]}: {entity.id}"))
        elif all(name.strip() for _, name in (*entity.labels, *entity.aliases)):
            yield entity
        else:
            labels, aliases = (
                tuple((tag, name) for tag, name in names if name.strip()) for names in (entity.labels, entity.aliases)
            )
            yield replace(entity, labels=labels, aliases=aliases)


def _writers(article: Article, named: Mapping[tuple[bool, str], set[str]]) -> Iterator[Writer]:
    for author in article.authors:
        if author.called:
            # Without an organisation a name says nothing across documents: the person stays this document's own.
            where = fold(author.organization) if author.organization else article.document
            own = HASHED + content_id("Person", fold(author.called), where)
            yield Writer(article.id, author.called, own, tuple(sorted(named.get((True, fold(author.called)), ()))))
    for credit in article.credits:
        person = credit.cls == "Person"
        own = HASHED + content_id(credit.cls, fold(credit.name), article.document if person else "")
        candidates = tuple(sorted(named.get((person, fold(credit.name)), ())))
        yield Writer(article.id, credit.name, own, candidates, credit.cls, credit.part)
