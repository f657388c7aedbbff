"""Sign-in by the town's identity provider: only who was invited comes in."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Invitation, StaffMember, User
from madoguchi.kernel.towns import current

from .identity_provider import Provider, running

pytestmark = pytest.mark.usefixtures("house")

YAMADA = {"sub": "sub-1", "email": "Yamada@town.example", "email_verified": True}


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with running() as provider:
        app = {
            "provider_id": "town",
            "name": "町の認証",
            "client_id": "madoguchi",
            "secret": "s",
            "settings": {"server_url": provider.url, "oauth_pkce_enabled": True},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        yield provider


def go(
    client: Client, provider: Provider, onward: str = "", host: str = "testserver"
) -> HttpResponse:
    """Press the button, come back from the provider."""
    query = f"?process=login&next={onward}" if onward else "?process=login"
    away = client.post(f"/accounts/oidc/town/login/{query}", headers={"host": host})
    assert away.headers["Location"].startswith(f"{provider.url}/authorize?")
    asked = parse_qs(urlsplit(away.headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = {"code": "c", "state": asked["state"][0]}
    return client.get("/accounts/oidc/town/login/callback/", back, headers={"host": host})


def test_the_door_shows_the_provider_and_looking_starts_nothing(
    client: Client, operator: StaffMember, provider: Provider
) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "町の認証でサインイン" in page
    assert client.get("/accounts/oidc/town/login/?process=login").status_code == 200


def test_who_was_invited_by_email_comes_in_and_is_known_afterwards(
    client: Client, operator: StaffMember, provider: Provider
) -> None:
    people.invite(operator, "town", email="yamada@town.example", actor="staff:1")
    provider.claims = YAMADA
    answer = go(client, provider, "/staff/managers/")
    assert answer.headers["Location"] == "/staff/managers/"
    assert client.get("/staff/").status_code == 200
    assert Invitation.objects.get().accepted_at is not None
    assert SocialAccount.objects.get().user_id == operator.user_id
    # The same person with another e-mail, later: the provider's subject counts.
    provider.claims = {"sub": "sub-1", "email": "new@town.example", "email_verified": True}
    later = Client()
    assert go(later, provider).headers["Location"] == "/staff/"
    # Somebody else to whom the e-mail was given.
    provider.claims = {**YAMADA, "sub": "sub-2"}
    assert go(Client(), provider).status_code == 403


def test_who_was_invited_by_subject_comes_in(
    client: Client, operator: StaffMember, provider: Provider
) -> None:
    people.invite(operator, "town", subject="sub-1", actor="staff:1")
    provider.claims = {"sub": "sub-1"}
    assert go(client, provider).headers["Location"] == "/staff/"


@pytest.mark.parametrize(
    "claims",
    [
        {**YAMADA, "email": "somebody@town.example"},
        {**YAMADA, "email_verified": False},
        {"sub": "sub-1", "email": "yamada@town.example"},
        {"sub": "yamada@town.example"},
    ],
)
def test_everybody_else_stays_outside(
    client: Client, operator: StaffMember, provider: Provider, claims: dict[str, object]
) -> None:
    people.invite(operator, "town", email="yamada@town.example", actor="staff:1")
    provider.claims = claims
    answer = go(client, provider)
    assert answer.status_code == 403
    assert "招待されていません" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1
    assert Invitation.objects.get().accepted_at is None


def test_an_invitation_holds_in_its_own_town_alone(
    client: Client, operator: StaffMember, stranger: StaffMember, provider: Provider
) -> None:
    with current.use(stranger.town_id):
        people.invite(stranger, "town", email="yamada@town.example", actor="staff:1")
    provider.claims = YAMADA
    assert go(client, provider).status_code == 403
    assert go(client, provider, host="ome.example.jp").headers["Location"] == "/staff/"
    assert go(Client(), provider).status_code == 403


def test_who_left_stays_outside(client: Client, operator: StaffMember, provider: Provider) -> None:
    people.invite(operator, "town", email="yamada@town.example", actor="staff:1")
    StaffMember.objects.filter(pk=operator.pk).update(active=False)
    provider.claims = YAMADA
    assert go(client, provider).status_code == 403


def test_the_provider_cannot_send_anybody_elsewhere(
    client: Client, operator: StaffMember, provider: Provider
) -> None:
    people.invite(operator, "town", email="yamada@town.example", actor="staff:1")
    provider.claims = YAMADA
    assert go(client, provider, "https://evil.example/").headers["Location"] == "/staff/"


def test_a_callback_that_nobody_asked_for_is_refused(
    client: Client, operator: StaffMember, provider: Provider
) -> None:
    people.invite(operator, "town", email="yamada@town.example", actor="staff:1")
    provider.claims = YAMADA
    answer = client.get("/accounts/oidc/town/login/callback/", {"code": "c", "state": "x"})
    assert "サインインできませんでした" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_invitation_names_a_subject_or_an_email(operator: StaffMember) -> None:
    for names in ({}, {"email": "a@b.example", "subject": "s"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            people.invite(operator, "town", actor="staff:1", **names)
