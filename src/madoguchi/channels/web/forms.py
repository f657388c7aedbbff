"""What a resident can send from the page."""

import uuid
from typing import Any

from django import forms

from madoguchi.kernel.places.data import Point
from madoguchi.ui.words import Language, Words

MAX_TEXT = 5000
LABELS = {
    "text": Words(
        "どこで、何が起きていますか",
        "どこで、何が ありましたか",
        "What is happening, and where?",
    ),
    "where": Words("場所（わかれば）", "場所《ばしょ》（わかる とき）", "Place (if you know it)"),
    "photo": Words("写真（あれば）", "写真《しゃしん》（ある とき）", "Photo (if you have one)"),
}
TOO_LONG = Words(
    f"{MAX_TEXT}文字までにしてください。分けて送ることもできます。",
    f"{MAX_TEXT}文字までです。2回に わけて おくって ください。",
    f"Please keep it within {MAX_TEXT} characters, or send it in parts.",
)
PLACE_TOO_LONG = Words(
    "場所は200文字までにしてください。",
    "場所は 200文字までです。",
    "Please keep the place within 200 characters.",
)
EMPTY = Words(
    "何も入力されていません。文章、写真、場所のどれかを入れて送ってください。",
    "何も 入って いません。文、写真、場所の どれかを 入れて おくって ください。",
    "Nothing was entered. Please send words, a photo or a place.",
)


class MessageForm(forms.Form):
    """Words, a photo, a place; at least one of them.

    ``once`` is made with the page, so that a second press of the button is not a second message.
    """

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    where = forms.CharField(required=False, max_length=200)
    photo = forms.FileField(
        required=False,
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}
        ),
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    radius = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, language: Language = Language.JA, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        for name, label in LABELS.items():
            self.fields[name].label = label.in_(language)
        self.fields["text"].error_messages["max_length"] = TOO_LONG.plain(language)
        self.fields["where"].error_messages["max_length"] = PLACE_TOO_LONG.plain(language)

    def clean(self) -> dict[str, object]:
        """Refuse an empty message, with what to do."""
        data = super().clean() or {}
        said = any(str(data.get(name) or "").strip() for name in ("text", "where"))
        if not (said or data.get("photo") or self.point()) and not self.errors:
            raise forms.ValidationError(EMPTY.plain(self.language))
        return data

    def point(self) -> Point | None:
        """The pin of the device, if it gave one."""
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        return Point(lat, lon) if lat is not None and lon is not None else None

    def words(self) -> str:
        """The text with the typed place as its last line, as staff will read it."""
        text = str(self.cleaned_data["text"]).strip()
        where = str(self.cleaned_data["where"]).strip()
        if where:
            text = f"{text}\n場所：{where}" if text else f"場所：{where}"
        return text
