"""Posts that staff copied."""

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.sns.pasted import Pasted, split


def test_one_post_without_and_with_its_address() -> None:
    assert split("布田駅前で停電\n信号も消えた") == [Pasted("布田駅前で停電\n信号も消えた", "")]
    assert split("布田駅前で停電\r\nhttps://x.com/a/status/1\r\n") == [
        Pasted("布田駅前で停電", "https://x.com/a/status/1")
    ]


def test_several_posts_are_parted_by_lines() -> None:
    text = "一つ目\n---\nhttps://x.com/a/status/2\n二つ目\n　ーーー　\n三つ目"
    assert split(text) == [
        Pasted("一つ目", ""),
        Pasted("二つ目", "https://x.com/a/status/2"),
        Pasted("三つ目", ""),
    ]


def test_an_address_within_the_words_stays_there() -> None:
    assert split("これ https://a.example/1 見て") == [Pasted("これ https://a.example/1 見て", "")]


def test_parts_without_words_are_none() -> None:
    assert split("---\nhttps://x.com/a/status/2\n---\n \n") == []


@given(st.text())
def test_any_text_is_split(text: str) -> None:
    assert all(post.text for post in split(text))
