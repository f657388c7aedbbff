"""Template tags, as a page uses them."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from madoguchi.ui.words import Language, Words


def draw(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_telephone_links_dial_digits_only() -> None:
    assert draw('{% tel "042-481-7111" %}') == (
        '<a class="tel" href="tel:0424817111">042-481-7111</a>'
    )


def test_a_chip_never_speaks_by_colour_alone() -> None:
    html = draw('{% chip text "urgent" "命" %}', text="<緊急>")
    assert "&lt;緊急&gt;" in html
    assert '<span class="chip-mark" aria-hidden="true">命</span>' in html


def test_times_are_japanese() -> None:
    at = datetime(2026, 7, 2, 15, 5, tzinfo=UTC)
    assert draw("{{ at|jst }}", at=at) == "7月3日 00:05"
    assert draw("{{ at|jst }}", at=None) == ""


@pytest.mark.parametrize(("language", "text"), [("ja", "戻る"), ("en", "Back"), ("easy", "もどる")])
def test_words_follow_the_reader(language: str, text: str) -> None:
    assert draw('{% w "戻る" "もどる" "Back" %}', language=Language(language)) == text


@pytest.mark.parametrize("tag", ["w", "plain"])
def test_words_from_elsewhere_are_escaped_once(tag: str) -> None:
    shown = Words("<b>&")
    assert draw(f"{{% {tag} words %}}", words=shown) == "&lt;b&gt;&amp;"
    assert draw(f"{{% {tag} words as kept %}}{{{{ kept }}}}", words=shown) == "&lt;b&gt;&amp;"


class Contact(forms.Form):
    name = forms.CharField(label="お名前", help_text="ふだんのお名前")


def test_a_field_ties_label_hint_and_error_together() -> None:
    form = Contact({"name": ""})
    form.is_valid()
    html = draw("{% field form.name %}", form=form)
    assert '<label for="id_name">お名前' in html
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name-hint">ふだんのお名前' in html
    assert 'id="id_name-error"' in html


def test_the_error_summary_leads_to_the_field() -> None:
    form = Contact({"name": ""})
    form.is_valid()
    html = draw('{% include "ui/parts/errors.html" %}', form=form)
    assert '<a href="#id_name">お名前：' in html
    assert 'role="alert"' in html


def test_no_error_no_summary() -> None:
    assert draw('{% include "ui/parts/errors.html" %}', form=Contact()).strip() == ""


def test_the_pager_keeps_the_search() -> None:
    request = RequestFactory().get("/", {"q": "布田&", "page": "2"})
    shown = Paginator(range(50), 10).page(2)
    html = draw("{% pager shown %}", request=request, shown=shown)
    assert 'href="?q=%E5%B8%83%E7%94%B0%26&amp;page=3"' in html
    assert '<span aria-current="page">2</span>' in html


def test_steps_say_where_we_are() -> None:
    html = draw("{% steps names 2 %}", names=["入力", "確認", "完了"])
    assert html.count("aria-current") == 1
    assert 'class="step-now" aria-current="step"' in html
    assert "済み" in html


def test_what_was_said_is_escaped_in_paragraphs_and_keeps_its_number_whole() -> None:
    shown = draw("{{ text|said }}", text="受付番号は 2026-000012 です。\n\n<b>水</b>")
    assert shown == (
        '<p>受付番号は <span class="nowrap">2026-000012</span> です。</p>\n\n'
        "<p>&lt;b&gt;水&lt;/b&gt;</p>"
    )
