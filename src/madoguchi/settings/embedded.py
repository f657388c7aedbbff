"""One machine, one process, SQLite. The way a town starts."""

from madoguchi.settings.base import *  # noqa: F403
from madoguchi.settings.base import DATA

DATABASES = {
    "default": {
        "ENGINE": "madoguchi.kernel.store.sqlite",
        "NAME": str(DATA / "madoguchi.sqlite3"),
        "CONN_MAX_AGE": None,
    }
}
