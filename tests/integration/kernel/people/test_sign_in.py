"""Coming in and going out: links, roles, sessions."""

import hashlib
import threading
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people import links
from madoguchi.kernel.people.backends import StaffBackend
from madoguchi.kernel.people.models import SignInLink, StaffMember, User
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

from .conftest import enter

pytestmark = pytest.mark.usefixtures("house")


def test_a_link_lets_in_once(client: Client, operator: StaffMember) -> None:
    token = people.make_sign_in_link(operator)
    page = client.get(f"/staff/enter/{token}")
    assert page.status_code == 200
    assert "サインインする" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page.headers["Cache-Control"]
    # Looking at it, as previewers do, has not spent it.
    answer = client.post(f"/staff/enter/{token}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/staff/")
    assert client.get("/staff/").content == "hello 山田".encode()
    again = Client().post(f"/staff/enter/{token}")
    assert again.status_code == 410
    assert "新しいリンク" in again.content.decode()
    assert Entry.objects.filter(verb="staff.sign_in", actor=operator.actor).count() == 1


def test_the_token_is_long_and_only_its_digest_is_kept(operator: StaffMember) -> None:
    token = people.make_sign_in_link(operator)
    assert len(token) >= 43  # 256 bits in base64
    kept = SignInLink.objects.get()
    assert kept.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(SignInLink.objects.values())
    assert token not in str(list(Entry.objects.values()))


@pytest.mark.parametrize("case", ["expired", "unknown", "left", "blocked", "other town"])
def test_a_link_that_is_not_good_lets_nobody_in(
    client: Client, operator: StaffMember, stranger: StaffMember, clock: FixedClock, case: str
) -> None:
    token = people.make_sign_in_link(operator)
    if case == "expired":
        clock.advance(timedelta(minutes=30))
    elif case == "unknown":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    elif case == "left":
        StaffMember.objects.filter(pk=operator.pk).update(active=False)
    elif case == "blocked":
        User.objects.filter(pk=operator.user_id).update(is_active=False)
    else:
        with current.use(stranger.town_id):
            token = people.make_sign_in_link(stranger)
    assert client.get(f"/staff/enter/{token}").status_code == 410
    assert client.post(f"/staff/enter/{token}").status_code == 410
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_gets_in() -> None:
    town = towns.create_town("13208")
    with current.use(town.pk):
        member = people.add_staff("yamada", "山田", "operator", actor="system:test")
        token = people.make_sign_in_link(member)
    let_in: list[bool] = []
    gate = threading.Barrier(4)

    def come() -> None:
        try:
            with current.use(town.pk):
                gate.wait(10)
                let_in.append(links.use(token) is not None)
        finally:
            connection.close()

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(let_in) == [False, False, False, True]


def test_without_csrf_token_the_button_does_nothing(operator: StaffMember) -> None:
    strict = Client(enforce_csrf_checks=True)
    token = people.make_sign_in_link(operator)
    assert strict.post(f"/staff/enter/{token}").status_code == 403
    assert links.is_open(token)


def test_who_is_not_signed_in_is_led_to_the_door_and_back(
    client: Client, operator: StaffMember
) -> None:
    answer = client.get("/staff/managers/?x=1")
    assert answer.headers["Location"] == "/accounts/login/?next=/staff/managers/%3Fx%3D1"
    page = client.get(answer.headers["Location"])
    assert "パスキーでサインイン" in page.content.decode()
    assert 'name="next" value="/staff/managers/?x=1"' in page.content.decode()
    asked = client.get("/staff/", headers={"accept": "application/json"})
    assert asked.status_code == 401
    assert "もう一度サインイン" in asked.json()["error"]


def test_roles_open_as_far_as_they_go(client: Client, operator: StaffMember) -> None:
    enter(client, operator)
    refused = client.get("/staff/managers/")
    assert refused.status_code == 403
    assert "「責任者」以上" in refused.content.decode()
    StaffMember.objects.filter(pk=operator.pk).update(role="admin")
    assert client.get("/staff/managers/").content == b"for managers"


def test_staff_of_another_town_gets_403(
    client: Client, town: Town, operator: StaffMember, stranger: StaffMember
) -> None:
    enter(client, stranger, host="ome.example.jp")
    assert client.get("/staff/", headers={"host": "ome.example.jp"}).status_code == 200
    # The same session carried to another town's house.
    here = client.get("/staff/")
    assert here.status_code == 403
    assert "この町の職員として登録されていません" in here.content.decode()


def test_who_left_is_out_at_once(client: Client, operator: StaffMember) -> None:
    enter(client, operator)
    StaffMember.objects.filter(pk=operator.pk).update(active=False)
    assert client.get("/staff/").status_code == 403


def test_a_session_replayed_after_sign_out_is_dead(client: Client, operator: StaffMember) -> None:
    enter(client, operator)
    stolen = client.cookies["sessionid"].value
    assert client.post("/accounts/logout/").status_code == 302
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get("/staff/").status_code == 302
    assert not Session.objects.filter(session_key=stolen).exists()
    assert Entry.objects.filter(verb="staff.sign_out", actor=operator.actor).count() == 1


def test_looking_at_the_sign_out_page_signs_nobody_out(
    client: Client, operator: StaffMember
) -> None:
    enter(client, operator)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/staff/").status_code == 200


def test_a_session_that_was_planted_before_sign_in_is_not_the_one_after(
    client: Client, operator: StaffMember
) -> None:
    session = client.session
    session["x"] = 1
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    enter(client, operator)
    assert client.cookies["sessionid"].value != planted
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert attacker.get("/staff/").status_code == 302


def test_the_cookie_is_for_the_server_alone(client: Client, operator: StaffMember) -> None:
    enter(client, operator)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 12 * 3600


def test_who_does_nothing_for_an_hour_is_signed_out(
    client: Client, operator: StaffMember, clock: FixedClock
) -> None:
    enter(client, operator)
    for _ in range(3):
        clock.advance(timedelta(minutes=59))
        assert client.get("/staff/").status_code == 200
    clock.advance(timedelta(minutes=61))
    assert client.get("/staff/").status_code == 302


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(
    client: Client, operator: StaffMember, clock: FixedClock
) -> None:
    enter(client, operator)
    statuses = []
    for _ in range(7):
        clock.advance(timedelta(minutes=10))
        answer = client.get("/staff/", headers={"sec-fetch-mode": "cors"})
        statuses.append(answer.status_code)
    assert statuses == [200] * 6 + [302]


def test_a_clock_that_is_set_back_neither_signs_out_nor_keeps_signed_in_for_longer(
    client: Client, operator: StaffMember, clock: FixedClock
) -> None:
    enter(client, operator)
    clock.advance(timedelta(hours=-1))
    assert client.get("/staff/").status_code == 200
    clock.advance(timedelta(minutes=61))
    assert client.get("/staff/").status_code == 302


def test_a_clock_that_is_set_a_day_ahead_signs_out(
    client: Client, operator: StaffMember, clock: FixedClock
) -> None:
    enter(client, operator)
    clock.advance(timedelta(days=1))
    assert client.get("/staff/").status_code == 302
    clock.advance(timedelta(days=-1))
    enter(client, operator)
    assert client.get("/staff/").status_code == 200


def test_after_twelve_hours_everybody_signs_in_again(
    client: Client, operator: StaffMember, clock: FixedClock
) -> None:
    enter(client, operator)
    for _ in range(12):
        clock.advance(timedelta(minutes=59))
        assert client.get("/staff/").status_code == 200
    clock.advance(timedelta(minutes=13))
    assert client.get("/staff/").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/staff/managers/", "/staff/managers/"),
        ("https://evil.example/", "/staff/"),
        ("//evil.example/", "/staff/"),
        ("/\\evil.example", "/staff/"),
        ("javascript:alert(1)", "/staff/"),
        ("", "/staff/"),
    ],
)
def test_the_way_on_leads_nowhere_else(
    client: Client, operator: StaffMember, wanted: str, leads_to: str
) -> None:
    token = people.make_sign_in_link(operator)
    answer = client.post(f"/staff/enter/{token}", {"next": wanted})
    assert answer.headers["Location"] == leads_to
    signed_in = client.get("/accounts/login/", {"next": wanted})
    assert signed_in.headers["Location"] == leads_to
    out = client.post("/accounts/logout/", {"next": "https://evil.example/"})
    assert out.headers["Location"] == "/accounts/login/"


def test_there_are_no_passwords_and_no_open_doors(client: Client, operator: StaffMember) -> None:
    user = User.objects.get(pk=operator.user_id)
    assert not user.has_usable_password()
    user.set_password("secret")
    user.save()
    assert StaffBackend().authenticate(None, username="yamada", password="secret") is None
    assert client.post("/accounts/login/", {"login": "yamada", "password": "x"}).status_code == 405
    for closed in ("signup/", "password/reset/", "email/", "3rdparty/", "2fa/totp/activate/"):
        assert client.get(f"/accounts/{closed}").status_code == 404


def test_after_ten_wrong_links_an_address_waits(client: Client, operator: StaffMember) -> None:
    token = people.make_sign_in_link(operator)
    for _ in range(9):
        assert client.post("/staff/enter/wrong").status_code == 410
    locked = client.post("/staff/enter/wrong")
    assert locked.status_code == 429
    assert "15分" in locked.content.decode()
    assert client.post(f"/staff/enter/{token}").status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post(f"/staff/enter/{token}").status_code == 302


def test_no_wrong_token_is_kept_in_the_list_of_attempts(
    client: Client, operator: StaffMember
) -> None:
    from axes.models import AccessAttempt

    client.post("/staff/enter/not-a-token")
    assert AccessAttempt.objects.count() == 1
    assert "not-a-token" not in str(list(AccessAttempt.objects.values()))


def test_history_names_people_by_kind(operator: StaffMember) -> None:
    names = people.actor_names([operator.actor, "person:9", "system:triage", "staff:99", "x"])
    assert names == {
        operator.actor: "山田",
        "person:9": "住民",
        "system:triage": "自動処理",
        "staff:99": "職員",
        "x": "不明",
    }
