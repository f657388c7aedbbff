"""What comes in: exactly once, nothing lost, robots never answered, trouble said to staff."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from madoguchi.channels.mail import collecting, health, mailbox, parse
from madoguchi.channels.mail.data import Letter
from madoguchi.channels.mail.models import Mailbox, StoredLetter
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.files.data import FileNotKept
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Contact
from madoguchi.services.disaster.models import Photo
from madoguchi.web import health as signs

from .conftest import ADDRESS, FOLDER, RESIDENT, House, letter, parsed

PLACE = "調布市布田1丁目の道路が冠水しています。"


def photo(colour: str = "red") -> bytes:
    """A photo of a phone."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    return out.getvalue()


def with_photos(*photos: bytes, number: int = 1, text: str = PLACE) -> bytes:
    """A letter with attachments."""
    mail = parsed(letter(text, number=number))
    for data in photos:
        mail.add_attachment(data, maintype="image", subtype="jpeg", filename="a.jpg")
    return bytes(mail)


# Exactly once


def test_a_mail_that_comes_twice_or_is_moved_is_one(house: House) -> None:
    mail = letter(PLACE)
    house.put(mail, b"Received: by another way\r\n" + mail)
    assert house.look() == 1
    with house.post.imap.client(ADDRESS) as client:
        client.select(FOLDER)
        client.copy("1", "INBOX")
        client.select("INBOX")
        client.copy("1", FOLDER)
    assert house.look() == 0
    assert house.heard() == [PLACE]
    assert house.post.imap.unseen(ADDRESS, FOLDER) == 0


def test_the_same_message_id_with_other_words_is_another_mail(house: House) -> None:
    house.put(letter("布田で冠水", number=1), letter("布田で火事", number=1))
    assert house.look() == 2


def test_a_mailbox_that_is_numbered_anew_brings_nothing_twice_and_loses_nothing(
    house: House,
) -> None:
    house.put(*(letter(f"冠水 {n}", number=n) for n in range(4)))
    house.look()
    house.post.imap.number_anew(ADDRESS, FOLDER)
    house.put(letter("冠水 新しい", number=9))
    assert house.look() == 1
    assert sorted(house.heard()) == sorted([*(f"冠水 {n}" for n in range(4)), "冠水 新しい"])


def test_mails_from_before_the_town_used_the_mailbox_are_not_answered(house: House) -> None:
    old = clock.now() - timedelta(days=60)
    house.post.imap.number_anew(ADDRESS, FOLDER)
    house.put(letter("去年の話", number=1, at=old), letter(PLACE, number=2, at=clock.now()))
    house.look()
    assert house.heard() == [PLACE]
    assert StoredLetter.objects.get(kind="old").text == "去年の話"


def test_the_first_look_begins_with_what_comes_from_now_on(house: House) -> None:
    Mailbox.objects.all().delete()
    house.put(letter("前からあるメール", number=1))
    house.look()
    house.put(letter(PLACE, number=2))
    house.look()
    assert house.heard() == [PLACE]


def test_a_kill_between_storing_and_marking_as_seen_costs_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.put(letter(PLACE))
    with monkeypatch.context() as patch:

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(mailbox.Mailbox, "mark_seen", die)
        with pytest.raises(KeyboardInterrupt):
            house.look()
    house.clock.advance(timedelta(minutes=2))
    assert house.look() == 0
    assert house.heard() == [PLACE]


def test_a_kill_before_storing_loses_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.put(letter(PLACE))
    with monkeypatch.context() as patch:

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(collecting, "_stands_at", die)
        with pytest.raises(KeyboardInterrupt):
            house.look()
    assert house.heard() == []
    house.clock.advance(timedelta(minutes=2))
    assert house.look() == 1


# Robots


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Auto-Submitted": "auto-replied"}, "automatic"),
        ({"List-Id": "<news.example.jp>"}, "list"),
        ({"Precedence": "bulk"}, "list"),
    ],
)
def test_robots_and_lists_are_kept_and_never_answered(
    house: House, headers: dict[str, str], kind: str
) -> None:
    house.put(letter(PLACE, headers=headers))
    house.work()
    assert house.stored().kind == kind
    assert house.stored().text == PLACE
    assert not Inbound.objects.exists()
    assert house.post.smtp.taken == []


def test_our_own_address_is_not_answered(house: House) -> None:
    house.put(letter(PLACE, sender=f"調布市 <{ADDRESS}>"))
    house.work()
    assert house.stored().kind == "own"
    assert house.post.smtp.taken == []


def test_a_program_that_answers_without_saying_so_is_stopped(house: House) -> None:
    for number in range(12):
        house.put(letter("お問い合わせを受け付けました。", sender="a@b.jp", number=number))
        house.work()
    assert len(house.post.smtp.to("a@b.jp")) == 5
    assert StoredLetter.objects.filter(kind="repeated").count() == 7
    assert "届いたメール" in _advice(house)


def test_many_mails_of_one_sender_are_stopped_whatever_they_say(house: House) -> None:
    house.put(*(letter(f"受付番号 {n}", sender="a@b.jp", number=n) for n in range(33)))
    while house.look():
        pass
    assert Inbound.objects.count() == 30
    assert StoredLetter.objects.count() == 33


# Photos


def test_photos_come_along(house: House) -> None:
    house.put(with_photos(photo("red"), photo("blue")))
    house.work()
    assert Photo.objects.count() == 2
    assert Inbound.objects.count() == 2


def test_what_is_no_photo_is_refused_politely_and_the_words_count(house: House) -> None:
    house.put(with_photos(b"\xff\xd8\xff" + b"no photo at all" * 100))
    house.work()
    [inbound] = Inbound.objects.all()
    assert inbound.file_note
    assert inbound.text == PLACE
    [answer] = house.post.smtp.to(RESIDENT)
    assert inbound.file_note in answer.get_content()
    assert "受付番号" in answer.get_content()


def test_a_mail_that_is_too_large_says_its_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MAX_BYTES", 40_000)
    monkeypatch.setattr(collecting, "BEGINNING", 20_000)
    out = io.BytesIO()
    Image.effect_noise((300, 300), 60).save(out, "JPEG", quality=95)
    house.put(with_photos(out.getvalue()))
    house.work()
    assert house.heard() == [PLACE]
    assert Inbound.objects.get().file_note == parse.TOO_BIG
    assert parse.TOO_BIG in house.post.smtp.to(RESIDENT)[0].get_content()


def test_thirty_megabytes_are_not_fetched(house: House) -> None:
    house.put(with_photos(b"\xff\xd8\xff" + bytes(23_000_000)))
    assert house.look() == 1
    assert house.stored().size > 30_000_000
    assert Inbound.objects.get().file_note == parse.TOO_BIG


def test_a_full_disk_keeps_the_mail_waiting(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.put(with_photos(photo()))
    with monkeypatch.context() as patch:

        def full(_data: bytes) -> None:
            raise FileNotKept("いま写真を保存できません。")

        patch.setattr(files, "accept", full)
        assert house.look() == 0
    assert "ディスク" in house.box().trouble
    house.clock.advance(timedelta(minutes=6))
    assert house.look() == 1
    assert house.box().trouble == ""


# Bad input


def test_a_mail_without_a_sender_is_heard_and_staff_sees_that_nobody_was_answered(
    house: House,
) -> None:
    house.put(letter(PLACE, sender=""))
    house.work()
    assert house.heard() == [PLACE]
    row = Outbox.objects.get()
    assert row.state == "refused"
    assert "電話など別の方法" in row.detail


def test_a_forged_address_of_staff_is_a_stranger_like_any_other(house: House) -> None:
    member = people.add_staff("staff@town.example.jp", "職員", "admin", actor="system:test")
    house.put(letter("布田1丁目の案件を閉じてください", sender="職員 <staff@town.example.jp>"))
    house.work()
    contact = Contact.objects.get()
    assert (contact.channel, contact.verified) == ("mail", False)
    assert not contact.person.display_name
    assert member.active
    assert Inbound.objects.get().sender == "staff@town.example.jp"


def test_broken_mails_do_not_stop_the_others(house: House) -> None:
    broken = b"Content-Type: multipart/mixed; boundary=x\r\nFrom: <<<\r\n\r\n\x00\xff\xfe\x80"
    house.put(broken, letter(PLACE, number=2))
    assert house.look() == 2
    assert PLACE in house.heard()


def test_a_mail_that_cannot_be_read_is_set_aside_and_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = parse.parse

    def fail(data: bytes, own: str, *, cut: bool) -> Letter:
        if b"poison" in data:
            raise RuntimeError
        return real(data, own, cut=cut)

    monkeypatch.setattr(parse, "parse", fail)
    house.put(letter("poison", number=1), letter(PLACE, number=2))
    house.look()
    assert house.look() == 0
    assert house.heard() == [PLACE]
    assert StoredLetter.objects.get(kind="unread").why
    assert "届いたメール" in _advice(house)
    assert house.post.imap.unseen(ADDRESS, FOLDER) == 1


def test_who_says_goodbye_follows_no_more(house: House) -> None:
    house.put(letter(PLACE, number=1))
    house.work()
    house.put(letter("", subject="配信停止", number=2))
    house.work()
    assert Contact.objects.get().following is False
    assert len(house.post.smtp.taken) == 1


# A mailbox in trouble


def _advice(house: House) -> str:
    house.town.refresh_from_db()
    found = health.condition(house.town)
    assert found is not None
    return found.advice


def test_another_password_is_said_on_the_line_of_health_and_nothing_is_lost(house: House) -> None:
    house.post.imap.let_in(ADDRESS, "changed")
    house.put(letter(PLACE))
    assert house.look() == 0
    assert "パスワード" in _advice(house)
    assert any("パスワード" in sign.advice for sign in signs.of_town())
    house.post.imap.let_in(ADDRESS)
    house.clock.advance(timedelta(minutes=6))
    assert house.look() == 1
    assert _advice(house) == ""


def test_a_mailbox_that_disappears_and_comes_back(house: House) -> None:
    house.put(letter(PLACE, number=1))
    house.look()
    with house.post.imap.client(ADDRESS) as client:
        client.delete(FOLDER)
    assert house.look() == 0
    assert "フォルダー" in _advice(house)
    with house.post.imap.client(ADDRESS) as client:
        client.create(FOLDER)
    house.put(letter(PLACE, number=1), letter("新しい知らせ", number=2))
    house.clock.advance(timedelta(minutes=6))
    assert house.look() == 1
    assert house.heard() == [PLACE, "新しい知らせ"]


def test_a_server_that_is_down_is_asked_less_and_less_often(house: House) -> None:
    port = house.town.settings["mail"]["imap_port"]
    house.town.settings["mail"]["imap_port"] = 1
    house.town.save()
    for _ in range(12):
        house.look()
    assert "応答がありません" in _advice(house)
    assert house.box().failures < 8
    house.town.settings["mail"]["imap_port"] = port
    house.town.save()
    house.put(letter(PLACE))
    house.clock.advance(timedelta(minutes=6))
    assert house.look() == 1


def test_a_clock_that_was_set_back_does_not_stop_the_reading(house: House) -> None:
    house.put(letter(PLACE))
    house.clock.advance(timedelta(days=-30))
    assert house.look() == 1


def test_a_look_too_long_ago_is_said(house: House) -> None:
    house.clock.advance(timedelta(minutes=10))
    assert "見ていません" in str(health.condition(house.town))


def test_an_erased_person_leaves_no_words_behind(house: House) -> None:
    house.put(letter("布田1丁目の花子です。冠水しています。", subject="花子より"))
    house.work()
    people.erase(Contact.objects.get().person_id, actor="system:test")
    row = house.stored()
    assert (row.text, row.subject, row.sender, row.message_id) == ("", "", "", "")
