"""For each rule of the stand-in a request that breaks this rule and no other."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .conftest import Hand, menu, png

PUSH, REPLY, MULTICAST = (f"/v2/bot/message/{name}" for name in ("push", "reply", "multicast"))
RICH_MENU = "/v2/bot/richmenu"
TEXT: dict[str, Any] = {"type": "text", "text": "こんにちは。"}
USERS = [f"U{number:032x}" for number in range(501)]
NOBODY = f"U{'f' * 32}"
NO_MENU = "richmenu-" + "0" * 32
KEY = "123e4567-e89b-12d3-a456-426614174000"


@dataclass(frozen=True)
class Call:
    """A request. ``body`` bytes are sent as they are, anything else as JSON."""

    method: str
    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    blobs: bool = False

    @property
    def content(self) -> bytes:
        """What goes over the line."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Make = Callable[[Hand], Call]
"""Prepares the stand-in and returns the call that it must refuse."""


def push(**other: Any) -> Make:
    return lambda hand: Call("POST", PUSH, {"to": hand.user, "messages": [TEXT]} | other)


def says(message: object) -> Make:
    return push(messages=[message])


def headed(**headers: str) -> Make:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda hand: Call("POST", PUSH, push()(hand).body, names)


def raw(content: bytes) -> Make:
    return lambda hand: Call("POST", PUSH, content)


def get(path: str, *, blobs: bool = False) -> Make:
    return lambda hand: Call("GET", path, blobs=blobs)


def multicast(*to: str) -> Make:
    return lambda hand: Call("POST", MULTICAST, {"to": list(to), "messages": [TEXT]})


def reply(**other: object) -> Make:
    return lambda hand: Call("POST", REPLY, {"messages": [TEXT]} | other)


def reply_late(*, used: bool = False, after: float = 0.0) -> Make:
    def make(hand: Hand) -> Call:
        body = {"replyToken": hand.line.ledger.new_token(hand.user), "messages": [TEXT]}
        call = Call("POST", REPLY, body)
        if used:
            assert hand.call(call).status_code == 200
        hand.line.advance(after)
        return call

    return make


def second_push(hand: Hand) -> Call:
    call = headed(X_Line_Retry_Key=KEY)(hand)
    assert hand.call(call).status_code == 200
    return call


def full_month(hand: Hand) -> Call:
    hand.line.ledger.quota = 0
    return push()(hand)


def quick(*items: object) -> dict[str, Any]:
    return {**TEXT, "quickReply": {"items": list(items)}}


def item(**action: object) -> dict[str, Any]:
    return {"type": "action", "action": action}


def button(**action: object) -> Make:
    return says(quick(item(**action)))


def image(**other: object) -> Make:
    urls = dict.fromkeys(("originalContentUrl", "previewImageUrl"), "https://a.example/a.jpg")
    return says({"type": "image", **urls} | other)


def place(**other: object) -> Make:
    whole = {"title": "a", "address": "b", "latitude": 35.6, "longitude": 139.5}
    return says({"type": "location", **whole} | other)


def rich(**other: object) -> Make:
    return lambda hand: Call("POST", RICH_MENU, menu(**other))


def area(**bounds: int) -> Make:
    whole = {"x": 0, "y": 0, "width": 800, "height": 250} | bounds
    return rich(areas=[{"bounds": whole, "action": {"type": "message", "text": "a"}}])


def picture(content: bytes, kind: str = "image/png", *, twice: bool = False) -> Make:
    def make(hand: Hand) -> Call:
        path = f"{RICH_MENU}/{hand.new_menu()}/content"
        call = Call("POST", path, content, {"Content-Type": kind}, blobs=True)
        if twice:
            assert hand.call(call).status_code == 200
        return call

    return make


def show_bare_menu(hand: Hand) -> Call:
    return Call("POST", f"/v2/bot/user/all/richmenu/{hand.new_menu()}")


LABEL = {"type": "message", "text": "a"}

REFUSALS: dict[str, Make] = {
    "no-authorization": headed(Authorization=""),
    "wrong-token": headed(Authorization="Bearer wrong"),
    "unknown-path": get("/v2/bot/message/telegram"),
    "wrong-method": get(PUSH),
    "content-on-the-wrong-host": get("/v2/bot/message/1/content"),
    "wrong-content-type": headed(Content_Type="text/plain"),
    "body-too-large": raw(b" " * (2 * 1024 * 1024 + 1)),
    "not-json": raw(b'{"to": '),
    "body-missing": raw(b""),
    "retry-key-not-uuid": headed(X_Line_Retry_Key="abc"),
    "retry-key-used": second_push,
    "retry-key-on-reply": lambda hand: Call("POST", REPLY, {}, {"X-Line-Retry-Key": KEY}),
    "reply-token-missing": reply(),
    "reply-token-unknown": reply(replyToken="0" * 32),
    "reply-token-used": reply_late(used=True),
    "reply-token-expired": reply_late(after=61),
    "recipient-missing": push(to=None),
    "recipient-malformed": push(to="U123"),
    "recipient-unknown": push(to=NOBODY),
    "monthly-limit": full_month,
    "profile-unknown": get(f"/v2/bot/profile/{NOBODY}"),
    "content-unknown": get("/v2/bot/message/1/content", blobs=True),
    "messages-missing": push(messages=None),
    "messages-empty": push(messages=[]),
    "messages-too-many": push(messages=[TEXT] * 6),
    "message-without-type": says({"text": "a"}),
    "message-type-unknown": says({"type": "telegram", "text": "a"}),
    "message-incomplete": says({"type": "sticker", "packageId": "446"}),
    "text-missing": says({"type": "text"}),
    "text-empty": says({"type": "text", "text": ""}),
    "text-not-string": says({"type": "text", "text": 1}),
    "text-too-long": says({"type": "text", "text": "🌊" * 2500 + "a"}),
    "multicast-empty": multicast(),
    "multicast-too-many": multicast(*USERS),
    "multicast-not-users": multicast(f"C{'0' * 32}"),
    "multicast-duplicates": multicast(USERS[0], USERS[1], USERS[0]),
    "image-url-missing": image(originalContentUrl=None),
    "preview-url-missing": image(previewImageUrl=None),
    "url-not-https": image(originalContentUrl="http://a.example/a.jpg"),
    "location-incomplete": place(address=None),
    "location-not-number": place(latitude="35.6"),
    "quick-reply-empty": says(quick()),
    "quick-reply-too-many": says(quick(*[item(**LABEL, label="a")] * 14)),
    "quick-reply-item-type": says(quick({**item(type="camera", label="a"), "type": "x"})),
    "quick-reply-without-action": says(quick({"type": "action"})),
    "icon-too-long": says(
        quick({**item(type="camera", label="a"), "imageUrl": "https://a.example/" + "a" * 2000})
    ),
    "action-type-unknown": button(type="jump", label="a"),
    "action-only-in-quick-reply": rich(
        areas=[
            {
                "bounds": {"x": 0, "y": 0, "width": 800, "height": 250},
                "action": {"type": "camera", "label": "a"},
            }
        ]
    ),
    "label-missing": button(**LABEL),
    "label-too-long": button(**LABEL, label="あ" * 21),
    "action-text-missing": button(type="message", label="a"),
    "action-text-too-long": button(type="message", label="a", text="a" * 301),
    "postback-data-missing": button(type="postback", label="a"),
    "postback-data-too-long": button(type="postback", label="a", data="a" * 301),
    "display-text-too-long": button(type="postback", label="a", data="a", displayText="a" * 301),
    "uri-scheme": button(type="uri", label="a", uri="ftp://a.example/"),
    "clipboard-text": button(type="clipboard", label="a", clipboardText=""),
    "menu-size": rich(size={"width": 800, "height": 700}),
    "menu-name": rich(name="a" * 301),
    "menu-bar-text": rich(chatBarText="あ" * 15),
    "menu-selected": rich(selected="yes"),
    "menu-areas-too-many": rich(areas=menu()["areas"] * 21),
    "menu-area-outside": area(x=1),
    "menu-area-without-size": area(width=0),
    "menu-unknown": lambda hand: Call("DELETE", f"{RICH_MENU}/{NO_MENU}"),
    "menu-image-type": picture(b"GIF89a", "image/gif"),
    "menu-image-too-large": picture(png(800, 250) + bytes(1024 * 1024)),
    "menu-image-size": picture(png(801, 250)),
    "menu-image-there": picture(png(800, 250), twice=True),
    "menu-without-image": show_bare_menu,
}
