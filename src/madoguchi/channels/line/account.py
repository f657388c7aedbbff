"""A town's LINE account: where it is reached, and its two secrets.

``Town.settings["line"]`` names where the secrets are, never the secrets themselves:
``secret_env`` or ``secret_file``, ``token_env`` or ``token_file``, and optionally ``host``,
``data_host`` and ``bot_user_id``. A file's name without a leading slash is below the data folder.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings as django_settings

HOST = "https://api.line.me"
DATA_HOST = "https://api-data.line.me"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Misconfigured(Exception):
    """The settings cannot be used; the message says in Japanese what the operator has to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is needed to speak as a town. The secrets stay out of ``repr``, and so out of logs."""

    secret: str = field(repr=False)
    token: str = field(repr=False)
    host: str = HOST
    data_host: str = DATA_HOST
    bot_user_id: str = ""


def read(settings: Mapping[str, object], environment: Mapping[str, str]) -> Account | None:
    """The account that a town's settings name, or None for a town without LINE.

    Raises ``Misconfigured`` when a named secret is absent or a file is open to others.
    """
    line = settings.get("line")
    if not line:
        return None
    if not isinstance(line, Mapping):
        raise Misconfigured("LINEの設定の形が正しくありません。設定をやり直してください。")
    return Account(
        secret=_secret(line, "secret", "チャネルシークレット", environment),
        token=_secret(line, "token", "チャネルアクセストークン", environment),
        host=_host(line.get("host") or environment.get("MADOGUCHI_LINE_HOST") or HOST),
        data_host=_host(
            line.get("data_host") or environment.get("MADOGUCHI_LINE_DATA_HOST") or DATA_HOST
        ),
        bot_user_id=str(line.get("bot_user_id") or ""),
    )


def _secret(
    line: Mapping[str, object], name: str, title: str, environment: Mapping[str, str]
) -> str:
    if variable := line.get(f"{name}_env"):
        value = environment.get(str(variable), "").strip()
        if not value:
            raise Misconfigured(
                f"LINEの{title}がありません。環境変数 {variable} に入れてください。"
            )
        return value
    if file := line.get(f"{name}_file"):
        return _from_file(Path(django_settings.DATA) / str(file), title)
    raise Misconfigured(
        f"LINEの{title}の場所が設定されていません。{name}_env か {name}_file を設定してください。"
    )


def _from_file(path: Path, title: str) -> str:
    try:
        with path.open(encoding="utf-8") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            if mode != 0o600:
                raise Misconfigured(
                    f"LINEの{title}のファイルを、ほかの人が読めるおそれがあります。"
                    f"「chmod 600 {path.name}」を実行してください（いまは {mode:o}）。"
                )
            value = opened.read(4096).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            f"LINEの{title}のファイル {path.name} を読めません。場所と持ち主を確かめてください。"
        ) from error
    if not value:
        raise Misconfigured(f"LINEの{title}のファイル {path.name} が空です。")
    return value


def _host(value: object) -> str:
    """A host without a trailing slash; the token never travels in clear over a network."""
    host = str(value).rstrip("/")
    parts = urlsplit(host)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.hostname and (parts.scheme == "https" or local)):
        raise Misconfigured("LINEの接続先は https:// で始まるアドレスにしてください。")
    return host
