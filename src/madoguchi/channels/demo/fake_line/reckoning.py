"""The stand-in's side of the story against the town's: what was lost, doubled, out of order.

Pure: plain rows in, plain findings out. The texts of people and of answers are compared and not
kept.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

TOGETHER_S = 1.0
"""Two events that come within this time may be applied in either order."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event at LINE: its id, its sender, the time it was written (s), whether we said 200."""

    id: str
    sender: str
    written: float
    taken: bool
    calls: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """One message call that LINE accepted: to whom, the texts, how (reply or push)."""

    to: str
    texts: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One event in the town's ledger, with its times (s) and how often it had an effect.

    ``photo``: it may be overtaken, for it waits until LINE gives the photo away.
    """

    id: str
    sender: str
    written: float
    received: float
    done: float | None
    state: str
    effects: int = 1
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of the outbox, in the order in which they were queued."""

    to: str
    texts: tuple[str, ...]
    state: str


@dataclass(slots=True)
class Reckoning:
    """What does not agree; all zero where nothing was lost and nothing doubled."""

    lost: int = 0  # LINE heard 200, and the event is nowhere
    invented: int = 0  # in the ledger, and LINE knows nothing of it
    stored_twice: int = 0
    applied_twice: int = 0
    not_applied: int = 0
    out_of_order: int = 0  # applied before an earlier event of the sender that was there
    answers_missing: int = 0  # marked as sent, and LINE never accepted it
    answers_twice: int = 0
    answers_not_sent: int = 0
    answers_out_of_order: int = 0
    twice_to: list[str] = field(default_factory=list)

    def faults(self) -> dict[str, int]:
        """The counts that are not zero."""
        counts = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "twice_to"}
        return {name: count for name, count in counts.items() if count}


def reckon(
    events: Sequence[Event],
    accepted: Sequence[Accepted],
    stored: Sequence[Stored],
    answers: Sequence[Answer],
) -> Reckoning:
    """Compare both ledgers. ``accepted`` and ``answers`` are in the order of their time."""
    found = Reckoning()
    times = Counter(row.id for row in stored)
    known = {event.id for event in events}
    found.lost = sum(1 for event in events if event.taken and not times[event.id])
    found.invented = sum(1 for name in times if name not in known)
    found.stored_twice = sum(count - 1 for count in times.values())
    found.applied_twice = sum(max(0, row.effects - 1) for row in stored)
    found.not_applied = sum(1 for row in stored if row.state != "done")
    found.out_of_order = _out_of_order(stored)
    _compare_answers(found, accepted, answers)
    return found


def late_events(stored: Sequence[Stored]) -> int:
    """How many events reached the town after a later one of the same sender."""
    late = 0
    for rows in _by_sender(stored).values():
        newest = float("-inf")
        for row in sorted(rows, key=lambda r: r.received):
            late += row.written < newest
            newest = max(newest, row.written)
    return late


def _out_of_order(stored: Sequence[Stored]) -> int:
    wrong = 0
    for rows in _by_sender(stored).values():
        done = sorted((r for r in rows if r.done is not None), key=lambda r: r.written)
        for index, earlier in enumerate(done):
            wrong += (
                not earlier.photo
                and any(
                    later.done < earlier.done and earlier.received + TOGETHER_S < later.done  # type: ignore[operator]
                    for later in done[index + 1 :]
                    if later.written > earlier.written
                )
            )
    return wrong


def _by_sender(stored: Sequence[Stored]) -> dict[str, list[Stored]]:
    rows: dict[str, list[Stored]] = defaultdict(list)
    for row in stored:
        rows[row.sender].append(row)
    return rows


def _compare_answers(
    found: Reckoning, accepted: Sequence[Accepted], answers: Sequence[Answer]
) -> None:
    said: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    heard: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    on_the_way: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for answer in answers:
        if answer.state == "sent":
            said[answer.to].append(answer.texts)
        else:
            found.answers_not_sent += 1
            on_the_way[answer.to][answer.texts] += 1
    for one in accepted:
        heard[one.to].append(one.texts)
    for person in said.keys() | heard.keys():
        missing = Counter(said[person]) - Counter(heard[person])
        extra = Counter(heard[person]) - Counter(said[person]) - on_the_way[person]
        found.answers_missing += missing.total()
        found.answers_twice += extra.total()
        if extra:
            found.twice_to.append(person)
        if sorted(said[person]) == sorted(heard[person]) and said[person] != heard[person]:
            found.answers_out_of_order += 1
