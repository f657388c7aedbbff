"""Likeness of texts: what is shared counts by its rarity, counted here by hand."""

import numpy as np
import pytest

from madoguchi.services.disaster.engine import profile
from madoguchi.services.disaster.engine.linear import Linear
from madoguchi.services.disaster.engine.profile import Profile, Profiles, alike

NONE = np.zeros(0, np.float32)
WORDS, CHARS = 0, 3
EQUAL, BY_RARITY, SUM = 0, 1, 2


@pytest.fixture
def profiles() -> Profiles:
    """No topics; every name is of rarity 1 but 養鶏, which is of rarity 4."""
    silent = Linear((), {}, frozenset(), {}, NONE, np.zeros((0, 0), np.float32), NONE, {})
    rarity = np.ones(profile.BUCKETS, np.float32)
    found = {"word": ["養鶏"], "char2": []}
    rarity[profile.buckets(found, "word")] = 4
    return Profiles(silent, rarity)


def likeness(profiles: Profiles, one: str, *others: str) -> np.ndarray:
    return alike(profiles.of(one), [profiles.of(other) for other in others])


def test_a_text_is_like_itself_and_not_like_one_of_other_words(profiles: Profiles) -> None:
    found = likeness(profiles, "停電しています", "停電しています", "犬が逃げた")
    assert found[0, [WORDS + EQUAL, WORDS + BY_RARITY, CHARS + EQUAL]] == pytest.approx(1, abs=1e-5)
    assert found[1] == pytest.approx(0, abs=1e-6)


def test_likeness_is_the_cosine_of_what_is_shared() -> None:
    def of(names: list[int], weights: list[float]) -> Profile:
        column = np.array(weights, np.float32)
        table = np.stack([column, column, column], axis=1)
        return Profile(
            np.array(names, np.int64), np.zeros(len(names), np.int64), table, NONE, len(names)
        )

    one = of([3, 5, 9], [0.5, 0.25, 0.75])
    found = alike(one, [of([5, 9, 11], [0.5, 0.5, 0.5]), of([], []), of([1], [1.0])])
    assert found[:, WORDS + EQUAL].tolist() == [0.25 * 0.5 + 0.75 * 0.5, 0, 0]
    assert found[0, WORDS + SUM] == pytest.approx(0.5 / profile.SUM)
    assert not found[:, CHARS:].any()


def test_a_rare_word_in_common_says_more_than_a_common_one(profiles: Profiles) -> None:
    found = likeness(profiles, "養鶏場で火事", "養鶏場が停電", "山で火事")
    rare, common = found[:, WORDS + SUM]
    assert rare > 2 * common > 0
