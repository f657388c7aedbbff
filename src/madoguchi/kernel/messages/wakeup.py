"""Wake-ups between threads of one process. The rows are the truth; a lost wake-up costs a poll."""

import threading

_inbox = threading.Event()
_photos = threading.Event()
_outbox = threading.Event()


def inbox(_town_id: int) -> None:
    """Tell that a row waits in the inbox."""
    _inbox.set()
    _photos.set()


def outbox(_town_id: int) -> None:
    """Tell that a row waits in the outbox."""
    _outbox.set()


def wait_inbox(seconds: float) -> None:
    """Return when something may wait in the inbox, or after ``seconds``."""
    _inbox.wait(seconds)
    _inbox.clear()


def wait_photos(seconds: float) -> None:
    """Return when an event may wait for its photo, or after ``seconds``."""
    _photos.wait(seconds)
    _photos.clear()


def wait_outbox(seconds: float) -> None:
    """Return when something may wait in the outbox, or after ``seconds``."""
    _outbox.wait(seconds)
    _outbox.clear()


def everyone() -> None:
    """Wake all waiting threads (at shutdown)."""
    for one in (_inbox, _photos, _outbox):
        one.set()
