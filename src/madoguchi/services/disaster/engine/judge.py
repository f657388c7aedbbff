"""Categories and urgency from the words, with reasons."""

from dataclasses import dataclass, replace

from madoguchi.services.disaster.data import Category, Reason, Urgency
from madoguchi.services.disaster.engine import context, cues, doubt

_ORDER = {category: rank for rank, category in enumerate(Category)}
_IRRELEVANT = (Category.IRRELEVANT,)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the words tell, before the place is known. ``found``: every cue that it holds."""

    categories: tuple[Category, ...]
    urgency: Urgency
    settles: bool
    reasons: tuple[Reason, ...]
    found: tuple[cues.Cue, ...] = ()


def judge(plain: str) -> Judgement:
    """Judge a plain text (``text.plain``) on its words alone."""
    told = context.without_denials(plain)
    found = [(cue, match.group()) for cue in cues.CUES if (match := cue.pattern.search(told))]
    return replace(_judged(plain, found), found=tuple(cue for cue, _ in found))


def _judged(plain: str, found: list[tuple[cues.Cue, str]]) -> Judgement:
    nothing = _why_nothing(plain)
    if nothing is not None:
        return Judgement(_IRRELEVANT, Urgency.NOTHING, False, (Reason("urgency", nothing),))
    question = bool(cues.QUESTION.search(plain))
    if not found:
        return _without_cues(plain, question)
    settles = context.is_settled(plain)
    urgency = max(cue.urgency for cue, _ in found)
    if settles or (question and _only_asks(plain, found)):
        urgency = min(urgency, 1)
    ordinary = context.ORDINARY.search(plain)
    if ordinary and urgency <= 1 and question:
        categories: tuple[Category, ...] = (Category.QUESTION,)
        return Judgement(
            categories,
            Urgency.NOTHING,
            False,
            (Reason("urgency", "通常の窓口への質問です。"),),
        )
    reasons = [Reason(cue.category.value, f"「{words}」：{cue.name}") for cue, words in found]
    if settles:
        reasons.append(Reason("urgency", "終わったこと、または復旧の知らせです。"))
    listed = _ranked(found, question and not settles)
    return Judgement(listed, Urgency(urgency), settles, tuple(reasons))


def _why_nothing(plain: str) -> str | None:
    """Why nobody needs to act, or None."""
    if context.is_drill(plain):
        return "訓練・テストの文章です。"
    if context.METAPHOR.search(plain) and not _calls_for_help(plain):
        return "たとえや雑談の言い回しです。"
    if context.is_past(plain):
        return "過去の出来事の話です。"
    return None


def _calls_for_help(plain: str) -> bool:
    return any(cue.category is Category.RESCUE and cue.pattern.search(plain) for cue in cues.CUES)


def _without_cues(plain: str, question: bool) -> Judgement:
    if question and (context.ORDINARY.search(plain) or not context.THANKS.search(plain)):
        why = Reason("urgency", "災害の言葉のない質問です。")
        if context.ORDINARY.search(plain):
            return Judgement((Category.QUESTION,), Urgency.NOTHING, False, (why,))
        if doubt.is_rumour(plain):
            return Judgement((Category.QUESTION,), Urgency.RECORD, False, (why,))
    why = Reason("urgency", "災害や困りごとの言葉が見つかりませんでした。")
    return Judgement(_IRRELEVANT, Urgency.NOTHING, False, (why,))


def _only_asks(plain: str, found: list[tuple[cues.Cue, str]]) -> bool:
    """A question about a shelter, a road, a supply; not a need told as a question."""
    if any(cue.urgency == 3 for cue, _ in found):
        return False
    waits = (
        "いつまで",
        "いつ復旧",
        "いつ直",
        "いつ来",
        "いつつ",
        "まだですか",
        "どうすれば",
        "どうしたら",
    )
    return not any(word in plain for word in waits)


def _ranked(found: list[tuple[cues.Cue, str]], question: bool) -> tuple[Category, ...]:
    """The categories, what is most urgent first, then in the order of the label guide."""
    best: dict[Category, int] = {}
    for cue, _ in found:
        best[cue.category] = max(best.get(cue.category, 0), cue.urgency)
    listed = sorted(best, key=lambda category: (-best[category], _ORDER[category]))
    if question:
        listed.append(Category.QUESTION)
    return tuple(listed)
