"""Telephone numbers of mobile phones in E.164, as residents write them. Pure."""

import re
import unicodedata

_JAPANESE = re.compile(r"0(?:60|70|80|90)\d{8}")
_OTHER = re.compile(r"\+(?!81)[1-9]\d{6,14}")


def e164(text: str) -> str | None:
    """``090-1234-5678`` as ``+819012345678``; None for what cannot get an SMS.

    Mobile numbers of the numbering plan of MIC (060, 070, 080, 090 and eight digits), in full
    width, with hyphens, blanks or brackets, with +81 or 0081 before them; numbers of other
    countries only with their "+".
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"[\s().‐‑‒–—―ー−-]", "", plain)
    if plain.startswith(("+81", "0081")):
        plain = "0" + plain.removeprefix("+81").removeprefix("0081").removeprefix("0")
    if not plain.isascii():
        return None
    if _JAPANESE.fullmatch(plain):
        return f"+81{plain[1:]}"
    return plain if _OTHER.fullmatch(plain) else None


def masked(number: str) -> str:
    """A number for staff's eyes in a list: the last four digits."""
    return f"…{number[-4:]}"
