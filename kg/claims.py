"""Relations become claims: evidence, polarity, modality, who says it, and one confidence for all who read it."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg import naming, resources
from kg.model import (
    AFFIRMED,
    FACT,
    FORECAST,
    NEGATED,
    PROPOSAL,
    Article,
    Author,
    Claim,
    Document,
    Evidence,
    Relation,
    Span,
)
from kg.offsets import evidence, unbroken
from kg.relations.passage import Passage
from kg.schema import load as load_schema
from kg.text import fold, sentences

_ROLE_LONGEST = 16
_SPEAKERS = ("Person", "Organization")


@dataclass(frozen=True, slots=True)
class Cues:
    negation: re.Pattern[str]
    forecast: re.Pattern[str]
    proposal: re.Pattern[str]
    verbs: re.Pattern[str]
    pronouns: re.Pattern[str]
    gap: int


def _words(words: Sequence[str], excepted: Sequence[str] = ()) -> re.Pattern[str]:
    """Any of the words, group 1, where none of the excepted ones (consumed first) stands."""
    longest = sorted({fold(w) for w in words}, key=lambda w: (-len(w), w))
    skipped = sorted({fold(w) for w in excepted}, key=lambda w: (-len(w), w))
    skip = "|".join(map(re.escape, skipped))
    return re.compile(f"(?:{skip})|({'|'.join(map(re.escape, longest))})" if skip else f"({'|'.join(map(re.escape, longest))})")


@cache
def cues() -> Cues:
    raw = tomllib.loads((resources.seeds() / "relations" / "cues.toml").read_text(encoding="utf-8"))
    said = raw["reporting"]
    by_kind = [_words(raw[kind]["words"], raw[kind]["except"]) for kind in ("negation", "forecast", "proposal")]
    return Cues(*by_kind, _words(said["verbs"]), _words(said["pronouns"]), said["gap"])


def says(pattern: re.Pattern[str], folded: str) -> bool:
    """Whether one of the words stands in `folded` outside the excepted ones."""
    return any(m.group(1) for m in pattern.finditer(folded))


def make(document: Document, passage: Passage, relations: Sequence[Relation]) -> list[Claim]:
    """One claim a (subject, predicate, object); its confidence that of the surest reading, raised where several agree."""
    by_fact: dict[tuple[str, str, str], list[Relation]] = defaultdict(list)
    symmetric = load_schema().relations
    for relation in relations:
        ends = (relation.subject, relation.object)
        subject, object_ = sorted(ends) if symmetric[relation.predicate].symmetric else ends
        by_fact[subject, relation.predicate, object_].append(relation)
    speakers = speakers_of(passage)
    return [_claim(document, passage, fact, found, speakers) for fact, found in sorted(by_fact.items())]


def _claim(
    document: Document, passage: Passage, fact: tuple[str, str, str], found: list[Relation], speakers: list[tuple[Span, str]]
) -> Claim:
    best = max(found, key=lambda r: (r.confidence, r.source))
    readers = {r.source.split(".")[0] == "neural": r.confidence for r in sorted(found, key=lambda r: r.confidence)}
    doubt = 1.0
    for confidence in readers.values():
        doubt *= 1 - confidence
    polarity, modality = _manner(passage, best)
    subject, predicate, object_ = fact
    said = next((who for span, who in reversed(speakers) if span.start <= best.span.start < span.end), None)
    if predicate == "commentsOn":
        said = subject
    role = best.role or (_role(passage, subject, object_) if predicate == "worksFor" else None)
    proof = evidence(document, passage.article, best.span)
    return Claim(
        subject, predicate, object_, polarity, modality, round(min(0.999, 1 - doubt), 4), (proof,),
        said if said != object_ else None, role, sources=tuple(sorted({r.source for r in found})),
    )  # fmt: skip


def _manner(passage: Passage, relation: Relation) -> tuple[str, str]:
    """Polarity and modality: the learned reader's where it read the relation, else by the words of the statement."""
    if relation.source == "neural":
        modality = PROPOSAL if relation.proposal > max(0.5, relation.forecast) else FACT
        modality = FORECAST if relation.forecast > 0.5 and modality == FACT else modality
        return (NEGATED if relation.negated > 0.5 else AFFIRMED), modality
    words = fold(passage.article.text[relation.span.start : relation.span.end])
    known = cues()
    negated = relation.negated > 0.5 or (relation.negated == 0 and says(known.negation, words))
    modality = PROPOSAL if says(known.proposal, words) else FORECAST if says(known.forecast, words) else FACT
    return (NEGATED if negated else AFFIRMED), modality


def speakers_of(passage: Passage) -> list[tuple[Span, str]]:
    """(part of the article, entity that says it): from a reporting verb to the sentence's end, and on through
    following sentences of the paragraph that go on with a pronoun and such a verb."""
    text = passage.article.text
    folded = fold(text)
    known = cues()
    found: list[tuple[Span, str]] = []
    last: str | None = None
    line = -1
    for sentence in sentences(text):
        start_of_line = text.rfind("\n", 0, sentence.start)
        if start_of_line != line:
            line, last = start_of_line, None
        who = _speaker(passage, folded, sentence, known)
        if who is None and last is not None:
            opening = folded[sentence.start : sentence.start + 6]
            quoted = opening.startswith("“") or known.pronouns.match(opening) is not None
            who = (last, sentence.start) if quoted else None
        last = who[0] if who else None
        if who:
            found.append((Span(who[1], sentence.end), who[0]))
    return found


def _speaker(passage: Passage, folded: str, sentence: Span, known: Cues) -> tuple[str, int] | None:
    schema = load_schema()
    best = None
    for mention in passage.mentions:
        if not sentence.covers(mention.span) or mention.entity is None:
            continue
        if not any(schema.is_a(passage.entities[mention.entity].cls, kind) for kind in _SPEAKERS):
            continue
        verb = known.verbs.search(folded, mention.span.end, min(sentence.end, mention.span.end + known.gap))
        if verb and not any(c in "，,、。" for c in folded[mention.span.end : verb.start()]):
            best = (mention.entity, sentence.start) if best is None else best
    return best


def _role(passage: Passage, person: str, organization: str) -> str | None:
    """The post between an organisation's name and a person's, or right behind the person's in brackets or apposition."""
    text, rules = passage.article.text, naming.load()
    own = [m.span for m in passage.mentions if m.entity == person]
    firms = [m.span for m in passage.mentions if m.entity == organization]
    between = [text[f.end : p.start] for p in own for f in firms if 0 < p.start - f.end <= _ROLE_LONGEST]
    behind = [text[f.end : f.end + _ROLE_LONGEST] for p in own for f in firms if 0 < f.start - p.end <= _ROLE_LONGEST]
    for words in [*between, *(_title_prefix(w, rules.titles) for w in behind)]:
        role = words.strip(" 　的之，,、：:（）()")
        folded = fold(role)
        if role and "\n" not in role and any(folded.endswith(title) for title in rules.titles):
            return role
    return None


def _title_prefix(words: str, titles: Sequence[str]) -> str:
    folded = fold(words)
    ends = [folded.find(t) + len(t) for t in titles if t in folded]
    return words[: max(ends)] if ends else ""


def with_authors(document: Document, article: Article, authors: Sequence[tuple[Author, str, str | None]]) -> list[Claim]:
    """worksFor claims of authors whose position the text states; (author, person's id, organisation's id)."""
    claims = []
    for author, person, organization in authors:
        if organization and author.evidence and person != organization:
            quote = unbroken(document.text[author.evidence.start : author.evidence.end])
            proof = Evidence(document.id, article.id, author.evidence, quote)
            claims.append(
                Claim(person, "worksFor", organization, confidence=0.97, evidence=(proof,), role=author.role, sources=("layout",))
            )
    return claims
