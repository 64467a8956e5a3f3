"""RDF of a graph: the one place that makes IRIs, and sorted Turtle and N-Triples writers.

A triple is three strings in compact form: names with a prefix (`ent:sk-hynix`), literals as quoted
(`"…"@en`, `"7"^^xsd:integer`). Blank nodes are never made.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.assembly import MergedClaim, MergedObservation, Parts, content_id, is_date
from kg.model import Article, Claim, Document, Entity, Evidence
from kg.schema import JL, load
from kg.text import fold

Triple = tuple[str, str, str]

VOCABULARIES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "jl": JL,
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
NODES = {"ent": "entity/", "claim": "claim/", "obs": "obs/", "ev": "ev/", "article": "article/", "doc": "doc/"}
"""Prefix to path below the base, in the order of the sections of a file."""

_LANGUAGES = ("en", "zh-Hans", "zh-Hant")
_SHOWN = ("zh-Hant", "zh-Hans", "en")
"""Languages of the one name that rdfs:label gives, the first there is."""
_REGISTRIES = {
    "wikidata": "http://www.wikidata.org/entity/",
    "lei": "https://www.gleif.org/lei/",
    "geonames": "https://sws.geonames.org/",
}
_IDENTIFIERS = ("ticker", "isoCountry", "isoCurrency", "mic")
_SAFE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\Z")
_ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f\x85\u2028\u2029\ud800-\udfff]')
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_NUMBERS = ('"^^xsd:decimal', '"^^xsd:integer', '"^^xsd:boolean')
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def prefixes(base: str) -> dict[str, str]:
    """All prefixes of a graph whose IRIs begin with `base`."""
    return {**VOCABULARIES, **{name: base + path for name, path in NODES.items()}}


def local(id_: str) -> str:
    """`id_` as the last part of an IRI: itself when it is ASCII letters, digits and dashes, else a hash of it."""
    return id_ if _SAFE.match(id_) else "x-" + content_id(id_)


def iri(kind: str, id_: str, base: str) -> str:
    """The full IRI of a node; `kind` is a key of `NODES`."""
    return base + NODES[kind] + local(id_)


def evidence_id(evidence: Evidence) -> str:
    return content_id(evidence.document, evidence.span.start, evidence.span.end)


def article_id(document: str, article: str) -> str:
    return content_id(document, article)


def literal(text: str, suffix: str = "") -> str:
    """A quoted literal; lone surrogates, which no RDF file can hold, become U+FFFD."""
    return f'"{_ESCAPED.sub(_escape, text)}"{suffix}'


def triples(parts: Parts, *, base: str) -> list[Triple]:
    """Every triple of the graph, sorted and without repeats, with a description of the whole as a data set."""
    found = statements(parts)
    found.update(dataset(parts, len(found), base))
    return arrange(found)


def arrange(found: Iterable[Triple]) -> list[Triple]:
    """`found` in the order of a file: the data set, entities, claims, figures, evidence, articles, documents."""
    by_subject: dict[str, list[tuple[bool, str, str]]] = defaultdict(list)
    for s, p, o in found:
        by_subject[s].append((p != "rdf:type", p, o))
    return [(s, p, o) for s in sorted(by_subject, key=_section) for _, p, o in sorted(by_subject[s])]


def statements(parts: Parts) -> set[Triple]:
    """The triples of all tables."""
    found: set[Triple] = set()
    for entity in parts.entities.values():
        found.update(entity_triples(entity))
    evidences: set[Evidence] = set()
    for claim in parts.claims:
        found.update(claim_triples(claim))
        if claim.direct:
            found.update(direct_triples(claim))
        evidences.update(claim.evidence)
    for observation in parts.observations:
        found.update(observation_triples(observation))
        evidences.update(observation.evidence)
    for evidence in evidences:
        found.update(evidence_triples(evidence))
    for article in parts.articles:
        found.update(article_triples(article, parts.creators.get((article.document, article.id), ())))
    for document in parts.documents:
        found.update(document_triples(document))
    return found


def ntriples(found: Iterable[Triple], *, base: str) -> list[str]:
    """Sorted N-Triples lines, each with its line break."""
    expand = _Expander(base)
    return sorted(f"{expand.term(s)} {expand.term(p)} {expand.term(o)} .\n" for s, p, o in found)


def turtle(found: Iterable[Triple], *, base: str) -> Iterator[str]:
    """Turtle in chunks. `found` is sorted as `triples` gives it."""
    yield from declarations(base)
    yield from blocks(found)


def declarations(base: str) -> Iterator[str]:
    """The prefixes as Turtle and TriG declare them."""
    return (f"@prefix {name}: <{namespace}> .\n" for name, namespace in sorted(prefixes(base).items()))


def blocks(found: Iterable[Triple]) -> Iterator[str]:
    """Turtle without its declarations: a block for each subject."""
    subject = predicate = ""
    for s, p, o in found:
        value, verb = _short(o), "a" if p == "rdf:type" else p
        if s != subject:
            yield f"{' .' if subject else ''}\n\n{s} {verb} {value}" if subject else f"\n{s} {verb} {value}"
        elif p != predicate:
            yield f" ;\n    {verb} {value}"
        else:
            yield f", {value}"
        subject, predicate = s, p
    yield " .\n" if subject else ""


class _Expander:
    """Compact terms to N-Triples terms; names are looked up once."""

    def __init__(self, base: str) -> None:
        self._namespaces = prefixes(base)
        self._known: dict[str, str] = {}

    def term(self, compact: str) -> str:
        if compact[0] == '"':
            text, mark, datatype = compact.rpartition('"^^')
            typed = mark and '"' not in datatype  # else the mark stands in the text itself
            return f'{text}"^^{self._name(datatype)}' if typed else compact
        return compact if compact[0] == "<" else self._name(compact)

    def _name(self, compact: str) -> str:
        full = self._known.get(compact)
        if full is None:
            prefix, _, name = compact.partition(":")
            full = self._known[compact] = f"<{self._namespaces[prefix]}{name}>"
        return full


def _short(term: str) -> str:
    """Numbers as Turtle writes them."""
    return term[1 : -len(_NUMBERS[0])] if term.endswith(_NUMBERS) else term


_SECTIONS = {name: number for number, name in enumerate(NODES)}


def _section(subject: str) -> tuple[int, str]:
    return _SECTIONS.get(subject.partition(":")[0], -1), subject


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
        elif kind in _REGISTRIES and _SAFE.match(value):
            yield node, "skos:exactMatch", f"<{_REGISTRIES[kind]}{value}>"
    yield node, "jl:mentions", _integer(entity.mentions)
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
    yield node, "jl:confidence", _decimal(Decimal(repr(claim.confidence)))
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
    yield node, "jl:value", _decimal(observation.value)
    yield node, "jl:unit", literal(observation.unit)
    yield node, "jl:kind", literal(observation.kind)
    yield node, "jl:text", literal(observation.text)
    if observation.qualifier:
        yield node, "jl:qualifier", literal(observation.qualifier)
    yield node, "jl:confidence", _decimal(Decimal(repr(observation.confidence)))
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
    yield node, "nif:beginIndex", _integer(evidence.span.start)
    yield node, "nif:endIndex", _integer(evidence.span.end)
    yield node, "prov:hadPrimarySource", f"doc:{local(evidence.document)}"
    yield node, "dcterms:isPartOf", f"article:{article_id(evidence.document, evidence.article)}"


def article_triples(article: Article, creators: Iterable[str]) -> Iterator[Triple]:
    node = f"article:{article_id(article.document, article.id)}"
    yield node, "rdf:type", "jl:Article"
    yield node, "dcterms:isPartOf", f"doc:{local(article.document)}"
    if article.title:
        yield node, "dcterms:title", literal(article.title)
    for creator in creators:
        yield node, "dcterms:creator", f"ent:{local(creator)}"
    for author in article.authors:
        if author.role:
            yield node, "jl:role", literal(author.role)
    if article.pieces:
        yield node, "nif:beginIndex", _integer(min(p.source for p in article.pieces))
        yield node, "nif:endIndex", _integer(max(p.source + p.length for p in article.pieces))


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
        yield node, "dcterms:date", _date(document.date)


def dataset(parts: Parts, others: int, base: str) -> list[Triple]:
    """DCAT and VoID: what the data set holds. `others` is the number of all other triples."""
    dates = sorted(d.date for d in parts.documents if d.date)
    return described(Extent(len(parts.entities), len(parts.documents), others, tuple(dates[:1] + dates[-1:])), base)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a graph holds. `triples` without those that describe it; `dates` the first and the last, if any."""

    entities: int
    documents: int
    triples: int
    dates: tuple[str, ...] = ()


def described(extent: Extent, base: str) -> list[Triple]:
    """DCAT and VoID of a graph of that extent."""
    node = f"<{base}>"
    found: list[Triple] = [
        (node, "rdf:type", "dcat:Dataset"),
        (node, "rdf:type", "void:Dataset"),
        (node, "dcterms:title", literal("Jinluo knowledge graph", "@en")),
        (node, "dcterms:conformsTo", f"<{JL.removesuffix('#')}>"),
        (node, "void:vocabulary", f"<{JL}>"),
        (node, "void:uriSpace", literal(base)),
        (node, "void:entities", _integer(extent.entities)),
        (node, "void:documents", _integer(extent.documents)),
    ]
    if extent.dates:
        first, last = extent.dates
        found += [(node, "schema:startDate", _date(first)), (node, "schema:endDate", _date(last))]
    return [*found, (node, "void:triples", _integer(extent.triples + len(found) + 1))]


def _period(node: str, start: str | None, end: str | None) -> Iterator[Triple]:
    if start:
        yield node, "jl:start", _date(start)
    if end:
        yield node, "jl:end", _date(end)


def _date(text: str) -> str:
    """As exact as `text` is; what is no date stays a plain string, which the shapes then refuse."""
    return literal(text, f"^^xsd:{_DATES[len(text)]}") if is_date(text) else literal(text)


def _integer(number: int) -> str:
    return f'"{number}"^^xsd:integer'


def _decimal(number: Decimal) -> str:
    text = format(number, "f")
    return f'"{text if "." in text else text + ".0"}"^^xsd:decimal'


def _tag(tag: str, name: str) -> str:
    """`tag` where it is one of ours; else by the characters of the name."""
    if tag in _LANGUAGES:
        return tag
    if name.isascii():
        return "en"
    return "zh-Hans" if fold(name) == name.lower() else "zh-Hant"


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _ESCAPES:
        return _ESCAPES[char]
    return "\ufffd" if "\ud800" <= char <= "\udfff" else f"\\u{ord(char):04X}"
