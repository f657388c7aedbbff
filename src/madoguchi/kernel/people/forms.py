"""Forms of sign-in."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey is always one that lets in by itself, with the device's own check of the person."""

    name = forms.CharField(
        label="名前",
        max_length=60,
        required=False,
        help_text="あとで見分けるための名前です（例：窓口のパソコン）。",
    )
    passwordless = forms.BooleanField(initial=True, widget=forms.CheckboxInput)


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label="名前", max_length=60)
