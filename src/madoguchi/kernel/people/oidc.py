"""Sign-in by the town's identity provider, stricter than allauth: nonce, signature, same subject.

OpenID Connect Core 1.0: 3.1.3.7 (what to check of an ID token), 5.3.2 (userinfo tells of the same
subject). PKCE (RFC 7636) comes from allauth.
"""

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from requests import RequestException

log = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


class Mismatch(OAuth2Error):
    """What the provider signed does not belong to this sign-in."""


class TownAdapter(OpenIDConnectOAuth2Adapter):
    """Takes an ID token only with a good signature and the nonce of this browser's sign-in."""

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str
    ) -> dict[str, Any]:
        """Exchange the code; the verifier also tells the nonce that must come back."""
        self._nonce = nonce_of(pkce_code_verifier)
        answer: dict[str, Any] = super().get_access_token_data(
            request, app, client, pkce_code_verifier
        )
        return answer

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """The sign-in that the ID token and userinfo describe; raises ``OAuth2Error``."""
        try:
            claims = self._claims(app, kwargs["response"]["id_token"])
        except (KeyError, TypeError, ValueError) as error:
            raise Mismatch("no ID token that can be checked") from error
        about = self._fetch_user_info(token.token)
        subject = claims.get("sub")
        if not subject or about.get("sub") != subject or claims.get("nonce") != self._nonce:
            raise Mismatch("the ID token belongs to another sign-in")
        data = {"userinfo": about, "id_token": claims}
        return self.get_provider().sociallogin_from_response(request, data)

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """What the ID token says, once signature, issuer, audience and time have been checked."""
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


class TownProvider(OpenIDConnectProvider):
    """allauth's provider with a nonce; the browser's query cannot add parameters."""

    oauth2_adapter_class = TownAdapter
    pkce_enabled_default = True

    def get_pkce_params(self) -> dict[str, str]:
        """The challenge of PKCE and the nonce, both bound to a secret of this browser's session."""
        params: dict[str, str] = super().get_pkce_params()
        return {**params, "nonce": nonce_of(params["code_verifier"])}

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Only what the settings say."""
        params: dict[str, str] = self.get_auth_params()
        return params

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Only what the settings say."""
        scope: list[str] = self.get_scope()
        return scope


def nonce_of(verifier: str) -> str:
    """A nonce that nobody can tell who does not know the verifier in the session."""
    return hashlib.sha256(f"nonce:{verifier}".encode()).hexdigest()


def unreachable(request: HttpRequest, name: str, error: Exception) -> HttpResponse:
    """The page when the provider does not answer, or not in a way that can be understood."""
    log.warning("OIDC: the provider does not answer: %s", type(error).__name__)
    return render(request, "people/provider_down.html", {"name": name}, status=502)


def _answered(view: View) -> View:
    """404 for a provider that is not set up; a page with a way on when it does not answer."""

    @wraps(view)
    def guarded(request: HttpRequest, provider_id: str) -> HttpResponse:
        adapter = TownAdapter(request, provider_id)
        try:
            name = adapter.get_provider().name
        except SocialApp.DoesNotExist as missing:
            raise Http404 from missing
        try:
            return view(request, adapter)
        except (
            RequestException,
            KeyError,
        ) as error:  # a KeyError: no such endpoint in its discovery
            return unreachable(request, name, error)

    return guarded


@never_cache
@_answered
def login(request: HttpRequest, adapter: TownAdapter) -> HttpResponse:
    """The button of the sign-in page; looking at this address starts nothing."""
    if request.method != "POST":
        onward = urlencode({"next": request.GET["next"]}) if "next" in request.GET else ""
        return redirect(f"{reverse('account_login')}?{onward}".rstrip("?"))
    answer: HttpResponse = OAuth2LoginView.adapter_view(adapter)(request)
    return answer


@never_cache
@_answered
def callback(request: HttpRequest, adapter: TownAdapter) -> HttpResponse:
    """Where the provider sends the browser back to."""
    answer: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    return answer
