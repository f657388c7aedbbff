"""How often one device or one address may write; generous, since a shelter shares one address."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from django.http import HttpRequest

from madoguchi.ui.words import Words

PER_DEVICE = 30
PER_ADDRESS = 600
WINDOW_S = 600
REMEMBERED = 20_000
TOO_MANY = Words(
    "短い時間にたくさん送られたため、いまは受け付けられません。10分ほど待ってから、もう一度"
    "送ってください。お急ぎのときは、お電話ください。",
    "たくさん おくられたので、いまは うけとれません。10分くらい まって、もう一度 おくって "
    "ください。いそぐ ときは 電話して ください。",
    "Too many messages came in a short time. Please wait ten minutes and send it again. "
    "If it is urgent, please call.",
)


@dataclass(slots=True)
class _Window:
    started: float
    count: int


class FixedWindow:
    """Counts per key in windows of ``WINDOW_S`` seconds; forgets the oldest keys first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._lock = threading.Lock()

    def allow(self, key: str, now: float) -> bool:
        """Count one use of ``key`` at ``now`` (seconds); False when the limit is reached."""
        with self._lock:
            window = self._windows.get(key)
            if window is None or now - window.started >= WINDOW_S or now < window.started:
                window = self._windows[key] = _Window(now, 0)
                self._windows.move_to_end(key)
            while len(self._windows) > REMEMBERED:
                self._windows.popitem(last=False)
            if window.count >= self._limit:
                return False
            window.count += 1
            return True


devices = FixedWindow(PER_DEVICE)
addresses = FixedWindow(PER_ADDRESS)


def allowed(request: HttpRequest, key: str | None, now: float) -> bool:
    """Count one message of a device (None: not known yet) and of its address at ``now``."""
    if not addresses.allow(str(request.META.get("REMOTE_ADDR", "")), now):
        return False
    return key is None or devices.allow(key, now)
