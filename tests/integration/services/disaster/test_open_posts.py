"""Open posts among what residents tell: unverified, never answered, no witnesses."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import inbox, worker
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Conversation, Outbox
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster import live, showing
from madoguchi.services.disaster.models import Photo, Report

from .conftest import MAIN_JOB, Hall, Resident, no_media, only_case, signed_in

POST = "調布市の多摩川住宅の前の道路が冠水しています、車が動けません"


@pytest.fixture
def stranger(town: Town, clock: FixedClock) -> Resident:
    """Somebody who posts where everybody can read it."""
    return Resident(clock, "mastodon-somebody", channel="sns")


def on_the_map() -> list[dict[str, Any]]:
    """The cases as the map gets them."""
    answer = json.loads(live.changes(0)[1])
    return [dict(zip(answer["fields"], row, strict=True)) for row in answer["rows"]]


def test_a_post_alone_is_no_witness_and_shown_as_unverified(
    stranger: Resident, hall: Hall, desk: Client
) -> None:
    assert stranger.say(POST) == ""
    case = only_case()
    row = showing.row(case)
    assert (row.witnesses, row.posts, row.unverified) == (0, 1, True)
    [item] = on_the_map()
    assert (item["witnesses"], item["posts"]) == (0, 1)
    for page in (f"/staff/cases/{case.number}/", "/staff/cases/"):
        assert "未確認（SNS）" in desk.get(page).content.decode()


def test_a_resident_who_tells_of_the_same_makes_it_verified(
    stranger: Resident, neighbour: Resident, hall: Hall, desk: Client
) -> None:
    stranger.say(POST)
    neighbour.say(MAIN_JOB)
    Report.objects.update(case=Case.objects.earliest("id"))
    Case.objects.filter(pk=Case.objects.earliest("id").pk).update(witnesses=2)
    row = showing.row(Case.objects.earliest("id"))
    assert (row.witnesses, row.posts, row.unverified) == (1, 1, False)
    page = desk.get(f"/staff/cases/{row.number}/").content.decode()
    assert "1人（ほかに、SNSの投稿1件）" in page
    assert "だれでも読める投稿だけで知った案件" not in page


@pytest.mark.parametrize(
    "text",
    [
        POST,
        "調布市で冠水、車が動けません",  # the place is not told
        "助けて！調布市で家が燃えています",  # danger to life
        "調布市さんありがとう",  # chatter
        "わかりません",
        "はい、そこです",
    ],
)
def test_nobody_who_posts_openly_is_answered_or_asked(stranger: Resident, text: str) -> None:
    stranger.say(text)
    stranger.say(text)
    assert not Outbox.objects.exists()
    assert not Conversation.objects.exists()
    assert not Case.objects.filter(ask_pending=True).exists()


def test_what_staff_does_reaches_nobody_who_posts_openly(
    stranger: Resident, hall: Hall, desk: Client
) -> None:
    stranger.say(POST)
    case = only_case()
    desk.post(f"/staff/cases/{case.number}/state", {"verb": "start", "seq": case.seq})
    desk.post(f"/staff/cases/{case.number}/write", {"note": "確認しています"})
    assert not Outbox.objects.exists()


def photo_with_a_position() -> bytes:
    """A photo that says where it was taken: 調布市, in the way of cameras (EXIF)."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 39.0, 0.0), 3: "E", 4: (139.0, 32.0, 30.0)})
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "blue").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_position_in_a_picture_is_not_the_place_of_a_post(
    stranger: Resident, photo_key: str, clock: FixedClock
) -> None:
    photo = files.accept(photo_with_a_position())
    assert photo.point is not None
    text = Incoming("p1", EventKind.TEXT, "s", clock.now(), text="調布市で冠水", message="m1")
    picture = replace(
        text, external_id="p2", kind=EventKind.IMAGE, text="", file_key=str(photo.key)
    )
    inbox.receive("sns", [text, picture])
    while worker.work_inbox(no_media):
        pass
    report = Report.objects.get()
    assert Photo.objects.get().report == report
    assert (report.lat, only_case().lat) == (None, None)


def test_a_picture_without_its_words_makes_no_case(stranger: Resident, photo_key: str) -> None:
    stranger.say(file_key=photo_key)
    assert not Case.objects.exists()
    assert not Report.objects.exists()


def test_staff_can_open_a_case_for_a_post_that_was_read_as_chatter(
    stranger: Resident, hall: Hall, desk: Client
) -> None:
    stranger.say("ありがとうございました")
    report = Report.objects.get()
    assert report.case is None
    desk.post(f"/staff/voices/{report.inbound_id}/open")
    assert showing.row(only_case()).unverified
    assert not Case.objects.filter(ask_pending=True).exists()


def test_a_viewer_sees_the_mark_too(stranger: Resident, hall: Hall) -> None:
    stranger.say(POST)
    stranger.clock.advance(timedelta(seconds=1))
    assert "未確認（SNS）" in signed_in(hall.viewer).get("/staff/cases/").content.decode()
