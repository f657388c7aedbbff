"""Looking into a mailbox by IMAP (RFC 3501); what goes wrong is said for staff.

Nothing is deleted or moved: the mailbox stays the town's own, and the second copy.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from madoguchi.channels.mail.account import IMAPS, Account, certificates, may_go_unprotected

TIMEOUT_S = 10.0

LOGIN_REFUSED = (
    "メールサーバーがパスワードを認めません。「メールの設定」で入れ直してください。"
    "届いているメールは失われず、直ると読みます。"
)
NO_FOLDER = (
    "メールボックスのフォルダー「{folder}」がありません。「メールの設定」を確かめてください。"
)
NO_TLS = (
    "メールサーバーが暗号化（STARTTLS）に対応していません。「メールの設定」で、受信サーバーの"
    "ポートを993に変えるか、対応したサーバーにしてください。"
)
BAD_CERTIFICATE = (
    "メールサーバーの証明書を確かめられません。サーバー名が正しいか、証明書の期限が切れていないかを"
    "確かめてください。"
)
NO_ANSWER = (
    "メールサーバーから応答がありません。続くときは、サーバー名とポートを確かめ、契約先に"
    "聞いてください。届いているメールは失われず、つながると読みます。"
)
ODD_ANSWER = (
    "メールサーバーの答えがわかりません。続くときは、運用の担当者に知らせてください。"
    "届いているメールは失われません。"
)


class Trouble(Exception):
    """The mailbox cannot be read now; the text is for staff (Japanese)."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the server numbers the folder: ``uidnext`` is above every number given so far."""

    uidvalidity: int
    uidnext: int


class Mailbox:
    """One open folder."""

    def __init__(self, server: imaplib.IMAP4, numbering: Numbering) -> None:
        self._server = server
        self.numbering = numbering

    def after(self, uid: int) -> list[int]:
        """The numbers above ``uid``, ascending."""
        data = self._ask("SEARCH", "UID", f"{uid + 1}:*")
        numbers = {int(n) for line in data if isinstance(line, bytes) for n in line.split()}
        return sorted(n for n in numbers if n > uid)  # "n:*" names the last one in any case

    def size_and_date(self, uid: int) -> tuple[int, datetime | None] | None:
        """Octets of a message and when the server got it; None when it is there no more."""
        answer = _bytes_of(self._ask("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)"))
        size = re.search(rb"RFC822\.SIZE (\d+)", answer)
        if size is None:
            return None
        at = re.search(rb'INTERNALDATE "([^"]+)"', answer)
        return int(size[1]), _date(at[1].decode("ascii", "replace")) if at else None

    def content(self, uid: int, limit: int) -> bytes | None:
        """At most the first ``limit`` octets; the message stays unread. None when it is gone."""
        data = self._ask("FETCH", str(uid), f"(BODY.PEEK[]<0.{limit}>)")
        return next((bytes(part[1]) for part in data if isinstance(part, tuple)), None)

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Show the town's own mail program what has been taken."""
        if uids:
            self._ask("STORE", ",".join(map(str, uids)), "+FLAGS.SILENT", "(\\Seen)")

    def _ask(self, verb: str, *words: str) -> list[object]:
        with _troubles():
            status, data = self._server.uid(verb, *words)
        if status != "OK":
            raise Trouble(ODD_ANSWER)
        return list(data)


@contextmanager
def opened(account: Account) -> Iterator[Mailbox]:
    """The account's folder, open; raises ``Trouble``."""
    with _troubles():
        server = _connect(account)
    try:
        with _troubles():
            _log_in(server, account)
            yield Mailbox(server, _select(server, account.folder))
    finally:
        try:
            server.logout()
        except (imaplib.IMAP4.error, OSError):
            server.shutdown()


@contextmanager
def _troubles() -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Trouble(BAD_CERTIFICATE) from error
    except (imaplib.IMAP4.abort, OSError) as error:
        raise Trouble(NO_ANSWER) from error
    except (imaplib.IMAP4.error, ValueError) as error:
        raise Trouble(ODD_ANSWER) from error


def _connect(account: Account) -> imaplib.IMAP4:
    host, port = account.imap_host, account.imap_port
    if port == IMAPS:
        return imaplib.IMAP4_SSL(host, port, ssl_context=certificates(), timeout=TIMEOUT_S)
    server = imaplib.IMAP4(host, port, timeout=TIMEOUT_S)
    if "STARTTLS" in server.capabilities:
        server.starttls(certificates())
    elif not may_go_unprotected(host):
        server.shutdown()
        raise Trouble(NO_TLS)
    return server


def _log_in(server: imaplib.IMAP4, account: Account) -> None:
    try:
        server.login(account.user, account.password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeError) as error:
        raise Trouble(LOGIN_REFUSED) from error


def _select(server: imaplib.IMAP4, folder: str) -> Numbering:
    status, _ = server.select('"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"')
    if status != "OK":
        raise Trouble(NO_FOLDER.format(folder=folder))
    return Numbering(_number(server, "UIDVALIDITY"), _number(server, "UIDNEXT"))


def _number(server: imaplib.IMAP4, name: str) -> int:
    _, data = server.response(name)
    if not data or not isinstance(data[0], bytes):
        raise Trouble(ODD_ANSWER)
    return int(data[0])


def _bytes_of(data: Sequence[object]) -> bytes:
    return b" ".join(
        part if isinstance(part, bytes) else part[0] if isinstance(part, tuple) else b""
        for part in data
    )


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text.strip().replace("-", " ", 2)).astimezone(UTC)
    except (TypeError, ValueError):
        return None
