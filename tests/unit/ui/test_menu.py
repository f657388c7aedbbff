"""The registry of menus."""

import pytest

from madoguchi.ui import menu
from madoguchi.ui.menu import MenuItem
from madoguchi.ui.words import Words


@pytest.fixture(autouse=True)
def empty_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_items", {})


def item(order: int, url: str, audience: menu.Audience = "resident", service: str = "") -> MenuItem:
    return MenuItem(audience, order, Words(url), url, "help", Words(""), service)


def test_entries_stand_in_the_order_of_use() -> None:
    for entry in (item(30, "/c/"), item(10, "/a/"), item(20, "/b/")):
        menu.register(entry)
    assert [entry.url for entry in menu.items("resident", [])] == ["/a/", "/b/", "/c/"]


def test_entries_of_a_service_need_the_service() -> None:
    menu.register(item(10, "/always/"))
    menu.register(item(20, "/disaster/", service="disaster"))
    assert [entry.url for entry in menu.items("resident", [])] == ["/always/"]
    shown = menu.items("resident", ["disaster"])
    assert [entry.url for entry in shown] == ["/always/", "/disaster/"]


def test_audiences_do_not_mix() -> None:
    menu.register(item(10, "/x/"))
    menu.register(item(10, "/y/", audience="staff"))
    assert [entry.url for entry in menu.items("staff", [])] == ["/y/"]


def test_registering_again_replaces() -> None:
    menu.register(item(10, "/x/"))
    menu.register(item(40, "/x/"))
    assert [entry.order for entry in menu.items("resident", [])] == [40]


def test_of_two_entries_to_one_page_the_first_stands_for_both() -> None:
    menu.register(item(30, "/x/"))
    menu.register(item(10, "/x/", service="disaster"))
    menu.register(item(20, "/y/"))
    with_it = menu.items("resident", ["disaster"])
    assert [(entry.url, entry.order) for entry in with_it] == [("/x/", 10), ("/y/", 20)]
    without = menu.items("resident", [])
    assert [(entry.url, entry.order) for entry in without] == [("/y/", 20), ("/x/", 30)]
