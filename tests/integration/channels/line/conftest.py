"""A town with a LINE account whose servers are the stand-in's; the client knows no difference."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from madoguchi.channels.demo.fake_line import server
from madoguchi.channels.demo.fake_line.server import FakeLine
from madoguchi.channels.demo.fake_line.webhooks import sign
from madoguchi.channels.line import keeping
from madoguchi.channels.line.channel import LineChannel
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns.models import Town

SECRET, TOKEN = "secret-of-the-tests", "token-of-the-tests"
PAGE_SECRET, PAGE_TOKEN = "0123456789abcdef" * 2, "a/long+word=" * 12
"""As LINE makes them: the page takes no others."""
HOOK = "http://testserver/channels/line/webhook"


@dataclass
class Account:
    """The town's account: its channel, the stand-in, and one follower."""

    channel: LineChannel
    line: FakeLine
    user: str

    def post(self, body: object, *, signature: str | None = None, raw: bytes = b"") -> int:
        """Call our webhook as LINE would; the status of the answer."""
        content = raw or json.dumps(body).encode()
        given = sign(SECRET, content) if signature is None else signature
        return (
            Client()
            .post(
                "/channels/line/webhook",
                content,
                content_type="application/json",
                headers={"X-Line-Signature": given} if given else {},
            )
            .status_code
        )

    def event(self, number: int, text: str, **other: Any) -> dict[str, Any]:
        """A text event of the follower."""
        event = {
            "type": "message",
            "mode": "active",
            "timestamp": 1_782_874_800_000 + number,
            "source": {"type": "user", "userId": self.user},
            "webhookEventId": f"01HXEVENT{number:017d}",
            "deliveryContext": {"isRedelivery": False},
            "message": {"id": f"{number}", "type": "text", "text": text, "quoteToken": "q"},
        }
        return event | other


@pytest.fixture
def account(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """The account, with its secrets in the environment."""
    monkeypatch.setenv("TEST_LINE_SECRET", SECRET)
    monkeypatch.setenv("TEST_LINE_TOKEN", TOKEN)
    with server.start("http://127.0.0.1:9/none", SECRET, TOKEN) as line:
        town.settings["line"] = {
            "secret_env": "TEST_LINE_SECRET",
            "token_env": "TEST_LINE_TOKEN",
            "host": line.host,
            "data_host": line.data_host,
        }
        town.save()
        yield Account(LineChannel.of_town(town.pk), line, line.person("見本"))


# The page


@pytest.fixture
def data(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test alone."""
    settings.DATA = tmp_path
    for name in ("MADOGUCHI_LINE_HOST", "MADOGUCHI_LINE_DATA_HOST"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def sign_in(role: str, host: str = "testserver") -> Client:
    """A browser in which somebody of the current town is signed in."""
    client = Client()
    member = people.add_staff(f"{role}-{host}", "窓口 太郎", role, actor="system:test")
    client.post(f"/staff/enter/{people.make_sign_in_link(member)}", headers={"host": host})
    return client


@pytest.fixture
def admin(town: Town, data: Path) -> Client:
    """An administrator's browser."""
    return sign_in("admin")


@pytest.fixture
def line(town: Town, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLine]:
    """The stand-in for LINE, told where our webhook is."""
    with server.start(HOOK, PAGE_SECRET, PAGE_TOKEN) as made:
        monkeypatch.setenv("MADOGUCHI_LINE_HOST", made.host)
        monkeypatch.setenv("MADOGUCHI_LINE_DATA_HOST", made.data_host)
        yield made


@pytest.fixture
def kept(town: Town, data: Path) -> None:
    """The secrets are stored."""
    keeping.keep(town.pk, secret=PAGE_SECRET, token=PAGE_TOKEN, actor="system:test")
