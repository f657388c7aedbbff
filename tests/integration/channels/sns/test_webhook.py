"""The signed webhook: who may call it, what comes of each post, and nothing twice."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from madoguchi.channels.sns import signing
from madoguchi.channels.sns.models import Call, Post
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns.models import Town

from .conftest import FLOOD, KEY, set_up, told

URL = "/channels/sns/inbox"
GUIDE = Path(__file__).parents[4] / "docs" / "operator" / "sns.md"


def schema() -> dict[str, Any]:
    """The schema as the operator's guide prints it."""
    found = re.search(
        r"```json\n(\{\n  \"\$schema\".*?\n\})\n```", GUIDE.read_text("utf-8"), re.DOTALL
    )
    assert found
    return dict(json.loads(found[1]))


def item(**other: Any) -> dict[str, Any]:
    """A good post."""
    return {
        "source": "x",
        "id": "1945678",
        "url": "https://x.com/hanako/status/1945678",
        "text": FLOOD,
        "posted_at": "2026-07-01T11:58:00+09:00",
        "author": "@hanako",
    } | other


def call(
    clock: FixedClock, body: Any, *, key: str = KEY, at: float | None = None, raw: bytes = b""
) -> Any:
    """Call the webhook; the answer."""
    content = raw or json.dumps(body, ensure_ascii=False).encode()
    timestamp = str(int(clock.now().timestamp() if at is None else at))
    return Client().post(
        URL,
        content,
        content_type="application/json",
        headers={
            "X-Madoguchi-Timestamp": timestamp,
            "X-Madoguchi-Signature": signing.signature(key, timestamp, content),
        },
    )


def results(answer: Any) -> list[str]:
    """What became of each post."""
    assert answer.status_code == 200, answer.content
    return [result["result"] for result in answer.json()["results"]]


def test_it_is_not_there_until_a_town_switches_it_on(town: Town, clock: FixedClock) -> None:
    assert call(clock, {"posts": [item()]}).status_code == 404
    set_up(town, inbox_on=True)
    assert call(clock, {"posts": [item()]}).status_code == 503  # on, without a key
    assert not told()


def test_posts_are_taken_and_each_has_its_result(hearing: Town, clock: FixedClock) -> None:
    answer = call(
        clock,
        {
            "posts": [
                item(),
                item(),
                item(source="instagram", id="9", url="", text="調布市で停電しています"),
                item(source="other", id="7", url="", text="今日はラーメン"),
                item(id="8", url="", text=FLOOD + "！"),
            ]
        },
    )
    assert results(answer) == ["taken", "known", "taken", "not_needed", "repeated"]
    assert [(row.text, row.channel) for row in told()] == [
        (FLOOD, "sns"),
        ("調布市で停電しています", "sns"),
    ]
    assert sorted(Post.objects.values_list("network", flat=True)) == ["instagram", "x", "x"]
    assert not Outbox.objects.exists()


def test_a_bad_post_does_not_hold_up_the_others(hearing: Town, clock: FixedClock) -> None:
    bad = [
        None,
        [],
        {},
        item(source="telegram"),
        item(text=""),
        item(text=7),
        item(text="x" * 10_001),
        item(posted_at="きのう"),
        item(posted_at="2026-07-01T11:58:00"),
        item(id="", url="javascript:alert(1)"),
        item(tags="調布"),
        item(sensitive="yes"),
        item(unknown=1),
    ]
    checker = Draft202012Validator(schema())
    answer = call(clock, {"posts": [*bad, item()]})
    assert results(answer) == ["error"] * len(bad) + ["taken"]
    assert all(r["message"] for r in answer.json()["results"][:-1])
    assert checker.is_valid({"posts": [item()]})
    shape = [b for b in bad if not (isinstance(b, dict) and _only_sense_is_wrong(b))]
    assert not any(checker.is_valid({"posts": [b]}) for b in shape)


def _only_sense_is_wrong(bad: dict[str, Any]) -> bool:
    """What a schema cannot say: that a text is a time with its offset, or an address."""
    return bad.get("posted_at") != item()["posted_at"] or "javascript" in str(bad.get("url"))


def test_a_post_can_be_taken_back(hearing: Town, clock: FixedClock) -> None:
    call(clock, {"posts": [item()]})
    clock.advance(timedelta(seconds=5))
    deleted = {"source": "x", "id": "1945678", "deleted": True}
    assert Draft202012Validator(schema()).is_valid({"posts": [deleted]})
    assert results(call(clock, {"posts": [deleted]})) == ["deleted"]
    assert Post.objects.get().removed_at is not None
    assert Inbound.objects.filter(kind="unsend").count() == 1


def test_the_same_call_is_refused_and_the_same_post_is_known(
    hearing: Town, clock: FixedClock
) -> None:
    assert call(clock, {"posts": [item()]}).status_code == 200
    assert call(clock, {"posts": [item()]}).status_code == 409
    clock.advance(timedelta(seconds=1))
    assert results(call(clock, {"posts": [item()]})) == ["known"]
    assert len(told()) == 1


def test_a_call_of_another_moment_or_another_key_is_refused(
    hearing: Town, clock: FixedClock
) -> None:
    now = clock.now().timestamp()
    for at in (now - 301, now + 301):
        assert call(clock, {"posts": [item()]}, at=at).status_code == 401
    assert call(clock, {"posts": [item()]}, key="wrong").status_code == 401
    body = json.dumps({"posts": [item()]})
    assert Client().post(URL, body, content_type="application/json").status_code == 401
    assert not told()
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b"not json", b'{"posts": []}', b'{"posts": 1}', b"[" * 100_000, b"\xff"],
)
def test_what_is_no_batch_is_refused(hearing: Town, clock: FixedClock, raw: bytes) -> None:
    answer = call(clock, None, raw=raw or b" ")
    assert answer.status_code == 400
    assert "posts" in answer.json()["error"]


def test_too_much_is_refused(hearing: Town, clock: FixedClock) -> None:
    assert call(clock, {"posts": [item()] * 101}).status_code == 400
    assert call(clock, None, raw=b" " * (1024 * 1024 + 1)).status_code == 413


def test_the_days_limit_is_said_for_each_post(hearing: Town, clock: FixedClock) -> None:
    set_up(hearing, daily_limit=1)
    posts = [item(id=str(n), url="", text=f"調布市で停電、{n}号棟") for n in range(3)]
    assert results(call(clock, {"posts": posts})) == ["taken", "limit", "limit"]


def test_old_calls_are_not_remembered_for_ever(hearing: Town, clock: FixedClock) -> None:
    call(clock, {"posts": [item()]})
    clock.advance(timedelta(minutes=30))
    call(clock, {"posts": [item(id="2", url="")]})
    assert Call.objects.count() == 1


def test_the_key_is_the_towns_own(
    hearing: Town, other_town: Town, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SNS_OTHER_KEY", "another")
    other_town.settings = {"sns": {"inbox_on": True, "inbox_secret_env": "SNS_OTHER_KEY"}}
    other_town.save()
    content, at = json.dumps({"posts": [item()]}).encode(), str(int(clock.now().timestamp()))
    headers = {
        "X-Madoguchi-Timestamp": at,
        "X-Madoguchi-Signature": signing.signature(KEY, at, content),
        "Host": "ome.example.jp",
    }
    answer = Client().post(URL, content, content_type="application/json", headers=headers)
    assert answer.status_code == 401


def test_the_example_of_the_guide_is_signed_as_it_says() -> None:
    guide = GUIDE.read_text("utf-8")
    example = re.search(
        r"署名の例.*?本文 `(.*?)`.*?時刻 `(\d+)`.*?鍵 `(.*?)`.*?`(sha256=\w+)`", guide, re.DOTALL
    )
    assert example
    body, at, key, expected = example.groups()
    assert signing.signature(key, at, body.encode()) == expected
