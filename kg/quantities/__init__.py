"""Numbers and what they count, from text in the folded form of `kg.text.fold`.

`find` reads Arabic and Chinese numerals with their scale, unit, bounds and ranges. It knows nothing of
what a number is about; words and units are in seeds/units.toml.
"""

from kg.quantities.joining import strip_qualifier
from kg.quantities.reading import find
from kg.quantities.words import BARE, COUNT, CURRENCY, DURATION, PERCENT, RANK, Quantity, chinese_number

__all__ = [
    "BARE",
    "COUNT",
    "CURRENCY",
    "DURATION",
    "PERCENT",
    "RANK",
    "Quantity",
    "chinese_number",
    "find",
    "strip_qualifier",
]
