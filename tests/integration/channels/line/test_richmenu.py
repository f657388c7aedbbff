"""The menu against the stand-in, which refuses what LINE refuses."""

import os

import pytest
from PIL import ImageFont

from madoguchi.channels.demo.fake_line.faults import Trouble
from madoguchi.channels.line import account as accounts
from madoguchi.channels.line import richmenu
from madoguchi.channels.line.client import LineClient
from madoguchi.kernel.towns.models import Town

from .conftest import Account

OFFERED = richmenu.buttons("https://town.example.jp", "042-000-0000")


def latin(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@pytest.fixture
def client(account: Account, town: Town) -> LineClient:
    read = accounts.read(town.settings, os.environ)
    assert read is not None
    return LineClient(read)


@pytest.fixture(scope="module")
def png() -> bytes:
    return richmenu.draw(OFFERED, latin)


def test_it_is_shown_to_everybody_and_replaces_the_earlier_one(
    account: Account, client: LineClient, png: bytes
) -> None:
    first = richmenu.install(client, OFFERED, png)
    second = richmenu.install(client, OFFERED, png)
    assert first != second
    ledger = account.line.ledger
    assert list(ledger.menus) == [second]
    assert ledger.menus[second].image == png
    assert ledger.default_menu == second
    assert ledger.broken_rules() == []


@pytest.mark.parametrize("path", ["content", "user/all"])
def test_a_menu_that_fails_half_way_leaves_the_earlier_one(
    account: Account, client: LineClient, png: bytes, path: str
) -> None:
    shown = richmenu.install(client, OFFERED, png)
    account.line.faults.plan(Trouble.STATUS, path=path, status=500)
    with pytest.raises(richmenu.MenuFailed, match="もう一度"):
        richmenu.install(client, OFFERED, png)
    assert list(account.line.ledger.menus) == [shown]
    assert account.line.ledger.default_menu == shown


def test_a_wrong_token_is_said(account: Account, client: LineClient, png: bytes) -> None:
    account.line.faults.plan(Trouble.STATUS, status=401)
    with pytest.raises(richmenu.MenuFailed, match="チャネルアクセストークン"):
        richmenu.install(client, OFFERED, png)
