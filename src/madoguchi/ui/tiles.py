"""Outside map tiles: none, unless a town's setting ``tiles`` names one of these."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from django.http import HttpRequest, HttpResponse


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

P = ParamSpec("P")


def allow_tiles(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Let a map page load tiles from the one host that the town's setting names, if any."""

    @wraps(view)
    def allowed(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        request = args[0]
        town = getattr(request, "town", None) if isinstance(request, HttpRequest) else None
        source = SOURCES.get(str(town.settings.get("tiles", ""))) if town else None
        if source:
            setattr(  # noqa: B010  (read by the CSP middleware, unknown to the type)
                response,
                "_csp_update",
                {"img-src": [source.origin], "connect-src": [source.origin]},
            )
        return response

    return allowed
