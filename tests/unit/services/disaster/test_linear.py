"""The linear model: its scores are those of the sums written out by hand."""

import math

import numpy as np
import pytest

from madoguchi.services.disaster.engine.linear import Linear

MODEL = Linear(
    labels=("fire", "flood"),
    families={"word": 4.0, "rule": 0.25},
    unscaled=frozenset({"rule"}),
    index={"word": {"煙": 0, "水": 1}, "rule": {"cue": 2}},
    rarity=np.array([3.0, 4.0, 1.0], np.float32),
    weights=np.array([[1.0, 0.0], [0.0, 2.0], [4.0, 8.0]], np.float32),
    bias=np.array([0.1, 0.2], np.float32),
    thresholds={},
)


def test_a_family_is_weighed_by_rarity_and_scaled_to_its_length() -> None:
    # Words of rarity 3 and 4 have the length 5; the family weighs 4, so its length becomes 2.
    fire, flood = MODEL.scores({"word": ["煙", "水"]}).tolist()
    assert fire == pytest.approx(0.1 + 2 * 3 / 5)
    assert flood == pytest.approx(0.2 + 2 * 2 * 4 / 5)


def test_rules_count_as_they_are() -> None:
    fire, flood = MODEL.scores({"rule": ["cue"], "word": []}).tolist()
    assert fire == pytest.approx(0.1 + 4 * math.sqrt(0.25))
    assert flood == pytest.approx(0.2 + 8 * math.sqrt(0.25))


def test_what_is_unknown_says_nothing() -> None:
    assert MODEL.scores({"word": ["雪"], "other": ["x"]}).tolist() == pytest.approx([0.1, 0.2])


def test_the_words_that_speak_for_a_label_are_told() -> None:
    features = {"word": ["雪", "水", "煙"], "rule": []}
    assert MODEL.telling(features, "flood", ("word",)) == ["水"]
    assert MODEL.telling(features, "fire", ("word",)) == ["煙"]
