"""The mark of the house (ui/mark.svg) as PNG, for the home screens of devices."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw

GRID = 40  # the mark is drawn on 40 x 40 units
COLOURS = 64  # of a palette: enough for soft edges, a quarter of the bytes
FINER = 4  # drawn larger, then made smaller: soft edges
BLUE, WHITE, YELLOW = "#0017c1", "#ffffff", "#ffd43d"
SAFE = 0.8  # a mask may cut away what lies outside the middle 80 % (W3C, Web App Manifest)


@lru_cache(maxsize=8)
def png(size: int, *, mask: bool = False) -> bytes:
    """The mark of ``size`` pixels; for a mask the ground fills the square and the mark is safe."""
    side = size * FINER
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    unit = side / GRID
    draw.rounded_rectangle((0, 0, side - 1, side - 1), 0 if mask else 9 * unit, fill=BLUE)
    _mark(draw, unit * SAFE if mask else unit, side / 2)
    out = io.BytesIO()
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    small.quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _mark(draw: ImageDraw.ImageDraw, unit: float, middle: float) -> None:
    """A window with a round arch, a person in it, and its sill."""

    def at(*numbers: float) -> list[float]:
        return [middle + (number - GRID / 2) * unit for number in numbers]

    draw.pieslice(at(13, 21.5, 27, 36.5), 180, 360, fill=YELLOW)
    draw.ellipse(at(16, 13, 24, 21), fill=YELLOW)
    width = round(3 * unit)
    draw.arc(at(7.5, 4.5, 32.5, 29.5), 180, 360, fill=WHITE, width=width)
    draw.rectangle(at(7.5, 17, 10.5, 30), fill=WHITE)
    draw.rectangle(at(29.5, 17, 32.5, 30), fill=WHITE)
    draw.rounded_rectangle(at(4.25, 28.25, 35.75, 31.75), 1.75 * unit, fill=WHITE)
