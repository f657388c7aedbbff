"""Threads with connections of their own, to the real database file."""

import os
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Counter, Town


@pytest.fixture
def counter(transactional_db: None) -> Counter:
    """A committed row to write to."""
    town = Town.objects.create(code="13208", name="調布市", created_at=clock.now())
    with current.use(town.pk):
        return Counter.objects.create(name="n")


@pytest.fixture
def run_together() -> Callable[..., list[BaseException]]:
    """Run functions in threads, each in the town given, and return what they raised."""

    def run(town_id: int, *works: Callable[[], object]) -> list[BaseException]:
        errors: list[BaseException] = []

        def one(work: Callable[[], object]) -> None:
            try:
                with current.use(town_id):
                    work()
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        return errors

    return run


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Wait at most ten seconds for a condition."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.001)

    return wait


collect_ignore = [
    "test_sqlite.py" if os.environ.get("MADOGUCHI_TEST_DB") == "postgres" else "test_postgres.py"
]
"""Tests of the store that is not in use."""
