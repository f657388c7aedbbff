"""Fixtures for all tests; the database is SQLite, or PostgreSQL by MADOGUCHI_TEST_DB."""

import shutil
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.clock.api import use as use_clock
from madoguchi.kernel.towns import current

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town


def pytest_configure() -> None:
    """Make this process's data folder."""
    settings.DATA.mkdir(mode=0o700, exist_ok=True)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(settings.DATA, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Generator[None, object, object]:
    """Django reads all rows when it makes the test database."""
    if fixturedef.argname != "django_db_setup":
        return (yield)
    with current.everywhere("make the test database"):
        return (yield)


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    """A clock that stands at noon in Japan until the test moves it."""
    fixed = FixedClock(datetime(2026, 7, 1, 3, 0, tzinfo=UTC))
    with use_clock(fixed):
        yield fixed


@pytest.fixture
def town(db: None, clock: FixedClock) -> "Iterator[Town]":
    """調布市, as the current town."""
    from madoguchi.kernel.towns import api
    from madoguchi.ui import services

    made = api.create_town("13208", services=services.at_start())
    with current.use(made.pk):
        yield made


@pytest.fixture
def other_town(db: None, clock: FixedClock) -> "Town":
    """青梅市, which is not the current town."""
    from madoguchi.kernel.towns import api
    from madoguchi.ui import services

    return api.create_town("13205", hostname="ome.example.jp", services=services.at_start())
