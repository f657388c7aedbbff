"""Tell systemd that the house is open, and that it is still well (sd_notify, WatchdogSec).

Outside systemd nothing happens. Protocol: sd_notify(3); datagrams to the socket in NOTIFY_SOCKET.
"""

import os
import socket
import threading
from collections.abc import Callable


def tell(words: str) -> bool:
    """Send one message, such as ``READY=1``; whether somebody listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    name = "\0" + address[1:] if address[0] == "@" else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        try:
            sender.sendto(words.encode(), name)
        except OSError:
            return False
    return True


def opened(is_well: Callable[[], bool]) -> None:
    """The house is open; from now on the watchdog hears of it while ``is_well``."""
    if not tell("READY=1"):
        return
    period = int(os.environ.get("WATCHDOG_USEC", "0")) / 1e6
    if period:
        threading.Thread(
            target=_watch, args=(is_well, period / 3), name="watchdog", daemon=True
        ).start()


def _watch(is_well: Callable[[], bool], every_s: float) -> None:
    pause = threading.Event()
    while True:
        if is_well():
            tell("WATCHDOG=1")
        pause.wait(every_s)
