"""`kg trace`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.options import extraction, settings_of
from cli.table import safe, table

if TYPE_CHECKING:
    from kg.model import Relation, Span
    from kg.pipeline import Trace

_FIRST = 40
"""Characters shown of a longer text."""


@click.command("trace")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--stage", "stages", multiple=True, metavar="NAME", help="Show only this; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON, a document a line.")
@extraction
def command(file: Path, stages: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Show what each stage made of FILE.

    Stages: document, regions (where each character went), articles, mentions, entities, relations (which were read and
    which were rejected, with the reason), claims, observations.
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


def _relations(trace: Trace) -> Iterator[str]:
    names = _names(trace)
    rows = [
        (*_fact(r, names), f"{r.confidence:.2f}", r.source, _begin(article.text, r.span))
        for article, own in zip(trace.articles, trace.relations, strict=True)
        for r in own
    ]
    yield table(("subject", "predicate", "object", "sure", "read by", "words"), rows)
    if trace.rejected:
        rejected = [(*_fact(r, names), f"{r.confidence:.2f}", r.source, why) for r, why in trace.rejected]
        yield "\nrejected"
        yield table(("subject", "predicate", "object", "sure", "read by", "why"), rejected)


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
    return {e.id: next((name for _, name in reversed(e.labels)), e.id) for e in trace.entities.values()}


def _fact(relation: Relation, names: dict[str, str]) -> tuple[str, str, str]:
    return (
        names.get(relation.subject, relation.subject),
        relation.predicate,
        names.get(relation.object, relation.object),
    )


def _span(span: Span) -> str:
    return f"{span.start}–{span.end}"


def _begin(text: str, span: Span) -> str:
    return text[span.start : min(span.end, span.start + _FIRST)]
