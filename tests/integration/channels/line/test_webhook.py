"""What LINE tells is checked, stored once, and answered at once."""

import json
from pathlib import Path

import pytest

from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns.models import Town

from .conftest import SECRET, Account

SAMPLES = Path(__file__).parents[3] / "fixtures" / "line" / "webhook_samples.json"


def body(*events: object) -> dict[str, object]:
    return {"destination": "U" + "0" * 32, "events": list(events)}


def test_the_official_samples_are_taken_once_however_often_they_come(account: Account) -> None:
    samples = json.loads(SAMPLES.read_text("utf-8"))
    assert [account.post(samples) for _ in range(3)] == [200] * 3
    # The samples share one made-up event id, which the parser does not take for an id.
    told = [{**event, "deliveryContext": None} for event in samples["events"]]
    assert Inbound.objects.count() == len({json.dumps(event) for event in told})
    kinds = set(Inbound.objects.values_list("kind", flat=True))
    assert {k.value for k in EventKind} <= kinds


@pytest.mark.parametrize("signature", ["", "x", "ｘ", "AAAA" * 11])
def test_a_forged_or_missing_signature_is_refused(account: Account, signature: str) -> None:
    assert account.post(body(account.event(1, "冠水")), signature=signature) == 401
    assert Inbound.objects.count() == 0


def test_a_signature_of_another_body_is_refused(account: Account) -> None:
    from madoguchi.channels.demo.fake_line.webhooks import sign

    other = sign(SECRET, json.dumps(body()).encode())
    assert account.post(body(account.event(1, "冠水")), signature=other) == 401


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"a"', b'{"events": 1}', b"\xff\xfe", b"[" * 9999])
def test_wrong_json_is_refused(account: Account, raw: bytes) -> None:
    assert account.post(None, raw=raw) == 400
    assert Inbound.objects.count() == 0


def test_a_body_that_is_too_long_is_refused(account: Account) -> None:
    assert account.post(None, raw=b" " * (1024 * 1024 + 1)) == 413


def test_events_that_come_again_and_out_of_order_are_one_each(account: Account) -> None:
    second = account.event(2, "あと")
    again = account.event(2, "あと", deliveryContext={"isRedelivery": True})
    for events in ([second], [again, account.event(1, "さき")], [again]):
        assert account.post(body(*events)) == 200
    assert sorted(Inbound.objects.values_list("text", flat=True)) == ["あと", "さき"]


def test_a_town_without_line_has_no_webhook(account: Account, town: Town) -> None:
    town.settings = {}
    town.save()
    assert account.post(body(account.event(1, "冠水"))) == 404


def test_an_account_of_another_destination_is_refused(account: Account, town: Town) -> None:
    town.settings["line"]["bot_user_id"] = "U" + "1" * 32
    town.save()
    assert account.post(body(account.event(1, "冠水"))) == 400
