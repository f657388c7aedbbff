"""Checks of the machine: database, disk, permissions, assets, settings, clock."""

import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns import current
from madoguchi.operation import house, ready, update_journal
from madoguchi.operation.finding import Finding, bad, warn, well
from madoguchi.web import noted

GB = 1_000_000_000
FULL_B, LOW_B = 0.5 * GB, 5 * GB
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier time than this version."""
LOCAL = {"127.0.0.1", "localhost", "[::1]"}


def database() -> list[Finding]:
    """It answers, and SQLite finds its file whole."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            return [well("データベース", f"PostgreSQL {cursor.fetchone()[0]} が答えました")]
        cursor.execute("PRAGMA quick_check(1)")
        answer = cursor.fetchone()[0]
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    if answer != "ok":
        return [
            bad(
                "データベース",
                "SQLite のファイルが壊れています",
                "窓口を止め、最新のバックアップを「madoguchi restore」で戻してください。",
            )
        ]
    if mode != "wal":
        return [
            bad(
                "データベース",
                f"書き込みの方式が {mode} です",
                "WAL が使えるディスクに移してください。",
            )
        ]
    return [well("データベース", "SQLite のファイルに傷はありません")]


def migrations() -> list[Finding]:
    """The tables have the form that the code expects."""
    missing = ready.missing_migrations()
    if missing:
        return [
            bad(
                "表の形",
                f"{len(missing)}個の変更がまだです",
                "窓口を止めて「madoguchi update」を実行してください。",
            )
        ]
    return [well("表の形", "プログラムと合っています")]


def update(data: Path) -> list[Finding]:
    """No update stopped on its way."""
    if update_journal.path(data).exists():
        return [bad("更新", "途中で止まっています", "「madoguchi update」で元に戻してください。")]
    ended = noted.last_update(data)
    if ended is None:
        return [well("更新", "途中のものはありません")]
    day = f"{clock.jst(datetime.fromisoformat(ended.at)):%Y年%m月%d日}"
    return [well("更新", f"{day}に{'更新しました' if ended.done else '更新を取りやめました'}")]


def disk(data: Path) -> list[Finding]:
    """There is room for what residents send."""
    free = shutil.disk_usage(data).free
    text = f"残り {free / GB:.1f} GB"
    todo = "いらないファイルを消すか、ディスクを大きくしてください。"
    if free < FULL_B:
        return [bad("ディスクの空き", text, todo + "なくなると知らせを受け取れません。")]
    if free < LOW_B:
        return [warn("ディスクの空き", text, todo)]
    return [well("ディスクの空き", text)]


def modes(data: Path) -> list[Finding]:
    """Nobody but the service reads what people wrote."""
    paths = [data, *(data / name for name in (house.SECRET, "madoguchi.sqlite3", "files"))]
    open_to_all = [
        path
        for path in paths
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_to_all:
        names = " ".join(f"'{path}'" for path in open_to_all)
        return [
            bad(
                "ファイルの権限",
                f"ほかの利用者が読めるものが{len(open_to_all)}個あります",
                f"「chmod go= {names}」を実行してください。",
            )
        ]
    return [well("ファイルの権限", "動かしている利用者だけが読めます")]


def assets() -> list[Finding]:
    """Styles and scripts of the pages are there."""
    if todo := ready.missing_assets():
        return [bad("画面の部品", "足りません", todo)]
    return [well("画面の部品", "そろっています")]


def hosts() -> list[Finding]:
    """A house that is open to the public speaks HTTPS."""
    public = sorted(set(settings.ALLOWED_HOSTS) - LOCAL)
    if not public:
        return [well("公開の設定", "この機械の中だけに開いています")]
    if "*" in public:
        return [
            bad(
                "公開の設定",
                "どのホスト名でも答えます",
                "MADOGUCHI_HOSTS に町のホスト名を並べてください。",
            )
        ]
    if not settings.HTTPS:
        return [
            bad(
                "公開の設定",
                f"{'、'.join(public)} が暗号化なしで開いています",
                "HTTPS の中継を前に置き、MADOGUCHI_HTTPS=1 を設定してください。",
            )
        ]
    return [well("公開の設定", f"{'、'.join(public)} にHTTPSで開いています")]


def clock_sanity() -> list[Finding]:
    """The clock does not stand before what is already written down."""
    now = clock.now()
    with current.everywhere("compare the clock with the newest rows"):
        newest = [
            Entry.objects.order_by("-at").values_list("at", flat=True).first(),
            Inbound.objects.order_by("-received_at").values_list("received_at", flat=True).first(),
        ]
    latest = max([BUILT, *(at for at in newest if at is not None)])
    shown, later = (f"{clock.jst(at):%Y年%m月%d日 %H:%M}" for at in (now, latest))
    if now < latest - timedelta(seconds=5):
        return [
            bad(
                "時計",
                f"{shown} ですが、それより後（{later}）の記録があります",
                "機械の時刻合わせ（NTP）を直してください。",
            )
        ]
    return [well("時計", f"{shown}（日本時間）")]
