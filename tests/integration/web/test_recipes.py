"""A town's set-up travels to another town, and nothing else does."""

import io
import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Department
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.ui import recipes, services

MARK = "しるし"
"""In every text of the first town that may not travel."""


def signed_in(town: Town) -> Client:
    with current.use(town.pk):
        member = people.take_in("管理者", "admin", actor="system:test")
    client = Client(SERVER_NAME=town.hostname or "testserver")
    client.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    return client


def offer(client: Client, data: bytes) -> Any:
    """Choose a file; the page with what it would change."""
    file = io.BytesIO(data)
    file.name = "recipe.json"
    return client.post("/staff/recipes/preview", {"file": file})


def test_a_set_up_travels_and_only_the_chosen_parts_are_taken(town: Town, other_town: Town) -> None:
    for order, name in enumerate(["防災課", "道路課"]):
        Department.objects.create(name=name, order=order)
    town.services = [s for s in services.at_start() if s != "disaster"]
    town.settings = {"tiles": "gsi", "sns": {"words": ["雪"]}, services.CHANNELS_OFF: ["web"]}
    town.save()
    file = signed_in(town).post("/staff/recipes/export")
    assert file["Content-Type"] == "application/json"
    with current.use(other_town.pk):
        Department.objects.create(name="道路課")
    theirs = signed_in(other_town)
    page = offer(theirs, file.content).content.decode()
    for line in (
        "「災害・困りごとの知らせ」を切る",
        "「ウェブの窓口」を切る",
        "「防災課」を加える",
        "地理院タイル",
        "「雪」を探すことばに加える",
    ):
        assert line in page
    assert "「道路課」を加える" not in page
    other_town.refresh_from_db()
    assert "disaster" in other_town.services
    text = file.content.decode()
    theirs.post("/staff/recipes/apply", {"text": text, "part": ["departments", "words"]})
    other_town.refresh_from_db()
    assert "disaster" in other_town.services
    assert other_town.settings["sns"] == {"words": ["雪"]}
    assert "tiles" not in other_town.settings
    with current.use(other_town.pk):
        names = Department.objects.order_by("order", "pk").values_list("name", flat=True)
        assert set(names) == {"道路課", "防災課"}
        [entry] = Entry.objects.filter(verb="recipe.apply")
        assert entry.ids["parts"] == "departments+words"
    theirs.post("/staff/recipes/apply", {"text": text, "part": [p.name for p in recipes.parts()]})
    other_town.refresh_from_db()
    assert recipes.parse(file.content)["services"] == {
        "on": other_town.services,
        "channels_off": ["web"],
    }
    assert "変わるものはありません" in offer(theirs, file.content).content.decode()


def test_no_row_of_any_table_and_no_other_setting_travels(town: Town) -> None:
    """Every setting holds our mark, and of all tables only that of departments is read."""
    secret_settings = {
        "line": {"secret_file": f"secrets/{MARK}", "token_env": MARK},
        "sns": {"mastodon_host": MARK, "hashtags": [MARK], "words": ["浸水"], "names": [MARK]},
        "mail": {"address": f"{MARK}@example.jp", "password_file": MARK},
        "sms": {"account_sid": MARK, "sender": "+810000000000"},
        "help_phone": f"{MARK}042-000-0000",
        MARK: {"deep": [{"deeper": MARK}]},
        "drill": True,
    }
    town.settings = secret_settings
    town.hostname, town.contact_phone, town.name = f"{MARK}.example.jp", "042-777-7777", f"{MARK}市"
    town.save()
    boss = people.take_in(f"{MARK}花子", "admin", f"防災課 印{88_000}", actor="system:test")
    Department.objects.create(name="山田 携帯 090-0000-0000")
    Department.objects.create(name="使わない課", active=False)
    with CaptureQueriesContext(connection) as asked:
        data = recipes.export(town)
    text = data.decode()
    assert MARK not in text
    value = json.loads(text)
    assert set(value) == {"format", "version", "parts"}
    assert set(value["parts"]) == {part.name for part in recipes.parts()}
    assert value["parts"]["departments"] == ["防災課 印88000"]
    assert value["parts"]["words"] == ["浸水"]
    for personal in (boss.name, boss.user.username, town.code, "042", "090", "example.jp", "+81"):
        assert personal not in text
    assert not re.search(r"\d{7,}", text)
    assert recipes.parse(data) == value["parts"]
    looked_at = {
        model
        for model in apps.get_models()
        if any(f'"{model._meta.db_table}"' in query["sql"] for query in asked)
    }
    assert looked_at == {Department}  # of every other table it has not seen a row


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"services": {"on": ["nothing"], "channels_off": []}}, "この窓口にないサービス"),
        ({"services": {"on": ["web"], "channels_off": []}}, "この窓口にないサービス"),
        ({"services": {"on": []}}, "項目が足りません"),
        ({"services": {"on": [], "channels_off": [], "town": 1}}, "知らない項目"),
        ({"map": {"tiles": "https://evil.example/"}}, "知らない地図"),
        ({"map": {"tiles": ["gsi"]}}, "知らない地図"),
        ({"departments": ["<script>alert(1)</script>"]}, "使えない文字"),
        ({"words": [["a"]]}, "空でない文字"),
    ],
)
def test_a_hostile_recipe_is_refused_with_the_reason_and_changes_nothing(
    town: Town, parts: dict[str, Any], said: str
) -> None:
    client = signed_in(town)
    before = Town.objects.filter(pk=town.pk).values().get()
    data = json.dumps({"format": recipes.FORMAT, "version": 1, "parts": parts}).encode()
    applied = client.post("/staff/recipes/apply", {"text": data.decode(), "part": list(parts)})
    for answer in (offer(client, data), applied):
        assert answer.status_code == 422
        page = answer.content.decode()
        assert said in page
        assert "<script>alert" not in page
        assert "何も変えていません" in page
    assert Town.objects.filter(pk=town.pk).values().get() == before
    assert not Department.objects.exists()


def test_a_file_too_large_is_not_even_read(town: Town) -> None:
    answer = offer(signed_in(town), b"x" * 3_000_000)
    assert answer.status_code == 422
    assert "大きすぎます" in answer.content.decode()
