"""``madoguchi base-map`` puts rivers and roads of a file into a town's map."""

import json
from pathlib import Path
from typing import Any

import pytest

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.towns import pack
from madoguchi.kernel.towns.models import Town
from madoguchi.operation import base_map
from madoguchi.operation.outcome import Failure
from madoguchi.ui.basemap import stored
from madoguchi.ui.basemap.engine import shaping

FILE = Path(__file__).parents[2] / "fixtures" / "osm" / "chofu-invented.osm"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Path:
    """A data folder of this test alone."""
    settings.DATA = tmp_path
    return tmp_path


def silent(_: str) -> None:
    """Nobody listens."""


def test_a_file_becomes_the_map_of_its_town(town: Town) -> None:
    heard: list[str] = []
    made = base_map.bring_in(FILE, pack.load("13208"), heard.append)
    found = stored.of_town("13208")
    assert found is not None
    value = json.loads(found.plain)
    drawn = {(f["properties"]["kind"], f["properties"].get("name", "")) for f in value["features"]}
    assert drawn == {
        *(("water", "見本川"), ("water", "見本池"), ("river", "見本川"), ("stream", "小さな沢")),
        *(("motorway", "見本自動車道"), ("trunk", "国道999号"), ("primary", "見本大通り")),
        *(("secondary", "見本街道"), ("tertiary", "見本通り"), ("minor", "")),
        ("rail", "見本電鉄線"),
    }
    assert value["imported_on"] == "2026-07-01"
    assert made == base_map.Imported(len(drawn), len(found.brotli), shaping.PLANS[0])
    assert [line[:3] for line in heard] == ["1/3", "2/3", "3/3"]
    [entry] = Entry.objects.filter(verb="base_map.import")
    assert (entry.subject, entry.actor) == ("town:13208", "system:operator")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<osm/>", "川や道がありません"),
        (b"<osm><node", "XMLとして読めなくなりました"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader", "osmium cat"),
    ],
)
def test_a_file_that_will_not_do_leaves_the_earlier_map(
    town: Town, tmp_path: Path, content: bytes, words: str
) -> None:
    chofu = pack.load("13208")
    base_map.bring_in(FILE, chofu, silent)
    before = stored.of_town("13208")
    bad = tmp_path / "bad.osm"
    bad.write_bytes(content)
    with pytest.raises(Failure, match=words) as refused:
        base_map.bring_in(bad, chofu, silent)
    assert "必要な範囲（西,南,東,北）：139.4" in str(refused.value)
    assert stored.of_town("13208") == before


def test_a_file_that_is_not_there_and_a_town_that_is_not_there(town: Town) -> None:
    with pytest.raises(Failure, match="読めません"):
        base_map.bring_in(Path("nowhere.osm"), pack.load("13208"), silent)
    with pytest.raises(Failure, match="init --town 青梅市"):
        base_map.bring_in(FILE, pack.load("13205"), silent)


def test_too_much_to_draw_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(*_: object) -> None:
        raise shaping.TooLarge

    monkeypatch.setattr(shaping, "fit", too_large)
    with pytest.raises(Failure, match="重くなります"):
        base_map.bring_in(FILE, pack.load("13208"), silent)


def test_it_can_be_taken_away_again(town: Town) -> None:
    chofu = pack.load("13208")
    assert not base_map.take_away(chofu)
    base_map.bring_in(FILE, chofu, silent)
    assert base_map.take_away(chofu)
    assert stored.of_town("13208") is None
    verbs = Entry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["base_map.import", "base_map.remove"]


def test_the_command_says_what_it_did(home) -> None:
    assert home.run("base-map", "import", str(FILE), "--town", "調布市").returncode == 1
    assert home.run("init", "--town", "調布市").returncode == 0
    done = home.run("base-map", "import", str(FILE), "--town", "調布市")
    assert done.returncode == 0, done.stderr
    assert "川と道を入れました（11種類" in done.stdout
    assert "OpenStreetMap contributors" in done.stdout
    assert (home.data / "maps" / "13208.json.br").stat().st_mode & 0o777 == 0o600
    assert home.run("base-map", "remove", "--town", "調布市").returncode == 0
    assert not (home.data / "maps" / "13208.json.br").exists()
    wrong = home.run("base-map", "show", "--town", "調布市")
    assert (wrong.returncode, wrong.stdout) == (2, "")
