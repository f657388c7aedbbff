"""Photos and broken files made for the tests; nobody's real photo."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

GPS = 0x8825
EXIF = 0x8769


def exif_of(
    gps: dict[int, Any] | None = None,
    exif: dict[int, Any] | None = None,
    orientation: int | None = None,
) -> Image.Exif:
    notes = Image.Exif()
    notes[0x010F] = "TestCamera"
    if orientation is not None:
        notes[0x0112] = orientation
    if gps:
        notes.get_ifd(GPS).update(gps)
    if exif:
        notes.get_ifd(EXIF).update(exif)
    return notes


def at(lat: tuple[Any, ...], ns: str, lon: tuple[Any, ...], ew: str) -> dict[int, Any]:
    return {1: ns, 2: lat, 3: ew, 4: lon}


CHOFU = at((35, 39, 9.0), "N", (139, 32, 26.4), "E")


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Left half red, right half blue (dark and bright where there is no colour)."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return image.convert(mode)


def photo(form: str = "JPEG", image: Image.Image | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    (image or picture()).save(out, form, **options)
    return out.getvalue()


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims ``width`` x ``height`` pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 10_000, 9))
        + chunk(b"IEND", b"")
    )


def png_text_bomb(inflated: int) -> bytes:
    """A PNG whose comment is a few kilobytes that inflate to ``inflated`` bytes."""
    plain = photo("PNG")
    body = b"Comment\x00\x00" + zlib.compress(b"A" * inflated, 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return plain[:33] + chunk + plain[33:]


def heic() -> bytes:
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 100


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
