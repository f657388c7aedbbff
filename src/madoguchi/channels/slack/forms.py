"""What an administrator writes on the page of Slack."""

import os
from typing import Any

from django import forms

from madoguchi.channels.slack import account
from madoguchi.channels.slack.account import Event

EVENTS = (
    (Event.URGENT.value, "命の危険の知らせ（緊急度3）が入ったとき"),
    (Event.FAILED.value, "住民への返事が届けられなかったとき"),
    (Event.LATE.value, "処理や送信が遅れているとき（1時間に1回まで）"),
)
_HIDDEN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class SlackForm(forms.Form):
    """The webhook, which is never shown again, and what is told."""

    url = forms.CharField(
        label="Webhook URL",
        required=False,
        error_messages={"required": "Slackの管理画面から、Webhook URLを写して入れてください。"},
        max_length=500,
        widget=forms.PasswordInput(render_value=False, attrs=_HIDDEN),
    )
    events = forms.MultipleChoiceField(
        label="知らせること",
        required=False,
        choices=EVENTS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "知らせることを、一覧から選んでください。"},
    )

    def __init__(self, *args: Any, has_url: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = not has_url

    def clean_url(self) -> str:
        """An address of Slack's, or nothing to keep what is stored."""
        url = "".join(str(self.cleaned_data["url"]).split())
        try:
            good = not url or account.allowed(url, os.environ)
        except ValueError:
            good = False
        if not good:
            raise forms.ValidationError(
                "https://hooks.slack.com/services/ で始まるアドレスを入れてください。"
            )
        return url
