"""How long somebody stays signed in, and the marks that sign-in and sign-out leave."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponseBase

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.access import staff_of
from madoguchi.kernel.people.models import User
from madoguchi.kernel.people.standing import DEVICE, SEEN, SINCE, device_of

WRITE_EVERY_S = 60
LEFT = "_madoguchi_signed_out"


class StaffSessionMiddleware:
    """Signs out who did nothing for a while (``STAFF_IDLE_S``) or came in too long ago.

    A page that refreshes itself is not somebody who does something: only page loads and changes
    count. Requests without a session cookie are not touched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Check and mark the session, then go on."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _check(request)
        response = self.get_response(request)
        if getattr(request, LEFT, False):
            response.headers["Clear-Site-Data"] = '"cache"'  # unsent messages of residents stay
        return response


def _check(request: HttpRequest) -> None:
    now = int(clock.now().timestamp())
    seen = request.session.get(SEEN, 0)
    since = request.session.get(SINCE, 0)
    if now - seen > settings.STAFF_IDLE_S or now - since > settings.SESSION_COOKIE_AGE:
        logout(request)
    elif since > now:  # the clock was set back: time is counted from here on
        request.session[SINCE] = request.session[SEEN] = now
    elif not 0 <= now - seen < WRITE_EVERY_S and _is_act(request):
        request.session[SEEN] = now


def _is_act(request: HttpRequest) -> bool:
    """Whether a person did something: anything but a script's reading."""
    if request.method not in ("GET", "HEAD"):
        return True
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def _on_sign_in(sender: type[User], request: HttpRequest, user: User, **_: Any) -> None:
    request.session[SINCE] = request.session[SEEN] = int(clock.now().timestamp())
    request.session[DEVICE] = device_of(request)
    if (member := staff_of(user)) is not None:
        audit.record("staff.sign_in", f"staff:{member.pk}", actor=member.actor)


def _on_sign_out(sender: type[User], request: HttpRequest, user: User | None, **_: Any) -> None:
    setattr(request, LEFT, True)
    if user is not None and (member := staff_of(user)) is not None:
        audit.record("staff.sign_out", f"staff:{member.pk}", actor=member.actor)


def connect() -> None:
    """Listen to Django's own signals of sign-in and sign-out."""
    user_logged_in.connect(_on_sign_in, dispatch_uid="people.sign_in")
    user_logged_out.connect(_on_sign_out, dispatch_uid="people.sign_out")
