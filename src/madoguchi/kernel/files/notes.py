"""What the camera wrote into the photo: place, time, and which side is up.

These notes come from anybody's device and may hold anything; what cannot be read is not there.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from madoguchi.kernel.clock.api import JST
from madoguchi.kernel.places.data import Point

NOWHERE = 1e-4
"""Degrees; a position nearer to (0, 0) was written by a device that did not know where it was."""


@dataclass(frozen=True, slots=True)
class Notes:
    """``orientation`` is EXIF's 1 to 8; ``taken_at`` is in UTC."""

    point: Point | None = None
    taken_at: datetime | None = None
    orientation: int = 1


def read(image: Image.Image) -> Notes:
    """The notes of an opened image; never raises."""
    exif = _attempt(image.getexif)
    if exif is None:
        return Notes()
    orientation = _attempt(lambda: int(exif.get(Base.Orientation, 1)))
    return Notes(
        point=_attempt(lambda: _point(exif.get_ifd(IFD.GPSInfo))),
        taken_at=_attempt(lambda: _taken_at(exif.get_ifd(IFD.Exif))),
        orientation=orientation if orientation in range(1, 9) else 1,
    )


def _attempt(reading: Any) -> Any:
    try:
        return reading()
    except Exception:  # broken notes raise whatever they like, and the photo still counts
        return None


def _point(gps: dict[int, Any]) -> Point | None:
    lat = _degrees(gps[GPS.GPSLatitude], gps[GPS.GPSLatitudeRef], "NS", 90)
    lon = _degrees(gps[GPS.GPSLongitude], gps[GPS.GPSLongitudeRef], "EW", 180)
    if lat is None or lon is None or (abs(lat) < NOWHERE and abs(lon) < NOWHERE):
        return None
    return Point(round(lat, 6), round(lon, 6))


def _degrees(parts: Any, side: Any, sides: str, limit: int) -> float | None:
    if isinstance(side, bytes):
        side = side.decode("ascii")
    side = side.strip("\x00 ").upper()
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    whole = all(map(math.isfinite, (degrees, minutes, seconds)))
    if not whole or min(degrees, minutes, seconds) < 0 or value > limit:
        return None
    if len(side) != 1 or side not in sides:
        return None
    return -value if side == sides[1] else value


def _taken_at(exif: dict[int, Any]) -> datetime | None:
    """Cameras write wall-clock time; without an offset it is taken as Japan's."""
    text = str(exif[Base.DateTimeOriginal]).strip("\x00 ")
    written = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    if written.year < 1990:
        return None
    return written.replace(tzinfo=_offset(exif)).astimezone(UTC)


def _offset(exif: dict[int, Any]) -> Any:
    text = str(exif.get(Base.OffsetTimeOriginal, "")).strip("\x00 ")
    if len(text) != 6 or text[0] not in "+-":
        return JST
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        return JST
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)
