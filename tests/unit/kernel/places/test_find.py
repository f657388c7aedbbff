"""Places in messages as residents write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.kernel.places import api
from madoguchi.kernel.places.data import Accuracy, PlaceKind
from madoguchi.kernel.places.engine.gazetteer import Gazetteer

CHOFU, FUCHU, HINO, HACHIOJI, OKUTAMA = "13208", "13206", "13212", "13201", "13308"


def texts(tokyo: Gazetteer, text: str, town: str = CHOFU) -> list[str]:
    return [mention.text for mention in api.find(tokyo, text, town)]


@pytest.mark.parametrize(
    ("town", "text", "found", "kind", "accuracy"),
    [
        (CHOFU, "多摩川住宅の前の道路が冠水、車が動けません", "多摩川住宅", "facility", "facility"),
        (CHOFU, "国領町3丁目の交差点", "国領町3丁目の交差点", "intersection", "none"),
        (FUCHU, "是政駅、改札閉まってた", "是政駅", "station", "facility"),
        (FUCHU, "玄関まで水がきてます 府中市是政3丁目", "府中市是政3丁目", "chome", "block"),
        (CHOFU, "調布駅北口で人が倒れています", "調布駅", "station", "facility"),
        (CHOFU, "一小の体育館に避難しました", "一小", "facility", "facility"),
        (CHOFU, "市役所に行けません", "市役所", "facility", "facility"),
        (CHOFU, "国領２丁目が停電", "国領２丁目", "chome", "block"),
        (CHOFU, "染地3-1-5 電気がつかない", "染地3-1-5", "address", "address"),
        (CHOFU, "西つつじが丘一の三の五です", "西つつじが丘一の三の五", "address", "address"),
        (CHOFU, "国領で煙が出ています", "国領", "area", "district"),
        (CHOFU, "昨日国領で転んだ", "国領", "area", "district"),
        (CHOFU, "多摩川が増水して怖い", "多摩川", "river", "none"),
        (CHOFU, "調布市全域で停電ですか", "調布市", "area", "none"),
        (OKUTAMA, "氷川で落石", "氷川", "area", "district"),
    ],
)
def test_one_place(
    tokyo: Gazetteer, town: str, text: str, found: str, kind: str, accuracy: str
) -> None:
    mentions = api.find(tokyo, text, town)
    assert [(m.text, m.kind, m.place.accuracy) for m in mentions] == [
        (found, PlaceKind(kind), Accuracy(accuracy))
    ]
    assert mentions[0].exists
    assert not mentions[0].elsewhere
    assert mentions[0].place.town_code == town


@pytest.mark.parametrize(
    "text",
    [
        "仕事が炎上、帰れん笑",
        "カセットボンベが破裂して台所が燃えてる",
        "南の空が赤い。緑の車。泉のようにわく水",
        "栄さん宅、緑さんも無事",
        "石田さんの家の裏山から小石",
        "小島さんと連絡がとれない",
        "3丁目の角で",
        "布田さんが倒れた",
        "避難所にスロープはありますか",
        "祖母が二階に取り残されて一階は天井まで水",
        "",
    ],
)
def test_no_place(tokyo: Gazetteer, text: str) -> None:
    assert texts(tokyo, text) == []


def test_a_surname_that_is_a_district_needs_more_than_a_word(tokyo: Gazetteer) -> None:
    assert texts(tokyo, "石田です。石田1丁目に住んでいます", HINO) == ["石田1丁目"]


def test_several_places(tokyo: Gazetteer) -> None:
    text = "多摩川が増水。布田駅は止まり、国領2丁目と3丁目が停電"
    assert texts(tokyo, text) == ["多摩川", "布田駅", "国領2丁目", "3丁目"]
    assert api.find(tokyo, text, CHOFU)[3].place.label == "調布市国領町三丁目"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("府中市是政3丁目で火事", "府中市是政3丁目"),
        ("是政三丁目で火事", "是政三丁目"),
        ("新宿駅で電車が止まった", "新宿駅"),
        ("狛江市岩戸北で断水", "狛江市岩戸北"),
        ("熊本県で地震", "熊本県"),
        ("神奈川県川崎市多摩区菅1丁目が揺れた", "神奈川県川崎市多摩区菅1丁目"),
    ],
)
def test_another_town(tokyo: Gazetteer, text: str, found: str) -> None:
    mentions = api.find(tokyo, text, CHOFU)
    assert [(m.text, m.elsewhere) for m in mentions] == [(found, True)]


@pytest.mark.parametrize("text", ["布田99丁目", "調布市99丁目", "調布市布田99丁目", "布田七丁目"])
def test_a_block_that_does_not_exist(tokyo: Gazetteer, text: str) -> None:
    (mention,) = api.find(tokyo, f"拡散希望！{text}で生き埋め", CHOFU)
    assert (mention.text, mention.exists) == (text, False)
    assert mention.place.point is None


@pytest.mark.parametrize(
    ("town", "text"),
    [
        (HACHIOJI, "尼崎市三反田町1-1-1です"),
        (FUCHU, "尼崎市七松町1丁目3-1です"),
        (CHOFU, "尼崎市西町3丁目17-11です"),
        (CHOFU, "市立中央中学校の多目的広場"),
        (CHOFU, "大学の体育館とスポーツセンター"),
        (CHOFU, "早春のウメ、春のさくら"),
    ],
)
def test_the_tail_of_another_name_is_no_place(tokyo: Gazetteer, town: str, text: str) -> None:
    assert [m.text for m in api.find(tokyo, text, town) if m.place.point] == []


@pytest.mark.parametrize("text", ["火災国領町3丁目", "住所国領町3丁目", "昨日国領町3丁目で"])
def test_a_word_may_stand_directly_before_a_place(tokyo: Gazetteer, text: str) -> None:
    assert texts(tokyo, text) == ["国領町3丁目"]


def test_an_unknown_facility_is_named_but_has_no_point(tokyo: Gazetteer) -> None:
    (mention,) = api.find(tokyo, "国領第九団地の裏が崩れた", CHOFU)
    assert (mention.text, mention.place.accuracy) == ("国領第九団地", Accuracy.NONE)


def test_a_typo_before_a_block_number(tokyo: Gazetteer) -> None:
    (mention,) = api.find(tokyo, "国僚町3丁目で水漏れ", CHOFU)
    assert (mention.text, mention.place.label) == ("国僚町3丁目", "調布市国領町三丁目")
    assert mention.score < 0.5


def test_counting_is_not_an_address(tokyo: Gazetteer) -> None:
    assert texts(tokyo, "国領で3人けが、布田5時から停電") == ["国領", "布田"]
    assert texts(tokyo, "布田2軒が燃えて、国領町5世帯が孤立") == ["布田", "国領町"]


def test_a_word_may_follow_a_block_number_at_once(tokyo: Gazetteer) -> None:
    assert texts(tokyo, "布田5停電、国領町1水道管が破裂") == ["布田5", "国領町1"]


def test_a_town_outside_tokyo_has_its_own_names(tokyo: Gazetteer) -> None:
    (mention,) = api.find(tokyo, "伊丹市千僧1丁目が冠水", "28207")
    assert (mention.kind, mention.elsewhere) == (PlaceKind.CHOME, False)


PIECES = [
    *("調布市", "府中市", "布田", "国領町", "多摩川", "調布駅", "一小", "3丁目", "99丁目", "5-1-2"),
    *("の", "で", "、", "交差点", "熊本県", "さん", "水", "🌊", "ｶﾞ", "\n"),
]
pieces = st.sampled_from(PIECES)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(pieces, max_size=14).map("".join)))
def test_mentions_are_cut_out_of_the_text_and_do_not_overlap(text: str) -> None:
    mentions = api.find(api.gazetteer(), text, CHOFU)
    end = 0
    for mention in mentions:
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert 0 < mention.score <= 1
        end = mention.end
