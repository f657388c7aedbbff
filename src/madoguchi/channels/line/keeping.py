"""Keep a town's two secrets: each in a file of mode 600 below the data folder, never in a row.

A file is written under a new name before the row names it, and is never changed: a crash leaves a
file too many, never a row without its file, and a backup finds every file that its rows name.
"""

import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.towns.models import Town

FOLDER = "secrets"
PARTS = ("secret", "token")


class Where(StrEnum):
    """Who keeps the secrets of a town."""

    NOBODY = "nobody"
    PAGE = "page"
    MACHINE = "machine"  # named by the operator: an environment variable or a file elsewhere


@dataclass(frozen=True, slots=True)
class Standing:
    """What a town has set, without any secret."""

    where: Where
    secret: bool
    token: bool

    @property
    def whole(self) -> bool:
        """Whether both secrets are named."""
        return self.secret and self.token


class NotOurs(Exception):
    """The operator keeps the secrets; the message says in Japanese whom to ask."""


def standing(town: Town) -> Standing:
    """What is set, without reading any secret."""
    line = _line(town)
    named = {part: _name(line, part) for part in PARTS}
    if not any(named.values()):
        where = Where.NOBODY
    elif all(_is_ours(line, part) for part in PARTS if named[part]):
        where = Where.PAGE
    else:
        where = Where.MACHINE
    return Standing(where, bool(named["secret"]), bool(named["token"]))


def keep(town_id: int, *, secret: str, token: str, actor: str) -> None:
    """Store what is not "" in place of what was there, with an audit entry that holds neither.

    Call it outside a transaction. Raises ``NotOurs``.
    """
    code = Town.objects.values_list("code", flat=True).get(pk=town_id)
    given = {part: value for part, value in zip(PARTS, (secret, token), strict=True) if value}
    written = {part: _write(code, part, value) for part, value in given.items()}
    try:
        old = _name_in_row(town_id, written, actor)
    except BaseException:
        _remove(written.values())
        raise
    _remove(old)


def _name_in_row(town_id: int, written: Mapping[str, str], actor: str) -> list[str]:
    """Let the town's row name the new files; returns the names of those that are now unused."""
    with transaction.atomic():
        town = Town.objects.select_for_update().get(pk=town_id)
        if standing(town).where is Where.MACHINE:
            raise NotOurs(
                "LINEの2つの値は、運用の担当者がこの機械の設定で入れています。"
                "変えるときは担当者に頼んでください。"
            )
        line = dict(_line(town))
        old = [str(line[f"{part}_file"]) for part in written if line.get(f"{part}_file")]
        line |= {f"{part}_file": name for part, name in written.items()}
        town.settings = {**town.settings, "line": line}
        town.save(update_fields=["settings"])
        changed = {part: "changed" if part in written else "kept" for part in PARTS}
        audit.record("line.secrets", f"town:{town.code}", actor=actor, **changed)
    return old


def _write(code: str, part: str, value: str) -> str:
    """Write a new file durably; returns its name below the data folder."""
    name = f"{FOLDER}/{code}/line-{part}-{secrets.token_hex(8)}"
    path = Path(settings.DATA) / name
    for made in (path.parent.parent, path.parent):
        made.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name


def _remove(names: Iterable[str]) -> None:
    for name in names:
        (Path(settings.DATA) / name).unlink(missing_ok=True)


def _line(town: Town) -> Mapping[str, object]:
    line = town.settings.get("line")
    return line if isinstance(line, Mapping) else {}


def _name(line: Mapping[str, object], part: str) -> str:
    return str(line.get(f"{part}_env") or line.get(f"{part}_file") or "")


def _is_ours(line: Mapping[str, object], part: str) -> bool:
    return not line.get(f"{part}_env") and _name(line, part).startswith(f"{FOLDER}/")
