"""The text of an HTML mail. Pure, and linear: mails are made by strangers.

(The standard library's parser takes minutes for some 100 KB of "<a <a <a".)
"""

import html
import re
from collections.abc import Iterator

MAX_LETTERS = 500_000
LONGEST_TAG = 4000
_SILENT = {"script", "style", "title", "template", "noscript"}
_BLOCKS = {
    *("p", "div", "br", "tr", "li", "ul", "ol", "table", "hr", "blockquote", "pre", "section"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "article", "header", "footer"),
}
_NAME = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]*)")


def text_of(source: str) -> str:
    """What a reader sees; lines of a ``blockquote`` begin with "> " as in plain mails."""
    said: list[str] = []
    quoted = 0
    for is_tag, part in _parts(source[:MAX_LETTERS]):
        if not is_tag:
            said.append(re.sub(r"\s+", " ", _unescaped(part)))
            continue
        name = part.lstrip("/")
        if name == "blockquote":
            quoted = max(0, quoted + (-1 if part.startswith("/") else 1))
        if name in _BLOCKS:
            said.append("\n" + "> " * min(quoted, 3))
    lines = [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in "".join(said).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _parts(source: str) -> Iterator[tuple[bool, str]]:
    """(False, text) and (True, "name" or "/name" of a tag), in order, without what nobody sees.

    What is never closed hides nothing: its words stay.
    """
    lower = source.lower()
    never: set[str] = set()
    at = 0
    while (start := source.find("<", at)) >= 0:
        yield False, source[at:start]
        end = source.find(">", start, start + LONGEST_TAG)
        found = _NAME.match(source, start + 1)
        if source.startswith("<!--", start):
            at = _after("-->", lower, start + 4, never) or start + 4
        elif end < 0:
            yield False, "<"
            at = start + 1
        else:
            at = end + 1
            name = found[2].lower() if found else ""
            yield True, f"{found[1] if found else ''}{name}"
            if name in _SILENT and found and not found[1]:
                at = _after(f"</{name}", lower, at, never) or at
    yield False, source[at:]


def _after(end: str, lower: str, at: int, never: set[str]) -> int | None:
    """Behind the next ``end``; None where there is none, which is looked for once."""
    found = -1 if end in never else lower.find(end, at)
    if found < 0:
        never.add(end)
        return None
    return found + (len(end) if end == "-->" else 0)


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # a number with thousands of digits
        return text
