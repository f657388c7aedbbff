"""Residents who ask for help, and staff who answer."""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import inbox, worker
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Department, StaffMember
from madoguchi.kernel.towns.models import Town
from madoguchi.services.helpdesk.models import HelpRequest


@dataclass
class Resident:
    """Somebody who writes; ``say`` returns what they are answered."""

    clock: FixedClock
    address: str
    channel: str = "line"
    heard: int = field(default=0)

    def say(self, text: str = "", *, kind: EventKind = EventKind.TEXT, file_key: str = "") -> str:
        self.clock.advance(timedelta(seconds=20))
        event = Incoming(
            uuid.uuid4().hex, kind, self.address, self.clock.now(), text=text, file_key=file_key
        )
        inbox.receive(self.channel, [event])
        worker.work_inbox(lambda *_: b"")
        return self.news()

    def news(self) -> str:
        """What they were told since the last look."""
        rows = Outbox.objects.filter(
            channel=self.channel, recipient=self.address, id__gt=self.heard
        ).order_by("id")
        self.heard = max((row.pk for row in rows), default=self.heard)
        return "\n".join(message["text"] for row in rows for message in row.messages)


@pytest.fixture
def resident(town: Town, clock: FixedClock) -> Resident:
    """A resident on LINE, in a town with a help desk's telephone."""
    town.contact_phone = "042-000-1111"
    town.settings["help_phone"] = "042-000-2222"
    town.services = ["disaster", "helpdesk"]
    town.save()
    return Resident(clock, "Uhelp")


@pytest.fixture
def operator(town: Town) -> StaffMember:
    department = Department.objects.create(name="デジタル推進課")
    return people.add_staff("op", "相談員", "operator", department=department, actor="system:test")


@pytest.fixture
def desk(operator: StaffMember) -> Client:
    """A browser of the operator."""
    client = Client()
    client.force_login(operator.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    return client


@pytest.fixture
def act(desk: Client, operator: StaffMember) -> Callable[..., None]:
    """Presses a button on the page of a request, signed in anew: hours may have passed."""

    def press(row: HelpRequest, verb: str, **fields: object) -> None:
        desk.force_login(operator.user, backend="madoguchi.kernel.people.backends.StaffBackend")
        answer = desk.post(f"/staff/helpdesk/{row.case.number}/act", {"verb": verb} | fields)
        assert answer.status_code == 302

    return press


@pytest.fixture
def photo_key(town: Town, settings: Settings, tmp_path: Path) -> str:
    """A photo that the town keeps."""
    settings.DATA = tmp_path
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (20, 90, 160)).save(buffer, "JPEG")
    return str(files.accept(buffer.getvalue()).key)
