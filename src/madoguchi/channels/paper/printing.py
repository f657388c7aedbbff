"""What each print says: lists, letters, posters and leaflets of the current town, as PDFs."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import segno

from madoguchi.channels.paper import typesetting
from madoguchi.channels.paper.data import Listing
from madoguchi.channels.paper.models import Letter
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns.middleware import TownRequest
from madoguchi.kernel.towns.models import Town


@dataclass(frozen=True, slots=True)
class Where:
    """Where the town is found online: ``web`` ends with a slash; ``line``: is it on LINE."""

    web: str
    line: bool


def where(request: TownRequest) -> Where:
    """The town's own address if it has said it, else the one that staff is using."""
    settings = request.town.settings
    web = str(settings.get("web_address") or request.build_absolute_uri("/"))
    return Where(web.rstrip("/") + "/", bool(settings.get("line_id")))


def listing(made: Listing) -> bytes:
    """A list."""
    rows = [
        {"name": group.name, "rows": [list(row) for row in group.rows]} for group in made.groups
    ]
    columns = [{"name": column.name, "mm": column.mm} for column in made.columns]
    data = {"note": made.note, "columns": columns, "groups": rows, "landscape": made.landscape}
    return typesetting.pdf("list", _base(made.title) | data)


def letters(rows: Iterable[Letter]) -> bytes:
    """Letters to residents, each on its own page; the 訓練 of any of them is said on all."""
    found = list(rows)
    town = towns.here()
    base = _base(f"{town.name}からのお知らせ")
    base["drill"] = base["drill"] or any(letter.drill for letter in found)
    return typesetting.pdf(
        "letter", base | {"letters": [_letter(row) for row in found], "phones": _phones(town)}
    )


def poster(where: Where, *, paper: str, source: str) -> bytes:
    """A poster, "a4" or "a3", whose codes carry ``source``: it is known what brings people."""
    town = towns.here()
    codes = []
    if where.line:
        codes.append(
            _code(f"{where.web}line/?from={source}", "LINEで", "読み取って、友だち追加を押す")
        )
    codes.append(_code(f"{where.web}?from={source}", "ホームページで", "読み取って開く。登録なし"))
    data = {
        "paper": paper,
        "headline": "困ったら、ここへ",
        "lead": "災害や町の困りごとを、文字と写真で知らせてください",
        "codes": codes,
        "phones": _phones(town),
        "lines": [
            "登録はいりません。24時間、いつでも送れます。",
            "やさしい日本語と英語（English）でも使えます。",
            "命の危険があるときは、先に119か110へ電話してください。",
            "町が、お金や暗証番号をお聞きすることはありません。",
        ],
    }
    return typesetting.pdf("poster", _base(f"{town.name} 困ったら、ここへ") | data)


def leaflet(where: Where, *, source: str = "leaflet") -> bytes:
    """転入者へ: what somebody who has just moved in needs."""
    town = towns.here()
    line = _code(f"{where.web}line/?from={source}", "", "") if where.line else None
    parts = [
        _part(
            "LINEで町とつながる",
            line,
            "右のQRコードを読み取ります。",
            "町の名前を確かめて「追加」を押します。",
            "困ったら、何が起きているかと場所を送ります。職員がお返事します。",
        )
        if line
        else None,
        _part(
            "ホームページを開く",
            _code(f"{where.web}?from={source}", "", ""),
            "右のQRコードを読み取ります。登録はいりません。",
            "右上で、やさしい日本語と英語に変えられます。",
            "「避難所・避難場所をさがす」で、家から近い避難所を見ておきます。",
        ),
        _part(
            "電話や窓口でも",
            None,
            "スマートフォンを使わない方は、電話か窓口でお知らせください。扱いは同じです。",
            "使い方がわからないときは、使い方の相談へお電話ください。",
            "ご家族が代わりに使うこともできます（ご本人の同意がいります）。",
        ),
        _part(
            "命の危険があるとき",
            None,
            "火事・救急は119、警察は110に、先に電話してください。",
            "家族の無事は、災害用伝言ダイヤル171で確かめられます。",
        ),
    ]
    data = {
        "headline": f"ようこそ{town.name}へ",
        "lead": "転入された方へ。災害や困りごとのときに使う、町との連絡の取り方です。",
        "parts": [part for part in parts if part],
        "phones": _phones(town),
    }
    return typesetting.pdf("leaflet", _base(f"{town.name} 転入された方へ") | data)


def steps(title: str, lead: str, parts: Iterable[dict[str, Any]]) -> bytes:
    """Steps to follow, part by part (each with ``title``, ``lines``, and ``code`` or None)."""
    data = {"headline": title, "lead": lead, "parts": list(parts), "phones": _phones(towns.here())}
    return typesetting.pdf("leaflet", _base(title) | data)


def picture_of(address: str) -> str:
    """An address as a QR code, in SVG."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


def code(address: str) -> dict[str, str]:
    """A code for a part of ``steps``."""
    return _code(address, "", "")


def _code(address: str, title: str, how: str) -> dict[str, str]:
    return {
        "svg": picture_of(address),
        "address": address.partition("?")[0],
        "alt": f"QRコード：{address}",
        "title": title,
        "how": how,
    }


def _part(title: str, code: dict[str, str] | None, *lines: str) -> dict[str, Any]:
    return {"title": title, "code": code, "lines": list(lines)}


def _letter(row: Letter) -> dict[str, Any]:
    local = clock.jst(row.queued_at)
    addressee = row.contact.addressee
    return {
        "date": f"{local.year}年{local.month}月{local.day}日",
        "reference": row.reference,
        "name": addressee.name,
        "address": addressee.address.splitlines(),
        "title": "お知らせ（訓練）" if row.drill else "お知らせ",
        "text": row.text.splitlines(),
    }


def _phones(town: Town) -> list[dict[str, str]]:
    known = [
        ("使い方の相談", str(town.settings.get("help_phone") or "")),
        (f"{town.name}（代表）", town.contact_phone),
        ("火事・救急", "119"),
        ("警察", "110"),
        ("災害用伝言ダイヤル", "171"),
    ]
    return [{"name": name, "number": number} for name, number in known if number]


def _base(title: str) -> dict[str, Any]:
    """What every print carries: the town, its telephone, when it was printed, and 訓練."""
    town = towns.here()
    now = clock.jst(clock.now())
    return {
        "title": title,
        "town": town.name,
        "drill": bool(town.settings.get("drill")),
        "foot": f"電話 {town.contact_phone}" if town.contact_phone else "",
        "printed": f"{now.year}年{now.month}月{now.day}日 {now:%H:%M} 印刷",
    }
