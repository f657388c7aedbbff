"""What residents and staff enter in the room."""

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms

from madoguchi.kernel.clock import api as clock
from madoguchi.services.helpdesk.data import Asking, Topic, When
from madoguchi.services.helpdesk.engine import hearing
from madoguchi.services.helpdesk.speaking import TOPICS, WHENS
from madoguchi.ui.words import Language, Words

MAX_TEXT = 2000
MAX_NAME = 40
AHEAD = timedelta(days=60)

LABELS = {
    "topic": Words("何に困っていますか", "何《なに》に こまって いますか", "What is it about?"),
    "text": Words(
        "くわしく（書けるところまで）",
        "くわしく（書《か》ける ところまで）",
        "Tell us more (as much as you like)",
    ),
    "name": Words(
        "お名前（書かなくてもよい）", "名前《なまえ》（なくても いい）", "Name (optional)"
    ),
    "phone": Words(
        "電話してほしいときは、電話番号",
        "電話《でんわ》が いい ときは、電話番号《でんわばんごう》",
        "Your telephone number, if we should call",
    ),
    "wished_on": Words(
        "電話してほしい日（空けておくと、なるべく早く）",
        "電話《でんわ》の 日《ひ》（なければ 早《はや》く します）",
        "Day of the call (empty: as soon as we can)",
    ),
    "wished_when": Words("時間", "時間《じかん》", "Time of the day"),
}
SAY_SOMETHING = Words(
    "困っていることを書くか、電話番号を入れてください。",
    "こまって いる ことか、電話番号を 書いて ください。",
    "Please write what the matter is, or give a telephone number.",
)
TOO_LONG = Words(
    f"{MAX_TEXT}文字までにしてください。",
    f"{MAX_TEXT}文字までです。",
    f"Please keep it within {MAX_TEXT} characters.",
)
BAD_PHONE = Words(
    "電話番号は、市外局番から10けたか11けたの数字で入れてください。例：042-000-0000",
    "電話番号は、数字 10こか 11こです。例：042-000-0000",
    "Please give the number with its area code, 10 or 11 digits.",
)
BAD_DAY = Words(
    "電話してほしい日は、今日から60日以内にしてください。",
    "日は、今日から 60日の 間に して ください。",
    "Please choose a day from today to 60 days ahead.",
)


class AskForm(forms.Form):
    """The resident's request: a topic, words, and where to call. ``once`` is made with the page."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    topic = forms.ChoiceField(widget=forms.RadioSelect, initial=Topic.OTHER.value, required=False)
    text = forms.CharField(
        required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    phone = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    wished_on = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    wished_when = forms.ChoiceField(required=False, initial=When.ANY.value)
    name = forms.CharField(
        required=False,
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, language: Language = Language.JA, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._language = language
        for name, label in LABELS.items():
            self.fields[name].label = label.in_(language)
        _choices(self.fields["topic"], {key: text.in_(language) for key, text in TOPICS.items()})
        # A list of choices shows text alone: no readings above the kanji.
        _choices(self.fields["wished_when"], {k: text.plain(language) for k, text in WHENS.items()})
        self.fields["text"].error_messages["max_length"] = TOO_LONG.plain(language)
        self.fields["phone"].error_messages["max_length"] = BAD_PHONE.plain(language)
        self.fields["wished_on"].error_messages["invalid"] = BAD_DAY.plain(language)

    def clean_phone(self) -> str:
        """A number that can be called, or none."""
        return _phone(self.cleaned_data["phone"], self._language)

    def clean_wished_on(self) -> date | None:
        """A day that is still to come."""
        return _day(self.cleaned_data["wished_on"], self._language)

    def clean(self) -> dict[str, object]:
        """Something must be said, or a call wanted."""
        data = super().clean() or {}
        if not self.errors and not (str(data.get("text") or "").strip() or data.get("phone")):
            raise forms.ValidationError(SAY_SOMETHING.plain(self._language))
        return data

    def asking(self, channel: str) -> Asking:
        """The request as plain data."""
        data = self.cleaned_data
        return Asking(
            channel=channel,
            text=_one(data["text"]),
            topic=Topic(data["topic"] or Topic.OTHER),
            name=_one(data["name"]),
            phone=data["phone"],
            wished_on=data["wished_on"],
            wished_when=When(data["wished_when"] or When.ANY),
            address=_one(data.get("address")),
        )


class EnterForm(AskForm):
    """The same, written down by staff on the telephone or at the counter."""

    CHANNELS = (("phone", "電話"), ("counter", "窓口"))

    topic = forms.ChoiceField(initial=Topic.OTHER.value, required=False)
    channel = forms.ChoiceField(label="どこで聞きましたか", choices=CHANNELS, initial="phone")

    address = forms.CharField(
        label="手紙でお返事するときの住所",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    field_order = (
        *("once", "channel", "topic", "text", "name", "phone", "wished_on", "wished_when"),
        "address",
    )

    def clean(self) -> dict[str, object]:
        """A letter needs a name on it."""
        data = super().clean()
        if data.get("address") and not data.get("name"):
            self.add_error("name", "手紙を送るときは、お名前も書いてください。")
        return data


class NoteForm(forms.Form):
    """Words to the asker or into the history."""

    note = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "内容を書いてください。",
            "max_length": "1000文字までにしてください。",
        },
    )


def _choices(field: forms.Field, words: dict[Any, str]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(key.value, text) for key, text in words.items()]


def _phone(entered: str, language: Language) -> str:
    if not entered.strip():
        return ""
    found = hearing.phone_in(entered)
    if not found:
        raise forms.ValidationError(BAD_PHONE.plain(language))
    return found


def _day(wished: date | None, language: Language) -> date | None:
    if wished is None:
        return None
    today = clock.jst(clock.now()).date()
    if not today <= wished <= today + AHEAD:
        raise forms.ValidationError(BAD_DAY.plain(language))
    return wished


def _one(text: object) -> str:
    return str(text or "").replace("\x00", "").strip()
