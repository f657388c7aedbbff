"""The lost machine's database can be read: what the copy had not got is found and taken in.

The copy was a beginning of the same history, so rows have the same ids up to the moment of the
take-over, and messages are the same when town, channel and the channel's own id are.
"""

import json
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.operation.outcome import Failure
from madoguchi.operation.standby_taking import RECORD

Row = dict[str, Any]
CARRIED = (
    *("channel", "external_id", "kind", "sender", "group", "text", "lat", "lon", "radius_m"),
    *("media", "data", "message", "sent_at", "received_at"),
)
OWN_ACTORS = ("system:", "person:")


@dataclass(slots=True)
class Missing:
    """What the old database has and the house has not; times are those of the old machine."""

    messages: list[Row] = field(default_factory=list)
    acts: list[Row] = field(default_factory=list)
    answers: int = 0
    taken_in: int = 0


def find(old: str) -> Missing:
    """Compare; ``old`` is a SQLite file or a PostgreSQL address. Raises ``Failure``."""
    newest = _taken_over()["rows"]["entry"]
    with _reading(old) as ask:
        return Missing(
            messages=[row for row in _rows(ask, "town_messages_inbound") if not _known(row)],
            acts=[
                row
                for row in _rows(ask, "audit_entry", after=newest)
                if not str(row["actor"]).startswith(OWN_ACTORS)
            ],
            answers=sum(not _said(row) for row in _rows(ask, "town_messages_outbox")),
        )


def take_in(old: str) -> Missing:
    """Compare, and put the missing messages into the inbox, where they are worked on as any other.

    Each is stored once, however often this runs and whatever LINE delivers again meanwhile.
    """
    found = find(old)
    with _reading(old) as ask:
        for row in found.messages:
            with current.use(int(row["town_id"])):
                found.taken_in += _store(row, _photo(old, row, ask))
    return found


def _store(row: Row, photo: int | None) -> bool:
    now = clock.now()
    carried = {name: row[name] for name in CARRIED}
    carried |= {name: moment(row[name]) for name in ("sent_at", "received_at")}
    with transaction.atomic():
        if Inbound.objects.filter(channel=row["channel"], external_id=row["external_id"]).exists():
            return False
        made = Inbound.objects.create(**carried, file_id=photo, next_at=now)
        audit.record("inbound.take_in", f"inbound:{made.pk}", actor="system:standby")
    return True


def _photo(old: str, row: Row, ask: "Ask") -> int | None:
    """The photo that came with a message, from the files beside the old database."""
    if row["file_id"] is None or row["media"]:  # a channel that keeps it is asked again
        return None
    (stored,) = ask("SELECT * FROM files_storedfile WHERE id = ?", (row["file_id"],))
    code = Town.objects.values_list("code", flat=True).get(pk=current.town_id())
    key = str(uuid.UUID(str(stored["key"])))
    path = Path(old).parent / "files" / code / key[:2] / f"{key}.jpg"
    return files.accept(path.read_bytes()).id if path.is_file() else None


def _known(row: Row) -> bool:
    with current.use(int(row["town_id"])):
        same = {"channel": row["channel"], "external_id": row["external_id"]}
        return Inbound.objects.filter(**same).exists()


def _said(row: Row) -> bool:
    with current.use(int(row["town_id"])):
        return Outbox.objects.filter(key=uuid.UUID(str(row["key"]))).exists()


def _taken_over() -> dict[str, Any]:
    path = Path(settings.DATA) / "standby" / RECORD
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Failure(
            "この機械は引き継いでいません。「madoguchi standby take-over」のあとで使ってください。"
        ) from error
    return found


class Ask:
    """Questions to the old database, answered with rows by name."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._connection = connection
        self._mark = mark

    def __call__(self, sql: str, values: tuple[object, ...] = ()) -> list[Row]:
        """The answer; ``?`` stands for a value."""
        cursor = self._connection.execute(sql.replace("?", self._mark), values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _rows(ask: Ask, table: str, after: int = 0) -> Iterator[Row]:
    """A table in the order of its ids, some rows at a time."""
    while rows := ask(f"SELECT * FROM {table} WHERE id > ? ORDER BY id LIMIT 500", (after,)):  # noqa: S608
        yield from rows
        after = rows[-1]["id"]


@contextmanager
def _reading(old: str) -> Iterator[Ask]:
    """Open the old database; a SQLite file is read from a copy, so that nothing in it changes."""
    if old.startswith(("postgres://", "postgresql://")):
        import psycopg

        try:
            with closing(psycopg.connect(old, options="-c madoguchi.town=*")) as server:
                yield Ask(server, "%s")
        except psycopg.Error as error:
            raise Failure(f"前のデータベースを読めません（{type(error).__name__}）。") from error
        return
    path = Path(old)
    if not path.is_file():
        raise Failure(f"{path} がありません。")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "old.sqlite3"
        shutil.copyfile(path, copy)
        log = path.with_name(f"{path.name}-wal")
        if log.is_file():
            shutil.copyfile(log, copy.with_name(f"{copy.name}-wal"))
        try:
            with closing(sqlite3.connect(copy)) as file:
                yield Ask(file, "?")
        except sqlite3.DatabaseError as error:
            raise Failure(f"{path} を読めません（{error}）。") from error


def moment(value: object) -> datetime:
    """A time of an old row: SQLite keeps it as text."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
