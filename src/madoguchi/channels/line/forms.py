"""What an administrator writes on the page of LINE."""

import re

from django import forms

SECRET = re.compile(r"[0-9a-f]{32}")
TOKEN = re.compile(r"[\x21-\x7e]{40,1000}")

_MISSING = {"required": "LINE Developers から写して入れてください。"}
_HIDDEN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class SecretsForm(forms.Form):
    """The two values of LINE Developers; what was stored is never shown again."""

    secret = forms.CharField(
        label="チャネルシークレット",
        required=False,
        error_messages=_MISSING,
        max_length=200,
        widget=forms.PasswordInput(render_value=False, attrs=_HIDDEN),
    )
    token = forms.CharField(
        label="チャネルアクセストークン（長期）",
        required=False,
        error_messages=_MISSING,
        max_length=2000,
        widget=forms.PasswordInput(render_value=False, attrs=_HIDDEN),
    )

    def clean_secret(self) -> str:
        """32 letters and digits, however they were copied."""
        value = _without_space(self.cleaned_data["secret"]).lower()
        if value and not SECRET.fullmatch(value):
            raise forms.ValidationError(
                "チャネルシークレットは、0～9とa～fの32文字です。「チャネル基本設定」から、"
                "もう一度写してください。"
            )
        return value

    def clean_token(self) -> str:
        """A long word of ASCII."""
        value = _without_space(self.cleaned_data["token"])
        if SECRET.fullmatch(value):
            raise forms.ValidationError(
                "チャネルシークレットのようです。2つの欄が逆になっていないか確かめてください。"
            )
        if value and not TOKEN.fullmatch(value):
            raise forms.ValidationError(
                "チャネルアクセストークンは、英数字と記号の長い文字列です。"
                "「Messaging API設定」から、もう一度写してください。"
            )
        return value

    def require_both(self) -> None:
        """The first time, nothing may be left out; later an empty field keeps what is stored."""
        self.fields["secret"].required = self.fields["token"].required = True

    def clean(self) -> dict[str, str]:
        """At least one of them."""
        given: dict[str, str] = super().clean() or {}
        if not self.errors and not any(given.values()):
            raise forms.ValidationError("変えるものを、どちらかの欄に入れてください。")
        return given


def _without_space(text: str) -> str:
    """Copying from a page brings line ends and blanks along."""
    return "".join(text.split())
