"""English messages: told from others, read by rules, with reasons that staff understands."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from madoguchi.kernel.places import api as places
from madoguchi.services.disaster import trained
from madoguchi.services.disaster.data import Category as C
from madoguchi.services.disaster.data import Message, Reading, Source, Urgency
from madoguchi.services.disaster.engine import alarm, read
from madoguchi.services.disaster.engine.english import features, judge, language, tokens
from madoguchi.services.disaster.engine.english.language import Language

OWN = Path(__file__).parents[4] / "datasets" / "english-messages"


def reading(text: str, source: Source = Source.LINE) -> Reading:
    message = Message("1", "13208", source, datetime(2026, 7, 1, 3, tzinfo=UTC), text)
    return read.read(message, places.gazetteer(), trained.model())


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Help, we are trapped", Language.ENGLISH),
        ("The road near 布田駅 is blocked", Language.ENGLISH),
        ("ＨＥＬＰ　ＭＥ", Language.ENGLISH),
        ("tasukete!!", Language.ENGLISH),
        ("Có lũ lụt ở nhà tôi, nước dâng cao", Language.OTHER),
        ("Rumah kami kebanjiran sampai lutut", Language.OTHER),
        ("ie no mae no michi ga toorenai", Language.OTHER),
        ("家の前の道路が冠水", Language.JAPANESE),
        ("LINEでOKですか", Language.JAPANESE),
        ("www", Language.JAPANESE),
        ("GJ", Language.JAPANESE),
        ("I am ok", Language.ENGLISH),
        ("119", Language.JAPANESE),
        ("", Language.JAPANESE),
        ("🔥🔥🔥", Language.JAPANESE),
    ],
)
def test_the_language_is_told_by_letters_and_common_words(text: str, spoken: Language) -> None:
    assert language.of(text) is spoken


def test_words_are_folded_to_what_they_have_in_common() -> None:
    assert tokens.words("I can’t  see @Town_Hall! https://x.jp/a?b=1 12:30, won't") == [
        *("i", "can", "not", "see", "<user>", "!", "<url>", "<number>", "will", "not"),
    ]


def test_features_by_hand() -> None:
    found = features.of_text("No gas")
    assert found["word"] == ["no", "gas"]
    assert found["pair"] == ["no gas"]
    assert found["char"] == [
        *(" no", "no ", " no "),  # of " no ": three and four letters, and it whole
        *(" ga", "gas", "as ", " gas", "gas ", " gas "),
    ]


@pytest.mark.parametrize(
    ("text", "urgency", "categories"),
    [
        ("Please help us, the water is up to my neck", 3, {C.RESCUE, C.FLOOD}),
        ("My father is unconscious and not breathing", 3, {C.INJURY}),
        ("The house next door is on fire", 3, {C.FIRE}),
        ("I smell gas in the stairwell", 3, {C.LIFELINE}),
        ("A tree fell and blocks the road", 2, {C.ROAD}),
        ("No water from the tap since this morning", 2, {C.LIFELINE}),
        ("Nobody is hurt, we are all safe", 1, {C.MISSING}),
        ("The power is back now, thank you", 1, {C.LIFELINE}),
        ("Is the shelter open for foreigners?", 1, {C.SHELTER, C.QUESTION}),
        ("How do I pay the residence tax?", 0, {C.QUESTION}),
        ("I am drowning in homework, save me haha", 0, {C.IRRELEVANT}),
        ("This is a drill. There is a fire in the school", 0, {C.IRRELEVANT}),
        ("This is not a drill! There is a fire in the school", 3, {C.FIRE}),
    ],
)
def test_messages_are_read(text: str, urgency: int, categories: set[C]) -> None:
    found = reading(text)
    assert (int(found.urgency), set(found.categories)) == (urgency, categories)
    assert found.reasons[0].text == "英語の文として、英語の言葉の規則で読みました。"


def test_staff_hears_that_nobody_read_another_language() -> None:
    found = reading("Nhà tôi bị ngập nước, đường không đi được")
    assert (found.urgency, found.categories) == (Urgency.RECORD, (C.QUESTION,))
    assert "人が読んでください" in found.reasons[0].text


def test_a_place_in_kanji_is_found_in_an_english_text_and_else_asked_for() -> None:
    assert reading("The road near 布田駅 is blocked by a tree").place_text == "布田駅"
    unplaced = reading("The road is blocked by a tree")
    assert (unplaced.place.point, unplaced.ask_back) == (None, True)


def test_rumours_are_in_doubt_and_calls_stay_urgent() -> None:
    lions = reading("They say lions escaped from the zoo, share this!!")
    assert (lions.doubtful, lions.urgency) == (True, Urgency.RECORD)
    copied = reading("PLEASE RETWEET! Children trapped in a collapsed house", Source.SNS)
    assert (copied.doubtful, copied.urgency) == (True, Urgency.LIFE)


def test_the_door_hears_danger_in_english() -> None:
    assert alarm.is_life_danger("Help! Our house is on fire") is not None
    assert alarm.is_life_danger("Is the library open on Sunday?") is None
    assert alarm.is_life_danger("this song is fire") is None


@pytest.mark.parametrize("word", ["a ", "water ", "is ", "no ", "the road ", "we are ", "(", "\n"])
def test_long_texts_take_no_long_time(word: str) -> None:
    started = time.process_time()
    judge.judge(tokens.plain((word * 5000)[:5000]))
    assert time.process_time() - started < 1


def rows(part: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (OWN / f"{part}.jsonl").read_text("utf-8").splitlines()]


def test_our_own_messages_are_whole_and_parted_by_scene() -> None:
    parts = {part: rows(part) for part in ("train", "test")}
    everything = [row for part in parts.values() for row in part]
    assert len({row["id"] for row in everything}) == len(everything) == 226
    assert len({row["text"] for row in everything}) == 226
    scenes = [{str(row["id"]).rsplit("-", 1)[0] for row in part} for part in parts.values()]
    assert not scenes[0] & scenes[1]
    for row in everything:
        told = [C(c) for c in row["categories"]]  # type: ignore[attr-defined]
        assert (C.IRRELEVANT not in told) or told == [C.IRRELEVANT], row
        assert row["urgency"] in (0, 1, 2, 3)
        assert language.of(str(row["text"])) is not Language.JAPANESE, row


def test_no_call_for_help_of_the_training_part_is_missed() -> None:
    missed = [
        row["text"]
        for row in rows("train")
        if row["urgency"] == 3 and reading(str(row["text"])).urgency is not Urgency.LIFE
    ]
    assert not missed
