"""Words that look back to a name (該公司, 本集團, 該指數): mentions of what they mean, not names of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from kg import naming
from kg.linking.cluster import Key, Member
from kg.linking.forms import trimmed
from kg.model import Mention
from kg.schema import load as load_schema
from kg.text import fold


def is_reference(mention: Mention) -> bool:
    """该公司, 本集团, 上述机构: nothing but a word for a kind of thing, with what points back before it."""
    return fold(trimmed(mention.surface)) in naming.load().referring


def antecedents(
    mentions: Sequence[Sequence[Mention]], of: Mapping[Member, Key], classes: Mapping[Key, str]
) -> dict[Member, Key]:
    """The cluster of the nearest fitting name before each reference, of the same article."""
    found: dict[Member, Key] = {}
    rules = naming.load()
    for a, own in enumerate(mentions):
        last: list[tuple[str, Key]] = []
        for m, mention in enumerate(own):
            key = of.get((a, m))
            if key is not None:
                last.append((classes[key], key))
            elif is_reference(mention):
                wanted = _classes(rules.kind_of.get(fold(trimmed(mention.surface)), ""), mention.cls)
                fitting = next((k for cls, k in reversed(last) if _fits(cls, wanted)), None)
                if fitting is not None:
                    found[a, m] = fitting
    return found


_KINDS = {
    "company": ("Company",),
    "index": ("Index",),
    "body": ("GovernmentBody", "Association"),
    "project": ("Product",),
    "person": ("Person",),
    "policy": ("Policy",),
    "technology": ("Technology",),
    "product": ("Product",),
    "market": ("Market",),
    "country": ("Country",),
}


def _classes(kind: str, read: str) -> tuple[str, ...]:
    return _KINDS.get(kind, (read,))


@cache
def _fits(cls: str, wanted: tuple[str, ...]) -> bool:
    return any(load_schema().is_a(cls, other) for other in wanted)
