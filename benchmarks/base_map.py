"""Reading a country for one town: CPU seconds a 100 MB of .osm, memory, and the size of the answer.

    .venv/bin/python benchmarks/base_map.py [MB]

The file is invented while it is read: a town of 八王子市's size with 30,000 ways, and around it as
much country as fills the megabytes asked for (200). Goals: under 500 MB of memory whatever the
size, at most 0.7 MB for the browser. Baseline of the same run: one pass of expat over the same
bytes that looks at nothing.
"""

import io
import math
import os
import resource
import sys
import time
from collections.abc import Iterator
from xml.parsers import expat

from madoguchi.kernel.towns import pack
from madoguchi.ui.basemap import stored
from madoguchi.ui.basemap.engine import gathering, shaping

TOWN = "13201"
WAYS, CORNERS = 30_000, 8
GOAL_MB, GOAL_BYTES = 500, shaping.MOST_PACKED
CLASSES = ("residential",) * 24 + ("tertiary", "tertiary", "secondary", "primary", "trunk")
MB = 1_000_000


class Country(io.RawIOBase):
    """A file of about ``size`` bytes, made piece by piece."""

    def __init__(self, size: int, box: tuple[float, float, float, float]) -> None:
        self._pieces = pieces(size, box)

    def readable(self) -> bool:
        """It is a stream to read."""
        return True

    def read(self, _size: int = -1) -> bytes:
        """The next piece, whatever was asked for."""
        return next(self._pieces, b"")


def pieces(size: int, box: tuple[float, float, float, float]) -> Iterator[bytes]:
    """The town first, then the country to its west."""
    west, south, east, north = box
    written = 0
    yield b"<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"
    for number in range(10**9):
        at = number / WAYS
        if at < 1:
            lon = west + (east - west) * (at * 173 % 1)
            lat = south + (north - south) * at
        elif written < size:
            lon, lat = 131 + at % 1 * 6, 33 + at * 7 % 1 * 2
        else:
            break
        made = way(number, lon, lat)
        written += len(made)
        yield made
    yield b"</osm>"


def way(number: int, lon: float, lat: float) -> bytes:
    """A road of a few bent corners with its nodes; some have names."""
    first = number * CORNERS
    nodes = "".join(
        f'<node id="{first + i}" lat="{lat + 6e-4 * math.sin(number + i / 3):.7f}" '
        f'lon="{lon + i * 3e-4:.7f}" version="3" timestamp="2026-01-01T00:00:00Z"/>\n'
        for i in range(CORNERS)
    )
    refs = "".join(f'<nd ref="{first + i}"/>' for i in range(CORNERS))
    name = f'<tag k="name" v="見本{number % 997}号線"/>' if number % 5 == 0 else ""
    kind = CLASSES[number % len(CLASSES)]
    tags = f'<tag k="highway" v="{kind}"/>{name}'
    return f'{nodes}<way id="{number}">{refs}{tags}</way>\n'.encode()


def main() -> int:
    """Print the figures; exit 1 when a goal is missed."""
    size = int(sys.argv[1] if len(sys.argv) > 1 else 200) * MB
    boundary = pack.load(TOWN).geojson("boundary.geojson")
    assert boundary is not None
    region = shaping.Region(boundary)
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    making = cpu(lambda: sum(len(piece) for piece in pieces(size, region.box)))
    bare = cpu(lambda: parse(size, region.box)) - making
    begun = time.process_time()
    gathered = gathering.gather(lambda: Country(size, region.box), region.box)
    read = time.process_time() - begun - 2 * making  # no node is missing: two passes
    begun = time.process_time()
    found = shaping.shapes(gathered, region)
    packed, plan = shaping.fit(found, region.plane, "2026-07-01", stored.pack)
    shaped = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    hundreds = size / MB / 100
    print(f"reading, two passes: {read / hundreds:.1f} CPU s a 100 MB")
    print(f"baseline, one bare pass of expat: {bare / hundreds:.1f} CPU s a 100 MB")
    print(f"ratio: {read / bare:.1f}")
    print(f"shaping {len(gathered.lines):,} ways: {shaped:.1f} CPU s, plan {plan}")
    print(f"memory at most: {memory:.0f} MB (goal {GOAL_MB})")
    print(f"for the browser: {len(packed):,} bytes (goal {GOAL_BYTES:,})")
    print(f"load after: {os.getloadavg()[0]:.1f}")
    return 0 if memory <= GOAL_MB and len(packed) <= GOAL_BYTES else 1


def parse(size: int, box: tuple[float, float, float, float]) -> None:
    """One pass of expat without handlers."""
    parser = expat.ParserCreate()
    for piece in pieces(size, box):
        parser.Parse(piece, False)


def cpu(work: object) -> float:
    """CPU seconds of a call."""
    assert callable(work)
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
