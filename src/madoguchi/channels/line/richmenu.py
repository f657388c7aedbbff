"""The menu below the conversation: what a resident can do, in words that are also read aloud."""

import io
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

from linebot.v3.messaging import (
    MessageAction,
    RichMenuArea,
    RichMenuBounds,
    RichMenuRequest,
    RichMenuSize,
    URIAction,
)
from PIL import Image, ImageDraw, ImageFont

from madoguchi.channels.line import verdict
from madoguchi.channels.line.client import Answer, LineClient

NAME = "madoguchi"
WIDTH, HEIGHT = 2500, 843
LETTERS, MARGIN = 130, 60
PAPER, INK, LINE = "#ffffff", "#00118f", "#949494"
LOCATION_SCREEN = "https://line.me/R/nv/location/"
FONTS = (
    "NotoSansCJK-Bold.ttc",
    "NotoSansJP-Bold.otf",
    "BIZUDGothic-Bold.ttf",
    "ipagp.ttf",
    "ipag.ttf",
)
"""Looked for by name where the system keeps its fonts; none is part of this repository."""

Font = Callable[[int], ImageFont.FreeTypeFont]
"""A font at a size in pixels."""


class MenuFailed(Exception):
    """The menu is not shown; the message says in Japanese what to do."""


Button: TypeAlias = MessageAction | URIAction
"""One part of the menu; its label is what is written on it and what a screen reader says."""


def buttons(site: str, phone: str = "") -> tuple[Button, ...]:
    """What the menu offers; ``site`` is the public address of the town's pages."""
    offered: list[Button] = [
        MessageAction(label="使い方", text="使い方を教えてください"),
        URIAction(label="場所を送る", uri=LOCATION_SCREEN),
        URIAction(label="避難所", uri=f"{site}/shelters/"),
    ]
    if phone:
        offered.append(URIAction(label="電話する", uri=f"tel:{phone}"))
    return tuple(offered)


def request(offered: Sequence[Button]) -> RichMenuRequest:
    """The menu as LINE wants it: equal columns."""
    return RichMenuRequest(
        size=RichMenuSize(width=WIDTH, height=HEIGHT),
        selected=True,
        name=NAME,
        chat_bar_text="メニュー",
        areas=[
            RichMenuArea(
                bounds=RichMenuBounds(x=left, y=0, width=right - left, height=HEIGHT),
                action=button,
            )
            for button, (left, right) in zip(offered, _columns(len(offered)), strict=True)
        ],
    )


def draw(offered: Sequence[Button], font: Font) -> bytes:
    """The picture: the words alone, as large as they fit, dark on white (PNG)."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    room = WIDTH / len(offered) - 2 * MARGIN
    longest = max(font(LETTERS).getlength(button.label) for button in offered)
    letters = font(min(LETTERS, int(LETTERS * room / longest)))
    for button, (left, right) in zip(offered, _columns(len(offered)), strict=True):
        pen.rectangle((left, 0, right - 1, HEIGHT - 1), outline=LINE, width=4)
        middle = ((left + right) / 2, HEIGHT / 2)
        pen.text(middle, button.label, fill=INK, font=letters, anchor="mm")
    stored = io.BytesIO()
    image.quantize(16).save(stored, "PNG", optimize=True)
    return stored.getvalue()


def japanese_font(size: int) -> ImageFont.FreeTypeFont:
    """A Japanese font of this machine; raises ``MenuFailed`` where there is none."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    raise MenuFailed(
        "メニューの絵を描くための日本語フォントがありません。"
        "Noto Sans CJK か IPAゴシックを入れてから、もう一度実行してください。"
    )


def install(client: LineClient, offered: Sequence[Button], png: bytes) -> str:
    """Make the menu, show it to everybody, and remove our earlier ones; returns its id.

    Raises ``MenuFailed``; the earlier menu then stays as it was.
    """
    made = _must(client.create_menu(request(offered)))
    menu_id = str(getattr(made.data, "rich_menu_id", ""))
    try:
        _must(client.set_menu_image(menu_id, png))
        _must(client.show_menu(menu_id))
    except MenuFailed:
        client.delete_menu(menu_id)
        raise
    for old in getattr(client.menus().data, "richmenus", None) or []:
        if old.name == NAME and old.rich_menu_id != menu_id:
            client.delete_menu(old.rich_menu_id)
    return menu_id


def _columns(count: int) -> list[tuple[int, int]]:
    edges = [WIDTH * number // count for number in range(count + 1)]
    return list(pairwise(edges))


def _must(answer: Answer) -> Answer:
    if not answer.ok:
        raise MenuFailed(verdict.menu_detail(answer))
    return answer
