"""Where somebody is signed in, and how to end it there."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.models import User

SINCE = "staff_since"
SEEN = "staff_seen"
DEVICE = "staff_device"

_SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook")),
    *(("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux")),
)
_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One session: ``ref`` names it on the page and cannot be turned back into its key."""

    ref: str
    device: str
    since: datetime
    seen: datetime
    here: bool


def device_of(request: HttpRequest) -> str:
    """A few words by which a person knows the device again, such as 「Windows・Edge」."""
    agent = request.headers.get("User-Agent", "")
    known = [
        next((name for mark, name in marks if mark in agent), "") for marks in (_SYSTEMS, _BROWSERS)
    ]
    return "・".join(name for name in known if name) or "種類のわからない端末"


def of(user: User, current: str | None) -> list[SignedIn]:
    """Where the user is signed in, the newest act first; ``current`` is this session's key."""
    found = [
        SignedIn(
            ref=_ref(session.session_key),
            device=str(data.get(DEVICE, "種類のわからない端末")),
            since=_time(data.get(SINCE)),
            seen=_time(data.get(SEEN)),
            here=session.session_key == current,
        )
        for session, data in _sessions(user)
    ]
    return sorted(found, key=lambda one: one.seen, reverse=True)


def end(user: User, current: str | None, ref: str, *, actor: str) -> int:
    """End the session ``ref``, or with "others" all but this one; returns how many ended."""
    ended = 0
    for session, _ in _sessions(user):
        if session.session_key != current and ref in ("others", _ref(session.session_key)):
            session.delete()
            ended += 1
    if ended:
        audit.record("staff.sessions_end", f"user:{user.pk}", actor=actor, ended=ended)
    return ended


def _sessions(user: User) -> Iterator[tuple[Session, dict[str, object]]]:
    """Sessions of staff alone are in the table: residents have none."""
    for session in Session.objects.filter(expire_date__gt=clock.now()):
        data = session.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk):
            yield session, data


def _ref(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _time(seconds: object) -> datetime:
    return datetime.fromtimestamp(int(str(seconds or 0)), UTC)
