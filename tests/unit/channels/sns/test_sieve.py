"""Which posts a town needs, with the real gazetteer of 調布市."""

from dataclasses import replace
from datetime import timedelta

import pytest

from madoguchi.channels.sns.data import Network, OpenPost
from madoguchi.channels.sns.sieve import Sieve
from madoguchi.kernel.places import api as places

from .frames import NOW

SIEVE = Sieve(
    town="調布市",
    words=("停電", "冠水", "避難"),
    names=("調布",),
    tags=frozenset({"調布市災害"}),
    ignored=frozenset({"news@news.example", "weather"}),
    find=lambda text: places.find(places.gazetteer_for("13208"), text, "13208"),
)


def post(text: str, **other: object) -> OpenPost:
    """A post of five minutes ago."""
    made = OpenPost(
        Network.MASTODON, "h/1", "hanako@mastodon.example", text, NOW - timedelta(minutes=5)
    )
    return replace(made, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("調布市で停電しています", True),
        ("調布駅前が冠水", True),
        ("国領町3丁目で道路が冠水", True),
        ("神代植物公園の前が停電", True),
        ("ちょうふ 停電 ＃調布", True),
        ("停電ツラい", False),  # nowhere
        ("調布でラーメン", False),  # nothing that happened
        ("富士見町で停電", False),  # there are many 富士見町
        ("多摩川が増水、避難した", False),  # a long river
        ("大阪府高槻市の富士見町3丁目が冠水", False),
        ("青梅市で停電", False),
    ],
)
def test_what_happens_in_the_town_is_let_in(text: str, wanted: bool) -> None:
    assert SIEVE.lets_in(post(text), NOW) is wanted


def test_a_hashtag_of_the_town_names_it_but_still_needs_a_word() -> None:
    assert SIEVE.lets_in(post("停電です", tags=("調布市災害",)), NOW)
    assert not SIEVE.lets_in(post("ひまです", tags=("調布市災害",)), NOW)


def test_width_and_capitals_of_letters_do_not_matter() -> None:
    sieve = replace(SIEVE, words=("sos",), names=("chofu",))
    assert sieve.lets_in(post("ＳＯＳ Chofu"), NOW)


@pytest.mark.parametrize(
    "other",
    [
        {"public": False},
        {"bot": True},
        {"author": "news@news.example"},
        {"author": "@NEWS@news.example"},
        {"author": "weather@any.example"},
        {"posted_at": NOW - timedelta(hours=25)},
        {"posted_at": NOW + timedelta(hours=1)},
    ],
)
def test_what_is_not_public_not_by_a_person_or_not_of_today_stays_out(
    other: dict[str, object],
) -> None:
    good = post("調布市で停電")
    assert SIEVE.lets_in(good, NOW)
    assert not SIEVE.lets_in(replace(good, **other), NOW)  # type: ignore[arg-type]
