"""What ``madoguchi check`` looks at. Each check answers on its own, also when others cannot."""

from collections.abc import Callable
from pathlib import Path

from django.db import DatabaseError

from madoguchi.operation import checks_machine, checks_town
from madoguchi.operation.finding import Finding, Grade, bad

__all__ = ["Finding", "Grade", "all_findings"]

Check = tuple[str, Callable[[], list[Finding]]]


def all_findings(data: Path) -> list[Finding]:
    """Everything that was found, in the order to read it."""
    machine: list[Check] = [
        ("データベース", checks_machine.database),
        ("表の形", checks_machine.migrations),
        ("更新", lambda: checks_machine.update(data)),
        ("ディスクの空き", lambda: checks_machine.disk(data)),
        ("ファイルの権限", lambda: checks_machine.modes(data)),
        ("画面の部品", checks_machine.assets),
        ("公開の設定", checks_machine.hosts),
        ("時計", checks_machine.clock_sanity),
    ]
    town: list[Check] = [
        ("町", checks_town.towns),
        ("町のデータ", checks_town.packs),
        ("職員の入口", checks_town.staff),
        ("操作の記録", checks_town.audit_chain),
        ("届いたメッセージ", checks_town.inbox),
        ("住民への送信", checks_town.outbox),
        ("窓口の設定", checks_town.channels),
        ("窓口のようす", checks_town.conditions),
    ]
    return [finding for subject, check in machine + town for finding in _answer(subject, check)]


def _answer(subject: str, check: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return check()
    except (DatabaseError, OSError) as error:
        return [
            bad(
                subject,
                f"確かめられませんでした（{type(error).__name__}）",
                "上の「だめ」を先に直してから、もう一度実行してください。",
            )
        ]
