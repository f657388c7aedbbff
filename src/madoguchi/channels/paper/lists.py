"""The lists of the kernel: open cases in walking order, and deliveries that failed."""

import re
from collections import defaultdict
from datetime import datetime
from math import cos, radians
from statistics import fmean

from madoguchi.channels.paper.data import Column, Group, Listing, Stop
from madoguchi.channels.paper.engine import walking
from madoguchi.kernel.cases.data import OPEN_STATES, STATE_WORDS, State
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Point
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import pack

_CHOME = re.compile("[一二三四五六七八九十0-9０-９]+丁目$")
METRES_PER_DEGREE = 111_320.0
URGENCY = {3: "命の危険", 2: "今日中", 1: "記録", 0: "なし"}
NOWHERE = "場所がわかっていないもの"
CHANNELS = {"line": "LINE", "web": "ウェブ", "mail": "メール", "paper": "手紙"}


def open_cases(service: str) -> Listing:
    """Open cases of a service by district; the districts and the cases of each in walking order."""
    states = [state.value for state in OPEN_STATES]
    rows = Case.objects.filter(service=service, state__in=states)
    cases = list(rows.select_related("department").order_by("id"))
    placed = [case for case in cases if case.lat is not None and case.lon is not None]
    groups = [Group(name, tuple(_case(case) for case in found)) for name, found in _walk(placed)]
    rest = sorted((c for c in cases if c.lat is None), key=lambda case: (-case.urgency, case.pk))
    if rest:
        groups.append(Group(NOWHERE, tuple(_case(case) for case in rest)))
    return Listing(
        "対応中の案件（地区ごと、歩く順）",
        f"{len(cases)} 件。順番は直線で近い順です。川や線路は考えていません。"
        "位置の誤差を見て、着いたら確かめてください。",
        (
            Column("受付番号", 25),
            Column("緊急度・状態", 26),
            Column("件名", 0),
            Column("場所（誤差）", 62),
            Column("受付", 22),
            Column("担当", 32),
            Column("メモ", 34),
        ),
        tuple(groups),
    )


def failed_deliveries() -> Listing:
    """Answers that could not be sent and are not settled: to be told another way."""
    rows = Outbox.objects.filter(state=Outbox.State.REFUSED, settled_at=None).order_by("id")
    numbers = dict(Case.objects.values_list("pk", "number"))
    lines = tuple(
        (
            _time(row.created_at),
            CHANNELS.get(row.channel, row.channel),
            numbers.get(_case_id(row.about), ""),
            "\n".join(message["text"] for message in row.messages),
            row.detail,
        )
        for row in rows
    )
    return Listing(
        "送れなかった返事",
        f"{len(lines)} 件。電話や訪問で伝えたら、「送信の状況」で「別の方法で伝えた」を押します。",
        (
            Column("作った時刻", 25),
            Column("送り先", 22),
            Column("受付番号", 27),
            Column("伝える文", 0),
            Column("理由", 70),
        ),
        (Group("送れなかったもの", lines),) if lines else (),
    )


def _walk(cases: list[Case]) -> list[tuple[str, list[Case]]]:
    """Districts with their cases, both in walking order from the town hall."""
    if not cases:
        return []
    code = towns.here().code
    here = pack.load(code).hall
    hall = Point(here.lat, here.lon)
    by_district: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_district[_district(case, code)].append(case)
    where = {str(case.pk): _metres(case, hall) for case in cases}
    middles = [
        Stop(name, fmean(x for x, _ in points), fmean(y for _, y in points))
        for name, found in by_district.items()
        for points in [[where[str(case.pk)] for case in found]]
    ]
    return _in_order(middles, by_district, where)


def _in_order(
    middles: list[Stop],
    by_district: dict[str, list[Case]],
    where: dict[str, tuple[float, float]],
) -> list[tuple[str, list[Case]]]:
    result, here = [], (0.0, 0.0)
    for middle in walking.order(middles, here):
        known = {str(case.pk): case for case in by_district[middle.key]}
        way = walking.order([Stop(key, *where[key]) for key in known], here)
        here = (way[-1].x, way[-1].y)
        result.append((middle.key, [known[stop.key] for stop in way]))
    return result


def _district(case: Case, code: str) -> str:
    """The district in which a case lies: the nearest block's name without its number."""
    point = Point(float(case.lat or 0.0), float(case.lon or 0.0))
    block = places.nearest(places.gazetteer_for(code), point, code)
    name = block.label.removeprefix(towns.here().name)
    return _CHOME.sub("", name) or block.label


def _metres(case: Case, hall: Point) -> tuple[float, float]:
    """East and north of the town hall; flat is near enough within a town."""
    lat, lon = float(case.lat or 0.0), float(case.lon or 0.0)
    east = (lon - hall.lon) * METRES_PER_DEGREE * cos(radians(hall.lat))
    return east, (lat - hall.lat) * METRES_PER_DEGREE


def _case(case: Case) -> tuple[str, ...]:
    where = case.place_label or "わかっていません"
    if case.lat is not None:
        sure = "確認済み" if case.place_confirmed else f"誤差およそ{case.radius_m} m"
        where = f"{where}（{sure}）"
    return (
        case.number,
        f"{URGENCY[case.urgency]}・{STATE_WORDS[State(case.state)]}",
        f"{'【訓練】' if case.drill else ''}{case.title}",
        where,
        _time(case.opened_at),
        case.department.name if case.department else "未定",
        "",
    )


def _case_id(about: str) -> int:
    digits = about.removeprefix("case:")
    return int(digits) if about.startswith("case:") and digits.isdigit() else 0


def _time(moment: datetime) -> str:
    local = clock.jst(moment)
    return f"{local.month}/{local.day} {local:%H:%M}"
