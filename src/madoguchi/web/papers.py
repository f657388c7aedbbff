"""The lists on paper that more than one room fills."""

from functools import partial

from madoguchi.channels.paper import lists, sheets
from madoguchi.channels.paper.data import Column, Group, Listing
from madoguchi.kernel.cases.data import OPEN_STATES
from madoguchi.kernel.clock import api as clock
from madoguchi.services.disaster.models import Report
from madoguchi.services.helpdesk import api as helpdesk
from madoguchi.services.helpdesk.speaking import WHENS


def register() -> None:
    """Offer them on the page of paper."""
    sheets.register(
        sheets.Sheet(
            "cases",
            "対応中の案件（地区ごと、歩く順）",
            "停電や通信が切れたときに持って歩けます。",
            partial(lists.open_cases, "disaster"),
            "disaster",
        )
    )
    sheets.register(
        sheets.Sheet("calls", "電話する相手", "電話を待っている人と、電話で知らせた人です。", calls)
    )
    sheets.register(
        sheets.Sheet(
            "failed",
            "送れなかった返事",
            "電話や訪問で伝える相手の一覧です。",
            lists.failed_deliveries,
        )
    )


def calls() -> Listing:
    """Who is to be called: those who wait for help, and who told by telephone of an open case."""
    groups = (
        Group("使い方の相談で、電話を待っている人", _waiting()),
        Group("電話で知らせた人（案件が対応中）", _told()),
    )
    return Listing(
        "電話する相手",
        "名前と電話番号が載っています。使い終わったら、細かく切って捨ててください。",
        (
            Column("受付番号", 27),
            Column("電話番号", 36),
            Column("名前", 34),
            Column("希望", 46),
            Column("内容", 0),
            Column("結果", 44),
        ),
        tuple(group for group in groups if group.rows),
    )


def _waiting() -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            call.number,
            call.phone,
            call.name,
            f"{_day(call)} {WHENS[call.wished_when].ja}{'（かけ直し）' if call.missed else ''}",
            call.about,
            "",
        )
        for call in helpdesk.calls_wanted()
    )


def _day(call: helpdesk.CallWanted) -> str:
    on = call.wished_on
    return f"{on.month}月{on.day}日" if on else "なるべく早く"


def _told() -> tuple[tuple[str, ...], ...]:
    rows = Report.objects.filter(
        contact__channel="phone", case__state__in=[state.value for state in OPEN_STATES]
    ).exclude(contact__address__startswith="call-")
    found = rows.select_related("case", "contact").order_by("sent_at", "id")
    lines = {}
    for report in found:
        if report.case is not None:
            local = clock.jst(report.sent_at)
            lines[report.case.number, report.contact.address] = (
                report.case.number,
                report.contact.address,
                "",
                f"{local.month}/{local.day} {local:%H:%M} に電話",
                report.case.title,
                "",
            )
    return tuple(lines.values())
