"""What an administrator sets for social networks, and what staff pastes."""

import re
from typing import Any

from django import forms
from django.conf import settings

from madoguchi.channels.sns import pasted
from madoguchi.channels.sns.data import NETWORK_NAMES, Network
from madoguchi.channels.sns.setup import DAILY_LIMIT, JETSTREAM, is_host

TOKEN = re.compile(r"[\x21-\x7e]{20,500}")
TAG = re.compile(r"[^\s#＃、,]{1,60}")
LIST_ID = re.compile(r"\d{1,20}")
MOST_TEXT = 50_000
MOST_ITEMS = 200

_PARTS = re.compile(r"[\n、,，]+")
_HIDDEN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class Several(forms.CharField):
    """Several words, a line or a comma apart; a list of them."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(required=False, max_length=4000, **options)

    def prepare_value(self, value: Any) -> Any:
        """A list is shown with commas."""
        return "、".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """Without blanks around and without repetition."""
        text = super().clean(value)
        parts = (part.strip() for part in _PARTS.split(text.replace("\r", "\n")))
        return list(dict.fromkeys(part for part in parts if part))[:MOST_ITEMS]


class SetupForm(forms.Form):
    """Everything of a town; the token is never shown again, empty keeps it."""

    words = Several(label="探すことば")
    names = Several(label="町の呼び名", widget=forms.Textarea(attrs={"rows": 2}))
    hashtags = Several(label="ハッシュタグ", widget=forms.Textarea(attrs={"rows": 2}))
    ignored = Several(label="受け取らないアカウント", widget=forms.Textarea(attrs={"rows": 2}))
    daily_limit = forms.IntegerField(
        label="1日に受け取る上限",
        min_value=1,
        max_value=10_000,
        initial=DAILY_LIMIT,
        error_messages={
            "required": "1日に受け取る上限を入れてください。",
            "invalid": "数字で入れてください。",
            "min_value": "1以上にしてください。",
            "max_value": "10000までにしてください。",
        },
    )
    mastodon_on = forms.BooleanField(label="Mastodonから受け取る", required=False)
    mastodon_host = forms.CharField(
        label="サーバーのアドレス", required=False, max_length=260, widget=forms.TextInput(_HIDDEN)
    )
    mastodon_token = forms.CharField(
        label="アクセストークン",
        required=False,
        max_length=600,
        widget=forms.PasswordInput(render_value=False, attrs=_HIDDEN),
    )
    mastodon_home = forms.BooleanField(
        label="このアカウントのホーム（フォローしている人の投稿）も受け取る", required=False
    )
    mastodon_list = forms.CharField(label="リストの番号（あれば）", required=False, max_length=30)
    mastodon_other_hosts = Several(
        label="ほかのアドレス（あれば）", widget=forms.Textarea(attrs={"rows": 1})
    )
    bluesky_on = forms.BooleanField(label="Blueskyから受け取る", required=False)
    bluesky_host = forms.CharField(
        label="受け取り口（Jetstream）のアドレス",
        required=False,
        max_length=260,
        initial=JETSTREAM,
        widget=forms.TextInput(_HIDDEN),
    )
    inbox_on = forms.BooleanField(label="ほかの道具から受け取る", required=False)

    def __init__(self, *args: Any, has_token: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self._has_token = has_token

    def clean_hashtags(self) -> list[str]:
        """Without their sign."""
        tags = [tag.lstrip("#＃") for tag in self.cleaned_data["hashtags"]]
        for tag in tags:
            if not TAG.fullmatch(tag):
                raise forms.ValidationError(f"「{tag[:30]}」は、ハッシュタグとして使えません。")
        return tags

    def clean_mastodon_host(self) -> str:
        """A host, however it was copied."""
        return _host(self.cleaned_data["mastodon_host"])

    def clean_bluesky_host(self) -> str:
        """A host; empty is the usual one."""
        return _host(self.cleaned_data["bluesky_host"]) or JETSTREAM

    def clean_mastodon_other_hosts(self) -> list[str]:
        """Hosts."""
        return [_host(name) for name in self.cleaned_data["mastodon_other_hosts"]]

    def clean_mastodon_list(self) -> str:
        """A number, or nothing."""
        value = str(self.cleaned_data["mastodon_list"]).strip()
        if value and not LIST_ID.fullmatch(value):
            raise forms.ValidationError("リストの番号は、リストのアドレスの最後にある数字です。")
        return value

    def clean_mastodon_token(self) -> str:
        """A long word of ASCII."""
        value = "".join(str(self.cleaned_data["mastodon_token"]).split())
        if value and not TOKEN.fullmatch(value):
            raise forms.ValidationError("アクセストークンは、英数字と記号の長い文字列です。")
        return value

    def clean(self) -> dict[str, Any]:
        """What is switched on must be complete."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("words"):
            self.add_error("words", "探すことばを1つ以上入れてください。")
        if data.get("mastodon_on"):
            if not data.get("mastodon_host"):
                self.add_error("mastodon_host", "サーバーのアドレスを入れてください。")
            if not data.get("mastodon_token") and not self._has_token:
                self.add_error("mastodon_token", "アクセストークンを入れてください。")
            heard = (data.get("hashtags"), data.get("mastodon_list"), data.get("mastodon_home"))
            if not any(heard):
                self.add_error(
                    "hashtags", "Mastodonで聞くハッシュタグか、リスト、ホームを選んでください。"
                )
        return data


class PasteForm(forms.Form):
    """Posts that staff copied."""

    text = forms.CharField(
        label="投稿の文",
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": "投稿の文を貼り付けてください。",
            "max_length": "一度に貼り付けられるのは5万文字までです。分けて取り込んでください。",
        },
    )
    network = forms.ChoiceField(
        label="どこの投稿ですか",
        choices=[(n.value, NETWORK_NAMES[n]) for n in (Network.X, Network.INSTAGRAM)]
        + [(Network.BLUESKY.value, "Bluesky"), (Network.MASTODON.value, "Mastodon")]
        + [(Network.OTHER.value, NETWORK_NAMES[Network.OTHER])],
    )

    def clean_text(self) -> str:
        """At least one post, and no more than can be looked at."""
        text = str(self.cleaned_data["text"])
        posts = pasted.split(text)
        if not posts:
            raise forms.ValidationError("投稿の文がありません。アドレスだけでは取り込めません。")
        if len(posts) > pasted.MOST:
            raise forms.ValidationError(
                f"一度に取り込めるのは{pasted.MOST}件までです（いまは{len(posts)}件）。"
            )
        return text


def _host(value: str) -> str:
    """The host of an address that was copied in any form."""
    name = value.strip().lower().removeprefix("https://").removeprefix("wss://")
    name = name.partition("/")[0]
    if name and not is_host(name, local=settings.SNS_LOCAL):
        raise forms.ValidationError(
            f"「{name[:60]}」は、サーバーのアドレスとして使えません。例：mastodon.example"
        )
    return name
