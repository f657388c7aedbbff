"""The doors of staff in a real browser: the town's identity provider, and passkeys."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from ..fakes.identity_provider import CLIENT_ID, SECRET, Provider, running
from .conftest import DESK, House, open_house

ROAD = {"sub": "sub-road", "email": "road@town.example", "email_verified": True}
SETUP = """
import sys, django
django.setup()
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import StaffMember
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
with current.use(Town.objects.get().pk):
    member = StaffMember.objects.get(user__username=sys.argv[1])
    if len(sys.argv) > 2:
        people.invite(member, "town", email=sys.argv[2], actor="system:test")
    else:
        print(people.make_sign_in_link(member))
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The town's identity provider: another port, so another origin."""
    with running() as opened:
        yield opened


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[House]:
    """A house that knows the provider, with an invitation for the one of the roads."""
    folder = tmp_path_factory.mktemp("guarded")
    secret = folder / "oidc-secret"
    secret.write_text(SECRET, encoding="utf-8")
    secret.chmod(0o600)
    told = {"NAME": "町の認証", "URL": provider.url, "CLIENT_ID": CLIENT_ID}
    house = open_house(
        folder,
        MADOGUCHI_OIDC="town",
        MADOGUCHI_OIDC_TOWN_SECRET_FILE=str(secret),
        **{f"MADOGUCHI_OIDC_TOWN_{name}": value for name, value in told.items()},
    )
    try:
        in_house(house, "demo-road", ROAD["email"])
        yield house
    finally:
        house.process.terminate()
        house.process.wait(timeout=10)


def in_house(house: House, *arguments: str) -> str:
    """Do what an administrator does, beside the running house."""
    known = {"MADOGUCHI_DATA": str(house.data / "13208")}
    known["DJANGO_SETTINGS_MODULE"] = "madoguchi.settings.embedded"
    ran = subprocess.run(
        [sys.executable, "-c", SETUP, *arguments],
        env=os.environ | known,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.strip()


@pytest.fixture
def door(browser: Browser, guarded: House, provider: Provider) -> Iterator[Page]:
    """The sign-in page; the browser talks to house and provider alone."""
    provider.claims, provider.fault, provider.asks = dict(ROAD), "", True
    with browser.new_context(base_url=guarded.url, viewport=DESK, locale="ja-JP") as context:
        ours = (guarded.url, provider.url)
        context.route(lambda url: not url.startswith(ours), lambda route: route.abort())
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto("/staff/cases/")
        yield page


def test_by_the_towns_provider_and_on_to_the_page_that_was_wanted(
    door: Page, provider: Provider, guarded: House, accessible: Callable[[Page], None]
) -> None:
    accessible(door)
    door.get_by_role("button", name="町の認証でサインイン").click()
    door.wait_for_url(f"{provider.url}/authorize?**")
    door.get_by_role("button", name="許可する").click()
    door.wait_for_url(f"{guarded.url}/staff/cases/")
    expect(door.get_by_text("道路の担当者（見本）").first).to_be_visible()


def test_who_is_signed_in_at_the_provider_comes_in_without_a_page_of_it(
    door: Page, provider: Provider, guarded: House
) -> None:
    provider.asks = False
    door.get_by_role("button", name="町の認証でサインイン").click()
    door.wait_for_url(f"{guarded.url}/staff/cases/")


def test_only_the_sign_in_form_may_lead_to_the_provider(
    door: Page, provider: Provider, guarded: House
) -> None:
    for path, expected in (
        ("/accounts/login/", f"form-action 'self' {provider.url}"),
        ("/accounts/provider/error/", "form-action 'self'"),
        ("/", "form-action 'self'"),
    ):
        answer = door.goto(path)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        found = next(part for part in policy.split("; ") if part.startswith("form-action"))
        assert found == expected, path


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("state", "この画面から始めたものではない"),
        ("nonce", "確かめられませんでした"),
        ("unknown", "職員として招待されていません"),
        ("down", "「町の認証」につながりません"),
    ],
)
def test_who_does_not_come_in_is_told_why_and_what_to_do(
    door: Page, provider: Provider, accessible: Callable[[Page], None], fault: str, said: str
) -> None:
    if fault == "unknown":
        provider.claims = {"sub": "x", "email": "x@town.example", "email_verified": True}
    else:
        provider.fault = fault
    provider.asks = False
    door.get_by_role("button", name="町の認証でサインイン").click()
    expect(door.get_by_role("main")).to_contain_text(said)
    expect(door.get_by_role("main")).to_contain_text("次にすること")
    accessible(door)
    door.goto("/staff/")
    expect(door.get_by_role("heading", name="職員のサインイン")).to_be_visible()


def test_who_changes_their_mind_is_led_back(door: Page) -> None:
    door.get_by_role("button", name="町の認証でサインイン").click()
    door.get_by_role("button", name="やめる").click()
    expect(door.get_by_role("heading", name="サインインを取りやめました")).to_be_visible()


@dataclass(frozen=True, slots=True)
class Keys:
    """The browser's authenticators: plugged in, pulled out, and what is stored in them."""

    cdp: CDPSession

    def plug(self, transport: str) -> str:
        """A new authenticator that knows its owner and answers at once."""
        options = {
            "protocol": "ctap2",
            "transport": transport,
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return str(made["authenticatorId"])

    def pull(self, key: str) -> list[dict[str, Any]]:
        """Take an authenticator away; what was stored in it."""
        asked = {"authenticatorId": key}
        stored = list(self.cdp.send("WebAuthn.getCredentials", asked)["credentials"])
        self.cdp.send("WebAuthn.removeVirtualAuthenticator", asked)
        return stored

    def restore(self, credential: dict[str, Any]) -> str:
        """An authenticator that holds ``credential`` alone."""
        key = self.plug("internal")
        told = {"authenticatorId": key, "credential": credential}
        self.cdp.send("WebAuthn.addCredential", told)
        return key


@pytest.fixture
def context(browser: Browser, guarded: House) -> Iterator[BrowserContext]:
    """A browser at ``localhost``: browsers give no passkey to an IP address."""
    at = guarded.url.replace("127.0.0.1", "localhost")
    with browser.new_context(base_url=at, viewport=DESK, locale="ja-JP") as context:
        context.set_default_timeout(10_000)
        yield context


def test_a_life_of_passkeys(
    context: BrowserContext, guarded: House, accessible: Callable[[Page], None]
) -> None:
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    keys = Keys(cdp)
    home = page.get_by_role("heading", name="待っている仕事")

    def begin() -> None:
        page.goto("/staff/")
        page.get_by_role("link", name="パスキー", exact=True).click()
        page.get_by_role("link", name="パスキーを登録する").click()

    def check_again() -> None:
        expect(page.get_by_role("heading", name="もう一度確かめます")).to_be_visible()
        accessible(page)
        page.get_by_role("button", name="パスキーで確かめる").click()

    def register() -> None:
        expect(page.get_by_role("heading", name="パスキーの登録")).to_be_visible()
        accessible(page)
        page.get_by_role("button", name="登録する").click()
        expect(page.get_by_role("heading", name="登録したパスキー")).to_be_visible()

    def sign_out() -> None:
        page.goto("/staff/")
        page.get_by_role("button", name="サインアウト").click()
        expect(page.get_by_role("button", name="パスキーでサインイン")).to_be_visible()

    def sign_in() -> None:
        page.goto("/accounts/login/")
        page.get_by_role("button", name="パスキーでサインイン").click()

    page.goto(f"/staff/enter/{in_house(guarded, 'demo-care')}")
    page.get_by_role("button", name="サインインする").click()
    first = keys.plug("internal")
    begin()
    register()
    sign_out()
    sign_in()
    expect(home).to_be_visible()
    expect(page.get_by_text("福祉の担当者（見本）").first).to_be_visible()

    begin()
    check_again()
    expect(page.get_by_role("heading", name="パスキーの登録")).to_be_visible()
    (of_first,) = keys.pull(first)
    second = keys.plug("usb")
    register()
    expect(page.get_by_role("link", name=re.compile("^削除"))).to_have_count(2)
    accessible(page)
    sign_out()
    sign_in()
    expect(home).to_be_visible()

    page.goto("/accounts/passkeys/")
    page.get_by_role("link", name=re.compile("削除.*パスキー1")).click()
    check_again()
    page.get_by_role("button", name="削除する").click()
    expect(page.get_by_role("link", name=re.compile("^削除"))).to_have_count(1)
    sign_out()
    of_second = keys.pull(second)
    assert len(of_second) == 1
    keys.restore(of_first)
    sign_in()
    expect(page.get_by_text("このパスキーでは入れませんでした")).to_be_visible()
    accessible(page)
    page.goto("/staff/")
    expect(home).to_have_count(0)


def test_at_an_ip_address_the_page_says_that_the_passkey_does_not_work(door: Page) -> None:
    cdp = door.context.new_cdp_session(door)
    cdp.send("WebAuthn.enable")
    Keys(cdp).plug("internal")
    door.get_by_role("button", name="パスキーでサインイン").click()
    expect(door.get_by_role("alert")).to_contain_text("パスキーを使えませんでした")
    expect(door.get_by_role("alert")).to_be_focused()


def test_what_a_false_page_got_out_of_a_passkey_opens_nothing(
    context: BrowserContext, guarded: House, provider: Provider
) -> None:
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    Keys(cdp).plug("internal")
    page.goto(f"/staff/enter/{in_house(guarded, 'demo-view')}")
    page.get_by_role("button", name="サインインする").click()
    page.goto("/accounts/passkeys/add/")
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("heading", name="登録したパスキー")).to_be_visible()
    page.goto("/staff/")
    page.get_by_role("button", name="サインアウト").click()
    expect(page.get_by_role("button", name="パスキーでサインイン")).to_be_visible()
    asked = page.evaluate(
        "fetch('/accounts/passkeys/login/', {headers: {Accept: 'application/json'}})"
        ".then((answer) => answer.json())"
    )["request_options"]["publicKey"]

    # A passkey belongs to a host name, not to one origin of it: here the house must look itself.
    page.goto(provider.url.replace("127.0.0.1", "localhost"))
    got = page.evaluate(
        """async (asked) => {
          const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
          return (await navigator.credentials.get({publicKey})).toJSON();
        }""",
        asked,
    )
    page.goto("/accounts/login/")
    page.evaluate(
        """(credential) => {
          document.getElementById("mfa_credential").value = credential;
          document.getElementById("mfa_login").submit();
        }""",
        json.dumps(got),
    )
    expect(page.get_by_text("このパスキーでは入れませんでした")).to_be_visible()
    page.goto("/staff/")
    expect(page.get_by_role("heading", name="職員のサインイン")).to_be_visible()
