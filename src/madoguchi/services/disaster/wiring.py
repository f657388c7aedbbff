"""Where the room joins the house: the door for words, menus, waiting lists, and the way back."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse

from madoguchi.channels.slack import telling
from madoguchi.channels.sns import api as sns
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import OPEN_STATES, State
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import router, taking_back
from madoguchi.kernel.people import api as people
from madoguchi.services.disaster import erasing, notices, open_posts, sight, tellback
from madoguchi.services.disaster.data import SERVICE
from madoguchi.services.disaster.listener import DisasterListener
from madoguchi.services.disaster.words import category_names
from madoguchi.ui import menu, services, voices, waiting, warnings
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

THIS = services.Service(
    SERVICE,
    10,
    Words(
        "災害・困りごとの知らせ",
        "災害《さいがい》・こまったことの 知《し》らせ",
        "Reports of damage and requests for help",
    ),
    Words(
        "住民の知らせを地図と一覧に出し、担当を決め、結果を返します。職員のお知らせも出せます。",
        "災害《さいがい》や こまったことを 役所《やくしょ》に 知《し》らせます。",
        "Residents tell of damage; staff see it on a map, act, and answer.",
    ),
    needs="知らせを見る職員。地図は町のデータに入っています。",
    when_off="案件は消えず、入れ直すとまた見えます。切っている間、案件の画面は開けず、出ているお知らせは"
    "住民のページから消えます。届いたメッセージは「届いた声」に入り、住民には、知らせの受付を"
    "していないことと電話番号を返事します。",
    rooms=("disaster",),
    open_work=lambda: _open_cases().count(),
)


def connect() -> None:
    """Join the house; called once at start."""
    services.register(THIS)
    router.register(DisasterListener())
    cases.on_change(SERVICE, tellback.tell)
    telling.name_kinds(SERVICE, category_names)
    files.register_guard(sight.may_see)
    people.on_erase(erasing.erase)
    taking_back.on_take_back(erasing.take_back)
    sns.on_edit(open_posts.reread)
    sns.reads(open_posts.preview)
    waiting.register(_waiting, SERVICE)
    warnings.register(notices.in_force, SERVICE)
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
    open_cases = _open_cases()
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


def _open_cases() -> QuerySet[Case]:
    return Case.objects.filter(service=SERVICE, state__in=[s.value for s in OPEN_STATES])
