"""What is over goes after its time and not before; what is open, asked for, or a trace stays."""

import io
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case, CaseEvent
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.files.models import StoredFile
from madoguchi.kernel.messages import inbox, outbox, worker
from madoguchi.kernel.messages.data import Delivery, EventKind, Incoming, Outcome, Receipt
from madoguchi.kernel.messages.models import Conversation, Inbound, Outbox
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Contact, Person, SignInLink
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town, TownOwned
from madoguchi.services.disaster.models import Photo, Report
from madoguchi.web import purging, runtime

FIVE_YEARS = timedelta(days=365 * 5)
SECOND = timedelta(seconds=1)
WORDS = "国領町3丁目の道路が冠水しています"


def no_media(*_: object) -> bytes:
    raise AssertionError("no photo was to be fetched")


def sent(*_: object) -> Receipt:
    return Receipt(Outcome.SENT)


def refused(_channel: str, _town: int, _delivery: Delivery) -> Receipt:
    return Receipt(Outcome.REFUSED, "届きませんでした。")


class Resident:
    """Somebody who writes on the web page, a second after each other time."""

    def __init__(self, clock: FixedClock, name: str = "w1") -> None:
        self.clock, self.name, self.said = clock, name, 0

    def say(self, text: str = "", **other: Any) -> None:
        self.said += 1
        self.clock.advance(SECOND)
        kind = EventKind.TEXT if text else EventKind.IMAGE
        number = f"{self.name}-{self.said}"
        event = Incoming(number, kind, self.name, self.clock.now(), text=text, **other)
        inbox.receive("web", [event])
        worker.work_inbox(no_media)
        worker.work_outbox(sent, {})


@pytest.fixture
def resident(town: Town, clock: FixedClock) -> Resident:
    return Resident(clock)


@pytest.fixture
def photo(town: Town, settings: Settings, tmp_path: Path) -> str:
    settings.DATA = tmp_path
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (20, 90, 160)).save(buffer, "JPEG")
    return str(files.accept(buffer.getvalue()).key)


def counts() -> Counter[str]:
    return Counter(
        {
            model.__name__: model.objects.count()
            for model in (Inbound, Outbox, Report, Photo, Case, CaseEvent, StoredFile, Conversation)
            if model.objects.exists()
        }
    )


def purge(clock: FixedClock) -> None:
    while runtime.keep_no_longer():
        pass


def test_a_closed_case_goes_with_all_that_belongs_to_it(
    resident: Resident, clock: FixedClock, photo: str
) -> None:
    resident.say(WORDS)
    resident.say(file_key=photo)
    cases.settle(Case.objects.get().pk, actor="staff:1", note="水が引きました。")
    worker.work_outbox(sent, {})
    audit.seal(clock.now())
    before, on_disk = counts(), files.open_file(photo)

    clock.advance(FIVE_YEARS)
    purge(clock)
    assert counts() == before - Counter(Outbox=1)  # the first answer is a second older
    clock.advance(SECOND)
    purge(clock)
    assert counts() == Counter()
    runtime.sweep()
    assert not on_disk.exists()

    assert Person.objects.count() == Contact.objects.count() == 1
    purges = Entry.objects.filter(verb="retention.purge")
    gone = {e.subject: e.ids["rows"] for e in purges.order_by("id")}
    assert gone == {
        "table:town_messages.inbound": 2,
        "table:town_messages.outbox": before["Outbox"] - 1,
        "table:disaster.report": 1,
        "table:disaster.photo": 1,
        "table:cases.case": 1,
        "table:cases.caseevent": before["CaseEvent"],
        "table:files.storedfile": 1,
    }
    audit.seal(clock.now())
    assert audit.verify().ok


def test_an_open_case_stays_however_old(resident: Resident, clock: FixedClock, photo: str) -> None:
    resident.say(WORDS)
    resident.say(file_key=photo)
    kept = counts()
    clock.advance(FIVE_YEARS * 3)
    purge(clock)
    # What was answered, and the message that only brought the photo, are done with.
    assert counts() == Counter({**kept, "Inbound": 1}) - Counter(Outbox=9)
    assert Report.objects.get().text == WORDS


def test_words_without_a_case_go_when_they_are_old(resident: Resident, clock: FixedClock) -> None:
    resident.say("仕事が炎上して忙しい")
    clock.advance(FIVE_YEARS - timedelta(minutes=1))
    purge(clock)
    assert Report.objects.count() == Inbound.objects.count() == 1
    clock.advance(timedelta(minutes=2))
    purge(clock)
    assert counts() == Counter()


def test_a_case_that_others_were_merged_into_outlives_them(
    resident: Resident, clock: FixedClock
) -> None:
    resident.say(WORDS)
    resident.say("布田駅の前で木が倒れて道をふさいでいます")
    first, second = Case.objects.order_by("id")
    cases.merge(first.pk, second.pk, actor="staff:1")
    clock.advance(FIVE_YEARS + SECOND)
    purge(clock)
    assert Case.objects.get(pk=second.pk).state == "new"
    cases.settle(second.pk, actor="staff:1", note="片づけました。")
    clock.advance(FIVE_YEARS + SECOND)
    purge(clock)
    assert not Case.objects.exists()


def test_what_waits_for_somebody_stays(resident: Resident, clock: FixedClock) -> None:
    outbox.say("web", "w2", [])
    worker.work_outbox(refused, {})
    inbox.receive("web", [Incoming("e1", EventKind.TEXT, "w3", clock.now(), text="こわれる")])
    Inbound.objects.update(state="failed")
    clock.advance(FIVE_YEARS * 2)
    purge(clock)
    assert (Inbound.objects.count(), Outbox.objects.count()) == (1, 1)
    outbox.settle(Outbox.objects.get().pk, actor="staff:1")
    clock.advance(FIVE_YEARS + SECOND)
    purge(clock)
    assert Outbox.objects.count() == 0


def test_a_question_goes_after_a_month_and_a_used_link_after_a_week(
    resident: Resident, clock: FixedClock
) -> None:
    resident.say("床上まで水が来ています")
    boss = people.add_staff("boss", "職員", "admin", actor="system:test")
    people.make_sign_in_link(boss)
    clock.advance(timedelta(days=7, hours=2))
    purge(clock)
    assert (Conversation.objects.count(), SignInLink.objects.count()) == (1, 0)
    clock.advance(timedelta(days=24))
    purge(clock)
    assert Conversation.objects.count() == 0


def test_many_rows_go_in_batches_and_other_towns_keep_theirs(
    town: Town, other_town: Town, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 4)
    for number in range(10):
        outbox.say("web", f"w{number}", [])
    Outbox.objects.update(state="sent", sent_at=clock.now())
    with current.use(other_town.pk):
        outbox.say("web", "w0", [])
    now = clock.now() + FIVE_YEARS + SECOND
    assert [purging.purge(now) for _ in range(4)] == [4, 4, 2, 0]
    rows = Entry.objects.filter(verb="retention.purge").order_by("id")
    assert [entry.ids for entry in rows] == [{"rows": n, "days": 1825} for n in (4, 4, 2)]
    with current.use(other_town.pk):
        assert Outbox.objects.count() == 1


def test_only_the_clock_that_is_handed_in_counts(resident: Resident, clock: FixedClock) -> None:
    resident.say("仕事が炎上して忙しい")
    assert purging.purge(clock.now()) == 0
    assert purging.purge(clock.now() + FIVE_YEARS * 2) > 0


OWNED = [m for m in apps.get_models() if issubclass(m, TownOwned)]


@pytest.mark.parametrize("model", OWNED, ids=lambda m: m._meta.label)
def test_every_table_with_an_end_is_looked_at_after_those_that_point_at_it(
    model: type[TownOwned], town: Town, clock: FixedClock
) -> None:
    order = purging.tables()
    assert (model in order) == (model.retention.days is not None)
    assert not purging.over(model, clock.now()).exists()
    for field in model._meta.concrete_fields:
        if model in order and field.related_model in order and field.related_model is not model:
            assert order.index(model) < order.index(field.related_model)
