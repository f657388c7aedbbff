"""Frames of a Mastodon server, as recorded after its documentation."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.sns import mastodon
from madoguchi.channels.sns.data import Gone, Network, OpenPost

from .frames import HOST, lines

FRAMES = lines("mastodon.jsonl")
STREAM = "hashtag:調布市災害"


def post(number: int) -> OpenPost:
    """The post of a recorded frame."""
    found = mastodon.frame(HOST, FRAMES[number])
    assert found is not None
    assert isinstance(found.event, OpenPost)
    return found.event


def test_a_new_post_is_read_with_its_words_and_where_it_stands() -> None:
    found = mastodon.frame(HOST, FRAMES[0])
    assert found is not None
    assert (found.stream, found.status_id) == (STREAM, "114900000000000001")
    assert found.event == OpenPost(
        network=Network.MASTODON,
        id="mastodon.example/114900000000000001",
        author="hanako@mastodon.example",
        text="国領町3丁目の道路が冠水、\n車が動けません #調布市災害",
        posted_at=datetime(2026, 7, 1, 2, 55, 0, 123000, tzinfo=UTC),
        url="https://mastodon.example/@hanako/114900000000000001",
        tags=("調布市災害",),
    )


def test_pictures_are_named_and_films_are_not() -> None:
    found = post(1)
    assert found.author == "taro@other.example"
    assert found.text == "布田駅前で停電 #調布市災害\n\n信号も消えています & 暗い"
    assert found.media == (
        "https://files.mastodon.example/media_attachments/files/022/345/792/original/"
        "57859aede991da25.jpeg",
    )


def test_a_warning_is_read_as_words_and_flagged() -> None:
    found = post(2)
    assert found.sensitive
    assert found.text.splitlines()[0] == "血が写っています"


def test_visibility_and_machines_are_told_apart() -> None:
    assert [post(n).public for n in (0, 3)] == [True, False]
    assert [post(n).bot for n in (0, 5)] == [False, True]


def test_a_boost_is_no_post() -> None:
    assert mastodon.frame(HOST, FRAMES[4]) is None


def test_an_edit_carries_its_time() -> None:
    assert post(6).edited_at == datetime(2026, 7, 1, 2, 57, 10, tzinfo=UTC)
    assert post(6).id == post(0).id


def test_a_deletion_names_the_post() -> None:
    found = mastodon.frame(HOST, FRAMES[7])
    assert found is not None
    assert found.event == Gone(Network.MASTODON, post(1).id)


@pytest.mark.parametrize("number", [8, 9, 10])
def test_other_events_are_passed_over(number: int) -> None:
    assert mastodon.frame(HOST, FRAMES[number]) is None


def test_the_servers_refusal_is_heard() -> None:
    with pytest.raises(mastodon.Problem, match="Unknown stream type"):
        mastodon.frame(HOST, '{"error": "Unknown stream type", "status": 400}')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


@given(st.one_of(st.binary(), st.text(), JSON.map(json.dumps)))
def test_garbage_is_passed_over(raw: bytes | str) -> None:
    assert mastodon.frame(HOST, raw) is None


@given(st.data())
def test_a_frame_with_one_odd_part_breaks_nothing(data: st.DataObject) -> None:
    outer = json.loads(data.draw(st.sampled_from(FRAMES)))
    outer[data.draw(st.sampled_from(["stream", "event", "payload"]))] = data.draw(JSON)
    mastodon.frame(HOST, json.dumps(outer))
    status = json.loads(json.loads(FRAMES[1])["payload"])
    status[data.draw(st.sampled_from(sorted(status)))] = data.draw(JSON)
    mastodon.post(HOST, status)


def test_ids_are_ordered_as_numbers_of_any_length() -> None:
    assert mastodon.newer("9", "10") == "10"
    assert mastodon.newer("", "1") == "1"
    assert mastodon.newer("114900000000000002", "114900000000000001") == "114900000000000002"


def test_an_id_some_time_before_is_ten_minutes_earlier() -> None:
    ms = 1_782_874_500_000
    assert mastodon.some_time_before(str((ms << 16) + 7)) == str(((ms - 600_000) << 16) + 7)
    assert mastodon.some_time_before("5") == "0"
    assert mastodon.some_time_before("abc") == "abc"
