"""The doors of a device that kept messages: stored once, nobody else's, with their time."""

import io
import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.channels.web import device, limits
from madoguchi.channels.web.written import AHEAD, OLDEST
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import worker
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns.models import Town

SEND, TICKET, PAGE = "/message/send", "/message/ticket", "/message/"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64


@pytest.fixture(autouse=True)
def room(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """A folder for photos, and no memory of other tests' messages."""
    settings.DATA = tmp_path
    limits.devices = limits.FixedWindow(limits.PER_DEVICE)
    limits.addresses = limits.FixedWindow(limits.PER_ADDRESS)
    yield
    limits.devices = limits.FixedWindow(limits.PER_DEVICE)
    limits.addresses = limits.FixedWindow(limits.PER_ADDRESS)


def a_device(**options: Any) -> Client:
    """A browser that has its ticket."""
    client = Client(**options)
    assert client.get(TICKET).status_code == 200
    return client


def message(**fields: object) -> dict[str, object]:
    return {"once": str(uuid.uuid4()), "text": "", "where": "", **fields}


def jpeg() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(buffer, "JPEG")
    return SimpleUploadedFile("photo.jpg", buffer.getvalue(), "image/jpeg")


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", content, "image/jpeg")


def told(answer: Any) -> dict[str, Any]:
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    return dict(json.loads(answer.content))


def test_a_message_is_stored_and_said_to_be(town: Town) -> None:
    given = message(text="停電しています", photo=jpeg(), lat="35.65", lon="139.54", radius="30")
    answer = a_device().post(SEND, given)
    assert answer.status_code == 200
    assert told(answer) == {"stored": True, "once": given["once"], "photo": ""}
    row = Inbound.objects.get()
    assert (row.text, row.lat, row.radius_m) == ("停電しています", 35.65, 30)
    assert row.external_id == given["once"]
    assert row.file is not None


def test_a_repetition_is_answered_the_same_and_changes_nothing(town: Town) -> None:
    client, given = a_device(), message(text="停電しています")
    first = told(client.post(SEND, given))
    assert told(client.post(SEND, given | {"text": "復旧しました"})) == first
    assert told(client.post(SEND, given)) == first
    assert Inbound.objects.get().text == "停電しています"


def test_the_form_and_the_queue_know_each_others_messages(town: Town) -> None:
    client, given = a_device(), message(text="停電しています")
    assert client.post(PAGE, given).status_code == 302
    assert told(client.post(SEND, given))["stored"]
    assert client.post(PAGE, given).status_code == 302
    assert Inbound.objects.count() == 1


def test_the_id_of_another_device_shows_and_changes_nothing(town: Town) -> None:
    owner, stranger = a_device(), a_device()
    given = message(text="秘密の話です、停電しています")
    first = told(owner.post(SEND, given))
    fresh = told(stranger.post(SEND, given | {"text": "断水しています"}))
    assert fresh == first  # as for an id that nobody has used
    assert told(stranger.post(SEND, given | {"text": "断水しています"})) == first
    assert sorted(Inbound.objects.values_list("text", flat=True)) == sorted(
        ["秘密の話です、停電しています", "断水しています"]
    )
    assert "秘密" not in stranger.get(PAGE).content.decode()
    assert "断水" not in owner.get(PAGE).content.decode()


def test_a_device_without_a_key_is_asked_to_get_one(town: Town) -> None:
    for client in (Client(), Client(headers={"cookie": "md_device=forged:1:2"})):
        answer = client.post(SEND, message(text="停電しています"))
        assert answer.status_code == 409
        assert told(answer) == {"stored": False}
    assert Inbound.objects.count() == 0


def test_a_key_that_is_no_longer_known_is_replaced_and_the_message_goes(
    town: Town, settings: Settings
) -> None:
    client = a_device()
    settings.SECRET_KEY = "another" * 8
    given = message(text="停電しています")
    assert client.post(SEND, given).status_code == 409
    client.get(TICKET)
    assert told(client.post(SEND, given))["stored"]
    assert "停電しています" in client.get(PAGE).content.decode()


def test_a_browser_that_lost_its_key_after_sending_finds_its_conversation_again(
    town: Town,
) -> None:
    killed, given = Client(), message(text="停電しています")
    claim = told(killed.get(TICKET))["claim"]
    assert told(killed.post(SEND, given | {"claim": claim}))["stored"]
    again = a_device()
    assert told(again.post(SEND, given | {"claim": claim}))["stored"]
    assert Inbound.objects.count() == 1
    assert "停電しています" in again.get(PAGE).content.decode()


def test_a_conversation_under_a_new_key_is_not_left_for_an_old_one(town: Town) -> None:
    claim = told(Client().get(TICKET))["claim"]
    client = a_device()
    client.post(SEND, message(text="新しい話です、断水しています"))
    assert told(client.post(SEND, message(text="停電しています", claim=claim)))["stored"]
    assert "新しい話です" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("claim", ["", "x", "x:y:z", "\x00", "あ" * 5000])
def test_an_invented_claim_counts_for_nothing(town: Town, claim: str) -> None:
    client = a_device()
    assert told(client.post(SEND, message(text="停電しています", claim=claim)))["stored"]
    assert Client().post(SEND, message(text="停電", claim=claim)).status_code == 409
    assert "停電しています" in client.get(PAGE).content.decode()


def test_a_cookie_is_no_claim_and_a_claim_no_cookie(town: Town) -> None:
    client = a_device()
    cookie = client.cookies["md_device"].value
    assert device.claimed(cookie) is None
    claim = told(client.get(TICKET))["claim"]
    stranger = Client(headers={"cookie": f"md_device={claim}"})
    assert stranger.post(SEND, message(text="停電")).status_code == 409


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "何も入力されていません"),
        ({"text": "あ" * 5001}, "5000文字まで"),
        ({"where": "あ" * 201}, "200文字まで"),
        ({"once": "x", "text": "冠水"}, ""),
        ({"lat": "91", "lon": "139"}, ""),
        ({"photo": upload(HEIC)}, "HEIC"),
    ],
)
def test_what_cannot_be_taken_says_why(town: Town, fields: dict[str, Any], said: str) -> None:
    answer = a_device().post(SEND, message(**fields))
    assert answer.status_code == 422
    assert said in told(answer)["error"]
    assert Inbound.objects.count() == 0


@pytest.mark.parametrize(
    "content", [SVG, HEIC, b"no photo", b"\xff\xd8\xff" + b"\x00" * (21 * 1024 * 1024)]
)
def test_a_photo_that_is_refused_does_not_hold_back_the_words(town: Town, content: bytes) -> None:
    client, given = a_device(), message(text="停電しています")
    first = told(client.post(SEND, given | {"photo": upload(content)}))
    assert first["stored"]
    assert "写真" in first["photo"]
    again = told(client.post(SEND, given | {"photo": upload(content)}))
    assert again["stored"]
    assert "写真" in again["photo"]
    row = Inbound.objects.get()
    assert (row.text, row.file) == ("停電しています", None)


def test_a_photo_that_cannot_be_kept_now_is_asked_for_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(data: bytes) -> files.FileRef:
        raise files.FileNotKept("写真を保存できませんでした。")

    monkeypatch.setattr(files, "accept", full)
    client, given = a_device(), message(text="停電しています")
    answer = client.post(SEND, given | {"photo": jpeg()})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert Inbound.objects.count() == 0
    monkeypatch.undo()
    assert told(client.post(SEND, given | {"photo": jpeg()}))["photo"] == ""
    assert Inbound.objects.get().file is not None


def test_a_flood_is_held_back_with_the_time_to_come_again(town: Town) -> None:
    client = a_device()
    for _ in range(limits.PER_DEVICE):
        assert client.post(SEND, message(text="停電しています")).status_code == 200
    answer = client.post(SEND, message(text="停電しています"))
    assert (answer.status_code, answer["Retry-After"]) == (429, str(limits.WINDOW_S))
    assert "10分ほど待って" in told(answer)["error"]


def test_without_the_token_of_a_ticket_nothing_is_taken(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    token = told(client.get(TICKET))["token"]
    given = message(text="停電しています")
    assert client.post(SEND, given).status_code == 403
    assert client.post(SEND, given, headers={"X-CSRFToken": "x" * 64}).status_code == 403
    assert Inbound.objects.count() == 0
    assert client.post(SEND, given, headers={"X-CSRFToken": token}).status_code == 200


def test_a_ticket_of_today_sends_what_was_written_with_the_tokens_of_yesterday(
    town: Town, clock: FixedClock
) -> None:
    client = Client(enforce_csrf_checks=True)
    old = told(client.get(TICKET))["token"]
    client.cookies.clear()
    clock.advance(timedelta(hours=25))
    given = message(text="停電しています", written="0", sending=str(25 * 3_600_000))
    assert client.post(SEND, given, headers={"X-CSRFToken": old}).status_code == 403
    token = told(client.get(TICKET))["token"]
    assert client.post(SEND, given, headers={"X-CSRFToken": token}).status_code == 200
    row = Inbound.objects.get()
    assert row.received_at - row.sent_at == timedelta(hours=25)


@pytest.mark.parametrize(
    ("age", "kept"),
    [
        (timedelta(seconds=2), timedelta(0)),
        (timedelta(hours=3), timedelta(hours=3)),
        (timedelta(days=300), OLDEST),
        (timedelta(days=-300), -AHEAD),
    ],
)
def test_the_time_of_writing_is_kept_within_bounds(
    town: Town, age: timedelta, kept: timedelta
) -> None:
    sending = 2_000_000_000_000
    written = sending - round(age.total_seconds() * 1000)
    given = message(text="停電しています", written=str(written), sending=str(sending))
    assert told(a_device().post(SEND, given))["stored"]
    row = Inbound.objects.get()
    assert row.received_at - row.sent_at == kept


def test_late_words_are_worked_in_the_order_of_writing(town: Town) -> None:
    client = a_device()
    for hours, text in ((1, "国領町3丁目はまだ停電です"), (2, "国領町3丁目で停電しています")):
        age = str(hours * 3_600_000)
        client.post(SEND, message(text=text, written="0", sending=age))
    worker.work_inbox(lambda *_: b"")
    assert Inbound.objects.get(state=Inbound.State.DONE).text == "国領町3丁目で停電しています"


def test_forgetting_takes_the_key_off_the_device_and_nothing_out_of_the_town(town: Town) -> None:
    client = a_device()
    client.post(SEND, message(text="停電しています"))
    answer = client.post("/message/forget")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert client.cookies["md_device"].value == ""
    assert "停電しています" not in client.get(PAGE).content.decode()
    assert Inbound.objects.count() == 1


def test_the_same_id_in_another_town_is_another_message(town: Town, other_town: Town) -> None:
    client, given = a_device(), message(text="停電しています")
    there = {"host": "ome.example.jp"}
    assert told(client.post(SEND, given))["stored"]
    assert told(client.post(SEND, given, headers=there))["stored"]
    assert Inbound.objects.count() == 1  # here; the other stands there


def test_the_page_gives_the_device_its_key_before_anything_is_sent(town: Town) -> None:
    client = Client()
    client.get(PAGE)
    key = client.cookies["md_device"].value
    assert key
    client.post(PAGE, message(text="停電しています"))
    assert "停電しています" in client.get(PAGE).content.decode()
