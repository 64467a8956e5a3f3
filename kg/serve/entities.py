"""Entities for the page and for programs: found by any part of any of their names, and told as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.names import form
from kg.query import ask
from kg.serve.limits import RefusedError

_EXACT, _BEGINS, _HOLDS = range(3)
_NAMES = """SELECT ?entity ?kind ?name ?mentions (LANG(?name) AS ?tag) WHERE {
  VALUES ?kind { skos:prefLabel skos:altLabel jl:ticker jl:isoCountry jl:isoCurrency jl:mic }
  ?entity a jl:Entity ; jl:mentions ?mentions ; ?kind ?name }"""
_CLASS = """SELECT ?class WHERE { ?e a ?class . FILTER(STRSTARTS(STR(?class), STR(jl:)))
  FILTER NOT EXISTS { ?e a ?under . ?under rdfs:subClassOf ?class . FILTER(?under != ?class) } } ORDER BY ?class"""
_CLAIMS = """SELECT * WHERE { { ?claim rdf:subject ?e } UNION { ?claim rdf:object ?e }
  ?claim rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ;
    jl:polarity ?polarity ; jl:modality ?modality ; jl:confidence ?confidence }
  ORDER BY DESC(?confidence) ?claim"""
_FIGURES = """SELECT * WHERE { ?figure jl:about ?e ; jl:indicator ?indicator ; jl:value ?value ; jl:unit ?unit ;
  jl:kind ?kind ; jl:text ?text OPTIONAL { ?figure jl:start ?start } OPTIONAL { ?figure jl:end ?end } }
  ORDER BY DESC(?start) ?figure"""
_GROUNDS = """SELECT * WHERE { ?x prov:wasDerivedFrom ?evidence . ?evidence nif:anchorOf ?quote ;
  nif:beginIndex ?begin ; nif:endIndex ?end ; prov:hadPrimarySource ?document . ?document jl:name ?source
  OPTIONAL { ?document dcterms:title ?title } OPTIONAL { ?document dcterms:date ?date } } ORDER BY ?evidence"""
_SPEAKERS = "SELECT ?speaker WHERE { ?x jl:attributedTo ?speaker } ORDER BY ?speaker"


@dataclass(slots=True)
class Named:
    """An entity with its names: (kind, language tag, name)."""

    iri: str
    mentions: int
    names: list[tuple[str, str, str]]

    @property
    def label(self) -> str:
        main = {tag: name for kind, tag, name in self.names if kind.endswith("prefLabel")}
        return next((main[tag] for tag in ("zh-hant", "zh-hans", "en") if tag in main), self.iri)


class Index:
    """All names of a store. Made once, then asked."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._store, self._base = store, base
        self._named: dict[str, Named] = {}
        for row in ask(store, _NAMES, base=base).terms:
            entity, kind, name, mentions, tag = (str(term.value) if term is not None else "" for term in row)
            self._named.setdefault(entity, Named(entity, int(mentions), [])).names.append((kind, tag, name))
        self._forms = [(form(name), named) for named in self._named.values() for _, _, name in named.names]

    def find(self, text: str, limit: int) -> list[dict[str, object]]:
        """Entities of which one name holds all words: the same name first, then the most mentioned."""
        words = [form(word) for word in text.split()]
        whole = form(text)
        found: dict[str, int] = {}
        for known, named in self._forms:
            if words and all(word in known for word in words):
                rank = _EXACT if known == whole else _BEGINS if known.startswith(whole) else _HOLDS
                found[named.iri] = min(rank, found.get(named.iri, rank))
        best = sorted(found, key=lambda iri: (found[iri], -self._named[iri].mentions, iri))[:limit]
        return [self._short(iri) | self._names(iri) for iri in best]

    def tell(self, text: str, limit: int) -> dict[str, object]:
        """One entity by its id or a name, with its claims and figures. Raises `RefusedError` 404."""
        iri = f"{self._base}entity/{text}"
        if iri not in self._named:
            hits = self.find(text, 1)
            if not hits or all(form(name) != form(text) for _, _, name in self._named[str(hits[0]["iri"])].names):
                raise RefusedError(404, f"no entity of the graph is called {text}; /search?q= finds parts of names")
            iri = str(hits[0]["iri"])
        classes = self._rows(_CLASS, e=iri)
        claims, figures = self._rows(_CLAIMS, e=iri), self._rows(_FIGURES, e=iri)
        return {
            **self._short(iri),
            "class": classes[0]["class"].rpartition("#")[2] if classes else "Entity",
            **self._names(iri),
            "claimCount": len(claims),
            "figureCount": len(figures),
            "claims": [self._claim(row) for row in claims[:limit]],
            "figures": [self._figure(row) for row in figures[:limit]],
        }

    def _claim(self, row: Mapping[str, str]) -> dict[str, object]:
        ends = {end: self._short(row[end]) for end in ("subject", "object")}
        kept = {key: row[key] for key in ("polarity", "modality")}
        predicate = row["predicate"].rpartition("#")[2]
        return {
            **ends,
            "predicate": predicate,
            **kept,
            "confidence": float(row["confidence"]),
            **self._grounds(row["claim"]),
        }

    def _figure(self, row: Mapping[str, str]) -> dict[str, object]:
        kept = {key: row[key] for key in ("indicator", "value", "unit", "kind", "text", "start", "end") if key in row}
        return {**kept, **self._grounds(row["figure"])}

    def _grounds(self, iri: str) -> dict[str, object]:
        evidence = [
            {
                **{key: row[key] for key in ("quote", "document", "source", "title", "date") if key in row},
                "begin": int(row["begin"]),
                "end": int(row["end"]),
            }
            for row in self._rows(_GROUNDS, x=iri)
        ]
        speakers = [self._short(row["speaker"]) for row in self._rows(_SPEAKERS, x=iri)]
        return {"iri": iri, "attributedTo": speakers, "evidence": evidence}

    def _short(self, iri: str) -> dict[str, object]:
        named = self._named.get(iri)
        return {"id": iri.removeprefix(f"{self._base}entity/"), "iri": iri, "label": named.label if named else iri}

    def _names(self, iri: str) -> dict[str, object]:
        named = self._named[iri]
        spelt = sorted((kind.rpartition("#")[2].rpartition("/")[2], tag, name) for kind, tag, name in named.names)
        names = [{"kind": kind, **({"language": _tag(tag)} if tag else {}), "name": name} for kind, tag, name in spelt]
        return {"mentions": named.mentions, "names": names}

    def _rows(self, query: str, **parameters: str) -> list[dict[str, str]]:
        answer = ask(self._store, _bound(query, parameters), base=self._base)
        return [
            {name: str(term.value) for name, term in zip(answer.columns, row, strict=True) if term is not None}
            for row in answer.terms
        ]


def _bound(query: str, values: Mapping[str, str]) -> str:
    """`query` with its first pattern preceded by the values of variables."""
    given = "".join(f"VALUES ?{name} {{ {ox.NamedNode(iri)} }} " for name, iri in values.items())
    return query.replace("WHERE {", f"WHERE {{ {given}", 1)


def _tag(tag: str) -> str:
    return "-".join([tag[:2], tag[3:].capitalize()]) if tag.startswith("zh-") else tag
