"""Which of our deliveries a delivery report tells of. Pure. RFC 3464, and reports without form."""

import re
from dataclasses import dataclass

MAX_BYTES = 300_000
_STATUS = re.compile(rb"^Status:\s*([245])\.(\d{1,3})\.(\d{1,3})", re.M | re.I)
_ACTION = re.compile(rb"^Action:\s*(\w+)", re.M | re.I)
_KEY = rb"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.(\d{1,4}))?"
_MINE = re.compile(rb"<" + _KEY + rb"@([\w.-]+)>", re.I)

REASONS = {
    "1": "宛先のアドレスが使われていません。",
    "2": "相手のメールボックスが受け取れません（満杯など）。",
    "4": "相手のメールサーバーに届きません。",
    "7": "相手の設定で拒否されました（迷惑メールの設定など）。",
}
"""By the subject of an enhanced status code (RFC 3463, section 3)."""

OTHER = "相手のメールサーバーが受け取りませんでした。"


@dataclass(frozen=True, slots=True)
class Bounced:
    """A delivery that did not arrive; ``number`` counts the recipients of the delivery from 0."""

    key: str
    number: int
    detail: str


def read(data: bytes, domain: str) -> Bounced | None:
    """What a report says of a mail of ours (``domain``); None for a delay or somebody else's."""
    data = data[:MAX_BYTES]
    actions = {action.lower() for action in _ACTION.findall(data)}
    if actions and b"failed" not in actions:
        return None
    for key, number, where in _MINE.findall(data):
        if where.decode().lower() == domain.lower():
            return Bounced(key.decode().lower(), int(number or 0), _detail(data))
    return None


def _detail(data: bytes) -> str:
    status = _STATUS.search(data)
    reason = REASONS.get(status[2].decode(), OTHER) if status else OTHER
    code = f"（{b'.'.join(status.groups()).decode()}）" if status else ""
    return f"メールが届かずに戻ってきました{code}。{reason}電話など別の方法で伝えてください。"
