"""A line on top of the residents' pages: published and withdrawn in one action, by the clock."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.cases.data import NotAllowed
from madoguchi.kernel.clock import api as clock_api
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster import notices
from madoguchi.services.disaster.data import NoticeLevel
from madoguchi.services.disaster.models import Notice

from .conftest import Hall, signed_in

RIVER = "多摩川の水位が上がっています。川の近くの方は、避難所へ移ってください。"


def form(clock: FixedClock, **changed: object) -> dict[str, object]:
    """What the browser sends; times as a datetime-local field gives them."""
    until = clock_api.jst(clock.now() + timedelta(hours=3))
    return {
        "once": uuid.uuid4(),
        "text": RIVER,
        "level": NoticeLevel.DANGER.value,
        "ends_at": f"{until:%Y-%m-%dT%H:%M}",
        "starts_at": "",
        **changed,
    }


def publish(clock: FixedClock, **changed: object) -> Notice:
    """A notice of three hours from now."""
    given = {
        "ends_at": clock.now() + timedelta(hours=3),
        "once": uuid.uuid4(),
        "actor": "staff:1",
        "level": NoticeLevel.DANGER,
        "text": RIVER,
    }
    return notices.publish(**given | changed)


def shown(path: str = "/", **headers: str) -> str:
    """What a resident reads above the page itself."""
    html = Client().get(path, headers=headers or None).content.decode()
    return html.partition('<main id="main"')[0]


def test_one_action_puts_a_line_on_home_and_message_page_at_once(
    desk: Client,
    hall: Hall,
    clock: FixedClock,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    assert RIVER not in shown("/")  # and the page is kept from now on
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(reverse("disaster:notices"), form(clock))
    assert answer["Location"] == reverse("disaster:notices")
    for path in ("/", "/message/"):
        assert RIVER in shown(path)
        assert "町からのお知らせ（警戒）" in shown(path)
        assert "warning-danger" in shown(path)
    said = Entry.objects.get(verb="notice.publish")
    assert (said.actor, said.subject) == (hall.operator.actor, f"notice:{Notice.objects.get().pk}")
    assert RIVER not in str(said.ids)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("disaster:withdraw_notice", args=[Notice.objects.get().pk]))
    for path in ("/", "/message/"):
        assert RIVER not in shown(path)
    assert Entry.objects.get(verb="notice.withdraw").actor == hall.operator.actor
    assert RIVER in desk.get(reverse("disaster:notices")).content.decode()


def test_it_comes_and_goes_by_the_clock(town: Town, clock: FixedClock) -> None:
    publish(clock, starts_at=clock.now() + timedelta(hours=1))
    seen = []
    for _ in range(4):
        seen.append(len(notices.in_force()))
        clock.advance(timedelta(hours=1))
    assert seen == [0, 1, 1, 0]


def test_the_most_pressing_stands_first_then_the_newest(town: Town, clock: FixedClock) -> None:
    for level, text in ((2, "注意の文"), (4, "緊急の文"), (3, "古い警戒"), (3, "新しい警戒")):
        publish(clock, level=NoticeLevel(level), text=text)
        clock.advance(timedelta(minutes=1))
    texts = [warning.text.ja for warning in notices.in_force()]
    assert texts == ["緊急の文", "新しい警戒", "古い警戒", "注意の文"]
    page = shown("/message/")
    assert sorted(texts, key=page.index) == texts


def test_a_second_press_is_not_a_second_notice(desk: Client, clock: FixedClock) -> None:
    pressed = form(clock)
    for _ in range(3):
        desk.post(reverse("disaster:notices"), pressed)
    assert Notice.objects.count() == 1
    notice = Notice.objects.get()
    for _ in range(2):
        desk.post(reverse("disaster:withdraw_notice", args=[notice.pk]))
    assert Entry.objects.filter(verb__startswith="notice.").count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "お知らせの文を書いてください"),
        ({"text": " \u202e\u0007 "}, "お知らせの文を書いてください"),
        ({"text": "あ" * 201}, "200文字までにしてください。いまは201文字です"),
        ({"ends_at": ""}, "いつまで出すかを選んでください"),
        ({"ends_at": "あした"}, "日付と時刻を選んでください"),
        ({"ends_at": "2026-07-01T11:59"}, "終わりの時刻は、始まりと今より後に"),
        ({"starts_at": "2026-07-02T00:00"}, "終わりの時刻は、始まりと今より後に"),
        ({"level": "5"}, "段階"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written_is_lost(
    desk: Client, clock: FixedClock, wrong: dict[str, str], said: str
) -> None:
    answer = desk.post(reverse("disaster:notices"), form(clock, text_en="Stay away", **wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="Stay away"' in page
    assert Notice.objects.count() == 0


def test_words_are_shown_as_words(town: Town, clock: FixedClock) -> None:
    publish(clock, text="<script>x</script>\u202e川\u0000", text_easy="川《かわ》", text_en="River")
    page = shown("/message/")
    assert "&lt;script&gt;x&lt;/script&gt;川</p>" in page
    assert "<script>" not in page.partition("<body")[2]
    client = Client()
    client.cookies["md_lang"] = "easy"
    assert "<rt>かわ</rt>" in client.get("/message/").content.decode()


def test_a_notice_of_a_drill_says_so_even_when_the_drill_is_over(
    town: Town, clock: FixedClock
) -> None:
    town.settings["drill"] = True
    town.save()
    publish(clock)
    town.settings["drill"] = False
    town.save()
    assert "【訓練】町からのお知らせ（警戒）" in shown("/")


def test_towns_see_their_own_notices_alone(
    desk: Client, town: Town, other_town: Town, clock: FixedClock
) -> None:
    with current.use(other_town.pk):
        theirs = publish(clock, text="青梅市のお知らせ")
    assert "青梅市のお知らせ" not in shown("/")
    assert "青梅市のお知らせ" in shown("/", host="ome.example.jp")
    url = reverse("disaster:withdraw_notice", args=[theirs.pk])
    assert desk.post(url).status_code == 404
    with current.use(other_town.pk):
        assert Notice.objects.get().withdrawn_at is None


def test_only_operators_publish(hall: Hall, clock: FixedClock) -> None:
    looker = signed_in(hall.viewer)
    assert looker.get(reverse("disaster:notices")).status_code == 403
    assert looker.post(reverse("disaster:notices"), form(clock)).status_code == 403
    assert Client().post(reverse("disaster:notices"), form(clock)).status_code == 302
    assert Notice.objects.count() == 0


def test_the_page_asks_as_often_for_many_as_for_one(desk: Client, clock: FixedClock) -> None:
    url = reverse("disaster:notices")

    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(url)
        return len(queries)

    for _ in range(2):
        notices.withdraw(publish(clock, text="ひとつ目").pk, actor="staff:1")
        publish(clock)
        desk.get(url)
        count = ask()
        for number in range(3):
            notices.withdraw(publish(clock, actor=f"staff:{number}").pk, actor="staff:1")
            publish(clock, actor=f"staff:{number}")
        assert ask() == count


def test_the_verb_refuses_what_a_form_would(town: Town, clock: FixedClock) -> None:
    with pytest.raises(NotAllowed):
        publish(clock, text=" ")
    with pytest.raises(NotAllowed):
        publish(clock, ends_at=clock.now())
    publish(clock)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(ends_at=clock.now() - timedelta(days=1))
