"""kill -9 of a served town with events in flight: each is applied once and answered once."""

import io
import json
import threading
from http.client import HTTPException
from typing import Any

import pytest
from PIL import Image

from madoguchi.channels.demo.fake_line import server
from madoguchi.channels.demo.fake_line.faults import Trouble
from madoguchi.channels.demo.fake_line.ledger import Sent, Told
from madoguchi.channels.demo.fake_line.server import FakeLine

from .served import POSTGRES, Served, until

OPTIONS = ("--workers", "2") if POSTGRES else ()
DISTRICTS = ("国領町", "布田", "小島町", "調布ケ丘", "富士見町", "西つつじケ丘")
TOKEN_LIFE_S = 45


class People:
    """LINE's side: people write, and an event without a 200 is delivered again."""

    def __init__(self, line: FakeLine) -> None:
        self.line = line
        self.users = [line.person(f"{number}") for number in range(6)]
        self.unanswered: list[Told] = []
        self.accepted: list[Told] = []
        self._lock = threading.Lock()

    def write(self, user: int, place: str) -> Told:
        message = {"id": self.line.ledger.new_number(), "type": "text", "quoteToken": "q"}
        return self._tell(user, message | {"text": f"{place}の道路が冠水しています"})

    def photograph(self, user: int, data: bytes) -> Told:
        number = self.line.ledger.new_number()
        self.line.ledger.content[number] = server.Content(data, "image/jpeg")
        provider = {"type": "line"}
        return self._tell(user, {"id": number, "type": "image", "contentProvider": provider})

    def _tell(self, user: int, message: dict[str, Any]) -> Told:
        source = {"type": "user", "userId": self.users[user]}
        return self.line.webhooks.event("message", source, message=message)

    def send(self, *told: Told) -> None:
        try:
            taken = self.line.webhooks.send(*told) == 200
        except HTTPException:  # cut off in the middle of an answer
            taken = False
        with self._lock:
            (self.accepted if taken else self.unanswered).extend(told)

    def send_again(self) -> None:
        while self.unanswered:
            waiting, self.unanswered = self.unanswered, []
            self.send(*waiting[:3])
            self.unanswered += waiting[3:]


def in_flight(people: People, town: Served, chome: int) -> None:
    """Everybody writes at the same time from two sides; the kill comes after a few answers."""
    before = len(people.accepted)
    told = [people.write(user, f"{place}{chome}丁目") for user, place in enumerate(DISTRICTS)]
    senders = [
        threading.Thread(target=lambda part=told[side::2]: [people.send(one) for one in part])
        for side in range(2)
    ]
    for sender in senders:
        sender.start()
    until(lambda: len(people.accepted) >= before + 3)
    town.kill()
    for sender in senders:
        sender.join()


def waiting_for_line(people: People, town: Served, photo: bytes) -> None:
    """LINE has taken a reply, of which we have not heard; and a photo is being fetched."""
    people.line.faults.plan(Trouble.LOST, path="message/reply", seconds=60)
    people.line.faults.plan(Trouble.LOST, path="/content", seconds=60)
    people.send(people.write(0, f"{DISTRICTS[0]}8丁目"))
    until(lambda: lost(people) == {"reply"})
    people.send(people.photograph(1, photo))
    until(lambda: lost(people) == {"reply", "content"})
    town.kill()
    people.line.faults.clear()


def lost(people: People) -> set[str]:
    """What LINE did, with the answer on its way to us for ever."""
    asked = list(people.line.ledger.asked)
    return {one.path.rpartition("/")[2] for one in asked if one.fault == "lost"}


def arrivals(line: FakeLine) -> list[list[Sent]]:
    """What reached people: for each text to a person, how often. Each event has its own answer."""
    found: dict[tuple[str, str], list[Sent]] = {}
    for sent in line.ledger.sent:
        found.setdefault((sent.to, json.dumps(sent.messages)), []).append(sent)
    return list(found.values())


def nobody_could_know(line: FakeLine, sent: list[Sent]) -> bool:
    """Decision 0010: a reply was taken, and no second try reached LINE while its token lived."""
    if [one.by for one in sent] != ["reply", "push"]:
        return False
    replies = [json.loads(a.body)["replyToken"] for a in line.ledger.asked if "/reply" in a.path]
    (taken,) = [a for a in line.ledger.asked if a.request_id == sent[0].request_id]
    token = json.loads(taken.body)["replyToken"]
    age_s = sent[1].at - line.ledger.tokens[token].at
    return replies.count(token) == 1 and age_s > TOKEN_LIFE_S


def test_nothing_is_lost_and_nothing_comes_twice(served: Served, photo: bytes) -> None:
    people = People(served.line)
    served.start(*OPTIONS)
    in_flight(people, served, 1)
    served.start(*OPTIONS)
    people.send_again()
    waiting_for_line(people, served, photo)
    served.start(*OPTIONS)
    people.send_again()
    for told in people.accepted[:4]:  # LINE did not hear our 200
        people.line.redeliver(told)
    waiting = "SELECT COUNT(*) FROM town_messages_{} WHERE state = 'waiting'"
    until(lambda: served.number(waiting.format("inbound")) == 0)
    until(lambda: served.number(waiting.format("outbox")) == 0)
    served.stop()

    events = {str(told.event["webhookEventId"]) for told in people.accepted}
    stored = served.rows("SELECT external_id, state FROM town_messages_inbound")
    assert sorted(stored) == sorted((event, "done") for event in events)
    texts = len(events) - 1
    assert served.number("SELECT COUNT(*) FROM disaster_report") == texts
    assert served.number("SELECT SUM(witnesses) FROM cases_case") == texts
    opened = "SELECT COUNT(*) FROM cases_caseevent WHERE verb = 'open'"
    assert served.number(opened) == served.number("SELECT COUNT(*) FROM cases_case")
    assert served.number("SELECT COUNT(*) FROM disaster_photo") == 1

    answers = arrivals(people.line)
    assert len(answers) == len(events)
    for sent in answers:
        assert len(sent) == 1 or nobody_could_know(people.line, sent)
    assert served.number("SELECT COUNT(*) FROM town_messages_outbox") == len(events)
    assert set(people.line.ledger.broken_rules()) <= {"reply-token-used", "reply-token-expired"}


@pytest.fixture
def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (20, 90, 160)).save(buffer, "JPEG")
    return buffer.getvalue()
