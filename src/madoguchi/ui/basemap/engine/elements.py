"""OpenStreetMap XML (API 0.6), element by element: a file of any size in little memory.

The form is that of https://wiki.openstreetmap.org/wiki/OSM_XML. Such files have no DTD, so one is
refused, and with it every trick with entities.
"""

import bz2
import gzip
import zlib
from collections.abc import Callable
from typing import IO, cast
from xml.parsers import expat

CHUNK = 1 << 18
LONGEST_ELEMENT = 8 << 20
"""Bytes without the begin or end of an element: more than any editor writes, an attack at most."""

Attributes = dict[str, str]
Member = tuple[str, int, str]
"""Type ("node", "way", "relation"), id and role."""


class BadMap(Exception):
    """The file cannot be used; the message says in Japanese why and what to do."""


class Reader:
    """Receives the elements of a file; a subclass overrides what it wants to see.

    Points are in WGS 84 degrees. Elements that are marked as deleted, or whose numbers are no
    numbers, do not come.
    """

    def node(self, ident: int, lon: float, lat: float) -> None:
        """A point."""

    def way(self, ident: int, nodes: list[int], tags: dict[str, str]) -> None:
        """A line through nodes."""

    def relation(self, ident: int, members: list[Member], tags: dict[str, str]) -> None:
        """A group of elements."""


def open_map(path: str) -> IO[bytes]:
    """An .osm file, plain or compressed with gzip or bzip2, whatever its name ends in.

    Raises ``BadMap`` for a .pbf, and ``OSError``.
    """
    with open(path, "rb") as file:
        start = file.read(16)
    if start[4:].startswith(b"\x0a\x09OSMHeader") or path.lower().endswith(".pbf"):
        raise BadMap(
            ".pbf の形のままでは読めません。次のどれかで .osm にしてください。\n"
            "  ・osmium があれば：osmium cat 元.osm.pbf -o 町.osm.gz\n"
            "  ・Overpass（overpass-turbo）で町の範囲を選び、「OSMの生データ」で保存する\n"
            "  ・JOSM で開き、「名前を付けて保存」で .osm を選ぶ"
        )
    if start.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    if start.startswith(b"BZh"):
        return bz2.open(path, "rb")
    return open(path, "rb")


def read(open_file: Callable[[], IO[bytes]], reader: Reader) -> None:
    """Pass through the whole file once; raises ``BadMap``."""
    walk = _Walk(reader)
    try:
        with open_file() as file:
            while chunk := file.read(CHUNK):
                walk.feed(chunk)
        walk.end()
    except expat.ExpatError as error:
        raise BadMap(
            f"{error.lineno}行目の近くで、XMLとして読めなくなりました。"
            "ファイルが途中で切れていないか、文字コードが UTF-8 かを確かめ、"
            "もう一度保存してください。"
        ) from error
    except (ValueError, LookupError) as error:  # an encoding that expat does not know
        raise BadMap("文字コードが UTF-8 ではありません。UTF-8 で保存し直してください。") from error
    except (EOFError, zlib.error, OSError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # the disk, not the contents
        raise BadMap(
            "圧縮されたファイルが途中で切れているか、壊れています。もう一度保存してください。"
        ) from error


class _Walk:
    """The state between two chunks: the element that is open. Most of the time is spent here."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        kind = type(reader)
        self._wants_nodes = kind.node is not Reader.node
        self._wanted = {
            name
            for name, method, ignored in (
                ("way", kind.way, Reader.way),
                ("relation", kind.relation, Reader.relation),
            )
            if method is not ignored
        }
        self._open = ""
        self._ident: int | None = None
        self._nodes: list[int] = []
        self._members: list[Member] = []
        self._tags: dict[str, str] = {}
        self._root = False
        self._silent = 0
        self._parser = parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes) -> None:
        self._silent += len(chunk)
        self._parser.Parse(chunk, False)
        if self._silent > LONGEST_ELEMENT:
            raise BadMap(
                "1つの要素が長すぎます（8 MB 以上）。OpenStreetMap のファイルではないようです。"
            )

    def end(self) -> None:
        self._parser.Parse(b"", True)

    def _doctype(self, *_: object) -> None:
        raise BadMap(
            "ファイルに DTD（<!DOCTYPE …>）があります。OpenStreetMap の .osm にはないもので、"
            "機械を止める仕掛けに使われることがあるため、読みません。出どころを確かめてください。"
        )

    def _start(self, name: str, attributes: Attributes) -> None:
        self._silent = 0
        if not self._root:
            self._root = True
            if name != "osm":
                raise BadMap(
                    f"OpenStreetMap の .osm ではありません（最初の要素が {name[:40]} です）。"
                )
        elif name == "node":
            if self._wants_nodes:
                self._node(attributes)
        elif self._open:
            self._inside(name, attributes)
        elif name in self._wanted:
            self._open, self._ident = name, _ident(attributes)
            self._nodes, self._members, self._tags = [], [], {}

    def _inside(self, name: str, attributes: Attributes) -> None:
        """A part of a way or a relation."""
        if name == "nd":
            if (ref := _integer(attributes.get("ref"))) is not None:
                self._nodes.append(ref)
        elif name == "tag":
            if key := attributes.get("k"):
                self._tags[key] = attributes.get("v", "")
        elif name == "member" and (ref := _integer(attributes.get("ref"))) is not None:
            self._members.append((attributes.get("type", ""), ref, attributes.get("role", "")))

    def _node(self, attributes: Attributes) -> None:
        ident = _ident(attributes)
        lon, lat = _degrees(attributes.get("lon"), 180), _degrees(attributes.get("lat"), 90)
        if ident is not None and lon is not None and lat is not None:
            self._reader.node(ident, lon, lat)

    def _end(self, name: str) -> None:
        if name != self._open:
            return
        self._open = ""
        if self._ident is None:
            return
        if name == "way":
            self._reader.way(self._ident, self._nodes, self._tags)
        else:
            self._reader.relation(self._ident, self._members, self._tags)


def _ident(attributes: Attributes) -> int | None:
    """The id of an element; None when it has none, or is gone."""
    if attributes.get("action") == "delete" or attributes.get("visible") == "false":
        return None
    return _integer(attributes.get("id"))


def _integer(text: str | None) -> int | None:
    """A 64-bit id; editors give new elements negative ones."""
    try:
        number = int(text or "")
    except ValueError:
        return None
    return number if -(2**63) <= number < 2**63 else None


def _degrees(text: str | None, most: int) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if -most <= number <= most else None  # NaN compares as false
