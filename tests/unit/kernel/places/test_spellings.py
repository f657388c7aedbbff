"""Properties: every spelling of a row of the packs is that row."""

from dataclasses import dataclass
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.kernel.places import api
from madoguchi.kernel.places.engine.numbers import to_kanji

# Old names of areas that the packs keep at the point of the present one.
RENAMED = {"三崎町", "猿楽町", "坂町", "本塩町", "三栄町"}
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
# Another way to write a character, and the character.
SWAPS = [
    *(("ヶ", "ケ"), ("ケ", "ヶ"), ("が", "ヶ"), ("ヶ", "が"), ("の", "ノ"), ("ノ", "の")),
    *(("之", "ノ"), ("ツ", "ッ"), ("つ", "っ"), ("国", "國"), ("沢", "澤"), ("桜", "櫻")),
    *(("辺", "邊"), ("高", "髙"), ("竜", "龍")),
]


@dataclass(frozen=True)
class Row:
    """A row of a pack; ``name`` is the area without its 丁目, ``leaf`` that no 丁目 is below it."""

    code: str
    prefecture: str
    county: str
    town: str
    area: str
    name: str
    chome: int
    leaf: bool


def all_rows() -> list[Row]:
    found = []
    for codes in (None, ("28207",)):
        for town in api.gazetteer(codes).towns.values():
            divided = {block.oaza for block in town.blocks if block.chome}
            for block in town.blocks:
                if block.area in RENAMED:
                    continue
                end = to_kanji(block.chome) + "丁目" if block.chome else ""
                found.append(
                    Row(
                        town.code,
                        town.prefecture,
                        town.county,
                        town.name,
                        block.area,
                        block.area.removesuffix(end),
                        block.chome,
                        bool(block.chome) or block.oaza not in divided,
                    )
                )
    return found


ROWS = all_rows()
rows = st.sampled_from(ROWS)
leaves = st.sampled_from([r for r in ROWS if r.leaf])
hyphens = st.sampled_from("-‐‑–—−－ー")


def locate(row: Row, text: str) -> tuple[str, str, str, str]:
    match = api.locate(api.gazetteer_for(row.code), text)
    return match.municipality, match.town_area, match.number, match.rest


def expected(row: Row, number: str = "") -> tuple[str, str, str, str]:
    return row.town, row.area, number, ""


def test_the_packs_hold_what_is_tested_here() -> None:
    assert len(ROWS) > 6500
    assert len({row.code for row in ROWS}) >= 62


def test_every_row_is_found_as_it_is_written() -> None:
    missed = [
        row.town + row.area
        for row in ROWS
        if locate(row, row.prefecture + row.county + row.town + row.area) != expected(row)
    ]
    assert missed == []


def test_every_row_is_found_with_a_number_behind_it() -> None:
    missed = [
        row.town + row.area
        for row in ROWS
        if locate(row, row.town + row.area + "12番地3") != expected(row, "12-3")
    ]
    assert missed == []


@settings(max_examples=400, deadline=None)
@given(leaves, hyphens, st.integers(1, 99), st.integers(1, 99), st.booleans())
def test_numbers_with_any_hyphen(row: Row, hyphen: str, lot: int, house: int, wide: bool) -> None:
    numbers = [row.chome, lot, house] if row.chome else [lot, house]
    written = hyphen.join(str(n) for n in numbers)
    text = row.town + row.name + (written.translate(WIDE) if wide else written)
    assert locate(row, text) == expected(row, f"{lot}-{house}")


@settings(max_examples=400, deadline=None)
@given(leaves, st.integers(1, 99), st.integers(1, 99))
def test_numbers_in_kanji(row: Row, lot: int, house: int) -> None:
    numbers = [row.chome, lot, house] if row.chome else [lot, house]
    text = row.town + row.name + "の".join(to_kanji(n) for n in numbers)
    assert locate(row, text) == expected(row, f"{lot}-{house}")


@settings(max_examples=400, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_kana_and_old_forms(row: Row, random: Random) -> None:
    area = row.area
    for old, new in SWAPS:
        if random.random() < 0.5:
            area = area.replace(old, new)
    assert locate(row, row.prefecture + row.town + area) == expected(row)


@settings(max_examples=200, deadline=None)
@given(rows, st.sampled_from(["", " ", "　", "  "]))
def test_blanks_do_not_matter(row: Row, blank: str) -> None:
    text = blank.join((row.prefecture, row.county, row.town, row.area))
    assert locate(row, text) == expected(row)


@settings(max_examples=200, deadline=None)
@given(rows, st.text(alphabet="コーポ第二メゾンABC号（）", min_size=1, max_size=8))
def test_what_follows_the_number_is_left_over(row: Row, building: str) -> None:
    text = f"{row.town}{row.area}7番8号 {building}"
    match = api.locate(api.gazetteer_for(row.code), text)
    assert (match.town_area, match.number, match.rest) == (row.area, "7-8", building)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    match = api.locate(api.gazetteer(), text)
    assert (match.place.point is None) == (match.municipality == "")
    assert match.rest in text
