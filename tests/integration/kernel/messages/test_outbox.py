"""The outbox: each delivery on its own, with one key, until it is sent or settled."""

from datetime import timedelta

import pytest
from django.db import transaction

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import outbox, worker
from madoguchi.kernel.messages.data import Delivery, Outcome, Outgoing, Receipt
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.towns.models import Town

HELLO = [Outgoing("こんにちは。")]


class Post:
    """A channel that answers what the test lays ready, and writes down what it was asked."""

    def __init__(self, *answers: Receipt) -> None:
        self.answers = list(answers)
        self.asked: list[Delivery] = []

    def deliver(self, channel: str, town_id: int, delivery: Delivery) -> Receipt:
        self.asked.append(delivery)
        return self.answers.pop(0) if self.answers else Receipt(Outcome.SENT)


def work(post: Post, down: worker.Doors | None = None) -> int:
    return worker.work_outbox(post.deliver, {} if down is None else down)


def test_a_failed_attempt_is_repeated_with_the_same_key(town: Town, clock: FixedClock) -> None:
    outbox.say("line", "U1", HELLO)
    post = Post(Receipt(Outcome.RETRY, "つながりません"), Receipt(Outcome.RETRY, "つながりません"))
    for _ in range(3):
        assert work(post) == 1
        clock.advance(timedelta(minutes=2))
    assert work(post) == 0
    assert len({delivery.key for delivery in post.asked}) == 1
    row = Outbox.objects.get()
    assert (row.state, row.attempts) == ("sent", 3)


def test_it_waits_as_long_as_the_channel_asked(town: Town, clock: FixedClock) -> None:
    outbox.say("line", "U1", HELLO)
    post = Post(Receipt(Outcome.RETRY, retry_after_s=30))
    assert work(post) == 1
    clock.advance(timedelta(seconds=29))
    assert work(post) == 0
    clock.advance(timedelta(seconds=2))
    assert work(post) == 1


def test_one_person_hears_in_order_and_others_are_not_held_up(
    town: Town, clock: FixedClock
) -> None:
    outbox.say("line", "U1", [Outgoing("一")])
    outbox.say("line", "U1", [Outgoing("二")])
    outbox.say("web", "W1", [Outgoing("三")])
    post = Post(Receipt(Outcome.RETRY), Receipt(Outcome.SENT))
    work(post)
    assert [d.messages[0].text for d in post.asked] == ["一", "三"]
    clock.advance(timedelta(minutes=1))
    work(post)
    work(post)
    assert [d.messages[0].text for d in post.asked] == ["一", "三", "一", "二"]


def test_a_channel_that_is_down_costs_one_attempt_and_not_one_per_row(
    town: Town, clock: FixedClock
) -> None:
    for person in range(10):
        outbox.say("line", f"U{person}", HELLO)
    post = Post(*[Receipt(Outcome.RETRY, retry_after_s=20)] * 10)
    down: worker.Doors = {}
    assert work(post, down) == 10
    assert len(post.asked) == 1
    clock.advance(timedelta(seconds=21))
    post.answers.clear()
    work(post, down)
    assert Outbox.objects.filter(state="sent").count() == 10


def test_an_exception_of_the_channel_is_a_failed_attempt(town: Town, clock: FixedClock) -> None:
    outbox.say("line", "U1", HELLO)

    def breaks(channel: str, town_id: int, delivery: Delivery) -> Receipt:
        raise RuntimeError("broken on purpose")

    worker.work_outbox(breaks, {})
    row = Outbox.objects.get()
    assert (row.state, row.attempts, row.lease) == ("waiting", 1, None)
    assert row.next_at > clock.now()


def test_what_is_refused_stays_visible_until_staff_settles_it(
    town: Town, clock: FixedClock
) -> None:
    outbox.say("line", "U1", HELLO, about="case:1")
    work(Post(Receipt(Outcome.REFUSED, "トークンを確認してください。")))
    row = Outbox.objects.get()
    assert (row.state, row.detail) == ("refused", "トークンを確認してください。")
    assert work(Post()) == 0
    outbox.settle(row.pk, actor="staff:1")
    row.refresh_from_db()
    assert (row.settled_by, row.settled_at) == ("staff:1", clock.now())
    assert Entry.objects.filter(verb="outbox.settle").count() == 1


def test_staff_can_have_it_tried_again_with_the_same_key(town: Town, clock: FixedClock) -> None:
    outbox.say("line", "U1", HELLO)
    post = Post(Receipt(Outcome.REFUSED))
    work(post)
    outbox.try_again(Outbox.objects.get().pk, actor="staff:1")
    work(post)
    assert Outbox.objects.get().state == "sent"
    assert post.asked[0].key == post.asked[1].key


def test_after_a_day_it_is_handed_to_staff_before_the_key_expires(
    town: Town, clock: FixedClock
) -> None:
    outbox.say("line", "U1", HELLO)
    clock.advance(timedelta(hours=23, minutes=1))
    work(Post(Receipt(Outcome.RETRY)))
    row = Outbox.objects.get()
    assert row.state == "refused"
    assert "電話" in row.detail


def test_nothing_is_said_when_the_reason_for_saying_it_is_undone(town: Town) -> None:
    with transaction.atomic():
        outbox.say("line", "U1", HELLO)
        transaction.set_rollback(True)
    assert Outbox.objects.count() == 0


@pytest.mark.parametrize(("people", "blocks"), [(1, 1), (500, 1), (501, 2), (1200, 3)])
def test_many_people_go_in_blocks_of_500(town: Town, people: int, blocks: int) -> None:
    recipients = [f"U{n}" for n in range(people)] + ["U0"]
    assert outbox.say_many("line", recipients, HELLO) == blocks
    sent = [name for row in Outbox.objects.all() for name in row.recipients]
    assert sorted(sent) == sorted(set(recipients))
    assert max(len(row.recipients) for row in Outbox.objects.all()) <= 500


def test_a_row_that_was_tried_thousands_of_times_is_still_given_up(
    town: Town, clock: FixedClock
) -> None:
    outbox.say("line", "U1", HELLO)
    Outbox.objects.update(attempts=3000)
    work(Post(Receipt(Outcome.RETRY)))
    assert Outbox.objects.get().next_at == clock.now() + timedelta(seconds=60)
    clock.advance(timedelta(hours=23, minutes=1))
    work(Post(Receipt(Outcome.RETRY)))
    assert Outbox.objects.get().state == "refused"
