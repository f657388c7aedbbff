"""Where a town sees how far the reading is to be trusted, and measures it on its own messages."""

import numpy as np
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.measures import api as measures
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.places.data import Place
from madoguchi.kernel.places.locate import Unreadable
from madoguchi.kernel.towns import api as towns
from madoguchi.services.disaster import card as model_card
from madoguchi.services.disaster import drill_sheets as sheets
from madoguchi.services.disaster import intake, measuring, reading, showing_scores
from madoguchi.services.disaster.data import Category, Message, Source, Urgency
from madoguchi.services.disaster.engine import scoring
from madoguchi.services.disaster.engine.scoring import Example, Said, Truth
from madoguchi.services.disaster.forms import CheckForm, DrillFileForm
from madoguchi.services.disaster.models import Report
from madoguchi.services.disaster.words import URGENCY_NAMES

LARGEST_FILE = 2_000_000
MOST_SHOWN = 100
SEED = 1


@require_GET
@staff_required("manager")
def page(request: StaffRequest) -> HttpResponse:
    """How the machine read this town's own messages."""
    wanted = _wanted(request)
    found = measuring.examples(**wanted)
    context = {
        "form": DrillFileForm(),
        "drills": wanted["drills"],
        "from_cases": wanted["from_cases"],
        "waiting": measuring.unchecked(drills=wanted["drills"]).count(),
        **_result(found),
    }
    return render(request, "disaster/measuring.html", context)


@require_GET
@staff_required("manager")
def result(request: StaffRequest) -> HttpResponse:
    """The same figures as a CSV, with the messages that were read wrongly."""
    found = measuring.examples(**_wanted(request))
    audit.record("reading.export", f"staff:{request.staff.pk}", actor=request.staff.actor)
    return _csv(_result_sheet(found), "読み取りの結果.csv", "reading.csv")


@require_http_methods(["GET", "POST"])
@staff_required("manager")
def check(request: StaffRequest) -> HttpResponse:
    """One message after the other: staff says what is right, then sees what the machine said."""
    drills = _wanted(request)["drills"]
    if request.method == "GET":
        after = request.GET.get("after", "")
        waiting = measuring.unchecked(drills=drills)
        later = waiting.filter(pk__gt=int(after)) if _is_id(after) else waiting
        return _check_page(request, later.first(), CheckForm(), waiting.count())
    told = request.POST.get("report", "")
    report = get_object_or_404(
        measuring.unchecked(drills=False), pk=int(told) if _is_id(told) else 0
    )
    form = CheckForm(request.POST)
    where = form.cleaned_data["where"].strip() if form.is_valid() else ""
    place = _find(where) if where else None
    if where and place is None:
        form.add_error(
            "where", "この町の地名の一覧に見つかりません。町丁目か施設の名前にしてください。"
        )
    if not form.is_valid():
        waiting = measuring.unchecked(drills=drills)
        return _check_page(request, report, form, waiting.count(), status=422)
    categories = frozenset(Category(c) for c in form.cleaned_data["categories"])
    truth = Truth(Urgency(form.cleaned_data["urgency"]), categories, place, True)
    measuring.check(report, truth, actor=request.staff.actor, now=clock.now())
    said = measuring.said_of(report.first_reading)
    messages.success(request, f"残しました。機械の読み取りは「{_in_words(said)}」でした。")
    query = "" if drills else "&all=1"
    return redirect(f"{reverse('disaster:measuring_check')}?after={report.pk}{query}")


@require_POST
@staff_required("manager")
def sheet(request: StaffRequest) -> HttpResponse:
    """Measure on an uploaded CSV; nothing of it is stored but how many messages it held."""
    form = DrillFileForm(request.POST, request.FILES)
    rows: list[sheets.DrillRow] = []
    wrong_rows: list[str] = []
    if form.is_valid():
        try:
            rows, wrong_rows = _read_sheet(form.cleaned_data["file"])
        except Unreadable as why:
            form.add_error("file", str(why))
        if not rows and not form.errors:
            form.add_error("file", "使える行がありません。下の「直す行」を見て、直してください。")
    if not rows:
        context = {"form": form, "wrong_rows": wrong_rows}
        return render(request, "disaster/measuring_sheet.html", context, status=422)
    found = [_read_row(row) for row in rows]
    measures.note("disaster", "reading_measured", float(len(found)), source="sheet")
    audit.record(
        "reading.measure", f"staff:{request.staff.pk}", actor=request.staff.actor, count=len(found)
    )
    if request.POST.get("as") == "csv":
        return _csv(_result_sheet(found), "読み取りの結果.csv", "reading.csv")
    context = {"form": form, "wrong_rows": wrong_rows, **_result(found)}
    return render(request, "disaster/measuring_sheet.html", context)


@require_GET
@staff_required("manager")
def example(request: StaffRequest) -> HttpResponse:
    """A sheet to fill in."""
    return _csv(sheets.example_sheet(), "訓練の文の例.csv", "example.csv")


@require_GET
@staff_required("manager")
def card(request: StaffRequest) -> HttpResponse:
    """The model card, on paper too."""
    told = model_card.card()
    figures = [showing_scores.figure(*named) for named in told.figures] if told else []
    return render(request, "disaster/measuring_card.html", {"card": told, "figures": figures})


def _wanted(request: StaffRequest) -> dict[str, bool]:
    return {"drills": "all" not in request.GET, "from_cases": "checked" not in request.GET}


def _scores(found: list[Example]) -> scoring.Scores:
    return scoring.score(found, np.random.default_rng(SEED))


def _result(found: list[Example]) -> dict[str, object]:
    """What the part that shows a result needs."""
    scores = _scores(found)
    wrong = [e for e in found if not e.is_right]
    return {
        "scores": scores,
        "figures": [showing_scores.figure(*named) for named in sheets.figures(scores)],
        "enough": scoring.ENOUGH,
        "urgencies": showing_scores.urgency_table(scores.urgencies),
        "categories": showing_scores.category_table(scores.categories),
        "places": [(sheets.PLACED_NAMES[p.value], count) for p, count in scores.places.items()],
        "wrong": [showing_scores.wrong_reading(e) for e in wrong[:MOST_SHOWN]],
        "wrong_count": len(wrong),
    }


def _result_sheet(found: list[Example]) -> bytes:
    return sheets.result_sheet(_scores(found), (e for e in found if not e.is_right))


def _check_page(
    request: StaffRequest, report: Report | None, form: CheckForm, waiting: int, status: int = 200
) -> HttpResponse:
    words = measuring.first_words(report) if report else ""
    context = {
        "report": report,
        "words": words,
        "form": form,
        "waiting": waiting,
        "drills": _wanted(request)["drills"],
    }
    return render(request, "disaster/measuring_check.html", context, status=status)


def _read_sheet(file: UploadedFile) -> tuple[list[sheets.DrillRow], list[str]]:
    if (file.size or 0) > LARGEST_FILE:
        raise Unreadable("ファイルが大きすぎます。2MBまでに分けてください。")
    return sheets.read(file.read(), _find)


def _read_row(row: sheets.DrillRow) -> Example:
    """The machine's reading of one row, as if it had come by LINE just now."""
    message = Message(
        f"row-{row.line}", towns.here().code, Source.LINE, clock.now(), reading.clean(row.text)
    )
    read = reading.understand(message)
    said = Said(read.urgency, frozenset(read.categories), read.place.point, read.ask_back)
    return Example(f"{row.line}行目", row.text, said, row.truth)


def _find(where: str) -> Place | None:
    return intake.place_in(where, towns.here())


def _in_words(said: Said) -> str:
    return f"{URGENCY_NAMES[said.urgency]}、{sheets.names_of(said.categories)}"


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _csv(data: bytes, name: str, plain_name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    encoded = iri_to_uri(name)
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{encoded}"
    )
    return response
