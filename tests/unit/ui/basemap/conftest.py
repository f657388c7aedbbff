"""Small OpenStreetMap files with invented geometry."""

from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

Tags = dict[str, str]


def tags_xml(tags: Tags) -> str:
    """The tags of an element."""
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def node(ident: int, lon: float, lat: float) -> str:
    """A node."""
    return f'<node id="{ident}" lon="{lon}" lat="{lat}"/>'


def way(ident: int, nodes: Sequence[int], **tags: str) -> str:
    """A way."""
    refs = "".join(f'<nd ref="{ref}"/>' for ref in nodes)
    return f'<way id="{ident}">{refs}{tags_xml(tags)}</way>'


def relation(ident: int, members: Sequence[tuple[int, str]], **tags: str) -> str:
    """A relation of ways."""
    parts = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members)
    return f'<relation id="{ident}">{parts}{tags_xml(tags)}</relation>'


class Osm:
    """Writes the pieces of a file."""

    node = staticmethod(node)
    way = staticmethod(way)
    relation = staticmethod(relation)

    @staticmethod
    def text(*elements: str) -> str:
        """A whole file."""
        return "\n".join(
            ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">', *elements, "</osm>"]
        )


@pytest.fixture(scope="session")
def osm() -> Osm:
    """The writer."""
    return Osm()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Write a file; returns its path."""

    def write_(content: str | bytes, name: str = "town.osm") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write_
