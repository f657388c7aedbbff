"""Django's SQLite backend in WAL with full durability, and one writer at a time.

Within one process SQLite lets writers wait in no order and worst waits grow to seconds. Here every
outermost ``atomic()`` holds a first-come-first-served lock from BEGIN to COMMIT or ROLLBACK, and so
does every single write outside one. Readers never wait: WAL gives them the last committed state.
Other processes (a backup, a command) are held off by SQLite itself for up to ``timeout`` seconds.
"""

import re
import sqlite3
from collections.abc import Callable
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from madoguchi.kernel.store.sqlite.fairlock import FairLock, Turn, lock_for
from madoguchi.kernel.store.sqlite.operations import DatabaseOperations

TIMEOUT = 30.0
_READS = re.compile(r"\s*(SELECT|PRAGMA|EXPLAIN|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT)\b", re.I)


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Turn | None = None
        self.execute_wrappers.append(self._write_in_turn)

    def get_connection_params(self) -> dict[str, Any]:
        """Django's, with BEGIN IMMEDIATE and a patient busy handler unless set otherwise."""
        params = super().get_connection_params()
        params.setdefault("timeout", TIMEOUT)
        self.transaction_mode = "IMMEDIATE"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; every commit is on the disk before it returns (``synchronous=FULL``)."""
        raw = super().get_new_connection(conn_params)
        if raw.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
            raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA journal_size_limit = 67108864")
        return raw

    @property
    def write_lock(self) -> FairLock:
        """The lock shared by all connections of this process to the same file."""
        return lock_for(str(self.settings_dict["NAME"]))

    def _take_turn(self) -> Turn:
        raw = self.connection
        try:
            return self.write_lock.acquire(self._patience, lambda: _roll_back(raw))
        except TimeoutError as error:
            raise OperationalError(str(error)) from error

    @property
    def _patience(self) -> float:
        return float(self.settings_dict["OPTIONS"].get("timeout", TIMEOUT))

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            self.write_lock.release(turn)

    def _start_transaction_under_autocommit(self) -> None:
        self._turn = self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        # Not after a failure: Django then rolls back or closes.
        self._end_turn()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _write_in_turn(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Let a single write outside a transaction wait for its turn like all others."""
        if self.in_atomic_block or self._turn is not None or _READS.match(sql):
            return execute(sql, params, many, context)
        turn = self._take_turn()
        try:
            return execute(sql, params, many, context)
        finally:
            self.write_lock.release(turn)


def _roll_back(raw: Any) -> None:
    """End the transaction of a thread that died; its connection may be closed already."""
    try:
        raw.rollback()
    except sqlite3.ProgrammingError:
        return
