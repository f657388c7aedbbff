"""How long a writer waits for its turn on SQLite: the madoguchi store against Django's own backend.

Both run WAL, ``synchronous=FULL`` and BEGIN IMMEDIATE on a file in the same folder, one after the
other. Each of ``--threads`` threads (default 20) writes ``--each`` transactions (default 100): read
a row, change it, save it. Printed per store: transactions/s, and the wait of one transaction from
the wish to begin to the end of its commit, in milliseconds (50 %, 99 %, worst).
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

import django
from django.conf import settings

PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"
STORES = {
    "madoguchi": {"ENGINE": "madoguchi.kernel.store.sqlite"},
    "django": {
        "ENGINE": "django.db.backends.sqlite3",
        "OPTIONS": {"timeout": 120, "transaction_mode": "IMMEDIATE", "init_command": PRAGMAS},
    },
}


def waits(alias: str, threads: int, each: int) -> tuple[float, list[float]]:
    """Seconds for all, and the wait of every transaction in milliseconds."""
    from django.db import connections, transaction

    took: list[float] = []
    start = threading.Barrier(threads)

    def work() -> None:
        connection = connections[alias]
        connection.ensure_connection()
        start.wait()
        for _ in range(each):
            begun = time.perf_counter()
            with transaction.atomic(using=alias), connection.cursor() as cursor:
                cursor.execute("SELECT value FROM n")
                cursor.execute("UPDATE n SET value = %s", [cursor.fetchone()[0] + 1])
            took.append((time.perf_counter() - begun) * 1000)
        connection.close()

    with connections[alias].cursor() as cursor:
        cursor.execute("CREATE TABLE n (value integer)")
        cursor.execute("INSERT INTO n VALUES (0)")
    workers = [threading.Thread(target=work) for _ in range(threads)]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - begun
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT value FROM n")
        assert cursor.fetchone()[0] == threads * each, "an update was lost"
    return seconds, took


def main() -> None:
    """Print both stores and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=20)
    parser.add_argument("--each", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        databases = {
            alias: {**store, "NAME": str(Path(folder) / f"{alias}.sqlite3")}
            for alias, store in STORES.items()
        }
        settings.configure(DATABASES={"default": databases["madoguchi"], **databases})
        django.setup()
        worst: dict[str, float] = {}
        for alias in STORES:
            seconds, took = waits(alias, asked.threads, asked.each)
            centiles = statistics.quantiles(took, n=100)
            worst[alias] = max(took)
            print(
                f"{alias:10} {len(took) / seconds:7.0f} transactions/s   wait ms:"
                f" p50 {centiles[49]:.1f}  p99 {centiles[98]:.1f}  worst {worst[alias]:.1f}"
            )
        print(f"worst wait, django / madoguchi: {worst['django'] / worst['madoguchi']:.1f}")
        print(f"threads {asked.threads}, load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
