"""What an administrator writes on the page of mail."""

import os
import re
from typing import Any

from django import forms

from madoguchi.channels.mail import compose
from madoguchi.channels.mail.account import may_go_unprotected

HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.I)
FOLDER = re.compile(r"[\x20-\x7e]{1,100}")
LOOPBACK_ALLOWED = "MADOGUCHI_MAIL_LOOPBACK"
"""The operator lets towns use the mail server of this machine: it may send without a password."""

_HIDDEN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
_PLAIN = {"spellcheck": "false", "autocapitalize": "off"}


def _hidden(label: str, missing: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        error_messages={"required": missing},
        required=False,
        max_length=300,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs=_HIDDEN),
    )


def _host(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        error_messages={"required": "契約先の説明にあるサーバー名を入れてください。"},
        widget=forms.TextInput(attrs=_PLAIN),
    )


def _port(label: str, usual: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        initial=usual,
        min_value=1,
        max_value=65535,
        error_messages={"invalid": "ポートは数字で入れてください。"},
    )


class MailForm(forms.Form):
    """The mailbox; passwords that were stored are never shown again."""

    address = forms.CharField(
        label="町のメールアドレス",
        max_length=120,
        error_messages={"required": "住民が送るメールアドレスを入れてください。"},
        widget=forms.EmailInput(attrs=_PLAIN),
    )
    name = forms.CharField(label="差出人の名前", required=False, max_length=60)
    user = forms.CharField(
        label="ユーザー名",
        max_length=200,
        error_messages={"required": "メールサーバーのユーザー名を入れてください。"},
        widget=forms.TextInput(attrs=_PLAIN),
    )
    password = _hidden("パスワード", "メールボックスのパスワードを入れてください。")
    imap_host = _host("受信（IMAP）サーバー")
    imap_port = _port("受信のポート", 993)
    folder = forms.CharField(
        label="フォルダー", required=False, max_length=100, widget=forms.TextInput(attrs=_PLAIN)
    )
    smtp_host = _host("送信（SMTP）サーバー")
    smtp_port = _port("送信のポート", 465)
    smtp_user = forms.CharField(
        label="送信のユーザー名（受信と違うときだけ）",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    smtp_password = _hidden("送信のパスワード（受信と違うときだけ）")

    def __init__(self, *args: Any, has_password: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = not has_password

    def clean_address(self) -> str:
        """An address that mail can be sent to."""
        address = str(self.cleaned_data["address"]).strip()
        if not compose.usable(address):
            raise forms.ValidationError(
                "メールアドレスの形が正しくありません。例：madoguchi@town.example.jp"
            )
        return address

    def clean_imap_host(self) -> str:
        """A host name."""
        return _checked_host(self.cleaned_data["imap_host"])

    def clean_smtp_host(self) -> str:
        """A host name."""
        return _checked_host(self.cleaned_data["smtp_host"])

    def clean_folder(self) -> str:
        """A folder by its name on the server."""
        folder = str(self.cleaned_data["folder"]).strip() or "INBOX"
        if not FOLDER.fullmatch(folder):
            raise forms.ValidationError("フォルダーの名前は、半角の英数字と記号で入れてください。")
        return folder

    def secrets(self) -> dict[str, str]:
        """What is to be kept in files."""
        return {name: self.cleaned_data[name] for name in ("password", "smtp_password")}

    def plain(self) -> dict[str, object]:
        """What may stand in the row."""
        return {n: v for n, v in self.cleaned_data.items() if n not in self.secrets()}


class TryForm(forms.Form):
    """Whom the test mail goes to."""

    to = forms.CharField(
        label="自分のメールアドレス",
        max_length=120,
        error_messages={"required": "試しのメールを受け取るアドレスを入れてください。"},
        widget=forms.EmailInput(attrs=_PLAIN),
    )

    def clean_to(self) -> str:
        """An address that mail can be sent to."""
        address = str(self.cleaned_data["to"]).strip()
        if not compose.usable(address):
            raise forms.ValidationError("メールアドレスの形が正しくありません。")
        return address


def _checked_host(value: object) -> str:
    host = str(value).strip().lower().rstrip(".")
    if not HOST.fullmatch(host):
        raise forms.ValidationError("サーバー名の形が正しくありません。例：imap.example.jp")
    own = may_go_unprotected(host) or host.startswith("127.") or host == "0"
    if own and os.environ.get(LOOPBACK_ALLOWED) != "1":
        raise forms.ValidationError(
            "この機械のメールサーバーは使えません。使うときは、運用の担当者に頼んでください。"
        )
    return host
