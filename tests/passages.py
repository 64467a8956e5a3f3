"""A passage with its names given, for tests of what reads passages."""

from kg.model import Article, Entity, Mention, Piece, Span
from kg.relations.passage import Passage


def passage(text: str, names: dict[str, list[str]]) -> Passage:
    entities, mentions = {}, []
    for cls, forms in names.items():
        for form in forms:
            entities[form] = Entity(form, cls, (("zh-Hant", form),))
            at = text.find(form)
            while at >= 0:
                mentions.append(Mention(Span(at, at + len(form)), form, cls, "test", entity=form))
                at = text.find(form, at + 1)
    article = Article("a", "d", "", text, (Piece(0, 0, len(text)),))
    return Passage(article, sorted(mentions, key=lambda m: m.span), entities)
