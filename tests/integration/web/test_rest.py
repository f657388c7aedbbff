"""The public API: what it says, and that nothing anybody sends breaks it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.services.disaster import notices
from madoguchi.services.disaster.data import NoticeLevel
from madoguchi.web import rest

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

API = "/api/v1/"
CASES = 60
"""For each operation; benchmarks/api.py tries 10,000 in all."""


@pytest.fixture
def ask(client: Client, town: "Town") -> Callable[..., Any]:
    """Ask the API of the town and read its JSON."""
    town.services = ["disaster"]
    town.contact_phone = "042-000-1111"
    town.save()

    def asking(path: str, **query: str) -> Any:
        response = client.get(API + path, query)
        assert response.status_code == 200, response.content
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cache-Control"] == "public, max-age=60"
        return response.json()

    return asking


def test_it_says_which_town_answers(ask: Callable[..., Any]) -> None:
    assert ask("town") == {
        "code": "13208",
        "name": "調布市",
        "phone": "042-000-1111",
        "emergency_phone": "119",
        "services": ["disaster"],
    }


def test_a_place_has_its_accuracy(ask: Callable[..., Any]) -> None:
    found = ask("places", q="調布市国領町3丁目")
    assert found["found"]
    assert found["accuracy"] == "block"
    assert found["radius_m"] > 0
    assert 35.64 < found["point"]["lat"] < 35.67
    assert ask("places", q="どこでもない") == {
        "found": False,
        "label": "",
        "accuracy": "none",
        "radius_m": 0,
        "point": None,
    }


def test_shelters_stand_nearest_first_and_serve_what_was_asked(ask: Callable[..., Any]) -> None:
    everything = ask("shelters", limit="200")
    assert everything["total"] == len(everything["items"]) > 20
    assert everything["near"] is None
    asked = ask("shelters", address="国領町3丁目", hazard="earthquake", limit="5")
    distances = [one["distance_m"] for one in asked["items"]]
    assert len(distances) == 5
    assert distances == sorted(distances)
    assert all("earthquake" in one["hazards"] for one in asked["items"])
    assert asked["near"]["found"]


def test_notices_in_force_are_told_and_end(ask: Callable[..., Any], clock: FixedClock) -> None:
    assert ask("notices") == []
    ends_at = clock.now() + timedelta(hours=1)
    notices.publish(
        NoticeLevel.DANGER, "川に近づかないで。", ends_at=ends_at, once=uuid4(), actor="staff:1"
    )
    assert [(one["level"], one["text"]) for one in ask("notices")] == [
        ("danger", "川に近づかないで。")
    ]
    clock.advance(timedelta(hours=2))
    assert ask("notices") == []


def test_another_towns_notices_stay_there(
    ask: Callable[..., Any], client: Client, other_town: "Town", clock: FixedClock
) -> None:
    ends_at = clock.now() + timedelta(hours=1)
    notices.publish(
        NoticeLevel.DANGER, "川に近づかないで。", ends_at=ends_at, once=uuid4(), actor="staff:1"
    )
    other_town.services = ["disaster"]
    other_town.save()
    there = client.get(API + "notices", headers={"host": other_town.hostname})
    assert there.json() == []


@pytest.mark.parametrize(
    "query", ["shelters?limit=0", "shelters?limit=x", "shelters?hazard=dragon", "places"]
)
def test_what_cannot_be_understood_is_refused_with_the_reason(
    client: Client, town: "Town", query: str
) -> None:
    response = client.get(API + query)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"]


def test_nothing_can_be_changed(client: Client, town: "Town") -> None:
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(API + "town").status_code == 405


def test_one_address_cannot_take_it_all(
    client: Client, town: "Town", monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setattr(rest.api.throttle[0], "num_requests", 3)
    answers = [client.get(API + "town").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    assert client.get(API + "town", REMOTE_ADDR="192.0.2.9").status_code == 200
    cache.clear()


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The requests of this test share its transaction, as those of Django's test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_nothing_that_fits_the_description_or_does_not_breaks_it(
    town: "Town", kept_connection: None
) -> None:
    schema = schemathesis.openapi.from_wsgi(f"{API}openapi.json", get_wsgi_application())
    tried = 0
    for result in schema.get_all_operations():
        strategy = result.ok().as_strategy()

        @given(case=strategy)
        @settings(
            max_examples=CASES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def holds(case: schemathesis.Case) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(
                checks=[not_a_server_error, content_type_conformance, response_schema_conformance]
            )

        holds()
    assert tried >= 4
