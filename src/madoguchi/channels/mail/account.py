"""A town's mailbox: where it is read, where its mail is sent, and with which password.

``Town.settings["mail"]`` holds ``address``, ``name``, ``imap_host``, ``imap_port``, ``folder``,
``smtp_host``, ``smtp_port``, ``user`` and, where sending needs others, ``smtp_user``; the passwords
are named there and kept by ``channels.keeping`` (``password``, ``smtp_password``).
"""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

from madoguchi.channels import keeping
from madoguchi.channels.keeping import Keeper, Misconfigured

KEEPER = Keeper("mail", "メール", ("password", "smtp_password"))
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
IMAPS, SMTPS = 993, 465
"""Ports on which TLS comes first; on all others it must be begun (STARTTLS)."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is needed to read and to send. Passwords stay out of ``repr``, and so out of logs."""

    address: str
    name: str
    user: str
    password: str = field(repr=False)
    imap_host: str
    smtp_host: str
    imap_port: int = IMAPS
    smtp_port: int = SMTPS
    smtp_user: str = ""
    smtp_password: str = field(repr=False, default="")
    folder: str = "INBOX"

    @property
    def domain(self) -> str:
        """What stands right of the @."""
        return self.address.rpartition("@")[2]


def read(settings: Mapping[str, object], environment: Mapping[str, str]) -> Account | None:
    """The account that a town's settings name, or None for a town without mail.

    Raises ``Misconfigured``.
    """
    mail = settings.get("mail")
    if not mail:
        return None
    if not isinstance(mail, Mapping) or not all(
        mail.get(name) for name in ("address", "user", "imap_host", "smtp_host")
    ):
        raise Misconfigured("メールの設定が途中です。「メールの設定」で入れてください。")
    own_login = bool(mail.get("smtp_user"))
    return Account(
        address=str(mail["address"]),
        name=str(mail.get("name") or ""),
        user=str(mail["user"]),
        password=keeping.read(mail, "password", "メールのパスワード", environment),
        imap_host=str(mail["imap_host"]),
        imap_port=_port(mail.get("imap_port"), IMAPS),
        smtp_host=str(mail["smtp_host"]),
        smtp_port=_port(mail.get("smtp_port"), SMTPS),
        smtp_user=str(mail.get("smtp_user") or ""),
        smtp_password=keeping.read(mail, "smtp_password", "送信のパスワード", environment)
        if own_login
        else "",
        folder=str(mail.get("folder") or "INBOX"),
    )


def of_town(settings: Mapping[str, object]) -> Account | None:
    """``read`` with this process's environment."""
    return read(settings, os.environ)


def certificates() -> ssl.SSLContext:
    """Certificates are always checked; SSL_CERT_FILE adds a town's own authority."""
    return ssl.create_default_context()


def may_go_unprotected(host: str) -> bool:
    """Whether nothing leaves this machine on the way to the host."""
    return host in LOOPBACK


def _port(value: object, otherwise: int) -> int:
    try:
        port = int(str(value or otherwise))
    except ValueError:
        port = 0
    if not 0 < port < 65536:
        raise Misconfigured("メールのポート番号が正しくありません。設定で直してください。")
    return port
