"""What a resident can do on the phone, one of these at a time."""

from django import forms

LONGEST = 5000
PHOTO_BYTES = 40 * 1024 * 1024
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


class PhoneForm(forms.Form):
    """Words, a photo, a position, a button, or following and blocking."""

    text = forms.CharField(
        label="メッセージ",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": f"{LONGEST}文字までにしてください。"},
    )
    photo = forms.FileField(
        label="写真（JPEG・PNG）",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    place = forms.TypedChoiceField(label="場所", required=False, coerce=int, empty_value=None)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    postback = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    does = forms.ChoiceField(
        required=False,
        choices=[("follow", "友だちに追加する"), ("block", "ブロックする")],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: object, places: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["place"].choices = [*enumerate(places)]  # type: ignore[attr-defined]

    def clean_photo(self) -> bytes:
        """The bytes of the photo, b"" for none; the stand-in sends what a phone would send."""
        photo = self.cleaned_data["photo"]
        if photo is None:
            return b""
        if photo.size > PHOTO_BYTES:
            raise forms.ValidationError("写真が大きすぎます。40MBまでの写真を選んでください。")
        data: bytes = photo.read()
        if not data.startswith((JPEG, PNG)):
            raise forms.ValidationError("JPEGかPNGの写真を選んでください。")
        return data

    def clean(self) -> dict[str, object]:
        """Refuse an empty message, with what to do."""
        data = super().clean() or {}
        if not self.errors and not any(value not in (None, "", b"") for value in data.values()):
            raise forms.ValidationError("文章を書くか、写真を選んでから送ってください。")
        return data
