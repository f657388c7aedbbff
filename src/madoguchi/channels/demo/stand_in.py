"""The stand-in for LINE that this process runs, if it runs one, and its invented residents."""

from dataclasses import dataclass

from madoguchi.channels.demo.fake_line.server import FakeLine
from madoguchi.kernel.towns.pack import Pack

LETTERS = "ABCD"


@dataclass(frozen=True, slots=True)
class StandIn:
    """The stand-in and the names of its residents by their id."""

    line: FakeLine
    residents: dict[str, str]


_running: StandIn | None = None


def install(line: FakeLine, pack: Pack) -> None:
    """Let the phone page use ``line``; residents are named after town blocks of ``pack``."""
    global _running
    names = [
        f"住民{letter}（{block}）" for letter, block in zip(LETTERS, _blocks(pack), strict=True)
    ]
    _running = StandIn(line, {line.person(name): name for name in names})


def running() -> StandIn | None:
    """The running stand-in, or None outside a demonstration."""
    return _running


def _blocks(pack: Pack) -> list[str]:
    """As many blocks as there are residents, from all over the town."""
    rows = [row["oaza"] or row["town_area"] for row in pack.rows("addresses.csv")]
    known = [block for block in dict.fromkeys(rows) if block] or [pack.name]
    return [known[len(known) * number // len(LETTERS)] for number in range(len(LETTERS))]
