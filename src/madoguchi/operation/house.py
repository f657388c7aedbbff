"""Open the house: the data folder, its secret key, the settings, Django.

Nothing here imports Django before ``enter``.
"""

import ctypes
import fcntl
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import IO

from madoguchi.operation.outcome import Failure

SECRET = "secret.key"  # noqa: S105 (the name of a file)
LOCK = "open.lock"
PR_SET_PDEATHSIG = 1
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


def data_folder(asked: Path | None) -> Path:
    """The folder of the stored data: what was asked for, $MADOGUCHI_DATA, or ./var."""
    return (asked or Path(os.environ.get("MADOGUCHI_DATA", "var"))).resolve()


def on_postgres() -> bool:
    """Whether the rows are on PostgreSQL (``MADOGUCHI_DB=postgres``)."""
    return os.environ.get("MADOGUCHI_DB", "sqlite") == "postgres"


def furnish(data: Path) -> bool:
    """Make the data folder and its secret key if missing; returns whether the key is new."""
    if not data.is_dir():
        data.mkdir(parents=True)
        data.chmod(PRIVATE_FOLDER)
    path = data / SECRET
    if path.exists():
        return False
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    return True


def enter(data: Path) -> None:
    """Set up Django on the data folder; raises ``Failure`` before ``madoguchi init``."""
    if not (data / SECRET).is_file() and not os.environ.get("MADOGUCHI_SECRET_KEY"):
        raise Failure(
            f"{data} はまだ準備されていません。\n"
            "先に「madoguchi init --town 市区町村名」を実行してください。"
        )
    os.umask(0o077)
    os.environ["MADOGUCHI_DATA"] = str(data)
    name = "postgres" if on_postgres() else "embedded"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"madoguchi.settings.{name}")
    import django

    django.setup()


def hold(data: Path, *, alone: bool) -> IO[str]:
    """Hold the data folder while the returned file is open.

    A server on SQLite and a restore hold it ``alone``; servers on PostgreSQL share it. Raises
    ``Failure`` when somebody else holds it.
    """
    lock = (data / LOCK).open("w")
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise Failure(
            f"{data} の窓口はすでに開いています。止めてから、もう一度実行してください。"
        ) from error
    return lock


def build_tables() -> None:
    """Bring the database to the newest form; safe to repeat."""
    from django.core.management import call_command

    from madoguchi.kernel.towns import current

    with current.everywhere("migrate"):
        call_command("migrate", verbosity=0, interactive=False)


def let_go() -> None:
    """Close the connections of this process, before it forks or ends."""
    from django.db import connections

    connections.close_all()


def die_with(parent: int) -> None:
    """Be killed when the parent dies, however it dies; rows on their way are taken up later."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
