"""A recipe: how a town is set up, as a file that another town can take over.

A recipe holds only what the parts registered here put into it, so nothing travels by accident:
neither people, telephone numbers, secrets, messages nor the name or ids of the town. Reading one is
strict: what is not exactly of the form that a part declares is refused with the reason.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

FORMAT, VERSION = "madoguchi-recipe", 1
MAX_BYTES = 100_000
MAX_ITEMS, MAX_TEXT = 500, 60

_FORBIDDEN = re.compile(r"[<>\"'`\\/{}|\x00-\x1f\x7f]|\.\.|:")
_FORMULA = ("=", "+", "-", "@")


class RecipeRefused(Exception):
    """The file cannot be used; the message says why, in Japanese. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a recipe; ``title`` is for people.

    ``read`` gives the part of a town as JSON values. ``check`` returns a value of a file in that
    form, or raises ``RecipeRefused``. ``tell`` gives lines for people that say what a checked
    value would change in a town, none when it changes nothing. ``write`` puts a checked value into
    the current town, inside a transaction, and leaves what the file does not speak of.
    """

    name: str
    order: int
    title: str
    read: Callable[["Town"], Any]
    check: Callable[[Any], Any]
    tell: Callable[["Town", Any], list[str]]
    write: Callable[["Town", Any], None]


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Add a part; registering again replaces."""
    _parts[part.name] = part


def parts() -> list[Part]:
    """All parts in the order of the page."""
    return sorted(_parts.values(), key=lambda part: (part.order, part.name))


def export(town: "Town") -> bytes:
    """The recipe of a town: UTF-8, the same bytes for the same set-up."""
    value = {
        "format": FORMAT,
        "version": VERSION,
        "parts": {part.name: part.read(town) for part in parts()},
    }
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def parse(data: bytes) -> dict[str, Any]:
    """The checked parts of a file by name; raises ``RecipeRefused``."""
    if len(data) > MAX_BYTES:
        raise RecipeRefused(f"大きすぎます（{MAX_BYTES // 1000} KB まで）。")
    try:
        value = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise RecipeRefused(
            "JSONとして読めません。書き出したファイルを、そのまま選んでください。"
        ) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise RecipeRefused("窓口から書き出したレシピではありません。")
    if value.get("version") != VERSION or isinstance(value["version"], bool):
        raise RecipeRefused("レシピの版が違います。両方の町を、新しい版にしてください。")
    if extra := set(value) - {"format", "version", "parts"}:
        raise RecipeRefused(f"知らない項目があります（{_shown(extra)}）。")
    given = fields(value.get("parts"), "parts", optional=_parts)
    checked = {}
    for name, content in given.items():
        try:
            checked[name] = _parts[name].check(content)
        except RecipeRefused as refused:
            raise RecipeRefused(f"「{_parts[name].title}」：{refused}") from refused
    return checked


def fields(
    value: Any, what: str, *, required: Iterable[str] = (), optional: Iterable[str] = ()
) -> dict[str, Any]:
    """A JSON object with these keys and no others."""
    if not isinstance(value, dict):
        raise RecipeRefused(f"{what} の形が違います。")
    if missing := set(required) - set(value):
        raise RecipeRefused(f"項目が足りません（{_shown(missing)}）。")
    if extra := set(value) - set(required) - set(optional):
        raise RecipeRefused(f"知らない項目があります（{_shown(extra)}）。")
    return value


def texts(value: Any, what: str) -> list[str]:
    """A list of short plain texts, each once."""
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise RecipeRefused(f"{what}は、{MAX_ITEMS}個までの一覧です。")
    found = [text(item, what) for item in value]
    if len(set(found)) != len(found):
        raise RecipeRefused(f"{what}に、同じものが2つあります。")
    return found


def text(value: Any, what: str) -> str:
    """A short plain text: no markup, no path, no formula, nothing invisible, no telephone."""
    if not isinstance(value, str) or not value.strip() or value != value.strip():
        raise RecipeRefused(f"{what}は、空でない文字です。")
    if len(value) > MAX_TEXT:
        raise RecipeRefused(f"{what}は、{MAX_TEXT}文字までです。")
    plain = unicodedata.normalize("NFKC", value)
    hidden = any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") for c in value)
    if hidden or _FORBIDDEN.search(plain) or plain.startswith(_FORMULA):
        raise RecipeRefused(f"{what}に、使えない文字があります（{_shown([value])}）。")
    if looks_like_a_number(plain):
        raise RecipeRefused(f"{what}に、電話番号のようなものがあります。人の情報は入れられません。")
    return value


def looks_like_a_number(plain: str) -> bool:
    """Whether a text holds so many digits that it may be somebody's number."""
    return sum(character.isdigit() for character in plain) > 6


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _shown(names: Iterable[object]) -> str:
    """Names from a file that nobody trusts, short and printable."""
    listed = sorted(str(name) for name in names)
    printable = "、".join("".join(c for c in name if c.isprintable())[:20] for name in listed[:3])
    return printable or "名前なし"
