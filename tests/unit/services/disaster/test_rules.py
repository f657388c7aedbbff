"""The rules of the reading, each by itself: what is over, what is in doubt."""

import pytest

from madoguchi.services.disaster.engine import context, doubt, text


@pytest.mark.parametrize(
    ("words", "over"),
    [
        ("国領町の停電は復旧しました", True),
        ("通行止めは解除されました", True),
        ("水が引いてきた", True),
        ("停電はまだ復旧していません", False),
        ("通行止め、いつ解除されますか", False),
        ("断水の復旧の見込みはありません", False),
    ],
)
def test_over_is_what_has_ended_and_not_what_is_waited_for(words: str, over: bool) -> None:
    assert context.is_settled(text.plain(words)) is over


@pytest.mark.parametrize(
    ("open_post", "block_exists", "calls_for_help", "doubted"),
    [
        (False, False, True, True),
        (True, False, False, True),
        (False, False, False, False),  # a slip of the pen by somebody we know
        (False, True, True, False),
    ],
)
def test_a_block_that_does_not_exist_is_doubted_in_calls_for_help_and_open_posts(
    open_post: bool, block_exists: bool, calls_for_help: bool, doubted: bool
) -> None:
    found = doubt.suspicions(
        text.plain("布田99丁目で家が埋まっています"),
        open_post=open_post,
        block_exists=block_exists,
        calls_for_help=calls_for_help,
    )
    assert [reason.text for reason in found] == (
        ["存在しない町丁目が書かれています。"] if doubted else []
    )
