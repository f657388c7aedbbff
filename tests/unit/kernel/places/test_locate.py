"""Addresses of a form or table, checked against what a clerk would write down."""

import pytest

from madoguchi.kernel.places import api
from madoguchi.kernel.places.data import Accuracy
from madoguchi.kernel.places.engine.gazetteer import Gazetteer

CHOFU, HINO = "13208", "13212"


@pytest.mark.parametrize(
    ("text", "municipality", "town_area", "number", "rest"),
    [
        ("東京都調布市布田5-1-2", "調布市", "布田五丁目", "1-2", ""),
        ("東京都調布市布田５丁目１番地２号", "調布市", "布田五丁目", "1-2", ""),
        ("東京都調布市布田五の一の二", "調布市", "布田五丁目", "1-2", ""),
        ("東京都調布市布田五丁目一番二号", "調布市", "布田五丁目", "1-2", ""),
        ("調布市布田5-1", "調布市", "布田五丁目", "1", ""),
        ("調布市 布田 5丁目 1-2 コーポ301", "調布市", "布田五丁目", "1-2", "コーポ301"),
        ("〒182-0024 東京都調布市布田5-1-2", "調布市", "布田五丁目", "1-2", ""),
        ("東京都調布市西つつじヶ丘１", "調布市", "西つつじケ丘一丁目", "", ""),
        ("東京都調布市國領町3-8-15", "調布市", "国領町三丁目", "8-15", ""),
        ("調布市国領3-8-15", "調布市", "国領町三丁目", "8-15", ""),
        ("調布市国僚町3丁目8", "調布市", "国領町三丁目", "8", ""),
        ("調市布布田5-1-2", "調布市", "布田五丁目", "1-2", ""),
        ("ちょうふし布田5ちょうめ1", "調布市", "布田五丁目", "1", ""),
        ("西多摩郡奥多摩町氷川215-6", "奥多摩町", "氷川", "215-6", ""),
        ("東京都奥多摩町氷川215番地の6", "奥多摩町", "氷川", "215-6", ""),
        ("東京都西多摩郡日の出町平井2780", "日の出町", "大字平井", "2780", ""),
        ("東京都西多摩郡日の出町大字平井2780", "日の出町", "大字平井", "2780", ""),
        ("東京都八丈島八丈町大賀郷2551-2", "八丈町", "大賀郷", "2551-2", ""),
        ("東京都大島町岡田字助田1-3", "大島町", "岡田助田", "1-3", ""),
        (
            "東京都千代田区三番町２番地４三番町ＫＳビル",
            "千代田区",
            "三番町",
            "2-4",
            "三番町ＫＳビル",
        ),
        ("東京都千代田区3番町2-4", "千代田区", "三番町", "2-4", ""),
        ("東京都杉並区阿佐ヶ谷北1-2-3", "杉並区", "阿佐谷北一丁目", "2-3", ""),
        ("東京都日野市石田1-10-2", "日野市", "石田一丁目", "10-2", ""),
        ("東京都世田谷区若林2-7-10-12", "世田谷区", "若林二丁目", "7-10-12", ""),
        ("東京都世田谷区若林2-7-10-304", "世田谷区", "若林二丁目", "7-10", "-304"),
        ("東京都調布市布田5-1-2 305号室", "調布市", "布田五丁目", "1-2", "305号室"),
    ],
)
def test_address(
    tokyo: Gazetteer, text: str, municipality: str, town_area: str, number: str, rest: str
) -> None:
    match = api.locate(tokyo, text)
    found = (match.prefecture, match.municipality, match.town_area, match.number, match.rest)
    assert found == ("東京都", municipality, town_area, number, rest)


def test_without_municipality_the_town_decides(tokyo: Gazetteer) -> None:
    assert api.locate(tokyo, "本町1-2", "13208").municipality == "調布市"
    assert api.locate(tokyo, "栄町一丁目2", "13202").town_area == "栄町一丁目"
    assert api.locate(tokyo, "栄町一丁目2").place.accuracy is Accuracy.NONE


def test_a_block_that_one_town_alone_has_needs_no_municipality(tokyo: Gazetteer) -> None:
    match = api.locate(tokyo, "是政三丁目5")
    assert (match.municipality, match.town_area) == ("府中市", "是政三丁目")


def test_a_named_municipality_beats_the_town(tokyo: Gazetteer) -> None:
    assert api.locate(tokyo, "府中市是政3-1", CHOFU).municipality == "府中市"


@pytest.mark.parametrize(
    ("text", "accuracy"),
    [
        ("東京都調布市布田5-1-2", Accuracy.ADDRESS),
        ("東京都調布市布田五丁目", Accuracy.BLOCK),
        ("東京都調布市布田", Accuracy.DISTRICT),
        ("調布駅", Accuracy.FACILITY),
        ("東京都調布市", Accuracy.TOWN),
        ("東京都調布市布田99丁目", Accuracy.TOWN),
        ("神奈川県横浜市中区本町1-1", Accuracy.NONE),
        ("千葉市中央区中央1-1", Accuracy.NONE),
        ("", Accuracy.NONE),
        ("よく分からない", Accuracy.NONE),
    ],
)
def test_accuracy(tokyo: Gazetteer, text: str, accuracy: Accuracy) -> None:
    assert api.locate(tokyo, text).place.accuracy is accuracy


def test_an_oaza_with_chome_covers_them_all(tokyo: Gazetteer) -> None:
    place = api.locate(tokyo, "東京都調布市布田").place
    assert place.point is not None
    for chome in range(1, 7):
        block = api.locate(tokyo, f"東京都調布市布田{chome}丁目").place
        assert block.point is not None
        assert api.distance_m(place.point, block.point) < place.radius_m


def test_a_block_that_does_not_exist_is_left_over(tokyo: Gazetteer) -> None:
    match = api.locate(tokyo, "東京都調布市布田99丁目1")
    assert (match.town_area, match.rest) == ("", "布田99丁目1")


def test_a_directional_name_is_never_a_typo(tokyo: Gazetteer) -> None:
    assert api.locate(tokyo, "東京都練馬区北大泉3丁目1").town_area == ""


def test_the_name_that_goes_on_is_another_name(tokyo: Gazetteer) -> None:
    assert api.locate(tokyo, "東京都港区芝原3丁目2").town_area == ""


def test_facilities_can_be_switched_off() -> None:
    without = api.gazetteer(("13208",), frozenset({"station"}))
    assert api.locate(without, "調布駅").place.accuracy is Accuracy.FACILITY
    assert api.locate(without, "調布市役所").place.accuracy is Accuracy.TOWN


def test_other_prefectures_have_their_own_gazetteer() -> None:
    itami = api.gazetteer_for("28207")
    match = api.locate(itami, "兵庫県伊丹市千僧1-1")
    assert (match.prefecture, match.municipality, match.town_area) == (
        "兵庫県",
        "伊丹市",
        "千僧一丁目",
    )
    assert api.locate(itami, "東京都調布市布田1-1").place.accuracy is Accuracy.NONE
