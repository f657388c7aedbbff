"""Positions and times that cameras write, and those that cannot be true."""

import io
from typing import Any

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from madoguchi.kernel.files import notes

from . import photos


def read(gps: dict[int, Any] | None = None, exif: dict[int, Any] | None = None) -> notes.Notes:
    data = photos.photo(exif=photos.exif_of(gps, exif))
    return notes.read(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("gps", "expected"),
    [
        (photos.CHOFU, (35.6525, 139.540667)),
        (photos.at((33, 51, 36), "S", (151, 12, 36), "E"), (-33.86, 151.21)),
        (photos.at((40.5, 0, 0), "N", (73.25, 0, 0), "W"), (40.5, -73.25)),
        (photos.at((0, 0, 0), "N", (139, 0, 0), "E"), (0.0, 139.0)),
    ],
)
def test_positions_are_read(gps: dict[int, Any], expected: tuple[float, float]) -> None:
    point = read(gps).point
    assert point is not None
    assert (point.lat, point.lon) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "gps",
    [
        photos.at((0, 0, 0), "N", (0, 0, 0), "E"),
        photos.at((91, 0, 0), "N", (139, 0, 0), "E"),
        photos.at((35, 0, 0), "N", (181, 0, 0), "E"),
        photos.at((90, 0, 1), "N", (139, 0, 0), "E"),
        photos.at((35, 0, 0), "X", (139, 0, 0), "E"),
        photos.at((35, 0, 0), "", (139, 0, 0), "E"),
        photos.at((IFDRational(1, 0), 0, 0), "N", (139, 0, 0), "E"),
        {1: "N", 2: (35, 39, 9)},
        {2: (35, 39, 9), 4: (139, 32, 26)},
        {1: "N", 2: (35, 39), 3: "E", 4: (139, 32)},
        {},
    ],
)
def test_positions_that_cannot_be_are_not_there(gps: dict[int, Any]) -> None:
    assert read(gps).point is None


@pytest.mark.parametrize(
    ("exif", "expected"),
    [
        ({0x9003: "2026:07:01 12:00:00"}, "2026-07-01T03:00:00+00:00"),
        ({0x9003: "2026:07:01 12:00:00", 0x9011: "+00:00"}, "2026-07-01T12:00:00+00:00"),
        ({0x9003: "2026:07:01 12:00:00", 0x9011: "-05:30"}, "2026-07-01T17:30:00+00:00"),
        ({0x9003: "2026:07:01 12:00:00", 0x9011: "??:??"}, "2026-07-01T03:00:00+00:00"),
        ({0x9003: "0000:00:00 00:00:00"}, None),
        ({0x9003: "1980:01:01 00:00:00"}, None),
        ({0x9003: "きのう"}, None),
        ({}, None),
    ],
)
def test_times_are_japanese_unless_they_say_otherwise(
    exif: dict[int, Any], expected: str | None
) -> None:
    taken = read(exif=exif).taken_at
    assert (taken.isoformat() if taken else None) == expected
