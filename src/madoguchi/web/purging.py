"""Rows whose time is over go, some at a time so that nobody waits; the log keeps their number."""

from datetime import datetime, timedelta
from graphlib import TopologicalSorter

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Exists, ForeignObjectRel, Model, OuterRef, QuerySet

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.towns.models import TownOwned

BATCH = 200
ACTOR = "system:retention"


def purge(now: datetime) -> int:
    """Delete, in the current town, up to ``BATCH`` rows of each table; returns how many went.

    Call it again while it finds some. Each table is a transaction of its own with an entry in the
    audit log: the table, how many rows, and after how many days.
    """
    return sum(_purge(model, now) for model in tables())


def tables() -> list[type[TownOwned]]:
    """The tables that do not keep rows for ever, those that point at others before the others."""
    owned = [model for model in apps.get_models() if issubclass(model, TownOwned)]
    kept = [model for model in owned if model.retention.days is not None]
    pointing = {
        model: [other for other in kept if other in _pointing_at(model) and other is not model]
        for model in kept
    }
    return list(TopologicalSorter(pointing).static_order())


def over(model: type[TownOwned], now: datetime) -> QuerySet[TownOwned]:
    """The rows of the current town that go at ``now``: done with for long, and pointed at by none.

    What others still need stays with them: a message as long as its report, say.
    """
    days, ended = model.retention.days, model.retention.ended
    if days is None or ended is None:
        return model.objects.none()
    rows = model.objects.filter(ended(now - timedelta(days=days)))
    for pointer in _pointers(model):
        pointing = pointer.related_model._base_manager.filter(
            **{f"{pointer.field.name}_id": OuterRef("pk")}
        )
        rows = rows.filter(~Exists(pointing))
    return rows


def _pointing_at(model: type[TownOwned]) -> set[type[Model]]:
    return {pointer.related_model for pointer in _pointers(model)}


def _pointers(model: type[TownOwned]) -> list[ForeignObjectRel]:
    fields = model._meta.get_fields(include_hidden=True)
    return [field for field in fields if isinstance(field, ForeignObjectRel)]


def _purge(model: type[TownOwned], now: datetime) -> int:
    rows = over(model, now)
    if not rows.exists():  # the usual case takes no write lock
        return 0
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        model.objects.filter(pk__in=ids).delete()
        if ids:
            table = f"table:{model._meta.label_lower}"
            audit.record(
                "retention.purge", table, actor=ACTOR, rows=len(ids), days=model.retention.days
            )
    return len(ids)
