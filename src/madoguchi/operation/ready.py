"""Whether the house may open: tables up to date, a town, the assets of the pages."""

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.operation.outcome import Failure

OLDER = (
    "データベースの形が、このプログラムより古いままです。\n"
    "窓口を止めて「madoguchi update」を実行してください。失敗しても、前の状態に戻ります。"
)


def missing_migrations() -> list[str]:
    """Names of migrations that the code has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def unknown_migrations() -> list[str]:
    """Names of migrations that the database has and the code has not."""
    loader = MigrationExecutor(connection).loader
    known = {(app, name) for app, name in loader.disk_migrations}
    return sorted(f"{app}.{name}" for app, name in set(loader.applied_migrations) - known)


def refuse_newer() -> None:
    """Raise ``Failure`` when the database was made by a newer program than this one."""
    if unknown_migrations():
        raise Failure(
            "データベースの形が、このプログラムより新しいものです。窓口は開けません。\n"
            "新しい版のプログラムで開くか、この版のころのバックアップを「madoguchi restore」で"
            "戻してください。"
        )


def refuse_older() -> None:
    """Raise ``Failure`` when tables are there and an update has to change them first."""
    refuse_newer()
    if MigrationExecutor(connection).loader.applied_migrations and missing_migrations():
        raise Failure(OLDER)


def missing_assets() -> str:
    """What to do about the pages' styles and scripts; "" when they are there."""
    root = Path(settings.STATIC_ROOT)
    if (root / "staticfiles.json").is_file():
        return ""
    return f"画面の部品が {root} にありません。「make assets」を実行してください。"


def refuse_unready() -> None:
    """Raise ``Failure`` with what to do first."""
    try:
        refuse_newer()
        missing = missing_migrations()
    except DatabaseError as error:
        raise Failure(
            f"データベースを開けません（{type(error).__name__}）。\n"
            "「madoguchi check」で確かめてください。"
        ) from error
    if missing:
        raise Failure(OLDER)
    with current.everywhere("see whether there is a town"):
        if not Town.objects.exists():
            raise Failure(
                "町が登録されていません。「madoguchi init --town 市区町村名」を実行してください。"
            )
    if todo := missing_assets():
        raise Failure(todo)
