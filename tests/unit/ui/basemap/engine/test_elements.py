"""Files as they are, and as somebody would like to harm us with."""

import bz2
import gzip

import pytest

from madoguchi.ui.basemap.engine import elements
from madoguchi.ui.basemap.engine.elements import BadMap, Reader

BOMB = """<?xml version="1.0"?>
<!DOCTYPE osm [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<osm><node id="1" lat="1" lon="1"><tag k="name" v="&c;"/></node></osm>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE osm [<!ENTITY a SYSTEM "file:///etc/hostname">]><osm>&a;</osm>"""


class Everything(Reader):
    """Keeps what comes."""

    def __init__(self) -> None:
        self.nodes, self.ways, self.relations = [], [], []

    def node(self, ident, lon, lat):
        self.nodes.append((ident, lon, lat))

    def way(self, ident, nodes, tags):
        self.ways.append((ident, nodes, tags))

    def relation(self, ident, members, tags):
        self.relations.append((ident, members, tags))


def read(path: str) -> Everything:
    """Everything in a file."""
    seen = Everything()
    elements.read(lambda: elements.open_map(path), seen)
    return seen


@pytest.fixture
def small(osm) -> str:
    """One element of each kind."""
    return osm.text(
        osm.node(1, 139.5, 35.6),
        osm.way(7, [1, -2, 1], highway="primary", name="見本通り＆"),
        osm.relation(9, [(7, "outer")], type="multipolygon", natural="water"),
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_plain_and_compressed_files_say_the_same_whatever_their_name(pack, small, write) -> None:
    seen = read(write(pack(small.encode()), "some.xml"))
    assert seen.nodes == [(1, 139.5, 35.6)]
    assert seen.ways == [(7, [1, -2, 1], {"highway": "primary", "name": "見本通り＆"})]
    assert seen.relations == [
        (9, [("way", 7, "outer")], {"type": "multipolygon", "natural": "water"})
    ]


def test_the_size_of_the_chunks_does_not_matter(small, write, monkeypatch) -> None:
    path = write(small)
    whole = read(path)
    monkeypatch.setattr(elements, "CHUNK", 1)
    assert vars(read(path)) == vars(whole)


def test_elements_that_are_gone_or_have_no_numbers_do_not_come(osm, write) -> None:
    seen = read(
        write(
            osm.text(
                '<node id="1" lat="35" lon="139" action="delete"/>',
                '<node id="2" lat="35" lon="139" visible="false"/>',
                '<node id="3" lat="NaN" lon="139"/>',
                '<node id="4" lat="95" lon="139"/>',
                '<node id="5" lat="35"/>',
                '<node id="99999999999999999999" lat="35" lon="139"/>',
                '<node lat="35" lon="139"/>',
                '<way id="6"><nd ref="x"/><nd ref="8"/><tag v="no key"/></way>',
                '<node id="-7" lat="35" lon="139"/>',
            )
        )
    )
    assert seen.nodes == [(-7, 139.0, 35.0)]
    assert seen.ways == [(6, [8], {})]


@pytest.mark.parametrize("text", [BOMB, OUTSIDE])
def test_entities_are_refused_before_any_is_expanded(text, write) -> None:
    seen = Everything()
    path = write(text)
    with pytest.raises(BadMap, match="DTD"):
        elements.read(lambda: elements.open_map(path), seen)
    assert vars(seen) == vars(Everything())


@pytest.mark.parametrize("name", ["tokyo.osm.pbf", "tokyo.osm"])
def test_a_pbf_is_refused_with_the_ways_out(name, write) -> None:
    with pytest.raises(BadMap) as refused:
        elements.open_map(write(b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7b", name))
    assert all(way in str(refused.value) for way in ("osmium cat", "Overpass", "JOSM"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "XMLとして読めなくなりました"),
        (b"<osm><node id='1' lat='35' lon='139'>", "XMLとして読めなくなりました"),
        (b"<osm><way></osm>", "XMLとして読めなくなりました"),
        ("<osm><tag k='name' v='調布'/></osm>".encode("cp932"), "XMLとして読めなくなりました"),
        (
            "<?xml version='1.0' encoding='Shift_JIS'?><osm><tag v='調布'/></osm>".encode("cp932"),
            "UTF-8 ではありません",
        ),
        ("id,名前\n1,調布".encode("cp932"), "XMLとして読めなくなりました"),
        (b"<osmChange version='0.6'/>", "最初の要素が osmChange です"),
        (b"<html><body/></html>", "最初の要素が html です"),
        (gzip.compress(b"<osm>" + b"<node/>" * 10_000 + b"</osm>")[:-20], "途中で切れているか"),
        (b"\x1f\x8bno gzip at all", "途中で切れているか"),
        (b"BZh91AY no bzip2 at all", "途中で切れているか"),
        (b"<?xml version='1.0' encoding='klingon'?><osm/>", "UTF-8"),
    ],
)
def test_what_is_no_map_is_refused_with_what_to_do(content, words, write) -> None:
    with pytest.raises(BadMap, match=words):
        read(write(content))


@pytest.mark.parametrize(
    "filling", [b"<osm>" + b" " * (9 << 20), b"<osm><tag v='" + b"a" * (9 << 20)]
)
def test_a_file_that_only_fills_the_memory_is_refused(filling, write) -> None:
    with pytest.raises(BadMap, match="長すぎます"):
        read(write(gzip.compress(filling, 1)))
