"""What every verb does alike: the lock, the check, the history, the audit entry, the hooks."""

from dataclasses import dataclass

from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.cases import hooks, workflow
from madoguchi.kernel.cases.data import (
    CLOSED_STATES,
    VERB_WORDS,
    Conflict,
    NotAllowed,
    State,
    Verb,
)
from madoguchi.kernel.cases.models import Case, CaseEvent
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import counters

SEQUENCE = "case.seq"


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, on which knowledge: ``expected_seq`` is the ``seq`` their screen showed."""

    actor: str
    expected_seq: int | None = None


def change(case_id: int, verb: Verb, by: By, fields: dict[str, object], note: str = "") -> Case:
    """Do one verb on one case in one transaction; see ``apply``.

    Raises ``Case.DoesNotExist``, ``NotAllowed``, ``Conflict``.
    """
    with transaction.atomic():
        seq = next_seq()
        case = held(case_id, by)
        return apply(case, seq, verb, by.actor, fields, note)


def next_seq() -> int:
    """Draw the town's next number of change.

    It is always drawn before a case is locked: changes of a town so queue at one place, commit in
    the order of their numbers, and two transactions that touch several cases cannot deadlock.
    """
    return counters.next_value(SEQUENCE)


def held(case_id: int, by: By) -> Case:
    """The case, locked until the transaction ends; raises ``Conflict`` (see ``_no_conflict``)."""
    case = Case.objects.select_for_update().get(pk=case_id)
    _no_conflict(case, by)
    return case


def apply(
    case: Case, seq: int, verb: Verb, actor: str, fields: dict[str, object], note: str = ""
) -> Case:
    """Change a held case: state by the workflow, ``fields``, history, audit, hooks."""
    state = State(case.state)
    to = workflow.may(state, verb)
    if to is None:
        raise NotAllowed(workflow.refusal(state, verb, _target_number(case)))
    now = clock.now()
    wanted = {"state": to.value, **fields}
    before = {name: getattr(case, name) for name in wanted}
    for name, value in wanted.items():
        setattr(case, name, value)
    if to is not state:
        case.closed_at = now if to in (*CLOSED_STATES, State.MERGED) else None
    case.seq = seq
    case.updated_at = now
    case.save(update_fields=[*wanted, "closed_at", "seq", "updated_at"])
    changed = [name for name in wanted if before[name] != wanted[name]]
    write_event(
        case,
        verb,
        actor,
        before={name: before[name] for name in changed},
        after={name: wanted[name] for name in changed},
        note=note,
    )
    hooks.tell(case, verb, note)
    return case


def write_event(
    case: Case,
    verb: Verb,
    actor: str,
    *,
    before: dict[str, object],
    after: dict[str, object],
    note: str,
) -> None:
    """One line of history and one audit entry (which holds no content)."""
    CaseEvent.objects.create(
        case=case,
        seq=case.seq,
        at=case.updated_at,
        verb=verb.value,
        actor=actor,
        before=before,
        after=after,
        note=note,
    )
    audit.record(
        f"case.{verb.value}", f"case:{case.pk}", actor=actor, seq=case.seq, state=case.state
    )


def _no_conflict(case: Case, by: By) -> None:
    """What another member of staff did after the screen was drawn must be seen first.

    A further witness, or anything else the machine or a resident adds, is no conflict.
    """
    if by.expected_seq is None or by.expected_seq == case.seq:
        return
    unseen = (
        case.events.filter(seq__gt=by.expected_seq, actor__startswith="staff:")
        .exclude(actor=by.actor)
        .order_by("-seq")
    )
    if (last := unseen.first()) is None:
        return
    at = clock.jst(last.at)
    raise Conflict(
        f"この案件は、{at.hour}時{at.minute:02d}分に{people.actor_name(last.actor)}が"
        f"「{VERB_WORDS[Verb(last.verb)]}」を行いました。"
        "内容はまだ保存していません。新しい状態を確かめてから、もう一度操作してください。"
    )


def _target_number(case: Case) -> str:
    return f" {case.merged_into.number} " if case.merged_into else ""
