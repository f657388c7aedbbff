"""The standby machine takes over: the newest copy becomes the house; what may be missing is told.

A copy is a beginning of the primary's history without holes. What came after the newest beat may
or may not be in it; nobody can tell from the copy alone, so the span is named.
"""

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from madoguchi.kernel.clock import api as clock
from madoguchi.operation import house
from madoguchi.operation import standby_places as places
from madoguchi.operation.archive import DATABASES
from madoguchi.operation.outcome import Failure

CASES_SKIPPED = 100
"""Case numbers left out, so that none is given twice that the lost machine may have given."""

RECORD = "taken-over.json"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken over: all that was stored before ``since``; of what came until ``until`` some
    may be missing. ``whole``: the copy holds every row that its beat names."""

    since: datetime
    until: datetime
    whole: bool
    audit_ok: bool
    photos_missing: int
    waiting: int
    rows: dict[str, int]

    def as_json(self) -> str:
        """What is written down for ``madoguchi standby missing``."""
        spans = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return json.dumps({**spans, "rows": self.rows})


def take_over(copy: Path, data: Path) -> Taken:
    """Make ``data`` from the copy and enter it. Raises ``Failure``; ``data`` must not be in use.

    The copy is marked first: a machine that still ships into it stops.
    """
    if data.exists() and any(data.iterdir()):
        raise Failure(
            f"{data} にはすでにデータがあります。別のフォルダーを --data で指定してください。"
        )
    if not (copy / places.FILES).is_dir():
        raise Failure(f"{copy} に写しがありません。場所を確かめてください。")
    until = clock.now()
    places.put(copy / places.TAKEN, json.dumps({"at": until.isoformat()}))
    data.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=data.parent, prefix=f".{data.name}-standby-"))
    try:
        shutil.copytree(copy / places.FILES, fresh, dirs_exist_ok=True)
        if not house.on_postgres():
            _restore(copy / places.LOG, fresh / DATABASES["sqlite"])
        if data.exists():
            data.rmdir()  # an empty one
        fresh.rename(data)
    except OSError as error:
        raise Failure(f"{data} に置けません（{error.strerror}）。") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    house.enter(data)
    replayed = _promote() if house.on_postgres() else None
    return _look(copy, data, until, replayed)


def _restore(log: Path, database: Path) -> None:
    command = [places.litestream(), "restore", "-integrity-check", "full", "-o", str(database)]
    done = subprocess.run(  # noqa: S603
        [*command, f"file://{log}"], capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise Failure(f"写しを元に戻せません：{done.stderr.strip()[-300:]}")
    database.chmod(0o600)


def _promote() -> datetime | None:
    """Make the copy of PostgreSQL the primary; returns the time of the last change it had got."""
    from django.db import DatabaseError, connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()")
        recovering, replayed = cursor.fetchone()
        if not recovering:
            return None
        try:
            cursor.execute("SELECT pg_promote(true, 60)")
        except DatabaseError as error:
            role = connection.settings_dict["USER"]
            raise Failure(
                "PostgreSQLを引き継がせる権限がありません。PostgreSQLの管理者に「pg_ctl promote」か"
                f"「GRANT EXECUTE ON FUNCTION pg_promote TO {role};」の実行を頼み、"
                "もう一度、空のフォルダーを指定して実行してください。"
            ) from error
    found: datetime | None = replayed
    return found


def _look(copy: Path, data: Path, until: datetime, replayed: datetime | None) -> Taken:
    """Check what was taken over, skip numbers, and write down the span."""
    from django.db import transaction
    from django.db.models import F

    from madoguchi.kernel.audit import api as audit
    from madoguchi.kernel.messages.models import Inbound
    from madoguchi.kernel.towns import current
    from madoguchi.kernel.towns.models import Counter, Town

    beat = places.newest_beat(copy)
    rows = places.newest_rows()
    with current.everywhere("look at what was taken over"):
        verdict = audit.verify()
        towns = list(Town.objects.all())
        waiting = Inbound.objects.filter(state=Inbound.State.WAITING).count()
        Counter.objects.filter(name__startswith="case.number.").update(
            value=F("value") + CASES_SKIPPED
        )
    taken = Taken(
        since=replayed or beat.at,
        until=until,
        whole=all(rows[name] >= newest for name, newest in beat.rows.items()),
        audit_ok=verdict.ok,
        photos_missing=sum(_photos_missing(town.pk) for town in towns),
        waiting=waiting,
        rows=rows,
    )
    for town in towns:
        with current.use(town.pk), transaction.atomic():
            audit.record("standby.take_over", f"town:{town.code}", actor="system:standby")
    folder = data / "standby"
    folder.mkdir(mode=0o700, exist_ok=True)
    places.put(folder / RECORD, taken.as_json())
    return taken


def _photos_missing(town: int) -> int:
    from madoguchi.kernel.files import api as files
    from madoguchi.kernel.files.models import StoredFile
    from madoguchi.kernel.towns import current

    missing = 0
    with current.use(town):
        for key in StoredFile.objects.filter(erased_at=None).values_list("key", flat=True):
            try:
                files.open_file(key)
            except FileNotFoundError:
                missing += 1
    return missing
