"""Uploads become clean JPEGs, or are refused in words before they cost anything."""

import io
import resource

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from madoguchi.kernel.files import pictures
from madoguchi.kernel.files.data import FileRefused

from . import photos

# Pillow says aloud what it skips in broken notes.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Corrupt EXIF", "ignore:Tag data larger", "ignore:Truncated File"
)

LIMITS = {"max_bytes": 20 * 1024 * 1024, "max_pixels": 50_000_000}
MARKS = (b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"GPS", b"TestCamera", b"secret", b"8BIM")


def clean(data: bytes) -> pictures.Picture:
    return pictures.clean(data, **LIMITS)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def segments(data: bytes) -> list[int]:
    """The markers of a JPEG before its pixels, read by hand."""
    found, at = [], 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        found.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return found


def loaded_photo() -> bytes:
    return photos.photo(
        exif=photos.exif_of(photos.CHOFU, {0x9003: "2026:07:01 12:00:00"}),
        comment=b"secret comment",
        xmp=b"<x:xmpmeta>secret http://ns.adobe.com</x:xmpmeta>",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )


def test_the_copies_hold_no_metadata_and_what_was_noted_is_handed_over() -> None:
    data = loaded_photo()
    assert all(mark in data for mark in (b"Exif", b"secret comment", b"ICC_PROFILE"))
    result = clean(data)
    assert result.point is not None
    assert (result.point.lat, result.point.lon) == (35.6525, 139.540667)
    assert result.taken_at is not None
    assert result.taken_at.isoformat() == "2026-07-01T03:00:00+00:00"
    for copy in (result.full, result.thumb):
        assert not [mark for mark in MARKS if mark in copy]
        # APP0 (JFIF) is the only application segment; no APP1 to APP15, no comment.
        assert [m for m in segments(copy) if 0xE1 <= m <= 0xEF or m == 0xFE] == []


def test_text_in_a_png_is_dropped() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "secret")
    notes.add_itxt("XML:com.adobe.xmp", "secret")
    data = photos.photo("PNG", pnginfo=notes, exif=photos.exif_of(photos.CHOFU))
    result = clean(data)
    assert not [mark for mark in MARKS if mark in result.full]
    assert result.point is not None


@pytest.mark.parametrize(
    ("orientation", "red_at", "size"),
    [
        (1, "left", (64, 48)),
        (2, "right", (64, 48)),
        (3, "right", (64, 48)),
        (4, "left", (64, 48)),
        (5, "top", (48, 64)),
        (6, "top", (48, 64)),
        (7, "bottom", (48, 64)),
        (8, "bottom", (48, 64)),
        (99, "left", (64, 48)),
    ],
)
def test_the_side_that_is_up_is_up(orientation: int, red_at: str, size: tuple[int, int]) -> None:
    result = clean(photos.photo(quality=95, exif=photos.exif_of(orientation=orientation)))
    image = opened(result.full)
    assert image.size == (result.width, result.height) == size
    width, height = size
    spots = {
        "left": (2, height // 2),
        "right": (width - 3, height // 2),
        "top": (width // 2, 2),
        "bottom": (width // 2, height - 3),
    }
    red, _, blue = image.getpixel(spots[red_at])  # type: ignore[misc]
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_plain_rgb(mode: str) -> None:
    deep = Image.new("I;16", (64, 48), 40_000)
    image = deep if mode == "I;16" else photos.picture(mode)
    result = opened(clean(photos.photo("PNG", image)).full)
    assert (result.mode, result.size) == ("RGB", (64, 48))
    if mode == "I;16":
        assert abs(result.getpixel((5, 5))[0] - 40_000 / 256) < 3  # type: ignore[index]


def test_cmyk_keeps_its_colours() -> None:
    result = opened(clean(photos.photo(image=photos.picture("CMYK"), quality=95)).full)
    assert result.getpixel((5, 20))[0] > 200  # type: ignore[index]
    assert result.getpixel((60, 20))[2] > 200  # type: ignore[index]


def test_what_is_transparent_becomes_white() -> None:
    image = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    assert opened(clean(photos.photo("PNG", image)).full).getpixel((5, 5)) == (255, 255, 255)


def test_of_a_moving_webp_the_first_picture_stays() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    data = photos.photo("WEBP", frames[0], save_all=True, append_images=frames[1:], lossless=True)
    red, _, blue = opened(clean(data).full).getpixel((20, 20))  # type: ignore[misc]
    assert red > 240
    assert blue < 15


def test_long_sides_are_made_shorter() -> None:
    result = clean(photos.photo(image=photos.picture(size=(6000, 1500))))
    assert (result.width, result.height) == (4096, 1024)
    assert opened(result.thumb).size == (480, 120)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (photos.heic(), "互換性優先"),
        (photos.SVG, "SVG"),
        (b"\xef\xbb\xbf  <svg onload='x()'/>", "SVG"),
        (b"GIF89a" + bytes(50), "GIF"),
        (b"II*\x00" + bytes(50), "TIFF"),
        (b"MM\x00*" + bytes(50), "TIFF"),
        (b"BM" + bytes(50), "BMP"),
        (b"%PDF-1.7" + bytes(50), "PDF"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(50), "動画"),
        (b"\x00\x00\x00\x18ftypavif" + bytes(50), "AVIF"),
        (b"", "読み取れない"),
        (b"PK\x03\x04" + bytes(50), "読み取れない"),
        (b"\xff\xd8\xff" + bytes(100), "壊れている"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "壊れている"),
        (b"RIFF\x00\x00\x00\x00WEBP" + bytes(100), "壊れている"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_way_out(data: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        clean(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_truncated_files_are_refused(form: str) -> None:
    data = photos.photo(form, Image.effect_noise((300, 300), 80).convert("RGB"))
    for part in (0.3, 0.6, 0.95):
        with pytest.raises(FileRefused, match="途中で切れて"):
            clean(data[: int(len(data) * part)])


def test_forty_megabytes_are_refused_unread() -> None:
    with pytest.raises(FileRefused, match="上限は20MB"):
        clean(b"\xff\xd8\xff" + bytes(40 * 1024 * 1024))


@pytest.mark.parametrize(
    "data",
    [
        photos.png_bomb(30_000, 30_000),
        photos.png_bomb(2_000_000_000, 2_000_000_000),
        photos.png_bomb(50_000_001, 1),
    ],
)
def test_a_bomb_is_refused_before_it_is_decoded(data: bytes) -> None:
    assert len(data) < 1000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileRefused, match="画素数が多すぎます"):
        clean(data)
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 50_000


def test_a_comment_that_inflates_is_refused_before_it_is_whole() -> None:
    data = photos.png_text_bomb(200_000_000)
    assert len(data) < 300_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileRefused):
        clean(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data())
def test_broken_notes_never_stop_a_photo(data: st.DataObject) -> None:
    """Any bytes in the place of the notes: the picture is kept, or refused in words."""
    good = photos.photo(exif=photos.exif_of(photos.CHOFU, {0x9003: "2026:07:01 12:00:00"}))
    start = good.index(b"Exif\x00\x00") + 6
    length = int.from_bytes(good[4:6], "big") if good[3] == 0xE1 else 150
    where = data.draw(st.integers(start, start + min(length, 200) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=20))
    broken = good[:where] + junk + good[where + len(junk) :]
    try:
        result = clean(broken)
    except FileRefused:
        return
    assert (result.width, result.height) in {(64, 48), (48, 64)}
    if result.point is not None:
        assert -90 <= result.point.lat <= 90
        assert -180 <= result.point.lon <= 180


@settings(max_examples=200, deadline=None, derandomize=True)
@given(notes=st.binary(max_size=120))
def test_any_bytes_as_notes(notes: bytes) -> None:
    result = clean(photos.photo(exif=b"Exif\x00\x00" + notes))
    assert result.width in (64, 48)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    start=st.sampled_from([b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\x00\x00\x00WEBP"]),
    rest=st.binary(max_size=200),
)
def test_any_bytes_after_a_good_start_are_refused_in_words(start: bytes, rest: bytes) -> None:
    with pytest.raises(FileRefused):
        clean(start + rest)
