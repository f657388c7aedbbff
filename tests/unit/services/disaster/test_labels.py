"""The examples of the label guide, read by the engine."""

from datetime import UTC, datetime

import pytest

from madoguchi.kernel.places import api as places
from madoguchi.services.disaster import trained
from madoguchi.services.disaster.data import Message, Reading, Source
from madoguchi.services.disaster.engine import alarm, newest, read
from madoguchi.services.disaster.engine.stream import Stream

AT = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
FUCHU, CHOFU = "13206", "13208"


def reading(text: str, town: str = FUCHU, source: Source = Source.LINE) -> Reading:
    return read.read(Message("1", town, source, AT, text), places.gazetteer(), trained.model())


def told(found: Reading) -> set[str]:
    return {category.value for category in found.categories}


@pytest.mark.parametrize(
    ("text", "categories", "urgency"),
    [
        ("うちの前の側溝があふれて玄関まで水がきてます 府中市是政3丁目", {"flood"}, 2),
        ("祖母が二階に取り残されて一階は天井まで水", {"rescue", "flood"}, 3),
        ("是政駅、改札閉まってた", {"road"}, 1),
        ("電池が死んだ", {"irrelevant"}, 0),
        ("【訓練】これは訓練です。大丸公園に集合", {"irrelevant"}, 0),
        ("カセットボンベが破裂して台所が燃えてる", {"fire"}, 3),
        ("裏山から小石がぱらぱら落ちてくる、土のにおいがする", {"landslide"}, 2),
        ("電車とまってる、帰れん笑", {"road"}, 1),
        ("避難所にスロープはありますか", {"shelter", "question"}, 1),
        ("昨日の停電、朝4時に復旧しました。報告まで", {"lifeline"}, 1),
        ("仕事が炎上", {"irrelevant"}, 0),
        ("けが人はいません。全員無事です", {"missing"}, 1),
    ],
)
def test_categories_and_urgency(text: str, categories: set[str], urgency: int) -> None:
    found = reading(text)
    assert categories <= told(found)
    assert int(found.urgency) == urgency


def test_somebody_with_dementia_who_is_missing_cannot_wait() -> None:
    found = reading("父とれんらくがとれない。認知症です")
    assert "missing" in told(found)
    assert int(found.urgency) >= 2


def test_a_need_told_as_a_question_is_a_need() -> None:
    found = reading("断水いつまで？ミルクが作れない")
    assert {"lifeline", "supplies"} <= told(found)
    assert (int(found.urgency), found.ask_back, found.place.point) == (2, True, None)


def test_a_rescue_at_a_block_that_does_not_exist_is_doubtful_and_keeps_its_urgency() -> None:
    found = reading("拡散希望！調布市布田99丁目で生き埋め", CHOFU, Source.SNS)
    assert "rescue" in told(found)
    assert (int(found.urgency), found.doubtful, found.place.point) == (3, True, None)


@pytest.mark.parametrize("text", ["ライオンが逃げたってほんと？", "ダムが決壊するらしい、拡散して"])
def test_a_rumour_is_doubtful_and_never_nothing(text: str) -> None:
    found = reading(text, source=Source.SNS)
    assert (found.doubtful, int(found.urgency)) == (True, 1)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("調布駅から帰る途中、国領町3丁目で冠水", "調布市国領町三丁目"),
        ("国領町3丁目で冠水、調布駅へ避難します", "調布市国領町三丁目"),
    ],
)
def test_the_place_is_where_it_happens_and_not_where_one_comes_from(text: str, label: str) -> None:
    assert reading(text, CHOFU).place.label == label


def test_a_river_has_no_point_and_is_asked_back() -> None:
    found = reading("多摩川が氾濫しています", CHOFU)
    assert (found.place_kind.value, found.place.point, found.ask_back) == ("river", None, True)


def test_a_place_in_another_town_is_said_to_be_so() -> None:
    found = reading("府中市是政3丁目で冠水", CHOFU)
    assert found.elsewhere
    assert any("この町の外" in reason.text for reason in found.reasons)


@pytest.mark.parametrize("text", ["助けて、動けません", "意識がありません", "家が燃えています"])
def test_danger_to_life_is_seen_at_once(text: str) -> None:
    assert alarm.is_life_danger(text) is not None


@pytest.mark.parametrize(
    "text", ["【訓練】助けて", "火事は鎮火しました", "けが人はいません", "ごみの日"]
)
def test_what_is_no_danger_raises_no_alarm(text: str) -> None:
    assert alarm.is_life_danger(text) is None


def message(number: int, text: str, minutes: int, source: Source = Source.LINE) -> Message:
    return Message(f"{number}", CHOFU, source, AT.replace(minute=minutes), text)


def test_one_event_is_one_group_and_the_next_block_is_another() -> None:
    stream = Stream(places.gazetteer(), trained.model())
    found = stream.run(
        [
            message(1, "国領町3丁目で冠水しています", 0),
            message(2, "国領町三丁目、道路が水没", 5, Source.SNS),
            message(3, "国領町4丁目で冠水しています", 6),
        ]
    )
    assert found["1"].group == found["2"].group is not None
    assert found["3"].group is None


def test_the_newest_state_replaces_the_older() -> None:
    stream = Stream(places.gazetteer(), trained.model())
    found = stream.run(
        [
            message(1, "国領町3丁目、冠水で通行止め", 0),
            message(2, "国領町3丁目の通行止めは解除されました", 30),
        ]
    )
    told_of_it = [found["1"], found["2"]]
    assert newest.state(told_of_it) == "解除・復旧の知らせあり"
    assert newest.state(told_of_it[:1]) is None


def test_an_open_post_does_not_take_back_what_a_follower_said() -> None:
    stream = Stream(places.gazetteer(), trained.model())
    items = [
        message(1, "国領町3丁目の通行止めは解除されました", 0, Source.LINE),
        message(2, "国領町3丁目、冠水で通行止め", 30, Source.SNS),
    ]
    assert newest.state(list(stream.run(items).values())) == "解除・復旧の知らせあり"
