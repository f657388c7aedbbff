"""What staff is told in Slack, decided in the transaction of its reason, and told once."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction

from madoguchi.channels import registry
from madoguchi.channels.drills import MARK
from madoguchi.channels.slack import account as accounts
from madoguchi.channels.slack.account import Event
from madoguchi.channels.slack.models import Told
from madoguchi.kernel.cases.data import OPEN_STATES, Verb
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import outbox
from madoguchi.kernel.messages.data import Outgoing
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.ui import services

KIND, STAFF = "slack", "staff"
LIFE = 3
PAUSE_S = 30.0
LATE_IN = timedelta(minutes=2)
LATE_OUT = timedelta(minutes=10)
MOST = 200

_kinds: dict[str, Callable[[Iterable[str]], str]] = {}


def name_kinds(service: str, names: Callable[[Iterable[str]], str]) -> None:
    """Let a service say its categories in words; without it the service's title is told."""
    _kinds[service] = names


def on_case(case: Case, verb: Verb, _note: str) -> None:
    """Tell of a case of danger to life, once in its life; runs in the verb's transaction."""
    if case.urgency != LIFE or case.state not in OPEN_STATES:
        return
    if verb not in (Verb.OPEN, Verb.SET_URGENCY) or not _wants(case.town, Event.URGENT):
        return
    if _first_time(f"case:{case.pk}:urgent"):
        _say(case.town, _urgent(case), about=f"case:{case.pk}")


def step() -> int:
    """Look at every town for what failed and what is late; returns how much was told."""
    told = 0
    for town in registry.towns_of(KIND):
        with current.use(town.pk):
            told += _failed(town) + _late(town)
    return told


def _urgent(case: Case) -> str:
    known = case.service in _kinds
    kind = _kinds[case.service](case.categories) if known else _title(case.service)
    drill = MARK if case.drill else ""
    place = case.place_label or "場所は確認中"
    link = f"{accounts.origin(case.town.settings)}/staff/cases/{case.number}/"
    return f"{drill}命の危険の知らせ（緊急度3）\n種類：{kind}\n場所：{place}\n{link}"


def _failed(town: Town) -> int:
    """Deliveries that staff has to see to, all new ones in one message."""
    if not _wants(town, Event.FAILED):
        return 0
    refused = Outbox.objects.filter(state=Outbox.State.REFUSED, settled_at=None)
    ids = list(refused.exclude(channel=KIND).order_by("id").values_list("id", flat=True)[:MOST])
    names = {f"outbox:{pk}" for pk in ids}
    if not names - _known(names):
        return 0
    with transaction.atomic():
        Town.objects.select_for_update().get(pk=town.pk)  # one process at a time
        fresh = names - _known(names)
        Told.objects.bulk_create(Told(event=name, at=clock.now()) for name in sorted(fresh))
        if fresh:
            link = f"{accounts.origin(town.settings)}/staff/deliveries/"
            text = f"住民に届けられなかったものが{len(fresh)}件あります。電話などで伝えてください。"
            _say(town, f"{text}\n{link}")
    return len(fresh)


def _late(town: Town) -> int:
    """Work that waits too long, at most once an hour."""
    if not _wants(town, Event.LATE):
        return 0
    now = clock.now()
    came = Inbound.objects.filter(
        state=Inbound.State.WAITING, received_at__lt=now - LATE_IN
    ).count()
    waiting = Outbox.objects.filter(state=Outbox.State.WAITING, created_at__lt=now - LATE_OUT)
    out = waiting.exclude(channel=KIND).count()
    if not came + out or not _first_time(f"late:{now:%Y%m%d%H}", look_first=True):
        return 0
    parts = []
    if came:
        parts.append(f"届いたメッセージ {came}件が、2分より長く処理を待っています。")
    if out:
        parts.append(f"住民への送信 {out}件が、10分より長く待っています。")
    text = "\n".join([*parts, f"{accounts.origin(town.settings)}/staff/"])
    with transaction.atomic():
        if not _first_time(f"late:{now:%Y%m%d%H}"):
            return 0
        _say(town, text)
    return 1


def _wants(town: Town, event: Event) -> bool:
    return accounts.wants(town.settings, event) and services.channel_is_on(town, KIND)


def _say(town: Town, text: str, *, about: str = "") -> None:
    drill = town.settings.get("drill") and not text.startswith(MARK)
    outbox.say(KIND, STAFF, [Outgoing(f"{MARK if drill else ''}{text}")], about=about)


def _first_time(event: str, *, look_first: bool = False) -> bool:
    """Whether an event was not told; without ``look_first`` it counts as told from now on."""
    if look_first:
        return not _known({event})
    try:
        with transaction.atomic():
            return Told.objects.get_or_create(event=event, defaults={"at": clock.now()})[1]
    except IntegrityError:
        return False


def _known(events: set[str]) -> set[str]:
    return set(Told.objects.filter(event__in=events).values_list("event", flat=True))


def _title(service: str) -> str:
    try:
        return services.get(service).title.ja
    except KeyError:
        return "知らせ"
