"""Rich menus: the picture with buttons below a conversation."""

import struct
from dataclasses import dataclass

from madoguchi.channels.demo.fake_line.messages import check_action, length
from madoguchi.channels.demo.fake_line.refusing import Findings, refuse

WIDTHS = range(800, 2501)
LEAST_HEIGHT = 250
LEAST_RATIO = 1.45
MOST_AREAS = 20
IMAGE_BYTES = 1024 * 1024
JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})


@dataclass(slots=True)
class RichMenu:
    """One menu as it was made."""

    id: str
    body: dict[str, object]
    image: bytes = b""
    image_type: str = ""


def check_menu(body: dict[str, object]) -> None:
    """Raise ``Refused`` for a rich menu object that LINE refuses."""
    findings = Findings()
    size = body.get("size")
    width, height = _size(size)
    if width not in WIDTHS or height < LEAST_HEIGHT or width / height < LEAST_RATIO:
        findings.add("menu-size", "size")
    if not isinstance(body.get("selected"), bool):
        findings.add("menu-selected", "selected")
    for name, rule, most in (("name", "menu-name", 300), ("chatBarText", "menu-bar-text", 14)):
        words = body.get(name)
        if not isinstance(words, str) or not 1 <= length(words) <= most:
            findings.add(rule, name, low=1, high=most)
    areas = body.get("areas")
    areas = areas if isinstance(areas, list) else []
    if not 1 <= len(areas) <= MOST_AREAS:
        findings.add("menu-areas-too-many", "areas", low=1, high=MOST_AREAS)
    for index, area in enumerate(areas):
        _check_area(area, f"areas[{index}]", (width, height), findings)
    findings.settle()


def _size(size: object) -> tuple[int, int]:
    """Width and height, or zeros and ones that break the rules."""
    if isinstance(size, dict):
        width, height = size.get("width"), size.get("height")
        if isinstance(width, int) and isinstance(height, int) and height > 0:
            return width, height
    return 0, 1


def _check_area(area: object, where: str, size: tuple[int, int], findings: Findings) -> None:
    bounds = area.get("bounds") if isinstance(area, dict) else None
    numbers = [bounds.get(n) for n in ("x", "y", "width", "height")] if bounds else []
    if len(numbers) != 4 or not all(isinstance(n, int) and n >= 0 for n in numbers):
        findings.add("menu-area-outside", f"{where}.bounds")
    else:
        x, y, width, height = numbers
        if not width or not height:
            findings.add("menu-area-without-size", f"{where}.bounds")
        if x + width > size[0] or y + height > size[1]:
            findings.add("menu-area-outside", f"{where}.bounds")
    action = area.get("action") if isinstance(area, dict) else None
    check_action(
        action if isinstance(action, dict) else {}, f"{where}.action", findings, quick_reply=False
    )


def attach_image(menu: RichMenu, image: bytes, content_type: str) -> None:
    """Give a menu its image; raises ``Refused``."""
    if menu.image:
        raise refuse("menu-image-there")
    if len(image) > IMAGE_BYTES:
        raise refuse("menu-image-too-large")
    size = {"image/png": _png_size, "image/jpeg": _jpeg_size}.get(content_type, _no_size)(image)
    if size is None:
        raise refuse("menu-image-type")
    if size != _size(menu.body.get("size")):
        raise refuse("menu-image-size")
    menu.image, menu.image_type = image, content_type


def _no_size(_image: bytes) -> None:
    return None


def _png_size(image: bytes) -> tuple[int, int] | None:
    if image[:8] != b"\x89PNG\r\n\x1a\n" or len(image) < 24:
        return None
    width, height = struct.unpack(">II", image[16:24])
    return width, height


def _jpeg_size(image: bytes) -> tuple[int, int] | None:
    if image[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 < len(image) and image[at] == 0xFF:
        if image[at + 1] in JPEG_FRAMES:
            height, width = struct.unpack(">HH", image[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", image[at + 2 : at + 4])[0])
    return None
