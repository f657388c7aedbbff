"""How requests are put into words for staff pages."""

from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import STATE_WORDS, State
from madoguchi.services.helpdesk.data import Call, Topic, When
from madoguchi.services.helpdesk.models import HelpRequest
from madoguchi.services.helpdesk.speaking import TOPICS, WHENS

CHANNELS = {"line": "LINE", "web": "ウェブ", "phone": "電話", "counter": "窓口", "mail": "メール"}
CALLS = {
    Call.NONE: ("", "normal", ""),
    Call.WANTED: ("電話を待っています", "warn", "電"),
    Call.MISSED: ("電話に出られず・かけ直し", "warn", "電"),
    Call.REACHED: ("電話で話しました", "good", "✓"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A request in words."""

    number: str
    topic: str
    channel: str
    name: str
    phone: str
    wished: str
    call: tuple[str, str, str]
    call_wanted: bool
    state: str
    is_open: bool
    department: str
    assignee: str
    excerpt: str
    asked_at: datetime
    answered_at: datetime | None
    drill: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history."""

    at: datetime
    who: str
    what: str
    content: str


def row(request: HelpRequest) -> Row:
    """A request for a list; its case with department and assignee must be at hand."""
    case = request.case
    call = Call(request.call)
    return Row(
        number=case.number,
        topic=TOPICS[Topic(request.topic)].ja,
        channel=CHANNELS.get(request.channel, request.channel),
        name=request.name,
        phone=request.phone,
        wished=wished(request.wished_on, When(request.wished_when)) if request.phone else "",
        call=CALLS[call],
        call_wanted=call in (Call.WANTED, Call.MISSED),
        state=STATE_WORDS[State(case.state)],
        is_open=case.closed_at is None,
        department=case.department.name if case.department else "",
        assignee=case.assignee.name if case.assignee else "",
        excerpt=" ".join(request.text.split())[:60],
        asked_at=request.asked_at,
        answered_at=request.answered_at,
        drill=case.drill,
    )


def wished(on: date | None, when: When) -> str:
    """「7月3日 午前（9〜12時）」."""
    day = f"{on.month}月{on.day}日" if on else "なるべく早く"
    return f"{day} {WHENS[when].ja}"


def history(case_id: int) -> list[Step]:
    """The history of a request, newest line first."""
    return [
        Step(line.at, line.actor_name, line.words, line.note)
        for line in reversed(cases.history(case_id))
    ]
