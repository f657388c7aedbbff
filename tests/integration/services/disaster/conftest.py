"""A town hall with two departments, three members of staff, and residents who write."""

import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import inbox, worker
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Department, StaffMember
from madoguchi.kernel.places.data import Point
from madoguchi.kernel.towns.models import Town

MAIN_JOB = "多摩川住宅の前の道路が冠水、車が動けません"


def no_media(channel: str, town_id: int, media: str) -> bytes:
    """No test here fetches photos from a channel."""
    raise AssertionError(f"{channel} was asked for {media}")


@dataclass
class Resident:
    """Somebody who writes on one channel and reads the answers."""

    clock: FixedClock
    address: str
    channel: str = "web"
    said: int = 0
    last_row: int = 0

    def say(
        self,
        text: str = "",
        *,
        point: Point | None = None,
        file_key: str = "",
        kind: EventKind | None = None,
        reply_token: str = "",
    ) -> str:
        """Send something, let the worker take it, and return the answer."""
        self.clock.advance(timedelta(seconds=20))
        self.said += 1
        if kind is None:
            kind = EventKind.TEXT if text else EventKind.LOCATION if point else EventKind.IMAGE
        event = Incoming(
            f"{self.address}-{self.said}",
            kind,
            self.address,
            self.clock.now(),
            text=text,
            point=point,
            file_key=file_key,
            reply_token=reply_token,
        )
        inbox.receive(self.channel, [event])
        worker.work_inbox(no_media)
        return self.news()

    def news(self) -> str:
        """What this resident was told since the last look."""
        rows = Outbox.objects.filter(
            channel=self.channel, recipient=self.address, id__gt=self.last_row
        ).order_by("id")
        self.last_row = max((row.pk for row in rows), default=self.last_row)
        return "\n".join(message["text"] for row in rows for message in row.messages)


@pytest.fixture
def resident(town: Town, clock: FixedClock) -> Resident:
    """A resident on the web page."""
    return Resident(clock, "w-resident")


@pytest.fixture
def neighbour(town: Town, clock: FixedClock) -> Resident:
    """Another one, by LINE."""
    return Resident(clock, "Uneighbour", channel="line")


@dataclass
class Hall:
    """The town's staff."""

    roads: Department
    operator: StaffMember
    viewer: StaffMember


@pytest.fixture
def hall(town: Town) -> Hall:
    """One department, one operator, one viewer."""
    roads = Department.objects.create(name="道路管理課")
    operator, viewer = (
        people.add_staff(role, name, role, department=roads, actor="system:test")
        for role, name in (("operator", "職員一"), ("viewer", "職員二"))
    )
    return Hall(roads, operator, viewer)


def signed_in(member: StaffMember) -> Client:
    """A browser in which a member of staff has used a one-time link."""
    client = Client()
    answer = client.post(f"/staff/enter/{people.make_sign_in_link(member)}")
    assert answer.status_code == 302
    return client


@pytest.fixture
def desk(hall: Hall) -> Client:
    """A browser in which the operator is signed in."""
    return signed_in(hall.operator)


def only_case() -> Case:
    """The one case that there is."""
    return Case.objects.get()


@pytest.fixture
def photo_key(town: Town, settings: Settings, tmp_path: Path) -> str:
    """A photo that the town keeps."""
    settings.DATA = tmp_path
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (20, 90, 160)).save(buffer, "JPEG")
    return str(files.accept(buffer.getvalue()).key)
