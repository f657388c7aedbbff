"""In which language somebody writes."""

import pytest

from madoguchi.kernel.people.tongue import language_told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The road is flooded near the station", "en"),
        ("Help! We can't get out", "en"),
        ("THE RIVER IS RISING!!", "en"),
        ("道路が冠水しています", "ja"),
        ("すみません、the road is closed です", "ja"),
        ("タスケテ", "ja"),
        ("OK", None),
        ("thank you", None),
        ("", None),
        ("🙏🙏🙏", None),
        ("182-8511 3-12 B2F A1", None),
        ("taro@example.jp https://example.jp/a b", None),
    ],
)
def test_it_is_told_by_letters_and_words(text: str, told: str | None) -> None:
    assert language_told(text) == told
