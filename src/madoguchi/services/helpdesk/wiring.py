"""Where the room joins the house: the door for words, menus, waiting lists, and the way back."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from madoguchi.channels import registry
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.messages import router, taking_back
from madoguchi.kernel.people import api as people
from madoguchi.services.helpdesk import erasing, family, queries, tellback
from madoguchi.services.helpdesk.data import SERVICE
from madoguchi.services.helpdesk.family_listener import FamilyListener
from madoguchi.services.helpdesk.listener import HelpdeskListener
from madoguchi.ui import menu, services, voices, waiting
from madoguchi.ui.words import Words

if TYPE_CHECKING:
    from madoguchi.kernel.people.models import StaffMember

TITLE = Words("使い方の相談", "使《つか》いかたの そうだん", "Help with using this")

THIS = services.Service(
    SERVICE,
    20,
    TITLE,
    Words(
        "使い方がわからない人の相談を受け、職員がお返事や電話をします。家族が代わりに使う同意も扱います。",
        "使《つか》いかたが わからない とき、役所《やくしょ》の 人《ひと》に 聞《き》けます。",
        "Ask staff for help with these pages, in writing or by telephone.",
    ),
    needs="相談に答える職員。電話の折り返しをする人を決めておきます。",
    when_off="相談は消えず、入れ直すとまた見えます。切っている間、相談のページは開けません。",
    rooms=("helpdesk", "ask", "family"),
    open_work=lambda: queries.waiting().count(),
)


def connect() -> None:
    """Join the house; called once at start."""
    services.register(THIS)
    router.register(HelpdeskListener())
    router.register(FamilyListener())
    registry.collects("proxies", family.end_what_is_over, family.LOOK_EVERY_S)
    cases.on_change(SERVICE, tellback.tell)
    people.on_erase(erasing.erase)
    taking_back.on_take_back(erasing.take_back)
    waiting.register(_waiting, SERVICE)
    voices.register(
        voices.Taker(SERVICE, "使い方の相談にする", Q(service=SERVICE), "helpdesk:take_voice")
    )
    menu.register(
        menu.MenuItem(
            "staff",
            45,
            TITLE,
            "helpdesk:queue",
            "help",
            Words("使い方の相談に答え、電話を折り返します。"),
            SERVICE,
        )
    )
    menu.register(
        menu.MenuItem(
            "resident",
            85,
            Words(
                "使い方を相談する・電話してもらう",
                "使《つか》いかたを 聞《き》く",
                "Ask for help, be called back",
            ),
            "ask:form",
            "people",
            Words(
                "登録はいりません。職員が文か電話でお答えします。",
                "役所《やくしょ》の 人《ひと》が 電話《でんわ》か 文《ぶん》で 教《おし》えます。",
                "No account needed. Staff answer in writing or by telephone.",
            ),
            SERVICE,
        )
    )


def _waiting(_staff: "StaffMember") -> list[waiting.Waiting]:
    url = reverse("helpdesk:queue")
    return [
        waiting.Waiting(45, "使い方の相談", queries.waiting().count(), url, "normal"),
        waiting.Waiting(
            46, "電話を待っている人", queries.wanted_calls().count(), f"{url}?show=calls", "warn"
        ),
    ]
