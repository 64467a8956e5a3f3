"""Points and stretches of time in text, resolved against the document's date.

`find` reads the folded form of `kg.text.fold`; words are in seeds/times.toml. Ends are ISO 8601 dates, months
or years, as exact as the text and the document's date allow.
"""

from kg.times.reading import find
from kg.times.words import AT, NOW, SAME, SINCE, Time

__all__ = ["AT", "NOW", "SAME", "SINCE", "Time", "find"]
