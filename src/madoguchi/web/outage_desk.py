"""The page from which staff says that a way to the town does not work, and that it does again."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.web import outage
from madoguchi.web.models import Outage
from madoguchi.web.outage import NAMES, Way

PAGE = 20


class OutageForm(forms.Form):
    """Which way, and what staff wants to add in each language."""

    way = forms.TypedChoiceField(
        label="使えないもの",
        coerce=Way,
        choices=[(way.value, words.ja) for way, words in NAMES.items()],
        error_messages={"required": "使えないものを選んでください。"},
    )
    note = forms.CharField(label="付け加えること（あれば）", required=False, max_length=150)
    note_easy = forms.CharField(
        label="やさしい日本語で付け加えること（あれば）", required=False, max_length=150
    )
    note_en = forms.CharField(
        label="英語で付け加えること（あれば）", required=False, max_length=150
    )


@require_http_methods(["GET", "POST"])
@staff_required("operator")
def board(request: StaffRequest) -> HttpResponse:
    """What stands now, and the form for one more."""
    if request.method == "GET":
        return _page(request, OutageForm())
    form = OutageForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    said = {
        name: form.cleaned_data[name].replace("\x00", "")
        for name in ("note", "note_easy", "note_en")
    }
    outage.put_up(form.cleaned_data["way"], **said, actor=request.staff.actor)
    messages.success(request, "住民のページの一番上に出しました。")
    return redirect("outages")


@require_POST
@staff_required("operator")
def end(request: StaffRequest, outage_id: int) -> HttpResponse:
    """It works again."""
    try:
        outage.take_down(outage_id, actor=request.staff.actor)
    except Outage.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, "お知らせを消しました。")
    return redirect("outages")


def _page(request: StaffRequest, form: OutageForm, status: int = 200) -> HttpResponse:
    past = Paginator(outage.past(), PAGE).get_page(request.GET.get("page"))
    rows = [*outage.standing(), *past]
    names = people.actor_names({row.by for row in rows} | {row.ended_by for row in rows} - {""})
    lines = {
        row.pk: {
            "row": row,
            "name": NAMES[Way(row.channel)].ja,
            "by": names[row.by],
            "ended_by": names.get(row.ended_by, ""),
            "itself": row.by == outage.ITSELF,
        }
        for row in rows
    }
    context = {
        "form": form,
        "standing": [lines[row.pk] for row in rows if row.ended_at is None],
        "past": [lines[row.pk] for row in past],
        "shown": past,
    }
    return render(request, "web/outages.html", context, status=status)
