"""The live map: a first load, then only what changed."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from madoguchi.services.disaster import live

from .conftest import MAIN_JOB, Resident, only_case


@pytest.fixture(autouse=True)
def fresh_snapshots() -> Iterator[None]:
    """Each test makes its own snapshots."""
    live.snapshots.forget()
    yield
    live.snapshots.forget()


def first_load(desk: Client) -> dict[str, Any]:
    answer = desk.get(reverse("disaster:map_data"), headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    loaded: dict[str, Any] = json.loads(gzip.decompress(answer.content))
    return loaded


def as_dict(loaded: dict[str, Any], row: int = 0) -> dict[str, Any]:
    return dict(zip(loaded["fields"], loaded["rows"][row], strict=True))


def test_the_first_load_shows_the_case_with_accuracy_and_radius(
    desk: Client, resident: Resident
) -> None:
    resident.say(MAIN_JOB)
    shown, case = as_dict(first_load(desk)), only_case()
    assert shown["number"] == case.number
    assert shown["lat"] == pytest.approx(case.lat, abs=1e-5)
    assert (shown["accuracy"], shown["radius_m"]) == ("facility", case.radius_m)
    assert (shown["urgency"], shown["state"], shown["categories"]) == (2, "new", case.categories)
    assert shown["updated"] == int(case.updated_at.timestamp())


def test_only_what_changed_since_comes_afterwards(desk: Client, resident: Resident) -> None:
    resident.say(MAIN_JOB)
    seq = first_load(desk)["seq"]
    url = reverse("disaster:map_changes")
    nothing = desk.get(url, {"since": seq})
    assert json.loads(nothing.content)["rows"] == []
    again = desk.get(url, {"since": seq}, headers={"if-none-match": nothing["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    resident.say("国領町4丁目で停電しています")
    changed = desk.get(url, {"since": seq}, headers={"if-none-match": nothing["ETag"]})
    rows = json.loads(changed.content)
    assert [as_dict(rows)["categories"]] == [["lifeline"]]
    assert rows["seq"] > seq


def test_more_changes_than_one_answer_holds_come_in_order_and_none_is_lost(
    desk: Client, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_CHANGES", 2)
    for block in range(1, 6):
        resident.say(f"国領町{block}丁目で停電しています")
    since, seen = 0, []
    for _ in range(10):
        answer = json.loads(desk.get(reverse("disaster:map_changes"), {"since": since}).content)
        seen += [row[1] for row in answer["rows"]]
        since = answer["seq"]
        if not answer["more"]:
            break
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("since", ["", "x", "1.5"])
def test_a_wrong_number_is_refused(desk: Client, since: str) -> None:
    assert desk.get(reverse("disaster:map_changes"), {"since": since}).status_code == 400
