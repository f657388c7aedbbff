"""The desk that all services share: messages that became no work, and deliveries that failed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.messages import dispatch, outbox, router
from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.people.models import StaffMember
from madoguchi.ui.voices import takers
from madoguchi.ui.waiting import Waiting

PAGE = 50
SPOKEN = (EventKind.TEXT, EventKind.IMAGE, EventKind.LOCATION)


@never_cache
@require_GET
@staff_required("viewer")
def voices(request: StaffRequest) -> HttpResponse:
    """Messages without work: nobody needs to act, or the machine could not take them."""
    rows = Inbound.objects.filter(kind__in=SPOKEN).exclude(state=Inbound.State.WAITING)
    for taker in takers():
        rows = rows.exclude(taker.taken)
    rows = rows.select_related("contact__person", "for_person")
    audit.record("voices.read", request.staff.actor, actor=request.staff.actor)
    context = {
        "shown": Paginator(rows.order_by("-id"), PAGE).get_page(request.GET.get("page")),
        "services": list(router.present().values()),
        "takers": [taker for taker in takers() if taker.service in request.town.services],
        "may_act": _may_act(request),
    }
    return render(request, "web/voices.html", context)


@require_POST
@staff_required("operator")
def hand_over(request: StaffRequest, inbound_id: int) -> HttpResponse:
    """Give a message to another service."""
    row = get_object_or_404(Inbound, pk=inbound_id)
    try:
        dispatch.hand_over(row.pk, request.POST.get("service", ""), actor=request.staff.actor)
    except KeyError:
        messages.error(request, "その窓口はありません。ページを開き直してください。")
    else:
        messages.success(request, "引き継ぎました。")
    return redirect("voices")


@never_cache
@require_GET
@staff_required("viewer")
def deliveries(request: StaffRequest) -> HttpResponse:
    """What could not be sent and is not settled yet, and what is still being tried."""
    trying = Outbox.objects.filter(state=Outbox.State.WAITING, attempts__gte=1)
    audit.record("deliveries.read", request.staff.actor, actor=request.staff.actor)
    context = {
        "shown": Paginator(_failed().order_by("-id"), PAGE).get_page(request.GET.get("page")),
        "trying": trying.order_by("id")[:PAGE],
        "trying_count": trying.count(),
        "waiting_count": Outbox.objects.filter(state=Outbox.State.WAITING, attempts=0).count(),
        "may_act": _may_act(request),
    }
    return render(request, "web/deliveries.html", context)


@require_POST
@staff_required("operator")
def delivery(request: StaffRequest, outbox_id: int, verb: str) -> HttpResponse:
    """Try a failed delivery again, or say that it was dealt with another way."""
    row = get_object_or_404(Outbox, pk=outbox_id)
    act = {"retry": outbox.try_again, "settle": outbox.settle}.get(verb)
    if act is None:
        messages.error(request, "その操作はありません。")
        return redirect("deliveries")
    try:
        act(row.pk, actor=request.staff.actor)
    except Outbox.DoesNotExist:
        messages.error(request, "この返事には、ほかの職員がすでに対応しました。")
    else:
        said = "もう一度送ります。" if verb == "retry" else "対応済みにしました。"
        messages.success(request, said)
    return redirect("deliveries")


def waiting(_staff: StaffMember) -> list[Waiting]:
    """What the staff home says of this desk."""
    unread = Inbound.objects.filter(state=Inbound.State.FAILED).count()
    return [
        Waiting(50, "送れなかった返事", _failed().count(), reverse("deliveries"), "warn"),
        Waiting(60, "処理できなかったメッセージ", unread, reverse("voices"), "warn"),
    ]


def _may_act(request: StaffRequest) -> bool:
    return request.staff.role != StaffMember.Role.VIEWER


def _failed() -> QuerySet[Outbox]:
    return Outbox.objects.filter(state=Outbox.State.REFUSED, settled_at__isnull=True)
