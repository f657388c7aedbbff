"""The wall between towns inside the database, against code that forgets it.

After each migrate, on both databases, triggers refuse a foreign key into another town, a row that
changes its town, and whatever the registered ``rules`` forbid. PostgreSQL also shows and takes only
rows of the town in the setting ``madoguchi.town`` (row level security, forced on the owner too).
Before each migrate all of it is taken down: SQLite cannot rebuild a table that triggers name, and a
migration sees every town.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.rules import Rule, all_rules

PREFIX = "madoguchi_"


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key column from one table of towns' rows to another."""

    column: str
    parent: str
    parent_column: str


def town_models() -> list[type[TownOwned]]:
    """Every model whose rows belong to a town."""
    return [m for m in apps.get_models() if issubclass(m, TownOwned) and m._meta.managed]


def links(model: type[models.Model]) -> list[Link]:
    """The foreign keys of ``model`` that must stay within a town."""
    return [
        Link(field.column, field.related_model._meta.db_table, str(field.target_field.column))
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, TownOwned)
    ]


def install(using: str = "default") -> None:
    """Put up the wall around all tables that exist; replaces what stands."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        remove(using)
        tables = set(connection.introspection.table_names(cursor))
        for statement in _statements(connection, tables):
            cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Take the wall down."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
                [f"{PREFIX}%"],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
            return
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND starts_with(tgname, %s)",
            [PREFIX],
        )
        for name, table in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}" ON {table}')
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE schemaname = current_schema()"
            " AND policyname = 'madoguchi_town'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'DROP POLICY madoguchi_town ON "{table}"')
            cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
            cursor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


def missing(using: str = "default") -> list[str]:
    """Names of guards that should stand and do not; empty when the wall is whole."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
                " UNION ALL SELECT 'rls:' || relname FROM pg_class"
                " WHERE relrowsecurity AND relforcerowsecurity AND relnamespace ="
                " current_schema()::regnamespace AND EXISTS (SELECT 1 FROM pg_policies p"
                " WHERE p.tablename = relname AND p.policyname = 'madoguchi_town')"
            )
        standing = {name for (name,) in cursor.fetchall()}
    return sorted(set(_expected(connection.vendor)) - standing)


def _expected(vendor: str) -> Iterator[str]:
    for model in town_models():
        table = model._meta.db_table
        if vendor == "sqlite":
            yield from (_name(table, "insert"), _name(table, "update"))
        else:
            yield from (_name(table, "town"), f"rls:{table}")
    for rule in all_rules():
        yield PREFIX + rule.name


def _name(table: str, what: str) -> str:
    return f"{PREFIX}{table}_{what}"


def _statements(connection: BaseDatabaseWrapper, tables: set[str]) -> Iterator[str]:
    sqlite = connection.vendor == "sqlite"
    if not sqlite:
        yield from (_SAME_TOWN_FUNCTION, _REFUSE_FUNCTION)
    for model in town_models():
        if model._meta.db_table in tables:
            yield from _sqlite_wall(model) if sqlite else _postgres_wall(model)
    for rule in all_rules():
        if rule.table in tables:
            yield _sqlite_rule(rule) if sqlite else _postgres_rule(rule)


def _sqlite_wall(model: type[TownOwned]) -> Iterator[str]:
    table = model._meta.db_table
    strays = [
        f'(NEW."{k.column}" IS NOT NULL AND NEW.town_id IS NOT'  # noqa: S608 - names of models
        f' (SELECT town_id FROM "{k.parent}" WHERE "{k.parent_column}" = NEW."{k.column}"))'
        for k in links(model)
    ]
    columns = ", ".join(f'"{name}"' for name in ["town_id", *(k.column for k in links(model))])
    yield _sqlite_trigger(
        _name(table, "insert"), f'INSERT ON "{table}"', " OR ".join(strays) or "0", _STRAY
    )
    yield _sqlite_trigger(
        _name(table, "update"),
        f'UPDATE OF {columns} ON "{table}"',
        " OR ".join(["NEW.town_id <> OLD.town_id", *strays]),
        _STRAY,
    )


def _sqlite_rule(rule: Rule) -> str:
    return _sqlite_trigger(
        PREFIX + rule.name, f'{rule.event} ON "{rule.table}"', rule.condition, rule.message
    )


def _sqlite_trigger(name: str, event: str, condition: str, message: str) -> str:
    return (
        f'CREATE TRIGGER "{name}" BEFORE {event} WHEN {condition}'
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgres_wall(model: type[TownOwned]) -> Iterator[str]:
    table = model._meta.db_table
    found = links(model)
    columns = ", ".join(f'"{name}"' for name in ["town_id", *(k.column for k in found)])
    names = [_STRAY, *(n for k in found for n in (k.column, k.parent, k.parent_column))]
    arguments = ", ".join(f"'{name}'" for name in names)
    yield (
        f'CREATE TRIGGER "{_name(table, "town")}" BEFORE INSERT OR UPDATE OF {columns}'
        f' ON "{table}" FOR EACH ROW EXECUTE FUNCTION madoguchi_same_town({arguments})'
    )
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    yield f'CREATE POLICY madoguchi_town ON "{table}" USING ({_IN_SCOPE})'


def _postgres_rule(rule: Rule) -> str:
    return (
        f'CREATE TRIGGER "{PREFIX}{rule.name}" BEFORE {rule.event} ON "{rule.table}"'
        f" FOR EACH ROW WHEN ({rule.condition})"
        f" EXECUTE FUNCTION madoguchi_refuse('{rule.message}')"
    )


_STRAY = "a row may neither point into another town nor change its own"

_IN_SCOPE = """
    CASE current_setting('madoguchi.town', true)
        WHEN '*' THEN true
        ELSE town_id = nullif(current_setting('madoguchi.town', true), '')::bigint
    END
"""

_SAME_TOWN_FUNCTION = """
CREATE OR REPLACE FUNCTION madoguchi_same_town() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    inside boolean;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.town_id <> OLD.town_id THEN
        RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    FOR i IN 0 .. (TG_NARGS - 1) / 3 - 1 LOOP
        EXECUTE format(
            'SELECT ($1).%1$I IS NULL OR EXISTS (SELECT 1 FROM %2$I parent'
            ' WHERE parent.%3$I = ($1).%1$I AND parent.town_id = ($1).town_id)',
            TG_ARGV[i * 3 + 1], TG_ARGV[i * 3 + 2], TG_ARGV[i * 3 + 3]
        ) INTO inside USING NEW;
        IF NOT inside THEN
            RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""

_REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION madoguchi_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def before_migrate(*, using: str, **_: Any) -> None:
    """Receiver of ``pre_migrate``."""
    remove(using)


def after_migrate(*, using: str, **_: Any) -> None:
    """Receiver of ``post_migrate``."""
    install(using)
