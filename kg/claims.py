"""Relations become claims: evidence, polarity, modality, who says it, and one confidence for all who read it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg import naming, schema
from kg.model import (
    AFFIRMED,
    FACT,
    FORECAST,
    NEGATED,
    PROPOSAL,
    Author,
    Claim,
    Document,
    Entity,
    Evidence,
    Mention,
    Relation,
    Span,
)
from kg.offsets import evidence, unbroken
from kg.relations import topics
from kg.relations.confidence import Joint, best_by_extractor
from kg.relations.cues import read as read_cues
from kg.relations.passage import Passage
from kg.schema import load as load_schema
from kg.text import clauses, fold, sentences, words

_ROLE_LONGEST = 16
_POST = 0.97
"""How sure an author's post is."""
_LAYOUT = "layout"
_SPEAKERS = ("Person", "Organization")


@dataclass(frozen=True, slots=True)
class Cues:
    """Words of reporting, and how far behind the speaker the verb may stand (characters)."""

    verbs: re.Pattern[str]
    pronouns: re.Pattern[str]
    gap: int


@cache
def cues() -> Cues:
    return read_cues(_built)


def _built(raw: Mapping[str, Any]) -> Cues:
    said = raw["reporting"]
    return Cues(words(said["verbs"]), words(said["pronouns"]), said["gap"])


def make(
    document: Document,
    passage: Passage,
    relations: Sequence[Relation],
    joint: Joint,
    chances: Mapping[str, float],
    least: float = 0.0,
) -> tuple[list[Claim], list[Claim]]:
    """One claim a (subject, predicate, object), its confidence from all extractors that read it.

    `chances` are those of entities to be things that the text is about, 1 where they are not told. Returned are the
    claims from `least` on, and the others, bare of all but fact and confidence.
    """
    by_fact: dict[tuple[str, str, str], list[Relation]] = defaultdict(list)
    for relation in relations:
        ends = (relation.subject, relation.object)
        subject, object_ = sorted(ends) if relation.predicate in schema.symmetric() else ends
        by_fact[subject, relation.predicate, object_].append(relation)
    speakers: list[tuple[Span, str]] | None = None
    sure, unsure = [], []
    for fact, found in sorted(by_fact.items()):
        both = chances.get(fact[0], 1.0) * chances.get(fact[2], 1.0)
        told = best_by_extractor([(r.source, r.confidence) for r in found])
        confidence = round(joint.confidence(fact, told, both), 4)
        if confidence >= least:
            speakers = speakers_of(passage) if speakers is None else speakers
            sure.append(_claim(document, passage, fact, found, speakers, confidence))
        else:
            unsure.append(Claim(*fact, confidence=confidence))
    return sure, unsure


def _claim(
    document: Document,
    passage: Passage,
    fact: tuple[str, str, str],
    found: list[Relation],
    speakers: list[tuple[Span, str]],
    confidence: float,
) -> Claim:
    best = max(found, key=lambda r: (r.confidence, r.source))
    polarity, modality = manner(best)
    subject, predicate, object_ = fact
    said = next((who for span, who in reversed(speakers) if span.start <= best.span.start < span.end), None)
    if predicate == "commentsOn":
        said = subject
    elif said is None and modality != FACT and len(passage.authors) == 1:
        said = passage.authors[0]
    role = best.role or (_role(passage, subject, object_) if predicate == "worksFor" else None)
    proof = evidence(document, passage.article, best.span)
    return Claim(
        subject, predicate, object_, polarity, modality, confidence, (proof,),
        said if said != object_ else None, role, sources=tuple(sorted({r.source for r in found})),
    )  # fmt: skip


def manner(relation: Relation) -> tuple[str, str]:
    """Polarity and modality, as the reader that was surest of the relation saw them."""
    modality = FACT
    if max(relation.proposal, relation.forecast) > 0.5:
        modality = PROPOSAL if relation.proposal > relation.forecast else FORECAST
    return (NEGATED if relation.negated > 0.5 else AFFIRMED), modality


def speakers_of(passage: Passage) -> list[tuple[Span, str]]:
    """(part of the article, entity that says it), in order.

    A speech goes from the clause of its speaker to the sentence's end (from the sentence's start where the verb
    ends it), and on through following sentences that open with a quotation mark in the same paragraph, or with a
    pronoun and a verb of reporting.
    """
    text = passage.article.text
    folded = fold(text)
    found: list[tuple[Span, str]] = []
    last: str | None = None
    end = 0
    for sentence in sentences(text):
        who = _speaker(passage, folded, sentence)
        if who is None and last is not None and _goes_on(folded, sentence, new_line="\n" in text[end : sentence.start]):
            who = (last, sentence.start)
        end = sentence.end
        if who:
            last = who[0]
            found.append((Span(who[1], sentence.end), who[0]))
        elif not folded[sentence.start : sentence.end].startswith("“"):
            last = last if _is_person(passage, last) else None
    return found


def _goes_on(folded: str, sentence: Span, *, new_line: bool) -> bool:
    """Whether a sentence without a named speaker goes on with what the last one says."""
    known = cues()
    if folded[sentence.start] == "“" and not new_line:
        return True
    pronoun = known.pronouns.match(folded, sentence.start)
    return pronoun is not None and known.verbs.search(folded, pronoun.end(), pronoun.end() + known.gap) is not None


def _is_person(passage: Passage, entity: str | None) -> bool:
    return entity is not None and load_schema().is_a(passage.entities[entity].cls, "Person")


def _speaker(passage: Passage, folded: str, sentence: Span) -> tuple[str, int] | None:
    """Who speaks in a sentence, from where on: the person before its first verb of reporting, or the nearest name."""
    schema, known = load_schema(), cues()
    by_verb: dict[int, list[Mention]] = defaultdict(list)
    ends: dict[int, int] = {}
    for mention in passage.mentions:
        if not sentence.covers(mention.span) or mention.entity is None:
            continue
        if not any(schema.is_a(passage.entities[mention.entity].cls, kind) for kind in _SPEAKERS):
            continue
        verb = known.verbs.search(folded, mention.span.end, min(sentence.end, mention.span.end + known.gap))
        if verb and not any(c in "，,、。" for c in folded[mention.span.end : verb.start()]):
            by_verb[verb.start()].append(mention)
            ends[verb.start()] = verb.end()
    if not by_verb:
        return None
    at = min(by_verb)
    who = max(by_verb[at], key=lambda m: (_is_person(passage, m.entity), m.span))
    trailing = not folded[ends[at] : sentence.end].strip("。.！!？?”’\n ")
    clause = next(
        (c for c in clauses(folded, sentence) if c.covers(Span(who.span.start, who.span.start + 1))), sentence
    )
    return str(who.entity), sentence.start if trailing else clause.start


def _role(passage: Passage, person: str, organization: str) -> str | None:
    """The post between an organisation's name and a person's, or right behind the person's, in brackets or not."""
    text, rules = passage.article.text, naming.load()
    own = [m.span for m in passage.mentions if m.entity == person]
    firms = [m.span for m in passage.mentions if m.entity == organization]
    between = [text[f.end : p.start] for p in own for f in firms if 0 < p.start - f.end <= _ROLE_LONGEST]
    behind = [text[f.end : f.end + _ROLE_LONGEST] for p in own for f in firms if 0 < f.start - p.end <= _ROLE_LONGEST]
    for part in [*between, *(_title_prefix(w, rules.titles) for w in behind)]:
        role = part.strip(" 　的之，,、：:（）()")
        folded = fold(role)
        if role and "\n" not in role and any(folded.endswith(title) for title in rules.titles):
            return role
    return None


def _title_prefix(behind: str, titles: Sequence[str]) -> str:
    folded = fold(behind)
    ends = [folded.find(t) + len(t) for t in titles if t in folded]
    return behind[: max(ends)] if ends else ""


def _employs(entities: Mapping[str, Entity], organization: str, person: str) -> bool:
    """Whether someone can work there: a post such as 香港經濟學家 names a place."""
    where = entities.get(organization)
    return where is not None and load_schema().allows("worksFor", entities[person].cls, where.cls)


def of_authors(
    document: Document, passage: Passage, people: Mapping[Author, tuple[str, str | None]], least: float = 0.0
) -> list[Claim]:
    """That authors work where the text says, and that those with an opinion give it of the article's topics.

    `people` are the entities of the authors and of where they work. Claims under `least` are left out.
    """
    article = passage.article
    claims = []
    for author, (person, organization) in people.items():
        if organization and author.evidence and _employs(passage.entities, organization, person):
            quote = unbroken(document.text[author.evidence.start : author.evidence.end])
            proof = Evidence(document.id, article.id, author.evidence, quote)
            claims.append(
                Claim(
                    person, "worksFor", organization, confidence=_POST, evidence=(proof,), role=author.role,
                    sources=(_LAYOUT,),
                )
            )  # fmt: skip
    for topic in topics.find(passage) if passage.authors else ():
        proof = evidence(document, article, topic.span)
        claims += [
            Claim(
                person, "commentsOn", topic.entity, confidence=topic.confidence, evidence=(proof,),
                attributed_to=person, sources=(_LAYOUT,),
            )
            for person in passage.authors
        ]  # fmt: skip
    return [claim for claim in claims if claim.confidence >= least]
