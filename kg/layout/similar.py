"""How alike parts of a page are, by the pairs of characters that they share."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, permutations

_WORDS = re.compile(r"[a-z0-9]+|[㐀-鿿]")


def pairs(text: str) -> Counter[str]:
    """Pairs of neighbouring characters (Latin words count as one) of folded text."""
    words = _WORDS.findall(text)
    return Counter(a + b for a, b in pairwise(words))


def containment(part: Counter[str], whole: Counter[str]) -> float:
    """Share of the pairs of `part` that `whole` has."""
    return sum(1 for pair in part if pair in whole) / len(part) if part else 0.0


def repeated(part: Counter[str], text: str) -> float:
    """As `containment`, by looking the pairs up in the text: quicker where there is one part and much text."""
    return sum(1 for pair in part if pair in text) / len(part) if part else 0.0


def likeness(part: Counter[str], wholes: Sequence[Counter[str]]) -> list[float]:
    """Cosine of `part` to each of `wholes`; pairs that all of them have count for nothing."""
    spread = Counter(pair for whole in wholes for pair in whole)
    many = len(wholes)
    weight = {pair: math.log(1 + many / count) for pair, count in spread.items() if count < many or count == 1}
    return [_cosine(part, whole, weight) for whole in wholes]


def _cosine(a: Counter[str], b: Counter[str], weight: dict[str, float]) -> float:
    dot = sum(count * b[pair] * weight.get(pair, 0.0) ** 2 for pair, count in a.items() if pair in b)
    if not dot:
        return 0.0
    norms = (math.sqrt(sum((count * weight.get(pair, 0.0)) ** 2 for pair, count in c.items())) for c in (a, b))
    return dot / math.prod(norms)


def affinity(name: str, text: str) -> float:
    """How much a short name, such as that of a column, has to do with `text`: shared characters and pairs."""
    if not text:
        return 0.0
    counts, total = Counter(text), len(text)
    single = sum(counts[char] for char in name) / total
    both = sum(text.count(name[i : i + 2]) for i in range(len(name) - 1)) / total
    return single + 4 * both


def assign(scores: Sequence[Sequence[float]]) -> list[int]:
    """For each row its column, no column twice, so that the sum of scores is greatest; -1 where columns run out."""
    rows, columns = len(scores), len(scores[0]) if scores else 0
    if rows <= columns <= 6:
        best = max(permutations(range(columns), rows), key=lambda p: sum(scores[i][c] for i, c in enumerate(p)))
        return list(best)
    taken: set[int] = set()
    chosen = [-1] * rows
    for _, row, column in sorted((-scores[r][c], r, c) for r in range(rows) for c in range(columns)):
        if chosen[row] < 0 and column not in taken:
            chosen[row] = column
            taken.add(column)
    return chosen
