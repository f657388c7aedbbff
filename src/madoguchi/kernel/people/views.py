"""The sign-in page, the one-time link, and where closed doors lead."""

from allauth.socialaccount.adapter import get_adapter
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from madoguchi.kernel.people import links, standing
from madoguchi.kernel.people.access import StaffRequest, staff_of, staff_required

BACKEND = "madoguchi.kernel.people.backends.StaffBackend"


# Browsers apply form-action to the redirect after a form, so the provider has to be named in it.
@csp_update({"form-action": settings.OIDC_ORIGINS})
@never_cache
@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """The ways in: passkey, the town's identity provider, or a link from the administrator."""
    onward = _onward(request)
    if request.user.is_authenticated and staff_of(request.user) is not None:
        return redirect(onward or reverse("staff_home"))
    query = {"process": "login"} | ({"next": onward} if onward else {})
    entries = [
        {"name": provider.name, "url": provider.get_login_url(request, **query)}
        for provider in get_adapter(request).list_providers(request)
    ]
    return render(request, "account/login.html", {"providers": entries, "onward": onward})


@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link. Looking at it shows a button; only the button spends it."""
    if request.method == "GET":
        state = 200 if links.is_open(token) else 410
        return _link_page(request, state)
    # What a failed attempt leaves in the log of attempts must not be a key.
    request.META["PATH_INFO"] = "/staff/enter/"
    user = authenticate(request, link_token=token)
    if user is None:
        return _link_page(request, 410)
    login(request, user, backend=BACKEND)
    return redirect(_onward(request) or reverse("staff_home"))


@require_GET
def again(request: HttpRequest) -> HttpResponse:
    """Where allauth asks for a password again, we ask for the passkey."""
    return redirect("mfa_reauthenticate_webauthn")


@require_GET
def passkeys(request: HttpRequest) -> HttpResponse:
    """allauth's overview of second factors is our list of passkeys."""
    return redirect("mfa_list_webauthn")


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required()
def signed_in(request: StaffRequest) -> HttpResponse:
    """Where I am signed in; a device that I lost can be signed out from here."""
    user, here = request.staff.user, request.session.session_key
    ended = 0
    if request.method == "POST":
        ended = standing.end(user, here, request.POST.get("end", ""), actor=request.staff.actor)
    context = {"devices": standing.of(user, here), "ended": ended}
    return render(request, "people/signed_in.html", context)


def _link_page(request: HttpRequest, status: int) -> HttpResponse:
    context = {"open": status == 200, "onward": _onward(request)}
    response = render(request, "people/enter.html", context, status=status)
    # Not "no-referrer": browsers then send "Origin: null" with the form, which CSRF must refuse.
    response["Referrer-Policy"] = "strict-origin"
    return response


def _onward(request: HttpRequest) -> str:
    """The page that was wanted before sign-in, if it is one of ours; else ""."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else ""


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """What axes answers after too many failed attempts from one address."""
    return render(request, "people/locked.html", {"minutes": settings.LOCKOUT_MINUTES}, status=429)
