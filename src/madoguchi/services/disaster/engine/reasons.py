"""Why a message was read so, for staff: the words that the rules know, else what was learned."""

from collections.abc import Iterator

from madoguchi.services.disaster.data import Reason
from madoguchi.services.disaster.engine import features, tokens
from madoguchi.services.disaster.engine.learned import Verdict
from madoguchi.services.disaster.engine.linear import Linear
from madoguchi.services.disaster.engine.seeing import Seen

LEARNED = "（学習による読み取り）"
"""Marks what no rule says."""


def of(seen: Seen, verdict: Verdict, model: Linear) -> tuple[Reason, ...]:
    """The reasons for the categories, the urgency and the doubt of a verdict."""
    return (
        *_of_categories(seen, verdict, model),
        *_of_urgency(seen, verdict, model),
        *_of_doubt(seen, verdict),
    )


def of_place(seen: Seen, *, right: bool) -> tuple[Reason, ...]:
    """The reasons for the place, and why it is not trusted."""
    if right:
        return seen.chosen.reasons
    doubt = f"出来事の場所ではないかもしれません{LEARNED}。"
    return (*seen.chosen.reasons, Reason("place", doubt))


def _of_categories(seen: Seen, verdict: Verdict, model: Linear) -> Iterator[Reason]:
    for category in verdict.categories:
        known = [r for r in seen.judged.reasons if r.about == category.value]
        if known:
            yield from known
        elif category not in seen.judged.categories:
            yield _by_words(category.value, category.value, seen, model)


def _of_urgency(seen: Seen, verdict: Verdict, model: Linear) -> Iterator[Reason]:
    known = [r for r in seen.judged.reasons if r.about == "urgency"]
    if verdict.urgency == seen.judged.urgency:
        yield from known
    elif verdict.urgency > seen.judged.urgency:
        yield _by_words("urgency", f"urgency {verdict.urgency.value}", seen, model)
    else:
        yield Reason("urgency", f"似た文章から、急ぎ度を下げました{LEARNED}。")


def _of_doubt(seen: Seen, verdict: Verdict) -> Iterator[Reason]:
    if seen.suspicions:
        yield from seen.suspicions
    elif verdict.doubtful:
        yield Reason("doubtful", f"確かめる必要のある知らせと書き方が似ています{LEARNED}。")


def _by_words(about: str, label: str, seen: Seen, model: Linear) -> Reason:
    words = model.telling(_readable(seen), label, features.READABLE)
    if not words:
        return Reason(about, f"文章全体の書き方から判断しました{LEARNED}。")
    told = "」「".join(word.replace(" ", "") for word in words)
    return Reason(about, f"「{told}」などの言葉から判断しました{LEARNED}。")


def _readable(seen: Seen) -> features.Features:
    """The words without particles."""
    return {
        family: [name for name in seen.features[family] if not name.endswith(tokens.GRAMMAR)]
        for family in features.READABLE
    }
