"""Relations between the entities of an article.

An extractor is `(Passage) -> list[Relation]`; adding one is a module and a line in EXTRACTORS. What an
extractor gives must fit the vocabulary's domains and ranges; `extract` drops what does not, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from kg.model import Relation
from kg.relations import linear, neural, patterns
from kg.relations.passage import Passage
from kg.schema import load as load_schema

HINT = 0.05
"""How sure the learned reader has to be of a relation for the linear one, slower and less sure, to look as well."""
Extractor = Callable[[Passage], list[Relation]]

EXTRACTORS: dict[str, Extractor] = {
    "patterns": patterns.extract,
    "neural": neural.extract,
    "linear": linear.extract,
}
"""In the order in which they read."""


def extract(passage: Passage, extractors: Sequence[str]) -> tuple[list[Relation], list[Relation]]:
    """(relations that fit the vocabulary, those that do not), by all `extractors`.

    Where the learned reader is one of them, the linear one only looks at pairs of which it says something.
    """
    schema = load_schema()
    fitting: list[Relation] = []
    dropped: list[Relation] = []
    for name in sorted(set(extractors), key=list(EXTRACTORS).index):
        read = EXTRACTORS[name](passage)
        if name == "neural":
            passage = replace(passage, hinted=frozenset((r.subject, r.object) for r in read if r.confidence > HINT))
        for relation in read:
            subject, object_ = (passage.entities[i].cls for i in (relation.subject, relation.object))
            fits = relation.subject != relation.object and schema.allows(relation.predicate, subject, object_)
            (fitting if fits else dropped).append(relation)
    return fitting, dropped
