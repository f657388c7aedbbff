"""What stands at the doors: photos for staff alone, pages without inline script or style."""

import io
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import include, path
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.kernel.files import access
from madoguchi.kernel.files import api as files
from madoguchi.kernel.files.data import FileRef
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.access import staff_may_see
from madoguchi.kernel.people.models import StaffMember

from . import conftest
from .conftest import enter

urlpatterns = [*conftest.urlpatterns, path("files/", include("madoguchi.kernel.files.urls"))]


@pytest.fixture
def photo(
    operator: StaffMember, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> FileRef:
    settings.DATA = tmp_path
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(access, "_guards", [staff_may_see])
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    return files.accept(out.getvalue())


def test_photos_are_for_staff_of_the_town(
    photo: FileRef, client: Client, operator: StaffMember, stranger: StaffMember
) -> None:
    address = f"/files/{photo.key}/full.jpg"
    assert client.get(address).status_code == 404
    enter(client, operator)
    assert client.get(address).status_code == 200
    theirs = Client()
    enter(theirs, stranger, host="ome.example.jp")
    assert theirs.get(address).status_code == 404
    assert theirs.get(address, headers={"host": "ome.example.jp"}).status_code == 404


@pytest.mark.usefixtures("house")
def test_no_page_of_sign_in_holds_a_script_or_style_of_its_own(
    client: Client, operator: StaffMember
) -> None:
    token = people.make_sign_in_link(operator)
    pages = [client.get(f"/accounts/login/{x}") for x in ("", "?next=/staff/%22%3E%3Cscript%3E")]
    pages += [client.get(f"/staff/enter/{token}"), client.get("/staff/enter/wrong")]
    pages += [client.get(f"/accounts/{name}/") for name in ("inactive", "provider/error")]
    enter(client, operator)
    pages += [client.get(f"/accounts/{name}/") for name in ("logout", "passkeys", "passkeys/add")]
    pages.append(client.get("/staff/managers/"))
    for page in pages:
        assert page.status_code in (200, 401, 403, 410)
        html = page.content.decode()
        for attributes in re.findall(r"<script([^>]*)>", html):
            assert "src=" in attributes or 'type="application/json"' in attributes
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("pk", [1, 999])
def test_another_persons_passkey_is_not_there(
    client: Client, operator: StaffMember, stranger: StaffMember, pk: int
) -> None:
    enter(client, operator)
    for act in ("edit", "remove"):
        assert client.get(f"/accounts/passkeys/{pk}/{act}/").status_code == 404
