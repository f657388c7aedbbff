"""The menu below the conversation."""

import io
from itertools import pairwise

import pytest
from PIL import Image, ImageFont

from madoguchi.channels.line import richmenu


def latin(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@pytest.mark.parametrize(("phone", "count"), [("", 3), ("042-000-0000", 4)])
def test_areas_cover_the_picture_without_overlap(phone: str, count: int) -> None:
    menu = richmenu.request(richmenu.buttons("https://town.example.jp", phone))
    areas = [area.bounds for area in menu.areas]
    assert len(areas) == count
    assert areas[0].x == 0
    assert all(a.x + a.width == b.x for a, b in pairwise(areas))
    assert areas[-1].x + areas[-1].width == menu.size.width
    assert {area.height for area in areas} == {menu.size.height}


def test_every_button_is_read_aloud() -> None:
    offered = richmenu.buttons("https://town.example.jp", "119")
    assert all(0 < len(button.label) <= 20 for button in offered)


def test_the_picture_has_the_size_of_the_menu_and_shows_words_in_each_column() -> None:
    offered = richmenu.buttons("https://town.example.jp")
    png = richmenu.draw(offered, latin)
    picture = Image.open(io.BytesIO(png)).convert("L")
    menu = richmenu.request(offered)
    assert picture.size == (menu.size.width, menu.size.height)
    assert len(png) <= 1024 * 1024
    for area in menu.areas:
        left, right = area.bounds.x + 10, area.bounds.x + area.bounds.width - 10
        assert picture.crop((left, 10, right, menu.size.height - 10)).getextrema()[0] < 128


def test_a_machine_without_a_japanese_font_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(richmenu, "FONTS", ("no-such-font.ttf",))
    with pytest.raises(richmenu.MenuFailed, match="Noto Sans CJK"):
        richmenu.japanese_font(20)
