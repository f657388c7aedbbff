"""The reader of the town packs, on a small pack made here and on the committed ones."""

import json
from pathlib import Path

import pytest

from madoguchi.kernel.towns import pack

MINIMAL = {
    "code": "99001",
    "lg_code": "990019",
    "name": "試験村",
    "kana": "しけんむら",
    "name_en": "Shiken Village",
    "prefecture": "試験県",
    "county": "例郡",
    "region": "",
    "served": True,
    "hall": {"name": "試験村役場", "address": "", "lat": 35.5, "lon": 139.5},
    "website": "https://example.jp/",
    "jma": {"city": "9900100"},
    "bounds": [139.0, 35.0, 140.0, 36.0],
    "view": [139.4, 35.4, 139.6, 35.6],
    "population": None,
    "files": [
        {
            "name": "postal.csv",
            "rows": 1,
            "source": "a",
            "credit": "甲 / 乙",
            "licence": "MIT",
        },
        {"name": "pack.json", "rows": 1, "source": "b", "credit": "乙", "licence": "CC0 1.0"},
    ],
}
INDEX = (
    "code,name,kana,prefecture,county,region,served\n99001,試験村,しけんむら,試験県,例郡,,true\n"
)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "packs"
    (folder / "99001").mkdir(parents=True)
    (folder / "index.csv").write_text(INDEX, encoding="utf-8")
    (folder / "99001" / "pack.json").write_text(json.dumps(MINIMAL), encoding="utf-8")
    (folder / "99001" / "postal.csv").write_text("code,town_area\n9990001,宮\n", encoding="utf-8")
    monkeypatch.setenv("MADOGUCHI_PACKS", str(folder))
    return folder


def test_setting_chooses_the_folder(small: Path) -> None:
    assert pack.packs_dir() == small
    assert [p.code for p in pack.all_packs()] == ["99001"]


def test_load_gives_every_field(small: Path) -> None:
    found = pack.load("99001")
    assert (found.name, found.name_en, found.county) == ("試験村", "Shiken Village", "例郡")
    assert found.hall == pack.Hall("試験村役場", "", 35.5, 139.5)
    assert found.bounds == (139.0, 35.0, 140.0, 36.0)
    assert found.view == (139.4, 35.4, 139.6, 35.6)
    assert found.credits == ("甲", "乙")


def test_rows_and_missing_files(small: Path) -> None:
    found = pack.load("99001")
    assert list(found.rows("postal.csv")) == [{"code": "9990001", "town_area": "宮"}]
    assert list(found.rows("population.csv")) == []
    assert found.geojson("blocks.geojson") is None


@pytest.mark.parametrize("name", ["試験村", "例郡試験村", "試験県試験村", "試験県例郡試験村"])
def test_by_name_with_and_without_prefecture_and_county(small: Path, name: str) -> None:
    assert pack.by_name(name).code == "99001"


@pytest.mark.parametrize("code", ["13208", "", "../99001", "99001/"])
def test_unknown_code(small: Path, code: str) -> None:
    with pytest.raises(pack.UnknownTown):
        pack.load(code)


def test_unknown_name_is_answered_in_japanese(small: Path) -> None:
    with pytest.raises(pack.UnknownTown, match="「横浜市」の町のデータがありません"):
        pack.by_name("横浜市")


def test_missing_folder_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_PACKS", str(tmp_path / "nowhere"))
    with pytest.raises(pack.NoPacks, match="MADOGUCHI_PACKS"):
        pack.packs_dir()


def test_checkout_has_chofu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MADOGUCHI_PACKS", raising=False)
    chofu = pack.by_name("調布市")
    assert (chofu.code, chofu.lg_code, chofu.name_en) == ("13208", "132080", "Chofu City")
    assert chofu.jma["office"] == "130000"
    assert chofu.has("blocks.geojson")
    assert "国土地理院「指定緊急避難場所・指定避難所データ」を加工" in chofu.credits
    assert len(pack.all_packs()) == 63
