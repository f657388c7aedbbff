"""Where an update stands: a file beside the data folder, so that a kill at any moment is noticed.

Nothing here imports Django.
"""

import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from madoguchi.operation.outcome import Failure


class Phase(StrEnum):
    """How far it has come."""

    SAVING = "saving"  # nothing that counts has been touched yet
    CHANGING = "changing"  # program and tables may be half changed
    UNDOING = "undoing"  # everything is on its way back
    DONE = "done"  # the new state counts; what was kept is being thrown away


@dataclass(frozen=True, slots=True)
class Journal:
    """One update on its way. ``program`` is the folder of the program, "" if it stays."""

    phase: Phase
    version: str
    program: str = ""


def path(data: Path) -> Path:
    """The file; it is there exactly while an update is not finished."""
    return data.with_name(f"{data.name}.update.json")


def read(data: Path) -> Journal | None:
    """The update that is not finished, if there is one."""
    try:
        value = json.loads(path(data).read_text("utf-8"))
        return Journal(Phase(value["phase"]), str(value["version"]), str(value["program"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failure(
            f"更新の途中を書いたファイル {path(data)} を読めません。\n"
            "窓口は開かずに、最新のバックアップを「madoguchi restore」で戻してください。"
        ) from error


def write(data: Path, journal: Journal) -> None:
    """Note where it stands; on the disk before this returns."""
    _write(path(data), json.dumps(asdict(journal)))


def clear(data: Path) -> None:
    """It is finished, or was never begun."""
    path(data).unlink(missing_ok=True)
    _sync(data.parent)


def refuse_unfinished(data: Path) -> None:
    """Raise ``Failure`` while an update is not finished: nobody may work on what is half done."""
    if read(data) is not None:
        raise Failure(
            "更新が途中で止まっています。窓口はまだ開けません。\n"
            "「madoguchi update」を実行してください。更新の前の状態に戻すか、終わらせます。"
        )


def _write(target: Path, text: str) -> None:
    part = target.with_name(f"{target.name}.part")
    with part.open("w", encoding="utf-8") as file:
        os.chmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
