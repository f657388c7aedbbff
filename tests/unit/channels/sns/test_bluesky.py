"""Messages of Jetstream, as recorded after its documentation."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.sns import bluesky
from madoguchi.channels.sns.data import AuthorGone, Event, Gone, Network, OpenPost

from .frames import lines
from .test_mastodon import JSON

FRAMES = lines("jetstream.jsonl")
A, B = "did:plc:invented000000000000000a", "did:plc:invented000000000000000b"


def event(number: int) -> Event | None:
    """The event of a recorded frame."""
    found = bluesky.frame(FRAMES[number])
    assert found is not None
    assert found.time_us == 1782874500000000 + (number + 1) * 1_000_000
    return found.event


def post(number: int) -> OpenPost:
    """The post of a recorded frame."""
    found = event(number)
    assert isinstance(found, OpenPost)
    return found


def test_a_new_post_is_read_with_its_tag() -> None:
    assert post(0) == OpenPost(
        network=Network.BLUESKY,
        id=f"{A}/3mzpost0001",
        author=A,
        text="調布市の国領町3丁目で冠水 #調布市災害",
        posted_at=datetime(2026, 7, 1, 2, 55, tzinfo=UTC),
        url=f"https://bsky.app/profile/{A}/post/3mzpost0001",
        tags=("調布市災害",),
    )


def test_pictures_are_named_by_their_content() -> None:
    assert post(1).media == tuple(
        f"https://cdn.bsky.app/img/feed_fullsize/plain/{B}/bafkreinvented{n}invented{n}invented{n}"
        f"invented{n}invented{n}invented{n}@jpeg"
        for n in (1, 2)
    )


def test_a_label_of_the_author_is_a_flag_and_pictures_beside_a_quotation_count() -> None:
    assert post(2).sensitive
    assert len(post(2).media) == 1
    assert post(2).tags == ("調布市災害",)


@pytest.mark.parametrize("number", [3, 7, 8])
def test_likes_names_and_accounts_that_live_are_passed_over(number: int) -> None:
    assert event(number) is None


def test_an_update_is_an_edit_at_the_time_of_the_stream() -> None:
    assert post(5).id == post(0).id
    assert post(5).edited_at == datetime(2026, 7, 1, 2, 55, 6, tzinfo=UTC)


def test_deletions_of_a_post_and_of_an_account() -> None:
    assert event(6) == Gone(Network.BLUESKY, f"{B}/3mzpost0002")
    assert event(9) == AuthorGone(Network.BLUESKY, A, datetime(2026, 7, 1, 2, 55, 10, tzinfo=UTC))


def test_a_post_is_never_later_than_it_came() -> None:
    outer = json.loads(FRAMES[0])
    outer["commit"]["record"]["createdAt"] = "2031-01-01T00:00:00Z"
    found = bluesky.frame(json.dumps(outer))
    assert found is not None
    assert isinstance(found.event, OpenPost)
    assert found.event.posted_at == datetime(2026, 7, 1, 2, 55, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value"),
    [("did", "did:plc:a/../b"), ("did", 7), ("time_us", -1), ("time_us", "1"), ("time_us", True)],
)
def test_a_frame_without_its_name_or_time_is_none_of_ours(name: str, value: object) -> None:
    assert bluesky.frame(json.dumps(json.loads(FRAMES[0]) | {name: value})) is None


def test_a_key_that_could_lead_elsewhere_is_refused() -> None:
    outer = json.loads(FRAMES[0])
    outer["commit"]["rkey"] = "../../x"
    assert bluesky.frame(json.dumps(outer)) == bluesky.Frame(outer["time_us"], None)


@given(st.one_of(st.binary(), st.text(), JSON.map(json.dumps)))
def test_garbage_is_passed_over(raw: bytes | str) -> None:
    assert bluesky.frame(raw) is None


@given(st.data())
def test_a_frame_with_one_odd_part_breaks_nothing(data: st.DataObject) -> None:
    outer = json.loads(data.draw(st.sampled_from(FRAMES[:4])))
    part = outer
    for name in data.draw(st.sampled_from([(), ("commit",), ("commit", "record")])):
        part = part[name]
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(JSON)
    bluesky.frame(json.dumps(outer))
