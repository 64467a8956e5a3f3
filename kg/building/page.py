"""The page of a graph that lies in partitions, in a process of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np

from kg import view
from kg.assembly import ArticleKey, Copies, Credited, MergedClaim, MergedObservation, Parts
from kg.assembly.merge import observation_order
from kg.graph import KnowledgeGraph
from kg.model import Article, Document, Entity, Evidence
from kg.partitions import contents, jobs, rows, subjects
from kg.partitions.assemble import part_path
from kg.partitions.rows import ARTICLE, CLAIM, DOCUMENT, ENTITY, EVIDENCE, FACTS, OBSERVATION, Marks, Row, Rows

MOST = 200_000
"""Statements of claims and figures that a page holds. Of more, the facts that most documents state are shown."""


class Page(msgspec.Struct, frozen=True):
    """Where the partitions are, and where the page goes. `copies` as `Assembled` has it."""

    folder: str
    partitions: int
    base: str
    copies: str
    target: str


def render(job: Page) -> int:
    """Writes the page; tells its size."""
    _, copies = jobs.copies_at(job.copies)
    graph = load(Path(job.folder), job.partitions, copies, job.base)
    return view.render(view.from_graph(graph), Path(job.target)).size


def load(folder: Path, partitions: int, copies: Copies, base: str, *, most: int = MOST) -> KnowledgeGraph:
    """The graph without texts and problems, in full, or where that is too much for a page its best attested part."""
    parts = [rows.read(part_path(folder, n)) for n in range(partitions)]
    chosen = _chosen(parts, most)
    loading = _Loading(copies)
    for part in parts:  # evidence first: facts take their words from it
        loading.take(part.where(part.sections == EVIDENCE))
    for part in parts:
        facts = np.isin(part.sections, FACTS)
        wanted = facts if chosen is None else facts & np.isin(part.subjects, chosen)
        loading.take(part.where(wanted))
        loading.take(part.where((part.sections == ENTITY) & (part.documents == 0)))
        loading.take(part.where((part.sections == ARTICLE) | (part.sections == DOCUMENT)))
    return KnowledgeGraph(loading.parts(whole=chosen is None), base=base)


def _chosen(parts: Iterable[Rows], most: int) -> Marks | None:
    """The facts to show, those stated most often first; None for all."""
    found = [p.subjects[np.isin(p.sections, FACTS)] for p in parts]
    every, counts = np.unique(np.concatenate(found), return_counts=True)
    if counts.sum() <= most:
        return None
    order = np.lexsort((every, -counts))
    return every[order[: int(np.searchsorted(np.cumsum(counts[order]), most, side="right"))]]


class _Loading:
    """Rows on their way to tables. Equal evidence is one object."""

    def __init__(self, copies: Copies) -> None:
        self._copies = copies
        self._words: dict[tuple[str, int, int], Evidence] = {}
        self._claims: list[MergedClaim] = []
        self._figures: list[MergedObservation] = []
        self._entities: dict[str, Entity] = {}
        self._articles: list[Article] = []
        self._documents: list[Document] = []
        self._credits: dict[ArticleKey, tuple[Credited, ...]] = {}

    def take(self, found: Iterable[Row]) -> None:
        for (section, id_), own in subjects.by_subject(found).items():
            if section == CLAIM:
                self._claims.append(subjects.claim_of(id_, own, self._copies, self._words))
            elif section == OBSERVATION:
                self._figures.append(subjects.observation_of(id_, own, self._copies, self._words))
            else:
                for row in own:
                    self._take_one(row)

    def _take_one(self, row: Row) -> None:
        if row.section == EVIDENCE:
            evidence = contents.as_evidence(row.content).evidence(row.document)
            self._words[row.document, evidence.span.start, evidence.span.end] = evidence
        elif row.section == ENTITY:
            entity = contents.as_entity(row.content)
            self._entities[entity.id] = entity
        elif row.section == ARTICLE:
            content = contents.as_article(row.content)
            self._articles.append(content.article)
            if content.credits:
                self._credits[row.document, content.article.id] = content.credits
        elif row.section == DOCUMENT:
            self._documents.append(contents.as_document(row.content))

    def parts(self, *, whole: bool) -> Parts:
        entities, documents, articles = self._entities, self._documents, self._articles
        if not whole:
            ids = Counter(i for c in self._claims for i in (c.subject, c.object, *c.attributed_to))
            ids.update(i for o in self._figures for i in (o.about, *o.attributed_to))
            entities = {i: e for i, e in entities.items() if i in ids}
            cited = {e.document for c in self._claims for e in c.evidence}
            cited |= {e.document for o in self._figures for e in o.evidence}
            documents = [d for d in documents if d.id in cited]
            articles = [a for a in articles if a.document in cited]
        return Parts(
            documents=tuple(sorted(documents, key=lambda d: d.id)),
            articles=tuple(sorted(articles, key=lambda a: (a.document, a.id))),
            entities=dict(sorted(entities.items())),
            claims=tuple(sorted(self._claims, key=lambda c: c.key)),
            observations=tuple(sorted(self._figures, key=observation_order)),
            problems=(),
            credits=self._credits,
            copies={key: self._copies[key] for a in articles if (key := (a.document, a.id)) in self._copies},
        )
