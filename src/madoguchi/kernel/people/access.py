"""Who may come in: staff of the current town, by role."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from madoguchi.kernel.files.data import FileRef
from madoguchi.kernel.people.data import ROLES
from madoguchi.kernel.people.models import StaffMember, User
from madoguchi.kernel.towns.middleware import TownRequest

log = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]


class StaffRequest(TownRequest):
    """A request behind ``staff_required``: ``staff`` is who asks."""

    staff: StaffMember


def staff_of(user: User | AnonymousUser) -> StaffMember | None:
    """The user as active staff of the current town, with department and user at hand."""
    if not user.is_authenticated or not user.is_active:
        return None
    rows = StaffMember.objects.select_related("department", "user")
    return rows.filter(user_id=user.pk, active=True).first()


def staff_required(role: str = "viewer") -> Callable[[View], View]:
    """Decorator: only staff of the current town with at least ``role``; sets ``request.staff``.

    Who is not signed in is led to the sign-in page (a script that asks for JSON gets 401); staff
    of another town, or of a lower role, get 403 with words that say whom to ask. What the view
    answers is not kept by browsers unless the view says so.
    """
    needed = ROLES[role]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _ask_to_sign_in(request)
            member = staff_of(request.user)
            if member is None:
                return refuse(request, "この町の職員として登録されていません。")
            if ROLES[member.role] < needed:
                words = StaffMember.Role(role).label
                return refuse(request, f"この操作には「{words}」以上の権限が必要です。")
            request.staff = member  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                add_never_cache_headers(response)  # nor after sign-out by the back button
            return response

        return guarded

    return decorate


def refuse(request: HttpRequest, why: str) -> HttpResponse:
    """A 403 page that says why and whom to ask; the log names the route and who tried."""
    match = request.resolver_match
    log.warning("refused: user %s, %s", request.user.pk, match.route if match else "?")
    if _wants_json(request):
        return JsonResponse({"error": why}, status=403)
    return render(request, "people/refused.html", {"why": why}, status=403)


def staff_may_see(request: HttpRequest, file: FileRef) -> bool | None:
    """Guard of ``kernel.files``: staff of the town may see its photos; no opinion on others."""
    return True if staff_of(request.user) is not None else None


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if _wants_json(request):
        words = "サインインの時間が切れました。ページを開き直して、もう一度サインインしてください。"
        return JsonResponse({"error": words, "sign_in": reverse("account_login")}, status=401)
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
