"""Handing a mail to the town's mail server: one attempt, and what its answer means for staff."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from madoguchi.channels.mail.account import SMTPS, Account, certificates, may_go_unprotected
from madoguchi.kernel.messages.data import Outcome, Receipt

TIMEOUT_S = 8.0
CONFIGURED_WRONG_S = 300.0
GREYLISTED_S = 60.0

LOGIN_REFUSED = (
    "メールサーバーがパスワードを認めません。「メールの設定」で入れ直してください。"
    "直るまで、自動で送り直します。"
)
NO_TLS = (
    "メールサーバーが暗号化（STARTTLS）に対応していません。「メールの設定」で、送信サーバーの"
    "ポートを465に変えるか、対応したサーバーにしてください。"
)
BAD_CERTIFICATE = (
    "メールサーバーの証明書を確かめられません。サーバー名が正しいか、証明書の期限が切れていないかを"
    "確かめてください。直るまで、自動で送り直します。"
)
SENDER_REFUSED = (
    "メールサーバーが、町のアドレスからの送信を断りました（{code}）。「メールの設定」のアドレスと"
    "契約を確かめてください。直るまで、自動で送り直します。"
)
NO_ANSWER = "メールサーバーから応答がありません。自動で送り直します。"
BUSY = "メールサーバーが、いまは受け取れないと答えました（{code}）。自動で送り直します。"
WAITS = "相手のメールサーバーが、しばらく待つよう求めました（{code}）。自動で送り直します。"
RECIPIENT_REFUSED = (
    "宛先のアドレスが受け取りません（{code}）。アドレスが正しいか確かめ、電話など別の方法で"
    "伝えてください。"
)
CONTENT_REFUSED = (
    "メールサーバーが内容を断りました（{code}）。迷惑メールと判定された場合があります。"
    "電話など別の方法で伝え、運用の担当者に知らせてください。"
)


class Unprotected(Exception):
    """The way to the server cannot be protected."""


SET_UP_WRONG: dict[type[Exception], str] = {
    Unprotected: NO_TLS,
    smtplib.SMTPNotSupportedError: NO_TLS,
    smtplib.SMTPAuthenticationError: LOGIN_REFUSED,
    ssl.SSLCertVerificationError: BAD_CERTIFICATE,
}
"""What an administrator has to put right; the mails wait for it."""


@contextmanager
def connection(account: Account) -> Iterator[smtplib.SMTP]:
    """A signed-in connection; raises what smtplib and the network raise, and ``Unprotected``."""
    host, port = account.smtp_host, account.smtp_port
    if port == SMTPS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_S, context=certificates()
        )
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    try:
        server.ehlo_or_helo_if_needed()
        if port != SMTPS:
            _protect(server, host)
        if server.has_extn("auth"):
            server.login(
                account.smtp_user or account.user, account.smtp_password or account.password
            )
        yield server
    finally:
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def post(server: smtplib.SMTP, mail: EmailMessage, sender: str, recipient: str) -> Receipt:
    """Hand over one mail for one recipient."""
    try:
        server.send_message(mail, sender, [recipient])
    except (smtplib.SMTPException, OSError) as error:
        return verdict(error)
    return Receipt(Outcome.SENT, external_id=str(mail["Message-ID"]))


def verdict(error: Exception) -> Receipt:
    """What an error of an attempt means: try again, or staff must act."""
    for kind, detail in SET_UP_WRONG.items():
        if isinstance(error, kind):
            return _later(detail, CONFIGURED_WRONG_S)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _of_recipient(next(iter(error.recipients.values()), (550, b""))[0])
    if isinstance(error, UnicodeError):  # an address that the server's language cannot say
        return Receipt(Outcome.REFUSED, RECIPIENT_REFUSED.format(code="文字"))
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_answer(error)
    return _later(NO_ANSWER)


def _of_answer(error: smtplib.SMTPResponseException) -> Receipt:
    code = error.smtp_code
    if code >= 500 and isinstance(error, smtplib.SMTPDataError):
        return Receipt(Outcome.REFUSED, CONTENT_REFUSED.format(code=code))
    if code >= 500 and isinstance(error, smtplib.SMTPSenderRefused):
        return _later(SENDER_REFUSED.format(code=code), CONFIGURED_WRONG_S)
    return _later(BUSY.format(code=code))


def _of_recipient(code: int) -> Receipt:
    if 400 <= code < 500:
        return Receipt(
            Outcome.RETRY, WAITS.format(code=code), retry_after_s=GREYLISTED_S, alone=True
        )
    return Receipt(Outcome.REFUSED, RECIPIENT_REFUSED.format(code=code))


def _later(detail: str, seconds: float | None = None) -> Receipt:
    return Receipt(Outcome.RETRY, detail, retry_after_s=seconds)


def _protect(server: smtplib.SMTP, host: str) -> None:
    if server.has_extn("starttls"):
        server.starttls(context=certificates())
        server.ehlo()
    elif not may_go_unprotected(host):
        raise Unprotected
