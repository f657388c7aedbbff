"""A stand-in for LINE with one invented user, and a hand that sends it raw requests."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from madoguchi.channels.demo.fake_line import server
from madoguchi.channels.demo.fake_line.server import FakeLine

TOKEN = "token-of-the-tests"


@dataclass
class Hand:
    """Sends whatever it is told."""

    line: FakeLine
    user: str

    def post(
        self, path: str, body: object, *, headers: dict[str, str] | None = None, raw: bytes = b""
    ) -> httpx.Response:
        """One POST with the right token and type unless ``headers`` say otherwise."""
        sent = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        sent |= headers or {}
        content = raw or json.dumps(body).encode()
        return httpx.post(
            f"{self.line.host}{path}",
            content=content,
            headers={name: value for name, value in sent.items() if value},
            trust_env=False,
        )


@pytest.fixture
def hand() -> Iterator[Hand]:
    """A running stand-in whose webhook leads nowhere."""
    with server.start("http://127.0.0.1:9/none", "secret", TOKEN) as line:
        yield Hand(line, line.person("見本"))
