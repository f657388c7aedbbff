"""What the commands leave in the data folder for the pages: the last backup, the last update.

Standard library only: commands write before Django is there.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

UPDATE, BACKUP = "update-last.json", "backup-last.json"


@dataclass(frozen=True, slots=True)
class Update:
    """How the last update ended, and when (ISO 8601): ``done`` is False when all was put back."""

    at: str
    version: str
    done: bool


@dataclass(frozen=True, slots=True)
class Backup:
    """The last finished backup: when (ISO 8601), and the bytes of its file."""

    at: str
    size: int


def note(data: Path, what: Update | Backup) -> None:
    """Keep it in place of the one before; on the disk before this returns."""
    target = data / (UPDATE if isinstance(what, Update) else BACKUP)
    part = target.with_name(f"{target.name}.part")
    with part.open("w", encoding="utf-8") as file:
        os.chmod(file.fileno(), 0o600)
        file.write(json.dumps(asdict(what)))
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def last_update(data: Path) -> Update | None:
    """The last update; None if there was none or nobody can read of it."""
    try:
        value = json.loads((data / UPDATE).read_text("utf-8"))
        return Update(str(value["at"]), str(value["version"]), bool(value["done"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def last_backup(data: Path) -> Backup | None:
    """The last backup; None if there was none or nobody can read of it."""
    try:
        value = json.loads((data / BACKUP).read_text("utf-8"))
        return Backup(str(value["at"]), int(value["size"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
