"""Many people write at a given pace, and LINE delivers as it does: late, twice, again.

``plan`` is pure. ``Crowd`` runs a plan in open loop: nobody waits for anybody.
"""

import heapq
import io
import itertools
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException

from PIL import Image

from madoguchi.channels.demo.fake_line.ledger import Content, Told
from madoguchi.channels.demo.fake_line.server import FakeLine

REDELIVERY_S = (1.0, 2.0, 5.0, 10.0, 20.0)
"""A webhook without a good answer comes again after these pauses, then after the last one."""

LATE_S = (0.5, 3.0)
AGAIN_S = (0.2, 20.0)
THREADS = 64


@dataclass(frozen=True, slots=True)
class Words:
    """What one person sends, in seconds from the start: written, first delivered, delivered again.

    ``again_s`` is None where LINE delivers it once only. ``photo``: a picture instead of ``text``.
    """

    user: int
    text: str
    written_s: float
    late_s: float = 0.0
    again_s: float | None = None
    photo: bool = False


def plan(
    count: int,
    seconds: float,
    texts: Sequence[str],
    *,
    users: int,
    again: float = 0.2,
    late: float = 0.05,
    photos: float = 0.02,
    seed: int = 7,
) -> list[Words]:
    """``count`` messages within ``seconds``; shares of them come again, late, or are photos.

    After one that is late its sender writes once more at once, so that the order is really wrong.
    """
    dice = random.Random(seed)
    found: list[Words] = []
    hurried: int | None = None
    for number in range(count):
        is_late = dice.random() < late
        user = dice.randrange(users) if hurried is None else hurried
        found.append(
            Words(
                user=user,
                text=f"{dice.choice(texts)}",
                written_s=seconds * number / count,
                late_s=dice.uniform(*LATE_S) if is_late else 0.0,
                again_s=dice.uniform(*AGAIN_S) if dice.random() < again else None,
                photo=dice.random() < photos,
            )
        )
        hurried = user if is_late else None
    return found


@dataclass(slots=True)
class Sending:
    """One event on its way: when each call was made, and how it was answered."""

    told: Told
    user: str
    calls: list[float] = field(default_factory=list)
    taken: bool = False


class Crowd:
    """The people behind a stand-in; ``sendings`` is their side of the story."""

    def __init__(self, line: FakeLine, users: int) -> None:
        self._line = line
        self._users = [line.person(f"{number}") for number in range(users)]
        self._pool = ThreadPoolExecutor(THREADS)
        self._lock = threading.Condition()
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self._open = 0
        self._ended = False
        self.sendings: list[Sending] = []
        threading.Thread(target=self._run, daemon=True).start()

    def write(self, planned: Sequence[Words]) -> None:
        """Let them all write, from now on; returns at once."""
        start = time.monotonic()
        with self._lock:
            self._open += len(planned)
        for words in planned:
            self._at(start + words.written_s, partial(self._write, words))

    def open(self) -> int:
        """How many events are not written, or have not been answered with 200 yet."""
        with self._lock:
            return self._open

    def stop(self) -> None:
        """Nobody writes any more."""
        with self._lock:
            self._ended = True
            self._lock.notify()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _write(self, words: Words) -> None:
        user = self._users[words.user]
        source: dict[str, object] = {"type": "user", "userId": user}
        told = self._line.webhooks.event("message", source, message=self._message(words))
        sending = Sending(told, user)
        with self._lock:
            self.sendings.append(sending)
        now = time.monotonic()
        self._at(now + words.late_s, lambda: self._deliver(sending, 0))
        if words.again_s is not None:
            at = now + words.late_s + words.again_s
            self._at(at, lambda: self._call(sending, again=True))

    def _message(self, words: Words) -> dict[str, object]:
        number = self._line.ledger.new_number()
        if not words.photo:
            return {"id": number, "type": "text", "text": words.text, "quoteToken": "q"}
        with self._line.ledger.lock:
            self._line.ledger.content[number] = Content(_picture(int(number)), "image/jpeg")
        return {"id": number, "type": "image", "contentProvider": {"type": "line"}}

    def _deliver(self, sending: Sending, attempt: int) -> None:
        if self._call(sending, again=attempt > 0):
            with self._lock:
                self._open -= 1
            return
        pause = REDELIVERY_S[min(attempt, len(REDELIVERY_S) - 1)]
        self._at(time.monotonic() + pause, lambda: self._deliver(sending, attempt + 1))

    def _call(self, sending: Sending, *, again: bool) -> bool:
        sending.calls.append(self._line.ledger.now())
        try:
            taken = self._line.webhooks.send(sending.told, again=again) == 200
        except HTTPException:  # cut off in the middle of an answer
            taken = False
        sending.taken = sending.taken or taken
        return taken

    def _at(self, moment: float, act: Callable[[], object]) -> None:
        with self._lock:
            heapq.heappush(self._due, (moment, next(self._order), act))
            self._lock.notify()

    def _run(self) -> None:
        while True:
            with self._lock:
                while not self._ended and (not self._due or self._due[0][0] > time.monotonic()):
                    wait = self._due[0][0] - time.monotonic() if self._due else None
                    self._lock.wait(wait)
                if self._ended:
                    return
                act = heapq.heappop(self._due)[2]
            self._pool.submit(act)


def _picture(number: int) -> bytes:
    """A small photo that no other one equals."""
    buffer = io.BytesIO()
    colour = (number & 255, number >> 8 & 255, number >> 16 & 255)
    Image.new("RGB", (64, 48), colour).save(buffer, "JPEG", quality=95)
    return buffer.getvalue() + number.to_bytes(8, "big")
