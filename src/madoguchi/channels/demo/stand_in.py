"""The stand-in for LINE that this process runs, if it runs one, and its invented residents."""

from madoguchi.channels.demo.fake_line.server import FakeLine
from madoguchi.kernel.towns.pack import Pack

RESIDENTS = 4

_line: FakeLine | None = None
_names: dict[str, str] = {}


def install(line: FakeLine, pack: Pack) -> None:
    """Let the phone page use ``line``; residents are named after town blocks of ``pack``."""
    global _line
    blocks = [row["oaza"] or row["town_area"] for row in pack.rows("addresses.csv")]
    known = [block for block in dict.fromkeys(blocks) if block] or [pack.name]
    step = max(1, len(known) // RESIDENTS)
    for letter, block in zip("ABCD", (known * RESIDENTS)[::step], strict=False):
        name = f"住民{letter}（{block}）"
        _names[line.person(name)] = name
    _line = line


def line() -> FakeLine | None:
    """The running stand-in, or None outside a demonstration."""
    return _line


def residents() -> dict[str, str]:
    """The names of the invented residents by their id."""
    return dict(_names)
