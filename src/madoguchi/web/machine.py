"""How the machine and its work are: the page for the administrator, and figures for a monitor."""

import os
import platform
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
from cryptography import x509
from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from madoguchi.channels import registry
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.towns import current
from madoguchi.ui import services
from madoguchi.ui.templatetags.ui import jst
from madoguchi.web import health, noted, standby
from madoguchi.web.health import Sign

LOW_B = 5_000_000_000
BACKUP_OLD = timedelta(days=2)
CERTIFICATE_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Way:
    """One channel: when something last came in and last went out."""

    title: str
    came: datetime | None
    went: datetime | None


@never_cache
@require_safe
@staff_required("admin")
def page(request: StaffRequest) -> HttpResponse:
    """Everything in one place, with what to do."""
    context = {
        "now": clock.now(),
        "signs": [*machine(), *health.of_town()],
        "ways": ways(
            [kind for kind in registry.kinds() if services.channel_is_on(request.town, kind)]
        ),
        "versions": versions(),
    }
    return render(request, "web/machine.html", context)


def machine() -> list[Sign]:
    """The signs that belong to the machine rather than to a town."""
    signs = [_disk(), _backup(), _update()]
    if standby.reach() is None:
        signs.append(Sign("予備機への写し", True, "予備機は設定されていません"))
    return signs + _certificate()


def versions() -> list[tuple[str, str]]:
    """What runs here."""
    return [
        ("窓口", version("madoguchi")),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("データベース", f"{connection.display_name} {_database_version()}"),
        ("データベースの大きさ", f"{_database_bytes() / 1e6:,.1f} MB"),
    ]


def ways(kinds: list[str]) -> list[Way]:
    """The channels of the current town by kind."""
    came = dict(Inbound.objects.values_list("channel").annotate(at=Max("received_at")))
    went = dict(Outbox.objects.values_list("channel").annotate(at=Max("sent_at")))
    titles = {service.name: service.title.ja for service in services.known()}
    return [
        Way(titles.get(kind, kind), came.get(kind), went.get(kind))
        for kind in sorted({*kinds, *came, *went})
    ]


def figures() -> dict[str, Any]:
    """The same for a machine, over all towns: numbers and moments alone, nothing of anybody."""
    now = clock.now()
    with current.everywhere("figures for the monitor"):
        inbox = Inbound.objects.filter(state=Inbound.State.WAITING)
        outbox = Outbox.objects.filter(state=Outbox.State.WAITING)
        oldest = inbox.order_by("received_at").values_list("received_at", flat=True).first()
        counted = {
            "inbox_waiting": inbox.count(),
            "inbox_oldest_s": (now - oldest).total_seconds() if oldest else 0.0,
            "inbox_failed": Inbound.objects.filter(state=Inbound.State.FAILED).count(),
            "outbox_waiting": outbox.count(),
            "outbox_refused": Outbox.objects.filter(
                state=Outbox.State.REFUSED, settled_at__isnull=True
            ).count(),
            "audit_unsealed": Entry.objects.filter(seal__isnull=True).count(),
        }
    backup, update, reach = noted.last_backup(_data()), noted.last_update(_data()), standby.reach()
    return counted | {
        "version": version("madoguchi"),
        "at": now.isoformat(),
        "database": connection.vendor,
        "database_bytes": _database_bytes(),
        "disk_free_bytes": shutil.disk_usage(_data()).free,
        "backup_at": backup.at if backup else None,
        "update_at": update.at if update else None,
        "update_done": update.done if update else None,
        "standby_age_s": reach.age.total_seconds() if reach and reach.age else None,
        "certificate_until": _moment(_certificate_end()),
    }


def _data() -> Path:
    return Path(settings.DATA)


def _disk() -> Sign:
    free = shutil.disk_usage(_data()).free
    low = free < LOW_B
    todo = (
        "いらないファイルを消すか、ディスクを大きくしてください。なくなると知らせを受け取れません。"
    )
    return Sign("ディスクの空き", not low, f"残り {free / 1e9:.1f} GB", todo if low else "")


def _backup() -> Sign:
    made = noted.last_backup(_data())
    title, todo = "バックアップ", "「madoguchi backup」を毎日実行するようにしてください。"
    if made is None:
        return Sign(title, False, "まだ取られていません", todo)
    at = datetime.fromisoformat(made.at)
    old = clock.now() - at > BACKUP_OLD
    return Sign(
        title, not old, f"最後は{jst(at)}（{made.size / 1e6:,.1f} MB）", todo if old else ""
    )


def _update() -> Sign:
    ended = noted.last_update(_data())
    if ended is None:
        return Sign("更新", True, "まだ一度も更新していません")
    said = "更新しました" if ended.done else "更新できず、元に戻しました"
    todo = "" if ended.done else "運用の担当者に、もう一度の更新を頼んでください。"
    return Sign("更新", ended.done, f"{jst(datetime.fromisoformat(ended.at))}に{said}", todo)


def _certificate() -> list[Sign]:
    """Known where the operator names the file (``MADOGUCHI_CERTIFICATE``)."""
    end = _certificate_end()
    if end is None:
        return []
    soon = end - clock.now() < CERTIFICATE_SOON
    todo = "証明書を取り直してください。切れると、住民もLINEもつながらなくなります。"
    return [Sign("HTTPSの証明書", not soon, f"{jst(end)}まで使えます", todo if soon else "")]


def _certificate_end() -> datetime | None:
    try:
        pem = Path(os.environ.get("MADOGUCHI_CERTIFICATE", "")).read_bytes()
        return x509.load_pem_x509_certificate(pem).not_valid_after_utc
    except (OSError, ValueError):
        return None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _database_version() -> str:
    return ".".join(str(part) for part in connection.get_database_version())


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        (size,) = cursor.fetchone()
    return int(size)
