"""``{% load ui %}``: words in three languages, icons, chips, telephone links, times, fields."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from madoguchi.kernel.clock import api as clock
from madoguchi.ui import lateness, services
from madoguchi.ui.menu import address
from madoguchi.ui.templatetags import wording
from madoguchi.ui.words import Language

register = template.Library()


register.tag("w", wording.parse)
register.tag("plain", wording.parse)


@register.simple_tag
@cache
def asset(path: str) -> str:
    """The address of a static file; asked for once in the life of the process."""
    return static(path)


@register.simple_tag
@cache
def link(url_name: str) -> str:
    """The address of a page without parameters; asked for once in the life of the process."""
    return address(url_name)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A symbol of ui/icons.svg, hidden from screen readers: the text beside it says the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("ui/icons.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=256)
def tel(number: str, label: str = "") -> SafeString:
    """A telephone number to tap; the digits alone make the link."""
    digits = re.sub(r"[^0-9+#*]", "", number)
    return format_html('<a class="tel" href="tel:{}">{}</a>', digits, label or number)


@register.simple_tag
def chip(text: str, tone: str = "normal", mark: str = "") -> SafeString:
    """A status chip. ``mark`` is a letter or sign, so that colour is never alone."""
    return format_html(
        '<span class="chip chip-{}">{}{}</span>',
        tone,
        format_html('<span class="chip-mark" aria-hidden="true">{}</span>', mark) if mark else "",
        text,
    )


@register.filter
def said(text: str) -> SafeString:
    """What somebody said, as paragraphs; a reception number is never torn over two lines."""
    return mark_safe(_NUMBER.sub(r'<span class="nowrap">\g<0></span>', linebreaks(escape(text))))  # noqa: S308  (the text is escaped here)


_NUMBER = re.compile(r"\b\d{4}-\d{6}\b")


@register.filter
def jst(value: datetime | None) -> str:
    """A moment for people: ``7月3日 14:05``; "" for none."""
    if value is None:
        return ""
    local = clock.jst(value)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


@register.filter
def channel_name(kind: str) -> str:
    """A channel as staff calls it; one that is no service of the town by its own name."""
    try:
        return services.get(kind).title.ja
    except KeyError:
        return {"web": "ウェブ", "phone": "電話・窓口"}.get(kind, kind)


@register.simple_tag
def late(row: Any) -> str:
    """What to know of the time at which a message of the inbox was written; mostly ""."""
    return lateness.note(row.sent_at, row.received_at, waited=row.channel == "web")


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """A form field with label, hint and error, tied together for screen readers."""
    hint = hint or str(bound.help_text)
    described = [f"{bound.auto_id}-hint"] if hint else []
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
    attributes: dict[str, Any] = {"class": "input"}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {"field": bound, "hint": hint, "widget": bound.as_widget(attrs=attributes)}


@register.inclusion_tag("ui/parts/steps.html", takes_context=True)
def steps(context: template.Context, names: Iterable[str], current: int) -> dict[str, Any]:
    """A step indicator; ``current`` counts from 1."""
    return {
        "language": context.get("language", Language.JA),
        "steps": [
            {"name": name, "number": number, "done": number < current, "now": number == current}
            for number, name in enumerate(names, start=1)
        ],
    }


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: template.Context, shown: Page[Any]) -> dict[str, Any]:
    """Links to the pages of a list that keep the other parameters of the query."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return {
        "language": context.get("language", Language.JA),
        "shown": shown,
        "query": query.urlencode(),
        "numbers": shown.paginator.get_elided_page_range(shown.number, on_each_side=1, on_ends=1),
    }
