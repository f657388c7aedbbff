"""The verbs on one case: each one transaction with history, audit and hooks.

``case_id`` is the row's id in the current town; ``actor`` is "staff:3", "person:9" or
"system:triage"; ``expected_seq`` is the ``seq`` that the actor's screen showed (None: do not ask).
All raise ``Case.DoesNotExist`` for an id that the town does not have, ``NotAllowed`` when the
workflow forbids the verb, and its subclass ``Conflict`` when another member of staff changed the
case meanwhile; both carry a Japanese text. All return the case as it then stands.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from madoguchi.kernel.cases import hooks
from madoguchi.kernel.cases.changing import By, apply, change, held, next_seq, write_event
from madoguchi.kernel.cases.data import NotAllowed, State, Verb
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.models import Department, StaffMember
from madoguchi.kernel.places.columns import to_columns
from madoguchi.kernel.places.data import Place
from madoguchi.kernel.towns import counters

TITLE_LENGTH = 120
URGENCIES = range(4)


def open_case(
    *,
    service: str,
    title: str,
    actor: str,
    urgency: int = 0,
    categories: Sequence[str] = (),
    place: Place | None = None,
    witnesses: int = 1,
    doubtful: bool = False,
    ask_pending: bool = False,
    drill: bool = False,
    opened_at: datetime | None = None,
    note: str = "",
) -> Case:
    """Open a case with the year's next number (JST), e.g. 2026-000123."""
    if witnesses < 1:
        raise ValueError("a case has at least one witness")
    with transaction.atomic():
        seq = next_seq()
        now = clock.now()
        year = clock.jst(now).year
        case = Case(
            number=f"{year}-{counters.next_value(f'case.number.{year}'):06d}",
            service=service,
            title=title[:TITLE_LENGTH],
            urgency=_urgency(urgency),
            categories=list(categories),
            witnesses=witnesses,
            doubtful=doubtful,
            ask_pending=ask_pending,
            drill=drill,
            seq=seq,
            opened_at=opened_at or now,
            updated_at=now,
        )
        first = {"state": State.NEW.value, "urgency": case.urgency, "categories": case.categories}
        first |= {"title": case.title, "witnesses": witnesses}
        if place is not None:
            located = to_columns(place)
            first |= located
            for name, value in located.items():
                setattr(case, name, value)
        case.save()
        write_event(case, Verb.OPEN, actor, before={}, after=first, note=note)
        hooks.tell(case, Verb.OPEN, note)
    return case


def see(case_id: int, *, actor: str) -> Case:
    """Staff has looked at it. On a case that is no longer new nothing happens."""
    case = Case.objects.get(pk=case_id)
    if case.state != State.NEW:
        return case
    try:
        return change(case_id, Verb.SEE, By(actor), {})
    except NotAllowed:  # somebody else was faster
        return Case.objects.get(pk=case_id)


def assign(
    case_id: int,
    *,
    department_id: int | None = None,
    assignee_id: int | None = None,
    actor: str,
    expected_seq: int | None = None,
    note: str = "",
) -> Case:
    """Give the case to a department, to a member of staff, or both."""
    if assignee_id is not None:
        assignee = StaffMember.objects.filter(pk=assignee_id, active=True).first()
        if assignee is None:
            raise NotAllowed("その職員は選べません。一覧を開き直して、担当者を選び直してください。")
        department_id = department_id or assignee.department_id
    elif department_id is None:
        raise NotAllowed("担当する課か担当者を選んでください。")
    departments = Department.objects.filter(active=True)
    if department_id is not None and not departments.filter(pk=department_id).exists():
        raise NotAllowed("その課は選べません。一覧を開き直して、担当する課を選んでください。")
    fields: dict[str, object] = {"department_id": department_id, "assignee_id": assignee_id}
    return change(case_id, Verb.ASSIGN, By(actor, expected_seq), fields, note)


def start(case_id: int, *, actor: str, expected_seq: int | None = None, note: str = "") -> Case:
    """Work on it has begun."""
    return change(case_id, Verb.START, By(actor, expected_seq), {}, note)


def settle(case_id: int, *, actor: str, expected_seq: int | None = None, note: str = "") -> Case:
    """It is done; ``note`` is what the sender hears."""
    return change(case_id, Verb.SETTLE, By(actor, expected_seq), {}, note)


def refuse(case_id: int, *, reason: str, actor: str, expected_seq: int | None = None) -> Case:
    """It will not be done; the sender hears the reason, so there must be one."""
    if not reason.strip():
        raise NotAllowed("「対応しない」とする理由を書いてください。知らせた人に伝わります。")
    return change(case_id, Verb.REFUSE, By(actor, expected_seq), {}, reason)


def reopen(case_id: int, *, actor: str, expected_seq: int | None = None, note: str = "") -> Case:
    """It was closed too early; it waits again, with the department it had."""
    return change(case_id, Verb.REOPEN, By(actor, expected_seq), {}, note)


def set_place(
    case_id: int, place: Place, *, actor: str, expected_seq: int | None = None, note: str = ""
) -> Case:
    """Say where it is. A confirmed place ends the waiting for the sender's answer."""
    fields = to_columns(place)
    if place.confirmed:
        fields["ask_pending"] = False
    return change(case_id, Verb.SET_PLACE, By(actor, expected_seq), fields, note)


def set_urgency(
    case_id: int, urgency: int, *, actor: str, expected_seq: int | None = None, note: str = ""
) -> Case:
    """Say how urgent it is, 0 (nothing to do) to 3 (danger to life)."""
    fields: dict[str, object] = {"urgency": _urgency(urgency)}
    return change(case_id, Verb.SET_URGENCY, By(actor, expected_seq), fields, note)


def set_categories(
    case_id: int,
    categories: Sequence[str],
    *,
    actor: str,
    expected_seq: int | None = None,
    note: str = "",
) -> Case:
    """Say what it is about, the main category first."""
    fields: dict[str, object] = {"categories": list(dict.fromkeys(categories))}
    return change(case_id, Verb.SET_CATEGORIES, By(actor, expected_seq), fields, note)


def set_title(case_id: int, title: str, *, actor: str, expected_seq: int | None = None) -> Case:
    """Name it."""
    if not title.strip():
        raise NotAllowed("件名を入力してください。")
    fields: dict[str, object] = {"title": title.strip()[:TITLE_LENGTH]}
    return change(case_id, Verb.SET_TITLE, By(actor, expected_seq), fields)


def set_doubtful(
    case_id: int, doubtful: bool, *, actor: str, expected_seq: int | None = None, note: str = ""
) -> Case:
    """Say whether something about it is doubtful."""
    fields: dict[str, object] = {"doubtful": doubtful}
    return change(case_id, Verb.SET_DOUBTFUL, By(actor, expected_seq), fields, note)


def set_ask_pending(case_id: int, pending: bool, *, actor: str) -> Case:
    """Say whether the sender was asked something and has not answered."""
    return change(case_id, Verb.SET_ASK_PENDING, By(actor), {"ask_pending": pending})


def publish(case_id: int, *, actor: str, expected_seq: int | None = None) -> Case:
    """Show it on the public map."""
    return change(case_id, Verb.PUBLISH, By(actor, expected_seq), {"public": True})


def unpublish(case_id: int, *, actor: str, expected_seq: int | None = None) -> Case:
    """Take it off the public map."""
    return change(case_id, Verb.UNPUBLISH, By(actor, expected_seq), {"public": False})


def add_witness(case_id: int, *, actor: str, count: int = 1, note: str = "") -> Case:
    """Further messages tell of it."""
    if count < 1:
        raise ValueError("count must be positive")
    with transaction.atomic():
        seq = next_seq()
        case = held(case_id, By(actor))
        fields: dict[str, object] = {"witnesses": case.witnesses + count}
        return apply(case, seq, Verb.ADD_WITNESS, actor, fields, note)


def note(case_id: int, text: str, *, actor: str, expected_seq: int | None = None) -> Case:
    """Write a line into the history."""
    if not text.strip():
        raise NotAllowed("記録の内容を入力してください。")
    return change(case_id, Verb.NOTE, By(actor, expected_seq), {}, text.strip())


def _urgency(value: int) -> int:
    if value not in URGENCIES:
        raise ValueError("urgency is 0 to 3")
    return int(value)
