"""The triples of each subject of a graph: an entity, a claim, a figure, an evidence, an article, a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from kg.assembly import ArticleKey, Credited, MergedClaim, MergedObservation
from kg.model import Article, Claim, Document, Entity, Evidence
from kg.rdf.terms import SAFE, Triple, article_id, date, decimal, evidence_id, integer, literal, local
from kg.schema import load
from kg.text import fold

_LANGUAGES = ("en", "zh-Hans", "zh-Hant")
_SHOWN = ("zh-Hant", "zh-Hans", "en")
"""Languages of the one name that rdfs:label gives, the first there is."""
_REGISTRIES = {
    "wikidata": "http://www.wikidata.org/entity/",
    "lei": "https://www.gleif.org/lei/",
    "geonames": "https://sws.geonames.org/",
}
_IDENTIFIERS = ("ticker", "isoCountry", "isoCurrency", "mic")


def entity_triples(entity: Entity) -> Iterator[Triple]:
    node = f"ent:{local(entity.id)}"
    for cls in load().ancestors(entity.cls):
        yield node, "rdf:type", f"jl:{cls}"
    main: dict[str, str] = {}
    for tag, name in entity.labels:
        main.setdefault(_tag(tag, name), name)
    names = {(_tag(tag, name), name) for tag, name in (*entity.labels, *entity.aliases)}
    for tag, name in main.items():
        yield node, "skos:prefLabel", literal(name, f"@{tag}")
    for tag, name in names - set(main.items()):
        yield node, "skos:altLabel", literal(name, f"@{tag}")
    if main:
        shown = next(tag for tag in _SHOWN if tag in main)
        yield node, "rdfs:label", literal(main[shown], f"@{shown}")
    for kind, value in entity.identifiers:
        if kind in _IDENTIFIERS:
            yield node, f"jl:{kind}", literal(value)
        elif kind in _REGISTRIES and SAFE.match(value):
            yield node, "skos:exactMatch", f"<{_REGISTRIES[kind]}{value}>"
    yield node, "jl:mentions", integer(entity.mentions)
    if not entity.certain:
        yield node, "jl:certain", '"false"^^xsd:boolean'


def direct_triples(claim: MergedClaim | Claim) -> Iterator[Triple]:
    """What a claim says as a triple between entities; of a symmetric relation both ways."""
    subject, predicate, object_ = f"ent:{local(claim.subject)}", f"jl:{claim.predicate}", f"ent:{local(claim.object)}"
    yield subject, predicate, object_
    if load().relations[claim.predicate].symmetric:
        yield object_, predicate, subject


def claim_triples(claim: MergedClaim) -> Iterator[Triple]:
    """Those of the claim's own node."""
    node, predicate = f"claim:{claim.id}", f"jl:{claim.predicate}"
    subject, object_ = f"ent:{local(claim.subject)}", f"ent:{local(claim.object)}"
    yield node, "rdf:type", "jl:Claim"
    yield node, "rdf:type", "rdf:Statement"
    yield node, "rdf:subject", subject
    yield node, "rdf:predicate", predicate
    yield node, "rdf:object", object_
    yield node, "jl:polarity", literal(claim.polarity)
    yield node, "jl:modality", literal(claim.modality)
    yield node, "jl:confidence", decimal(Decimal(repr(claim.confidence)))
    for role in claim.roles:
        yield node, "jl:role", literal(role)
    for start, end in claim.periods:
        yield from _period(node, start, end)
    for source in claim.sources:
        yield node, "jl:foundBy", literal(source)
    yield from _grounds(node, claim.attributed_to, claim.evidence)


def observation_triples(observation: MergedObservation) -> Iterator[Triple]:
    node = f"obs:{observation.id}"
    yield node, "rdf:type", "jl:Observation"
    yield node, "rdf:type", "schema:Observation"
    yield node, "jl:about", f"ent:{local(observation.about)}"
    yield node, "jl:indicator", literal(observation.indicator)
    if observation.indicator_entity:
        yield node, "jl:indicatorEntity", f"ent:{local(observation.indicator_entity)}"
    yield node, "jl:value", decimal(observation.value)
    yield node, "jl:unit", literal(observation.unit)
    yield node, "jl:kind", literal(observation.kind)
    yield node, "jl:text", literal(observation.text)
    if observation.qualifier:
        yield node, "jl:qualifier", literal(observation.qualifier)
    yield node, "jl:confidence", decimal(Decimal(repr(observation.confidence)))
    yield from _period(node, observation.start, observation.end)
    yield from _grounds(node, observation.attributed_to, observation.evidence)


def _grounds(node: str, speakers: Iterable[str], evidences: Iterable[Evidence]) -> Iterator[Triple]:
    for speaker in speakers:
        yield node, "jl:attributedTo", f"ent:{local(speaker)}"
    for evidence in evidences:
        yield node, "prov:wasDerivedFrom", f"ev:{evidence_id(evidence)}"


def evidence_triples(evidence: Evidence) -> Iterator[Triple]:
    node = f"ev:{evidence_id(evidence)}"
    yield node, "rdf:type", "jl:Evidence"
    yield node, "nif:anchorOf", literal(evidence.quote)
    yield node, "nif:beginIndex", integer(evidence.span.start)
    yield node, "nif:endIndex", integer(evidence.span.end)
    yield node, "prov:hadPrimarySource", f"doc:{local(evidence.document)}"
    yield node, "dcterms:isPartOf", f"article:{article_id(evidence.document, evidence.article)}"


def article_triples(article: Article, credits: Iterable[Credited], story: ArticleKey) -> Iterator[Triple]:
    """`story` is the key of the article that stands for the story, which may be this one."""
    node = f"article:{article_id(article.document, article.id)}"
    yield node, "rdf:type", "jl:Article"
    yield node, "dcterms:isPartOf", f"doc:{local(article.document)}"
    if article.title:
        yield node, "dcterms:title", literal(article.title)
    for part, who in credits:
        yield node, f"dcterms:{part}", f"ent:{local(who)}"
    for author in article.authors:
        if author.role:
            yield node, "jl:role", literal(author.role)
    if story != (article.document, article.id):
        yield node, "jl:sameStoryAs", f"article:{article_id(*story)}"
    if article.pieces:
        yield node, "nif:beginIndex", integer(min(p.source for p in article.pieces))
        yield node, "nif:endIndex", integer(max(p.source + p.length for p in article.pieces))


def document_triples(document: Document) -> Iterator[Triple]:
    node = f"doc:{local(document.id)}"
    yield node, "rdf:type", "jl:Document"
    yield node, "jl:name", literal(document.name)
    yield node, "jl:sha256", literal(document.sha256)
    yield node, "dcterms:source", literal(document.source or document.name)
    yield node, "dcterms:language", literal(document.language)
    if document.title:
        yield node, "dcterms:title", literal(document.title)
    if document.date:
        yield node, "dcterms:date", date(document.date)


def _period(node: str, start: str | None, end: str | None) -> Iterator[Triple]:
    if start:
        yield node, "jl:start", date(start)
    if end:
        yield node, "jl:end", date(end)


def _tag(tag: str, name: str) -> str:
    """`tag` where it is one of ours; else by the characters of the name."""
    if tag in _LANGUAGES:
        return tag
    if name.isascii():
        return "en"
    return "zh-Hans" if fold(name) == name.lower() else "zh-Hant"
