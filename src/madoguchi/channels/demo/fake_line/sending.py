"""Reply, push and multicast: what is accepted, and what arrives."""

import re
import uuid

from madoguchi.channels.demo.fake_line.ledger import (
    KEY_SECONDS,
    REPLY_SECONDS,
    Ledger,
    Sent,
)
from madoguchi.channels.demo.fake_line.messages import check_messages
from madoguchi.channels.demo.fake_line.refusing import Findings, refuse

USER_ID = re.compile(r"U[0-9a-f]{32}")
CHAT_ID = re.compile(r"[UCR][0-9a-f]{32}")
MOST_RECIPIENTS = 500


def reply(ledger: Ledger, body: dict[str, object], request_id: str) -> dict[str, object]:
    """Send by a reply token, once, within a minute."""
    findings = Findings()
    check_messages(body, findings)
    token = body.get("replyToken")
    if not isinstance(token, str) or not token:
        findings.add("reply-token-missing", "replyToken")
    findings.settle()
    known = ledger.tokens.get(str(token))
    if known is None:
        raise refuse("reply-token-unknown")
    if known.used:
        raise refuse("reply-token-used")
    if ledger.now() - known.at > REPLY_SECONDS:
        raise refuse("reply-token-expired")
    known.used = True
    return {"sentMessages": _send(ledger, "reply", [known.chat], body, request_id)}


def push(
    ledger: Ledger, body: dict[str, object], request_id: str, key: str | None
) -> dict[str, object]:
    """Send to one user, group or room."""
    findings = Findings()
    check_messages(body, findings)
    to = body.get("to")
    if not isinstance(to, str) or not to:
        findings.add("recipient-missing", "to")
    findings.settle()
    to = str(to)
    if not CHAT_ID.fullmatch(to):
        raise refuse("recipient-malformed")
    _check_key(ledger, key)
    if to not in ledger.people and to not in ledger.groups:
        raise refuse("recipient-unknown")
    _count(ledger, 1)
    _keep_key(ledger, key, request_id)
    return {"sentMessages": _send(ledger, "push", [to], body, request_id)}


def multicast(
    ledger: Ledger, body: dict[str, object], request_id: str, key: str | None
) -> dict[str, object]:
    """Send to up to 500 users; those who do not exist or block the account get nothing."""
    findings = Findings()
    check_messages(body, findings)
    to = body.get("to")
    if not isinstance(to, list) or not to:
        findings.add("multicast-empty", "to", low=1, high=MOST_RECIPIENTS)
        to = []
    if len(to) > MOST_RECIPIENTS:
        findings.add("multicast-too-many", "to", low=1, high=MOST_RECIPIENTS)
    for index, user in enumerate(to):
        if not isinstance(user, str) or not USER_ID.fullmatch(user):
            findings.add("multicast-not-users", f"to[{index}]")
    if len({str(user) for user in to}) < len(to):
        findings.add("multicast-duplicates", "to")
    findings.settle()
    _check_key(ledger, key)
    _count(ledger, len(to))
    _keep_key(ledger, key, request_id)
    _send(ledger, "multicast", to, body, request_id)
    return {}


def validate(body: dict[str, object]) -> dict[str, object]:
    """Check messages without sending them."""
    findings = Findings()
    check_messages(body, findings)
    findings.settle()
    return {}


def _check_key(ledger: Ledger, key: str | None) -> None:
    if key is None:
        return
    try:
        well_formed = str(uuid.UUID(key)) == key.lower()
    except ValueError:
        well_formed = False
    if not well_formed:
        raise refuse("retry-key-not-uuid")
    at, accepted = ledger.keys.get(key.lower(), (float("-inf"), ""))
    if ledger.now() - at < KEY_SECONDS:
        raise refuse("retry-key-used", {"X-Line-Accepted-Request-Id": accepted})


def _keep_key(ledger: Ledger, key: str | None, request_id: str) -> None:
    if key is not None:
        ledger.keys[key.lower()] = (ledger.now(), request_id)


def _count(ledger: Ledger, receivers: int) -> None:
    if ledger.quota is not None and ledger.used + receivers > ledger.quota:
        raise refuse("monthly-limit")
    ledger.used += receivers


def _send(
    ledger: Ledger, by: str, to: list[str], body: dict[str, object], request_id: str
) -> list[dict[str, object]]:
    """Put the messages before each receiver; returns the ids of those of the last one."""
    messages = body["messages"]
    assert isinstance(messages, list)
    ids: tuple[str, ...] = ()
    for receiver in to:
        person = ledger.people.get(receiver)
        delivered = person.following if person else receiver in ledger.groups
        ids = tuple(ledger.new_number() for _ in messages)
        ledger.sent.append(
            Sent(ledger.now(), by, receiver, tuple(messages), ids, request_id, delivered)
        )
    return [{"id": number} for number in ids]
