"""Which mails are letters, and which must never be answered. Pure.

RFC 3834 (Auto-Submitted, no answer to bounces), RFC 2919 and 2369 (lists), and what programs set
that know neither.
"""

import re
from collections.abc import Mapping

from madoguchi.channels.mail.data import Kind

_ROBOTS = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?[+-].*)@", re.I
)
_AWAY = re.compile(
    r"^\s*(?:自動返信|自動応答|【自動返信】|\[自動返信\]|不在通知|不在連絡|不在です|"
    r"Automatic reply|Auto(?:matic)?[ -]?(?:reply|response)?:|Out of (?:the )?office)",
    re.IGNORECASE,
)
_MARKS = ("x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponse", "x-mail-autoreply")
_LISTS = ("list-id", "list-post", "list-unsubscribe", "x-ml-name", "x-mailing-list")


def sort(headers: Mapping[str, str], sender: str, own: str) -> tuple[Kind, str]:
    """The kind of a mail and why (Japanese). ``headers`` by lower-case name, as text."""
    content = headers.get("content-type", "").lower()
    if "delivery-status" in content and "multipart/report" in content:
        return Kind.BOUNCE, "届かなかったことの知らせです"
    if sender and sender.lower() == own.lower():
        return Kind.OWN, "差出人が町のアドレスです"
    if "x-failed-recipients" in headers or _from_daemon(headers, sender):
        return Kind.BOUNCE, "届かなかったことの知らせです"
    if _is_automatic(headers, sender, content):
        return Kind.AUTOMATIC, "自動で送られたメールです"
    precedence = headers.get("precedence", "").strip().lower()
    if precedence in ("bulk", "list", "junk") or any(name in headers for name in _LISTS):
        return Kind.LIST, "メーリングリストや一斉配信のメールです"
    return Kind.LETTER, ""


def _from_daemon(headers: Mapping[str, str], sender: str) -> bool:
    nobody = headers.get("return-path", "").strip() == "<>"
    return nobody and sender.lower().startswith(("mailer-daemon@", "postmaster@"))


def _is_automatic(headers: Mapping[str, str], sender: str, content: str) -> bool:
    submitted = headers.get("auto-submitted", "no").split(";")[0].strip().lower()
    return bool(
        submitted not in ("no", "")
        or any(name in headers for name in _MARKS)
        or headers.get("precedence", "").strip().lower() == "auto_reply"
        or headers.get("return-path", "").strip() == "<>"
        or "multipart/report" in content
        or _ROBOTS.match(sender)
        or _AWAY.match(headers.get("subject", ""))
    )
