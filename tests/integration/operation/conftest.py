"""A house of its own outside the test database, run by the command line as an operator does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from madoguchi.channels.demo.fake_line import server as fake_line

from . import served as serving


@dataclass(frozen=True, slots=True)
class Home:
    """A data folder and, on PostgreSQL, a database of its own."""

    data: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``madoguchi`` on it."""
        inherited = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("MADOGUCHI_", "DJANGO_"))
        }
        return subprocess.run(
            [sys.executable, "-m", "madoguchi.cli", *arguments],
            env=inherited | self.environment | {"MADOGUCHI_DATA": str(self.data)},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty place for a house; nothing is in it yet."""
    data = tmp_path / "data"
    if connection.vendor == "sqlite":
        yield Home(data, {})
        return
    environment = {k: v for k, v in os.environ.items() if k.startswith("MADOGUCHI_PG_")}
    name = f"home_{os.getpid()}"
    with _maintenance() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield Home(data, environment | {"MADOGUCHI_DB": "postgres", "MADOGUCHI_PG_NAME": name})
    with _maintenance() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def served(transactional_db: None, tmp_path: Path) -> Iterator[serving.Served]:
    """調布市 on a copy of the empty test database, with a LINE account; nothing runs yet."""
    port = serving.free_port()
    with fake_line.start(
        f"http://127.0.0.1:{port}/channels/line/webhook", serving.SECRET, serving.TOKEN
    ) as line:
        data = tmp_path / "data"
        town = serving.Served(data, serving.furnish(data), line, port)
        yield town
        town.kill()
        serving.clear(town.database)


def _maintenance():
    import psycopg

    to = settings.DATABASES["default"]
    return psycopg.connect(
        dbname="postgres", user=to["USER"], host=to["HOST"], port=to["PORT"], autocommit=True
    ).cursor()
