"""When a message was written that waited on a device without a connection.

The clock of a device may be wrong, so the device tells two times by its own clock: when the words
were written and when they are sent. Only the difference counts, and only within bounds.
"""

from datetime import datetime, timedelta

SOON = timedelta(minutes=1)
OLDEST = timedelta(days=7)
AHEAD = timedelta(minutes=1)
_MOST_MS = 10**15  # beyond this a number of milliseconds is no time of anybody's


def written_at(written: str, sending: str, now: datetime) -> datetime:
    """The time of writing on the server's clock.

    ``written`` and ``sending`` are milliseconds since 1970 by the device's clock; anything else is
    taken as "just now". A message that claims to be older than ``OLDEST`` counts as exactly that
    old, one that claims to come from the future as ``AHEAD`` of now: both can be told apart from
    what is plausible when ``sent_at`` is compared with ``received_at``.
    """
    ages = [_milliseconds(text) for text in (written, sending)]
    if ages[0] is None or ages[1] is None:
        return now
    age = timedelta(milliseconds=ages[1] - ages[0])
    if abs(age) < SOON:
        return now
    return now - min(age, OLDEST) if age > timedelta(0) else now + AHEAD


def _milliseconds(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST_MS))):
        return None
    return int(text)
