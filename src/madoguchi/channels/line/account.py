"""A town's LINE account: where it is reached, and its two secrets.

``Town.settings["line"]`` names where the secrets are, never the secrets themselves:
``secret_env`` or ``secret_file``, ``token_env`` or ``token_file``, and optionally ``host``,
``data_host`` and ``bot_user_id``. A file's name without a leading slash is below the data folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from madoguchi.channels import keeping
from madoguchi.channels.keeping import Misconfigured

__all__ = ["Account", "Misconfigured", "read"]

HOST = "https://api.line.me"
DATA_HOST = "https://api-data.line.me"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


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
        secret=keeping.read(line, "secret", "LINEのチャネルシークレット", environment),
        token=keeping.read(line, "token", "LINEのチャネルアクセストークン", environment),
        host=_host(line.get("host") or environment.get("MADOGUCHI_LINE_HOST") or HOST),
        data_host=_host(
            line.get("data_host") or environment.get("MADOGUCHI_LINE_DATA_HOST") or DATA_HOST
        ),
        bot_user_id=str(line.get("bot_user_id") or ""),
    )


def _host(value: object) -> str:
    """A host without a trailing slash; the token never travels in clear over a network."""
    host = str(value).rstrip("/")
    parts = urlsplit(host)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.hostname and (parts.scheme == "https" or local)):
        raise Misconfigured("LINEの接続先は https:// で始まるアドレスにしてください。")
    return host
