"""Who takes a message back on LINE: its words and its photo go everywhere, what was done stays."""

import json
from datetime import timedelta

import pytest
from django.apps import apps

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case, CaseEvent
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.files.models import StoredFile
from madoguchi.kernel.messages import inbox, worker
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns.models import Town, TownOwned
from madoguchi.services.disaster.models import Photo, Report

from .conftest import no_media, only_case

WORDS = "国領町3丁目の道路が冠水しています。角の山田酒店の前です"


class Phone:
    """A LINE user: every message has a name by which it can be taken back."""

    def __init__(self, clock: FixedClock, user: str = "U1") -> None:
        self.clock, self.user, self.events = clock, user, 0

    def event(self, kind: EventKind, message: str, **what: object) -> Incoming:
        self.clock.advance(timedelta(seconds=5))
        self.events += 1
        number = f"{self.user}-{self.events}"
        return Incoming(number, kind, self.user, self.clock.now(), message=message, **what)  # type: ignore[arg-type]

    def say(self, message: str, text: str) -> None:
        take(self.event(EventKind.TEXT, message, text=text))

    def show(self, message: str, file_key: str) -> None:
        take(self.event(EventKind.IMAGE, message, file_key=file_key))

    def take_back(self, message: str) -> None:
        take(self.event(EventKind.UNSEND, message))


def take(*events: Incoming) -> None:
    for event in events:
        inbox.receive("line", [event])
        worker.work_inbox(no_media)


def everything() -> str:
    """All rows of the town as one text."""
    models = [m for m in apps.get_models() if issubclass(m, TownOwned)]
    rows = [list(model.objects.values()) for model in models]
    return json.dumps(rows, ensure_ascii=False, default=str)


@pytest.fixture
def line(town: Town, clock: FixedClock) -> Phone:
    return Phone(clock)


def test_its_words_are_nowhere_any_more_and_the_case_says_so(line: Phone) -> None:
    line.say("m1", WORDS)
    audit.seal(line.clock.now())
    before = only_case()
    line.take_back("m1")
    assert "山田" not in everything()
    case = only_case()
    assert (case.number, case.state, case.lat, case.urgency) == (
        before.number,
        before.state,
        before.lat,
        before.urgency,
    )
    assert case.doubtful
    assert "取り消しました" in CaseEvent.objects.filter(verb="note").get().note
    assert "取り消しました" in Report.objects.get().reasons[0]["text"]
    row = Inbound.objects.get(kind="text")
    assert (row.text, row.state, row.lat) == ("", "done", None)
    audit.seal(line.clock.now())
    assert audit.verify().ok
    entry = Entry.objects.get(verb="inbound.take_back")
    assert entry.subject == f"inbound:{row.pk}"


def test_nobody_is_answered_and_taking_back_twice_is_harmless(line: Phone) -> None:
    line.say("m1", WORDS)
    answers = Outbox.objects.count()
    line.take_back("m1")
    line.take_back("m1")
    assert Outbox.objects.count() == answers
    assert set(Inbound.objects.values_list("state", flat=True)) == {"done"}


def test_of_several_messages_in_one_report_only_the_one_goes(line: Phone) -> None:
    line.say("m1", "床上まで水が来ています")
    line.say("m2", "国領町3丁目です")
    assert Report.objects.get().text == "床上まで水が来ています\n国領町3丁目です"
    line.take_back("m2")
    assert Report.objects.get().text == "床上まで水が来ています"
    line.take_back("m1")
    assert Report.objects.get().text == ""
    assert only_case().place_label.endswith("国領町三丁目")


def test_the_same_words_in_another_message_stay(line: Phone) -> None:
    line.say("m1", WORDS)
    line.say("m2", WORDS)
    line.take_back("m2")
    texts = Report.objects.order_by("id").values_list("text", flat=True)
    assert list(texts) == [WORDS, ""]


def test_a_photo_goes_too(line: Phone, photo_key: str) -> None:
    line.say("m1", WORDS)
    line.show("m2", photo_key)
    line.take_back("m2")
    assert StoredFile.objects.get().erased_at is not None
    assert not Photo.objects.exists()
    assert Report.objects.get().text == WORDS


def test_a_photo_that_somebody_else_sent_too_stays_for_them(
    line: Phone, photo_key: str, clock: FixedClock
) -> None:
    other = Phone(clock, "U2")
    for phone in (line, other):
        phone.say(f"{phone.user}m1", WORDS)
        phone.show(f"{phone.user}m2", photo_key)
    line.take_back("U1m2")
    assert StoredFile.objects.get().erased_at is None
    assert list(Inbound.objects.filter(file__isnull=False).values_list("sender", flat=True)) == [
        "U2"
    ]


def test_nobody_takes_back_what_another_said(line: Phone, clock: FixedClock) -> None:
    line.say("m1", WORDS)
    Phone(clock, "U2").take_back("m1")
    assert Report.objects.get().text == WORDS


def test_taken_back_before_it_arrives_it_is_never_read(line: Phone) -> None:
    line.say("m0", WORDS)
    said = line.event(EventKind.TEXT, "m1", text=WORDS)
    gone = line.event(EventKind.UNSEND, "m1")
    take(gone, said)
    assert Report.objects.get().text == WORDS  # of the first message, which stays
    row = Inbound.objects.get(external_id=said.external_id)
    assert (row.text, row.state) == ("", "done")
    assert "取り消しました" in row.route_reason


def test_a_case_that_is_closed_or_merged_stays_as_it_is(line: Phone, clock: FixedClock) -> None:
    line.say("m1", WORDS)
    cases.settle(only_case().pk, actor="staff:1", note="水が引きました。")
    line.say("m2", "布田駅の前で木が倒れて道をふさいでいます")
    line.say("m3", "国領町8丁目の停電が続いています")
    _first, second, third = Case.objects.order_by("id")
    cases.merge(second.pk, third.pk, actor="staff:1")
    for message in ("m1", "m2", "m3"):
        line.take_back(message)
    assert set(Report.objects.values_list("text", flat=True)) == {""}
    assert list(Case.objects.order_by("id").values_list("state", flat=True)) == [
        "done",
        "merged",
        "new",
    ]


def test_a_message_the_machine_could_not_take_goes_as_well(line: Phone) -> None:
    inbox.receive("line", [line.event(EventKind.TEXT, "m1", text=WORDS)])
    Inbound.objects.update(state="failed")
    line.take_back("m1")
    assert "山田" not in everything()
    assert set(Inbound.objects.values_list("state", flat=True)) == {"done"}
