"""What the sender wrote now, without the quoted original and the signature. Pure."""

import re
from itertools import takewhile

_INTRO = re.compile(
    r"^(?:>?\s*On .{6,200}wrote:"
    r"|.{0,80}<[^>\n]+@[^>\n]+>\s*(?:wrote|のメール|さんは書きました)?\s*[:：]"
    r"|\d{4}[年/-]\d{1,2}[月/-]\d{1,2}.{0,120}(?:のメール|wrote|書きました|@\S+>)\s*[:：]?)\s*$"
)
_ORIGINAL = re.compile(
    r"^\s*(?:-{2,}\s*(?:Original Message|元のメッセージ|Forwarded message|返信元).*"
    r"|_{10,}|[-=]{2,}\s*(?:Original|元の).*)\s*$",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"^\s*(?:From|差出人|送信者)\s*[:：]")
_BLOCK_NEXT = re.compile(
    r"^\s*(?:Sent|Date|To|Subject|送信日時|送信日|日時|日付|宛先|件名)\s*[:：]"
)
_QUOTED = re.compile(r"^\s*[>＞|｜]")
_FROM_PHONE = re.compile(
    r"^\s*(?:(?:私の)?(?:iPhone|iPad|スマートフォン|Android|携帯|docomo|au|Y!mobile).{0,20}から送信.*"
    r"|Sent from (?:my|Yahoo|Outlook|Mail).*|Yahoo!メール.*から送信.*|Get Outlook for.*"
    r"|(?:iOS|Android) 版 ?Outlook.*)\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*([-=*_━─〜~＊＝☆★◆◇・+])\1{5,}\s*$")
_SIGNED = re.compile(r"[\w.+-]+@[\w-]+\.\w")
MOST_SIGNATURE_LINES = 10
LONGEST_MARK = 400
"""No line that a program writes is longer; on long ones some of the patterns would take minutes."""


def own_words(text: str, *, forwarded: bool = False) -> str:
    """The words to read; all of ``text`` where nothing else would be left.

    ``forwarded``: what was passed on is what the sender wants to say.
    """
    lines = text.split("\n")
    if not forwarded:
        lines = _without_original(lines)
    lines = _without_signature(lines)
    said = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return said or text.strip()


def _without_original(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _ORIGINAL.match(line) and _quotes_follow(lines, number):
            break
        if _BLOCK.match(line) and any(_BLOCK_NEXT.match(x) for x in lines[number + 1 : number + 3]):
            break
        if _QUOTED.match(line):
            continue
        if _introduces(lines, number):
            if not any(_QUOTED.match(x) for x in lines[number + 1 : number + 5]):
                break  # the original stands below without marks
            continue
        kept.append(line)
    return kept


def _quotes_follow(lines: list[str], number: int) -> bool:
    """A rule of underscores alone may be decoration; Outlook's stands before a block."""
    if "_" not in lines[number]:
        return True
    return any(_BLOCK.match(line) for line in lines[number + 1 : number + 4])


def _introduces(lines: list[str], number: int) -> bool:
    """「2026年7月1日 12:00 調布市 <…>:」, also where the program broke it into two lines."""
    line = lines[number].strip()
    if len(line) > LONGEST_MARK:
        return False
    both = line + lines[number + 1].strip()[:LONGEST_MARK] if number + 1 < len(lines) else line
    if _INTRO.match(line):
        return True
    starts = re.match(r"On .{6,}|\d{4}[年/-]\d{1,2}[月/-]\d{1,2}", line)
    return bool(starts and "@" in both and len(line) > 8 and _INTRO.match(both))


def _without_signature(lines: list[str]) -> list[str]:
    lines = list(takewhile(lambda line: line not in ("-- ", "--"), lines))
    lines = [line for line in lines if not _FROM_PHONE.match(line)]
    for number in range(max(0, len(lines) - 3 * MOST_SIGNATURE_LINES), len(lines)):
        line, below = lines[number], [x for x in lines[number + 1 :] if x.strip()]
        if (
            _RULE.match(line)
            and len(below) <= MOST_SIGNATURE_LINES
            and any(_SIGNED.search(x[:LONGEST_MARK]) for x in below)
            and any(x.strip() for x in lines[:number])
        ):
            return lines[:number]
    return lines
