"""SQLite operations."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.sqlite3 import operations


class DatabaseOperations(operations.DatabaseOperations):
    """Django's, but ``flush`` empties tables whose triggers forbid to delete rows."""

    def sql_flush(self, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
        """The statements that empty ``tables``, with the triggers set aside meanwhile."""
        if not tables:
            return []
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        return [
            *(f"DROP TRIGGER {self.quote_name(name)}" for name, _ in triggers),
            *super().sql_flush(style, tables, **options),
            *(sql for _, sql in triggers),
        ]
