"""Behind a relay each resident and each guesser is counted alone, whatever they claim."""

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from madoguchi.channels.web import limits

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

RELAY = "10.0.0.2"


@pytest.fixture(autouse=True)
def few(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One relay in front; two messages an address; nothing remembered from other tests."""
    settings.PROXIES = 1
    monkeypatch.setattr(limits, "addresses", limits.FixedWindow(2))
    cache.clear()
    yield
    cache.clear()


def send(forwarded: str) -> int:
    """Somebody without a cookie writes through the relay; the status of the answer."""
    message = {"once": str(uuid.uuid4()), "text": "道路が冠水しています", "where": ""}
    return (
        Client(REMOTE_ADDR=RELAY)
        .post("/message/", message, headers={"x-forwarded-for": forwarded})
        .status_code
    )


def test_residents_behind_one_relay_do_not_share_a_limit(town: "Town") -> None:
    assert [send("203.0.113.7") for _ in range(3)] == [302, 302, 429]
    assert send("203.0.113.8") == 302


def test_a_forged_header_does_not_lead_past_the_limit(town: "Town") -> None:
    assert [send(f"198.51.100.{n}, 203.0.113.7") for n in range(3)] == [302, 302, 429]


def test_without_a_relay_the_header_counts_for_nothing(town: "Town", settings: Settings) -> None:
    settings.PROXIES = 0
    assert [send(f"203.0.113.{n}") for n in range(3)] == [302, 302, 429]


def test_who_guesses_links_is_locked_out_alone(town: "Town", settings: Settings) -> None:
    def guess(forwarded: str) -> int:
        client = Client(REMOTE_ADDR=RELAY)
        headers = {"x-forwarded-for": forwarded}
        return client.post("/staff/enter/wrong", headers=headers).status_code

    for n in range(settings.AXES_FAILURE_LIMIT):
        guess(f"198.51.100.{n}, 203.0.113.7")
    assert guess("198.51.100.99, 203.0.113.7") == 429
    assert guess("203.0.113.8") == 410
