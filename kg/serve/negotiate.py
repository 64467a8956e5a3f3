"""Which form of an answer a client wants: RFC 9110, section 12.5.1 (Accept with q-values)."""

from __future__ import annotations

from collections.abc import Sequence

RESULTS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
"""Media types of rows and truths, ours first where the client likes several alike."""
GRAPHS = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/ld+json": "jsonld",
    "application/trig": "trig",
    "application/n-quads": "nq",
    "application/x-turtle": "ttl",
    "text/plain": "nt",
    "application/json": "jsonld",
    "application/xml": "rdf",
    "text/xml": "rdf",
}
"""Media types of triples."""


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """The best of `offered` for an Accept header; the first where there is no header; None where none is wanted."""
    if not (accept or "").strip():
        return offered[0]
    wanted = _ranges(accept or "")
    weights = [_weight(media, wanted) for media in offered]
    best = max(weights)
    return offered[weights.index(best)] if best > 0 else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    """Ranges with their weights; a range whose weight is no number from 0 to 1 is left out."""
    found = []
    for part in accept.split(","):
        media, *parameters = (p.strip().lower() for p in part.split(";"))
        weight = next((p[2:].strip() for p in parameters if p.startswith("q=")), "1")
        try:
            number = float(weight)
        except ValueError:
            continue
        if media.count("/") == 1 and 0 <= number <= 1:
            found.append((media, number))
    return found


def _weight(media: str, wanted: Sequence[tuple[str, float]]) -> float:
    """The weight of the range that fits most closely."""
    for form in (media, media.partition("/")[0] + "/*", "*/*"):
        if fitting := [weight for range_, weight in wanted if range_ == form]:
            return max(fitting)
    return 0.0
