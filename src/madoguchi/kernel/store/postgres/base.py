"""Django's PostgreSQL backend, which tells the server the current town.

Row level security (``towns.guards``) compares each row with the setting ``madoguchi.town``: a
town's id, ``*`` inside ``everywhere``, or nothing. The setting follows ``towns.current``: it is
sent before a statement whenever it differs from what the server was told last.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from madoguchi.kernel.towns import current

_UNKNOWN = object()


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection."""

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        # A server-side cursor would apply the town of each later fetch to an earlier query.
        settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
        super().__init__(settings_dict, *args, **kwargs)
        self._told: object = _UNKNOWN
        self.execute_wrappers.append(self._tell_town)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; a new session has been told nothing."""
        self._told = _UNKNOWN
        return super().get_new_connection(conn_params)

    def _rollback(self) -> None:
        self._told = _UNKNOWN
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = _UNKNOWN

    def _tell_town(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        scope = current.scope()
        if scope != self._told and self._can_be_told():
            self.connection.execute(
                "SELECT set_config('madoguchi.town', %s, false)",
                ["" if scope is None else str(scope)],
            )
            self._told = scope
        return execute(sql, params, many, context)

    def _can_be_told(self) -> bool:
        """False in a failed transaction, where only ROLLBACK is accepted."""
        status = self.connection.info.transaction_status
        return bool(status is not TransactionStatus.INERROR)
