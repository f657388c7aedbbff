"""Running numbers without gaps, in the order of commits."""

from django.db import connection, transaction

from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Counter

_NEXT = """
    INSERT INTO towns_counter (town_id, name, value) VALUES (%s, %s, 1)
    ON CONFLICT (town_id, name) DO UPDATE SET value = towns_counter.value + 1
    RETURNING value
"""


def next_value(name: str) -> int:
    """The current town's next number of ``name``: 1, 2, 3 ...

    Only inside a transaction: the row stays locked until its end, so numbers commit in their
    order, and a rolled back transaction gives its number back.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [current.town_id(), name])
        (value,) = cursor.fetchone()
    return int(value)


def last_value(name: str) -> int:
    """The last committed number of ``name`` in the current town, 0 before the first."""
    return Counter.objects.filter(name=name).values_list("value", flat=True).first() or 0
