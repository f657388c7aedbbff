"""The history of a case in words: who did what, and what it then said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import Verb
from madoguchi.kernel.people.models import Department, StaffMember
from madoguchi.services.disaster import words


@dataclass(frozen=True, slots=True)
class Step:
    """One line: ``content`` is what was set or written, "" where the verb says it all."""

    at: datetime
    who: str
    what: str
    content: str


SAYS: dict[str, Callable[[Any], str]] = {
    "title": str,
    "urgency": lambda level: words.URGENCY_NAMES[level],
    "categories": words.category_names,
    "place_label": str,
    "doubtful": lambda doubtful: "要確認にした" if doubtful else "要確認を外した",
    "ask_pending": lambda pending: "返事を待つ" if pending else "返事待ちの終わり",
}
"""What a changed field says now."""


def steps(case_id: int) -> list[Step]:
    """The history of a case, newest line first; at most four queries."""
    lines = cases.history(case_id)
    departments = _names(Department, [line.after.get("department_id") for line in lines])
    people = _names(StaffMember, [line.after.get("assignee_id") for line in lines])

    def content(line: cases.HistoryLine) -> str:
        said = [
            departments.get(line.after.get("department_id"), ""),
            people.get(line.after.get("assignee_id"), ""),
            *_set_to(line),
            line.note,
        ]
        return "　".join(part for part in said if part)

    return [Step(x.at, x.actor_name, x.words, content(x)) for x in reversed(lines)]


def _names(
    kind: type[Department] | type[StaffMember], wanted: list[int | None]
) -> dict[int | None, str]:
    found = {pk for pk in wanted if pk is not None}
    return {row.pk: row.name for row in kind.objects.filter(pk__in=found)} if found else {}


def _set_to(line: cases.HistoryLine) -> list[str]:
    if line.verb is Verb.OPEN:  # its title says the rest
        return [str(line.after.get("title", ""))]
    return [say(line.after[name]) for name, say in SAYS.items() if name in line.after]
