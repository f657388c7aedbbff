"""From events to the inbox: once, filtered, limited; deletions win and edits replace."""

from dataclasses import replace
from datetime import timedelta

import pytest

from madoguchi.channels.sns import taking
from madoguchi.channels.sns.data import AuthorGone, Gone, Network, Outcome
from madoguchi.channels.sns.models import Post
from madoguchi.channels.sns.taking import Terms
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages.models import Conversation, Inbound, Outbox
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Contact, Person
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster.models import Report

from .conftest import FLOOD, Crowd, set_up, told


def test_a_post_is_taken_once_and_nobody_is_answered(crowd: Crowd) -> None:
    post = crowd.post()
    assert crowd.bring(post) == [Outcome.TAKEN]
    assert crowd.bring(post, post) == [Outcome.KNOWN, Outcome.KNOWN]
    [row] = told()
    assert (row.text, row.state, row.service) == (FLOOD, "done", "disaster")
    assert Case.objects.get().urgency >= 2
    assert not Outbox.objects.exists()
    assert not Conversation.objects.exists()


def test_nobody_is_asked_for_a_place_that_is_missing(crowd: Crowd) -> None:
    crowd.bring(crowd.post("調布市で冠水、車が動けません"))
    case = Case.objects.get()
    assert (case.accuracy, case.ask_pending) == ("none", False)
    assert not Outbox.objects.exists()
    assert not Conversation.objects.exists()


def test_the_next_post_of_an_author_is_no_answer_to_the_first(crowd: Crowd) -> None:
    first = crowd.post("調布市で冠水、車が動けません")
    crowd.bring(first, crowd.post("調布市の布田駅前が停電しています", author=first.author))
    assert Report.objects.count() == 2
    assert Contact.objects.count() == 1


def test_what_the_town_does_not_need_is_kept_nowhere(crowd: Crowd) -> None:
    assert crowd.bring(crowd.post("今日のお昼は調布でラーメン")) == [Outcome.UNNEEDED]
    assert not Post.objects.exists()
    assert not told()
    assert not Person.objects.exists()
    assert "ラーメン" not in repr(list(Entry.objects.values()))


def test_the_name_of_the_author_is_kept_nowhere_and_tells_posts_apart(crowd: Crowd) -> None:
    crowd.bring(crowd.post(), crowd.post("調布市で停電しています"))
    everything = repr(
        [list(model.objects.values()) for model in (Inbound, Contact, Person, Entry, Report)]
    )
    assert "person1" not in everything
    assert len({row.sender for row in told()}) == 2


def test_each_town_hears_for_itself(crowd: Crowd, other_town: Town) -> None:
    post = crowd.post()
    crowd.bring(post)
    with current.use(other_town.pk):
        assert taking.take([post], Terms(lambda *_: True, 10)) == [Outcome.TAKEN]
        assert Post.objects.count() == 1
    assert Post.objects.count() == 1


def test_the_days_limit_holds_until_midnight(crowd: Crowd, clock: FixedClock) -> None:
    crowd.limit = 2
    texts = [f"調布市で停電しています、{n}号棟です" for n in range(4)]
    assert crowd.bring(*(crowd.post(text) for text in texts)) == [
        Outcome.TAKEN,
        Outcome.TAKEN,
        Outcome.LIMIT,
        Outcome.LIMIT,
    ]
    assert len(told()) == 2
    clock.advance(timedelta(hours=12))  # 00:00 in Japan
    assert crowd.bring(crowd.post("調布市で停電しています、9号棟です")) == [Outcome.TAKEN]


def test_one_author_cannot_fill_the_day(crowd: Crowd) -> None:
    flood = [crowd.post(f"調布市で停電、{n}号棟", author="one@h.example") for n in range(12)]
    other = crowd.post("調布市で冠水しています")
    outcomes = crowd.bring(*flood, other)
    assert outcomes == [Outcome.TAKEN] * 10 + [Outcome.LIMIT] * 2 + [Outcome.TAKEN]


# The same words again


def test_a_flood_of_the_same_words_is_one_report_without_a_place(crowd: Crowd) -> None:
    flood = [crowd.post("【拡散】調布市で停電だそうです") for _ in range(30)]
    flood.append(crowd.post("【拡散】 調布市で停電だそうです！！ https://a.example/1"))
    outcomes = crowd.bring(*flood)
    assert outcomes == [Outcome.TAKEN, *[Outcome.REPEATED] * 30]
    assert len(told()) == 1
    assert Report.objects.count() == 1
    first = Post.objects.get(repeats=None)
    assert first.repetitions.count() == 30
    assert Case.objects.get().witnesses == 1


def test_repetitions_do_not_use_up_the_days_limit(crowd: Crowd) -> None:
    crowd.limit = 2
    crowd.bring(*(crowd.post() for _ in range(5)))
    assert crowd.bring(crowd.post("調布市で停電しています")) == [Outcome.TAKEN]


def test_the_same_words_on_another_day_are_news(crowd: Crowd, clock: FixedClock) -> None:
    crowd.bring(crowd.post())
    clock.advance(timedelta(hours=25))
    assert crowd.bring(crowd.post()) == [Outcome.TAKEN]


# Deletions


def gone(post: object) -> Gone:
    """The deletion of a post."""
    return Gone(post.network, post.id)  # type: ignore[attr-defined]


def test_a_deleted_post_is_erased_wherever_it_was_read(crowd: Crowd) -> None:
    post = crowd.post()
    crowd.bring(post)
    assert crowd.bring(gone(post)) == [Outcome.REMOVED]
    said, unsent = told()
    assert (said.text, unsent.kind, unsent.state) == ("", "unsend", "done")
    report = Report.objects.get()
    assert (report.text, report.place_text, report.doubtful) == ("", "", True)
    kept = Post.objects.get()
    assert (kept.native_id, kept.url, kept.author, kept.media) == ("", "", "", [])
    assert Case.objects.count() == 1  # somebody may be on the way there


def test_a_deletion_wins_whenever_it_comes(crowd: Crowd) -> None:
    post = crowd.post()
    assert crowd.bring(gone(post)) == [Outcome.UNNEEDED]
    assert crowd.bring(post) == [Outcome.KNOWN]
    assert crowd.bring(gone(post), post, gone(post)) == [Outcome.KNOWN] * 3
    assert not told()


def test_a_deletion_overtakes_words_that_still_wait(crowd: Crowd) -> None:
    post = crowd.post()
    assert crowd.bring(post, gone(post)) == [Outcome.TAKEN, Outcome.REMOVED]
    assert {row.text for row in told()} == {""}
    assert not Report.objects.exclude(text="").exists()


def test_a_stream_that_keeps_its_order_leaves_no_trace_of_unknown_deletions(crowd: Crowd) -> None:
    assert crowd.bring(gone(crowd.post()), remembers=False) == [Outcome.UNNEEDED]
    assert not Post.objects.exists()


def test_an_account_that_is_gone_takes_all_its_posts_along(crowd: Crowd) -> None:
    mine = [
        crowd.post(network=Network.BLUESKY, author="did:plc:a"),
        crowd.post("調布市で停電しています", network=Network.BLUESKY, author="did:plc:a"),
    ]
    other = crowd.post("調布市で避難しています", network=Network.BLUESKY, author="did:plc:b")
    crowd.bring(*mine, other)
    left = AuthorGone(Network.BLUESKY, "did:plc:a", crowd.clock.now())
    assert crowd.bring(left) == [Outcome.REMOVED]
    assert [row.text for row in told() if row.kind == "text"] == ["", "", other.text]
    assert crowd.bring(left) == [Outcome.UNNEEDED]
    back = crowd.post("調布市で冠水", network=Network.BLUESKY, author="did:plc:a")
    assert crowd.bring(back, left) == [Outcome.TAKEN, Outcome.UNNEEDED]


# Edits


def edit(post: object, text: str, crowd: Crowd) -> object:
    """The post with other words, edited now."""
    crowd.clock.advance(timedelta(minutes=1))
    return replace(post, text=text, edited_at=crowd.clock.now())  # type: ignore[type-var]


def test_an_edit_replaces_the_words_and_is_read_anew(crowd: Crowd) -> None:
    post = crowd.post("調布市の国領町3丁目の道路が冠水、車が動けません")
    crowd.bring(post)
    edited = edit(post, "調布市の国領町8丁目の道路が冠水、車が動けません", crowd)
    assert crowd.bring(edited) == [Outcome.CHANGED]
    assert [row.text for row in told()] == [edited.text]
    report, case = Report.objects.get(), Case.objects.get()
    assert report.text == edited.text
    assert report.place_label == case.place_label == "調布市国領町八丁目"
    assert case.witnesses == 1
    assert crowd.bring(edited, post) == [Outcome.KNOWN, Outcome.KNOWN]


def test_an_older_edit_that_comes_late_changes_nothing(crowd: Crowd) -> None:
    post = crowd.post()
    first = edit(post, "調布市で停電、その1", crowd)
    second = edit(post, "調布市で停電、その2", crowd)
    crowd.bring(post, second)
    assert crowd.bring(first) == [Outcome.KNOWN]
    assert [row.text for row in told()] == ["調布市で停電、その2"]


def test_an_edit_may_come_before_its_post(crowd: Crowd) -> None:
    post = crowd.post("ひみつ")
    edited = edit(post, FLOOD, crowd)
    assert crowd.bring(edited, post) == [Outcome.TAKEN, Outcome.KNOWN]
    assert [row.text for row in told()] == [FLOOD]


def test_words_that_still_wait_are_read_in_their_new_form(crowd: Crowd) -> None:
    post = crowd.post()
    crowd.bring(post, edit(post, "調布市で停電しています", crowd))
    assert Report.objects.get().text == "調布市で停電しています"


def test_an_edit_of_a_deleted_post_brings_nothing_back(crowd: Crowd) -> None:
    post = crowd.post()
    crowd.bring(post, gone(post), edit(post, "調布市で停電しています", crowd))
    assert {row.text for row in told()} == {""}


def test_a_repetition_that_is_edited_speaks_for_itself(crowd: Crowd) -> None:
    first, second = crowd.post(), crowd.post()
    crowd.bring(first, second)
    assert crowd.bring(edit(second, "調布市の布田駅前で停電", crowd)) == [Outcome.CHANGED]
    assert Report.objects.count() == 2
    assert Post.objects.filter(repeats=None).count() == 2


# What databases do not keep


@pytest.mark.parametrize("odd", ["\x00", "\udcf0", "\u202e"])
def test_odd_characters_break_nothing(crowd: Crowd, odd: str) -> None:
    post = crowd.post(f"{FLOOD}{odd}", author=f"a{odd}", id=f"h/1{odd}", url=f"https://a/{odd}")
    assert crowd.bring(post) == [Outcome.TAKEN]
    assert crowd.bring(post, gone(post)) == [Outcome.KNOWN, Outcome.REMOVED]


def test_an_address_that_a_browser_would_run_is_not_kept(crowd: Crowd) -> None:
    crowd.bring(crowd.post(url="javascript:alert(1)"))
    assert Post.objects.get().url == ""


def test_a_town_chooses_its_own_words(crowd: Crowd, town: Town) -> None:
    set_up(town, words=["熊"], names=["ちょうふ"])
    assert crowd.bring(crowd.post(), crowd.post("ちょうふで熊が出た")) == [
        Outcome.UNNEEDED,
        Outcome.TAKEN,
    ]


def test_a_person_who_is_erased_is_forgotten_here_too(crowd: Crowd) -> None:
    post = crowd.post()
    crowd.bring(post)
    people.erase(Contact.objects.get().person_id, actor="system:test")
    kept = Post.objects.get()
    assert (kept.native_id, kept.url, kept.author) == ("", "", "")
    assert crowd.bring(post, edit(post, "調布市で停電しています", crowd)) == [Outcome.KNOWN] * 2
    assert {row.text for row in told()} == {""}
