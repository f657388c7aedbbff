"""A stand-in for LINE with one invented user, and a hand that sends it raw requests."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from madoguchi.channels.demo.fake_line import server
from madoguchi.channels.demo.fake_line.server import FakeLine

if TYPE_CHECKING:
    from .refusals import Call

SECRET, TOKEN = "secret-of-the-tests", "token-of-the-tests"
NOWHERE = "http://127.0.0.1:9/none"


@dataclass
class Hand:
    """Sends whatever it is told."""

    line: FakeLine
    user: str

    def call(self, call: "Call") -> httpx.Response:
        """One request with the right token and type unless its headers say otherwise."""
        sent = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        sent |= call.headers
        return httpx.request(
            call.method,
            (self.line.data_host if call.blobs else self.line.host) + call.path,
            content=call.content,
            headers={name: value for name, value in sent.items() if value},
            trust_env=False,
        )

    def new_menu(self) -> str:
        """A rich menu without a picture; returns its id."""
        made = httpx.post(
            f"{self.line.host}/v2/bot/richmenu",
            json=menu(),
            headers={"Authorization": f"Bearer {TOKEN}"},
            trust_env=False,
        )
        return str(made.json()["richMenuId"])


def menu(**other: Any) -> dict[str, Any]:
    """The smallest rich menu, changed by ``other``."""
    bounds = {"x": 0, "y": 0, "width": 800, "height": 250}
    return {
        "size": {"width": 800, "height": 250},
        "selected": True,
        "name": "見本",
        "chatBarText": "メニュー",
        "areas": [{"bounds": bounds, "action": {"type": "message", "text": "使い方"}}],
    } | other


def png(width: int, height: int) -> bytes:
    """The head of a PNG picture, which is all that the stand-in reads."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(
        ">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0
    )


@pytest.fixture
def hand() -> Iterator[Hand]:
    """A running stand-in whose webhook leads nowhere."""
    with server.start(NOWHERE, SECRET, TOKEN) as line:
        yield Hand(line, line.person("見本"))
