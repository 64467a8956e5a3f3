"""Mentions become entities: gazetteer names, then what the document itself says is one.

What cannot be decided stays apart: an entity that only a weak form named is marked uncertain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.lexicon import Lexicon
from kg.linking.cluster import Cluster, Key, Member, entity_of, joined
from kg.linking.forms import group, key, trimmed
from kg.linking.joining import join
from kg.linking.known import Known, tickers
from kg.linking.reference import antecedents, is_reference
from kg.linking.tokens import split_makers, ticker_behind
from kg.model import Article, Entity, Mention
from kg.text import fold, simplify

__all__ = ["link"]


def link(
    articles: Sequence[Article], mentions: Sequence[Sequence[Mention]], lexicon: Lexicon
) -> tuple[dict[str, Entity], list[list[Mention]]]:
    """Entities by id, and the mentions of each article with `entity` set.

    A weak form without support, and a reference to nothing, is dropped; a token of a company and its product is two.
    """
    mentions = [split_makers(own, lexicon) for own in mentions]
    clusters = _clusters(articles, mentions, lexicon)
    of = {member: key_ for key_, cluster in clusters.items() for member in cluster.members}
    classes = {k: lexicon.entries[c.id].cls if c.id else c.cls for k, c in clusters.items()}
    for member, key_ in antecedents(mentions, of, classes).items():
        clusters[key_].members.append(member)
    linked = [list(own) for own in mentions]
    entities: dict[str, Entity] = {}
    kept: set[Member] = set()
    for cluster in join(clusters, articles, mentions, lexicon):
        entity = entity_of(cluster, lexicon, articles, mentions)
        entities[entity.id] = joined(entities[entity.id], entity) if entity.id in entities else entity
        for a, m in cluster.members:
            linked[a][m] = replace(linked[a][m], entity=entity.id)
            kept.add((a, m))
    return entities, [[x for m, x in enumerate(own) if (a, m) in kept] for a, own in enumerate(linked)]


def _clusters(
    articles: Sequence[Article], mentions: Sequence[Sequence[Mention]], lexicon: Lexicon
) -> dict[Key, Cluster]:
    """Mentions of one gazetteer entry, or of one name in no list."""
    known = Known(lexicon, (mention for own in mentions for mention in own))
    listed = tickers(lexicon)
    clusters: dict[Key, Cluster] = {}
    for a, (article, own) in enumerate(zip(articles, mentions, strict=True)):
        folded = fold(article.text)
        known.enter(own)
        for m, mention in enumerate(own):
            found = None if is_reference(mention) else known.resolve(mention)
            if found is None:
                continue
            id_, certain = found
            code = ticker_behind(folded, mention.span.end) if group(mention.cls) == "Organization" else None
            if code and not id_:
                id_ = listed.get(code)
            cluster_key = ("", id_) if id_ else (group(mention.cls), key(mention.surface, mention.cls))
            cluster = clusters.setdefault(cluster_key, Cluster(id_))
            surface = trimmed(mention.surface)
            form = fold(surface)
            cluster.forms[form] += 1
            cluster.surfaces.setdefault(form, simplify(surface))
            cluster.classes[mention.cls] = cluster.classes.get(mention.cls, 0.0) + mention.confidence
            cluster.members.append((a, m))
            cluster.certain = cluster.certain and certain
            cluster.ticker = cluster.ticker or code
    return clusters
