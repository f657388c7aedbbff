"""In which language somebody writes, as far as a text can tell."""

import re

_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ㐀-鿿々]")
_LATIN_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|[A-Za-z]*\d\S*")
FEWEST_WORDS = 3


def language_told(text: str) -> str | None:
    """``en`` for three Latin words or more and no Japanese letter, ``ja`` for Japanese letters.

    None when the text does not tell: a number, a picture, "OK", a mail address.
    """
    if _JAPANESE.search(text):
        return "ja"
    words = _LATIN_WORD.findall(_ADDRESS.sub(" ", text))
    return "en" if len(words) >= FEWEST_WORDS else None
