"""What stands in a database and a data folder, table by table and file by file."""

import hashlib
from pathlib import Path
from typing import Any

OWN_NOTES = {"django_migrations", "django_content_type", "auth_permission"}
"""Tables in which Django itself notes what a version has; a newer one has more."""


def shape(cursor: Any, vendor: str) -> dict[str, list[str]]:
    """Every table that holds data, with its columns."""
    if vendor == "sqlite":
        cursor.execute(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        )
    else:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
    found: dict[str, list[str]] = {}
    for table, column in cursor.fetchall():
        found.setdefault(table, []).append(column)
    return {table: sorted(found[table]) for table in sorted(found) if table not in OWN_NOTES}


def rows(cursor: Any, wanted: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of what stands in these columns."""
    found = {}
    for table, names in wanted.items():
        columns = ", ".join(f'"{name}"' for name in names)
        cursor.execute(f'SELECT {columns} FROM "{table}"')
        texts = sorted(repr(row) for row in cursor.fetchall())
        found[table] = (len(texts), hashlib.sha256("\n".join(texts).encode()).hexdigest())
    return found


def files(data: Path) -> dict[str, str]:
    """Every file that is no database, with its digest."""
    apart = ("madoguchi.sqlite3", "open.lock", "update-last.json", "backup-last.json")
    return {
        path.relative_to(data).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file() and not path.name.startswith(apart)
    }
