"""``madoguchi line`` asks LINE and puts the menu up, as the page does."""

from collections.abc import Iterator

import pytest

from madoguchi.channels.demo.fake_line import server
from madoguchi.channels.demo.fake_line.server import FakeLine
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.towns import pack
from madoguchi.kernel.towns.models import Town
from madoguchi.operation import line as operation
from madoguchi.operation.outcome import Failure

SITE = "https://chofu.example.jp"
CHOFU = pack.load("13208")


@pytest.fixture
def line(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLine]:
    """The stand-in for LINE and a town that it knows."""
    monkeypatch.setenv("TEST_LINE_SECRET", "secret")
    monkeypatch.setenv("TEST_LINE_TOKEN", "token")
    with server.start(f"{SITE}/channels/line/webhook", "secret", "token") as made:
        town.settings["line"] = {
            "secret_env": "TEST_LINE_SECRET",
            "token_env": "TEST_LINE_TOKEN",
            "host": made.host,
            "data_host": made.data_host,
        }
        town.save()
        monkeypatch.setattr(made.webhooks, "post", lambda *_, **__: 200)
        yield made


def test_a_town_that_is_connected(line: FakeLine) -> None:
    found = operation.check(CHOFU, SITE + "/")
    assert [step.well for step in found] == [True, True, True]


def test_the_address_of_the_town_is_that_of_its_hostname(line: FakeLine, town: Town) -> None:
    with pytest.raises(Failure, match="--url"):
        operation.check(CHOFU, "")
    town.hostname = "chofu.example.jp"
    town.save()
    assert all(step.well for step in operation.check(CHOFU, ""))
    assert not operation.check(CHOFU, "https://other.example.jp")[-1].well


def test_the_menu(line: FakeLine) -> None:
    menu_id = operation.put_menu(CHOFU, SITE)
    assert line.ledger.default_menu == menu_id
    [entry] = Entry.objects.filter(verb="line.menu")
    assert (entry.actor, entry.ids) == ("system:operator", {"menu": menu_id})


def test_what_is_missing_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Failure, match="管理者の画面「LINEの設定」"):
        operation.check(CHOFU, SITE)
    town.settings["line"] = {"secret_env": "NOT_SET_ANYWHERE", "token_env": "NOT_SET_ANYWHERE"}
    town.save()
    with pytest.raises(Failure, match="NOT_SET_ANYWHERE"):
        operation.put_menu(CHOFU, SITE)
    with pytest.raises(Failure, match="登録されていません"):
        operation.check(pack.load("13205"), SITE)


def test_the_command(home) -> None:
    assert home.run("init", "--town", "調布市").returncode == 0
    done = home.run("line", "check", "--town", "調布市", "--url", SITE)
    assert (done.returncode, done.stdout) == (1, "")
    assert "LINEの設定がありません" in done.stderr
    assert home.run("line", "menu").returncode == 2
