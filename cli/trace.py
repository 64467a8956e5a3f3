"""`kg trace`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.options import extraction, settings_of
from cli.table import safe, table
from kg.text import sentences

if TYPE_CHECKING:
    from kg.model import Relation, Span
    from kg.pipeline import Trace

_Fact = tuple[str, str, str]
_FIRST = 40
"""Characters shown of a longer text."""


@click.command("trace")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--stage", "stages", multiple=True, metavar="NAME", help="Show only this; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON, a document a line.")
@extraction
def command(file: Path, stages: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Show what each stage made of FILE.

    Stages: document, regions (where each character went), articles, mentions, entities (and those left out), relations
    (by sentence, what was read, by whom, and what became of it), claims, observations.
    """
    if unknown := set(stages) - set(_STAGES):
        raise click.BadParameter(f"there is no stage {', '.join(sorted(unknown))}; there are {', '.join(_STAGES)}")
    from kg.model import encode
    from kg.pipeline import run
    from kg.read import read

    settings = settings_of(**options)
    for document in read(file, settings):
        trace = run(document, settings)
        if as_json:
            click.echo(encode(trace).decode())
            continue
        for name in stages or _STAGES:
            click.secho(f"\n{name}", bold=True)
            for line in _STAGES[name](trace):
                click.echo(line)


def _document(trace: Trace) -> Iterator[str]:
    document = trace.document
    yield f"{safe(document.name)}: {len(document.text)} characters, {document.language}, {document.media_type}"
    told = f"{document.date_source}, certainty {document.date_certainty:.2f}" if document.date else "none found"
    yield f"title {safe(document.title) or '—'}; date {document.date or '—'} ({told})"


def _regions(trace: Trace) -> Iterator[str]:
    text = trace.document.text
    numbers = _numbers(trace)
    rows = [(_span(r.span), r.kind, numbers.get(r.article or "", ""), _begin(text, r.span)) for r in trace.regions]
    yield table(("characters", "kind", "article", "begins"), rows, widest=90)
    placed = {i for r in trace.regions for i in range(r.span.start, r.span.end)}
    left = sum(not c.isspace() for i, c in enumerate(text) if i not in placed)
    yield f"{left} characters in no region"


def _articles(trace: Trace) -> Iterator[str]:
    for article in trace.articles:
        yield f"{_numbers(trace)[article.id]}  {safe(article.title) or '—'}  ({len(article.text)} characters)"
        for author in article.authors:
            yield f"    by {safe(author.name)}, {safe(author.role or '—')}, {safe(author.organization or '—')}"


def _mentions(trace: Trace) -> Iterator[str]:
    rows = [
        (
            _numbers(trace)[article.id],
            _span(m.span),
            m.surface,
            m.cls,
            m.finder,
            f"{m.confidence:.2f}",
            m.entity or "not linked",
        )
        for article, own in zip(trace.articles, trace.linked, strict=True)
        for m in own
    ]
    yield table(("article", "characters", "name", "class", "finder", "sure", "entity"), rows)


def _entities(trace: Trace) -> Iterator[str]:
    rows = [
        (e.id, e.cls, ", ".join(dict.fromkeys(n for _, n in e.labels)), e.mentions, "" if e.certain else "uncertain")
        for e in sorted(trace.entities.values(), key=lambda e: (-e.mentions, e.id))
    ]
    yield table(("entity", "class", "names", "mentions", ""), rows)
    if trace.unlikely:
        names = _names(trace)
        left = [(e.id, e.cls, names[e.id], f"{trace.chances[e.id]:.2f}") for e in trace.unlikely.values()]
        yield "\nleft out: the text is hardly about them"
        yield table(("entity", "class", "name", "chance"), left)


def _relations(trace: Trace) -> Iterator[str]:
    """By sentence, the facts that were read there, surest first, with who read each and what became of it."""
    names = _names(trace)
    rows_of = zip(trace.articles, trace.relations, trace.rejected, trace.unsure, strict=True)
    for article, read, rejected, unsure in rows_of:
        sure = [c for c in trace.claims if c.evidence[0].article == article.id]
        fates = {(c.subject, c.predicate, c.object): (c.confidence, "under the threshold") for c in unsure}
        fates |= {(c.subject, c.predicate, c.object): (c.confidence, "claim") for c in sure}
        ends = [sentence.end for sentence in sentences(article.text)]
        by_sentence: dict[int, dict[_Fact, list[Relation]]] = {}
        for relation in (*read, *rejected):
            here = by_sentence.setdefault(bisect_right(ends, relation.span.start), {})
            here.setdefault((relation.subject, relation.predicate, relation.object), []).append(relation)
        misfits = set(rejected)
        for number, facts in sorted(by_sentence.items()):
            rows = []
            for fact, own in facts.items():
                chance, fate = (0.0, "not between such") if own[0] in misfits else fates[fact]
                subject, predicate, object_ = fact
                rows.append(
                    (chance, names.get(subject, subject), predicate, names.get(object_, object_), _read_by(own), fate)
                )
            rows.sort(key=lambda row: (-row[0], row[1:]))
            sentence = article.text[ends[number - 1] if number else 0 : ends[number]].strip()
            yield f"\n{_numbers(trace)[article.id]}  {safe(sentence)}"
            yield table(
                ("subject", "predicate", "object", "read by", "sure", ""),
                [(*row[1:5], f"{row[0]:.2f}", row[5]) for row in rows],
            )


def _read_by(relations: Sequence[Relation]) -> str:
    return ", ".join(f"{r.source} {r.confidence:.2f}" for r in sorted(relations, key=lambda r: -r.confidence))


def _claims(trace: Trace) -> Iterator[str]:
    names = _names(trace)
    rows = [
        (names.get(c.subject, c.subject), c.predicate, names.get(c.object, c.object), f"{c.polarity} {c.modality}",
         f"{c.confidence:.2f}", names.get(c.attributed_to or "", ""), c.evidence[0].quote if c.evidence else "")
        for c in trace.claims
    ]  # fmt: skip
    yield table(("subject", "predicate", "object", "how", "sure", "says", "words"), rows)


def _observations(trace: Trace) -> Iterator[str]:
    names = _names(trace)
    rows = [
        (names.get(o.about, o.about), o.indicator, f"{o.value:f}", o.unit, "/".join(filter(None, (o.start, o.end))),
         o.kind, names.get(o.attributed_to or "", ""), o.text)
        for o in trace.observations
    ]  # fmt: skip
    yield table(("about", "indicator", "value", "unit", "period", "kind", "says", "words"), rows)


_STAGES: dict[str, Callable[[Trace], Iterator[str]]] = {
    "document": _document,
    "regions": _regions,
    "articles": _articles,
    "mentions": _mentions,
    "entities": _entities,
    "relations": _relations,
    "claims": _claims,
    "observations": _observations,
}


def _numbers(trace: Trace) -> dict[str, str]:
    """Articles by their order in the document."""
    return {article.id: str(number) for number, article in enumerate(trace.articles, 1)}


def _names(trace: Trace) -> dict[str, str]:
    every = (*trace.entities.values(), *trace.unlikely.values())
    return {e.id: next((name for _, name in reversed(e.labels)), e.id) for e in every}


def _span(span: Span) -> str:
    return f"{span.start}–{span.end}"


def _begin(text: str, span: Span) -> str:
    return text[span.start : min(span.end, span.start + _FIRST)]
