"""Bytes of mails to text, as Japanese phones and programs really send them. Pure."""

import re
from email.errors import HeaderParseError
from email.header import decode_header

_ESCAPE = re.compile(rb"\x1b(\$[@B]|\(I|\([BJ])")
_CODECS = {
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms932"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "eucjp"), "euc_jp"),
    **dict.fromkeys(("unicode-1-1-utf-7", "utf-7"), "utf_7"),
}
LONGEST_HEADER = 8000
_UNTOLD = {"", "us-ascii", "ascii", "unknown-8bit", "default", "binary", "_iso-2022-jp$esc"}


def decode(data: bytes, charset: str | None) -> str:
    """Text of ``data``. A charset that is wrong or unknown is guessed; nothing raises."""
    name = (charset or "").strip().strip("'\"").lower()
    if b"\x1b$" in data and not name.startswith(("utf-8", "utf8")):
        return _iso_2022_jp(data)
    if name not in _UNTOLD:
        try:
            return _clean(data.decode(_CODECS.get(name, name)))
        except (LookupError, UnicodeError, ValueError):
            pass
    return _guess(data)


def header_text(raw: str) -> str:
    """A header for people: encoded words decoded, one line, without control characters.

    ``raw`` is as the parser of bytes gives it: ASCII, with surrogates for bytes above it.
    """
    raw = re.sub(r"[\r\n]+[ \t]*", " ", raw[:LONGEST_HEADER])
    as_bytes = raw.encode("ascii", "surrogateescape") if _is_bytes(raw) else raw.encode()
    if not raw.isascii() or "\x1b" in raw:
        return one_line(_guess(as_bytes))
    try:
        parts = decode_header(raw)
    except (HeaderParseError, ValueError):
        return one_line(raw)
    return one_line(
        "".join(part if isinstance(part, str) else decode(part, charset) for part, charset in parts)
    )


def one_line(text: str) -> str:
    """Text without control characters, in one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _is_bytes(raw: str) -> bool:
    return all(ord(c) < 128 or 0xDC80 <= ord(c) <= 0xDCFF for c in raw)


def _guess(data: bytes) -> str:
    if b"\x1b$" in data:
        return _iso_2022_jp(data)
    for codec in ("utf-8", "cp932", "euc_jp"):
        try:
            return _clean(data.decode(codec))
        except UnicodeError:
            continue
    readable = {codec: data.decode(codec, "replace") for codec in ("utf-8", "cp932")}
    return _clean(min(readable.values(), key=lambda text: text.count("\ufffd")))


def _iso_2022_jp(data: bytes) -> str:
    """ISO-2022-JP with what phones and Windows put into it: ①, ㈱, half-width kana.

    A pair of JIS X 0208 is moved to its place in Shift_JIS (JIS X 0208:1997, annex 1), where
    Windows' code page knows the extensions too.
    """
    out, shift, at = bytearray(), b"(B", 0
    for found in [*_ESCAPE.finditer(data), None]:
        run = data[at : found.start() if found else len(data)]
        if shift.startswith(b"$"):
            out += _to_shift_jis(run)
        elif shift == b"(I":
            out += bytes(b | 0x80 if 0x21 <= b <= 0x5F else b for b in run)
        else:
            out += run
        if found:
            shift, at = found[1], found.end()
    return _clean(bytes(out).decode("cp932", "replace"))


def _to_shift_jis(run: bytes) -> bytes:
    out, at = bytearray(), 0
    while at < len(run):
        first, second = run[at], run[at + 1] if at + 1 < len(run) else 0
        if not (0x21 <= first <= 0x7E and 0x21 <= second <= 0x7E):
            out.append(first)  # a line end inside, as broken programs leave it
            at += 1
            continue
        row = (first - 0x21) // 2 + (0x81 if first < 0x5F else 0xC1)
        odd = 0x1F if second < 0x60 else 0x20
        cell = second + (odd if first % 2 else 0x7E)
        out += bytes((row, cell))
        at += 2
    return bytes(out)


def _clean(text: str) -> str:
    """Without NUL, lone surrogates and the private signs that carriers once used for emoji."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c
        for c in text
        if (c in "\n\t" or ord(c) >= 0x20) and not ("\ud800" <= c <= "\uf8ff" or c == "\x7f")
    )
