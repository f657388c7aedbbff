"""Sign-in by the town's identity provider: only who was invited comes in."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Invitation, StaffMember, User
from madoguchi.kernel.towns import current

from ....fakes.identity_provider import Fault, Provider, running

pytestmark = pytest.mark.usefixtures("house")

YAMADA = {"sub": "sub-1", "email": "Yamada@town.example", "email_verified": True}


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with running() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                **settings.SOCIALACCOUNT_PROVIDERS["openid_connect"],
                "APPS": [provider.settings()],
            }
        }
        yield provider


def go(
    client: Client, provider: Provider, onward: str = "", host: str = "testserver"
) -> HttpResponse:
    """Press the button, let the provider send the browser back, and come back."""
    query = f"?process=login&next={onward}" if onward else "?process=login"
    away = client.post(f"/accounts/oidc/town/login/{query}", headers={"host": host})
    assert away.headers["Location"].startswith(f"{provider.url}/authorize?")
    back = httpx.get(away.headers["Location"], trust_env=False).headers["Location"]
    assert back.startswith(f"http://{host}/accounts/oidc/town/login/callback/?")
    return client.get(back, headers={"host": host})


def test_the_door_shows_the_provider_and_looking_starts_nothing(
    client: Client, operator: StaffMember, provider: Provider
) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "町の認証でサインイン" in page
    looked = client.get("/accounts/oidc/town/login/?process=login&next=/staff/managers/")
    assert looked.headers["Location"] == "/accounts/login/?next=%2Fstaff%2Fmanagers%2F"
    assert client.get("/accounts/oidc/other/login/").status_code == 404
    assert client.get("/accounts/oidc/other/login/callback/").status_code == 404


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
    assert answer.status_code == 401
    assert "この画面から始めたものではない" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("state", 401, "この画面から始めたものではない"),
        ("nonce", 401, "確かめられませんでした"),
        ("key", 401, "確かめられませんでした"),
        ("unsigned", 401, "確かめられませんでした"),
        ("audience", 401, "確かめられませんでした"),
        ("expired", 401, "確かめられませんでした"),
        ("subject", 401, "確かめられませんでした"),
    ],
)
def test_what_the_provider_did_not_say_of_this_sign_in_lets_nobody_in(
    client: Client, operator: StaffMember, provider: Provider, fault: Fault, status: int, said: str
) -> None:
    people.invite(operator, "town", email="yamada@town.example", actor="staff:1")
    provider.claims = YAMADA
    assert go(Client(), provider).headers["Location"] == "/staff/"
    provider.fault = fault
    answer = go(client, provider)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert "次にすること" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_provider_that_is_down_is_named_with_another_way_in(
    client: Client, operator: StaffMember, provider: Provider
) -> None:
    away = client.post("/accounts/oidc/town/login/?process=login")
    back = httpx.get(away.headers["Location"], trust_env=False).headers["Location"]
    provider.fault = "down"
    for answer in (client.post("/accounts/oidc/town/login/?process=login"), client.get(back)):
        page = answer.content.decode()
        assert answer.status_code == 502
        assert "「町の認証」につながりません" in page
        assert "パスキーで入れます" in page
    assert "_auth_user_id" not in client.session


def test_the_code_of_one_browser_is_of_no_use_in_another(
    client: Client, operator: StaffMember, provider: Provider
) -> None:
    people.invite(operator, "town", email="yamada@town.example", actor="staff:1")
    provider.claims = YAMADA
    stolen, mine = (
        parse_qs(
            urlsplit(
                httpx.get(
                    browser.post("/accounts/oidc/town/login/?process=login").headers["Location"],
                    trust_env=False,
                ).headers["Location"]
            ).query
        )
        for browser in (Client(), client)
    )
    back = {"code": stolen["code"][0], "state": mine["state"][0]}
    answer = client.get("/accounts/oidc/town/login/callback/", back)
    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session


def test_the_query_adds_nothing_to_what_is_asked_of_the_provider(
    client: Client, operator: StaffMember, provider: Provider
) -> None:
    query = "?process=login&scope=admin&auth_params=prompt%3Dnone%26nonce%3Dx&action=reauthenticate"
    away = client.post(f"/accounts/oidc/town/login/{query}").headers["Location"]
    asked = parse_qs(urlsplit(away).query)
    assert sorted(asked["scope"][0].split()) == ["email", "openid", "profile"]
    assert "prompt" not in asked
    assert len(asked["nonce"][0]) == 64
    assert len(asked["code_challenge"][0]) == 43


def test_an_invitation_names_a_subject_or_an_email(operator: StaffMember) -> None:
    for names in ({}, {"email": "a@b.example", "subject": "s"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            people.invite(operator, "town", actor="staff:1", **names)
