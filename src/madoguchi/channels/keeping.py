"""Keep a channel's secrets: each in a file of mode 600 below the data folder, never in a row.

``Town.settings[section]`` names where a secret is: ``<part>_env`` (an environment variable, set by
the operator) or ``<part>_file`` (below the data folder unless it begins with a slash). A file is
written under a new name before the row names it, and is never changed: a crash leaves a file too
many, never a row without its file, and a backup finds every file that its rows name.
"""

import os
import secrets
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.towns.models import Town

FOLDER = "secrets"
MAX_BYTES = 4096


class Where(StrEnum):
    """Who keeps the secrets of a channel."""

    NOBODY = "nobody"
    PAGE = "page"
    MACHINE = "machine"  # named by the operator: an environment variable or a file elsewhere


class NotOurs(Exception):
    """The operator keeps the secrets; the message says in Japanese whom to ask."""


class Misconfigured(Exception):
    """The settings cannot be used; the message says in Japanese what the operator has to do."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps the secret ``parts`` of one section of ``Town.settings``; ``title`` is for people."""

    section: str
    title: str
    parts: tuple[str, ...]

    def where(self, town: Town) -> Where:
        """Who keeps them, without reading any."""
        kept = self.of(town)
        named = {part: name_of(kept, part) for part in self.parts}
        if not any(named.values()):
            return Where.NOBODY
        ours = all(_is_ours(kept, part) for part in self.parts if named[part])
        return Where.PAGE if ours else Where.MACHINE

    def has(self, town: Town, part: str) -> bool:
        """Whether a secret is named."""
        return bool(name_of(self.of(town), part))

    def of(self, town: Town) -> Mapping[str, object]:
        """The section of the town's settings."""
        section = town.settings.get(self.section)
        return section if isinstance(section, Mapping) else {}

    def keep(
        self,
        town_id: int,
        given: Mapping[str, str],
        *,
        actor: str,
        plain: Mapping[str, object] | None = None,
    ) -> None:
        """Store what is not "" in place of what was there, and ``plain`` beside it.

        The audit entry holds no value. Call it outside a transaction. Raises ``NotOurs`` when a
        secret is given that the operator keeps.
        """
        code = Town.objects.values_list("code", flat=True).get(pk=town_id)
        prefix = self.section
        written = {
            part: _write(code, f"{prefix}-{part}", given[part])
            for part in self.parts
            if given.get(part)
        }
        try:
            old = self._name_in_row(town_id, written, plain or {}, actor)
        except BaseException:
            _remove(written.values())
            raise
        _remove(old)

    def _name_in_row(
        self,
        town_id: int,
        written: Mapping[str, str],
        plain: Mapping[str, object],
        actor: str,
    ) -> list[str]:
        """Let the town's row name the new files; returns the names of those that are now unused."""
        with transaction.atomic():
            town = Town.objects.select_for_update().get(pk=town_id)
            if written and self.where(town) is Where.MACHINE:
                raise NotOurs(
                    f"{self.title}の値は、運用の担当者がこの機械の設定で入れています。"
                    "変えるときは担当者に頼んでください。"
                )
            section = dict(self.of(town))
            old = [str(section[f"{part}_file"]) for part in written if section.get(f"{part}_file")]
            section |= {f"{part}_file": name for part, name in written.items()} | dict(plain)
            town.settings = {**town.settings, self.section: section}
            town.save(update_fields=["settings"])
            changed = {part: "changed" if part in written else "kept" for part in self.parts}
            audit.record(f"{self.section}.secrets", f"town:{town.code}", actor=actor, **changed)
        return old


def read(
    section: Mapping[str, object], part: str, title: str, environment: Mapping[str, str]
) -> str:
    """The secret that a section names; ``title`` is its name for people.

    Raises ``Misconfigured`` when it is absent, empty, or in a file that others may read.
    """
    if variable := section.get(f"{part}_env"):
        value = environment.get(str(variable), "").strip()
        if not value:
            raise Misconfigured(f"{title}がありません。環境変数 {variable} に入れてください。")
        return value
    if file := section.get(f"{part}_file"):
        return _from_file(Path(settings.DATA) / str(file), title)
    raise Misconfigured(
        f"{title}の場所が設定されていません。{part}_env か {part}_file を設定してください。"
    )


def name_of(section: Mapping[str, object], part: str) -> str:
    """What names a secret in a section; "" for none."""
    return str(section.get(f"{part}_env") or section.get(f"{part}_file") or "")


def _from_file(path: Path, title: str) -> str:
    try:
        with path.open(encoding="utf-8") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            if mode != 0o600:
                raise Misconfigured(
                    f"{title}のファイルを、ほかの人が読めるおそれがあります。"
                    f"「chmod 600 {path.name}」を実行してください（いまは {mode:o}）。"
                )
            value = opened.read(MAX_BYTES).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            f"{title}のファイル {path.name} を読めません。場所と持ち主を確かめてください。"
        ) from error
    if not value:
        raise Misconfigured(f"{title}のファイル {path.name} が空です。")
    return value


def _write(code: str, part: str, value: str) -> str:
    """Write a new file durably; returns its name below the data folder."""
    name = f"{FOLDER}/{code}/{part}-{secrets.token_hex(8)}"
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


def _is_ours(section: Mapping[str, object], part: str) -> bool:
    return not section.get(f"{part}_env") and name_of(section, part).startswith(f"{FOLDER}/")
