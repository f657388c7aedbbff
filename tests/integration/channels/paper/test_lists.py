"""Open cases by district, walked in order; deliveries that failed."""

import re
from typing import Any

from madoguchi.channels.paper import lists
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.messages import outbox, worker
from madoguchi.kernel.messages.data import Outcome, Outgoing, Receipt
from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Accuracy, Place
from madoguchi.kernel.towns import pack

WHERE = ("布田5丁目", "布田1丁目", "国領町4丁目", "国領町2丁目", "深大寺元町5丁目")


def put(name: str, town: Any) -> str:
    """Open a case at a named block; returns its number."""
    place = places.locate(places.gazetteer_for(town.code), name, town.code).place
    case = cases.open_case(service="disaster", title=name, actor="system:test", place=place)
    return str(case.number)


def test_cases_stand_by_district_and_none_is_left_out(town: Any) -> None:
    numbers = {put(name, town) for name in WHERE}
    nowhere = cases.open_case(service="disaster", title="場所なし", actor="system:test", urgency=3)
    done = cases.open_case(service="disaster", title="済み", actor="system:test")
    cases.settle(done.pk, actor="system:test", note="終わり")
    cases.open_case(service="helpdesk", title="ほかの窓口", actor="system:test")
    made = lists.open_cases("disaster")
    found = [row[0] for group in made.groups for row in group.rows]
    assert sorted(found) == sorted([*numbers, nowhere.number])
    for group in made.groups[:-1]:
        assert all(row[2].startswith(group.name) for row in group.rows)
    assert [row[0] for row in made.groups[-1].rows] == [nowhere.number]
    assert re.search("6 件", made.note)
    assert all("誤差" in row[3] for group in made.groups[:-1] for row in group.rows)


def test_the_walk_begins_at_the_town_hall(town: Any) -> None:
    hall = pack.load(town.code).hall
    put("深大寺元町5丁目", town)
    near = Place(
        places.locate(places.gazetteer_for(town.code), "小島町2丁目", town.code).place.point,
        Accuracy.BLOCK,
        300,
        "小島町2丁目",
        town.code,
    )
    assert hall
    cases.open_case(service="disaster", title="小島町", actor="system:test", place=near)
    assert lists.open_cases("disaster").groups[0].name == "小島町"


def test_answers_that_failed_are_listed_with_what_to_say(town: Any) -> None:
    case = cases.open_case(service="disaster", title="冠水", actor="system:test")
    outbox.say("line", "U1", [Outgoing("担当が決まりました。")], about=f"case:{case.pk}")
    worker.work_outbox(lambda *_: Receipt(Outcome.REFUSED, "届きません。"), {})
    row = lists.failed_deliveries().groups[0].rows[0]
    assert row[1:] == ("LINE", case.number, "担当が決まりました。", "届きません。")
    assert not lists.open_cases("helpdesk").groups
