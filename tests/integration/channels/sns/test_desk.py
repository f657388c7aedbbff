"""「SNSの設定」: everything is off, one page switches it on, secrets go into files."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from madoguchi.channels import condition
from madoguchi.channels.sns import setup as setups
from madoguchi.channels.sns.collecting import Stations
from madoguchi.channels.sns.models import Feed
from madoguchi.channels.sns.reach import Caller
from madoguchi.channels.sns.station import Means
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

from .conftest import Crowd, browser, set_up

URL = "/staff/sns/settings/"
TOKEN = "a-token/of+mastodon-0123456789="


def given(**other: Any) -> dict[str, Any]:
    """The form, filled in."""
    return {
        "words": "停電、冠水",
        "names": "調布",
        "hashtags": "＃調布市災害 \n #chofu",
        "ignored": "@news@news.example",
        "daily_limit": "50",
        "mastodon_on": "1",
        "mastodon_host": "https://Mastodon.example/about",
        "mastodon_token": TOKEN,
        "bluesky_host": "",
    } | other


def test_everything_is_off_until_somebody_switches_it_on(town: Town, admin: Client) -> None:
    setup = setups.read(town, {})
    assert (setup.mastodon, setup.bluesky, setup.inbox_on) == (None, None, False)
    page = admin.get(URL).content.decode()
    assert "はじめは、すべて切ってあります" in page
    assert "浸水" in page  # the words with which a town begins
    assert ">調布<" in page or "調布" in page


def test_nothing_outside_is_called_while_everything_is_off(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def called(*_: Any, **__: Any) -> None:
        raise AssertionError("something outside was called")

    monkeypatch.setattr(Caller, "get", called)
    monkeypatch.setattr(Caller, "listen", called)
    stations = Stations(Means(Caller(), lambda: 0.0, lambda: 0.0), {})
    assert stations.step() == 0
    set_up(town, words=["停電"], mastodon_host="mastodon.example", hashtags=["a"])
    assert stations.step() == 0


def test_what_is_saved_is_what_is_heard(town: Town, admin: Client, data: Path) -> None:
    page = admin.post(URL, given(), follow=True).content.decode()
    assert "保存しました" in page
    town.refresh_from_db()
    setup = setups.read(town, {})
    assert setup.mastodon == setups.Mastodon(
        "mastodon.example", TOKEN, ("hashtag:調布市災害", "hashtag:chofu")
    )
    assert setup.daily_limit == 50
    assert setup.sieve.words == ("停電", "冠水")
    assert setup.sieve.ignored == {"news@news.example"}
    [file] = [path for path in (data / "secrets").rglob("*") if path.is_file()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    everything = page + json.dumps(town.settings)
    everything += json.dumps([entry.ids for entry in Entry.objects.all()])
    assert TOKEN not in everything
    assert TOKEN not in repr(setup)
    assert TOKEN not in admin.get(URL).content.decode()


def test_an_empty_token_keeps_the_one_that_is_there(town: Town, admin: Client) -> None:
    admin.post(URL, given())
    admin.post(URL, given(mastodon_token="", daily_limit="60"))
    town.refresh_from_db()
    setup = setups.read(town, {})
    assert setup.mastodon is not None
    assert (setup.mastodon.token, setup.daily_limit) == (TOKEN, 60)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"words": " 、 "}, "探すことばを1つ以上"),
        ({"mastodon_host": ""}, "サーバーのアドレスを入れてください"),
        ({"mastodon_host": "localhost"}, "サーバーのアドレスとして使えません"),
        ({"mastodon_host": "127.0.0.1"}, "サーバーのアドレスとして使えません"),
        ({"mastodon_host": "169.254.169.254"}, "サーバーのアドレスとして使えません"),
        ({"mastodon_host": "[::1]"}, "サーバーのアドレスとして使えません"),
        ({"mastodon_host": "a.example:8080"}, "サーバーのアドレスとして使えません"),
        ({"mastodon_host": "user@a.example"}, "サーバーのアドレスとして使えません"),
        ({"bluesky_host": "http://a.example"}, "サーバーのアドレスとして使えません"),
        ({"mastodon_token": ""}, "アクセストークンを入れてください"),
        ({"mastodon_token": "短い"}, "英数字と記号の長い文字列"),
        ({"hashtags": ""}, "聞くハッシュタグか、リスト、ホーム"),
        ({"hashtags": "a b"}, "ハッシュタグとして使えません"),
        ({"mastodon_list": "十"}, "数字です"),
        ({"daily_limit": "0"}, "1以上"),
        ({"daily_limit": ""}, "上限を入れてください"),
    ],
)
def test_what_cannot_work_is_said_and_nothing_is_stored(
    town: Town, admin: Client, other: dict[str, str], said: str
) -> None:
    answer = admin.post(URL, given(**other))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    town.refresh_from_db()
    assert "sns" not in town.settings


def test_a_key_is_shown_once(town: Town, admin: Client) -> None:
    admin.post(URL, given(inbox_on="1"))
    page = admin.post(URL + "key").content.decode()
    town.refresh_from_db()
    key = setups.inbox_secret(town, {})
    assert key is not None
    assert len(key) >= 43
    assert key in page
    assert key not in admin.get(URL).content.decode()
    assert "no-store" in admin.post(URL + "key")["Cache-Control"]
    town.refresh_from_db()
    assert setups.inbox_secret(town, {}) != key


def test_what_the_operator_keeps_is_not_changed_here(town: Town, admin: Client) -> None:
    set_up(town, mastodon_token_env="SOMEWHERE", inbox_secret_env="ELSEWHERE")
    page = admin.post(URL + "key", follow=True).content.decode()
    assert "運用の担当者" in page
    town.refresh_from_db()
    assert "inbox_secret_file" not in town.settings["sns"]


def test_how_the_streams_are_is_shown(town: Town, admin: Client) -> None:
    admin.post(URL, given(bluesky_on="1"))
    Feed.objects.create(name="mastodon mastodon.example", problem="つながりません。")
    page = admin.get(URL).content.decode()
    assert "mastodon mastodon.example" in page
    assert "つながりません。" in page


def test_a_secret_that_is_gone_is_said_on_the_home_of_staff(town: Town, admin: Client) -> None:
    set_up(
        town, mastodon_on=True, mastodon_host="m.example", hashtags=["a"], mastodon_token_env="X"
    )
    assert "SNSの設定に、直すところがあります" in admin.get("/staff/").content.decode()
    assert "環境変数 X" in admin.get(URL).content.decode()


def test_the_check_says_how_each_town_is(town: Town, crowd: Crowd) -> None:
    def said() -> list[tuple[str, bool]]:
        return [(c.text, c.well) for c in condition.of_town(town) if c.title == "SNS"]

    assert said() == []
    set_up(town, daily_limit=1)
    assert said() == []  # nothing is heard
    set_up(town, bluesky_on=True)
    assert said() == [("きょう受け取った投稿は0件です", True)]
    crowd.bring(crowd.post())
    assert said() == [("SNSの受け取りが、きょうの上限に達しました", False)]
    Feed.objects.create(name="bluesky j.example", problem="つながりません。")
    assert said() == [("bluesky j.example：つながりません。", False)]
    set_up(town, mastodon_on=True)
    assert said() == [("SNSの設定に、直すところがあります", False)]


@pytest.mark.parametrize("role", ["viewer", "operator", "manager"])
def test_only_an_administrator_may(town: Town, role: str) -> None:
    client = browser(role)
    assert client.get(URL).status_code == 403
    assert client.post(URL, given()).status_code == 403
    assert client.post(URL + "key").status_code == 403


def test_another_towns_administrator_may_not(town: Town, other_town: Town) -> None:
    with current.use(other_town.pk):
        stranger = browser("admin")
    assert stranger.post(URL, given()).status_code == 403
    assert stranger.get(URL, headers={"Host": "ome.example.jp"}).status_code == 200
    town.refresh_from_db()
    assert "sns" not in town.settings


def test_a_form_of_another_site_changes_nothing(town: Town) -> None:
    member_client = browser("admin")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = member_client.cookies
    assert strict.post(URL, given()).status_code == 403
    assert strict.post(URL + "key").status_code == 403
