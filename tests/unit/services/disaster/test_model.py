"""The model that ships: made from the training part that is committed, whole after its file."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from madoguchi.kernel.places import api as places
from madoguchi.services.disaster import trained
from madoguchi.services.disaster.data import Category, Message, Reading, Source
from madoguchi.services.disaster.engine import model, read
from madoguchi.services.disaster.engine.reasons import LEARNED
from madoguchi.services.disaster.engine.stream import Stream

TRAIN = Path(__file__).parents[4] / "datasets" / "disaster-messages" / "train.jsonl"
AT = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)


def reading(text: str) -> Reading:
    message = Message("1", "13208", Source.LINE, AT, text)
    return read.read(message, places.gazetteer(), trained.model())


def test_it_was_trained_on_the_training_part_of_today() -> None:
    """Else: ``python scripts/train_triage.py``."""
    assert trained.model().trained_on == hashlib.sha256(TRAIN.read_bytes()).hexdigest()


def test_its_file_keeps_it() -> None:
    kept = model.load(model.dump(trained.model()))
    for name in ("text", "sure"):
        before, after = getattr(trained.model(), name), getattr(kept, name)
        assert (before.labels, before.families, before.index) == (
            after.labels,
            after.families,
            after.index,
        )
        assert before.thresholds == after.thresholds
        assert np.array_equal(before.weights, after.weights)
        assert np.array_equal(before.rarity, after.rarity)
    assert np.array_equal(trained.model().pairs.weights, kept.pairs.weights)
    assert np.array_equal(trained.model().pairs.profiles.rarity, kept.pairs.profiles.rarity)
    assert trained.model().pairs.threshold == kept.pairs.threshold


@pytest.mark.parametrize(
    "text",
    [
        "母が呼んでも返事をしません、顔色が真っ白です",
        "玄関が開かないまま煙のにおいがしてきました、子どもと二人です",
        "もう胸のところまで水です",
    ],
)
def test_danger_is_heard_without_its_usual_words(text: str) -> None:
    assert reading(text).urgency == 3


@pytest.mark.parametrize("text", ["助けて", "たすけてください", "助けて！！", "救助をお願いします"])
def test_a_cry_for_help_is_never_chatter(text: str) -> None:
    found = reading(text)
    assert (found.urgency, Category.RESCUE in found.categories) == (3, True)


@pytest.mark.parametrize("block", ["国領町1丁目", "布田二丁目", "入間町"])
def test_people_who_are_hurt_are_never_chatter(block: str) -> None:
    found = reading(f"{block}でけが人がいます")
    assert found.urgency >= 2
    assert Category.INJURY in found.categories


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("木が倒れて通れません", Category.ROAD),
        ("ブロック塀が倒れています", Category.BUILDING),
        ("カーブミラーが倒れています", Category.ROAD),
        ("電線が切れて垂れています", Category.LIFELINE),
        ("断水しています", Category.LIFELINE),
    ],
)
def test_damage_told_plainly_is_for_today_and_no_call_for_help(
    text: str, category: Category
) -> None:
    found = reading(text)
    assert (found.urgency, category in found.categories) == (2, True)


@pytest.mark.parametrize(
    "text",
    ["倒れた木の下に人がいます", "塀の下敷きになった人がいます", "崩れた土に人が埋まっています"],
)
def test_a_person_under_the_damage_is_a_call_for_help(text: str) -> None:
    assert reading(text).urgency == 3


@pytest.mark.parametrize("text", ["わかりません", "はい", "えっと", "ありがとう"])
def test_an_answer_alone_is_no_news(text: str) -> None:
    assert reading(text).urgency == 0


def test_what_only_the_model_says_is_marked_with_its_words() -> None:
    found = reading("となりの戸が開かなくて、中の声がだんだん小さくなっています")
    assert found.urgency == 3
    assert any("「" in reason.text and LEARNED in reason.text for reason in found.reasons)


def test_a_place_that_is_only_the_teller_is_not_claimed() -> None:
    at_the_hall = reading("市役所の前で人が倒れています、意識がありません")
    heard_there = reading("水道が止まるって市役所の人から聞いたのですが、うちも止まりました")
    assert at_the_hall.place.point is not None
    assert heard_there.place.point is None or heard_there.ask_back


def test_one_event_in_other_words_is_one_group_and_another_is_not() -> None:
    told = [
        "調布駅の北口で看板が落ちて人がけがをしています",
        "調布駅北口、お店の看板が落下して血を流している人がいる",
        "深大寺の近くで停電しています",
    ]
    messages = [
        Message(str(n), "13208", Source.LINE, AT + timedelta(minutes=n), text)
        for n, text in enumerate(told)
    ]
    found = Stream(places.gazetteer(), trained.model()).run(messages)
    assert found["0"].group == found["1"].group is not None
    assert found["2"].group is None
