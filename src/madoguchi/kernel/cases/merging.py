"""Two cases that tell of one thing, and one case that tells of two. Nothing gets lost."""

from collections.abc import Sequence

from django.db import transaction

from madoguchi.kernel.cases.changing import By, apply, held, next_seq
from madoguchi.kernel.cases.data import NotAllowed, Verb
from madoguchi.kernel.cases.domain import open_case
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.places.columns import from_columns
from madoguchi.kernel.places.data import Place

_PLACE = ("lat", "lon", "accuracy", "radius_m", "place_label", "place_confirmed")


def merge(
    case_id: int,
    into_id: int,
    *,
    actor: str,
    expected_seq: int | None = None,
    expected_into_seq: int | None = None,
    note: str = "",
) -> Case:
    """Let ``into_id`` take over what ``case_id`` tells; returns the target.

    The target gets the witnesses, the higher urgency, the categories it lacked, and the place when
    it had none. The merged case stays readable and leads to the target (``target_of``); it can not
    be taken back as such, but ``split`` gives the messages a case of their own again.
    """
    if case_id == into_id:
        raise NotAllowed("同じ案件どうしはまとめられません。別の案件を選んでください。")
    with transaction.atomic():
        seq = next_seq()
        case = held(case_id, By(actor, expected_seq))
        into = held(into_id, By(actor, expected_into_seq))
        _fit(case, into)
        taken = case.witnesses
        fields: dict[str, object] = {"merged_into_id": into.pk, "witnesses": 0, "public": False}
        apply(case, seq, Verb.MERGE, actor, fields, note)
        return apply(into, next_seq(), Verb.ABSORB, actor, _gain(case, into, taken), case.number)


def split(
    case_id: int,
    *,
    witnesses: int,
    title: str,
    actor: str,
    urgency: int | None = None,
    categories: Sequence[str] | None = None,
    place: Place | None = None,
    expected_seq: int | None = None,
) -> Case:
    """Open a new case for ``witnesses`` of the messages of this one; returns the new case.

    What is not given is as in the old case. The service moves its messages in its own transaction
    around this call, or in a hook on ``Verb.SPLIT``.
    """
    with transaction.atomic():
        seq = next_seq()
        case = held(case_id, By(actor, expected_seq))
        if not 0 < witnesses < case.witnesses:
            raise NotAllowed("分けるには、もとの案件にも新しい案件にも知らせが1件以上必要です。")
        fresh = open_case(
            service=case.service,
            title=title,
            actor=actor,
            urgency=case.urgency if urgency is None else urgency,
            categories=case.categories if categories is None else categories,
            place=place or place_of(case),
            witnesses=witnesses,
            doubtful=case.doubtful,
            drill=case.drill,
            opened_at=case.opened_at,
            note=case.number,
        )
        left: dict[str, object] = {"witnesses": case.witnesses - witnesses}
        apply(case, seq, Verb.SPLIT, actor, left, fresh.number)
    return fresh


def target_of(case: Case) -> Case:
    """The case that a reader of ``case`` is led to: itself, or where its merges end."""
    while case.merged_into is not None:
        case = case.merged_into
    return case


def place_of(case: Case) -> Place | None:
    """The case's place as plain data, None when nothing is known of it."""
    return from_columns(case) if case.lat is not None else None


def _fit(case: Case, into: Case) -> None:
    if case.drill != into.drill:
        raise NotAllowed("訓練の案件と実際の案件はまとめられません。")
    if case.service != into.service:
        raise NotAllowed("別の窓口の案件とはまとめられません。")


def _gain(case: Case, into: Case, taken: int) -> dict[str, object]:
    fields: dict[str, object] = {
        "witnesses": into.witnesses + taken,
        "urgency": max(into.urgency, case.urgency),
        "categories": list(dict.fromkeys([*into.categories, *case.categories])),
    }
    if into.lat is None and case.lat is not None:
        fields |= {name: getattr(case, name) for name in _PLACE}
    return fields
