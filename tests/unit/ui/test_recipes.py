"""Reading a recipe that nobody trusts."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.ui import recipes
from madoguchi.ui.recipes import Part, RecipeRefused


@pytest.fixture(autouse=True)
def one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part(
        "names",
        1,
        "名前",
        lambda town: ["道路管理課"],
        lambda value: recipes.texts(value, "名前"),
        lambda town, value: [],
        lambda town, value: None,
    )
    monkeypatch.setattr(recipes, "_parts", {"names": part})


def made(**changes: Any) -> bytes:
    value = {"format": recipes.FORMAT, "version": 1, "parts": {"names": ["道路管理課"]}} | changes
    return json.dumps(value).encode()


def test_a_recipe_comes_back_as_it_went_out() -> None:
    assert recipes.parse(recipes.export(object())) == {"names": ["道路管理課"]}  # type: ignore[arg-type]


HOSTILE = {
    "nothing": b"",
    "not JSON": b"{",
    "not text": b"\xff\xfe\x00",
    "huge": b" " * (recipes.MAX_BYTES + 1),
    "deep": b"[" * 50_000,
    "a list": b"[]",
    "NaN": made().replace(b'"version": 1', b'"version": NaN'),
    "endless number": made().replace(b'"version": 1', b'"version": ' + b"9" * 5000),
    "a key twice": b'{"format": "madoguchi-recipe", "format": "madoguchi-recipe", "version": 1}',
    "another format": made(format="other"),
    "a later version": made(version=2),
    "true for one": made(version=True),
    "an unknown key": made(town="13208"),
    "no parts": made(parts=None),
    "an unknown part": made(parts={"people": []}),
    "a wrong type": made(parts={"names": "道路管理課"}),
    "a wrong type within": made(parts={"names": [1]}),
    "an object within": made(parts={"names": [{"a": 1}]}),
    "too many": made(parts={"names": [f"課{i:03}" for i in range(501)]}),
    "too long": made(parts={"names": ["課" * 61]}),
    "twice the same": made(parts={"names": ["課", "課"]}),
    "empty": made(parts={"names": [""]}),
    "HTML": made(parts={"names": ["<b>課</b>"]}),
    "wide HTML": made(parts={"names": ["＜script＞"]}),
    "a path": made(parts={"names": ["../secret.key"]}),
    "a path of Windows": made(parts={"names": ["C:\\課"]}),
    "a formula": made(parts={"names": ["=HYPERLINK(1)"]}),
    "another formula": made(parts={"names": ["@SUM(1)"]}),
    "a wide formula": made(parts={"names": ["＝1"]}),
    "a template": made(parts={"names": ["{{ settings }}"]}),
    "NUL": made(parts={"names": ["課\x00"]}),
    "turned writing": made(parts={"names": ["課\u202e"]}),
    "half a pair": made(parts={"names": ["課\udcf0"]}),
    "a telephone": made(parts={"names": ["山田 042-000-0000"]}),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_exactly_a_recipe_is_refused_with_the_reason(data: bytes) -> None:
    with pytest.raises(RecipeRefused) as refused:
        recipes.parse(data)
    said = str(refused.value)
    assert any("ぁ" <= letter <= "ん" for letter in said)
    assert len(said) < 200
    assert said.isprintable()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(["format", "version", "parts", "names"]), JSON) | JSON)
def test_whatever_it_is_it_is_read_or_refused(value: Any) -> None:
    try:
        found = recipes.parse(json.dumps(value).encode())
    except RecipeRefused:
        return
    assert set(found) <= {"names"}


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(RecipeRefused):
        recipes.parse(data)
