import pytest

from madoguchi.kernel.places.engine.fold import fold, key
from madoguchi.kernel.places.engine.numbers import from_kanji, number_at, to_kanji


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("霞ヶ関", "霞が関"),
        ("霞ケ関", "霞ガ関"),
        ("ｶﾞｽ", "ガス"),
        ("か\u3099", "が"),
        ("鵜の木", "鵜ノ木"),
        ("二之江", "二ノ江"),
        ("四ツ谷", "四つ谷"),
        ("四っ谷", "四ッ谷"),
        ("國領町", "国領町"),
        ("梅澤", "梅沢"),
        ("髙島平", "高島平"),
        ("田邊", "田辺"),
        ("１２－３", "12-3"),
        ("12‐3", "12ー3"),
        ("府中市　是政", "府中市是政"),
        ("巿川", "市川"),
    ],
)
def test_spellings_of_one_name_fold_to_the_same(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_different_names_stay_different() -> None:
    assert key("上石原") != key("下石原")
    assert key("大丸") != key("犬丸")


def test_a_blank_between_numbers_keeps_them_apart() -> None:
    assert key("1-2 305号室") == "1-2 305号室"


def test_offsets_point_into_the_source() -> None:
    source = "ｶﾞ ｽが 国領町"
    folded = fold(source)
    at = folded.text.index("国領町")
    assert source[folded.start(at) : folded.end(at + 3)] == "国領町"
    assert source[folded.start(0) : folded.end(1)] == "ｶﾞ"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十二", 12),
        ("一二〇", 120),
        ("百二十", 120),
        ("千二百三十四", 1234),
        ("二十", 20),
        ("一一二", 112),
    ],
)
def test_kanji_numbers(text: str, value: int) -> None:
    assert from_kanji(text) == value


@pytest.mark.parametrize("text", ["十百", "二三十", ""])
def test_what_is_no_kanji_number(text: str) -> None:
    assert from_kanji(text) is None


def test_numbers_are_written_as_town_blocks_write_them() -> None:
    assert [to_kanji(n) for n in (1, 9, 10, 11, 20, 32, 100, 115)] == [
        *("一", "九", "十", "十一", "二十", "三十二", "百", "百十五")
    ]
    with pytest.raises(ValueError, match="expected"):
        to_kanji(0)


def test_a_numeral_that_begins_a_word_is_no_number() -> None:
    assert number_at("三越前", 0) is None
    assert number_at("三丁目", 0) == (3, 1)
    assert number_at("0123456789", 0) is None
