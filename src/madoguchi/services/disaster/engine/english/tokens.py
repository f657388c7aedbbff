"""English words of a message, without what differs from message to message for no reason."""

import re
import unicodedata
from functools import lru_cache

URL, USER, NUMBER = "<url>", "<user>", "<number>"

_URL = re.compile(r"(?:https?://|www\.)\S+")
_USER = re.compile(r"(?<!\w)@\w+")
_NUMBER = re.compile(r"\d[\d,.:]*")
_NOT = re.compile(r"n't\b|(?<=\bcan)not\b|(?<=\bcan)t\b|(?<=\bdon)t\b")
_WORD = re.compile(r"<(?:url|user|number)>|[^\W\d_]+|[!?]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """Lower case, single spaces, one apostrophe, "can't" as "can not"; for the rules."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).lower()
    parted = _NOT.sub(" not", folded)
    parted = re.sub(r"\b(ca|wo)(?= not\b)", lambda m: {"ca": "can", "wo": "will"}[m[1]], parted)
    return " ".join(parted.split())


def words(text: str) -> list[str]:
    """The words in their order; addresses, names of accounts and numbers as one word each."""
    marked = _URL.sub(f" {URL} ", plain(text))
    marked = _NUMBER.sub(f" {NUMBER} ", _USER.sub(f" {USER} ", marked))
    return _WORD.findall(marked)
