"""Reports that tell of one event are one case: the case shows what its reports say together."""

from collections.abc import Sequence

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import Verb
from madoguchi.kernel.cases.domain import TITLE_LENGTH
from madoguchi.kernel.cases.models import Case, CaseEvent
from madoguchi.kernel.places.columns import from_columns
from madoguchi.kernel.places.data import Accuracy, Place
from madoguchi.services.disaster import reading, words
from madoguchi.services.disaster.data import MACHINE, SERVICE, Category, Urgency
from madoguchi.services.disaster.engine import newest
from madoguchi.services.disaster.models import Report

_EXACTNESS = {
    Accuracy.PIN: 0,
    Accuracy.ADDRESS: 1,
    Accuracy.FACILITY: 1,
    Accuracy.BLOCK: 2,
    Accuracy.DISTRICT: 3,
    Accuracy.TOWN: 4,
    Accuracy.NONE: 5,
}


def gather(report: Report) -> None:
    """Put a report into the case it tells of, or open one for it."""
    case_id, reasons = reading.find_group(report)
    if case_id is None:
        open_case(report, actor=MACHINE)
        return
    report.case_id = case_id
    report.reasons = [*report.reasons, *({"about": r.about, "text": r.text} for r in reasons)]
    report.save(update_fields=["case", "reasons"])
    cases.add_witness(case_id, actor=MACHINE)
    refresh(case_id, actor=MACHINE)


def open_case(report: Report, *, actor: str) -> Case:
    """Open a case for one report."""
    report.case = cases.open_case(
        service=SERVICE,
        title=title_of([report]),
        actor=actor,
        urgency=report.urgency,
        categories=report.categories,
        place=from_columns(report),
        doubtful=report.doubtful,
        ask_pending=report.ask_back,
        drill=bool(report.town.settings.get("drill")),
        opened_at=report.sent_at,
    )
    report.save(update_fields=["case"])
    return report.case


def refresh(case_id: int, *, actor: str) -> None:
    """Show on the case what its reports say now, except what staff has set there."""
    told = Report.objects.filter(case_id=case_id).defer("reasons")
    reports = list(told.order_by("sent_at", "id"))
    case = Case.objects.get(pk=case_id)
    kept = _set_by_staff(case_id)
    urgency = max(report.urgency for report in reports)
    # Staff may have lowered it; a later message that tells of danger to life still counts.
    danger = reports[-1].urgency == Urgency.LIFE
    if urgency != case.urgency and (Verb.SET_URGENCY not in kept or danger):
        cases.set_urgency(case_id, urgency, actor=actor)
    categories = _categories(reports)
    if categories != case.categories and Verb.SET_CATEGORIES not in kept:
        cases.set_categories(case_id, categories, actor=actor)
    place = _best_place(reports)
    if place.point is not None and Verb.SET_PLACE not in kept and _differs(case, place):
        cases.set_place(case_id, place, actor=actor)
    doubtful = _doubtful(reports)
    if doubtful != case.doubtful and Verb.SET_DOUBTFUL not in kept:
        cases.set_doubtful(case_id, doubtful, actor=actor)
    asking = all(report.ask_back for report in reports) and Verb.SET_PLACE not in kept
    if asking != Case.objects.values_list("ask_pending", flat=True).get(pk=case_id):
        cases.set_ask_pending(case_id, asking, actor=actor)
    title = title_of(reports)[:TITLE_LENGTH]
    if title != case.title and Verb.SET_TITLE not in kept:
        cases.set_title(case_id, title, actor=actor)


def _set_by_staff(case_id: int) -> set[Verb]:
    verbs = CaseEvent.objects.filter(case_id=case_id, actor__startswith="staff:")
    return {Verb(verb) for verb in verbs.values_list("verb", flat=True).distinct()}


def _differs(case: Case, place: Place) -> bool:
    assert place.point is not None
    shown = (case.lat, case.lon, case.accuracy, case.radius_m, case.place_confirmed)
    wanted = (
        place.point.lat,
        place.point.lon,
        place.accuracy.value,
        place.radius_m,
        place.confirmed,
    )
    return shown != wanted


def title_of(reports: Sequence[Report]) -> str:
    """「浸水・水害（国領町三丁目）」, with the newest state of the place when it has changed."""
    categories = _categories(reports)
    names = words.category_names(categories[:2])
    place = _best_place(reports)
    where = place.label or next((r.place_text for r in reports if r.place_text), "")
    title = f"{names}（{where}）" if where else names
    state = None
    if any(report.settles for report in reports):
        code = reports[0].town.code
        state = newest.state([reading.grouped(report, code) for report in reports])
    return f"{title} → {state}" if state else title


def _categories(reports: Sequence[Report]) -> list[str]:
    """All categories, the most often named first; "irrelevant" never beside another."""
    counts: dict[str, int] = {}
    for report in reports:
        for category in report.categories:
            counts[category] = counts.get(category, 0) + 1
    order = sorted(counts, key=lambda category: -counts[category])
    told = [c for c in order if c != Category.IRRELEVANT.value]
    return told or [Category.IRRELEVANT.value]


def _best_place(reports: Sequence[Report]) -> Place:
    """The place that is known best: confirmed by a person, then exact, then small, then newest."""
    newest_first = sorted(reports, key=lambda r: r.sent_at, reverse=True)
    return min(
        (from_columns(report) for report in newest_first),
        key=lambda p: (not p.confirmed, _EXACTNESS[p.accuracy], p.radius_m),
    )


def _doubtful(reports: Sequence[Report]) -> bool:
    """In doubt until somebody who is not in doubt tells of the same thing."""
    return all(report.doubtful for report in reports)
