"""How cases and reports are put into words for staff pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from madoguchi.channels.sns import api as sns
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import STATE_WORDS, Bounds, CaseFilter, State
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people import api as people
from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Accuracy, Point
from madoguchi.services.disaster import open_posts, words
from madoguchi.services.disaster.data import NoticeLevel, Source
from madoguchi.services.disaster.models import Notice, Report
from madoguchi.ui import lateness

URGENCY_TONES = {3: "urgent", 2: "warn", 1: "info", 0: "normal"}
URGENCY_MARKS = {3: "命", 2: "急", 1: "記", 0: "他"}
CONTACT_WORDS = {"mail": "メール（本人未確認）", "sms": "SMS"}
"""Channels whose words weigh like those of the web, but which are none."""

SOURCE_WORDS = {
    Source.LINE: "LINE（友だち登録あり）",
    Source.WEB: "ウェブ",
    Source.PHONE: "電話・窓口",
    Source.SNS: "SNS",
}
NOTICE_CHIPS = {
    NoticeLevel.CAUTION: ("注意", "normal", "注"),
    NoticeLevel.DANGER: ("警戒", "warn", "警"),
    NoticeLevel.EMERGENCY: ("緊急", "urgent", "緊"),
}
NEAR_M = 500
MOST_NEAR = 8


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in words. ``posts`` open posts tell of it, too; ``witnesses`` are people."""

    number: str
    title: str
    urgency: str
    urgency_tone: str
    urgency_mark: str
    state: str
    is_new: bool
    place: str
    categories: str
    department: str
    assignee: str
    witnesses: int
    posts: int
    doubtful: bool
    ask_pending: bool
    drill: bool
    updated_at: datetime

    @property
    def unverified(self) -> bool:
        """Whether nobody but open posts tells of it."""
        return self.posts > 0 and self.witnesses == 0


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in words, with the machine's reasons."""

    pk: int
    text: str
    sent_at: datetime
    late: str
    source: str
    categories: str
    urgency: str
    place: str
    reasons: tuple[str, ...]
    doubtful: bool
    settles: bool
    photos: tuple[str, ...]
    callback: str
    origin: sns.Origin | None
    speaker: str


def rows(found: Iterable[Case]) -> list[CaseRow]:
    """Cases for a list; department and assignee must have been fetched with them."""
    listed = list(found)
    posts = open_posts.counts([case.pk for case in listed])
    return [_row(case, posts.get(case.pk, 0)) for case in listed]


def row(case: Case) -> CaseRow:
    """One case for its page."""
    return rows([case])[0]


def _row(case: Case, posts: int) -> CaseRow:
    return CaseRow(
        number=case.number,
        title=case.title,
        urgency=words.URGENCY_NAMES[case.urgency],
        urgency_tone=URGENCY_TONES[case.urgency],
        urgency_mark=URGENCY_MARKS[case.urgency],
        state=STATE_WORDS[State(case.state)],
        is_new=case.state == State.NEW.value,
        place=_place(case.place_label, case.accuracy, case.radius_m, case.place_confirmed),
        categories=words.category_names(case.categories),
        department=case.department.name if case.department else "",
        assignee=case.assignee.name if case.assignee else "",
        witnesses=max(0, case.witnesses - posts),
        posts=posts,
        doubtful=case.doubtful,
        ask_pending=case.ask_pending,
        drill=case.drill,
        updated_at=case.updated_at,
    )


def reports(found: Iterable[Report]) -> list[ReportRow]:
    """Reports for the page of their case."""
    told = list(found)
    posts = [r.inbound.external_id for r in told if r.source == Source.SNS.value]
    origins = sns.origins(posts)
    return [_report(r, origins) for r in told]


def _report(report: Report, origins: Mapping[str, sns.Origin]) -> ReportRow:
    contact = report.contact
    rings_back = contact.channel == "phone" and not contact.address.startswith("call-")
    return ReportRow(
        pk=report.pk,
        text=report.text,
        sent_at=report.sent_at,
        late=lateness.note(
            report.sent_at, report.inbound.received_at, waited=contact.channel == "web"
        ),
        source=CONTACT_WORDS.get(contact.channel) or SOURCE_WORDS[Source(report.source)],
        categories=words.category_names(report.categories),
        urgency=words.URGENCY_NAMES[report.urgency],
        place=_place(
            report.place_label or report.place_text,
            report.accuracy,
            report.radius_m,
            report.place_confirmed,
        ),
        reasons=tuple(reason["text"] for reason in report.reasons),
        doubtful=report.doubtful,
        settles=report.settles,
        photos=tuple(str(photo.file.key) for photo in report.photos.all()),
        callback=contact.address if rings_back else "",
        origin=origins.get(report.inbound.external_id),
        speaker=people.proxies.spoken(contact.person, report.inbound.for_person),
    )


def near(case: Case) -> list[CaseRow]:
    """Open cases within ``NEAR_M`` metres: candidates for a merge, nearest first."""
    if case.lat is None or case.lon is None:
        return []
    here = Point(case.lat, case.lon)
    box = 0.008  # degrees, somewhat more than NEAR_M in both directions
    wanted = CaseFilter(
        service=case.service,
        states=cases.OPEN_STATES,
        bounds=Bounds(case.lon - box, case.lat - box, case.lon + box, case.lat + box),
    )
    others = cases.matching(wanted).exclude(pk=case.pk)
    with_distance = [
        (places.distance_m(here, Point(other.lat, other.lon)), other)
        for other in others[:100]
        if other.lat is not None and other.lon is not None
    ]
    nearest = sorted((pair for pair in with_distance if pair[0] <= NEAR_M), key=lambda p: p[0])
    return rows(other for _, other in nearest[:MOST_NEAR])


def _place(label: str, accuracy: str, radius_m: int, confirmed: bool) -> str:
    exact = Accuracy(accuracy)
    if exact is Accuracy.NONE:
        return f"{label}（位置は未確認）" if label else "場所は未確認"
    how = words.ACCURACY_NAMES[exact]
    radius = words.round_radius(radius_m)
    mark = "・確認済み" if confirmed else ""
    return f"{label or '地図の地点'}（{how}・半径{radius}{mark}）"


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in words: the chip of its level (text, tone, mark), and who did what when."""

    pk: int
    text: str
    level: tuple[str, str, str]
    state: str
    drill: bool
    starts_at: datetime
    ends_at: datetime
    published_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str


def notices(rows: Iterable[Notice]) -> list[NoticeRow]:
    """Notices for the page of staff; one query for all names."""
    found = list(rows)
    actors = {row.published_by for row in found} | {row.withdrawn_by for row in found}
    names = people.actor_names(actors - {""})
    now = clock.now()
    return [
        NoticeRow(
            row.pk,
            row.text,
            NOTICE_CHIPS[NoticeLevel(row.level)],
            "予約" if row.starts_at > now else "表示中",
            row.drill,
            row.starts_at,
            row.ends_at,
            names[row.published_by],
            row.withdrawn_at,
            names.get(row.withdrawn_by, ""),
        )
        for row in found
    ]
