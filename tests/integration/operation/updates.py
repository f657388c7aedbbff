"""Update a house over and over, broken at a given point each time; one process sets Django up.

``python updates.py DATA PRISTINE POINT...`` prints a list in JSON with an ``Ended`` for each point.
A POINT is Python that breaks the program (see the functions here); each runs in a fork of its own.
"""

import json
import os
import shutil
import signal
import sys
import traceback
from pathlib import Path

DATA, PRISTINE = Path(sys.argv[1]), Path(sys.argv[2])

from madoguchi.operation import house  # noqa: E402

house.enter(DATA)

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from rows import files, rows, shape  # noqa: E402

from madoguchi.kernel.audit import api as audit  # noqa: E402
from madoguchi.kernel.towns import current  # noqa: E402
from madoguchi.operation import (  # noqa: E402
    staff,
    update_journal,
    update_saved,
    update_step,
    updating,
)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def then(owner, name, act):
    """Let ``act`` follow a function of the program."""
    whole = getattr(owner, name)

    def replaced(*arguments, **options):
        answer = whole(*arguments, **options)
        act()
        return answer

    setattr(owner, name, replaced)


def first(owner, name, act):
    """Let ``act`` precede a function of the program."""
    whole = getattr(owner, name)

    def replaced(*arguments, **options):
        act()
        return whole(*arguments, **options)

    setattr(owner, name, replaced)


def spoil():
    """A migration that has changed much, made a table and a file, and is not done yet."""
    with current.everywhere("spoil"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE half_made (id integer)")
        cursor.execute("DELETE FROM disaster_photo")
        cursor.execute("UPDATE people_staffmember SET name = 'spoilt'")
    (DATA / "left.txt").write_text("made by a migration")
    next((DATA / "files").rglob("*.jpg")).unlink()


def fail():
    spoil()
    raise RuntimeError("a broken migration")


def forked(work) -> int:
    """Do ``work`` in a process of its own; its exit code, or minus its signal."""
    connection.close()
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except Exception:
            traceback.print_exc()
            os._exit(1)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def step(_lock) -> None:
    """As the program does it, without starting Python anew."""

    def work():
        update_step.change()
        update_step.check()

    if forked(work):
        raise updating.Failure("the child ended badly")


def update(point: str = "") -> str:
    """Run the update; how it ended."""
    said, written = os.pipe()

    def work():
        if point:
            exec(point, globals())
        try:
            outcome = str(updating.run(DATA, None, updating.Service(""), lambda words: None))
        except updating.Failure as failure:
            outcome = f"failed: {failure}"
        os.write(written, outcome.encode())

    code = forked(work)
    os.close(written)
    with os.fdopen(said, "rb") as file:
        return file.read().decode() or f"killed {code}"


def reset() -> None:
    """The house as the version before left it."""
    update_journal.clear(DATA)
    update_saved.forget(DATA)
    connection.close()
    if connection.vendor == "sqlite":
        shutil.rmtree(DATA)
        shutil.copytree(PRISTINE, DATA)
        return
    import psycopg

    to = connection.settings_dict
    with psycopg.connect(
        dbname="postgres", user=to["USER"], host=to["HOST"], autocommit=True
    ) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{to["NAME"]}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{to["NAME"]}" TEMPLATE "{to["NAME"]}_pristine"')
    shutil.rmtree(DATA)
    shutil.copytree(PRISTINE, DATA)


def look(names: dict[str, list[str]] | None = None) -> tuple[dict, dict, dict]:
    """Tables with columns, rows of the named ones, files."""
    with current.everywhere("compare"), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        now = shape(cursor, connection.vendor)
        found = now, rows(cursor, names or now), files(DATA)
    connection.close()
    return found


def ended(point: str) -> dict[str, object]:
    """Break the update at a point, then do what the program says; what came of it."""
    reset()
    old = look()
    report: dict[str, object] = {"first": update(point)}
    journal = update_journal.read(DATA)
    report["unfinished"] = journal.phase if journal else ""
    report["second"] = update() if journal else ""
    new = look(old[0])
    report["forward"] = new[0] != old[0]
    report["lost"] = sorted(t for t in old[1] if old[1][t] != new[1][t])
    report["files"] = old[2] == new[2]
    report["tables"] = sorted(new[0])
    report["count"] = sum(count for count, _ in new[1].values())
    report["audit"] = audit.verify().ok
    report["beside"] = sorted(p.name for p in DATA.parent.iterdir())
    if "die" not in point:  # as for the others: they are where one of these was
        report["last"] = update()
        report["pages"] = pages()
    connection.close()
    return report


def pages() -> list[int]:
    """Whether a member of staff comes in and finds the cases."""
    from madoguchi.kernel.towns import pack

    browser, town = Client(SERVER_NAME="localhost"), pack.load("13208")
    member = staff.members(town)[0]
    said = [browser.post(f"/staff/enter/{staff.link(town, member.pk)}").status_code]
    for page in ("/staff/", "/staff/cases/", "/staff/cases/2026-000001/"):
        said.append(browser.get(page).status_code)
    return said


updating._step = step
print(json.dumps([ended(point) for point in sys.argv[3:]]))
