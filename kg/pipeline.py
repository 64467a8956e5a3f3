"""The one place that knows the order of the stages: a document goes in, its extraction comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from kg import claims as claims_stage
from kg import lac, linking, mentions, observations, overrides, reader, relations
from kg import lexicon as lexicon_stage
from kg.duplicates import sketch
from kg.layout import lay_out
from kg.lexicon import Lexicon
from kg.linking import chances, keyphraseness, sameness
from kg.mentions import authors, neural
from kg.model import (
    Article,
    Author,
    Claim,
    Document,
    Entity,
    Extraction,
    Mention,
    Observation,
    Problem,
    Region,
    Relation,
)
from kg.relations import confidence
from kg.relations.passage import Passage
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.reader import Reading, Window


@dataclass(slots=True)
class Trace:
    """What each stage made of one document: for `kg trace` and for training."""

    document: Document
    articles: tuple[Article, ...] = ()
    regions: tuple[Region, ...] = ()
    found: list[list[Mention]] = field(default_factory=list)
    linked: list[list[Mention]] = field(default_factory=list)
    entities: dict[str, Entity] = field(default_factory=dict)
    relations: list[list[Relation]] = field(default_factory=list)
    rejected: list[list[Relation]] = field(default_factory=list)
    """By article: what the vocabulary does not allow between such entities."""
    misfits: list[Claim] = field(default_factory=list)
    """Those that would have been sure enough for claims."""
    unlikely: dict[str, Entity] = field(default_factory=dict)
    """Entities left out, for the text is hardly about them."""
    seen: dict[str, chances.Seen] = field(default_factory=dict)
    """What the document shows of each entity, where the learned reader ran."""
    chances: dict[str, float] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    unsure: list[list[Claim]] = field(default_factory=list)
    """By article: claims under the threshold."""
    observations: list[Observation] = field(default_factory=list)


def extract(document: Document, settings: Settings) -> Extraction:
    """Everything one document states. Raises KgError where seeds/ or a model is not as it should be."""
    trace = run(document, settings)
    problems = tuple(Problem(document.name, "domain-range", _tell(c)) for c in trace.misfits)
    entities = tuple(sorted(trace.entities.values(), key=lambda e: e.id))
    articles = tuple(replace(a, sketch=sketch(a)) for a in trace.articles)
    return Extraction(document, articles, entities, tuple(trace.claims), tuple(trace.observations), problems)


def run(
    document: Document, settings: Settings, *, everything: bool = False, likely: chances.Chances | None = None
) -> Trace:
    """All stages, with what each of them made.

    With `everything` also unlikely claims, all unweighed, and unlikely entities too, unless `likely` is given: it tells
    them in the model's stead.
    """
    lexicon = lexicon_of(settings)
    layout = lay_out(document)
    trace = Trace(document, layout.articles, layout.regions)
    texts = [article.text for article in layout.articles]
    tagged = lac.load().read(texts)
    windows: Sequence[Sequence[Window]] = [() for _ in texts]
    if "neural" in settings.extractors:
        windows = reader.load(settings.models).read(texts, tagged, lexicon)
    words = [lac.load().words(path) for path in tagged]
    for article, own_words, seen in zip(layout.articles, words, windows, strict=True):
        context = mentions.Context(lexicon, own_words, neural.Scores(seen) if seen else None)
        trace.found.append(_with_authors(mentions.find(article, context), authors.find(article)))
    trace.entities, linked = linking.link(layout.articles, trace.found, lexicon)
    readings = [[w.reread(own, trace.entities) for w in seen] for seen, own in zip(windows, linked, strict=True)]
    if "neural" in settings.extractors:
        known = keyphraseness.load(settings.models)
        trace.seen = chances.survey(trace.articles, linked, trace.entities, chain.from_iterable(readings), known)
        if likely or not everything:
            linked, readings = _likely(trace, linked, readings, likely or chances.load(settings.models))
    trace.linked = [[m for m in own if len(m.span)] for own in linked]
    used = settings.extractors
    joint = confidence.plain(used) if everything else confidence.load(used, settings.models)
    least = 0.0 if everything else joint.threshold if settings.threshold is None else settings.threshold
    rows = zip(layout.articles, readings, words, trace.linked, linked, strict=True)
    for article, read, own_words, own, everyone in rows:
        people = _people(article, everyone)
        speaking = tuple(people[a][0] for a in authors.with_opinion(article) if a in people)
        passage = Passage(article, own, trace.entities, read, own_words, speaking)
        fitting, misfits = relations.extract(passage, settings.extractors)
        trace.relations.append(fitting)
        sure, unsure = claims_stage.make(document, passage, fitting, joint, trace.chances, least)
        trace.claims += sure
        trace.unsure.append(unsure)
        told = {(c.subject, c.predicate, c.object) for c in sure}
        of_authors = claims_stage.of_authors(document, passage, people, least)
        trace.claims += (c for c in of_authors if (c.subject, c.predicate, c.object) not in told)
        trace.rejected.append(misfits)
        trace.misfits += claims_stage.make(document, passage, misfits, joint, trace.chances, least)[0]
        trace.observations += observations.observe(
            article, document, own, trace.entities,
            author=speaking[0] if len(speaking) == 1 else None, models=settings.models, readings=read,
        )  # fmt: skip
    return trace


def _likely(
    trace: Trace, linked: Sequence[Sequence[Mention]], readings: Sequence[Sequence[Reading]], model: chances.Chances
) -> tuple[list[list[Mention]], list[list[Reading]]]:
    """The mentions and readings of entities that the text is likely about, those that are one joined.

    The others are put aside in the trace.
    """
    trace.chances = {id_: model.of(own) for id_, own in trace.seen.items()}
    dropped = {id_ for id_, chance in trace.chances.items() if chance < model.threshold}
    trace.unlikely = {id_: entity for id_, entity in trace.entities.items() if id_ in dropped}
    trace.entities = {id_: entity for id_, entity in trace.entities.items() if id_ not in dropped}
    linked = chances.without(linked, dropped)
    found = sameness.pairs(trace.articles, linked, trace.entities)
    goes = sameness.merged(found, model.same, chances.SAME)
    trace.entities, linked = sameness.apply(goes, linked, trace.entities)
    read = ([r.relinked(names, trace.entities) for r in own] for names, own in zip(linked, readings, strict=True))
    return linked, list(read)


@lru_cache(maxsize=4)
def lexicon_of(settings: Settings) -> Lexicon:
    """The gazetteer with the user's lists and corrections."""
    lexicon = lexicon_stage.load(settings.gazetteers)
    return overrides.apply(lexicon, overrides.read(settings.overrides)) if settings.overrides else lexicon


def _with_authors(found: Sequence[Mention], of_authors: Sequence[Mention]) -> list[Mention]:
    """Both, and where they meet the author."""
    met = [m.span for m in of_authors if len(m.span)]
    return [*(m for m in found if not any(m.span.overlaps(span) for span in met)), *of_authors]


def _people(article: Article, linked: Sequence[Mention]) -> dict[Author, tuple[str, str | None]]:
    """The entities of authors and of where they work."""
    ids = {m.surface: m.entity for m in linked if not len(m.span)}
    people = ((author, ids.get(author.called)) for author in article.authors)
    return {author: (person, ids.get(author.organization or "")) for author, person in people if person}


def _tell(claim: Claim) -> str:
    return f"{claim.subject} {claim.predicate} {claim.object} ({', '.join(claim.sources)})"
