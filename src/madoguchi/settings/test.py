"""Tests: on SQLite, or with ``MADOGUCHI_TEST_DB=postgres`` on the server of MADOGUCHI_PG_*."""

import os
import tempfile
from pathlib import Path

from madoguchi.settings import base, embedded, postgres
from madoguchi.settings.base import *  # noqa: F403

# Only named here, for type checkers read this too; tests/conftest.py makes and removes it.
DATA = Path(tempfile.gettempdir()) / f"madoguchi-test-{os.getpid()}"

SECRET_KEY = "only-for-tests-" + "0" * 40
ALLOWED_HOSTS = ["*"]
STORAGES = {
    **base.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
API_RATE = "1000000/m"  # a test of the limit sets its own
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if os.environ.get("MADOGUCHI_TEST_DB", "sqlite") == "postgres":
    DATABASES = postgres.DATABASES
else:
    # A file, for threads: an in-memory database knows no WAL.
    DATABASES = {
        "default": {
            **embedded.DATABASES["default"],
            "NAME": str(DATA / "unused.sqlite3"),
            "TEST": {"NAME": str(DATA / "test.sqlite3")},
        }
    }
