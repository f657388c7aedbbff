"""Posts that staff copied: one text with several posts in it, each perhaps with its address.

Pure. Posts are parted by a line of three or more hyphens. A line that is an address and nothing
else is the address of its post.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 50

_PARTED = re.compile(r"^[ \t　]*[-‐−ー―─＿_=＝]{3,}[ \t　]*$", re.MULTILINE)
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Pasted:
    """One post as it was copied; ``url`` may be ""."""

    text: str
    url: str


def split(pasted: str) -> Sequence[Pasted]:
    """The posts of a pasted text, in order; parts without words are left out."""
    parts = _PARTED.split(pasted.replace("\r\n", "\n").replace("\r", "\n"))
    return [post for part in parts if (post := _post(part)).text]


def _post(part: str) -> Pasted:
    lines, url = [], ""
    for line in part.split("\n"):
        if not url and _ADDRESS.fullmatch(line.strip()):
            url = line.strip()
        else:
            lines.append(line.rstrip())
    return Pasted("\n".join(lines).strip(), url)
