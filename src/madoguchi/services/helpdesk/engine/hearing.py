"""Whether words ask for help with using the platform, and with what; rules with reasons.

Words that also tell of a trouble in town are heard only half: whoever reads troubles goes first.
"""

import re
import unicodedata
from dataclasses import dataclass

from madoguchi.services.helpdesk.data import Topic

_THING = (
    r"(?:スマホ|すまほ|スマートフォン|携帯|ケータイ|けいたい|タブレット|パソコン|LINE|ライン|アプリ|"
    r"ホームページ|サイト|ページ|画面|がめん|ボタン|写真|しゃしん|位置情報|登録|とうろく|"
    r"友だち追加|友達追加|操作|そうさ|設定|文字|入力|メッセージ)"
)
_WAY = (
    r"(?:使い方|使いかた|つかいかた|送り方|送りかた|おくりかた|やり方|やりかた|仕方|しかた|方法|"
    r"見方|見かた|みかた|始め方|はじめかた|登録のし?かた|押し方)"
)
_LOST = (
    r"(?:わから(?:ない|ず|なく|ん)|分から(?:ない|ず|なく|ん)|わかりません|分かりません|"
    r"わかりづら|わかりにく|教えて|おしえて|知りたい|難し|むずかし|苦手|にがて|できない|できません|"
    r"出来ない|出来ません|使えない|使えません|つかえない|つかえません|送れない|送れません|開けない|"
    r"開きません|困って|手伝って|てつだって|不安)"
)
_HELP = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_WAY}[^。\n]{{0,12}}{_LOST}",
        rf"{_WAY}[はを]?[?？。]?$",
        rf"{_THING}[^。\n]{{0,14}}{_LOST}",
        r"(?:字|文字)[がを]?[^。\n]{0,6}(?:小さ|読めな|読めません|大きく)",
        r"(?:英語|やさしい日本語|ほかの言葉|外国語)[^。\n]{0,6}(?:見たい|読みたい|にしたい|変え)",
        r"どこを(?:押|お)[せし]",
        r"(?:パスワード|暗証番号)[^。\n]{0,6}(?:忘れ|わから|分から)",
        r"ログイン(?:でき|が)",
        r"送信(?:でき(?:ない|ません)|の(?:しかた|仕方))",
        r"使い方の相談|つかいかたの\s*そうだん",
        r"\b(?:how (?:do|can|to)|i don'?t know how|i can'?t|cannot|unable to)\b[^.\n]{0,30}"
        r"\b(?:use|send|add|open|register|sign in|log in|change the language|photo|app|page|"
        r"line)\b",
        r"\b(?:help|trouble)\b[^.\n]{0,20}\b(?:using|use|with)\b[^.\n]{0,20}"
        r"\b(?:app|page|site|website|line|phone|this)\b",
    )
)
_CALL = re.compile(
    r"(?:電話|でんわ)(?:を)?[^。\n]{0,4}"
    r"(?:してほしい|して欲しい|して ?ください|ください|下さい|もらえ)"
    r"|折り返し|(?:please )?call me",
    re.I,
)
_TROUBLE = re.compile(
    r"停電|断水|冠水|浸水|床[上下]|火事|火災|燃え|煙|けが|怪我|血|倒れ|倒木|崩れ|崩落|土砂|地震|"
    r"台風|大雨|洪水|氾濫|津波|噴火|揺れ|避難し|動けな|動けま|閉じ込め|息|意識|救助|助けて|行方|"
    r"ガス|水が|陥没|事故|あふれ|溢れ|逃げ|にげ|通れな|通れま|折れ|割れ|つぶれ|潰れ|沈|流され|傾い|"
    r"孤立|出られな|苦し|たすけ|危な|あぶな|詰ま|漏れ|"
    r"flood|fire|injur|earthquake|power (?:cut|outage)|collapsed|trapped",
    re.I,
)
_TOPICS = (
    (Topic.FAMILY, re.compile(r"家族|代わり|かわりに|父の|母の|親の|family|parent", re.I)),
    (Topic.PHOTO, re.compile(r"写真|しゃしん|画像|位置情報|photo|picture|location", re.I)),
    (Topic.SHELTER, re.compile(r"避難所|避難場所|にげる|shelter", re.I)),
    (Topic.LANGUAGE, re.compile(r"英語|外国語|言葉を?変|ことば|language|english", re.I)),
    (Topic.SIZE, re.compile(r"(?:字|文字)[がを]?.{0,6}(?:小さ|大き|読め)|font|letters", re.I)),
    (Topic.SIGN_IN, re.compile(r"ログイン|サインイン|パスワード|暗証番号|sign in|log in", re.I)),
    (Topic.LINE, re.compile(r"LINE|ライン|友だち|友達", re.I)),
    (Topic.WEB, re.compile(r"ホームページ|サイト|ページ|画面|website|\bpage\b|\bsite\b", re.I)),
)
_PHONE = re.compile(r"(?<![0-9])0[0-9]{1,4}[-ー－‐ ()]?[0-9]{1,4}[-ー－‐ ()]?[0-9]{3,4}(?![0-9])")

WHOLE, HALF = 1.0, 0.8
REST = 6
"""So many letters around the wish to be called say nothing of their own (「お」「のですが」)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How surely the words ask for help (``WHOLE`` or ``HALF``), what for, and why (Japanese)."""

    score: float
    topic: Topic
    reason: str


def asks_for_help(text: str) -> Heard | None:
    """What is heard of a request for help in ``text``, or None."""
    words = plain(text)
    found = next((m for pattern in _HELP if (m := pattern.search(words))), None)
    if found is None:
        called = _CALL.search(words)
        if called is None:
            return None
        alone = len(words) - len(called.group()) <= REST and not tells_trouble(words)
        reason = f"「{called.group()}」：電話での相談の希望です"
        return Heard(WHOLE if alone else HALF, topic_of(words), reason)
    score = HALF if tells_trouble(words) else WHOLE
    return Heard(score, topic_of(words), f"「{found.group()[:30]}」：使い方の相談です")


def wants_call(text: str) -> bool:
    """Whether the words ask to be called."""
    return bool(_CALL.search(plain(text)))


def tells_trouble(text: str) -> bool:
    """Whether the words also tell of a trouble in town."""
    return bool(_TROUBLE.search(plain(text)))


def topic_of(text: str) -> Topic:
    """What the words are about."""
    words = plain(text)
    return next((topic for topic, pattern in _TOPICS if pattern.search(words)), Topic.OTHER)


def phone_in(text: str) -> str:
    """The first telephone number in ``text``, with its own marks; "" if there is none.

    Mobile and IP numbers (050 to 090) have 11 digits, all others 10.
    """
    for found in _PHONE.finditer(plain(text)):
        digits = re.sub(r"[^0-9]", "", found.group())
        if len(digits) == (11 if re.match("0[5-9]0", digits) else 10):
            return found.group().strip()
    return ""


def plain(text: str) -> str:
    """Width folded; the spaces that easy Japanese puts between its parts are left out."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"(?<=[^\x00-\x7f])[ \u3000]+|[ \u3000]+(?=[^\x00-\x7f])", "", folded).strip()
