"""Outside map tiles: none, unless a town's setting ``tiles`` names one of these."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TileSource:
    """A source of XYZ raster tiles of 256 px."""

    origin: str
    path: str
    max_zoom: int
    credit: str

    def as_json(self) -> dict[str, Any]:
        """What the map client needs."""
        return {"url": self.origin + self.path, "max_zoom": self.max_zoom, "credit": self.credit}


GSI = "https://cyberjapandata.gsi.go.jp"
SOURCES = {
    "gsi": TileSource(GSI, "/xyz/pale/{z}/{x}/{y}.png", 18, "地理院タイル（国土地理院）"),
    "gsi-std": TileSource(GSI, "/xyz/std/{z}/{x}/{y}.png", 18, "地理院タイル（国土地理院）"),
}


def source_of(settings: dict[str, Any]) -> TileSource | None:
    """The source that a town's settings name; None when it names none, or none we know."""
    return SOURCES.get(str(settings.get("tiles", "")))
