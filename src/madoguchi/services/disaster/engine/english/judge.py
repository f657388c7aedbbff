"""Categories and urgency from the words of an English text, with reasons for staff."""

import re

from madoguchi.services.disaster.data import Category, Reason, Urgency
from madoguchi.services.disaster.engine import cues as japanese
from madoguchi.services.disaster.engine.cues import Cue
from madoguchi.services.disaster.engine.english import cues
from madoguchi.services.disaster.engine.judge import Judgement

_ORDER = {category: rank for rank, category in enumerate(Category)}
_ASKS_IF = re.compile(r"(?:is|are) (?:the|it|there|this) .*\?$")
_WAITS = ("how long", "when will", "still no", "not yet")


def judge(plain: str) -> Judgement:
    """Judge a text (``tokens.plain``) on its words alone."""
    nothing = _why_nothing(plain)
    if nothing:
        return Judgement((Category.IRRELEVANT,), Urgency.NOTHING, False, _why("urgency", nothing))
    asks = bool(cues.QUESTION.search(plain))
    told = cues.DENIED.sub("", plain)
    found = [(cue, match.group()) for cue in cues.CUES if (match := cue.pattern.search(told))]
    if cues.ORDINARY.search(plain) and not any(cue.urgency >= 2 for cue, _ in found):
        category = Category.QUESTION if asks or "want" in plain else Category.IRRELEVANT
        why = _why("urgency", "通常の窓口への質問です。")
        return Judgement((category,), Urgency.NOTHING, False, why)
    if not found:
        return _without_cues(plain, asks)
    return _judged(plain, found, asks)


def suspicions(plain: str, *, calls_for_help: bool, open_post: bool) -> list[Reason]:
    """Why a text must not be acted on or published unchecked; empty when nothing speaks so."""
    if cues.CORRECTS.search(plain):
        return []
    found = []
    copied = bool(cues.COPIED.search(plain))
    if copied and (calls_for_help or open_post):
        found.append("転載や拡散を求める文章です。元の投稿者と場所の確認が必要です。")
    if cues.TOPICS.search(plain) and (cues.HEARSAY.search(plain) or copied):
        found.append("うわさになりやすい内容です。事実の確認が必要です。")
    elif cues.ASKS_IF_TRUE.search(plain):
        found.append("「本当ですか」とたずねる内容です。事実の確認が必要です。")
    elif copied and not found:
        found.append("転載や拡散を求める文章です。")
    elif cues.HEARSAY.search(plain) and "government" in plain:
        found.append("うわさになりやすい内容です。事実の確認が必要です。")
    return [Reason("doubtful", text) for text in found]


def danger(plain: str) -> Reason | None:
    """Why a text tells of danger to life now, or None; for the door of all services."""
    judged = judge(plain)
    if judged.urgency is not Urgency.LIFE:
        return None
    return next((r for r in judged.reasons if r.about != "urgency"), Reason("urgency", "命の危険"))


def _judged(plain: str, found: list[tuple[Cue, str]], asks: bool) -> Judgement:
    settles = bool(cues.SETTLED.search(plain)) and not cues.NOT_SETTLED.search(plain)
    urgency = max(cue.urgency for cue, _ in found)
    only_asks = asks and urgency < 3 and not any(word in plain for word in _WAITS)
    if settles or (asks and urgency < 3 and _asks_for_facts(plain, only_asks)):
        urgency = min(urgency, 1)
    if _ASKS_IF.match(plain) and all(cue.name != japanese.CRY.name for cue, _ in found):
        urgency = min(urgency, 1)
    reasons = [
        Reason(cue.category.value, f"「{words.strip()}」：{cue.name}（英語の文）")
        for cue, words in found
    ]
    if settles:
        reasons.append(Reason("urgency", "終わったこと、または復旧の知らせです。"))
    listed = _ranked(found)
    if asks and urgency <= 1 and not settles:
        listed = (*listed, Category.QUESTION)
    only = tuple(japanese.CRY if cue.name == japanese.CRY.name else cue for cue, _ in found)
    return Judgement(listed, Urgency(urgency), settles, tuple(reasons), only)


def _asks_for_facts(plain: str, only_asks: bool) -> bool:
    """A question about a shelter, a road, a supply; not a need told before the question mark."""
    return only_asks or plain.startswith(("when will", "how long"))


def _why_nothing(plain: str) -> str:
    if cues.DRILL.search(plain) and not cues.NOT_DRILL.search(plain):
        return "訓練・テストの文章です。"
    laughs = cues.LAUGHS.search(plain) and not cues.CRY.search(plain)
    if laughs or cues.METAPHOR.search(plain):
        return "たとえや雑談の言い回しです。"
    if cues.PAST.search(plain) and cues.PAST_TOLD.search(plain):
        return "過去の出来事の話です。"
    return ""


def _without_cues(plain: str, asks: bool) -> Judgement:
    why = _why("urgency", "災害や困りごとの英語の言葉が見つかりませんでした。")
    if cues.THANKS.search(plain) or not asks:
        return Judgement((Category.IRRELEVANT,), Urgency.NOTHING, False, why)
    return Judgement((Category.QUESTION,), Urgency.RECORD, False, why)


def _ranked(found: list[tuple[Cue, str]]) -> tuple[Category, ...]:
    """What is most urgent first, then in the order of the label guide; weak hints give way."""
    best: dict[Category, int] = {}
    for cue, _ in found:
        best[cue.category] = max(best.get(cue.category, 0), cue.urgency)
    top = max(best.values())
    told = [c for c, urgency in best.items() if urgency >= min(top, 2)]
    return tuple(sorted(told, key=lambda c: (-best[c], _ORDER[c])))


def _why(about: str, text: str) -> tuple[Reason, ...]:
    return (Reason(about, text),)
