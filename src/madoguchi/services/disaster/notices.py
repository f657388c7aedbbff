"""Notices of the town: one line on top of the pages of residents, published by staff."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.cases.data import NotAllowed
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import current
from madoguchi.services.disaster.data import NoticeLevel
from madoguchi.services.disaster.models import Notice
from madoguchi.services.disaster.reading import clean
from madoguchi.ui import cache
from madoguchi.ui.warnings import Level, Warning
from madoguchi.ui.words import Words

TITLES: dict[NoticeLevel, Words] = {
    NoticeLevel.CAUTION: Words(
        "町からのお知らせ（注意）", "気《き》を つけて ください", "Notice from the town: take care"
    ),
    NoticeLevel.DANGER: Words(
        "町からのお知らせ（警戒）",
        "あぶないです。早《はや》く 動《うご》いて ください",
        "Warning from the town: act early",
    ),
    NoticeLevel.EMERGENCY: Words(
        "緊急のお知らせ",
        "今《いま》すぐ 命《いのち》を まもって ください",
        "Emergency: protect your life now",
    ),
}
COLUMNS = ("level", "text", "text_easy", "text_en", "drill", "starts_at")


def publish(
    level: NoticeLevel,
    text: str,
    *,
    ends_at: datetime,
    starts_at: datetime | None = None,
    text_easy: str = "",
    text_en: str = "",
    once: UUID,
    actor: str,
) -> Notice:
    """Show ``text`` (Japanese, at most 200 characters) on the residents' pages.

    From ``starts_at`` (None: now) until ``ends_at``. A second call with the same ``once`` changes
    nothing. Raises ``NotAllowed`` for words that say nothing and for an end that has passed.
    """
    now = clock.now()
    said = clean(text)
    if not said:
        raise NotAllowed("お知らせの文を書いてください。")
    if ends_at <= max(now, starts_at or now):
        raise NotAllowed("終わりの時刻は、始まりと今より後にしてください。")
    with transaction.atomic():
        notice, made = Notice.objects.get_or_create(
            once=once,
            defaults={
                "level": level.value,
                "text": said,
                "text_easy": clean(text_easy),
                "text_en": clean(text_en),
                "drill": bool(towns.here().settings.get("drill")),
                "starts_at": starts_at or now,
                "ends_at": ends_at,
                "published_at": now,
                "published_by": actor,
            },
        )
        if made:
            _note("notice.publish", notice, actor)
    return notice


def withdraw(notice_id: int, *, actor: str) -> Notice:
    """Take a notice from the pages; raises ``Notice.DoesNotExist``.

    Of two who do it at once, the first is noted.
    """
    with transaction.atomic():
        notice = Notice.objects.select_for_update().get(pk=notice_id)
        if notice.withdrawn_at is None:
            notice.withdrawn_at, notice.withdrawn_by = clock.now(), actor
            notice.save(update_fields=["withdrawn_at", "withdrawn_by"])
            _note("notice.withdraw", notice, actor)
    return notice


def standing() -> QuerySet[Notice]:
    """Notices that are shown now or will be, the most pressing and newest first."""
    rows = Notice.objects.filter(withdrawn_at=None, ends_at__gt=clock.now())
    return rows.order_by("-level", "-starts_at", "-id")


def past() -> QuerySet[Notice]:
    """Notices that are no longer shown, the newest first."""
    return Notice.objects.exclude(pk__in=standing().values("pk")).order_by("-id")


def in_force() -> list[Warning]:
    """What the residents' pages show on top now (a source of ``ui.warnings``)."""
    rows = standing().filter(starts_at__lte=clock.now()).values_list(*COLUMNS)
    return [_warning(*row) for row in rows]


def _warning(
    level: int, text: str, easy: str, english: str, drill: bool, starts_at: datetime
) -> Warning:
    title = TITLES[NoticeLevel(level)]
    if drill:
        title = Words(
            f"【訓練】{title.ja}", f"【訓練《くんれん》】{title.easy}", f"[DRILL] {title.en}"
        )
    return Warning(Level(level), title, Words(text, easy, english), starts_at)


def _note(verb: str, notice: Notice, actor: str) -> None:
    """Log the act, and let the pages show it as soon as it is true."""
    audit.record(
        verb,
        f"notice:{notice.pk}",
        actor=actor,
        level=notice.level,
        text=audit.keyed_hash(notice.text),
    )
    transaction.on_commit(partial(cache.changed, current.town_id()))
