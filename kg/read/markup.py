"""HTML fragments to paragraphs of text, with the standard library alone."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "figcaption"),
        *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p"),
        *("pre", "section", "table", "td", "th", "tr", "ul"),
    ]
)
_SILENT = frozenset("head iframe noscript object script select style svg template".split())  # noqa: SIM905
MAX_OPEN = 500  # tags in a row that are cut off; of more the parser takes the square
_CUT_OFF = re.compile(r"<(?![^<>]*+>)")
_LONG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]{0,15})[^<>]{20000,}>")
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = [""]
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BLOCKS:
            self.parts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(self.parts.pop() + data)


def without_long_tags(html: str) -> str:
    """`html` without the attributes of tags that hold too much, such as a picture: parsers run out of memory."""
    return _LONG.sub(r"<\1>", html)


def paragraphs(html: str) -> str:
    """The text of an HTML fragment, one paragraph a line. Scripts, styles and the like are left out."""
    html = without_long_tags(html)
    if any(part.count("<") > MAX_OPEN for part in html.split(">")):
        html = _CUT_OFF.sub("&lt;", html)
    parser = _Paragraphs()
    parser.feed(html)
    parser.close()
    lines = (_BLANKS.sub(" ", part).strip() for part in parser.parts)
    return "\n".join(line for line in lines if line)
