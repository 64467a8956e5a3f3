"""Names by their marks: titles in brackets and quotation marks."""

from kg import naming
from kg.model import Mention, Span
from kg.text import fold


def find(text: str) -> list[Mention]:
    """What stands in 《》 or quotation marks and ends like a policy, an index or an event. The marks stay outside."""
    rules = naming.load()
    folded = fold(text)
    found = []
    for at, char in enumerate(folded):
        close = rules.quotes.get(char)
        if close is None:
            continue
        end = folded.find(close, at + 1, at + 2 + rules.quoted_longest)
        if end < at + 3 or "\n" in folded[at:end] or char in folded[at + 1 : end]:
            continue
        cls = rules.class_of(folded[at + 1 : end])
        if cls in rules.quoted_classes:
            found.append(Mention(Span(at + 1, end), text[at + 1 : end], cls, "rules", rules.quoted_confidence))
    return found
