"""Our own mails: headers that cannot be broken into, threads, and what can be answered."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import pytest

from madoguchi.channels.mail import compose
from madoguchi.channels.mail.compose import Sender, Sending
from madoguchi.channels.mail.data import Thread
from madoguchi.kernel.messages.data import Outgoing, QuickReply, ReplyKind

FROM = Sender("m@town.example.jp", "調布市 窓口", "調布市", "042-000-0000")
KEY = str(uuid4())
AT = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)


def mail(**given: object):
    """The mail as it is sent and read again."""
    messages = (Outgoing("受け付けました。"),)
    sending = Sending(
        **{"key": KEY, "number": 0, "recipient": "h@a.jp", "messages": messages, "at": AT} | given
    )
    return message_from_bytes(bytes(compose.compose(sending, FROM)), policy=default)


def test_the_message_id_is_the_deliverys_own_at_each_attempt() -> None:
    assert mail()["Message-ID"] == mail()["Message-ID"] == f"<{KEY}@town.example.jp>"
    assert mail(number=7)["Message-ID"] == f"<{KEY}.7@town.example.jp>"


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: all@a.jp", "x\nBcc: a@a.jp", "x\x00\x0b\x85Bcc: y", "\r\n\r\nbody"]
)
def test_a_subject_that_breaks_lines_stays_one_header(evil: str) -> None:
    found = mail(thread=Thread(evil, "<1@a.jp>", ()))
    assert set(found.keys()) == set(mail(thread=Thread("x", "<1@a.jp>")).keys())
    assert found["Bcc"] is None
    assert found.get_content().startswith("受け付けました。")


@pytest.mark.parametrize(
    "evil",
    [
        "a@b.jp\nBcc: c@d.jp",
        "a@b.jp, c@d.jp",
        "<a@b.jp>",
        "a b@c.jp",
        "あ@b.jp",
        "",
        "a@b",
        "a:b@c.jp",
    ],
)
def test_an_address_that_is_more_than_one_address_is_not_used(evil: str) -> None:
    assert not compose.usable(evil)


@pytest.mark.parametrize(
    "real", ["h@a.jp", "a..b.@docomo.ne.jp", ".x-y_z@ezweb.ne.jp", "a+b/c=d@x-y.co.jp"]
)
def test_addresses_of_japanese_phones_are_used_as_they_are(real: str) -> None:
    assert compose.usable(real)
    assert f"\nTo: {real}\n" in bytes(
        compose.compose(Sending(KEY, 0, real, (Outgoing("x"),), AT), FROM)
    ).decode("latin-1").replace("\r", "")


def test_long_message_ids_are_not_encoded() -> None:
    long = f"<{'T' * 70}@TYAPR01MB1234.jpnprd01.prod.outlook.com>"
    found = mail(thread=Thread("x", long, (long.replace("T", "U", 1), long)))
    assert found["In-Reply-To"] == long
    assert str(found["References"]).split() == [long.replace("T", "U", 1), long]
    sending = Sending(KEY, 0, "h@a.jp", (Outgoing("x"),), AT, thread=Thread("x", long, (long,)))
    assert long.encode() in bytes(compose.compose(sending, FROM))


def test_a_drill_says_so_in_the_subject_and_the_text() -> None:
    found = mail(drill=True, thread=Thread("道路", "<1@a.jp>"))
    assert found["Subject"] == "【訓練】Re: 道路"
    assert "訓練" in found.get_content()
    assert mail(drill=True)["Subject"].startswith("【訓練】【調布市】")


def test_who_asked_is_answered_and_who_gets_a_notice_can_stop_it() -> None:
    answer = mail(answers=True, thread=Thread("Re: 道路", "<1@a.jp>"))
    assert (answer["Auto-Submitted"], answer["Subject"]) == ("auto-replied", "Re: 道路")
    assert answer["List-Unsubscribe"] is None
    notice = mail(to_many=True)
    assert notice["Auto-Submitted"] == "auto-generated"
    assert notice["List-Unsubscribe"] == "<mailto:m@town.example.jp?subject=unsubscribe>"
    assert "配信停止" in notice.get_content()


def test_answers_to_choose_from_are_words() -> None:
    said = Outgoing(
        "合っていますか。",
        (
            QuickReply(ReplyKind.TEXT, "はい", "はい"),
            QuickReply(ReplyKind.LOCATION, "地図で送る"),
            QuickReply(ReplyKind.POSTBACK, "やめる", "stop=1"),
        ),
    )
    text = mail(messages=(said,)).get_content()
    assert "・はい" in text
    assert "地図で送る" not in text
    assert "stop=1" not in text
    assert text.rstrip().endswith("119番か110番に電話してください。")
    assert "042-000-0000" in text
