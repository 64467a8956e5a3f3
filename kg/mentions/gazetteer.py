"""Names that stand in the gazetteer."""

from kg.lexicon import Lexicon
from kg.model import Mention, Span
from kg.text import fold

STRONG, WEAK = 0.85, 0.2


def find(text: str, lexicon: Lexicon) -> list[Mention]:
    """Leftmost-longest forms. A weak form has a confidence that only another finder can lift."""
    return [
        Mention(
            Span(m.start, m.end),
            text[m.start : m.end],
            lexicon.entries[m.ids[0]].cls,
            "gazetteer",
            WEAK if m.weak else STRONG,
            m.ids,
        )
        for m in lexicon.scan(fold(text))
    ]
