"""Scores become a verdict whose parts agree, whatever the scores are."""

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.services.disaster.data import Category, Urgency
from madoguchi.services.disaster.engine import learned

ZERO = dict.fromkeys(learned.LABELS, 0.0)
scores = st.fixed_dictionaries(
    {label: st.floats(-2, 2, allow_nan=False) for label in learned.LABELS}
)


@given(scores)
def test_a_verdict_keeps_the_rules_of_the_labels(said: dict[str, float]) -> None:
    verdict = learned.verdict(said, ZERO)
    assert verdict.categories
    assert len(set(verdict.categories)) == len(verdict.categories)
    if Category.IRRELEVANT in verdict.categories:
        assert verdict.categories == (Category.IRRELEVANT,)
        assert verdict.urgency is Urgency.NOTHING
    if verdict.urgency is Urgency.NOTHING:
        assert verdict.categories in ((Category.IRRELEVANT,), (Category.QUESTION,))
    if verdict.doubtful:
        assert verdict.urgency is not Urgency.TODAY


@given(scores)
def test_danger_to_life_is_never_talked_away(said: dict[str, float]) -> None:
    verdict = learned.verdict({**said, learned.LIFE: 0.0}, ZERO)
    assert verdict.urgency is Urgency.LIFE
    assert Category.IRRELEVANT not in verdict.categories


def test_the_strongest_category_comes_first_and_a_question_last() -> None:
    said = {**dict.fromkeys(learned.LABELS, -1.0), "question": 0.9, "road": 0.5, "flood": 0.7}
    verdict = learned.verdict(said, ZERO)
    assert verdict.categories == (Category.FLOOD, Category.ROAD, Category.QUESTION)
    assert verdict.urgency is Urgency.RECORD
