"""Forms of sign-in."""

import json
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from fido2.utils import websafe_decode


def refuse_other_origin(credential: Any) -> None:
    """Raise ValidationError unless the passkey was used on a page of this very origin.

    WebAuthn level 3, 7.1 step 9 and 7.2 step 12. allauth also takes a page of a subdomain.
    """
    try:
        said = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))["origin"]
    except (KeyError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("incorrect_code") from error
    request = context.request
    if said != f"{request.scheme}://{request.get_host()}":
        raise get_adapter().validation_error("incorrect_code")


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey is always one that lets in by itself, with the device's own check of the person."""

    name = forms.CharField(
        label="名前",
        max_length=60,
        required=False,
        help_text="あとで見分けるための名前です（例：窓口のパソコン）。",
    )
    passwordless = forms.BooleanField(initial=True, widget=forms.CheckboxInput)

    def clean_credential(self) -> Any:
        """Only what was made here."""
        refuse_other_origin(self.cleaned_data["credential"])
        return self.cleaned_data["credential"]


class _OfThisPage(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        """The passkey, if it was used here."""
        refuse_other_origin(self.cleaned_data["credential"])
        return super().clean_credential()


class SignInForm(_OfThisPage, LoginWebAuthnForm):
    """A passkey lets in."""


class CheckAgainForm(_OfThisPage, ReauthenticateWebAuthnForm):
    """A passkey shows once more who is there."""


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label="名前", max_length=60)
