"""Where the room joins the house: the door for words, menus, waiting lists, and the way back."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import OPEN_STATES, State
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import router, taking_back
from madoguchi.kernel.people import api as people
from madoguchi.services.disaster import erasing, notices, sight, tellback
from madoguchi.services.disaster.data import SERVICE
from madoguchi.services.disaster.listener import DisasterListener
from madoguchi.ui import menu, voices, waiting, warnings
from madoguchi.ui.words import Words

if TYPE_CHECKING:
    from madoguchi.kernel.people.models import StaffMember


MENU = (
    ("地図", "Map", "map", "map", "届いた知らせを地図と一覧で見ます。"),
    ("一覧", "Cases", "cases", "list", "案件を探して、対応します。"),
    ("電話の受付", "Telephone", "phone", "phone", "電話や窓口で聞いたことを登録します。"),
    ("お知らせ", "Notices", "notices", "alert", "住民のページの一番上に、お知らせを出します。"),
)
"""Title, title in English, page, icon and description, in the order of use."""


def connect() -> None:
    """Join the house; called once at start."""
    router.register(DisasterListener())
    cases.on_change(SERVICE, tellback.tell)
    files.register_guard(sight.may_see)
    people.on_erase(erasing.erase)
    taking_back.on_take_back(erasing.take_back)
    waiting.register(_waiting)
    warnings.register(notices.in_force)
    voices.register(
        voices.Taker(
            SERVICE, "案件にする", Q(report__case__isnull=False), "disaster:open_from_voice"
        )
    )
    for order, (title, english, page, icon, description) in enumerate(MENU, start=1):
        words = Words(title, en=english)
        menu.register(
            menu.MenuItem(
                "staff", order * 10, words, f"disaster:{page}", icon, Words(description), SERVICE
            )
        )
    menu.register(
        menu.MenuItem(
            "settings",
            60,
            Words("自動の読み取りを確かめる", en="How well messages are read"),
            "disaster:measuring",
            "check",
            Words("機械の読み取りがどこまで当たるかを見て、この町の訓練の文で測ります。"),
            SERVICE,
            "manager",
        )
    )


def _waiting(staff: "StaffMember") -> list[waiting.Waiting]:
    """What waits for a member of staff in this room."""
    open_cases = Case.objects.filter(service=SERVICE, state__in=[s.value for s in OPEN_STATES])
    new = open_cases.filter(state=State.NEW.value)
    url = reverse("disaster:cases")
    return [
        waiting.Waiting(
            10,
            "命の危険がある、未確認の案件",
            new.filter(urgency=3).count(),
            f"{url}?urgency=3&state=new",
            "urgent",
        ),
        waiting.Waiting(20, "未確認の案件", new.count(), f"{url}?state=new", "warn"),
        waiting.Waiting(
            30,
            "場所の返事を待っている案件",
            open_cases.filter(ask_pending=True).count(),
            f"{url}?ask=1",
            "normal",
        ),
        waiting.Waiting(
            40,
            "あなたが担当する案件",
            open_cases.filter(assignee=staff).count(),
            f"{url}?mine=1",
            "normal",
        ),
    ]
