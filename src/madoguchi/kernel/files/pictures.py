"""From the bytes of an upload to two clean JPEGs: bytes in, bytes out, nothing else touched."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from madoguchi.kernel.files import formats, notes
from madoguchi.kernel.files.data import FileRefused
from madoguchi.kernel.places.data import Point

LONG_SIDE = 4096
THUMB_SIDE = 480
QUALITY = 85

_BROKEN = (
    "写真が壊れているか、途中で切れています。"
    "通信の良い場所でもう一度送るか、画面のスクリーンショットを送ってください。"
)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """The clean copies (JPEG without any metadata) and what the camera had noted."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    point: Point | None
    taken_at: datetime | None


def clean(data: bytes, *, max_bytes: int, max_pixels: int) -> Picture:
    """Re-encode an upload; raises ``FileRefused`` with words for the sender.

    The number of pixels is read from the header and checked before anything is decoded. A side
    over ``LONG_SIDE`` pixels is made smaller; of a moving picture the first frame stays.
    """
    if len(data) > max_bytes:
        raise FileRefused(
            f"写真が大きすぎます（上限は{max_bytes // 1024 // 1024}MB）。"
            "サイズを小さくするか、画面のスクリーンショットを送ってください。"
        )
    formats.check(data)
    with _refusing_broken(max_pixels):
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
        _check_size(image, max_pixels)
        noted = notes.read(image)
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        image.load()
        full = _plain(image)
    full.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    if noted.orientation in _TURNS:
        full = full.transpose(_TURNS[noted.orientation])
    thumb = full.copy()
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Picture(
        full=_jpeg(full),
        thumb=_jpeg(thumb),
        width=full.width,
        height=full.height,
        point=noted.point,
        taken_at=noted.taken_at,
    )


@contextmanager
def _refusing_broken(max_pixels: int) -> Iterator[None]:
    try:
        yield
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:  # Pillow's own limit, while it reads the header
        raise _too_many(max_pixels) from error
    except Exception as error:  # decoders raise whatever they like on broken input
        raise FileRefused(_BROKEN) from error


def _check_size(image: Image.Image, max_pixels: int) -> None:
    if image.width < 1 or image.height < 1:
        raise FileRefused(_BROKEN)
    if image.width * image.height > max_pixels:
        raise _too_many(max_pixels)


def _too_many(max_pixels: int) -> FileRefused:
    return FileRefused(
        f"写真の画素数が多すぎます（上限は{max_pixels // 10_000}万画素）。"
        "サイズを小さくするか、画面のスクリーンショットを送ってください。"
    )


def _plain(image: Image.Image) -> Image.Image:
    """The first frame as 8-bit RGB on white, with nothing attached."""
    if image.mode.startswith("I") or image.mode == "F":
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        plain = Image.new("RGB", image.size, "white")
        plain.paste(layer, mask=layer.getchannel("A"))
    else:
        plain = image.convert("RGB")
    plain.info = {}  # comments and XMP would be written again
    return plain


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
