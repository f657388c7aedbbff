"""What an administrator writes on the page of SMS."""

import re
from typing import Any

from django import forms

from madoguchi.channels.sms import numbers

ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
TOKEN = re.compile(r"[0-9a-f]{32}")
SERVICE = re.compile(r"MG[0-9a-f]{32}")
NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
MAX_TEXT = 1600

_HIDDEN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class SmsForm(forms.Form):
    """The account at the provider; the token that was stored is never shown again."""

    account_sid = forms.CharField(
        label="アカウントSID",
        max_length=60,
        error_messages={"required": "契約先の管理画面から写して入れてください。"},
        widget=forms.TextInput(attrs=_HIDDEN),
    )
    token = forms.CharField(
        label="認証トークン（Auth Token）",
        required=False,
        error_messages={"required": "契約先の管理画面から写して入れてください。"},
        max_length=100,
        widget=forms.PasswordInput(render_value=False, attrs=_HIDDEN),
    )
    sender = forms.CharField(
        label="送信元",
        max_length=60,
        error_messages={"required": "送信元の番号か名前を入れてください。"},
        widget=forms.TextInput(attrs=_HIDDEN),
    )
    yen = forms.FloatField(
        label="1通分の料金（円）",
        min_value=0,
        max_value=1000,
        error_messages={
            "required": "契約の単価を入れてください。わからなければ0です。",
            "invalid": "数字で入れてください。例：9.5",
        },
    )
    can_answer = forms.BooleanField(
        label="住民がこの番号に返信できる（双方向の番号を契約している）", required=False
    )

    def __init__(self, *args: Any, has_token: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].required = not has_token

    def clean_account_sid(self) -> str:
        """AC and 32 letters."""
        value = str(self.cleaned_data["account_sid"]).strip()
        if not ACCOUNT.fullmatch(value):
            raise forms.ValidationError(
                "アカウントSIDは、ACで始まる34文字です。写し直してください。"
            )
        return value

    def clean_token(self) -> str:
        """32 letters, or nothing to keep what is stored."""
        value = "".join(str(self.cleaned_data["token"]).split())
        if value and not TOKEN.fullmatch(value):
            raise forms.ValidationError(
                "認証トークンは、0～9とa～fの32文字です。写し直してください。"
            )
        return value

    def clean_sender(self) -> str:
        """A number, a name, or a Messaging Service."""
        value = str(self.cleaned_data["sender"]).strip()
        if SERVICE.fullmatch(value) or NAME.fullmatch(value):
            return value
        number = numbers.e164(value)
        if number is None and re.fullmatch(r"\+[1-9]\d{6,14}", value):
            number = value
        if number is None:
            raise forms.ValidationError(
                "送信元は、+81から始まる番号、英数字11文字までの名前、MGで始まる34文字のどれかです。"
            )
        return number


class TryForm(forms.Form):
    """Whom the test message goes to."""

    to = forms.CharField(
        label="自分の携帯電話の番号",
        max_length=30,
        error_messages={"required": "試しのSMSを受け取る携帯電話の番号を入れてください。"},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_to(self) -> str:
        """A number that can get an SMS."""
        number = numbers.e164(str(self.cleaned_data["to"]))
        if number is None:
            raise forms.ValidationError(
                "060、070、080、090で始まる11桁の番号を入れてください。固定電話には送れません。"
            )
        return number


class CountForm(forms.Form):
    """A text whose parts are to be counted."""

    text = forms.CharField(
        label="送りたい文章",
        max_length=MAX_TEXT,
        error_messages={
            "required": "数える文章を入れてください。",
            "max_length": f"{MAX_TEXT}文字までにしてください。",
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )
