"""代理: relatives who act for somebody, with consent. Ask, consent, act, renew, end.

Who asks learns nothing of the other. Consent is given by the person alone: on their own channel
(they get six digits and tell them to the relative), by telephone or on paper (staff records it).
It ends when either of the two ends it, and after a year by itself.
"""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.models import YEAR, Person, Proxy, ProxyAsk, ProxyCode

CODE_LIVES = timedelta(minutes=30)
MOST_TRIES = 5
ACTS_FOR = timedelta(hours=1)
OLDEST_PAPER = timedelta(days=60)
OVER = "system:year"


class ProxyRefused(Exception):
    """It was not done; the message says why and what to do next, in Japanese."""


def ask(person_id: int, *, name: str, for_name: str, relation: str) -> ProxyAsk:
    """``person_id`` asks to act for somebody; an open request of theirs takes the new words."""
    if relation not in Proxy.Relation.values or not name.strip() or not for_name.strip():
        raise ProxyRefused("お名前と、どなたのために使うかを書いてください。")
    with transaction.atomic():
        row, _ = ProxyAsk.objects.update_or_create(
            person_id=person_id,
            closed_at=None,
            defaults={
                "name": name.strip()[:60],
                "for_name": for_name.strip()[:60],
                "relation": relation,
            },
        )
        audit.record("proxy.ask", f"proxyask:{row.pk}", actor=f"person:{person_id}")
    return row


def open_ask(person_id: int) -> ProxyAsk | None:
    """The request of somebody that waits for consent."""
    return ProxyAsk.objects.filter(person_id=person_id, closed_at=None).first()


def make_code(for_person_id: int) -> str:
    """Six digits for somebody to tell a relative: that is their consent. Older ones end."""
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        ProxyCode.objects.filter(for_person_id=for_person_id, used_at=None).delete()
        row = ProxyCode.objects.create(
            for_person_id=for_person_id,
            digest=audit.keyed_hash(f"proxy:{code}"),
            expires_at=clock.now() + CODE_LIVES,
        )
        audit.record("proxy.code", f"proxycode:{row.pk}", actor=f"person:{for_person_id}")
    return code


def redeem(person_id: int, code: str, then: Callable[[Proxy], None] | None = None) -> Proxy:
    """The relative enters the digits they were told; raises ``ProxyRefused``.

    ``then`` is done in the same transaction, so that both hear of it or nothing happened.

    Wrong digits count even when the caller's transaction goes on; after ``MOST_TRIES`` only the
    counter helps.
    """
    with transaction.atomic():
        row = ProxyAsk.objects.select_for_update().filter(person_id=person_id, closed_at=None)
        mine = row.first()
        if mine is None:
            raise ProxyRefused("先に「家族のために使う」から、お名前と相手を送ってください。")
        if mine.tries >= MOST_TRIES:
            raise ProxyRefused(
                "番号を続けて間違えたため、受け付けられません。窓口にお越しください。"
            )
        found = _code(code)
        if found is not None and found.for_person_id != person_id:
            found.used_at = clock.now()
            found.save(update_fields=["used_at"])
            given_by = f"person:{found.for_person_id}"
            proxy = _consent(mine, found.for_person_id, Proxy.By.OWN, clock.now(), actor=given_by)
            if then is not None:
                then(proxy)
            return proxy
        mine.tries += 1
        mine.save(update_fields=["tries"])
    raise ProxyRefused(
        "番号が違うか、時間が切れています。ご本人に、もう一度「家族に任せる」から番号を"
        "受け取ってもらってください。"
    )


def record_consent(
    ask_id: int,
    *,
    by: str,
    on: date,
    for_person_id: int | None = None,
    actor: str,
) -> Proxy:
    """Staff records that the person consented by telephone or on paper on the day ``on``.

    Without ``for_person_id`` the person is not known yet and is made, with the name of the request.
    Raises ``ProxyRefused``, ``ProxyAsk.DoesNotExist``, ``Person.DoesNotExist``.
    """
    if by not in (Proxy.By.PHONE, Proxy.By.PAPER):
        raise ProxyRefused("同意の方法を選んでください。")
    at = _day(on)
    with transaction.atomic():
        row = ProxyAsk.objects.select_for_update().get(pk=ask_id)
        if row.closed_at is not None:
            raise ProxyRefused("この申し込みは、すでに終わっています。")
        if for_person_id is None:
            parent = Person.objects.create(display_name=row.for_name)
        else:
            parent = Person.objects.get(pk=for_person_id, erased_at=None)
        if parent.pk == row.person_id:
            raise ProxyRefused("本人が自分の代理になることはできません。")
        return _consent(row, parent.pk, Proxy.By(by), at, actor=actor)


def drop(ask_id: int, *, actor: str) -> None:
    """No consent will come; the request is closed."""
    with transaction.atomic():
        row = ProxyAsk.objects.select_for_update().get(pk=ask_id)
        if row.closed_at is None:
            row.closed_at = clock.now()
            row.save(update_fields=["closed_at"])
            audit.record("proxy.drop", f"proxyask:{row.pk}", actor=actor)


def renew(proxy_id: int, *, by: str, on: date | None = None, actor: str) -> Proxy:
    """The person consents for another year, from ``on`` (None: now). Only while it lasts."""
    if by not in Proxy.By.values:
        raise ProxyRefused("同意の方法を選んでください。")
    at = clock.now() if on is None else _day(on)
    with transaction.atomic():
        row = Proxy.objects.select_for_update().get(pk=proxy_id)
        if not _lasts(row, clock.now()):
            raise ProxyRefused("この代理は終わっています。もう一度、はじめから同意が必要です。")
        row.consent_at, row.consent_by, row.ends_at = at, by, max(row.ends_at, at + YEAR)
        row.save(update_fields=["consent_at", "consent_by", "ends_at"])
        audit.record("proxy.renew", f"proxy:{row.pk}", actor=actor, by=by)
    return row


def end(proxy_id: int, *, actor: str) -> Proxy:
    """Either of the two, or staff, ends it at once; ending twice is harmless."""
    with transaction.atomic():
        row = Proxy.objects.select_for_update().get(pk=proxy_id)
        if row.ended_at is None:
            _end(row, clock.now(), actor)
    return row


def end_what_is_over() -> int:
    """End what has lasted its year; returns how many."""
    with transaction.atomic():
        rows = Proxy.objects.select_for_update().filter(ended_at=None, ends_at__lte=clock.now())
        found = list(rows.order_by("id"))
        for row in found:
            _end(row, row.ends_at, OVER)
    return len(found)


def act(proxy_id: int, person_id: int) -> Proxy:
    """For an hour what ``person_id`` sends is about the other; raises ``ProxyRefused``."""
    with transaction.atomic():
        row = Proxy.objects.select_for_update().filter(pk=proxy_id, person_id=person_id).first()
        if row is None or not _lasts(row, clock.now()):
            raise ProxyRefused("この代理は終わっています。")
        Proxy.objects.filter(person_id=person_id).update(acting_until=None)
        row.acting_until = clock.now() + ACTS_FOR
        row.save(update_fields=["acting_until"])
        audit.record("proxy.act", f"proxy:{row.pk}", actor=f"person:{person_id}")
    return row


def stop_acting(person_id: int) -> None:
    """What ``person_id`` sends is about themselves again."""
    Proxy.objects.filter(person_id=person_id).update(acting_until=None)


def acting_for(person_id: int) -> int | None:
    """The person about whom ``person_id`` now sends, with consent that lasts; None: themselves."""
    found = lasting().filter(person_id=person_id, acting_until__gt=clock.now())
    return found.values_list("for_person_id", flat=True).first()


def lasting() -> QuerySet[Proxy]:
    """What is in force now, in the order of consent."""
    rows = Proxy.objects.filter(ended_at=None, ends_at__gt=clock.now())
    return rows.select_related("person", "for_person").order_by("consent_at", "id")


def of_person(person_id: int) -> tuple[list[Proxy], list[Proxy]]:
    """(for whom somebody acts, who acts for them), both in force."""
    rows = lasting()
    return list(rows.filter(person_id=person_id)), list(rows.filter(for_person_id=person_id))


def read(*, actor: str, purpose: str) -> QuerySet[Proxy]:
    """All of the town for staff, the newest first; the reading is an entry in the log."""
    audit.record("proxy.read", actor, actor=actor, purpose=purpose)
    rows = Proxy.objects.select_related("person", "for_person")
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-consent_at", "-id")


def spoken(person: Person, for_person: Person | None) -> str:
    """How staff sees who speaks: 「〇〇さん（ご本人：△△さん）」; "" without another."""
    if for_person is None:
        return ""
    one, other = person.display_name or "家族", for_person.display_name or "消去済み"
    return f"{one}さん（ご本人：{other}さん）"


def _consent(row: ProxyAsk, for_person_id: int, by: Proxy.By, at: datetime, *, actor: str) -> Proxy:
    end_what_is_over()
    old = Proxy.objects.filter(person_id=row.person_id, for_person_id=for_person_id, ended_at=None)
    for earlier in old:
        _end(earlier, clock.now(), actor)
    proxy = Proxy.objects.create(
        person_id=row.person_id,
        for_person_id=for_person_id,
        relation=row.relation,
        consent_at=at,
        consent_by=by,
        ends_at=at + YEAR,
    )
    _name(row.person_id, row.name)
    if by is Proxy.By.OWN:
        _name(for_person_id, row.for_name)
    row.closed_at = clock.now()
    row.save(update_fields=["closed_at"])
    audit.record("proxy.consent", f"proxy:{proxy.pk}", actor=actor, by=by.value)
    return proxy


def _name(person_id: int, name: str) -> None:
    """A person who has no name yet gets the one that was told."""
    Person.objects.filter(pk=person_id, display_name="").update(display_name=name)


def _end(row: Proxy, at: datetime, actor: str) -> None:
    row.ended_at, row.ended_by, row.acting_until = at, actor, None
    row.save(update_fields=["ended_at", "ended_by", "acting_until"])
    audit.record("proxy.end", f"proxy:{row.pk}", actor=actor)


def _code(code: str) -> ProxyCode | None:
    digits = "".join(c for c in code if c.isdecimal())
    rows = ProxyCode.objects.select_for_update().filter(
        digest=audit.keyed_hash(f"proxy:{digits}"), used_at=None, expires_at__gt=clock.now()
    )
    return rows.first()


def _lasts(row: Proxy, now: datetime) -> bool:
    return row.ended_at is None and row.ends_at > now


def _day(on: date) -> datetime:
    """The beginning of a day in Japan; raises ``ProxyRefused`` for one to come or long past."""
    now = clock.now()
    today = clock.jst(now).date()
    if not today - OLDEST_PAPER <= on <= today:
        raise ProxyRefused("同意した日は、今日までの60日以内の日にしてください。")
    return now if on == today else datetime(on.year, on.month, on.day, tzinfo=clock.JST)
