"""What a case is, as plain data (standard library only)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a case stands."""

    NEW = "new"
    SEEN = "seen"
    ASSIGNED = "assigned"
    IN_WORK = "in_work"
    DONE = "done"
    REFUSED = "refused"
    MERGED = "merged"


STATE_WORDS = {
    State.NEW: "未確認",
    State.SEEN: "確認済み",
    State.ASSIGNED: "担当決定",
    State.IN_WORK: "対応中",
    State.DONE: "対応済み",
    State.REFUSED: "対応しない",
    State.MERGED: "まとめ済み",
}

OPEN_STATES = (State.NEW, State.SEEN, State.ASSIGNED, State.IN_WORK)
CLOSED_STATES = (State.DONE, State.REFUSED)


class Verb(StrEnum):
    """What can happen to a case."""

    OPEN = "open"
    SEE = "see"
    ASSIGN = "assign"
    START = "start"
    SETTLE = "settle"
    REFUSE = "refuse"
    REOPEN = "reopen"
    MERGE = "merge"
    ABSORB = "absorb"  # what a merge does to its target
    SPLIT = "split"
    SET_PLACE = "set_place"
    SET_URGENCY = "set_urgency"
    SET_CATEGORIES = "set_categories"
    SET_TITLE = "set_title"
    SET_DOUBTFUL = "set_doubtful"
    SET_ASK_PENDING = "set_ask_pending"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    ADD_WITNESS = "add_witness"
    NOTE = "note"


VERB_WORDS = {
    Verb.OPEN: "受け付け",
    Verb.SEE: "確認",
    Verb.ASSIGN: "担当の決定",
    Verb.START: "対応の開始",
    Verb.SETTLE: "対応の完了",
    Verb.REFUSE: "「対応しない」の決定",
    Verb.REOPEN: "再開",
    Verb.MERGE: "まとめ",
    Verb.ABSORB: "ほかの案件の受け入れ",
    Verb.SPLIT: "分割",
    Verb.SET_PLACE: "場所の変更",
    Verb.SET_URGENCY: "緊急度の変更",
    Verb.SET_CATEGORIES: "種類の変更",
    Verb.SET_TITLE: "件名の変更",
    Verb.SET_DOUBTFUL: "「要確認」の変更",
    Verb.SET_ASK_PENDING: "場所の質問",
    Verb.PUBLISH: "公開",
    Verb.UNPUBLISH: "公開の取りやめ",
    Verb.ADD_WITNESS: "知らせの追加",
    Verb.NOTE: "記録の追加",
}


class NotAllowed(Exception):
    """The verb cannot be done now; the text is Japanese and tells staff what to do next."""


class Conflict(NotAllowed):
    """Another member of staff changed the case meanwhile; the text says who and what."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in WGS 84 degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list or a map asks for; empty fields do not narrow.

    ``since`` is a time of opening; ``text`` is looked for in number, title and place.
    """

    service: str = ""
    states: tuple[State, ...] = ()
    min_urgency: int = 0
    category: str = ""
    department_id: int | None = None
    assignee_id: int | None = None
    text: str = ""
    bounds: Bounds | None = None
    since: datetime | None = None
    drill: bool | None = None
