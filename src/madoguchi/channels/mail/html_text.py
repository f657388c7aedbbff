"""The text of an HTML mail. Pure."""

import re
from html.parser import HTMLParser

MAX_LETTERS = 1_000_000
_SILENT = {"script", "style", "head", "title", "template", "noscript"}
_BLOCKS = {
    *("p", "div", "br", "tr", "li", "ul", "ol", "table", "hr", "blockquote", "pre", "section"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "article", "header", "footer"),
}


def text_of(html: str) -> str:
    """What a reader sees; lines of a ``blockquote`` begin with "> " as in plain mails."""
    reader = _Reader()
    reader.feed(html[:MAX_LETTERS])
    reader.close()
    lines = [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in reader.said().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent = 0
        self._quoted = 0

    def said(self) -> str:
        return "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        if tag == "blockquote":
            self._quoted += 1
        if tag in _BLOCKS:
            self._line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag == "body":
            self._silent = 0
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag in _BLOCKS:
            self._line()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(re.sub(r"\s+", " ", data))

    def _line(self) -> None:
        self._parts.append("\n" + "> " * min(self._quoted, 3))
