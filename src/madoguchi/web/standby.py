"""How far the copy on the standby machine reaches: what the staff home shows.

On SQLite ``madoguchi standby run`` writes the moment up to which all is on the other machine into
the data folder. PostgreSQL knows of its own copies; the files beside it are copied in the same way.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from madoguchi.kernel.clock import api as clock

FOLDER = "standby"
STATE = "state.json"
LIMIT = timedelta(seconds=10)
"""What may be lost at most when the machine is lost."""

LAG = """
SELECT count(*), count(state), coalesce(max(CASE
    WHEN state <> 'streaming' THEN 3600
    WHEN flush_lsn >= pg_current_wal_flush_lsn() THEN 0
    ELSE extract(epoch FROM greatest(flush_lag, now() - reply_time)) END), 0)
FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup'
"""
IDLE_SLOTS = "SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT active"


@dataclass(frozen=True, slots=True)
class State:
    """Up to when everything is on the other machine (None: never yet), and what is in the way."""

    shipped_at: datetime | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How old the copy is (None: not known), and what to do, "" when all is well; in Japanese."""

    age: timedelta | None
    advice: str = ""

    @property
    def well(self) -> bool:
        """Whether little enough would be lost."""
        return self.age is not None and self.age <= LIMIT and not self.advice

    @property
    def text(self) -> str:
        """「3秒前まで」"""
        if self.age is None:
            return "写しがありません"
        seconds = max(0, round(self.age.total_seconds()))
        return f"{seconds}秒前まで" if seconds < 120 else f"{seconds // 60}分前まで"


def write(data: Path, state: State) -> None:
    """Put the state into the data folder, in one step."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    at = state.shipped_at.isoformat() if state.shipped_at else None
    part = folder / f"{STATE}.part"
    part.write_text(json.dumps({"shipped_at": at, "trouble": state.trouble}), encoding="utf-8")
    os.replace(part, folder / STATE)


def read(data: Path) -> State | None:
    """The state, or None where nothing is copied to another machine."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads((data / FOLDER / STATE).read_text(encoding="utf-8"))
        at = found["shipped_at"]
        return State(datetime.fromisoformat(at) if at else None, str(found["trouble"]))
    return None


def reach() -> Reach | None:
    """How far the copy reaches; None for a house without a standby machine."""
    found = [_of_folder(), _of_postgres() if connection.vendor == "postgresql" else None]
    known = [one for one in found if one is not None]
    return min(known, key=lambda one: (one.well, -_seconds(one))) if known else None


def _seconds(one: Reach) -> float:
    return one.age.total_seconds() if one.age is not None else float("inf")


def _of_folder() -> Reach | None:
    state = read(Path(settings.DATA))
    if state is None:
        return None
    age = clock.now() - state.shipped_at if state.shipped_at else None
    return _judged(age, state.trouble)


def _of_postgres() -> Reach | None:
    with connection.cursor() as cursor:
        cursor.execute(LAG)
        copies, told, lag_s = cursor.fetchone()
        cursor.execute(IDLE_SLOTS)
        (idle,) = cursor.fetchone()
    if not copies and not idle:
        return None
    if idle:
        return Reach(None, "予備のPostgreSQLがつながっていません。予備機と回線を確かめてください。")
    if told < copies:
        role = connection.settings_dict["USER"]
        return Reach(
            None,
            "写しの遅れを見る権限がありません。PostgreSQLの管理者に"
            f"「GRANT pg_monitor TO {role};」の実行を頼んでください。",
        )
    return _judged(timedelta(seconds=float(lag_s)), "")


def _judged(age: timedelta | None, trouble: str) -> Reach:
    if trouble:
        return Reach(age, trouble)
    if age is None or age > LIMIT:
        return Reach(
            age,
            "予備機への写しが遅れています。この機械が壊れると、この間に届いたものが失われます。"
            "「madoguchi standby status」で確かめてください。",
        )
    return Reach(age)
