"""SMS: sent once as far as the provider lets us, receipts and answers that are signed."""

from datetime import timedelta
from uuid import uuid4

import pytest

from madoguchi.channels.sms import channel as channels
from madoguchi.channels.sms import health
from madoguchi.channels.sms.models import ShortMessage
from madoguchi.channels.sms.twilio import Twilio
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages import outbox, worker
from madoguchi.kernel.messages.data import Delivery, Outcome, Outgoing
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people.models import Contact

from .conftest import ORIGIN, PHONE, TOKEN, House

SAID = (Outgoing("受け付けました。"),)
TEXT = "調布市：受け付けました。"


def to(*recipients: str) -> Delivery:
    """A delivery to these."""
    return Delivery(str(uuid4()), recipients, SAID)


# Once


def test_a_delivery_is_one_message_however_often_it_is_repeated(house: House) -> None:
    delivery = to("090-1234-5678")
    for _ in range(3):
        assert house.channel.deliver(delivery).outcome is Outcome.SENT
    assert house.twilio.to(PHONE) == [TEXT]
    row = ShortMessage.objects.get()
    assert (row.sid, row.parts) == (house.twilio.messages[0]["sid"], 1)
    callback = house.twilio.messages[0]["callback"]
    assert callback == f"{ORIGIN}/channels/sms/status?key={delivery.key}&number=0"


def test_an_answer_that_was_lost_is_looked_for_before_it_is_repeated(house: House) -> None:
    delivery = to(PHONE)
    house.twilio.fault("lost")
    first = house.channel.deliver(delivery)
    assert first.outcome is Outcome.RETRY
    assert "届いていないか確かめて" in first.detail
    house.clock.advance(timedelta(seconds=10))
    assert house.channel.deliver(delivery).outcome is Outcome.SENT
    assert house.twilio.to(PHONE) == [TEXT]


def test_a_kill_between_asking_and_writing_is_looked_for_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = to(PHONE)
    real = Twilio.send
    with monkeypatch.context() as patch:

        def die(self: Twilio, *given: str) -> None:
            real(self, *given)
            raise KeyboardInterrupt

        patch.setattr(Twilio, "send", die)
        with pytest.raises(KeyboardInterrupt):
            house.channel.deliver(delivery)
    assert house.channel.deliver(delivery).alone  # somebody may still be at it
    house.clock.advance(timedelta(seconds=61))
    assert house.channel.deliver(delivery).outcome is Outcome.SENT
    assert house.twilio.to(PHONE) == [TEXT]


def test_the_same_words_of_another_delivery_are_not_taken_for_it(house: House) -> None:
    assert house.channel.deliver(to(PHONE)).outcome is Outcome.SENT
    second = to(PHONE)
    house.twilio.fault("gone")
    assert house.channel.deliver(second).outcome is Outcome.RETRY
    assert house.channel.deliver(second).outcome is Outcome.SENT
    assert len(house.twilio.to(PHONE)) == 2


def test_while_the_provider_cannot_be_asked_nothing_is_repeated(house: House) -> None:
    delivery = to(PHONE)
    house.twilio.fault("lost")
    house.twilio.fault("503", times=2)
    details = [house.channel.deliver(delivery).detail for _ in range(3)]
    assert details[1] == details[2] == channels.CANNOT_ASK
    assert house.channel.deliver(delivery).outcome is Outcome.SENT
    assert house.twilio.to(PHONE) == [TEXT]


# What the provider says


def test_too_many_requests_wait_as_long_as_is_asked(house: House) -> None:
    house.twilio.fault("429", retry_after="7")
    receipt = house.channel.deliver(to(PHONE))
    assert (receipt.outcome, receipt.retry_after_s) == (Outcome.RETRY, 7.0)
    assert house.twilio.messages == []


@pytest.mark.parametrize("bad", ["03-1234-5678", "119", "hello", "unknown:1"])
def test_numbers_that_get_no_sms_are_not_even_tried(house: House, bad: str) -> None:
    receipt = house.channel.deliver(to(bad))
    assert receipt.outcome is Outcome.REFUSED
    assert "番号" in receipt.detail
    assert house.twilio.asked == 0


def test_a_landline_and_a_stopped_number_are_refused(house: House) -> None:
    Contact.objects.all().delete()
    house.twilio.landlines.add(PHONE)
    assert house.channel.deliver(to(PHONE)).outcome is Outcome.REFUSED
    house.twilio.landlines.clear()
    house.twilio.stopped.add(PHONE)
    receipt = house.channel.deliver(to(PHONE))
    assert receipt.outcome is Outcome.REFUSED
    assert "受け取らない設定" in receipt.detail
    assert Contact.objects.get(channel="sms", address=PHONE).following is False


def test_a_wrong_token_waits_for_the_administrator(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_SMS_TOKEN", "0" * 32)
    outbox.say("sms", PHONE, SAID)
    house.send_all()
    row = Outbox.objects.get()
    assert row.state == "waiting"
    assert "SMSの設定" in row.detail
    monkeypatch.setenv("TEST_SMS_TOKEN", TOKEN)
    house.clock.advance(timedelta(minutes=6))
    house.send_all()
    assert house.twilio.to(PHONE) == [TEXT]


def test_of_many_each_gets_one_and_the_refused_are_counted(house: House) -> None:
    delivery = to("09011111111", "0312345678", "09022222222")
    receipt = house.channel.deliver(delivery)
    assert receipt.outcome is Outcome.REFUSED
    assert "3人のうち1人" in receipt.detail
    house.channel.deliver(delivery)
    assert len(house.twilio.messages) == 2


def test_a_drill_and_choices(house: House) -> None:
    house.town.settings["drill"] = True
    house.town.save()
    house.channel.deliver(to(PHONE))
    assert house.twilio.to(PHONE) == [f"【訓練】{TEXT}"]


def test_the_token_is_in_no_detail_and_no_repr(house: House) -> None:
    house.twilio.fault("500")
    receipt = house.channel.deliver(to(PHONE))
    assert TOKEN not in repr(house.channel._account) + receipt.detail


# What the provider calls


def failed(sid: str, code: str = "30005") -> dict[str, str]:
    """A receipt of a message that did not arrive."""
    return {"MessageSid": sid, "MessageStatus": "undelivered", "ErrorCode": code, "To": PHONE}


def test_a_receipt_of_failure_is_seen_by_staff_and_may_be_tried_again(house: House) -> None:
    outbox.say("sms", PHONE, SAID)
    house.send_all()
    row = Outbox.objects.get()
    assert row.state == "sent"
    path = f"/channels/sms/status?key={row.key}&number=0"
    sid = house.twilio.messages[0]["sid"]
    assert house.call(path, {"MessageSid": sid, "MessageStatus": "sent"}) == 204
    for _ in range(2):
        assert house.call(path, failed(sid)) == 204
    row.refresh_from_db()
    assert row.state == "refused"
    assert "使われていない番号" in row.detail
    assert PHONE not in row.detail
    outbox.try_again(row.pk, actor="staff:1")
    house.send_all()
    assert len(house.twilio.messages) == 2


def test_a_receipt_that_is_faster_than_the_answer_counts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = to(PHONE)
    real = Twilio.send

    def send(self: Twilio, number: str, text: str, callback: str) -> object:
        answer = real(self, number, text, callback)
        house.call(callback.removeprefix(ORIGIN), failed(answer.sid))
        return answer

    monkeypatch.setattr(Twilio, "send", send)
    assert house.channel.deliver(delivery).outcome is Outcome.REFUSED


@pytest.mark.parametrize("path", ["/channels/sms/status?key=x", "/channels/sms/inbound"])
def test_calls_that_are_not_signed_change_nothing(house: House, path: str) -> None:
    assert house.call(path, {"From": PHONE, "Body": "助けて", "MessageSid": "SM1"}, "0" * 32) == 403
    assert not Inbound.objects.exists()


def test_an_answer_of_a_resident_becomes_a_case_once(house: House) -> None:
    said = {"From": PHONE, "Body": "調布市布田1丁目で道路が冠水", "MessageSid": "SM" + "a" * 32}
    for _ in range(2):
        assert house.call("/channels/sms/inbound", said) == 200
    worker.work_inbox(lambda *_: b"")
    house.send_all()
    assert Case.objects.count() == 1
    [answer] = house.twilio.to(PHONE)
    assert Case.objects.get().number in answer


@pytest.mark.parametrize(("word", "following"), [("STOP", False), ("配信停止", False)])
def test_stop_is_heard(house: House, word: str, following: bool) -> None:
    said = {"From": PHONE, "Body": word, "MessageSid": "SM1"}
    assert house.call("/channels/sms/inbound", said) == 200
    worker.work_inbox(lambda *_: b"")
    assert Contact.objects.get().following is following
    assert house.twilio.messages == []


@pytest.mark.parametrize("said", [{}, {"From": "x", "MessageSid": "SM1"}, {"From": PHONE}])
def test_calls_without_what_is_needed_are_bad(house: House, said: dict[str, str]) -> None:
    assert house.call("/channels/sms/inbound", said) == 400
    assert house.call("/channels/sms/status?key=no", said) == 400


def test_the_condition_says_what_is_stuck(house: House) -> None:
    found = health.condition(house.town)
    assert found is not None
    assert found.well
    outbox.say("sms", PHONE, SAID)
    Outbox.objects.update(attempts=4, detail="SMSの会社が混み合っています。")
    stuck = health.condition(house.town)
    assert stuck is not None
    assert "混み合って" in stuck.advice
    house.town.settings = {}
    assert health.condition(house.town) is None
