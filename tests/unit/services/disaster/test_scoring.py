"""Figures of agreement, against sums by hand and by brute force."""

import math
from itertools import product

import numpy as np
import pytest

from madoguchi.kernel.places.data import Accuracy, Place, Point
from madoguchi.services.disaster.data import Category as C
from madoguchi.services.disaster.data import Urgency
from madoguchi.services.disaster.engine import scoring
from madoguchi.services.disaster.engine.scoring import Example, Placed, Said, Truth

HERE = Point(35.65, 139.54)
M_PER_DEGREE = 111_195  # of latitude on a sphere of 6,371 km


def north(metres: float) -> Point:
    return Point(HERE.lat + metres / M_PER_DEGREE, HERE.lon)


def example(
    true: int = 1, said: int = 1, meant: str = "road", told: str = "road", **given: object
) -> Example:
    return Example(
        "1",
        "text",
        Said(
            Urgency(said),
            frozenset(map(C, told.split())),
            given.get("point"),  # type: ignore[arg-type]
            bool(given.get("asked")),
        ),
        Truth(
            Urgency(true),
            frozenset(map(C, meant.split())),
            given.get("place"),  # type: ignore[arg-type]
            "place" in given,
        ),
    )


def dice() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe, Statistics in Medicine 17 (1998), table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_have_wilsons_interval(hits: int, count: int, low: float, high: float) -> None:
    found = scoring.share(hits, count)
    assert found.value == hits / count
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_share_of_nothing_says_nothing() -> None:
    found = scoring.share(0, 0)
    assert math.isnan(found.value)
    assert (found.low, found.high) == (0, 1)
    assert not found.enough


def test_thirty_are_enough_and_twenty_nine_are_not() -> None:
    assert [scoring.share(1, n).enough for n in (29, 30)] == [False, True]


def brute_macro_f1(pairs: list[tuple[frozenset[C], frozenset[C]]]) -> float:
    scores = []
    for c in {c for meant, _ in pairs for c in meant}:
        hit = sum(c in meant and c in said for meant, said in pairs)
        wrong = sum(c not in meant and c in said for meant, said in pairs)
        missed = sum(c in meant and c not in said for meant, said in pairs)
        scores.append(hit / (hit + (wrong + missed) / 2))
    return sum(scores) / len(scores)


def test_macro_f1_is_that_of_brute_force_and_lies_in_its_interval() -> None:
    sets = ["road", "road flood", "fire", "fire injury", "question"]
    examples = [example(meant=a, told=b) for a, b in product(sets, sets)]
    found = scoring.macro_f1(examples, dice())
    pairs = [(e.truth.categories, e.said.categories) for e in examples]
    assert found.value == pytest.approx(brute_macro_f1(pairs))
    assert found.low < found.value < found.high
    assert found.count == 25


def test_macro_f1_by_hand() -> None:
    """Road: 1 hit, 1 missed: 2/3. Fire: 1 hit, 1 too many: 2/3. Flood is only said: not counted."""
    examples = [
        example(meant="road", told="road"),
        example(meant="road", told="fire"),
        example(meant="fire", told="fire flood"),
    ]
    assert scoring.macro_f1(examples, dice()).value == pytest.approx(2 / 3)


def test_without_error_the_interval_is_a_point() -> None:
    found = scoring.macro_f1([example() for _ in range(40)], dice())
    assert (found.value, found.low, found.high) == (1, 1, 1)


@pytest.mark.parametrize(
    ("accuracy", "near", "far"),
    [
        (Accuracy.FACILITY, 240, 260),
        (Accuracy.PIN, 240, 260),
        (Accuracy.BLOCK, 490, 510),
        (Accuracy.ADDRESS, 490, 510),
        (Accuracy.DISTRICT, 1490, 1510),
    ],
)
def test_a_point_is_right_within_the_reach_of_the_label_guide(
    accuracy: Accuracy, near: int, far: int
) -> None:
    place = Place(HERE, accuracy, 100, "", "")
    assert example(point=north(near), place=place).placed is Placed.RIGHT
    assert example(point=north(far), place=place).placed is Placed.WRONG
    assert example(point=north(far), place=place, asked=True).placed is Placed.ASKED


def test_what_else_can_become_of_a_place() -> None:
    place = Place(HERE, Accuracy.BLOCK, 100, "", "")
    assert example(place=place).placed is Placed.MISSED
    assert example(place=place, asked=True).placed is Placed.ASKED
    assert example(point=HERE, place=None).placed is Placed.INVENTED
    assert example(point=HERE, place=None, asked=True).placed is Placed.NOTHING
    assert example(place=None).placed is Placed.NOTHING
    assert example(point=HERE).placed is Placed.UNKNOWN


def test_all_figures_of_a_small_drill() -> None:
    place = Place(HERE, Accuracy.BLOCK, 100, "", "")
    examples = [
        example(3, 3, "rescue", "rescue", place=place, point=HERE),
        example(3, 2, "rescue flood", "flood", place=place, asked=True),
        example(3, 3, "fire", "fire", place=place, point=north(2000)),
        example(2, 3, "road", "road", place=None, point=HERE),
        example(0, 0, "irrelevant", "irrelevant"),
    ]
    found = scoring.score(examples, dice())
    assert (found.life_found.hits, found.life_found.count) == (2, 3)
    assert (found.life_meant.hits, found.life_meant.count) == (2, 3)
    assert (found.urgency.hits, found.urgency.count) == (3, 5)
    assert (found.place_kept.hits, found.place_kept.count) == (2, 3)
    assert (found.place_wrong.hits, found.place_wrong.count) == (2, 4)
    assert found.urgencies == ((1, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 1), (0, 0, 1, 2))
    rescue = next(row for row in found.categories if row.category is C.RESCUE)
    assert (rescue.meant, rescue.said, rescue.both) == (2, 1, 1)
    assert rescue.f1 == pytest.approx(2 / 3)
    assert [e.is_right for e in examples] == [True, False, False, False, True]
