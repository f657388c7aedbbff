"""Photos over HTTP: nobody sees one unless a guard says so."""

import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.kernel.files import access
from madoguchi.kernel.files import api as files
from madoguchi.kernel.files.data import FileRef
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

urlpatterns = [path("files/", include("madoguchi.kernel.files.urls"))]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def no_guards(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path
    monkeypatch.setattr(access, "_guards", [])


@pytest.fixture
def kept(town: Town) -> FileRef:
    out = io.BytesIO()
    Image.new("RGB", (960, 720), "red").save(out, "JPEG")
    return files.accept(out.getvalue())


def says(verdict: bool | None) -> Callable[[HttpRequest, FileRef], bool | None]:
    return lambda request, file: verdict


def get(client: Client, key: object, size: str = "full", host: str = "testserver") -> Any:
    return client.get(f"/files/{key}/{size}.jpg", headers={"host": host})


def test_who_may_see_it_gets_it_with_strict_headers(kept: FileRef, client: Client) -> None:
    files.register_guard(says(True))
    answer = get(client, kept.key, "thumb")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert Image.open(io.BytesIO(content)).size == (480, 360)
    headers = answer.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"].startswith("private")
    assert headers["Content-Disposition"] == f'inline; filename="photo-{str(kept.key)[:8]}.jpg"'
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ([], 404),
        ([None], 404),
        ([None, True], 200),
        ([True, False], 404),
        ([False, True], 404),
    ],
)
def test_one_guard_must_allow_it_and_none_forbid_it(
    kept: FileRef, client: Client, verdicts: list[bool | None], status: int
) -> None:
    for verdict in verdicts:
        files.register_guard(says(verdict))
    assert get(client, kept.key).status_code == status


def test_what_is_not_there_or_another_towns_is_404(
    kept: FileRef, other_town: Town, client: Client
) -> None:
    files.register_guard(says(True))
    with current.use(other_town.pk):
        theirs = files.accept(_photo("blue"))
    assert get(client, kept.key).status_code == 200
    assert get(client, uuid.uuid4()).status_code == 404
    assert get(client, theirs.key).status_code == 404
    at_their_house = get(client, kept.key, host="ome.example.jp")
    assert at_their_house.status_code == 404


@pytest.mark.parametrize("bad", ["x", "../../etc/passwd", "1"])
def test_a_key_that_is_none_is_404(town: Town, client: Client, bad: str) -> None:
    files.register_guard(says(True))
    assert get(client, bad).status_code == 404


def test_only_reading_is_offered(kept: FileRef, client: Client) -> None:
    files.register_guard(says(True))
    assert client.post(f"/files/{kept.key}/full.jpg").status_code == 405


def _photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()
