"""The shapes of ontology/shapes.ttl on our own triples: fast enough to check every document where it is extracted."""

from kg.shapes.checking import Breach, breaches, load
from kg.shapes.sifting import problems, sift

__all__ = ["Breach", "breaches", "load", "problems", "sift"]
