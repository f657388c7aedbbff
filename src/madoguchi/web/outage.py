"""停止のお知らせ: which way to the town does not work now, and what to use instead.

Staff puts it up and takes it down. By itself it stands when LINE (or mail) has taken nothing for
ten minutes although something was to be sent, and goes when that is over.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from madoguchi.channels import registry
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import current
from madoguchi.ui import cache
from madoguchi.ui.warnings import Level, Warning
from madoguchi.ui.words import Words
from madoguchi.web.models import Outage

FAILING_FOR = timedelta(minutes=10)
WATCHED = ("line", "mail")
ITSELF = "system:outage"
LOOK_EVERY_S = 20.0


class Way(StrEnum):
    """The ways to the town that can stop; the values of channels are theirs."""

    LINE = "line"
    WEB = "web"
    MAIL = "mail"
    PHONE = "phone"
    COUNTER = "counter"


NAMES: dict[Way, Words] = {
    Way.LINE: Words("LINE", "LINE", "LINE"),
    Way.WEB: Words(
        "ホームページからの受付", "ホームページで おくる こと", "Sending from the website"
    ),
    Way.MAIL: Words("メール", "メール", "E-mail"),
    Way.PHONE: Words("役所の電話", "役所《やくしょ》の 電話《でんわ》", "The town's telephone"),
    Way.COUNTER: Words("役所の窓口", "役所《やくしょ》の 窓口《まどぐち》", "The town office"),
}


def put_up(
    way: Way, *, note: str = "", note_easy: str = "", note_en: str = "", actor: str
) -> Outage:
    """Say on every resident page that ``way`` does not work; one notice a way stands at a time."""
    with transaction.atomic():
        row, made = Outage.objects.get_or_create(
            channel=way.value,
            ended_at=None,
            defaults={
                "note": note,
                "note_easy": note_easy,
                "note_en": note_en,
                "since": clock.now(),
                "by": actor,
                "drill": bool(towns.here().settings.get("drill")),
            },
        )
        if made:
            _log("outage.put_up", row, actor)
    return row


def take_down(outage_id: int, *, actor: str) -> Outage:
    """It works again; raises ``Outage.DoesNotExist``. Of two who do it, the first is noted."""
    with transaction.atomic():
        row = Outage.objects.select_for_update().get(pk=outage_id)
        if row.ended_at is None:
            row.ended_at, row.ended_by = clock.now(), actor
            row.save(update_fields=["ended_at", "ended_by"])
            _log("outage.take_down", row, actor)
    return row


def standing() -> QuerySet[Outage]:
    """The notices that stand now, the newest first."""
    return Outage.objects.filter(ended_at=None).order_by("-since", "-id")


def past() -> QuerySet[Outage]:
    """Those that were taken down, the newest first."""
    return Outage.objects.exclude(ended_at=None).order_by("-ended_at", "-id")


def watch() -> int:
    """Look after all towns: put up and take down what stands by itself; a step of the runtime."""
    with current.everywhere("which towns to watch"):
        here = set(Outage.objects.filter(ended_at=None, by=ITSELF).values_list("town", flat=True))
        tried = Outbox.objects.filter(
            state=Outbox.State.WAITING, attempts__gte=1, channel__in=WATCHED
        )
        here |= set(tried.values_list("town", flat=True).distinct())
    for town in sorted(here):
        with current.use(town):
            for kind in WATCHED:
                _watch(Way(kind))
    return 0


def failing(way: Way, now: datetime) -> bool:
    """Whether ``way`` has taken nothing for ten minutes although something was tried.

    The oldest row that was tried and still waits tells since when something was to be sent; a row
    that was sent meanwhile shows that the way works and only that row does not.
    """
    rows = Outbox.objects.filter(channel=way.value)
    sent = rows.filter(state=Outbox.State.SENT, sent_at__gt=OuterRef("created_at"))
    since = now - FAILING_FOR
    stuck = rows.filter(state=Outbox.State.WAITING, attempts__gte=1, created_at__lte=since).exclude(
        Exists(sent)
    )
    return stuck.exists()


def works_again(way: Way, since: datetime) -> bool:
    """Whether something was sent after ``since``, or nothing is left that could not be sent."""
    rows = Outbox.objects.filter(channel=way.value)
    if rows.filter(state=Outbox.State.SENT, sent_at__gt=since).exists():
        return True
    return not rows.filter(state=Outbox.State.WAITING, attempts__gte=1).exists()


def in_force() -> list[Warning]:
    """A source of ``ui.warnings``: one line for each notice that stands."""
    rows = list(standing())
    stopped = {row.channel for row in rows}
    return [_warning(row, stopped) for row in rows]


def _watch(way: Way) -> None:
    mine = standing().filter(channel=way.value, by=ITSELF).first()
    if mine is not None:
        if works_again(way, mine.since):
            take_down(mine.pk, actor=ITSELF)
    elif failing(way, clock.now()):
        put_up(way, actor=ITSELF)


def _warning(row: Outage, stopped: set[str]) -> Warning:
    name, drill = NAMES[Way(row.channel)], row.drill
    title = Words(
        f"{'【訓練】' if drill else ''}{name.ja}が、いま使えません",
        f"{'【訓練《くんれん》】' if drill else ''}{name.easy}は、いま 使《つか》えません",
        f"{'[DRILL] ' if drill else ''}{name.en} does not work at present",
    )
    instead = _instead(stopped)
    text = Words(
        f"{row.note}{instead.ja}送っていただいた内容は消えません。",
        f"{row.note_easy}{instead.easy}おくった ものは なくなりません。",
        f"{row.note_en}{' ' if row.note_en else ''}{instead.en} What you have sent is not lost.",
    )
    return Warning(Level.CAUTION, title, text, row.since)


def _instead(stopped: set[str]) -> Words:
    """The ways that still work, the nearest first."""
    town = towns.here()
    ways = [
        Words(
            "このページの「知らせる」", "この ページの「知《し》らせる」", "the form on this site"
        )
        if Way.WEB not in stopped
        else None,
        NAMES[Way.LINE] if Way.LINE not in stopped and "line" in registry.kinds() else None,
        Words(
            f"電話（{town.contact_phone}）",
            f"電話《でんわ》（{town.contact_phone}）",
            f"the telephone ({town.contact_phone})",
        )
        if Way.PHONE not in stopped and town.contact_phone
        else None,
        NAMES[Way.COUNTER] if Way.COUNTER not in stopped else None,
    ]
    left = [way for way in ways if way is not None]
    danger = Words(
        "命の危険があるときは119か110へ。",
        "命《いのち》が あぶない ときは 119か 110。",
        "If life is in danger, call 119 or 110.",
    )
    if not left:
        return danger
    return Words(
        f"{'か'.join(way.ja for way in left)}をお使いください。{danger.ja}",
        f"{'か '.join(way.easy for way in left)}を 使《つか》って ください。{danger.easy}",
        f"Please use {' or '.join(way.en for way in left)}. {danger.en}",
    )


def _log(verb: str, row: Outage, actor: str) -> None:
    audit.record(verb, f"outage:{row.pk}", actor=actor, channel=row.channel)
    transaction.on_commit(partial(cache.changed, current.town_id()))
