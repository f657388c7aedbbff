"""The manager of rows that belong to a town: every query is confined to the current one."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import FullResultSet
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from madoguchi.kernel.towns import current

_M = TypeVar("_M", bound=models.Model)


class InScope(models.Func):
    """True for rows of the town that is current when the query runs, not when it was written.

    A queryset may so be made at import (a form's choices) or outlive a request; it never shows
    another town's rows. Without a current town it raises ``NoTown``.
    """

    arity = 1
    output_field = models.BooleanField()

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Compile to ``town_id = N``, or to nothing inside ``everywhere``."""
        scope = current.scope()
        if scope is None:
            raise current.NoTown
        if scope == "*":
            raise FullResultSet
        sql, params = compiler.compile(self.get_source_expressions()[0])
        return f"{sql} = %s", (*params, scope)


def claim(row: Any) -> None:
    """Give ``row`` the current town; raises ``NoTown``, or ``WrongTown`` if it has another."""
    scope = current.scope()
    if row.town_id is None:
        row.town_id = current.town_id()
    elif scope is None:
        raise current.NoTown
    elif scope not in ("*", row.town_id):
        raise current.WrongTown(
            f"{type(row).__name__} belongs to town {row.town_id}, current is town {scope}"
        )


class TownQuerySet(models.QuerySet[_M]):
    """A queryset whose bulk writes obey the current town too."""

    def bulk_create(self, objs: Iterable[_M], *args: Any, **kwargs: Any) -> list[_M]:
        """As Django's, with each row claimed; ``update_conflicts`` may not go by id alone."""
        rows = list(objs)
        for row in rows:
            claim(row)
        if kwargs.get("update_conflicts") and "town" not in (kwargs.get("unique_fields") or ()):
            raise ValueError("update_conflicts needs a unique constraint that holds the town")
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(
        self, objs: Iterable[_M], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        """As Django's; a row of another town raises ``WrongTown``."""
        rows = list(objs)
        for row in rows:
            claim(row)
        return super().bulk_update(rows, fields, batch_size)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: a raw query would not be confined to the town."""
        raise NotImplementedError("raw queries are not confined to a town; use the ORM")


class TownManager(models.Manager[_M]):
    """Manager of ``TownOwned``; default and base manager at once, so related access obeys too."""

    _hints: dict[str, Any]

    def get_queryset(self) -> TownQuerySet[_M]:
        """All rows of the town that is current when the query runs."""
        return TownQuerySet(self.model, using=self._db, hints=self._hints).filter(InScope("town"))
