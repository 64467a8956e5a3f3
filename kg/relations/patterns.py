"""Relations by patterns: triggers and constructions of seeds/relations."""

from kg.model import Relation
from kg.relations.passage import Passage


def extract(passage: Passage) -> list[Relation]:
    return []
