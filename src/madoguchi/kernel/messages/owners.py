"""Which of several processes still live, as PostgreSQL knows it: by a lock that ends with them.

Each working connection holds one advisory lock under a random number, and its leases carry that
number. PostgreSQL frees the lock in the moment in which the process is gone, whatever ended it, so
that others need not wait for its leases to run out. A lock that is lost in another way (the server
was restarted) lets others take rows that are still being worked on: that costs an attempt and no
more, for a row is marked by whoever holds its lease, and a delivery has its key.
"""

import secrets
import threading
import uuid

from django.db import connection

from madoguchi.kernel.messages.models import Inbound, Outbox

_own = threading.local()

ALIVE = """
SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def new_lease() -> uuid.UUID:
    """A mark for rows that this thread takes; on PostgreSQL it tells who took them."""
    if connection.vendor != "postgresql":
        return uuid.uuid4()
    return uuid.UUID(int=(_number() << 64) | secrets.randbits(64))


def free_rows_of_the_gone(model: type[Inbound] | type[Outbox]) -> int:
    """Free the waiting rows whose taker is gone; returns how many. Does nothing on SQLite."""
    if connection.vendor != "postgresql":
        return 0
    rows = model.objects.filter(state=model.State.WAITING, lease__isnull=False)
    leases = set(rows.values_list("lease", flat=True))
    if not leases:
        return 0
    with connection.cursor() as cursor:  # after the leases: who took one held the lock before
        cursor.execute(ALIVE)
        alive = {number for (number,) in cursor.fetchall()}
    gone = [lease for lease in leases if lease is not None and lease.int >> 64 not in alive]
    return rows.filter(lease__in=gone).update(lease=None, lease_until=None) if gone else 0


def _number() -> int:
    """The number of this thread's connection, whose lock it holds; a new one has a new number."""
    connection.ensure_connection()
    if getattr(_own, "connection", None) is not connection.connection:
        number = secrets.randbits(63)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [number])
        _own.connection, _own.number = connection.connection, number
    return int(_own.number)
