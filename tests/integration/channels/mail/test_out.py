"""What goes out: once, in the right words, and what each refusal of the server means."""

import smtplib
import ssl
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from madoguchi.channels.mail import channel, smtp
from madoguchi.channels.mail.account import Account
from madoguchi.channels.mail.models import Posting
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import outbox, worker
from madoguchi.kernel.messages.data import Delivery, Outcome, Outgoing
from madoguchi.kernel.messages.models import Outbox

from .conftest import ADDRESS, HOST, PASSWORD, RESIDENT, House, letter

SAID = (Outgoing("受け付けました。"),)


def to(*recipients: str, key: str = "") -> Delivery:
    """A delivery to these."""
    return Delivery(key or str(uuid4()), recipients, SAID)


# One mail a delivery


def test_a_delivery_is_one_mail_also_when_it_is_repeated(house: House) -> None:
    delivery = to(RESIDENT)
    for _ in range(3):
        assert house.channel.deliver(delivery).outcome is Outcome.SENT
    [mail] = house.post.smtp.to(RESIDENT)
    assert mail["Message-ID"] == f"<{delivery.key}@town.example.jp>"


def test_an_answer_of_the_server_that_is_lost_repeats_the_same_message_id(house: House) -> None:
    delivery = to(RESIDENT)
    house.post.smtp.lose_answer = True
    assert house.channel.deliver(delivery).outcome is Outcome.RETRY
    assert house.channel.deliver(delivery).outcome is Outcome.SENT
    first, second = house.post.smtp.to(RESIDENT)
    assert first["Message-ID"] == second["Message-ID"]


def test_a_kill_between_taking_and_marking_is_left_to_itself_for_a_minute(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = to(RESIDENT)
    with monkeypatch.context() as patch:

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(smtp, "post", die)
        with pytest.raises(KeyboardInterrupt):
            house.channel.deliver(delivery)
    receipt = house.channel.deliver(delivery)
    assert (receipt.outcome, receipt.alone) == (Outcome.RETRY, True)
    house.clock.advance(timedelta(seconds=61))
    assert house.channel.deliver(delivery).outcome is Outcome.SENT


def test_a_delivery_to_many_goes_to_each_alone(house: House) -> None:
    delivery = to("a@a.jp", "b@b.jp", "c@c.jp")
    assert house.channel.deliver(delivery).outcome is Outcome.SENT
    mails = [mail for _, mail in house.post.smtp.taken]
    assert [mail["To"] for mail in mails] == ["a@a.jp", "b@b.jp", "c@c.jp"]
    assert len({mail["Message-ID"] for mail in mails}) == 3
    assert all(mail["List-Unsubscribe"] for mail in mails)


def test_of_many_only_those_who_did_not_get_it_are_tried_again(house: House) -> None:
    delivery = to("a@a.jp", "b@b.jp", "c@c.jp")
    house.post.smtp.refuse("rcpt", 550, to="b@b.jp")
    house.post.smtp.refuse("rcpt", 451, times=1, to="c@c.jp")
    first = house.channel.deliver(delivery)
    assert (first.outcome, first.alone) == (Outcome.RETRY, True)
    second = house.channel.deliver(delivery)
    assert second.outcome is Outcome.REFUSED
    assert "3人のうち1人" in second.detail
    assert [recipient for recipient, _ in house.post.smtp.taken] == ["a@a.jp", "c@c.jp"]
    house.post.smtp.refusals.clear()
    assert house.channel.deliver(delivery).outcome is Outcome.SENT
    assert [r for r, _ in house.post.smtp.taken] == ["a@a.jp", "c@c.jp", "b@b.jp"]


def test_many_are_served_in_portions(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "WORK_S", 0.0)
    delivery = to(*(f"r{n}@a.jp" for n in range(4)))
    receipts = [house.channel.deliver(delivery)]
    while receipts[-1].outcome is Outcome.RETRY:
        receipts.append(house.channel.deliver(delivery))
        assert len(receipts) < 20
    assert receipts[-1].outcome is Outcome.SENT
    assert sorted(recipient for recipient, _ in house.post.smtp.taken) == [
        f"r{n}@a.jp" for n in range(4)
    ]


# What the server says


@pytest.mark.parametrize(
    ("step", "code", "outcome", "alone", "words"),
    [
        ("rcpt", 550, Outcome.REFUSED, False, "宛先のアドレスが受け取りません（550）"),
        ("rcpt", 450, Outcome.RETRY, True, "しばらく待つよう"),
        ("data", 554, Outcome.REFUSED, False, "迷惑メール"),
        ("data", 451, Outcome.RETRY, False, "いまは受け取れない"),
        ("mail", 550, Outcome.RETRY, False, "町のアドレスからの送信を断りました"),
        ("mail", 421, Outcome.RETRY, False, "いまは受け取れない"),
    ],
)
def test_refusals(
    house: House, step: str, code: int, outcome: Outcome, alone: bool, words: str
) -> None:
    house.post.smtp.refuse(step, code)
    receipt = house.channel.deliver(to(RESIDENT))
    assert (receipt.outcome, receipt.alone) == (outcome, alone)
    assert words in receipt.detail
    assert RESIDENT not in receipt.detail
    assert house.post.smtp.taken == []


def test_one_mailbox_that_waits_does_not_hold_up_the_others(house: House) -> None:
    house.post.smtp.refuse("rcpt", 450, to="slow@a.jp")
    for address in ("slow@a.jp", RESIDENT):
        outbox.say("mail", address, SAID)
    down: worker.Doors = {}
    worker.work_outbox(house.deliver, down)
    assert down == {}
    assert len(house.post.smtp.to(RESIDENT)) == 1
    assert Outbox.objects.get(recipient="slow@a.jp").state == "waiting"


def test_a_password_that_is_wrong_makes_the_mails_wait(house: House) -> None:
    house.post.smtp.password = "changed"
    outbox.say("mail", RESIDENT, SAID)
    worker.work_outbox(house.deliver, {})
    row = Outbox.objects.get()
    assert row.state == "waiting"
    assert "パスワード" in row.detail
    house.post.smtp.password = PASSWORD
    house.clock.advance(timedelta(minutes=6))
    worker.work_outbox(house.deliver, {})
    assert len(house.post.smtp.to(RESIDENT)) == 1


def test_a_server_that_is_away_is_tried_again(house: House) -> None:
    house.town.settings["mail"]["smtp_port"] = 1
    house.town.save()
    receipt = house.channel.deliver(to(RESIDENT))
    assert (receipt.outcome, receipt.detail) == (Outcome.RETRY, smtp.NO_ANSWER)


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (smtp.Unprotected(), smtp.NO_TLS),
        (smtplib.SMTPNotSupportedError(), smtp.NO_TLS),
        (ssl.SSLCertVerificationError(), smtp.BAD_CERTIFICATE),
        (TimeoutError(), smtp.NO_ANSWER),
        (smtplib.SMTPServerDisconnected(), smtp.NO_ANSWER),
        (ConnectionResetError(), smtp.NO_ANSWER),
    ],
)
def test_errors_that_wait(error: Exception, detail: str) -> None:
    receipt = smtp.verdict(error)
    assert (receipt.outcome, receipt.detail) == (Outcome.RETRY, detail)


def test_a_way_that_cannot_be_protected_is_not_taken(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "may_go_unprotected", lambda _host: False)
    receipt = house.channel.deliver(to(RESIDENT))
    assert (receipt.outcome, receipt.detail) == (Outcome.RETRY, smtp.NO_TLS)
    assert house.post.smtp.taken == []


def test_a_server_whose_certificate_nobody_knows_hears_no_password(
    house: House, tmp_path: Path
) -> None:
    account = Account(
        address=ADDRESS,
        name="",
        user=ADDRESS,
        password=PASSWORD,
        imap_host=HOST,
        smtp_host=HOST,
        smtp_port=house.post.secure_smtp(tmp_path),
    )
    with pytest.raises(ssl.SSLCertVerificationError), smtp.connection(account):
        pass
    assert house.post.smtp.logins == 0


def test_the_password_stays_out_of_what_is_printed(house: House) -> None:
    assert PASSWORD not in repr(house.channel._account)


@pytest.mark.parametrize("bad", ["unknown:123", "a@b.jp\nBcc: c@d.jp", "あ@b.jp", ""])
def test_an_address_that_cannot_be_used_is_refused(house: House, bad: str) -> None:
    assert house.channel.deliver(to(bad)).outcome is Outcome.REFUSED
    assert house.post.smtp.taken == []


def test_a_town_without_mail_refuses(house: House) -> None:
    house.town.settings = {}
    house.town.save()
    receipt = house.channel.deliver(to(RESIDENT))
    assert (receipt.outcome, receipt.detail) == (Outcome.REFUSED, channel.NO_ACCOUNT)


# Drills


def test_a_drill_stands_in_the_subject(house: House) -> None:
    house.town.settings["drill"] = True
    house.town.save()
    house.channel.deliver(to(RESIDENT))
    assert house.post.smtp.to(RESIDENT)[0]["Subject"].startswith("【訓練】")


# What comes back


def bounce(key: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A report of another server."""
    return (
        "From: MAILER-DAEMON@mx.example.jp\r\nMessage-ID: <b1@mx>\r\nReturn-Path: <>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Final-Recipient: rfc822; {RESIDENT}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: <{key}@town.example.jp>\r\n--b--\r\n"
    ).encode()


def test_a_report_marks_the_delivery_and_a_new_attempt_really_sends(house: House) -> None:
    outbox.say("mail", RESIDENT, SAID)
    worker.work_outbox(house.deliver, {})
    row = Outbox.objects.get()
    assert row.state == "sent"
    house.put(bounce(str(row.key)))
    house.work()
    row.refresh_from_db()
    assert row.state == "refused"
    assert "戻ってきました（5.1.1）" in row.detail
    assert house.stored().kind == "bounce"
    assert len(house.post.smtp.taken) == 1
    outbox.try_again(row.pk, actor="staff:1")
    worker.work_outbox(house.deliver, {})
    assert len(house.post.smtp.taken) == 2


def test_a_delay_and_a_report_of_nothing_of_ours_change_nothing(house: House) -> None:
    outbox.say("mail", RESIDENT, SAID)
    worker.work_outbox(house.deliver, {})
    row = Outbox.objects.get()
    house.put(bounce(str(row.key), "delayed", "4.4.1"), bounce(str(uuid4())))
    house.work()
    row.refresh_from_db()
    assert row.state == "sent"


def test_the_rows_of_what_was_sent_do_not_stay_for_ever(house: House) -> None:
    house.channel.deliver(to(RESIDENT))
    kept = Posting.retention
    assert kept.days == 60
    assert kept.ended is not None
    later = clock.now() + timedelta(days=1)
    assert Posting.objects.filter(kept.ended(later)).count() == 1


def test_a_letter_of_a_long_subject_is_answered(house: House) -> None:
    house.put(letter("布田1丁目で冠水しています。", subject="冠水" * 200))
    house.work()
    [mail] = house.post.smtp.to(RESIDENT)
    assert len(str(mail["Subject"])) <= 100
