"""Reader of the town packs (open data of each municipality). Pure: no Django, no database.

The format of every file stands in packs/README.md.
"""

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

Bounds = tuple[float, float, float, float]
"""West, south, east, north in WGS 84 degrees."""


class UnknownTown(LookupError):
    """There is no pack for a code or name; the message is for whoever typed it, in Japanese."""

    def __init__(self, asked: str) -> None:
        self.asked = asked
        super().__init__(
            f"「{asked}」の町のデータがありません。"
            "市区町村名（例：調布市）か5桁の自治体コード（例：13208）を指定してください。"
        )


class NoPacks(FileNotFoundError):
    """The folder of the packs is missing; the message says to the operator what to set."""

    def __init__(self, looked: list[Path]) -> None:
        places = "、".join(str(p) for p in looked)
        super().__init__(
            f"町のデータ（packs）が見つかりません。探した場所：{places}。"
            "環境変数 MADOGUCHI_PACKS に packs フォルダーの場所を指定してください。"
        )


@dataclass(frozen=True, slots=True)
class Hall:
    """The town hall. ``address`` is "" where no source states it."""

    name: str
    address: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack, with what has to be shown wherever its data is shown."""

    name: str
    rows: int
    source: str
    credit: str
    licence: str


@dataclass(frozen=True, slots=True)
class Pack:
    """What is known of one municipality.

    ``code`` has five digits, ``lg_code`` six. ``region`` is the 圏域 ("" outside the 39 towns),
    ``county`` the 郡 or "". ``served`` tells whether the platform runs for this town. ``bounds``
    is the box of the whole municipality, ``view`` what a map shows first. ``jma`` holds area codes
    of the Meteorological Agency: city, area_local, class20, class15, class10, office and names.
    """

    code: str
    lg_code: str
    name: str
    kana: str
    name_en: str
    prefecture: str
    county: str
    region: str
    served: bool
    hall: Hall
    website: str
    jma: dict[str, str]
    bounds: Bounds
    view: Bounds
    population: dict[str, Any] | None
    files: tuple[PackFile, ...]
    folder: Path

    def has(self, name: str) -> bool:
        """Whether the pack holds the file, e.g. ``blocks.geojson``."""
        return any(f.name == name for f in self.files)

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of a CSV file of the pack; none where the town has no such file."""
        if not self.has(name):
            return
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    def geojson(self, name: str) -> dict[str, Any] | None:
        """A GeoJSON file of the pack (lon, lat), None where the town has no such file."""
        if not self.has(name):
            return None
        value: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return value

    @property
    def credits(self) -> tuple[str, ...]:
        """Every credit once, in the order of the files."""
        parts = (part for f in self.files for part in f.credit.split(" / "))
        return tuple(dict.fromkeys(parts))


def packs_dir() -> Path:
    """The folder of the packs: ``$MADOGUCHI_PACKS``, the installed package's, the checkout's.

    Raises NoPacks when there is none.
    """
    package = Path(__file__).resolve().parents[2]
    asked = os.environ.get("MADOGUCHI_PACKS")
    places = [Path(asked)] if asked else [package / "packs", package.parents[1] / "packs"]
    for place in places:
        if (place / "index.csv").is_file():
            return place
    raise NoPacks(places)


def load(code: str) -> Pack:
    """The pack of a five-digit code. Raises UnknownTown."""
    folder = packs_dir()
    if code not in _index(folder):
        raise UnknownTown(code)
    return _read(folder / code)


def by_name(name: str) -> Pack:
    """The pack of a municipality by its name, with or without prefecture and county.

    Raises UnknownTown.
    """
    folder = packs_dir()
    wanted = name.strip()
    for code, row in _index(folder).items():
        short, long = row["name"], row["county"] + row["name"]
        if wanted in (short, long, row["prefecture"] + short, row["prefecture"] + long):
            return _read(folder / code)
    raise UnknownTown(name)


def all_packs() -> tuple[Pack, ...]:
    """All packs by code, served or not."""
    folder = packs_dir()
    return tuple(_read(folder / code) for code in _index(folder))


@lru_cache(maxsize=4)
def _index(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@lru_cache(maxsize=256)
def _read(folder: Path) -> Pack:
    value = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
    west, south, east, north = value["bounds"]
    left, bottom, right, top = value["view"]
    plain = {
        key: value[key]
        for key in (
            *("code", "lg_code", "name", "kana", "name_en", "prefecture", "county", "region"),
            *("served", "website", "jma", "population"),
        )
    }
    return Pack(
        **plain,
        hall=Hall(**value["hall"]),
        bounds=(west, south, east, north),
        view=(left, bottom, right, top),
        files=tuple(PackFile(**f) for f in value["files"]),
        folder=folder,
    )
