"""What a resident can send from the page."""

import uuid

from django import forms

from madoguchi.kernel.places.data import Point

MAX_TEXT = 5000


class MessageForm(forms.Form):
    """Words, a photo, a place; at least one of them.

    ``once`` is made with the page, so that a second press of the button is not a second message.
    """

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label="どこで、何が起きていますか",
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "max_length": f"{MAX_TEXT}文字までにしてください。分けて送ることもできます。"
        },
    )
    where = forms.CharField(
        label="場所（住所や、近くの建物・駅の名前）",
        required=False,
        max_length=200,
        error_messages={"max_length": "場所は200文字までにしてください。"},
    )
    photo = forms.FileField(
        label="写真（あれば）",
        required=False,
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}
        ),
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    radius = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=0)

    def clean(self) -> dict[str, object]:
        """Refuse an empty message, with what to do."""
        data = super().clean() or {}
        said = any(str(data.get(name) or "").strip() for name in ("text", "where"))
        if not (said or data.get("photo") or self.point()) and not self.errors:
            raise forms.ValidationError(
                "何も入力されていません。文章、写真、場所のどれかを入れて送ってください。"
            )
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
