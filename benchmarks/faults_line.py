"""LINE for ``faults.py``, as a process of its own: the strict stand-in and its people."""

import multiprocessing
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from madoguchi.channels.demo.fake_line.crowd import Crowd, Words
from madoguchi.channels.demo.fake_line.faults import Trouble
from madoguchi.channels.demo.fake_line.reckoning import Accepted, Event
from madoguchi.channels.demo.fake_line.server import FakeLine, start

OUTAGES = ((Trouble.STATUS, 503), (Trouble.CLOSE, 0), (Trouble.HANG, 0))
CHANGE_S = 20.0


@dataclass(frozen=True, slots=True)
class Story:
    """LINE's ledger at the end."""

    events: list[Event]
    accepted: list[Accepted]
    broken_rules: list[str]
    requests: int


class Line:
    """The stand-in seen from the benchmark's process."""

    def __init__(self, webhook: str, secret: str, token: str, users: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        given = (theirs, webhook, secret, token, users)
        self._process = context.Process(target=_serve, args=given, daemon=True)
        self._process.start()
        self.host, self.data_host = self._pipe.recv()

    def write(self, planned: Sequence[Words]) -> None:
        """Let people write."""
        self._ask("write", planned)

    def open(self) -> int:
        """How many events have not been taken with 200 yet."""
        return int(self._ask("open"))

    def down(self) -> None:
        """LINE's API answers nothing useful from now on; people go on writing."""
        self._ask("down")

    def up(self) -> None:
        """LINE's API works again."""
        self._ask("up")

    def story(self) -> Story:
        """Everything LINE knows."""
        found = self._ask("story")
        assert isinstance(found, Story)
        return found

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()

    def _ask(self, *question: object) -> Any:
        self._pipe.send(question)
        return self._pipe.recv()


def _serve(pipe: Connection, webhook: str, secret: str, token: str, users: int) -> None:
    with start(webhook, secret, token) as line:
        crowd = Crowd(line, users)
        outage = threading.Event()
        pipe.send((line.host, line.data_host))
        while True:
            question, *given = pipe.recv()
            answer: object = None
            if question == "write":
                crowd.write(given[0])
            elif question == "open":
                answer = crowd.open()
            elif question == "down":
                outage.clear()
                threading.Thread(target=_be_down, args=(line, outage), daemon=True).start()
            elif question == "up":
                outage.set()
                line.faults.clear()
            elif question == "story":
                answer = _story(line, crowd)
            pipe.send(answer)


def _be_down(line: FakeLine, over: threading.Event) -> None:
    """Refuse, hang up, or say nothing, in turn."""
    number = 0
    while not over.is_set():
        trouble, status = OUTAGES[number % len(OUTAGES)]
        line.faults.clear()
        line.faults.always(trouble, status=status)
        number += 1
        over.wait(CHANGE_S)
    line.faults.clear()


def _story(line: FakeLine, crowd: Crowd) -> Story:
    events = [
        Event(
            id=str(sending.told.event["webhookEventId"]),
            sender=sending.user,
            written=int(str(sending.told.event["timestamp"])) / 1000,
            taken=sending.taken,
            calls=len(sending.calls),
        )
        for sending in list(crowd.sendings)
    ]
    with line.ledger.lock:
        accepted = [
            Accepted(sent.to, tuple(str(m["text"]) for m in sent.messages), sent.by)
            for sent in line.ledger.sent
        ]
        requests = len(line.ledger.asked)
    return Story(events, accepted, line.ledger.broken_rules(), requests)
