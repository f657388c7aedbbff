"""What allauth may do here: no open sign-up, only invited staff, words in Japanese."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from requests import RequestException

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people import oidc
from madoguchi.kernel.people.access import refuse, staff_of
from madoguchi.kernel.people.models import Invitation, User
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

log = logging.getLogger(__name__)

NOT_INVITED = "このアカウントは、この町の職員として招待されていません。"
PASSKEY_REFUSED = (
    "このパスキーでは入れませんでした。削除されたか、このページで登録したものではありません。"
    "別のパスキーを使うか、管理者にサインイン用のリンクを頼んでください。"
)
TOO_LATE = (
    "このサインインは、この画面から始めたものではないか、始めてから10分がたちました。"
    "サインインは済んでいません。"
)
NOT_PROVEN = "本人確認の結果が、このサインインのものと確かめられませんでした。"
PROVIDER_SAID_NO = "本人確認の側で、サインインが断られました。"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the town alone; after sign-in the staff home opens."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator adds staff."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The staff home, unless the page before sign-in is known."""
        return reverse("staff_home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The sign-in page."""
        return reverse("account_login")


class SocialAdapter(DefaultSocialAccountAdapter):
    """The town's own identity provider lets in whom an administrator has invited."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: see ``pre_social_login``."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Bind an invited stranger to their staff entry; refuse everybody else."""
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(refuse(request, "この操作はできません。"))
        if sociallogin.is_existing:
            if staff_of(sociallogin.user) is None:
                raise ImmediateHttpResponse(refuse(request, NOT_INVITED))
            return
        with transaction.atomic():
            invitation = _invitation_for(sociallogin)
            if invitation is None:
                raise ImmediateHttpResponse(refuse(request, NOT_INVITED))
            invitation.accepted_at = clock.now()
            invitation.save(update_fields=["accepted_at"])
            member = invitation.staff
            sociallogin.connect(request, member.user)
            audit.record("staff.accept", f"staff:{member.pk}", actor=member.actor)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say what went wrong and what to do next."""
        if error == AuthError.CANCELLED:
            return  # allauth leads to the page that says so
        if isinstance(exception, RequestException):
            raise ImmediateHttpResponse(oidc.unreachable(request, provider.name, exception))
        if exception is not None:
            log.warning("OIDC: refused: %s", type(exception).__name__)
            why = NOT_PROVEN
        else:
            why = TOO_LATE if (extra_context or {}).get("state") is None else PROVIDER_SAID_NO
        page = "socialaccount/authentication_error.html"
        context = {"why": why, "name": provider.name}
        raise ImmediateHttpResponse(render(request, page, context, status=401))


class PasskeyAdapter(DefaultMFAAdapter):
    """Passkeys carry the names of the town and of the member of staff."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": PASSKEY_REFUSED}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The town, bound to the host of the page."""
        entity = super().get_public_key_credential_rp_entity()
        town = Town.objects.filter(pk=current.town_id()).first()
        return {**entity, "name": f"{town.name} 窓口" if town else entity["name"]}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The member's name, as the device lists it."""
        entity = super().get_public_key_credential_user_entity(user)
        member = staff_of(user)
        return {**entity, "display_name": member.name if member else user.get_username()}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """A first name for a new passkey."""
        known = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"パスキー{known + 1}"


def _invitation_for(sociallogin: SocialLogin) -> Invitation | None:
    """The open invitation that the provider's subject or verified e-mail fits."""
    verified = [a.email.lower() for a in sociallogin.email_addresses if a.verified and a.email]
    account = sociallogin.account
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("staff__user")
    return (
        rows.filter(provider=account.provider, accepted_at=None)
        .filter(Q(subject=account.uid) | Q(email__in=verified, subject=""))
        .filter(staff__active=True, staff__user__is_active=True)
        .first()
    )
