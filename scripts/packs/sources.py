"""Reading the named sources under the shared folder; nothing else opens a source file."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

COUNTY = re.compile(r"^(西多摩郡|八丈島|三宅島)")
ITAMI = "28207"
# 小笠原村 has no file of its own in the detailed set.
SIMPLIFIED = "boundaries/n03_simplified/s0010_N03-21_13_210101.json"


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality as the sources name it. ``code`` has five digits, ``lg_code`` six."""

    code: str
    lg_code: str
    prefecture: str
    name: str
    kana: str
    county: str
    lat: float
    lon: float
    website: str
    region: str


@dataclass(frozen=True)
class Sources:
    """The shared folder; ``data`` holds the data, ``seed`` the lists that people made."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    def json(self, path: str) -> Any:
        return json.loads((self.data / path).read_text(encoding="utf-8-sig"))

    def csv(self, path: Path) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))

    @cached_property
    def towns(self) -> list[Town]:
        """All municipalities of Tokyo and 伊丹市, by code; the region is "" outside the 39."""
        regions = {r["town"]: r["region"] for r in self.csv(self.root / "seed" / "regions.csv")}
        found = []
        for row in self.csv(self.data / "facilities" / "localgovjp_13_28.csv"):
            if row["pid"] != "13" and row["cid"] != ITAMI:
                continue
            if row["pid"] == "13" and not row["cid"]:
                continue
            found.append(
                Town(
                    code=row["cid"],
                    lg_code=row["lgcode"],
                    prefecture=row["pref"],
                    name=row["city"],
                    kana=row["citykana"],
                    county=self._county(row["city"]),
                    lat=float(row["lat"]),
                    lon=float(row["lng"]),
                    website=row["url"],
                    region=regions.get(row["city"], ""),
                )
            )
        return sorted(found, key=lambda t: t.code)

    @cached_property
    def _address_files(self) -> dict[str, Path]:
        files = (self.data / "addresses" / "geolonia_ja").glob("*/*.json")
        return {COUNTY.sub("", f.stem): f for f in sorted(files)}

    def _county(self, name: str) -> str:
        file = self._address_files.get(name)
        match = COUNTY.match(file.stem) if file else None
        return match[1] if match and match[1].endswith("郡") else ""

    def addresses(self, town: Town) -> list[dict[str, Any]]:
        """Rows ``{town, koaza, lat, lng}``; [] when the source has none (利島村)."""
        file = self._address_files.get(town.name)
        return json.loads(file.read_text(encoding="utf-8")) if file else []

    @cached_property
    def _postal(self) -> dict[str, list[tuple[str, str]]]:
        by_town: dict[str, list[tuple[str, str]]] = {}
        for code, row in self.json("addresses/postal/postal_13_itami.json").items():
            name = COUNTY.sub("", row[1])
            if len(row) <= 3:
                by_town.setdefault(name, []).append((code, row[2] if len(row) > 2 else ""))
        return by_town

    def postal(self, town: Town) -> list[tuple[str, str]]:
        """(code, town area) of the areas; codes of single large offices are left out."""
        return sorted(self._postal.get(town.name, []))

    def boundary(self, town: Town) -> tuple[BaseGeometry, str]:
        """The municipality as one valid lon/lat (multi)polygon, and the key of its origin."""
        file = f"boundaries/n03_geolonia/{town.code}.json"
        if not (self.data / file).exists():
            file = SIMPLIFIED
        parts = [
            shapely.make_valid(shape(f["geometry"]))
            for f in self.json(file)["features"]
            if file != SIMPLIFIED or f["properties"]["N03_007"] == town.code
        ]
        return shapely.union_all(parts), "n03-simplified" if file == SIMPLIFIED else "n03"

    def shelters(self, town: Town) -> Iterator[tuple[str, dict[str, Any]]]:
        """("emergency" | "evacuation", feature) of every designated site."""
        for kind in ("emergency", "evacuation"):
            file = f"shelters/gsi/{kind}/{town.lg_code}.json"
            if (self.data / file).exists():
                for feature in self.json(file).get("features", []):
                    yield kind, feature
