"""A town's account at the provider, and its secret.

``Town.settings["sms"]``: ``account_sid``, ``sender`` (a number, a name of up to 11 letters or a
Messaging Service), ``yen`` a part, ``origin`` (the town's own https address, for receipts),
``can_answer`` (residents can write to the number) and where the ``token`` is.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from madoguchi.channels import keeping
from madoguchi.channels.keeping import Keeper, Misconfigured

KEEPER = Keeper("sms", "SMS", ("token",))
HOST = "https://api.twilio.com"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Account:
    """What is needed to send as a town. The token stays out of ``repr``, and so out of logs."""

    account_sid: str
    token: str = field(repr=False)
    sender: str
    yen: float = 0.0
    origin: str = ""
    can_answer: bool = False
    host: str = HOST


def read(settings: Mapping[str, object], environment: Mapping[str, str]) -> Account | None:
    """The account that a town's settings name, or None for a town without SMS.

    Raises ``Misconfigured``.
    """
    sms = settings.get("sms")
    if not sms:
        return None
    if not isinstance(sms, Mapping) or not all(sms.get(n) for n in ("account_sid", "sender")):
        raise Misconfigured("SMSの設定が途中です。「SMSの設定」で入れてください。")
    try:
        yen = float(str(sms.get("yen") or 0))
    except ValueError:
        yen = 0.0
    return Account(
        account_sid=str(sms["account_sid"]),
        token=keeping.read(sms, "token", "SMSの認証トークン", environment),
        sender=str(sms["sender"]),
        yen=yen,
        origin=str(sms.get("origin") or "").rstrip("/"),
        can_answer=bool(sms.get("can_answer")),
        host=_host(environment.get("MADOGUCHI_SMS_HOST") or HOST),
    )


def of_town(settings: Mapping[str, object]) -> Account | None:
    """``read`` with this process's environment."""
    return read(settings, os.environ)


def _host(value: str) -> str:
    """A host without a trailing slash; the token never travels in clear over a network."""
    host = value.rstrip("/")
    parts = urlsplit(host)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.hostname and (parts.scheme == "https" or local)):
        raise Misconfigured("SMSの接続先は https:// で始まるアドレスにしてください。")
    return host
