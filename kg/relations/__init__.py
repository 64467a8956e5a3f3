"""Relations between the entities of an article.

An extractor is `(Passage) -> list[Relation]`; adding one is a module and a line in EXTRACTORS. What an
extractor gives must fit the vocabulary's domains and ranges; `extract` drops what does not, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kg.model import Relation
from kg.relations import neural, patterns
from kg.relations.passage import Passage
from kg.schema import load as load_schema

Extractor = Callable[[Passage], list[Relation]]

EXTRACTORS: dict[str, Extractor] = {
    "patterns": patterns.extract,
    "neural": neural.extract,
}


def extract(passage: Passage, extractors: Sequence[str]) -> tuple[list[Relation], list[Relation]]:
    """(relations that fit the vocabulary, those that do not), by all `extractors`."""
    schema = load_schema()
    fitting: list[Relation] = []
    dropped: list[Relation] = []
    for name in extractors:
        for relation in EXTRACTORS[name](passage):
            subject, object_ = (passage.entities[i].cls for i in (relation.subject, relation.object))
            fits = relation.subject != relation.object and schema.allows(relation.predicate, subject, object_)
            (fitting if fits else dropped).append(relation)
    return fitting, dropped
