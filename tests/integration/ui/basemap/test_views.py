"""Rivers and roads as the staff map asks for them."""

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from django.test import Client

from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import current
from madoguchi.ui.basemap import stored

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

URL = "/staff/map/ground"
MAPS = {"13208": b'{"features":["chofu"]}', "13205": b'{"features":["ome"]}'}


@pytest.fixture(autouse=True)
def maps(tmp_path: Path, settings: Any) -> None:
    """Both towns have imported a map."""
    settings.DATA = tmp_path
    for code, plain in MAPS.items():
        stored.keep(code, stored.pack(plain))


def sign_in(client: Client, role: str = "viewer", host: str = "testserver") -> Client:
    """A browser of somebody of the current town."""
    member = people.add_staff(f"{role}-{host}", "窓口 太郎", role, actor="system:test")
    client.post(f"/staff/enter/{people.make_sign_in_link(member)}", headers={"host": host})
    return client


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [("br, gzip", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", None, bytes)],
)
def test_it_comes_compressed_as_the_browser_likes(
    client: Client, town: "Town", accepted: str, encoding: str | None, decode: Any
) -> None:
    response = sign_in(client).get(URL, headers={"accept-encoding": accepted})
    assert response.status_code == 200
    assert response.headers.get("Content-Encoding") == encoding
    assert decode(response.content) == MAPS["13208"]
    assert response["Content-Type"] == "application/geo+json"
    assert "Cookie" in response["Vary"]


def test_it_comes_once(client: Client, town: "Town") -> None:
    sign_in(client)
    etag = client.get(URL)["ETag"]
    again = client.get(URL, headers={"if-none-match": f"W/{etag}"})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    stored.keep("13208", stored.pack(b'{"features":["newer"]}'))
    newer = client.get(URL, headers={"if-none-match": etag})
    assert newer.status_code == 200
    assert newer["ETag"] != etag


def test_each_town_sees_its_own(client: Client, town: "Town", other_town: "Town") -> None:
    assert json.loads(sign_in(client).get(URL).content) == {"features": ["chofu"]}
    with current.use(other_town.pk):
        there = sign_in(Client(), host=other_town.hostname)
    answer = there.get(URL, headers={"host": other_town.hostname})
    assert json.loads(answer.content) == {"features": ["ome"]}


def test_staff_of_another_town_are_refused(
    client: Client, town: "Town", other_town: "Town"
) -> None:
    with current.use(other_town.pk):
        sign_in(client, "admin", host=other_town.hostname)
    assert client.get(URL, headers={"host": other_town.hostname}).status_code == 200
    assert client.get(URL).status_code == 403


def test_strangers_are_asked_to_sign_in(client: Client, town: "Town") -> None:
    assert client.get(URL).status_code == 302
    assert client.get(URL, headers={"accept": "application/json"}).status_code == 401


def test_a_town_without_one_gets_nothing(client: Client, town: "Town") -> None:
    stored.remove("13208")
    response = sign_in(client).get(URL)
    assert (response.status_code, response.content) == (204, b"")


def test_it_is_only_read(client: Client, town: "Town") -> None:
    assert sign_in(client, "admin").post(URL).status_code == 405


def test_the_staff_map_asks_for_it_and_credits_it(client: Client, town: "Town") -> None:
    html = sign_in(client).get("/staff/map/").content.decode()
    assert f'data-ground-url="{URL}"' in html
    assert 'data-part="credit"' in html
