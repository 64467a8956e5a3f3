"""Many documents' extractions into the tables of one graph."""

from kg.assembly.check import is_date, is_quoted
from kg.assembly.copies import ArticleKey, Copies
from kg.assembly.identity import content_id
from kg.assembly.merge import merge
from kg.assembly.parts import Credited, MergedClaim, MergedObservation, Parts
from kg.assembly.split import by_document

__all__ = [
    "ArticleKey",
    "Copies",
    "Credited",
    "MergedClaim",
    "MergedObservation",
    "Parts",
    "by_document",
    "content_id",
    "is_date",
    "is_quoted",
    "merge",
]
