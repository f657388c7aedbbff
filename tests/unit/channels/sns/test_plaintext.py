"""HTML to words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.sns.plaintext import of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>一行目<br>二行目<br />三行目</p>", "一行目\n二行目\n三行目"),
        ("<p>一つ</p><p>二つ</p>", "一つ\n\n二つ"),
        ("<p>A &amp; B &lt;C&gt; &#x1F6A8;</p>", "A & B <C> 🚨"),
        ("<p>前<script>alert(1)</script><style>p{}</style>後</p>", "前後"),
        ('<p><a href="https://a.example/">#<span>停電</span></a> です</p>', "#停電 です"),
        ("<ul><li>一</li><li>二</li></ul>", "一\n\n二"),
        ("  たくさん \t の   空白  ", "たくさん の 空白"),
        ("<p>閉じない <b>太字", "閉じない 太字"),
        ("", ""),
    ],
)
def test_words_stay_and_markup_goes(html: str, text: str) -> None:
    assert of_html(html) == text


@given(st.text())
def test_any_text_is_read(html: str) -> None:
    assert of_html(html) == of_html(html).strip()


@given(st.text(alphabet=st.characters(exclude_characters="<>&", exclude_categories=["Cc"])))
def test_words_without_markup_are_the_same_words(text: str) -> None:
    assert of_html(f"<p>{text}</p>").split() == text.split()
