"""Check a town's connection to LINE, and put up its menu, from the command line."""

import os

from madoguchi.channels.line import account as accounts
from madoguchi.channels.line import checking, richmenu
from madoguchi.channels.line.client import LineClient
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.kernel.towns.pack import Pack
from madoguchi.operation.outcome import Failure
from madoguchi.operation.towns import registered

ACTOR = "system:operator"
WEBHOOK = "/channels/line/webhook"


def check(pack: Pack, url: str) -> list[checking.Step]:
    """What LINE says; ``url`` is the public address of the town's pages. Raises ``Failure``."""
    town = registered(pack)
    return checking.examine(_client(town), _site(town, url) + WEBHOOK)


def put_menu(pack: Pack, url: str) -> str:
    """Put the rich menu up; returns its id. Raises ``Failure``."""
    town = registered(pack)
    offered = richmenu.buttons(_site(town, url), town.contact_phone)
    client = _client(town)
    try:
        png = richmenu.draw(offered, richmenu.japanese_font)
        menu_id = richmenu.install(client, offered, png)
    except richmenu.MenuFailed as failed:
        raise Failure(f"メニューは入りませんでした。{failed}") from failed
    with current.use(town.pk):
        audit.record("line.menu", f"town:{town.code}", actor=ACTOR, menu=menu_id)
    return menu_id


def _client(town: Town) -> LineClient:
    try:
        account = accounts.read(town.settings, os.environ)
    except accounts.Misconfigured as wrong:
        raise Failure(str(wrong)) from wrong
    if account is None:
        raise Failure(
            f"{town.name}にはLINEの設定がありません。"
            "管理者の画面「LINEの設定」で、2つの値を入れてください。"
        )
    return LineClient(account)


def _site(town: Town, url: str) -> str:
    """The public address without a trailing slash."""
    if url:
        return url.rstrip("/")
    if town.hostname:
        return f"https://{town.hostname}"
    raise Failure(
        "町のページのアドレスがわかりません。--url https://町のホスト名 を付けてください。"
    )
