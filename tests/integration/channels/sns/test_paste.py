"""Pasted posts: looked at first, then taken in, and known again."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.channels.sns.models import Post
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster.models import Report

from .conftest import FLOOD, Crowd, browser, set_up, told

URL = "/staff/sns/"
ADDRESS = "https://x.com/hanako/status/1945678?s=20"


def look(client: Client, text: str, network: str = "x") -> str:
    """What the page says before anything is taken in."""
    answer = client.post(URL, {"text": text, "network": network})
    assert answer.status_code == 200
    return answer.content.decode()


def take(client: Client, text: str, network: str = "x") -> str:
    """What the page says after it was taken in."""
    answer = client.post(URL, {"text": text, "network": network, "take": "1"}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_pasted_is_looked_at_first_and_nothing_is_stored(operator: Client) -> None:
    page = look(operator, f"{FLOOD}\n{ADDRESS}")
    assert "国領町三丁目" in page
    assert "浸水" in page
    assert "取り込みます" in page
    assert not Inbound.objects.exists()
    assert not Post.objects.exists()


def test_danger_to_life_is_seen_at_a_glance(operator: Client) -> None:
    assert "命の危険" in look(
        operator, "調布市布田駅前、車が水没して人が閉じ込められています 助けて"
    )


def test_then_it_is_taken_in_as_an_unverified_report(operator: Client, crowd: Crowd) -> None:
    assert "1件を取り込みました" in take(operator, f"{FLOOD}\n{ADDRESS}")
    crowd.work()
    [row] = told()
    assert (row.text, row.channel, row.state) == (FLOOD, "sns", "done")
    assert Post.objects.get().url == "https://x.com/hanako/status/1945678"
    case = Case.objects.get()
    page = operator.get(f"/staff/cases/{case.number}/").content.decode()
    assert "未確認（SNS）" in page
    assert 'href="https://x.com/hanako/status/1945678"' in page
    [entry] = Entry.objects.filter(verb="sns.paste")
    assert entry.ids == {"taken": 1, "given": 1}


def test_several_posts_are_taken_in_one_by_one(operator: Client, crowd: Crowd) -> None:
    text = f"{FLOOD}\n---\n調布市の布田駅前で停電\n---\nhttps://instagram.com/p/Cabc/\n調布市で避難"
    assert "3件を取り込みました" in take(operator, text)
    assert sorted(Post.objects.values_list("network", flat=True)) == ["instagram", "x", "x"]


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (f"{FLOOD}\n{ADDRESS}", f"{FLOOD}（追記あり）\nhttps://twitter.com/hanako/status/1945678"),
        (FLOOD, FLOOD),
        (FLOOD, f"  {FLOOD}！！ "),
    ],
)
def test_the_same_post_is_known_by_its_address_or_its_words(
    operator: Client, first: str, again: str
) -> None:
    take(operator, first)
    page = look(operator, again)
    assert "もう取り込んであります" in page
    assert "もう取り込んでありました" in take(operator, again)
    assert len(told()) == 1


def test_other_peoples_same_words_are_counted(operator: Client, crowd: Crowd) -> None:
    crowd.bring(crowd.post(FLOOD))
    assert "同じ文の投稿があります" in look(operator, f"{FLOOD}\n{ADDRESS}")
    assert "その数に加えました" in take(operator, f"{FLOOD}\n{ADDRESS}")
    assert len(told()) == 1
    page = operator.get(f"/staff/cases/{Case.objects.get().number}/").content.decode()
    assert "ほかに1件" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "", "network": "x"}, "投稿の文を貼り付けてください"),
        ({"text": ADDRESS, "network": "x"}, "アドレスだけでは取り込めません"),
        ({"text": "---\n".join(["停電\n"] * 51), "network": "x"}, "一度に取り込めるのは50件まで"),
        ({"text": "停電", "network": "myspace"}, "入力を確かめてください"),
    ],
)
def test_what_cannot_be_taken_is_said_and_stays(
    operator: Client, given: dict[str, str], said: str
) -> None:
    for extra in ({}, {"take": "1"}):
        answer = operator.post(URL, given | extra)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert given["text"].strip()[:10] in answer.content.decode()
    assert not told()


def test_pasting_goes_on_when_the_day_is_full(operator: Client, crowd: Crowd, town: Town) -> None:
    set_up(town, daily_limit=1, bluesky_on=True)
    crowd.bring(crowd.post("調布市で停電しています"))
    assert "きょうの上限（1件）に達しました" in operator.get(URL).content.decode()
    assert "SNSの受け取りが、きょうの上限に達しました" in operator.get("/staff/").content.decode()
    assert "1件を取り込みました" in take(operator, FLOOD)


def test_who_may_only_look_may_not_paste(town: Town) -> None:
    assert browser("viewer").get(URL).status_code == 403


def queries(client: Client, url: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_case_with_many_posts_takes_no_more_queries(operator: Client, crowd: Crowd) -> None:
    crowd.bring(crowd.post())
    pages = (f"/staff/cases/{Case.objects.get().number}/", "/staff/cases/", URL)
    before = [queries(operator, page) for page in pages * 2][3:]
    crowd.bring(crowd.post("調布市で停電しています"), crowd.post("調布市の布田駅前で避難"))
    Report.objects.update(case=Case.objects.earliest("id"))
    assert [queries(operator, page) for page in pages] == before
    page = operator.get(pages[0]).content.decode()
    assert page.count("Mastodonで見る") == 3
