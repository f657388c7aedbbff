r"""``madoguchi update``: keep everything, change program and tables, check, go back if need be.

    saving -> changing -> done           a step fails, or the process is killed:
                  \-> undoing -> as before

The journal is written before each phase. Whoever finds one (``update`` again) goes back to what was
kept; ``serve`` refuses to open until then.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from madoguchi.kernel.clock import api as clock
from madoguchi.operation import house, ready, update_program, update_saved
from madoguchi.operation import update_journal as journals
from madoguchi.operation.outcome import DONE, Failure
from madoguchi.operation.update_journal import Journal, Phase
from madoguchi.operation.update_program import Wheel
from madoguchi.web import noted
from madoguchi.web.noted import Update

Say = Callable[[str], None]


class Outcome(StrEnum):
    """How ``update`` ended when it did not fail."""

    UPDATED = "updated"
    NOTHING = "nothing"  # program and tables fit together already
    PUT_BACK = "put back"  # an update that had been killed was undone


@dataclass(frozen=True, slots=True)
class Service:
    """The unit of systemd that serves; "" when somebody else stops and starts it."""

    name: str

    def stop(self) -> None:
        """Stop it and wait for its end."""
        self._do("stop")

    def start(self) -> None:
        """Start it again, whatever became of the update."""
        self._do("start")

    def _do(self, verb: str) -> None:
        if not self.name:
            return
        try:
            subprocess.run(["systemctl", verb, self.name], check=True, capture_output=True)  # noqa: S603, S607
        except (OSError, subprocess.CalledProcessError) as error:
            raise Failure(
                f"「systemctl {verb} {self.name}」ができません。管理者の権限（sudo）で実行するか、"
                "手で止めて、--service を付けずに実行してください。"
            ) from error


def run(data: Path, wheel: Path | None, service: Service, say: Say) -> Outcome:
    """Update the house in ``data``; Django is set up. Raises ``Failure`` with all as it was."""
    with closed(data, service) as lock:
        unfinished = journals.read(data)
        if unfinished is not None:
            return _recover(data, unfinished, say)
        new = update_program.look_into(wheel) if wheel else None
        if new is None and not _needed():
            return Outcome.NOTHING
        update_saved.refuse_without_room(data, new.size if new else 0)
        _update(data, new, lock, say)
        return Outcome.UPDATED


@contextmanager
def closed(data: Path, service: Service) -> Iterator[int]:
    """The house shut while we work on it, and open again afterwards if we shut it."""
    service.stop()
    try:
        with house.hold(data, alone=True) as lock:
            yield lock.fileno()
    finally:
        service.start()


def _needed() -> bool:
    ready.refuse_newer()
    needed = bool(ready.missing_migrations())
    house.let_go()
    return needed


def _update(data: Path, wheel: Wheel | None, lock: int, say: Say) -> None:
    packages = update_program.home() if wheel else None
    now = update_program.installed()
    journal = Journal(Phase.SAVING, wheel.version if wheel else now, str(packages or ""))
    try:
        journals.write(data, journal)
        say("今の状態を写しています")
        update_saved.save(data)
        if wheel and packages:
            update_program.prepare(wheel, packages)
    except OSError as error:
        _tidy(data, journal)
        journals.clear(data)
        raise Failure(
            f"今の状態を写せません（{error.strerror}）。まだ何も変えていません。\n"
            f"{data.parent} に書けるか、ディスクに空きがあるか確かめてください。"
        ) from error
    except BaseException:
        _tidy(data, journal)
        journals.clear(data)
        raise
    journals.write(data, replace(journal, phase=Phase.CHANGING))
    try:
        if packages:
            update_program.exchange(packages)
        say("表の形を変え、確かめています")
        _step(lock)
    except BaseException as error:
        say("うまくいかないため、元に戻しています")
        undo(data, journal)
        if not isinstance(error, Exception):
            raise  # Ctrl+C
        why = error if isinstance(error, Failure) else type(error).__name__
        raise Failure(f"更新できませんでした。前の状態に戻してあります。\n{why}") from error
    journals.write(data, replace(journal, phase=Phase.DONE))
    _finish(data, journal)


def _step(lock: int) -> None:
    """Let the program that is now in place change the tables and check itself.

    It inherits the lock of the house: nobody opens it while it lives, whatever becomes of us.
    """
    command = [sys.executable, "-m", "madoguchi.operation.update_step", str(os.getpid())]
    done = subprocess.run(command, capture_output=True, check=False, pass_fds=[lock])  # noqa: S603
    if done.returncode != DONE:
        said = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        raise Failure("\n".join(said[-5:]) or f"途中で止まりました（{done.returncode}）。")


def _finish(data: Path, journal: Journal) -> None:
    noted.note(data, Update(clock.now().isoformat(), journal.version, done=True))
    _tidy(data, journal)
    journals.clear(data)


def _recover(data: Path, journal: Journal, say: Say) -> Outcome:
    """Bring an update that was killed to an end: forward if it was done, else back."""
    if journal.phase is Phase.DONE:
        _finish(data, journal)
        return Outcome.UPDATED
    if journal.phase is Phase.SAVING:
        _tidy(data, journal)
        journals.clear(data)
    else:
        say("前の更新が途中で止まっていたので、元に戻しています")
        undo(data, journal)
    return Outcome.PUT_BACK


def undo(data: Path, journal: Journal) -> None:
    """Put everything back; killed in the middle, it is done again from its beginning."""
    journals.write(data, replace(journal, phase=Phase.UNDOING))
    update_saved.put_back(data)
    if journal.program:
        packages = Path(journal.program)
        if update_program.is_new(packages):
            update_program.exchange(packages)
    noted.note(data, Update(clock.now().isoformat(), journal.version, done=False))
    journals.write(data, replace(journal, phase=Phase.SAVING))  # all is as before
    _tidy(data, journal)
    journals.clear(data)


def _tidy(data: Path, journal: Journal) -> None:
    """Throw away what was kept: of the two programs, the one that does not run."""
    update_saved.forget(data)
    if journal.program:
        update_program.forget(Path(journal.program))
