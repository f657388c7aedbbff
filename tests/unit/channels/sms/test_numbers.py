"""Numbers as residents write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.sms.numbers import e164, masked


@pytest.mark.parametrize(
    "written",
    [
        "090-1234-5678",
        "09012345678",
        "090 1234 5678",
        "（090）1234-5678",
        "０９０ー１２３４ー５６７８",
        "090‐1234−5678",
        "+81 90-1234-5678",
        "+81 (0)90 1234 5678",
        "0081 90 1234 5678",
        "+819012345678",
    ],
)
def test_one_number_however_it_is_written(written: str) -> None:
    assert e164(written) == "+819012345678"


@pytest.mark.parametrize("start", ["060", "070", "080", "090"])
def test_mobile_numbers(start: str) -> None:
    assert e164(f"{start}-0000-0000") == f"+81{start[1:]}00000000"


@pytest.mark.parametrize(
    "other",
    [
        *("03-1234-5678", "042-481-7111", "0120-000-000", "119", "050-1234-5678", "020-1234-5678"),
        *(
            "090-1234-567",
            "090-1234-56789",
            "",
            "でんわ",
            "+81312345678",
            "9012345678",
            "٠٩٠١٢٣٤٥٦٧٨",
        ),
        "+819012345678\nBcc",
    ],
)
def test_what_gets_no_sms(other: str) -> None:
    assert e164(other) is None


def test_numbers_of_other_countries_need_their_plus() -> None:
    assert e164("+1 202 555 0100") == "+12025550100"
    assert e164("12025550100") is None


@given(st.from_regex(r"0[6789]0[0-9]{8}", fullmatch=True))
def test_normalising_twice_changes_nothing(number: str) -> None:
    once = e164(number)
    assert once is not None
    assert e164(once) == once
    assert masked(once).endswith(number[-4:])
    assert number[:7] not in masked(once)
