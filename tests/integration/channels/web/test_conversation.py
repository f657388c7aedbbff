"""The conversation page: nothing lost, nothing twice, nobody else's words."""

import io
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.channels.web import limits
from madoguchi.kernel.messages import worker
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns.models import Town

URL = "/message/"


@pytest.fixture(autouse=True)
def room(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """A folder for photos, and no memory of other tests' messages."""
    settings.DATA = tmp_path
    limits.devices = limits.FixedWindow(limits.PER_DEVICE)
    limits.addresses = limits.FixedWindow(limits.PER_ADDRESS)
    yield
    limits.devices = limits.FixedWindow(limits.PER_DEVICE)
    limits.addresses = limits.FixedWindow(limits.PER_ADDRESS)


def no_media(channel: str, town_id: int, media: str) -> bytes:
    raise AssertionError(media)


def jpeg() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(buffer, "JPEG")
    return SimpleUploadedFile("photo.jpg", buffer.getvalue(), "image/jpeg")


def message(**fields: object) -> dict[str, object]:
    return {"once": str(uuid.uuid4()), "text": "", "where": "", **fields}


def test_words_place_and_photo_are_one_message_and_the_answer_is_on_the_page(town: Town) -> None:
    resident = Client()
    given = message(text="道路が冠水しています", where="国領町3丁目", photo=jpeg())
    assert resident.post(URL, given).status_code == 302
    worker.work_inbox(no_media)
    page = resident.get(URL).content.decode()
    assert "受付番号は" in page
    assert "国領町三丁目" in page
    assert "あなたが送った写真" in page
    assert Inbound.objects.get().file is not None


def test_a_second_press_of_the_button_is_not_a_second_message(town: Town) -> None:
    resident, given = Client(), message(text="停電しています")
    resident.post(URL, given)
    resident.post(URL, given)
    assert Inbound.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "何も入力されていません"),
        ({"text": " \n "}, "何も入力されていません"),
        ({"text": "あ" * 5001}, "5000文字まで"),
        ({"once": "x", "text": "冠水"}, "入力を確かめてください"),
    ],
)
def test_what_cannot_be_sent_says_what_to_do(town: Town, fields: dict[str, str], said: str) -> None:
    answer = Client().post(URL, message(**fields))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Inbound.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("photo.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64),
        ("photo.jpg", b"not a photo"),
        ("photo.jpg", b"\xff\xd8\xff" + b"\x00" * (21 * 1024 * 1024)),
    ],
)
def test_a_photo_that_is_refused_does_not_cost_the_words(
    town: Town, name: str, content: bytes
) -> None:
    upload = SimpleUploadedFile(name, content, "image/jpeg")
    answer = Client().post(URL, message(text="道路が冠水しています", photo=upload))
    assert answer.status_code == 422
    assert "道路が冠水しています" in answer.content.decode()


def test_an_answer_that_comes_after_the_page_was_drawn_changes_its_version(town: Town) -> None:
    resident = Client()
    resident.post(URL, message(text="国領町3丁目で停電しています"))
    drawn = resident.get(URL).context["version"]
    assert resident.get(f"{URL}log")["X-Talk-Version"] == drawn
    worker.work_inbox(no_media)
    answered = resident.get(f"{URL}log")
    assert "受付番号は" in answered.content.decode()
    assert answered["X-Talk-Version"] != drawn
    assert resident.get(f"{URL}log")["X-Talk-Version"] == answered["X-Talk-Version"]


def test_nobody_sees_anothers_talk(town: Town) -> None:
    resident, stranger = Client(), Client()
    resident.post(URL, message(text="秘密の話です、停電しています"))
    worker.work_inbox(no_media)
    assert "秘密の話" in resident.get(URL).content.decode()
    for client in (stranger, Client(headers={"cookie": "md_device=forged:1:2"})):
        assert "秘密の話" not in client.get(URL).content.decode()
        assert "秘密の話" not in client.get(f"{URL}log").content.decode()


def test_the_same_device_is_another_resident_in_another_town(town: Town, other_town: Town) -> None:
    resident = Client()
    resident.post(URL, message(text="秘密の話です、停電しています"))
    there = resident.get(URL, headers={"host": "ome.example.jp"})
    assert "秘密の話" not in there.content.decode()


def test_a_flood_of_messages_from_one_device_is_held_back_and_the_words_stay(town: Town) -> None:
    resident = Client()
    for _ in range(limits.PER_DEVICE + 1):
        resident.post(URL, message(text="停電しています"))
    answer = resident.post(URL, message(text="停電が続いています"))
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "停電が続いています" in page
    assert "10分ほど待って" in page


def test_a_post_without_the_pages_token_is_refused(town: Town) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(URL, message(text="停電")).status_code == 403
    assert Inbound.objects.count() == 0
